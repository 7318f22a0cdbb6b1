/*
 * ELF (System V ABI, "Object Files"; ELF for the Arm Architecture): the loadable parts of a linked program, by physical
 * address, which is where a programmer puts them.
 *
 * Of a part only what is in sections counts, as for objcopy and gdb. Between sections GNU ld leaves what is not part of
 * the program: gaps that may hold somebody's data in the device, and, where flash does not begin at a multiple of the
 * linker's page, the file's own headers, which would be written below the program. A part without any section is taken
 * as a whole.
 */
#include "image/image_walk.h"
#include <string.h>

enum {
    IDENT_CLASS = 4,
    IDENT_DATA = 5,
    CLASS_32 = 1,
    CLASS_64 = 2,
    DATA_LITTLE = 1,
    TYPE = 16,
    TYPE_EXEC = 2,
    MACHINE = 18,
    MACHINE_ARM = 40,
    ENTRY = 24,
    PROGRAM_OFFSET = 28,
    SECTION_OFFSET = 32,
    PROGRAM_ENTRY_BYTES = 42,
    PROGRAM_COUNT = 44,
    SECTION_ENTRY_BYTES = 46,
    SECTION_COUNT = 48,
    HEADER_BYTES = 52,
    PROGRAM_BYTES = 32,
    SECTION_BYTES = 40,
    PROGRAMS_MAX = 64,
    SECTIONS_MAX = 4096,
    PROGRAM_TYPE_LOAD = 1,
    SECTION_TYPE_NOBITS = 8,
    SECTION_FLAG_ALLOC = 2
};

static const uint8_t magic[] = {0x7F, 'E', 'L', 'F'};

static bool lies_in_file(const struct rlk_image_reader *reader, uint32_t offset, uint32_t bytes)
{
    return offset <= reader->length && bytes <= reader->length - offset;
}

static enum rlk_error judge_kind(const struct rlk_image_reader *reader)
{
    const uint8_t *header = reader->bytes;
    if (reader->length > IDENT_CLASS && header[IDENT_CLASS] == CLASS_64) {
        return RLK_E_ELF_64_BIT;
    }
    if (reader->length < HEADER_BYTES) {
        return RLK_E_FILE_TRUNCATED;
    }
    if (header[IDENT_CLASS] != CLASS_32 || header[IDENT_DATA] != DATA_LITTLE ||
        rlk_le16(&header[MACHINE]) != MACHINE_ARM) {
        return RLK_E_ELF_OTHER_MACHINE;
    }
    return rlk_le16(&header[TYPE]) == TYPE_EXEC ? RLK_OK : RLK_E_ELF_NOT_LINKED;
}

static enum rlk_error begin(struct rlk_image_reader *reader)
{
    const uint8_t *header = reader->bytes;
    if (reader->length < sizeof magic || memcmp(header, magic, sizeof magic) != 0) {
        return RLK_E_ELF_DAMAGED;
    }
    const enum rlk_error error = judge_kind(reader);
    if (error != RLK_OK) {
        return error;
    }
    const uint32_t programs = rlk_le16(&header[PROGRAM_COUNT]);
    const uint32_t sections = rlk_le16(&header[SECTION_COUNT]);
    if (programs > PROGRAMS_MAX || sections > SECTIONS_MAX ||
        (programs > 0 && rlk_le16(&header[PROGRAM_ENTRY_BYTES]) != PROGRAM_BYTES) ||
        (sections > 0 && rlk_le16(&header[SECTION_ENTRY_BYTES]) != SECTION_BYTES)) {
        return RLK_E_ELF_DAMAGED;
    }
    if (!lies_in_file(reader, rlk_le32(&header[PROGRAM_OFFSET]), programs * PROGRAM_BYTES) ||
        !lies_in_file(reader, rlk_le32(&header[SECTION_OFFSET]), sections * SECTION_BYTES)) {
        return RLK_E_FILE_TRUNCATED;
    }
    reader->about.has_entry = true;
    reader->about.entry = rlk_le32(&header[ENTRY]);
    reader->of.elf.programs_left = programs;
    reader->of.elf.sections = sections;
    reader->at = rlk_le32(&header[PROGRAM_OFFSET]);
    return RLK_OK;
}

