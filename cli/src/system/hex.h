/*
 * Bytes as lower-case hexadecimal digits, and back.
 */
#ifndef RELOCK_CLI_HEX_H
#define RELOCK_CLI_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `to` has room for 2 * length + 1 characters. */
void hex_write(char *to, const uint8_t *bytes, size_t length);

/* Exactly 2 * length lower-case digits; false otherwise (NULL too). */
bool hex_read(uint8_t *bytes, size_t length, const char *text);

#endif
