#include "sim_file.h"
#include <fcntl.h>
#include <limits.h>
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

static bool write_device(const char *path, const struct sim_device *device)
{
    FILE *stream = fopen(path, "wb");
    if (stream == NULL) {
        return false;
    }
    bool is_written =
        fwrite(device, sim_device_size(), 1, stream) == 1 && fflush(stream) == 0 && fsync(fileno(stream)) == 0;
    return fclose(stream) == 0 && is_written;
}

enum rlk_error sim_file_make(const char *path, const struct sim_device *device)
{
    char fresh[PATH_MAX];
    int length = snprintf(fresh, sizeof fresh, "%s.new", path);
    if (length <= 0 || (size_t)length >= sizeof fresh) {
        return RLK_E_FILE_NOT_WRITTEN;
    }
    if (!write_device(fresh, device) || rename(fresh, path) != 0) {
        unlink(fresh);
        return RLK_E_FILE_NOT_WRITTEN;
    }
    return RLK_OK;
}
