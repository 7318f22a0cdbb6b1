/* Memory layout strings: what is accepted is sound, what is not is refused at a place inside the string. */
#include "fuzz.h"
#include "look.h"
#include "relock/layout.h"
#include <string.h>

static bool are_apart(const struct rlk_sector_group *a, const struct rlk_sector_group *b)
{
    uint64_t end_of_a = (uint64_t)a->start_addr + (uint64_t)a->count * a->sector_bytes;
    uint64_t end_of_b = (uint64_t)b->start_addr + (uint64_t)b->count * b->sector_bytes;
    return end_of_a <= b->start_addr || end_of_b <= a->start_addr;
}

static void check_groups(const struct rlk_layout *layout)
{
    fuzz_demand(layout->group_count > 0 && layout->group_count <= RLK_LAYOUT_GROUPS_MAX, "one to sixteen groups");
    for (size_t i = 0; i < layout->group_count; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        uint64_t end = (uint64_t)group->start_addr + (uint64_t)group->count * group->sector_bytes;
        fuzz_demand(group->count > 0 && group->sector_bytes > 0, "no empty group");
        fuzz_demand(end <= UINT64_C(1) << 32, "no group past 2^32");
        fuzz_demand(group->access >= 1 && group->access <= 7, "access is a..g");
        for (size_t j = 0; j < i; j++) {
            fuzz_demand(are_apart(&layout->groups[j], group), "groups do not overlap");
        }
    }
}

static void check_name(const char *name)
{
    const char *end = memchr(name, '\0', RLK_LAYOUT_NAME_BYTES);
    fuzz_demand(end != NULL, "the name ends");
    for (; name < end; name++) {
        fuzz_demand(*name >= ' ' && *name <= '~', "the name is printable");
    }
}

/* The same sector, by its number and by any of its addresses. */
static void check_sectors(const struct rlk_layout *layout)
{
    uint32_t count = rlk_layout_sector_count(layout);
    uint64_t total = 0;
    struct rlk_sector sector = {0};
    fuzz_demand(count > 0 && count <= RLK_LAYOUT_SECTORS_MAX, "a bearable number of sectors");
    for (uint32_t i = 0; i < count; i++) {
        struct rlk_sector same = {0};
        fuzz_demand(rlk_layout_sector_by_index(layout, i, &sector) && sector.index == i, "each sector has its number");
        uint32_t last_addr = sector.start_addr + (sector.bytes - 1U);
        fuzz_demand(last_addr >= sector.start_addr, "no sector past 2^32");
        fuzz_demand(rlk_layout_sector_at(layout, last_addr, &same) && same.index == i, "a sector holds its last byte");
        fuzz_demand(rlk_layout_covers(layout, sector.start_addr, sector.bytes, sector.access), "a sector is covered");
        total += sector.bytes;
    }
    fuzz_demand(!rlk_layout_sector_by_index(layout, count, &sector), "no sector beyond the last");
    fuzz_demand(total == rlk_layout_total_bytes(layout), "the sectors are all there is");
}

static bool are_same(const struct rlk_layout *a, const struct rlk_layout *b)
{
    bool is_same = a->group_count == b->group_count && strcmp(a->name, b->name) == 0;
    for (size_t i = 0; is_same && i < a->group_count; i++) {
        is_same = a->groups[i].start_addr == b->groups[i].start_addr && a->groups[i].count == b->groups[i].count &&
                  a->groups[i].sector_bytes == b->groups[i].sector_bytes && a->groups[i].access == b->groups[i].access;
    }
    return is_same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rlk_layout layout;
    struct rlk_layout again;
    const char *text = (const char *)data;
    size_t length = 0;
    size_t place = SIZE_MAX;
    while (length < size && text[length] != '\0') {
        length++;
    }
    enum rlk_error error = rlk_layout_parse(&layout, text, size, &place);
    check_name(layout.name);
    fuzz_demand(place <= length, "the place is inside the string");
    fuzz_demand(rlk_layout_parse(&again, text, length, NULL) == error && are_same(&layout, &again),
                "a NUL ends the string");
    if (error == RLK_OK) {
        check_groups(&layout);
        check_sectors(&layout);
    } else {
        fuzz_demand(layout.group_count == 0 && rlk_layout_total_bytes(&layout) == 0, "a refused layout is empty");
    }
    if (fuzz_is_speaking()) {
        look_at_layout(text, length);
    }
    return 0;
}
