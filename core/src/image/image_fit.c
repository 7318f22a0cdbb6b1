#include "relock/image_fit.h"
#include "relock/options.h"

#include <string.h>

enum { VECTOR_TABLE_BYTES = 8, OTP_PARTS_MAX = 2 };

#define ACCESS (RLK_SECTOR_READABLE | RLK_SECTOR_ERASABLE | RLK_SECTOR_WRITABLE)

/* RAM in the code region: CCM of the F405, SRAM2 of the L4 (RM0090, RM0351 memory maps). */
#define CODE_RAM_ADDR  0x10000000U
#define CODE_RAM_BYTES 0x10000U

/* Regions that are refused by name. ARM's memory map, AN2606 table of bases. */
struct region {
    uint32_t begin, last;
    enum rlk_error error;
};

/* One-time-programmable memory as these ROMs announce it (tests/core/data/rom-layouts.tsv); of others it is not
 * recorded. */
static const struct {
    rlk_family_mask families;
    uint32_t addr, bytes;
} otp_rows[] = {
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32F405) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F42X), 0x1FFF7800U, 528},
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32F42X), 0x1FFE7800U, 528},
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32F72X), 0x1FF07800U, 528},
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32L4) | RLK_FAMILY_BIT(RLK_FAMILY_STM32L47X) |
         RLK_FAMILY_BIT(RLK_FAMILY_STM32L4PLUS) | RLK_FAMILY_BIT(RLK_FAMILY_STM32G431) |
         RLK_FAMILY_BIT(RLK_FAMILY_STM32G47X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32G49X),
     0x1FFF7000U, 1024},
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32H7A3), 0x08FFF000U, 1024},
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32L5) | RLK_FAMILY_BIT(RLK_FAMILY_STM32U5), 0x0BFA0000U, 512},
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32U0), 0x1FFF6800U, 1024},
};

static bool is_in(uint32_t addr, uint32_t begin, uint32_t bytes)
{
    return addr >= begin && addr - begin < bytes;
}

static bool is_known_otp(enum rlk_family family, uint32_t addr)
{
    bool is_otp = false;
    for (size_t i = 0; !is_otp && i < sizeof otp_rows / sizeof otp_rows[0]; i++) {
        is_otp =
            (otp_rows[i].families & RLK_FAMILY_BIT(family)) != 0 && is_in(addr, otp_rows[i].addr, otp_rows[i].bytes);
    }
    return is_otp;
}

static bool is_announced_otp(const struct rlk_fingerprint *fingerprint, uint32_t addr)
{
    bool is_otp = false;
    for (size_t i = 0; !is_otp && i < fingerprint->layout_count; i++) {
        is_otp = strncmp(fingerprint->layouts[i].name, "OTP", 3) == 0 &&
                 rlk_layout_covers(&fingerprint->layouts[i], addr, 1, 0);
    }
    return is_otp;
}

static enum rlk_error refuse_by_name(const struct rlk_chip *chip, uint32_t addr)
{
    const struct region regions[] = {
        {chip->options_addr, chip->options_addr + RLK_OPTIONS_BYTES_MAX - 1U, RLK_E_IMAGE_HITS_OPTION_BYTES},
        {chip->options2_addr, chip->options2_addr + RLK_OPTIONS_BYTES_MAX - 1U, RLK_E_IMAGE_HITS_OPTION_BYTES},
        {0x20000000U, 0x3FFFFFFFU, RLK_E_IMAGE_HITS_RAM},
        {CODE_RAM_ADDR, CODE_RAM_ADDR + CODE_RAM_BYTES - 1U, RLK_E_IMAGE_HITS_RAM},
        {0x1FF00000U, 0x1FFFFFFFU, RLK_E_IMAGE_HITS_SYSTEM_MEMORY},
    };
    if (is_known_otp(chip->family, addr)) {
        return RLK_E_IMAGE_HITS_OTP;
    }
    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        if (regions[i].begin != 0 && addr >= regions[i].begin && addr <= regions[i].last) {
            return regions[i].error;
        }
    }
    return RLK_E_IMAGE_OUTSIDE_FLASH;
}

static const struct rlk_layout *flash_of(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip)
{
    const int alternate = rlk_fingerprint_flash_alternate(fingerprint, chip);
    return &fingerprint->layouts[alternate < 0 ? 0 : alternate];
}

