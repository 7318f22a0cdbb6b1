/* Recognition: which rows a device can be, by what it announces. */
#include "chip/chip_shapes.h"
#include "line.h"
#include <string.h>

#define ST_VENDOR_ID      0x0483U
#define ST_DFU_PRODUCT_ID 0xDF11U
#define ACCESS_ALL        (RLK_SECTOR_READABLE | RLK_SECTOR_ERASABLE | RLK_SECTOR_WRITABLE)

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
    return layout->group_count > 0;
}

static bool has_access(const struct rlk_layout *layout, size_t first, uint8_t access)
{
    for (size_t i = first; i < layout->group_count; i++) {
        if (layout->groups[i].access != access) {
            return false;
        }
    }
    return true;
}

static bool is_one_of(const uint16_t *counts, uint64_t count)
{
    for (size_t i = 0; i < RLK_SHAPE_COUNTS_MAX && counts[i] != 0; i++) {
        if (counts[i] == count) {
            return true;
        }
    }
    return false;
}

static bool has_pages(const struct rlk_layout *layout, const struct rlk_chip_shape *shape)
{
    uint64_t pages = 0;
    for (size_t i = 0; i < layout->group_count; i++) {
        if (layout->groups[i].sector_bytes != shape->page_bytes) {
            return false;
        }
        pages += layout->groups[i].count;
    }
    return has_access(layout, 0, ACCESS_ALL) && (pages <= shape->pages_max || is_one_of(shape->counts, pages));
}

static bool has_groups(const struct rlk_layout *layout, const struct rlk_chip_shape *shape)
{
    if (layout->group_count != (size_t)RLK_SHAPE_GROUPS_MAX * shape->repeats) {
        return false;
    }
    for (size_t i = 0; i < layout->group_count; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        const size_t wanted = i % RLK_SHAPE_GROUPS_MAX;
        if (group->count != shape->groups[wanted].count || group->sector_bytes != shape->groups[wanted].sector_bytes) {
            return false;
        }
    }
    return has_access(layout, 0, ACCESS_ALL);
}

static bool is_anything(const struct rlk_layout *layout, const struct rlk_chip_shape *shape)
{
    (void)layout;
    (void)shape;
    return true;
}

/* No ROM of ST's announces such a head. */
static bool is_behind_a_head(const struct rlk_layout *layout, const struct rlk_chip_shape *shape)
{
    (void)shape;
    return layout->group_count > 1 && layout->groups[0].access == RLK_SECTOR_READABLE &&
           has_access(layout, 1, ACCESS_ALL);
}

static bool (*const is_flash_of[])(const struct rlk_layout *, const struct rlk_chip_shape *) = {
    [RLK_FLASH_PAGES] = has_pages,
    [RLK_FLASH_GROUPS] = has_groups,
    [RLK_FLASH_ANY] = is_anything,
    [RLK_FLASH_BEHIND_HEAD] = is_behind_a_head,
};

static bool is_flash_at(const struct rlk_layout *layout, const struct rlk_chip *chip)
{
    return layout->group_count > 0 && layout->groups[0].start_addr == chip->flash_addr;
}

static uint64_t block_bytes_at(const struct rlk_sector_group *group, uint32_t addr)
{
    const bool is_block = group->start_addr == addr && (group->access & RLK_SECTOR_READABLE) != 0 &&
                          (group->access & RLK_SECTOR_WRITABLE) != 0;
    return is_block ? (uint64_t)group->count * group->sector_bytes : 0;
}

/* A further segment that the row does not have is another family (F42x: 1FFEC000). */
static bool is_options_of(const struct rlk_layout *layout, const struct rlk_chip *chip)
{
    if (chip->options_addr == 0 || layout->group_count == 0 ||
        block_bytes_at(&layout->groups[0], chip->options_addr) == 0) {
        return false;
    }
    return layout->group_count == 1 || (layout->group_count == 2 && chip->options2_addr != 0 &&
                                        block_bytes_at(&layout->groups[1], chip->options2_addr) != 0);
}

static bool are_equal(const struct rlk_layout *a, const struct rlk_layout *b)
{
    bool is_equal = a->group_count == b->group_count;
    for (size_t i = 0; is_equal && i < a->group_count; i++) {
        const struct rlk_sector_group *x = &a->groups[i];
        const struct rlk_sector_group *y = &b->groups[i];
        is_equal = x->start_addr == y->start_addr && x->count == y->count && x->sector_bytes == y->sector_bytes &&
                   x->access == y->access;
    }
    return is_equal;
}

static bool repeats_flash(const struct rlk_fingerprint *fingerprint)
{
    bool is_repeated = fingerprint->layout_count > 1;
    for (size_t i = 1; is_repeated && i < fingerprint->layout_count && i < RLK_ALTERNATES_MAX; i++) {
        is_repeated = are_equal(&fingerprint->layouts[0], &fingerprint->layouts[i]);
    }
    return is_repeated;
}

