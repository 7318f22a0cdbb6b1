#include "relock/journal.h"
#include "line.h"
#include "relock/digest.h"
#include <string.h>

/*
 * `relock-journal-1 phase=… family=… end=… back=… image=… size=… serial=… crc=…`
 * The reader takes the words apart and then accepts only what the writer makes of them: there is one spelling.
 */
#define MAGIC          "relock-journal-1"
#define EMPTY_SERIAL   "-"
#define UNKNOWN_FAMILY "unknown"
#define WORD_BYTES     48U

struct words {
    const char *text;
    size_t length;
    size_t at;
};

const char *rlk_journal_phase_name(enum rlk_journal_phase phase)
{
    static const char *const names[RLK_JOURNAL_PHASES] = {
        [RLK_JOURNAL_NONE] = "none",       [RLK_JOURNAL_ERASING] = "erasing", [RLK_JOURNAL_EMPTY] = "empty",
        [RLK_JOURNAL_SEALING] = "sealing", [RLK_JOURNAL_PROVEN] = "proven",
    };
    return (unsigned)phase < RLK_JOURNAL_PHASES ? names[phase] : names[RLK_JOURNAL_NONE];
}

const char *rlk_way_back_name(enum rlk_way_back way_back)
{
    static const char *const names[] = {
        [RLK_WAY_BACK_UNSAID] = "unsaid",
        [RLK_WAY_BACK_BOOT0] = "boot0",
        [RLK_WAY_BACK_EMPTY_CHECK] = "empty-check",
        [RLK_WAY_BACK_NONE] = "none",
    };
    return (unsigned)way_back < sizeof names / sizeof names[0] ? names[way_back] : names[RLK_WAY_BACK_UNSAID];
}

static const char *family_name(enum rlk_family family)
{
    const struct rlk_chip *chip = rlk_chip_row(family);
    return chip == NULL ? UNKNOWN_FAMILY : chip->name;
}

