/*
 * Journal entries: one line of text per device, the newest replaces the older one. Memory may spare destruction, never
 * justify it.
 */
#ifndef RELOCK_JOURNAL_H
#define RELOCK_JOURNAL_H

#include "relock/chip.h"
#include "relock/error.h"
#include "relock/options.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RLK_JOURNAL_LINE_BYTES   256U /* with its NUL */
#define RLK_JOURNAL_SERIAL_BYTES 33U

enum rlk_journal_phase {
    RLK_JOURNAL_NONE,
    RLK_JOURNAL_ERASING, /* consent given; 0x92 or the first change of the flash comes next */
    RLK_JOURNAL_EMPTY,   /* seen at level 0 after our 0x92; being written */
    RLK_JOURNAL_SEALING, /* compared equal; the option write comes next */
    RLK_JOURNAL_PROVEN,  /* proven; kept so that a finished device is not erased by mistake */
    RLK_JOURNAL_PHASES
};

struct rlk_journal_entry {
    enum rlk_journal_phase phase;
    enum rlk_family family;
    bool end_protected; /* the end state that was asked for */
    enum rlk_way_back way_back;
    uint64_t image_digest;
    uint32_t image_bytes;
    char serial[RLK_JOURNAL_SERIAL_BYTES]; /* as the device gives it; [A-Za-z0-9] only, others dropped, cut */
};

/* Writes one line, no newline, NUL-terminated, with a CRC at its end, into `line` of RLK_JOURNAL_LINE_BYTES.
 * Returns its length without the NUL. */
size_t rlk_journal_encode(const struct rlk_journal_entry *entry, char *line);

/* Strict: exactly what rlk_journal_encode writes (one trailing newline allowed). RLK_OK or RLK_E_JOURNAL_MALFORMED. */
enum rlk_error rlk_journal_decode(struct rlk_journal_entry *entry, const char *line, size_t length);

/* The serial as an entry keeps it: letters and digits only, cut. `clean` has RLK_JOURNAL_SERIAL_BYTES. */
void rlk_journal_clean_serial(char *clean, const char *serial);

const char *rlk_journal_phase_name(enum rlk_journal_phase phase);
const char *rlk_way_back_name(enum rlk_way_back way_back); /* "boot0", "empty-check", "none", "unsaid" */

#endif