/* A loaded part: where in the file, how much, and for which address. */
struct part {
    uint32_t offset, length, addr;
};

/* ELF header or program headers, which no program means to have written. */
static bool reaches_into_headers(const struct rlk_image_reader *reader, const struct part *part)
{
    const uint32_t programs = rlk_le32(&reader->bytes[PROGRAM_OFFSET]);
    const uint32_t programs_end = programs + rlk_le16(&reader->bytes[PROGRAM_COUNT]) * PROGRAM_BYTES;
    return part->offset < HEADER_BYTES || (part->offset < programs_end && part->offset + part->length > programs);
}

/* The part's next section that has data, or an empty chunk. */
static enum rlk_error take_section(struct rlk_image_reader *reader, struct rlk_chunk *chunk, const struct part *part)
{
    const uint32_t table = rlk_le32(&reader->bytes[SECTION_OFFSET]);
    while (chunk->length == 0 && reader->of.elf.section < reader->of.elf.sections) {
        const uint8_t *section = &reader->bytes[table + reader->of.elf.section++ * SECTION_BYTES];
        const uint32_t offset = rlk_le32(&section[16]);
        const uint32_t length = rlk_le32(&section[20]);
        const bool has_data = (rlk_le32(&section[8]) & SECTION_FLAG_ALLOC) != 0 &&
                              rlk_le32(&section[4]) != SECTION_TYPE_NOBITS && length > 0;
        if (!has_data || offset < part->offset || offset - part->offset >= part->length) {
            continue;
        }
        reader->of.elf.has_section = true;
        rlk_reader_is_at(reader, part->addr + (offset - part->offset));
        if (length > part->length - (offset - part->offset)) {
            return RLK_E_ELF_DAMAGED;
        }
        const enum rlk_error error = rlk_chunk_take(reader, chunk, reader->addr, offset, length);
        if (error != RLK_OK) {
            return error;
        }
    }
    return RLK_OK;
}

static enum rlk_error judge_part(const struct rlk_image_reader *reader, const struct part *part, uint32_t memory_bytes)
{
    if (part->length > memory_bytes) {
        return RLK_E_ELF_DAMAGED;
    }
    if (!lies_in_file(reader, part->offset, part->length)) {
        return RLK_E_FILE_TRUNCATED;
    }
    return part->length > 0 && part->length - 1U > UINT32_MAX - part->addr ? RLK_E_IMAGE_PAST_END : RLK_OK;
}

/* The next piece of the program header at `at`, or an empty chunk after its last. */
static enum rlk_error take_program(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    const uint8_t *program = &reader->bytes[reader->at];
    const struct part part = {rlk_le32(&program[4]), rlk_le32(&program[16]), rlk_le32(&program[12])};
    if (rlk_le32(program) != PROGRAM_TYPE_LOAD || part.length == 0) {
        return RLK_OK;
    }
    rlk_reader_is_at(reader, part.addr);
    enum rlk_error error = judge_part(reader, &part, rlk_le32(&program[20]));
    if (error == RLK_OK) {
        error = take_section(reader, chunk, &part);
    }
    if (error != RLK_OK || reader->of.elf.has_section) {
        return error;
    }
    reader->of.elf.has_section = true;
    return reaches_into_headers(reader, &part) ? RLK_E_ELF_DAMAGED
                                               : rlk_chunk_take(reader, chunk, part.addr, part.offset, part.length);
}

static enum rlk_error next(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    while (reader->of.elf.programs_left > 0) {
        const enum rlk_error error = take_program(reader, chunk);
        if (error != RLK_OK || chunk->length > 0) {
            return error;
        }
        reader->of.elf.programs_left--;
        reader->of.elf.section = 0;
        reader->of.elf.has_section = false;
        reader->at += PROGRAM_BYTES;
    }
    return RLK_OK;
}

static bool looks_like(const uint8_t *bytes, size_t length)
{
    return length >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

const struct rlk_image_walker rlk_walk_elf = {"elf", looks_like, begin, next, false};
