/* UF2: blocks of 512 bytes, each with its own address (github.com/microsoft/uf2, README.md). */
#include "image/image_walk.h"

enum {
    BLOCK_BYTES = 512,
    FLAGS = 8,
    ADDR = 12,
    PAYLOAD_BYTES = 16,
    NUMBER = 20,
    COUNT = 24,
    FAMILY = 28,
    DATA = 32,
    DATA_BYTES = 476,
    END = 508,
    HASH_BYTES = 24
};

#define MAGIC_1             0x0A324655U
#define MAGIC_2             0x9E5D5157U
#define MAGIC_END           0x0AB16F30U
#define FLAG_NOT_MAIN_FLASH 0x00000001U
#define FLAG_FILE           0x00001000U
#define FLAG_FAMILY         0x00002000U
#define FLAG_HASH           0x00004000U

static bool looks_like(const uint8_t *bytes, size_t length)
{
    return length >= 8U && rlk_le32(bytes) == MAGIC_1 && rlk_le32(&bytes[4]) == MAGIC_2;
}

static enum rlk_error judge_block(const uint8_t *block)
{
    const uint32_t flags = rlk_le32(&block[FLAGS]);
    const uint32_t room = DATA_BYTES - ((flags & FLAG_HASH) != 0 ? HASH_BYTES : 0);
    const bool is_sound = looks_like(block, BLOCK_BYTES) && rlk_le32(&block[END]) == MAGIC_END &&
                          rlk_le32(&block[PAYLOAD_BYTES]) <= room && (flags & FLAG_FILE) == 0;
    return is_sound ? RLK_OK : RLK_E_UF2_BLOCK;
}

/* All blocks for the flash are for one family, or all leave it unsaid. */
static enum rlk_error judge_family(struct rlk_image_reader *reader, const uint8_t *block)
{
    const bool has_id = (rlk_le32(&block[FLAGS]) & FLAG_FAMILY) != 0;
    const uint32_t id = has_id ? rlk_le32(&block[FAMILY]) : 0;
    if (!reader->of.uf2.has_flash_block) {
        reader->of.uf2.has_flash_block = true;
        reader->about.has_family_id = has_id;
        reader->about.family_id = id;
    }
    return reader->about.has_family_id == has_id && reader->about.family_id == id ? RLK_OK : RLK_E_UF2_FAMILY;
}

static enum rlk_error take_block(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    const uint8_t *block = &reader->bytes[reader->at];
    enum rlk_error error = judge_block(block);
    if (error != RLK_OK) {
        return error;
    }
    const bool is_for_flash = (rlk_le32(&block[FLAGS]) & FLAG_NOT_MAIN_FLASH) == 0;
    if (is_for_flash) {
        rlk_reader_is_at(reader, rlk_le32(&block[ADDR]));
        error = judge_family(reader, block);
    }
    if (error != RLK_OK) {
        return error;
    }
    if (rlk_le32(&block[NUMBER]) != reader->at / BLOCK_BYTES ||
        rlk_le32(&block[COUNT]) != reader->length / BLOCK_BYTES) {
        return RLK_E_UF2_COUNT;
    }
    return is_for_flash
               ? rlk_chunk_take(reader, chunk, reader->addr, reader->at + DATA, rlk_le32(&block[PAYLOAD_BYTES]))
               : RLK_OK;
}

static enum rlk_error next(struct rlk_image_reader *reader, struct rlk_chunk *chunk)
{
    while (chunk->length == 0 && reader->at < reader->length) {
        rlk_reader_is_nowhere(reader);
        if (reader->length - reader->at < BLOCK_BYTES) {
            return RLK_E_FILE_TRUNCATED;
        }
        const enum rlk_error error = take_block(reader, chunk);
        if (error != RLK_OK) {
            return error;
        }
        reader->at += BLOCK_BYTES;
    }
    return RLK_OK;
}

const struct rlk_image_walker rlk_walk_uf2 = {"uf2", looks_like, NULL, next, false};
