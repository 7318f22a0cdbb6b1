#include "relock/layout.h"
#include <string.h>

#define ADDRESS_SPACE_BYTES (UINT64_C(1) << 32)
#define NUMBER_DIGITS_MAX   8U
#define NO_DIGIT            16U /* no base's digit */

struct cursor {
    const char *text;
    size_t length;
    size_t at;
};

/* '\0' beyond the end: never a character of the grammar. */
static char peek(const struct cursor *cursor)
{
    return cursor->at < cursor->length ? cursor->text[cursor->at] : '\0';
}

static bool take(struct cursor *cursor, char wanted)
{
    if (peek(cursor) != wanted) {
        return false;
    }
    cursor->at++;
    return true;
}

static void skip_spaces(struct cursor *cursor)
{
    while (take(cursor, ' ')) {
    }
}

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (unsigned)(c - 'a') + 10U;
    }
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10U : NO_DIGIT;
}

/* One to eight digits; stops before a ninth, so that nothing overflows. */
static bool take_number(struct cursor *cursor, unsigned base, uint32_t *value)
{
    const size_t start = cursor->at;
    unsigned digit = digit_value(peek(cursor));
    *value = 0;
    while (digit < base && cursor->at - start < NUMBER_DIGITS_MAX) {
        *value = *value * base + digit;
        cursor->at++;
        digit = digit_value(peek(cursor));
    }
    return cursor->at > start && digit >= base;
}

static enum rlk_error fail_at(struct cursor *cursor, size_t at, enum rlk_error error)
{
    cursor->at = at;
    return error;
}

static enum rlk_error parse_name(struct cursor *cursor, char *name)
{
    if (!take(cursor, '@')) {
        return RLK_E_LAYOUT_NO_AT;
    }
    skip_spaces(cursor);
    const size_t start = cursor->at;
    while (peek(cursor) != '\0' && peek(cursor) != '/') {
        cursor->at++;
    }
    size_t length = cursor->at - start;
    if (length > RLK_LAYOUT_NAME_BYTES - 1U) {
        length = RLK_LAYOUT_NAME_BYTES - 1U;
    }
    while (length > 0 && cursor->text[start + length - 1U] == ' ') {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        const char c = cursor->text[start + i];
        name[i] = (char)(c >= ' ' && c <= '~' ? c : '?');
    }
    name[length] = '\0';
    return peek(cursor) == '/' ? RLK_OK : RLK_E_LAYOUT_NO_ADDRESS;
}

static enum rlk_error parse_address(struct cursor *cursor, uint64_t *addr)
{
    skip_spaces(cursor);
    if (peek(cursor) == '\0') {
        return RLK_E_LAYOUT_NO_ADDRESS;
    }
    uint32_t value = 0;
    const bool prefixed = take(cursor, '0') && (take(cursor, 'x') || take(cursor, 'X'));
    if (!prefixed || !take_number(cursor, 16, &value)) {
        return RLK_E_LAYOUT_BAD_ADDRESS;
    }
    skip_spaces(cursor);
    if (!take(cursor, '/')) {
        return RLK_E_LAYOUT_BAD_ADDRESS;
    }
    *addr = value;
    return RLK_OK;
}

static enum rlk_error parse_count(struct cursor *cursor, uint32_t *count)
{
    const size_t start = cursor->at;
    if (!take_number(cursor, 10, count) || !take(cursor, '*')) {
        return RLK_E_LAYOUT_BAD_COUNT;
    }
    return *count > 0 ? RLK_OK : fail_at(cursor, start, RLK_E_LAYOUT_BAD_COUNT);
}

/* The unit is one of ' ', 'B', 'K' and 'M'; real ROMs also leave it out ("528e") or put a dot there ("1024.e"). */
static uint64_t take_unit_bytes(struct cursor *cursor)
{
    if (take(cursor, 'K')) {
        return 1024U;
    }
    if (take(cursor, 'M')) {
        return 1024U * 1024U;
    }
    if (!take(cursor, 'B') && !take(cursor, '.')) {
        skip_spaces(cursor);
    }
    return 1U;
}

