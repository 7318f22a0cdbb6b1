#include "releases.h"
#include "random.h"
#include <stdio.h>
#include <string.h>

enum { PERCENT = 100, OPTIONS_MAX = 3 };

static bool happens(uint64_t *seed, uint32_t percent)
{
    return random_below(seed, PERCENT) < percent;
}

static const char *const layouts[] = {
    "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg", "@Internal Flash  /0x08000000/032*0001Kg",
    "@Internal Flash  /0x08000000/064*0002Kg", "@Internal Flash  /0x08000000/0128*0002Kg",
    "@Internal Flash  /0x08000000/512*0002Kg"};

/* Appends to `text`, which has RELEASE_TEXT_BYTES. */
static void add(char *text, const char *piece)
{
    size_t length = strlen(text);
    (void)snprintf(text + length, RELEASE_TEXT_BYTES - length, "%s", piece);
}

static void add_families(char *text, enum rlk_family family, uint64_t *seed)
{
    const char *before = "";
    const bool has_own = happens(seed, 90);
    for (unsigned i = 1; i < RLK_FAMILY_COUNT; i++) {
        const bool is_own = i == (unsigned)family;
        const bool is_other = !is_own && rlk_chip_row((enum rlk_family)i)->tier == RLK_TIER_FULL && happens(seed, 20);
        if ((is_own && has_own) || is_other || (i + 1U == RLK_FAMILY_COUNT && *before == '\0')) {
            add(text, before);
            add(text, "\"");
            add(text, rlk_chip_row((enum rlk_family)i)->name);
            add(text, "\"");
            before = ",";
        }
    }
}

static void add_layouts(char *text, uint64_t *seed)
{
    if (!happens(seed, 15)) {
        return;
    }
    add(text, ",\"layouts\":[\"");
    add(text, layouts[random_below(seed, sizeof layouts / sizeof layouts[0])]);
    add(text, "\"]");
}

/* Fields of the family, some with values that fit and some that do not. */
static void add_options(char *text, enum rlk_family family, uint64_t *seed)
{
    static const uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const uint32_t count = random_below(seed, OPTIONS_MAX + 1U);
    const char *before = ",\"options\":[";
    for (uint32_t i = 0; i < count; i++) {
        struct rlk_option_field field;
        char piece[96];
        if (rlk_options_field(rlk_chip_row(family), block, 1U + random_below(seed, 22), &field)) {
            const bool fits = happens(seed, 97) && field.bits < 32U;
            const uint32_t value = random_below(seed, fits ? 1U << field.bits : 0x20000U);
            (void)snprintf(piece, sizeof piece, "%s{\"field\":\"%s\",\"value\":%u}", before, field.name,
                           (unsigned)value);
            add(text, piece);
            before = ",";
        }
    }
    add(text, *before == ',' && before[1] == '\0' ? "]" : "");
}

void release_write(char *text, enum rlk_family family, uint64_t *seed)
{
    const bool is_protected = happens(seed, 80);
    text[0] = '\0';
    add(text, "{\"format\":\"relock-release-1\",\"name\":\"random\",\"product\":\"Random\",\"version\":\"1\","
              "\"sequence\":1,\"created\":\"2026-11-22T10:00:00Z\",\"languages\":[\"en\"],\"chip\":{\"families\":[");
    add_families(text, family, seed);
    add(text, "]");
    add_layouts(text, seed);
    add(text, "},\"images\":[{\"file\":\"a.bin\",\"address\":\"0x08000000\",\"size\":1,\"sha256\":\""
              "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}],\"end\":\"");
    add(text, is_protected ? "protected" : "open");
    add(text, "\",\"return\":\"");
    add(text, happens(seed, 75) ? "boot0" : happens(seed, 90) ? "empty-check" : "none");
    add(text, "\"");
    if (is_protected) {
        add_options(text, family, seed);
    }
    add(text, ",\"enter\":[],\"lost\":[],\"contact\":{\"name\":\"Nobody\",\"email\":\"nobody@example.org\"}}");
}

bool release_wish(const char *text, struct rlk_wish *wish)
{
    static struct rlk_json json;
    static struct rlk_release release;
    if (rlk_document_read(&json, RLK_DOCUMENT_RELEASE, text, strlen(text), NULL) != RLK_OK ||
        rlk_release_take(&release, &json, NULL) != RLK_OK) {
        return false;
    }
    rlk_release_wish(&release, wish);
    return true;
}
