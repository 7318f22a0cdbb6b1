#include "journal_store.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void journal_key_set(struct journal_key *key, const char *prefix, const char *name)
{
    size_t used = (size_t)snprintf(key->text, sizeof key->text, "%s-", prefix);
    for (; *name != '\0' && used + 1 < sizeof key->text; name++) {
        bool is_letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z');
        bool is_digit = *name >= '0' && *name <= '9';
        bool is_mark = *name == '-' || (*name == '.' && name[1] != '.');
        key->text[used++] = is_letter || is_digit || is_mark ? *name : '_';
    }
    key->text[used] = '\0';
}

static bool journal_folder(char *path, size_t room)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    int length = -1;
    if (state != NULL && state[0] == '/') {
        length = snprintf(path, room, "%s/relock", state);
    } else if (home != NULL && home[0] == '/') {
        length = snprintf(path, room, "%s/.local/state/relock", home);
    }
    return length > 0 && (size_t)length < room;
}

static bool path_of(const struct journal_key *key, const char *suffix, char *path, size_t room)
{
    char folder[PATH_MAX];
    if (!journal_folder(folder, sizeof folder)) {
        return false;
    }
    int length = snprintf(path, room, "%s/%s%s", folder, key->text, suffix);
    return length > 0 && (size_t)length < room;
}

static bool sync_folder(const char *folder)
{
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    bool is_synced = fsync(descriptor) == 0;
    close(descriptor);
    return is_synced;
}

/* Makes `path` if it is missing, readable by the user alone; then its name in `parent` is durable too. */
static bool make_folder(const char *path, const char *parent)
{
    if (mkdir(path, S_IRWXU) == 0) {
        return sync_folder(parent);
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

bool journal_path(const struct journal_key *key, char *path, size_t room)
{
    return path_of(key, ".journal", path, room);
}

enum rlk_error journal_save(const struct journal_key *key, const char *line, size_t line_bytes)
{
    if (key->text[0] == '\0') {
        return RLK_OK;
    }
    char folder[PATH_MAX];
    char path[PATH_MAX];
    char fresh[PATH_MAX];
    bool is_saved = journal_folder(folder, sizeof folder) && path_of(key, ".journal", path, sizeof path) &&
                    path_of(key, ".new", fresh, sizeof fresh) && make_folders(folder) &&
                    write_file(fresh, line, line_bytes) && rename(fresh, path) == 0 && sync_folder(folder);
    return is_saved ? RLK_OK : RLK_E_JOURNAL_FAILED;
}

enum rlk_error journal_load(const struct journal_key *key, struct rlk_journal_entry *entry)
{
    *entry = (struct rlk_journal_entry){0};
    char path[PATH_MAX];
    if (key->text[0] == '\0' || !path_of(key, ".journal", path, sizeof path)) {
        return RLK_OK;
    }
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return errno == ENOENT || errno == ENOTDIR ? RLK_OK : RLK_E_JOURNAL_MALFORMED;
    }
    char line[RLK_JOURNAL_LINE_BYTES + 1];
    size_t length = fread(line, 1, sizeof line, stream);
    fclose(stream);
    return rlk_journal_decode(entry, line, length);
}

enum rlk_error journal_forget(const struct journal_key *key)
{
    char path[PATH_MAX];
    char folder[PATH_MAX];
    if (key->text[0] == '\0' || !path_of(key, ".journal", path, sizeof path)) {
        return RLK_OK;
    }
    if (unlink(path) != 0) {
        return errno == ENOENT || errno == ENOTDIR ? RLK_OK : RLK_E_JOURNAL_FAILED;
    }
    return journal_folder(folder, sizeof folder) && sync_folder(folder) ? RLK_OK : RLK_E_JOURNAL_FAILED;
}

bool journal_is_begun(const struct rlk_journal_entry *entry)
{
    return entry->phase != RLK_JOURNAL_NONE && entry->phase != RLK_JOURNAL_PROVEN;
}

/* "serial-….journal" or "port-….journal" */
static bool is_real_device(const char *name, struct journal_key *key)
{
    static const char suffix[] = ".journal";
    size_t length = strlen(name);
    bool is_named_so = strncmp(name, "serial-", 7) == 0 || strncmp(name, "port-", 5) == 0;
    if (!is_named_so || length < sizeof suffix || length >= sizeof key->text ||
        strcmp(name + length - (sizeof suffix - 1), suffix) != 0) {
        return false;
    }
    snprintf(key->text, sizeof key->text, "%.*s", (int)(length - (sizeof suffix - 1)), name);
    return true;
}

bool journal_find_begun(struct journal_key *key, struct rlk_journal_entry *entry)
{
    char folder[PATH_MAX];
    DIR *directory = journal_folder(folder, sizeof folder) ? opendir(folder) : NULL;
    if (directory == NULL) {
        return false;
    }
    bool is_found = false;
    for (struct dirent *item = readdir(directory); item != NULL && !is_found; item = readdir(directory)) {
        is_found = is_real_device(item->d_name, key) && journal_load(key, entry) == RLK_OK && journal_is_begun(entry);
    }
    closedir(directory);
    return is_found;
}