static enum rlk_error parse_size(struct cursor *cursor, uint32_t *sector_bytes)
{
    const size_t start = cursor->at;
    uint32_t number = 0;
    if (!take_number(cursor, 10, &number)) {
        return RLK_E_LAYOUT_BAD_SIZE;
    }
    if (number == 0) {
        return fail_at(cursor, start, RLK_E_LAYOUT_BAD_SIZE);
    }
    const uint64_t bytes = number * take_unit_bytes(cursor);
    if (bytes > UINT32_MAX) {
        return fail_at(cursor, start, RLK_E_LAYOUT_OVERFLOW);
    }
    *sector_bytes = (uint32_t)bytes;
    return RLK_OK;
}

static enum rlk_error parse_type(struct cursor *cursor, uint8_t *access)
{
    const char letter = peek(cursor);
    if (letter < 'a' || letter > 'g') {
        return RLK_E_LAYOUT_BAD_TYPE;
    }
    *access = (uint8_t)(letter - 'a' + 1);
    cursor->at++;
    return RLK_OK;
}

static uint64_t group_bytes(const struct rlk_sector_group *group)
{
    return (uint64_t)group->count * group->sector_bytes;
}

static bool group_holds(const struct rlk_sector_group *group, uint32_t addr)
{
    return addr >= group->start_addr && addr - group->start_addr < group_bytes(group);
}

static bool overlaps_earlier(const struct rlk_layout *layout, const struct rlk_sector_group *added)
{
    for (size_t i = 0; i < layout->group_count; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        if (group_holds(group, added->start_addr) || group_holds(added, group->start_addr)) {
            return true;
        }
    }
    return false;
}

static enum rlk_error judge_group(const struct rlk_layout *layout, const struct rlk_sector_group *group, uint64_t addr)
{
    if (layout->group_count == RLK_LAYOUT_GROUPS_MAX ||
        group->count > RLK_LAYOUT_SECTORS_MAX - rlk_layout_sector_count(layout)) {
        return RLK_E_LAYOUT_TOO_LONG;
    }
    if (addr + group_bytes(group) > ADDRESS_SPACE_BYTES) {
        return RLK_E_LAYOUT_OVERFLOW;
    }
    return overlaps_earlier(layout, group) ? RLK_E_LAYOUT_BAD_ADDRESS : RLK_OK;
}

/* `*addr` is where the group begins, and afterwards where the next one does: 2^32 if there is no room for one. */
static enum rlk_error parse_group(struct cursor *cursor, struct rlk_layout *layout, uint64_t *addr)
{
    struct rlk_sector_group group = {.start_addr = (uint32_t)*addr};
    skip_spaces(cursor);
    const size_t start = cursor->at;
    enum rlk_error error = parse_count(cursor, &group.count);
    if (error == RLK_OK) {
        error = parse_size(cursor, &group.sector_bytes);
    }
    if (error == RLK_OK) {
        error = parse_type(cursor, &group.access);
    }
    if (error != RLK_OK) {
        return error;
    }
    error = judge_group(layout, &group, *addr);
    if (error != RLK_OK) {
        return fail_at(cursor, start, error);
    }
    layout->groups[layout->group_count++] = group;
    *addr += group_bytes(&group);
    return RLK_OK;
}

/* True if `separator` comes next and something follows it; a separator before the end is trailing text. */
static bool take_separator(struct cursor *cursor, char separator)
{
    const size_t start = cursor->at;
    if (!take(cursor, separator)) {
        return false;
    }
    skip_spaces(cursor);
    if (peek(cursor) == '\0') {
        cursor->at = start;
        return false;
    }
    return true;
}