/* All alternates carry the string of the flash, and the family is one that may do that. */
static bool has_equal_alternates(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip)
{
    return (chip->quirks & RLK_QUIRK_BIT(EQUAL_ALTERNATES)) != 0 && repeats_flash(fingerprint);
}

/* Two alternates that claim the same memory are no map to rely on: then there is none. */
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

/* G0B1 repeats the flash's string in every alternate, and chooses memories by address alone: the first will do. */
int rlk_fingerprint_flash_alternate(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip)
{
    if (has_equal_alternates(fingerprint, chip)) {
        return fingerprint->layout_count > 0 && is_flash_at(&fingerprint->layouts[0], chip) ? 0 : -1;
    }
    return only_alternate(fingerprint, chip, is_flash_at);
}

int rlk_fingerprint_options_alternate(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip)
{
    if (has_equal_alternates(fingerprint, chip)) {
        return rlk_fingerprint_flash_alternate(fingerprint, chip);
    }
    return only_alternate(fingerprint, chip, is_options_of);
}

uint32_t rlk_fingerprint_options_bytes(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip)
{
    const int alternate =
        has_equal_alternates(fingerprint, chip) ? -1 : only_alternate(fingerprint, chip, is_options_of);
    return alternate < 0 ? 0 : (uint32_t)block_bytes_at(&fingerprint->layouts[alternate].groups[0], chip->options_addr);
}

static bool is_version_of(uint16_t bcd_device, enum rlk_shape_version version)
{
    const unsigned major = (unsigned)bcd_device >> 8;
    return version == RLK_VERSION_ANY || (version == RLK_VERSION_A && major >= 0x20U && major <= 0x22U) ||
           (version == RLK_VERSION_B && major == 0x02U);
}

static bool is_usb_of(const struct rlk_device_descriptor *device, const struct rlk_chip_shape *shape)
{
    const uint16_t vendor_id = shape->vendor_id != 0 ? shape->vendor_id : ST_VENDOR_ID;
    const uint16_t product_id = shape->product_id != 0 ? shape->product_id : ST_DFU_PRODUCT_ID;
    const bool has_ids =
        shape->vendor_id == RLK_ANY_ID || (device->vendor_id == vendor_id && device->product_id == product_id);
    return has_ids && is_version_of(device->bcd_device, shape->version);
}

/* The alternate that begins at `addr`, of any length that the shape allows; -1 if none or several do. */
static int block_alternate(const struct rlk_fingerprint *fingerprint, const struct rlk_chip_shape *shape, uint32_t addr)
{
    int found = -1;
    for (size_t i = 0; i < fingerprint->layout_count && i < RLK_ALTERNATES_MAX; i++) {
        const struct rlk_layout *layout = &fingerprint->layouts[i];
        const uint64_t bytes = layout->group_count > 0 ? block_bytes_at(&layout->groups[0], addr) : 0;
        if (bytes < shape->options_bytes_min || bytes > shape->options_bytes_max) {
            continue;
        }
        if (found >= 0) {
            return -1;
        }
        found = (int)i;
    }
    return found;
}

static bool has_block(const struct rlk_fingerprint *fingerprint, const struct rlk_chip_shape *shape,
                      const struct rlk_chip *chip)
{
    const uint32_t addr = shape->options_addr != 0 ? shape->options_addr : chip->options_addr;
    const int alternate = block_alternate(fingerprint, shape, addr);
    if (alternate < 0) {
        return false;
    }
    const struct rlk_layout *layout = &fingerprint->layouts[alternate];
    if (shape->options_addr != 0) {
        return true; /* what is never touched may be announced in any number of pieces */
    }
    if (layout->group_count == 1) {
        return shape->options != RLK_SHAPE_TWO_BLOCKS;
    }
    return layout->group_count == 2 && shape->options != RLK_SHAPE_ONE_BLOCK &&
           block_bytes_at(&layout->groups[1], chip->options2_addr) == block_bytes_at(&layout->groups[0], addr);
}

static bool are_options_of(const struct rlk_fingerprint *fingerprint, const struct rlk_chip_shape *shape,
                           const struct rlk_chip *chip)
{
    switch (shape->options) {
    case RLK_SHAPE_ANY_OPTIONS:
        return true;
    case RLK_SHAPE_NO_OPTIONS:
        return fingerprint->layout_count == 1;
    case RLK_SHAPE_EQUAL_ALTERNATES:
        return repeats_flash(fingerprint);
    default:
        return has_block(fingerprint, shape, chip);
    }
}

/* Whether any of it lies in the 16 MiB of main flash, not only at their start: a product's own bootloader may announce
 * no more than what lies behind itself. */
