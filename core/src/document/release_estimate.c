/* How long an update takes, before there is a device: by the same times that a plan's estimate is made of. */
#include "relock/release.h"

#include "chip/options_fields.h"

enum {
    BLOCK_BYTES = 2048,
    OPEN_MS = 60,
    PROBE_MS = 80,
    READ_MS = 5,         /* a block, with its transfers */
    TRANSFERS_MS = 12,   /* those around the writing of a block */
    HEX_LINE_BYTES = 45, /* Intel HEX as linkers write it: 16 bytes of firmware in a line of 45 */
    HEX_LINE_DATA = 16,
    US_PER_MS = 1000
};

static uint32_t payload_bytes(const struct rlk_release *release)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < release->image_count; i++) {
        const struct rlk_release_image *image = &release->images[i];
        bytes += image->is_binary ? image->bytes : (uint64_t)image->bytes * HEX_LINE_DATA / HEX_LINE_BYTES;
    }
    return bytes > RLK_IMAGE_PAYLOAD_BYTES_MAX ? RLK_IMAGE_PAYLOAD_BYTES_MAX : (uint32_t)bytes;
}

static uint32_t family_ms(const struct rlk_chip *chip, uint32_t bytes)
{
    uint32_t blocks = (bytes + BLOCK_BYTES - 1U) / BLOCK_BYTES;
    uint32_t program_ms = BLOCK_BYTES / 16U * chip->program_typical_us_per_byte_x16 / US_PER_MS;
    bool waits_as_announced = chip->early_poll != RLK_EARLY_POLL_USUAL && chip->announced_program_ms > program_ms;
    uint32_t write_ms = (waits_as_announced ? chip->announced_program_ms : program_ms) + TRANSFERS_MS;
    uint32_t leaving_ms = chip->mass_erase_typical_ms + 2U * chip->return_typical_ms;
    return 3U * OPEN_MS + 4U * PROBE_MS + leaving_ms + blocks * (write_ms + 2U * READ_MS);
}

uint32_t rlk_release_estimate_ms(const struct rlk_release *release)
{
    uint32_t bytes = payload_bytes(release);
    uint32_t slowest_ms = 0;
    for (unsigned i = RLK_FAMILY_UNKNOWN + 1U; i < RLK_FAMILY_COUNT; i++) {
        bool is_meant = rlk_families_have(release->families, rlk_chip_row((enum rlk_family)i));
        uint32_t needed_ms = is_meant ? family_ms(rlk_chip_row((enum rlk_family)i), bytes) : 0;
        slowest_ms = needed_ms > slowest_ms ? needed_ms : slowest_ms;
    }
    return slowest_ms;
}