static enum rlk_error parse_groups(struct cursor *cursor, struct rlk_layout *layout, uint64_t addr)
{
    enum rlk_error error;
    do {
        error = parse_group(cursor, layout, &addr);
        if (error != RLK_OK) {
            return error;
        }
        skip_spaces(cursor);
    } while (take_separator(cursor, ','));
    return RLK_OK;
}

static enum rlk_error parse_all(struct cursor *cursor, struct rlk_layout *layout)
{
    enum rlk_error error = parse_name(cursor, layout->name);
    if (error != RLK_OK) {
        return error;
    }
    cursor->at++;
    do {
        uint64_t addr = 0;
        error = parse_address(cursor, &addr);
        if (error == RLK_OK) {
            error = parse_groups(cursor, layout, addr);
        }
        if (error != RLK_OK) {
            return error;
        }
    } while (take_separator(cursor, '/'));
    return peek(cursor) == '\0' ? RLK_OK : RLK_E_LAYOUT_TRAILING;
}

enum rlk_error rlk_layout_parse(struct rlk_layout *layout, const char *text, size_t length, size_t *place)
{
    const char *end = length > 0 ? memchr(text, '\0', length) : NULL;
    struct cursor cursor = {text, end != NULL ? (size_t)(end - text) : length, 0};
    memset(layout, 0, sizeof *layout);
    const enum rlk_error error = parse_all(&cursor, layout);
    if (error != RLK_OK) {
        memset(layout, 0, sizeof *layout);
    }
    if (place != NULL) {
        *place = cursor.at;
    }
    return error;
}

uint32_t rlk_layout_sector_count(const struct rlk_layout *layout)
{
    uint32_t count = 0;
    for (size_t i = 0; i < layout->group_count; i++) {
        count += layout->groups[i].count;
    }
    return count;
}

uint64_t rlk_layout_total_bytes(const struct rlk_layout *layout)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < layout->group_count; i++) {
        bytes += group_bytes(&layout->groups[i]);
    }
    return bytes;
}

static void describe_sector(const struct rlk_sector_group *group, uint32_t first, uint32_t nth,
                            struct rlk_sector *sector)
{
    sector->index = first + nth;
    sector->start_addr = group->start_addr + nth * group->sector_bytes;
    sector->bytes = group->sector_bytes;
    sector->access = group->access;
}

bool rlk_layout_sector_at(const struct rlk_layout *layout, uint32_t addr, struct rlk_sector *sector)
{
    uint32_t first = 0;
    for (size_t i = 0; i < layout->group_count; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        if (group_holds(group, addr)) {
            describe_sector(group, first, (addr - group->start_addr) / group->sector_bytes, sector);
            return true;
        }
        first += group->count;
    }
    return false;
}

bool rlk_layout_sector_by_index(const struct rlk_layout *layout, uint32_t index, struct rlk_sector *sector)
{
    uint32_t first = 0;
    for (size_t i = 0; i < layout->group_count; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        if (index - first < group->count) {
            describe_sector(group, first, index - first, sector);
            return true;
        }
        first += group->count;
    }
    return false;
}

static const struct rlk_sector_group *group_at(const struct rlk_layout *layout, uint32_t addr)
{
    for (size_t i = 0; i < layout->group_count; i++) {
        if (group_holds(&layout->groups[i], addr)) {
            return &layout->groups[i];
        }
    }
    return NULL;
}

bool rlk_layout_covers(const struct rlk_layout *layout, uint32_t addr, uint32_t bytes, uint8_t access)
{
    const uint64_t end = (uint64_t)addr + bytes;
    uint64_t at = addr;
    if (bytes == 0 || end > ADDRESS_SPACE_BYTES) {
        return false;
    }
    while (at < end) {
        const struct rlk_sector_group *group = group_at(layout, (uint32_t)at);
        if (group == NULL || (group->access & access) != access) {
            return false;
        }
        at = group->start_addr + group_bytes(group);
    }
    return true;
}
