/*
 * Files as images, in two walks over the same bytes: the first collects exact ranges, so that an overlap is found
 * wherever it stands in the file; the second fills the buffer.
 */
#include "image/image_cells.h"
#include "image/image_lines.h"
#include "image/image_private.h"
#include "image/image_ranges.h"
#include "image/image_walk.h"
#include <string.h>

uint32_t rlk_le16(const uint8_t *bytes)
{
    return (uint32_t)(bytes[0] | bytes[1] << 8);
}

uint32_t rlk_le32(const uint8_t *bytes)
{
    return rlk_le16(bytes) | rlk_le16(&bytes[2]) << 16;
}

void rlk_reader_is_at(struct rlk_image_reader *reader, uint32_t addr)
{
    reader->has_addr = true;
    reader->addr = addr;
}

void rlk_reader_is_nowhere(struct rlk_image_reader *reader)
{
    reader->has_addr = false;
    reader->addr = 0;
}

enum rlk_error rlk_chunk_take(struct rlk_image_reader *reader, struct rlk_chunk *chunk, uint32_t addr, size_t offset,
                              uint32_t length)
{
    if (length > 0 && length - 1U > UINT32_MAX - addr) {
        return RLK_E_IMAGE_PAST_END;
    }
    *chunk = (struct rlk_chunk){addr, length, &reader->bytes[offset]};
    return RLK_OK;
}

enum rlk_error rlk_take_raw(struct rlk_image_reader *reader, struct rlk_chunk *chunk, size_t length)
{
    if (reader->has_ended) {
        return RLK_OK;
    }
    reader->has_ended = true;
    rlk_reader_is_at(reader, reader->file->addr);
    reader->at = 0;
    if (length > RLK_IMAGE_PAYLOAD_BYTES_MAX) {
        return RLK_E_FILE_TOO_LARGE;
    }
    const enum rlk_error error = rlk_chunk_take(reader, chunk, reader->addr, 0, (uint32_t)length);
    return error == RLK_E_IMAGE_PAST_END ? RLK_E_FILE_PAST_END : error;
}

static enum rlk_error next_binary(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    return rlk_take_raw(reader, chunk, reader->length);
}

static bool anything(const uint8_t *bytes, size_t length)
{
    (void)bytes;
    (void)length;
    return true;
}

/* RFC 1952: the method is deflate, and the reserved flags are 0; a vector table has 0x20 there. */
static bool looks_like_gzip(const uint8_t *bytes, size_t length)
{
    return length >= 18U && bytes[0] == 0x1F && bytes[1] == 0x8B && bytes[2] == 8 && (bytes[3] & 0xE0U) == 0;
}

static enum rlk_error next_gzip(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    (void)reader;
    (void)chunk;
    return RLK_E_FILE_COMPRESSED;
}

static const struct rlk_image_walker walk_gzip = {"gzip", looks_like_gzip, NULL, next_gzip, false};
static const struct rlk_image_walker walk_binary = {"binary", anything, NULL, next_binary, true};

static const struct rlk_image_walker *const walkers[RLK_IMAGE_FORMATS] = {
    [RLK_IMAGE_HEX] = &rlk_walk_hex,     [RLK_IMAGE_SREC] = &rlk_walk_srec,
    [RLK_IMAGE_ELF] = &rlk_walk_elf,     [RLK_IMAGE_DFUSE] = &rlk_walk_dfuse,
    [RLK_IMAGE_UF2] = &rlk_walk_uf2,     [RLK_IMAGE_GZIP] = &walk_gzip,
    [RLK_IMAGE_OTHER] = &rlk_walk_other, [RLK_IMAGE_DFU_BINARY] = &rlk_walk_dfu_binary,
    [RLK_IMAGE_BINARY] = &walk_binary,
};

/* HEX and S-records. */
enum { LINE_FORMATS = 2 };

static const struct rlk_image_walker *walker_of(enum rlk_image_format format)
{
    return (unsigned)format < RLK_IMAGE_FORMATS ? walkers[format] : NULL;
}

enum rlk_image_format rlk_image_recognise(const uint8_t *bytes, size_t length)
{
    enum rlk_image_format format = RLK_IMAGE_HEX;
    while (!walkers[format]->looks_like(bytes, length)) {
        format++;
    }
    if (format == RLK_IMAGE_BINARY) {
        const struct rlk_image_walker *found = rlk_lines_find(&walkers[RLK_IMAGE_HEX], LINE_FORMATS, bytes, length);
        format = found == &rlk_walk_hex ? RLK_IMAGE_HEX : found == &rlk_walk_srec ? RLK_IMAGE_SREC : format;
    }
    return format;
}

bool rlk_image_needs_addr(enum rlk_image_format format)
{
    const struct rlk_image_walker *walker = walker_of(format);
    return walker != NULL && walker->needs_addr;
}

const char *rlk_image_format_name(enum rlk_image_format format)
{
    const struct rlk_image_walker *walker = walker_of(format);
    return walker != NULL ? walker->name : "";
}

static enum rlk_error begin(struct rlk_image_reader *reader, const struct rlk_image_walker **walker,
                            const struct rlk_image_file *file)
{
    const enum rlk_image_format format =
        file->format == RLK_IMAGE_BY_CONTENT ? rlk_image_recognise(file->bytes, file->length) : file->format;
    *reader = (struct rlk_image_reader){.file = file, .bytes = file->bytes, .length = file->length};
    reader->about.format = format;
    *walker = walker_of(format);
    if (*walker == NULL) {
        return RLK_E_INTERNAL;
    }
    if ((*walker)->needs_addr && !file->has_addr) {
        return RLK_E_BINARY_WITHOUT_ADDRESS;
    }
    return (*walker)->begin != NULL ? (*walker)->begin(reader) : RLK_OK;
}

