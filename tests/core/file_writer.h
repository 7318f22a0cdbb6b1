/*
 * Writes binary files for tests, number by number, the lowest byte first.
 */
#ifndef RELOCK_TESTS_FILE_WRITER_H
#define RELOCK_TESTS_FILE_WRITER_H

#include <stddef.h>
#include <stdint.h>

#define FILE_BYTES_MAX 32768U

struct file_bytes {
    size_t length;
    uint8_t bytes[FILE_BYTES_MAX];
};

void file_clear(struct file_bytes *file);
void file_add(struct file_bytes *file, const void *bytes, size_t length);
void file_add_number(struct file_bytes *file, uint32_t number, size_t bytes);

/* Replaces `bytes` bytes at `offset`. */
void file_set(struct file_bytes *file, size_t offset, uint32_t number, size_t bytes);

/* Zeros up to `length`. */
void file_fill(struct file_bytes *file, size_t length);

#endif
