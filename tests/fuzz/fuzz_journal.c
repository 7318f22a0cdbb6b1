/* Journal lines: only what the writer makes is read, and what is written is read as what it was. */
#include "fuzz.h"
#include "relock/digest.h"
#include "relock/journal.h"
#include <stdio.h>
#include <string.h>

#define CRC_WORD " crc="

enum { CRC_WORD_BYTES = sizeof CRC_WORD - 1, CRC_DIGITS = 8 };

static void say(const char *line, size_t length, enum rlk_error error, const struct rlk_journal_entry *entry)
{
    const struct rlk_chip *chip = rlk_chip_row(entry->family);
    (void)printf("= {\"kind\":\"journal\",\"line\":\"");
    fuzz_say_hex((const uint8_t *)line, length);
    (void)printf("\"}\n%s", rlk_error_name(error));
    if (error == RLK_OK) {
        (void)printf(" %s %s %d %s %u %s", rlk_journal_phase_name(entry->phase), chip == NULL ? "" : chip->name,
                     entry->end_protected ? 1 : 0, rlk_way_back_name(entry->way_back), (unsigned)entry->image_bytes,
                     entry->serial);
    }
    (void)printf("\n");
}

static void check_line(const char *line, size_t length)
{
    struct rlk_journal_entry entry;
    char again[RLK_JOURNAL_LINE_BYTES];
    enum rlk_error error = rlk_journal_decode(&entry, line, length);
    if (error == RLK_OK) {
        size_t bare = rlk_journal_encode(&entry, again);
        fuzz_demand(bare == length || (bare + 1U == length && line[bare] == '\n'), "a line has its own length");
        fuzz_demand(memcmp(again, line, bare) == 0, "an entry has one spelling");
    } else {
        fuzz_demand(entry.phase == RLK_JOURNAL_NONE && entry.image_digest == 0 && entry.serial[0] == '\0',
                    "a refused line gives nothing");
    }
    if (fuzz_is_speaking()) {
        say(line, length, error, &entry);
    }
}

/* Where the last " crc=" begins, or the end. */
static size_t find_crc(const char *line, size_t length)
{
    for (size_t at = length; at > 0; at--) {
        if (length - at >= CRC_WORD_BYTES && memcmp(&line[at], CRC_WORD, CRC_WORD_BYTES) == 0) {
            return at;
        }
    }
    return length;
}

/* A line that was read is not, once a digit of its CRC is another. */
static void check_crc(const char *line, size_t length)
{
    struct rlk_journal_entry entry;
    char changed[RLK_JOURNAL_LINE_BYTES + 32U];
    bool is_read = rlk_journal_decode(&entry, line, length) == RLK_OK;
    for (size_t i = length - CRC_DIGITS; is_read && i < length; i++) {
        memcpy(changed, line, length);
        changed[i] = changed[i] == '0' ? '1' : '0';
        fuzz_demand(rlk_journal_decode(&entry, changed, length) != RLK_OK, "a damaged line is refused");
    }
}

/* The CRC would keep nearly all inputs from being read any further: the same line with the right one. */
static void check_repaired(const uint8_t *data, size_t size)
{
    char line[RLK_JOURNAL_LINE_BYTES + 32U];
    size_t length = size < RLK_JOURNAL_LINE_BYTES ? size : RLK_JOURNAL_LINE_BYTES;
    memcpy(line, data, length);
    length = find_crc(line, length);
    uint32_t crc = rlk_crc32(0, line, length);
    (void)snprintf(&line[length], sizeof line - length, CRC_WORD "%08x", (unsigned)crc);
    length += CRC_WORD_BYTES + CRC_DIGITS;
    check_line(line, length);
    check_crc(line, length);
}

static void check_entry(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct rlk_journal_entry entry = {0};
    struct rlk_journal_entry read;
    char line[RLK_JOURNAL_LINE_BYTES];
    entry.phase = (enum rlk_journal_phase)fuzz_take_below(&input, RLK_JOURNAL_PHASES);
    entry.family = (enum rlk_family)fuzz_take_below(&input, RLK_FAMILY_COUNT);
    entry.end_protected = fuzz_take_below(&input, 2) != 0;
    entry.way_back = (enum rlk_way_back)fuzz_take_below(&input, RLK_WAY_BACK_NONE + 1U);
    entry.image_digest = (uint64_t)fuzz_take(&input, 4) << 32 | fuzz_take(&input, 4);
    entry.image_bytes = fuzz_take(&input, 4);
    (void)fuzz_take_bytes(&input, (uint8_t *)entry.serial, sizeof entry.serial);
    size_t length = rlk_journal_encode(&entry, line);
    fuzz_demand(length == strlen(line) && length < sizeof line, "a line fits");
    fuzz_demand(rlk_journal_decode(&read, line, length) == RLK_OK, "what is written is read");
    char clean[RLK_JOURNAL_SERIAL_BYTES];
    rlk_journal_clean_serial(clean, entry.serial);
    fuzz_demand(strcmp(clean, read.serial) == 0 && read.phase == entry.phase && read.family == entry.family &&
                    read.end_protected == entry.end_protected && read.way_back == entry.way_back &&
                    read.image_digest == entry.image_digest && read.image_bytes == entry.image_bytes,
                "an entry is read as it was written");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_line((const char *)data, size);
    check_repaired(data, size);
    check_entry(data, size);
    return 0;
}