static const char *end_name(bool end_protected)
{
    return end_protected ? "protected" : "open";
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

void rlk_journal_clean_serial(char *clean, const char *serial)
{
    size_t kept = 0;
    for (size_t i = 0; i < RLK_JOURNAL_SERIAL_BYTES && serial[i] != '\0'; i++) {
        if (is_alphanumeric(serial[i]) && kept + 1 < RLK_JOURNAL_SERIAL_BYTES) {
            clean[kept] = serial[i];
            kept++;
        }
    }
    clean[kept] = '\0';
}

static void add_word(struct rlk_line *line, const char *key, const char *value)
{
    rlk_line_add(line, " ");
    rlk_line_add(line, key);
    rlk_line_add(line, "=");
    rlk_line_add(line, value);
}

size_t rlk_journal_encode(const struct rlk_journal_entry *entry, char *line)
{
    char serial[RLK_JOURNAL_SERIAL_BYTES];
    struct rlk_line out;
    rlk_journal_clean_serial(serial, entry->serial);
    rlk_line_init(&out, line, RLK_JOURNAL_LINE_BYTES);
    rlk_line_add(&out, MAGIC);
    add_word(&out, "phase", rlk_journal_phase_name(entry->phase));
    add_word(&out, "family", family_name(entry->family));
    add_word(&out, "end", end_name(entry->end_protected));
    add_word(&out, "back", rlk_way_back_name(entry->way_back));
    add_word(&out, "image", "");
    rlk_line_add_hex(&out, entry->image_digest, 16, 'a');
    add_word(&out, "size", "");
    rlk_line_add_number(&out, entry->image_bytes);
    add_word(&out, "serial", serial[0] == '\0' ? EMPTY_SERIAL : serial);
    const uint32_t crc = rlk_crc32(0, line, out.length);
    add_word(&out, "crc", "");
    rlk_line_add_hex(&out, crc, 8, 'a');
    return out.length;
}

static bool take_text(struct words *words, const char *text)
{
    for (; *text != '\0'; text++) {
        if (words->at >= words->length || words->text[words->at] != *text) {
            return false;
        }
        words->at++;
    }
    return true;
}

/* ` key=value`; `value` has WORD_BYTES. */
static bool take_value(struct words *words, const char *key, char *value)
{
    size_t length = 0;
    if (!take_text(words, " ") || !take_text(words, key) || !take_text(words, "=")) {
        return false;
    }
    for (; words->at < words->length && words->text[words->at] != ' '; words->at++) {
        if (length + 1 >= WORD_BYTES) {
            return false;
        }
        value[length] = words->text[words->at];
        length++;
    }
    value[length] = '\0';
    return true;
}

static bool read_phase(struct rlk_journal_entry *entry, const char *value)
{
    for (unsigned i = 0; i < RLK_JOURNAL_PHASES; i++) {
        if (strcmp(value, rlk_journal_phase_name((enum rlk_journal_phase)i)) == 0) {
            entry->phase = (enum rlk_journal_phase)i;
            return true;
        }
    }
    return false;
}

static bool read_family(struct rlk_journal_entry *entry, const char *value)
{
    const struct rlk_chip *chip = rlk_chip_find(value);
    entry->family = chip == NULL ? RLK_FAMILY_UNKNOWN : chip->family;
    return true;
}

static bool read_end(struct rlk_journal_entry *entry, const char *value)
{
    entry->end_protected = strcmp(value, end_name(true)) == 0;
    return true;
}

static bool read_way_back(struct rlk_journal_entry *entry, const char *value)
{
    for (unsigned i = RLK_WAY_BACK_UNSAID; i <= RLK_WAY_BACK_NONE; i++) {
        if (strcmp(value, rlk_way_back_name((enum rlk_way_back)i)) == 0) {
            entry->way_back = (enum rlk_way_back)i;
            return true;
        }
    }
    return false;
}

static bool read_image(struct rlk_journal_entry *entry, const char *value)
{
    for (; *value != '\0'; value++) {
        const bool is_digit = *value >= '0' && *value <= '9';
        if (!is_digit && (*value < 'a' || *value > 'f')) {
            return false;
        }
        entry->image_digest = entry->image_digest << 4 | (uint64_t)(is_digit ? *value - '0' : *value - 'a' + 10);
    }
    return true;
}

static bool read_size(struct rlk_journal_entry *entry, const char *value)
{
    uint64_t size = 0;
    for (; *value >= '0' && *value <= '9' && size <= UINT32_MAX; value++) {
        size = size * 10U + (uint64_t)(*value - '0');
    }
    entry->image_bytes = (uint32_t)size;
    return *value == '\0' && size <= UINT32_MAX;
}

static bool read_serial(struct rlk_journal_entry *entry, const char *value)
{
    if (strcmp(value, EMPTY_SERIAL) == 0) {
        return true;
    }
    rlk_journal_clean_serial(entry->serial, value);
    return true;
}

static const struct {
    const char *key;
    bool (*read)(struct rlk_journal_entry *entry, const char *value);
} readers[] = {
    {"phase", read_phase}, {"family", read_family}, {"end", read_end},       {"back", read_way_back},
    {"image", read_image}, {"size", read_size},     {"serial", read_serial},
};

static bool read_entry(struct rlk_journal_entry *entry, struct words *words)
{
    char value[WORD_BYTES];
    if (!take_text(words, MAGIC)) {
        return false;
    }
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (!take_value(words, readers[i].key, value) || !readers[i].read(entry, value)) {
            return false;
        }
    }
    return true;
}

enum rlk_error rlk_journal_decode(struct rlk_journal_entry *entry, const char *line, size_t length)
{
    char again[RLK_JOURNAL_LINE_BYTES];
    const size_t bare = length > 0 && line[length - 1] == '\n' ? length - 1 : length;
    struct words words = {.text = line, .length = bare};
    memset(entry, 0, sizeof *entry);
    if (read_entry(entry, &words) && rlk_journal_encode(entry, again) == bare && memcmp(again, line, bare) == 0) {
        return RLK_OK;
    }
    memset(entry, 0, sizeof *entry);
    return RLK_E_JOURNAL_MALFORMED;
}