/* The first address of a segment that is not in erasable, writable main flash; the segment's end if all of it is. */
static uint64_t bad_addr_of_device(const struct rlk_segment *segment, const struct rlk_layout *flash)
{
    const uint64_t end = (uint64_t)segment->addr + segment->length;
    uint64_t addr = segment->addr;
    struct rlk_sector sector;
    while (addr < end && rlk_layout_sector_at(flash, (uint32_t)addr, &sector) && (sector.access & ACCESS) == ACCESS) {
        addr = (uint64_t)sector.start_addr + sector.bytes;
    }
    return addr < end ? addr : end;
}

/* What is known of no family is limited by what an image can be. */
static uint32_t flash_bytes_most(const struct rlk_chip *chip)
{
    const uint32_t most = rlk_chip_flash_bytes_max(chip->family);
    return most != 0 ? most : RLK_IMAGE_PAYLOAD_BYTES_MAX;
}

static uint64_t bad_addr_of_family(const struct rlk_segment *segment, const struct rlk_chip *chip)
{
    const uint64_t end = (uint64_t)segment->addr + segment->length;
    const uint64_t flash_end = (uint64_t)chip->flash_addr + flash_bytes_most(chip);
    if (segment->addr < chip->flash_addr || segment->addr >= flash_end) {
        return segment->addr;
    }
    return end < flash_end ? end : flash_end;
}

static enum rlk_error error_at(uint32_t addr, const struct rlk_chip *chip, const struct rlk_fingerprint *fingerprint)
{
    if (fingerprint != NULL && is_announced_otp(fingerprint, addr)) {
        return RLK_E_IMAGE_HITS_OTP;
    }
    if (fingerprint != NULL && rlk_layout_covers(flash_of(fingerprint, chip), addr, 1, 0)) {
        return RLK_E_IMAGE_HITS_READ_ONLY_FLASH;
    }
    return refuse_by_name(chip, addr);
}

/* A part that lies elsewhere comes before one that begins in the wrong place of flash. */
struct rlk_misfit rlk_image_misfit(const struct rlk_image *image, const struct rlk_chip *chip,
                                   const struct rlk_fingerprint *fingerprint)
{
    struct rlk_misfit misaligned = {RLK_OK, 0};
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        const uint64_t bad_addr = fingerprint != NULL ? bad_addr_of_device(segment, flash_of(fingerprint, chip))
                                                      : bad_addr_of_family(segment, chip);
        if (bad_addr < (uint64_t)segment->addr + segment->length) {
            const uint32_t addr = (uint32_t)bad_addr;
            return (struct rlk_misfit){error_at(addr, chip, fingerprint), addr};
        }
        if (misaligned.error == RLK_OK && segment->addr % chip->program_bytes != 0) {
            misaligned = (struct rlk_misfit){RLK_E_IMAGE_MISALIGNED, segment->addr};
        }
    }
    return misaligned;
}

static uint32_t word_at(const uint8_t *b)
{
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static bool is_stack_of(uint32_t stack, const struct rlk_chip *chip)
{
    const bool is_in_main_ram = stack > chip->ram_addr && stack - chip->ram_addr <= chip->ram_bytes_max;
    const bool is_in_code_ram = stack > CODE_RAM_ADDR && stack - CODE_RAM_ADDR <= CODE_RAM_BYTES;
    return (is_in_main_ram || is_in_code_ram) && stack % 4U == 0;
}

/* A product's own bootloader may start what lies in a memory of the product's: without a layout any address behind the
 * start of flash will do. */
static bool is_in_flash(uint32_t entry, const struct rlk_chip *chip, const struct rlk_layout *flash)
{
    const uint32_t most = rlk_chip_flash_bytes_max(chip->family);
    return flash != NULL ? rlk_layout_covers(flash, entry, 2, RLK_SECTOR_READABLE)
                         : is_in(entry, chip->flash_addr, most != 0 ? most : UINT32_MAX);
}

enum rlk_vector rlk_image_wrong_vector(const struct rlk_image *image, const struct rlk_chip *chip,
                                       const struct rlk_layout *flash)
{
    if (image->segment_count == 0) {
        return RLK_VECTOR_NONE;
    }
    const struct rlk_segment *first = &image->segments[0];
    if (image->bytes == NULL || first->length < VECTOR_TABLE_BYTES) {
        return RLK_VECTOR_STACK;
    }
    const uint8_t *table = &image->bytes[first->offset];
    if (!is_stack_of(word_at(table), chip)) {
        return RLK_VECTOR_STACK;
    }
    const uint32_t reset = word_at(&table[4]);
    return reset % 2U == 1U && is_in_flash(reset - 1U, chip, flash) ? RLK_VECTOR_NONE : RLK_VECTOR_RESET;
}
