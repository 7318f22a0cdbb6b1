/* What uses the tables that make_tables.py prints into generated_tables.h. */
#include "firmware.h"
#include "generated_tables.h"

static uint32_t rotate_right(uint32_t value, unsigned bits)
{
    return value >> bits | value << (32U - bits);
}

static uint32_t schedule_word(const uint32_t w[16], unsigned i)
{
    uint32_t early = w[(i + 1) & 15U];
    uint32_t late = w[(i + 14) & 15U];
    uint32_t s0 = rotate_right(early, 7) ^ rotate_right(early, 18) ^ early >> 3;
    uint32_t s1 = rotate_right(late, 17) ^ rotate_right(late, 19) ^ late >> 10;
    return w[i & 15U] + s0 + w[(i + 9) & 15U] + s1;
}

static void sha256_round(uint32_t v[8], uint32_t input)
{
    uint32_t s1 = rotate_right(v[4], 6) ^ rotate_right(v[4], 11) ^ rotate_right(v[4], 25);
    uint32_t s0 = rotate_right(v[0], 2) ^ rotate_right(v[0], 13) ^ rotate_right(v[0], 22);
    uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + input;
    uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    for (unsigned i = 7; i > 0; i--) {
        v[i] = v[i - 1];
    }
    v[4] += t1;
    v[0] = t1 + t2;
}

void sha256_block(uint32_t state[8], const uint8_t block[64])
{
    uint32_t w[16];
    uint32_t v[8];
    for (unsigned i = 0; i < 16; i++) {
        const uint8_t *b = &block[4 * i];
        w[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    }
    for (unsigned i = 0; i < 8; i++) {
        v[i] = state[i];
    }
    for (unsigned i = 0; i < 64; i++) {
        w[i & 15U] = i < 16 ? w[i] : schedule_word(w, i);
        sha256_round(v, sha256_constants[i] + w[i & 15U]);
    }
    for (unsigned i = 0; i < 8; i++) {
        state[i] += v[i];
    }
}

#define CHECKSUM(table) crc32_update(sum, (const uint8_t *)(table), sizeof(table))

uint32_t tables_checksum(void)
{
    uint32_t sum = 0;
    sum = CHECKSUM(sine_table);
    sum = CHECKSUM(crc_table);
#ifdef FIRMWARE_LARGE
    sum = CHECKSUM(castagnoli_table);
    sum = CHECKSUM(prime_table);
    sum = CHECKSUM(root_table);
    sum = CHECKSUM(logarithm_table);
    sum = CHECKSUM(dither_table);
#endif
    return sum;
}
