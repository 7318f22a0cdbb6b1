#include "system/output_file.h"
#include "system/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MAX = 100 };

static bool may_replace(const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        return errno == ENOENT;
    }
    return S_ISREG(status.st_mode);
}

/* A name that nobody has; what already has one is never opened, whoever put it there. */
static int open_fresh(struct output_file *file)
{
    for (int i = 0; i < NAMES_MAX; i++) {
        int length = snprintf(file->fresh, sizeof file->fresh, "%s.%ld-%d.part", file->path, (long)getpid(), i);
        if (length <= 0 || (size_t)length >= sizeof file->fresh) {
            return -1;
        }
        int descriptor = open(file->fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST) {
            return descriptor;
        }
    }
    return -1;
}

enum rlk_error output_file_begin(struct output_file *file, const char *path)
{
    file->path = path;
    file->stream = NULL;
    int descriptor = may_replace(path) ? open_fresh(file) : -1;
    if (descriptor < 0) {
        return RLK_E_FILE_NOT_WRITTEN;
    }
    file->stream = fdopen(descriptor, "wb");
    if (file->stream == NULL) {
        close(descriptor);
        unlink(file->fresh);
        return RLK_E_FILE_NOT_WRITTEN;
    }
    return RLK_OK;
}

enum rlk_error output_file_keep(struct output_file *file)
{
    bool is_stored = ferror(file->stream) == 0 && fflush(file->stream) == 0 && fsync(fileno(file->stream)) == 0;
    is_stored = fclose(file->stream) == 0 && is_stored;
    file->stream = NULL;
    /* The place is looked at again: it may have become something else meanwhile. */
    if (is_stored && may_replace(file->path) && rename(file->fresh, file->path) == 0) {
        return durable_sync_beside(file->path) ? RLK_OK : RLK_E_FILE_NOT_WRITTEN;
    }
    unlink(file->fresh);
    return RLK_E_FILE_NOT_WRITTEN;
}

void output_file_drop(struct output_file *file)
{
    if (file->stream != NULL) {
        fclose(file->stream);
        file->stream = NULL;
        unlink(file->fresh);
    }
}