static bool reaches_flash(const struct rlk_layout *layout, const struct rlk_chip *chip)
{
    bool reaches = false;
    for (size_t i = 0; i < layout->group_count && !reaches; i++) {
        reaches = layout->groups[i].start_addr >> 24 == chip->flash_addr >> 24;
    }
    return reaches;
}

/* All alternates could be read, and none of them is flash of the chip's own. */
static bool has_no_flash(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip)
{
    bool has_none = fingerprint->layout_count > 0;
    for (size_t i = 0; has_none && i < fingerprint->layout_count && i < RLK_ALTERNATES_MAX; i++) {
        has_none = fingerprint->layouts[i].group_count > 0 && !reaches_flash(&fingerprint->layouts[i], chip);
    }
    return has_none;
}

static bool is_shape_of(const struct rlk_fingerprint *fingerprint, const struct rlk_chip_shape *shape)
{
    const struct rlk_chip *chip = rlk_chip_row(shape->family);
    if (!is_usb_of(&fingerprint->device, shape)) {
        return false;
    }
    if (shape->flash == RLK_FLASH_NONE) {
        return has_no_flash(fingerprint, chip);
    }
    const int flash = rlk_fingerprint_flash_alternate(fingerprint, chip);
    return flash >= 0 && is_contiguous(&fingerprint->layouts[flash]) &&
           is_flash_of[shape->flash](&fingerprint->layouts[flash], shape) && are_options_of(fingerprint, shape, chip);
}

static bool is_last_resort(const struct rlk_chip_shape *shape)
{
    return shape->flash == RLK_FLASH_BEHIND_HEAD || shape->flash == RLK_FLASH_NONE;
}

rlk_family_mask rlk_chip_candidates(const struct rlk_fingerprint *fingerprint)
{
    rlk_family_mask candidates = 0;
    for (size_t i = 0; i < rlk_chip_shape_count; i++) {
        const struct rlk_chip_shape *shape = &rlk_chip_shapes[i];
        const bool counts = candidates == 0 || !is_last_resort(shape);
        if (counts && is_shape_of(fingerprint, shape)) {
            candidates |= RLK_FAMILY_BIT(shape->family);
        }
    }
    return candidates;
}

static uint32_t flash_bytes_of(const struct rlk_chip_shape *shape)
{
    uint32_t bytes = shape->page_bytes * shape->pages_max;
    for (size_t i = 0; i < RLK_SHAPE_COUNTS_MAX; i++) {
        const uint32_t of_count = shape->page_bytes * shape->counts[i];
        bytes = of_count > bytes ? of_count : bytes;
    }
    for (size_t i = 0; i < RLK_SHAPE_GROUPS_MAX; i++) {
        bytes += shape->groups[i].count * shape->groups[i].sector_bytes * shape->repeats;
    }
    return bytes;
}

uint32_t rlk_chip_flash_bytes_max(enum rlk_family family)
{
    uint32_t most = 0;
    for (size_t i = 0; i < rlk_chip_shape_count; i++) {
        const uint32_t bytes = rlk_chip_shapes[i].family == family ? flash_bytes_of(&rlk_chip_shapes[i]) : 0;
        most = bytes > most ? bytes : most;
    }
    return most;
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
    rlk_line_add(line, "USB ");
    rlk_line_add_hex(line, fingerprint->device.vendor_id, 4, 'A');
    rlk_line_add(line, ":");
    rlk_line_add_hex(line, fingerprint->device.product_id, 4, 'A');
    rlk_line_add(line, ", bootloader protocol ");
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

static void explain_options(struct rlk_line *line, const struct rlk_chip *chip, bool is_announced)
{
    rlk_line_add(line, is_announced ? "option bytes: " : "option bytes, not announced: ");
    rlk_line_add_number(line, chip->options_bytes);
    rlk_line_add(line, " at 0x");
    rlk_line_add_hex(line, chip->options_addr, 8, 'A');
}

size_t rlk_chip_reason(const struct rlk_fingerprint *fingerprint, const struct rlk_chip *chip, size_t index, char *text,
                       size_t capacity)
{
    const int flash = rlk_fingerprint_flash_alternate(fingerprint, chip);
    const bool has_options = chip->options_addr != 0 && rlk_fingerprint_options_alternate(fingerprint, chip) >= 0;
    struct rlk_line line;
    rlk_line_init(&line, text, capacity);
    const bool fits = (flash >= 0 || has_no_flash(fingerprint, chip)) && (chip->options_addr == 0 || has_options);
    if (!fits) {
        return 0;
    }
    if (index == 0) {
        explain_usb(&line, fingerprint);
    } else if (index == 1 && flash >= 0) {
        explain_flash(&line, &fingerprint->layouts[flash]);
    } else if (index == 2 && has_options) {
        explain_options(&line, chip, !has_equal_alternates(fingerprint, chip));
    }
    return line.length;
}
