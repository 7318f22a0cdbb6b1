/* Which families a device of another one could be taken for: by the shapes that recognition goes by. */
#include "chip/chip_shapes.h"
#include <string.h>

static bool has_count(const struct rlk_chip_shape *shape, uint32_t pages)
{
    bool has = pages <= shape->pages_max;
    for (size_t i = 0; !has && i < RLK_SHAPE_COUNTS_MAX && shape->counts[i] != 0; i++) {
        has = shape->counts[i] == pages;
    }
    return has;
}

static bool share_a_count(const struct rlk_chip_shape *a, const struct rlk_chip_shape *b)
{
    bool share = a->pages_max > 0 && b->pages_max > 0;
    for (size_t i = 0; !share && i < RLK_SHAPE_COUNTS_MAX; i++) {
        share = (a->counts[i] != 0 && has_count(b, a->counts[i])) || (b->counts[i] != 0 && has_count(a, b->counts[i]));
    }
    return share;
}

static bool share_flash(const struct rlk_chip_shape *a, const struct rlk_chip_shape *b)
{
    if (a->flash != b->flash) {
        return false;
    }
    if (a->flash == RLK_FLASH_PAGES) {
        return a->page_bytes == b->page_bytes && share_a_count(a, b);
    }
    return a->repeats == b->repeats && memcmp(a->groups, b->groups, sizeof a->groups) == 0;
}

static uint32_t options_addr_of(const struct rlk_chip_shape *shape)
{
    return shape->options_addr != 0 ? shape->options_addr : rlk_chip_row(shape->family)->options_addr;
}

static bool announces_two(const struct rlk_chip_shape *shape)
{
    return shape->options == RLK_SHAPE_TWO_BLOCKS;
}

static bool share_options(const struct rlk_chip_shape *a, const struct rlk_chip_shape *b)
{
    const bool is_same_kind =
        a->options == b->options || (a->options <= RLK_SHAPE_ONE_OR_TWO && b->options <= RLK_SHAPE_ONE_OR_TWO &&
                                     announces_two(a) == announces_two(b));
    return is_same_kind && options_addr_of(a) == options_addr_of(b) && a->options_bytes_min <= b->options_bytes_max &&
           b->options_bytes_min <= a->options_bytes_max;
}

static bool look_alike(const struct rlk_chip_shape *a, const struct rlk_chip_shape *b)
{
    return a->vendor_id == b->vendor_id && a->product_id == b->product_id && a->version == b->version &&
           share_flash(a, b) && share_options(a, b);
}

static rlk_family_mask lookalikes_of(const struct rlk_chip_shape *shape)
{
    rlk_family_mask lookalikes = 0;
    for (size_t i = 0; i < rlk_chip_shape_count; i++) {
        const struct rlk_chip_shape *other = &rlk_chip_shapes[i];
        lookalikes |= other->family != shape->family && look_alike(shape, other) ? RLK_FAMILY_BIT(other->family) : 0;
    }
    return lookalikes;
}

rlk_family_mask rlk_chip_lookalikes(enum rlk_family family)
{
    rlk_family_mask lookalikes = 0;
    for (size_t i = 0; i < rlk_chip_shape_count; i++) {
        lookalikes |= rlk_chip_shapes[i].family == family ? lookalikes_of(&rlk_chip_shapes[i]) : 0;
    }
    return lookalikes;
}
