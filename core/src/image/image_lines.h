/*
 * What Intel HEX and S-records share: lines of hexadecimal digits. Private to the image loaders.
 */
#ifndef RELOCK_IMAGE_LINES_H
#define RELOCK_IMAGE_LINES_H

#include "image/image_walk.h"

/* A format of lines: its own names for failures, and how a record is read and taken. */
struct rlk_lines {
    enum rlk_error syntax, checksum, truncated, after_end;
    /* Reads one record from its first character on into reader->record, and checks its form and its checksum. */
    enum rlk_error (*read_record)(struct rlk_image_reader *reader);
    /* What the record says; `chunk` if it has data. */
    enum rlk_error (*take_record)(struct rlk_image_reader *reader, struct rlk_chunk *chunk);
};

/* In a text that is no firmware from its first line on: the walker of the first line that is a record, NULL if there is
 * none. What stands before it is no part of any format; but to call such a file a raw binary would tell nobody what is
 * wrong with it, and its loader names the line. */
const struct rlk_image_walker *rlk_lines_find(const struct rlk_image_walker *const *walkers, size_t count,
                                              const uint8_t *bytes, size_t length);

/* A walker's three functions. */
bool rlk_lines_look_like(const struct rlk_lines *lines, const uint8_t *bytes, size_t length);
enum rlk_error rlk_lines_begin(struct rlk_image_reader *reader);
enum rlk_error rlk_lines_next(const struct rlk_lines *lines, struct rlk_image_reader *reader, struct rlk_chunk *chunk);

/*
 * Reads bytes as two digits each into `bytes`: the first says how many follow it, `extra` not counted in. The line must
 * end there. The sum of all comes in `sum`. Fails with `truncated` at the file's end, else with `syntax`.
 */
enum rlk_error rlk_lines_read(const struct rlk_lines *lines, struct rlk_image_reader *reader, uint8_t *bytes,
                              size_t extra, uint8_t *sum);

/* The end record was read: nothing but white space may follow. */
enum rlk_error rlk_lines_end(const struct rlk_lines *lines, struct rlk_image_reader *reader);

#endif
