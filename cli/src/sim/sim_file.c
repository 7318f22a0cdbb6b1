#include "sim/sim_file.h"
#include "output/text.h"
#include "sim/device.h"
#include "system/output_file.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static enum rlk_error map(struct sim_file *file)
{
    struct stat status;
    if (flock(file->descriptor, LOCK_EX | LOCK_NB) != 0) {
        return RLK_E_DEVICE_TAKEN;
    }
    if (fstat(file->descriptor, &status) != 0 || (size_t)status.st_size != sim_device_size()) {
        return RLK_E_NO_DEVICE;
    }
    void *bytes = mmap(NULL, sim_device_size(), PROT_READ | PROT_WRITE, MAP_SHARED, file->descriptor, 0);
    if (bytes == MAP_FAILED) {
        return RLK_E_NO_DEVICE;
    }
    file->device = bytes;
    return sim_device_is_sound(bytes, sim_device_size()) ? RLK_OK : RLK_E_NO_DEVICE;
}

enum rlk_error sim_file_open(struct sim_file *file, const char *path)
{
    *file = (struct sim_file){.descriptor = open(path, O_RDWR | O_CLOEXEC)};
    if (file->descriptor < 0) {
        return RLK_E_NO_DEVICE;
    }
    enum rlk_error error = map(file);
    if (error != RLK_OK) {
        sim_file_close(file);
    }
    return error;
}

void sim_file_close(struct sim_file *file)
{
    if (file->device != NULL) {
        munmap(file->device, sim_device_size());
        file->device = NULL;
    }
    if (file->descriptor >= 0) {
        close(file->descriptor);
        file->descriptor = -1;
    }
}

/* The descriptor of a regular file to read, or -1; what is no regular file is never opened, some wait for ever. */
static int open_regular(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

static bool is_sound(int descriptor)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0 || (size_t)status.st_size != sim_device_size()) {
        return false;
    }
    void *bytes = mmap(NULL, sim_device_size(), PROT_READ, MAP_SHARED, descriptor, 0);
    if (bytes == MAP_FAILED) {
        return false;
    }
    bool is_device = sim_device_is_sound(bytes, sim_device_size());
    munmap(bytes, sim_device_size());
    return is_device;
}

bool sim_file_may_be_one(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        return true;
    }
    int descriptor = open_regular(path);
    if (descriptor < 0) {
        return S_ISREG(status.st_mode);
    }
    /* One that another process is at work on may be caught in the middle of a change. */
    bool is_device = is_sound(descriptor) || flock(descriptor, LOCK_SH | LOCK_NB) != 0;
    close(descriptor);
    return is_device;
}

void sim_file_explain(const char *path)
{
    char shown[256];
    text_clean(shown, sizeof shown, path);
    fprintf(stderr,
            "relock: %s is not a simulated device, or of another version of relock; make it anew with relock "
            "sim make\n",
            shown);
}

bool sim_file_may_make(const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        return true;
    }
    uint32_t magic = 0;
    int descriptor = S_ISREG(status.st_mode) ? open_regular(path) : -1;
    bool is_read = descriptor >= 0 && read(descriptor, &magic, sizeof magic) == (ssize_t)sizeof magic;
    if (descriptor >= 0) {
        close(descriptor);
    }
    return is_read && magic == SIM_DEVICE_MAGIC;
}

/* Whoever holds it would go on with what is no longer there. */
static bool is_in_use(const char *path)
{
    int descriptor = open_regular(path);
    if (descriptor < 0) {
        return false;
    }
    bool is_held = flock(descriptor, LOCK_SH | LOCK_NB) != 0;
    close(descriptor);
    return is_held;
}

enum rlk_error sim_file_make(const char *path, const struct sim_device *device)
{
    struct output_file file;
    if (is_in_use(path)) {
        return RLK_E_DEVICE_TAKEN;
    }
    enum rlk_error error = output_file_begin(&file, path);
    if (error != RLK_OK) {
        return error;
    }
    /* A short write is known to the stream, and so to `keep`. */
    (void)fwrite(device, sim_device_size(), 1, file.stream);
    return output_file_keep(&file);
}
