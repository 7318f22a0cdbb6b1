#include "relock/digest.h"

#define FNV_OFFSET_BASIS UINT64_C(0xCBF29CE484222325)
#define FNV_PRIME        UINT64_C(0x00000100000001B3)

void rlk_digest_init(uint64_t *digest)
{
    *digest = FNV_OFFSET_BASIS;
}

void rlk_digest_add_bytes(uint64_t *digest, const void *bytes, size_t length)
{
    const uint8_t *from = bytes;
    uint64_t value = *digest;
    for (size_t i = 0; i < length; i++) {
        value = (value ^ from[i]) * FNV_PRIME;
    }
    *digest = value;
}

void rlk_digest_add_u32(uint64_t *digest, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24)};
    rlk_digest_add_bytes(digest, bytes, sizeof bytes);
}

uint32_t rlk_crc32(uint32_t crc, const void *bytes, size_t length)
{
    /* By half bytes: a full table would be a tenth of the whole wasm file. */
    static const uint32_t table[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                       0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                       0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
    const uint8_t *from = bytes;
    uint32_t value = ~crc;
    for (size_t i = 0; i < length; i++) {
        value ^= from[i];
        value = (value >> 4) ^ table[value & 15U];
        value = (value >> 4) ^ table[value & 15U];
    }
    return ~value;
}
