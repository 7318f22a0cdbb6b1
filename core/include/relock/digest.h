/*
 * Two checksums: FNV-1a 64 names things (plan, image, device) in questions and journal; CRC-32 guards text against
 * damage. Neither protects against a forger.
 */
#ifndef RELOCK_DIGEST_H
#define RELOCK_DIGEST_H

#include <stddef.h>
#include <stdint.h>

/* Starts an FNV-1a 64 digest (offset basis 0xCBF29CE484222325; draft-eastlake-fnv). Never fails. */
void rlk_digest_init(uint64_t *digest);

/* Adds `length` bytes; `bytes` may be NULL if `length` is 0. Parts give the same digest as the whole. Never fails. */
void rlk_digest_add_bytes(uint64_t *digest, const void *bytes, size_t length);

/* Adds a number as four bytes, the lowest first, on every machine. Never fails. */
void rlk_digest_add_u32(uint64_t *digest, uint32_t value);

/*
 * CRC-32 as zlib's crc32() gives it (polynomial 0xEDB88320 reflected, ISO 3309). Start with `crc` 0; pass the last
 * result to go on. `bytes` may be NULL if `length` is 0. Never fails.
 */
uint32_t rlk_crc32(uint32_t crc, const void *bytes, size_t length);

#endif
