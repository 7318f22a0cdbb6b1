#include "file_writer.h"
#include <assert.h>
#include <string.h>

void file_clear(struct file_bytes *file)
{
    file->length = 0;
}

void file_add(struct file_bytes *file, const void *bytes, size_t length)
{
    assert(length <= sizeof file->bytes - file->length);
    memcpy(&file->bytes[file->length], bytes, length);
    file->length += length;
}

void file_set(struct file_bytes *file, size_t offset, uint32_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        file->bytes[offset + i] = (uint8_t)(number >> 8 * i);
    }
}

void file_add_number(struct file_bytes *file, uint32_t number, size_t bytes)
{
    assert(bytes <= sizeof file->bytes - file->length);
    file_set(file, file->length, number, bytes);
    file->length += bytes;
}

void file_fill(struct file_bytes *file, size_t length)
{
    while (file->length < length) {
        file_add_number(file, 0, 1);
    }
}
