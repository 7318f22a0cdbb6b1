#include "line.h"
#include "relock/chip.h"
#include <string.h>

#define ST_VENDOR_ID      0x0483U
#define ST_DFU_PRODUCT_ID 0xDF11U
#define ACCESS_ALL        (RLK_SECTOR_READABLE | RLK_SECTOR_ERASABLE | RLK_SECTOR_WRITABLE)
#define SHAPE_GROUPS_MAX  3U

/*
 * What main flash looks like in the memory layout: so many equal pages at most, or exactly these groups.
 *
 * Who else could look the same:
 *   F04x   nobody: no other ROM with USB has 1 KiB pages.
 *   F07x   F303, F302 and F105/F107 (whose level 0 is A5, not AA) announce their die's 128 pages and so never fit.
 * Should an F373 announce 64 or fewer, the row still holds: same option block, complements and RDP byte, same nBOOT1,
 *          BOOT0 only, same flash (RM0313).
 *   F405   F205/F207 and F412 with 1 MiB: same option block, RDP offset, values, erase times, BOOT0 only. Fewer sectors
 *          (F401, F411) or more (F413, F42x) never fit; an F405 of 512 KiB is known only if it announces its die's
 * twelve sectors, because with eight it cannot be told from F411. L4     G431 has the same pages, option address and
 * length, but a ROM of generation B: bcdDevice 02.00.
 */
struct shape {
    enum rlk_family family;
    uint32_t page_bytes; /* 0: `groups` instead */
    uint32_t pages_max;  /* the largest die; devices sold with less may announce either */
    struct {
        uint32_t count;
        uint32_t sector_bytes;
    } groups[SHAPE_GROUPS_MAX];
};

static const struct shape shapes[] = {
    {.family = RLK_FAMILY_STM32F04X, .page_bytes = 1024, .pages_max = 32},
    {.family = RLK_FAMILY_STM32F07X, .page_bytes = 2048, .pages_max = 64},
    {.family = RLK_FAMILY_STM32F405, .groups = {{4, 16384}, {1, 65536}, {7, 131072}}},
    {.family = RLK_FAMILY_STM32L4, .page_bytes = 2048, .pages_max = 512},
    {.family = RLK_FAMILY_STM32L47X, .page_bytes = 2048, .pages_max = 512},
};

/* Serial numbers that whole families share: F0; F74x; F105; F72x; H743. */
static const char *const shared_serials[] = {"FFFFFFFEFFFF", "00000008FFFF", "STM32", "STM32FxSTM32", "200364500000"};

static bool is_contiguous(const struct rlk_layout *layout)
{
    for (size_t i = 1; i < layout->group_count; i++) {
        const struct rlk_sector_group *before = &layout->groups[i - 1];
        if (layout->groups[i].start_addr != before->start_addr + before->count * before->sector_bytes) {
            return false;
        }
    }
    return true;
}

static bool has_pages(const struct rlk_layout *layout, const struct shape *shape)
{
    uint64_t pages = 0;
    for (size_t i = 0; i < layout->group_count; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        if (group->sector_bytes != shape->page_bytes || group->access != ACCESS_ALL) {
            return false;
        }
        pages += group->count;
    }
    return pages > 0 && pages <= shape->pages_max;
}

static bool has_groups(const struct rlk_layout *layout, const struct shape *shape)
{
    if (layout->group_count != SHAPE_GROUPS_MAX) {
        return false;
    }
    for (size_t i = 0; i < SHAPE_GROUPS_MAX; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        if (group->count != shape->groups[i].count || group->sector_bytes != shape->groups[i].sector_bytes ||
            group->access != ACCESS_ALL) {
            return false;
        }
    }
    return true;
}

static bool is_flash_of(const struct rlk_layout *layout, const struct shape *shape)
{
    return is_contiguous(layout) && (shape->page_bytes != 0 ? has_pages(layout, shape) : has_groups(layout, shape));
}

static bool is_block_at(const struct rlk_sector_group *group, uint32_t addr, uint32_t bytes)
{
    return group->start_addr == addr && (uint64_t)group->count * group->sector_bytes == bytes &&
           (group->access & RLK_SECTOR_READABLE) != 0 && (group->access & RLK_SECTOR_WRITABLE) != 0;
}

/* One block, or also the row's second one: a further segment (F42x: 1FFEC000) is another family. */
static bool is_options_of(const struct rlk_layout *layout, const struct rlk_chip *chip)
{
    if (layout->group_count == 0 || !is_block_at(&layout->groups[0], chip->options_addr, chip->options_bytes)) {
        return false;
    }
    return layout->group_count == 1 || (layout->group_count == 2 && chip->options2_addr != 0 &&
                                        is_block_at(&layout->groups[1], chip->options2_addr, chip->options_bytes));
}

