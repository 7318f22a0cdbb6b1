#include "system/durable.h"
#include "system/folder.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool durable_folder(char *path, size_t room)
{
    return folder_of_user(path, room, "XDG_STATE_HOME", ".local/state");
}

bool durable_sync(const char *folder)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    bool is_synced = fsync(descriptor) == 0;
    close(descriptor);
    return is_synced;
}

bool durable_sync_beside(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash == path ? 1 : slash != NULL ? (size_t)(slash - path) : 0;
    if (length >= sizeof folder) {
        return false;
    }
    snprintf(folder, sizeof folder, "%.*s", (int)length, path);
    return durable_sync(length > 0 ? folder : ".");
}

/* Makes `path` if it is missing, readable by the user alone; then its name in `parent` is durable too. */
static bool make_folder(const char *path, const char *parent)
{
    if (mkdir(path, S_IRWXU) == 0) {
        return durable_sync(parent);
    }
    return errno == EEXIST;
}

/* Each missing folder on the way to `path`, and itself. */
static bool make_folders(const char *path)
{
    char parent[PATH_MAX] = "/";
    char folder[PATH_MAX];
    size_t length = 0;
    while (path[length] != '\0') {
        length += 1 + strcspn(path + length + 1, "/");
        snprintf(folder, sizeof folder, "%.*s", (int)length, path);
        if (!make_folder(folder, parent)) {
            return false;
        }
        memcpy(parent, folder, sizeof parent);
    }
    return true;
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(descriptor, bytes, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static bool write_file(const char *path, const char *line, size_t line_bytes)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) {
        return false;
    }
    bool is_written =
        write_all(descriptor, line, line_bytes) && write_all(descriptor, "\n", 1) && fsync(descriptor) == 0;
    return close(descriptor) == 0 && is_written;
}

bool durable_write(const char *name, const char *line, size_t line_bytes)
{
    char folder[PATH_MAX];
    char path[PATH_MAX];
    char fresh[PATH_MAX + sizeof ".new"];
    if (!durable_folder(folder, sizeof folder) || !folder_join(path, sizeof path, folder, name)) {
        return false;
    }
    snprintf(fresh, sizeof fresh, "%s.new", path);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    return make_folders(folder) && write_file(fresh, line, line_bytes) && rename(fresh, path) == 0 &&
           durable_sync(folder);
}