static enum rlk_error next_chunk(const struct rlk_image_walker *walker, struct rlk_image_reader *reader,
                                 struct rlk_chunk *chunk)
{
    *chunk = (struct rlk_chunk){0};
    return walker->next(reader, chunk);
}

/* The first walk. `reader` stays at the fault. */
static enum rlk_error collect(struct rlk_image_reader *reader, const struct rlk_image_file *file,
                              struct rlk_ranges *ranges)
{
    const struct rlk_image_walker *walker = NULL;
    struct rlk_chunk chunk = {0};
    rlk_ranges_init(ranges);
    enum rlk_error error = begin(reader, &walker, file);
    if (error == RLK_OK) {
        error = next_chunk(walker, reader, &chunk);
    }
    while (error == RLK_OK && chunk.length > 0) {
        const struct rlk_range range = {chunk.addr, chunk.addr + (chunk.length - 1U)};
        error = rlk_ranges_add(ranges, range, &reader->addr);
        if (error == RLK_OK) {
            error = next_chunk(walker, reader, &chunk);
        } else if (reader->line == 0) {
            reader->at = (size_t)(chunk.data - reader->bytes);
        }
    }
    return error;
}

static struct rlk_image_place place_of(const struct rlk_image_reader *reader)
{
    return (struct rlk_image_place){reader->line, reader->addr, reader->line == 0 ? (uint32_t)reader->at : 0,
                                    reader->has_addr};
}

static enum rlk_error judge_length(size_t length)
{
    if (length == 0) {
        return RLK_E_FILE_EMPTY;
    }
    return length > RLK_IMAGE_FILE_BYTES_MAX ? RLK_E_FILE_TOO_LARGE : RLK_OK;
}

/* Segments, partial cells and size of a file. Apart from the second walk, so that the ranges leave the stack before it.
 */
static enum rlk_error measure(const struct rlk_image_file *file, struct rlk_image *image, size_t *needed,
                              struct rlk_image_place *place)
{
    struct rlk_ranges ranges;
    struct rlk_image_reader reader;
    struct rlk_image_place found = {0};
    enum rlk_error error = judge_length(file->length);
    if (error == RLK_OK) {
        error = collect(&reader, file, &ranges);
        found = place_of(&reader);
    }
    if (error == RLK_OK) {
        found = (struct rlk_image_place){0};
        error = rlk_ranges_lay_out(&ranges, image->segments, &image->segment_count, needed);
        rlk_cells_note(image, &ranges);
    }
    if (place != NULL) {
        *place = found;
    }
    return error;
}

enum rlk_error rlk_image_measure(const struct rlk_image_file *file, size_t *needed, struct rlk_image_place *place)
{
    struct rlk_image image;
    size_t bytes = 0;
    const enum rlk_error error = measure(file, &image, &bytes, place);
    *needed = error == RLK_OK ? bytes : 0;
    return error;
}

/* The segment that holds `addr`, looked for from `hint` on: pieces nearly always come in order. */
static size_t segment_index(const struct rlk_image *image, uint32_t addr, size_t hint)
{
    size_t index = hint;
    while (addr < image->segments[index].addr || addr - image->segments[index].addr >= image->segments[index].length) {
        index = (index + 1U) % image->segment_count;
    }
    return index;
}

/* One piece, which may lie in the very buffer: it moves before the padding is written. */
static void fill_raw(struct rlk_image *image, const struct rlk_chunk *chunk)
{
    const size_t head = chunk->addr - image->segments[0].addr;
    const size_t end = head + chunk->length;
    memmove(&image->bytes[head], chunk->data, chunk->length);
    memset(image->bytes, image->erased_value, head);
    memset(&image->bytes[end], image->erased_value, image->size - end);
}

static void fill(struct rlk_image *image, const struct rlk_image_walker *walker, struct rlk_image_reader *reader)
{
    struct rlk_chunk chunk;
    size_t index = 0;
    if (walker->needs_addr) {
        (void)next_chunk(walker, reader, &chunk);
        fill_raw(image, &chunk);
        return;
    }
    memset(image->bytes, image->erased_value, image->size);
    while (next_chunk(walker, reader, &chunk) == RLK_OK && chunk.length > 0) {
        index = segment_index(image, chunk.addr, index);
        const struct rlk_segment *segment = &image->segments[index];
        memcpy(&image->bytes[segment->offset + (chunk.addr - segment->addr)], chunk.data, chunk.length);
    }
}

enum rlk_error rlk_image_load(struct rlk_image *image, const struct rlk_image_file *file, struct rlk_image_place *place)
{
    const struct rlk_image_walker *walker = NULL;
    struct rlk_image_reader reader;
    size_t needed = 0;
    rlk_image_clear(image);
    enum rlk_error error = measure(file, image, &needed, place);
    if (error == RLK_OK && needed > image->capacity) {
        error = RLK_E_FILE_TOO_LARGE;
    }
    if (error == RLK_OK) {
        error = begin(&reader, &walker, file);
    }
    if (error != RLK_OK) {
        rlk_image_clear(image);
        return error;
    }
    image->size = needed;
    fill(image, walker, &reader);
    image->about = reader.about;
    rlk_image_seal(image);
    return RLK_OK;
}
