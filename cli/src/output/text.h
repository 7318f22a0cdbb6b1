/*
 * Small helpers for text: numbers in, figures for people out, and nothing unprintable to a terminal.
 */
#ifndef RELOCK_CLI_TEXT_H
#define RELOCK_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Copies `from`, cut to `room` with its NUL; what is not printable ASCII becomes '?'. */
void text_clean(char *to, size_t room, const char *from);

/* How many bytes the UTF-8 character at `text` has, 1 to 4; 0 if there is none: end of text, a byte that is not UTF-8,
 * an overlong form, a surrogate, a control character beyond ASCII. */
size_t text_utf8_bytes(const char *text);

/* A whole number, decimal or 0x…, that fits; a K or M behind it multiplies by 1024 or 1024². False: not one. */
bool text_to_number(const char *text, uint32_t *value);

/* "64 KiB", "1 MiB", "100 bytes"; exact, never rounded. */
void text_bytes(char *to, size_t room, uint64_t bytes);

/* "3 s", "1 min 20 s": rounded up to seconds. */
void text_duration(char *to, size_t room, uint32_t duration_ms);

/* Prints `text` broken at blanks so that no line is longer than `columns`. The first line begins at column `used`;
 * the following ones are indented by `indent`. Ends with a newline. */
void text_wrap(FILE *stream, const char *text, size_t used, size_t indent, size_t columns);

/* FNV-1a, 64 bits: names files and devices, protects nothing. */
uint64_t text_hash(const char *text);

/* Milliseconds of a clock that never goes back. */
uint64_t text_now_ms(void);

#endif
