#include "system/content.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum content_state read_all(struct content *content, int descriptor)
{
    size_t done = 0;
    while (done < content->length) {
        ssize_t count = read(descriptor, content->bytes + done, content->length - done);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return count == 0 ? CONTENT_CUT_OFF : CONTENT_UNREADABLE;
        }
        done += (size_t)count;
    }
    return CONTENT_OK;
}

static enum content_state read_open(struct content *content, int descriptor, size_t length_max)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        return CONTENT_UNREADABLE;
    }
    if ((uint64_t)status.st_size > length_max) {
        return CONTENT_TOO_LARGE;
    }
    content->length = (size_t)status.st_size;
    content->bytes = malloc(content->length + 1);
    if (content->bytes == NULL) {
        return CONTENT_UNREADABLE;
    }
    content->bytes[content->length] = '\0';
    return read_all(content, descriptor);
}

enum content_state content_read(struct content *content, const char *path, size_t length_max)
{
    *content = (struct content){0};
    /* Without O_NONBLOCK a pipe of that name would be waited for. */
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return errno == ENOENT || errno == ENOTDIR ? CONTENT_MISSING : CONTENT_UNREADABLE;
    }
    enum content_state state = read_open(content, descriptor, length_max);
    close(descriptor);
    return state;
}

void content_free(struct content *content)
{
    if (content->bytes != NULL) {
        sodium_memzero(content->bytes, content->length);
        free(content->bytes);
    }
    *content = (struct content){0};
}