static bool is_flash_at(const struct rlk_layout *layout, const struct rlk_chip *chip)
{
    return layout->group_count > 0 && layout->groups[0].start_addr == chip->flash_addr;
}

/* Two alternates that claim the same memory are G0B1's lie, not a map to rely on: then there is none. */
static int only_alternate(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip,
                          bool (*fits)(const struct rlk_layout *, const struct rlk_chip *))
{
    int found = -1;
    for (size_t i = 0; i < fingerprint->layout_count && i < RLK_ALTERNATES_MAX; i++) {
        if (!fits(&fingerprint->layouts[i], chip)) {
            continue;
        }
        if (found >= 0) {
            return -1;
        }
        found = (int)i;
    }
    return found;
}

int rlk_fingerprint_flash_alternate(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip)
{
    return only_alternate(fingerprint, chip, is_flash_at);
}

int rlk_fingerprint_options_alternate(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip)
{
    return only_alternate(fingerprint, chip, is_options_of);
}

/* All rows so far are ROMs of generation A: bcdDevice 20.00, 21.00 or 22.00; generation B says 02.xx. */
static bool is_rom_of_generation_a(const struct rlk_device_descriptor *device)
{
    const unsigned major = (unsigned)device->bcd_device >> 8;
    return device->vendor_id == ST_VENDOR_ID && device->product_id == ST_DFU_PRODUCT_ID && major >= 0x20U &&
           major <= 0x22U;
}

rlk_family_mask rlk_chip_candidates(const struct rlk_fingerprint *fingerprint)
{
    rlk_family_mask candidates = 0;
    if (!is_rom_of_generation_a(&fingerprint->device)) {
        return 0;
    }
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const struct rlk_chip *chip = rlk_chip_row(shapes[i].family);
        const int flash = rlk_fingerprint_flash_alternate(fingerprint, chip);
        const int options = rlk_fingerprint_options_alternate(fingerprint, chip);
        if (flash >= 0 && options >= 0 && is_flash_of(&fingerprint->layouts[flash], &shapes[i])) {
            candidates |= (rlk_family_mask)1 << shapes[i].family;
        }
    }
    return candidates;
}

static bool is_shared(const char *serial)
{
    for (size_t i = 0; i < sizeof shared_serials / sizeof shared_serials[0]; i++) {
        if (strcmp(serial, shared_serials[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool rlk_serial_is_unique(const char *serial)
{
    size_t length = 0;
    for (; serial[length] != '\0'; length++) {
        const char c = serial[length];
        const bool is_alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!is_alphanumeric || length >= 32) {
            return false;
        }
    }
    return length >= 8 && !is_shared(serial);
}

static void explain_usb(struct rlk_line *line, const struct rlk_fingerprint *fingerprint)
{
    rlk_line_add(line, "USB 0483:DF11, bootloader protocol ");
    rlk_line_add_hex(line, (unsigned)fingerprint->device.bcd_device >> 8, 2, 'A');
    rlk_line_add(line, ".");
    rlk_line_add_hex(line, fingerprint->device.bcd_device & 0xFFU, 2, 'A');
}

static void explain_flash(struct rlk_line *line, const struct rlk_layout *layout)
{
    rlk_line_add(line, "main flash of ");
    rlk_line_add_number(line, (uint32_t)(rlk_layout_total_bytes(layout) / 1024U));
    rlk_line_add(line, " KiB in ");
    rlk_line_add_number(line, rlk_layout_sector_count(layout));
    rlk_line_add(line, " sectors at 0x");
    rlk_line_add_hex(line, layout->groups[0].start_addr, 8, 'A');
}

static void explain_options(struct rlk_line *line, const struct rlk_chip *chip)
{
    rlk_line_add(line, "option bytes: ");
    rlk_line_add_number(line, chip->options_bytes);
    rlk_line_add(line, " at 0x");
    rlk_line_add_hex(line, chip->options_addr, 8, 'A');
}

size_t rlk_chip_reason(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip, size_t index, char *text,
                       size_t capacity)
{
    const int flash = rlk_fingerprint_flash_alternate(fingerprint, chip);
    struct rlk_line line;
    rlk_line_init(&line, text, capacity);
    if (flash < 0 || rlk_fingerprint_options_alternate(fingerprint, chip) < 0) {
        return 0;
    }
    switch (index) {
    case 0:
        explain_usb(&line, fingerprint);
        break;
    case 1:
        explain_flash(&line, &fingerprint->layouts[flash]);
        break;
    case 2:
        explain_options(&line, chip);
        break;
    default:
        break;
    }
    return line.length;
}
