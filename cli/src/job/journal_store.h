/*
 * Where the journal lives: one file per device in $XDG_STATE_HOME/relock (or ~/.local/state/relock), one line each.
 * A new line replaces the old one as a whole, durably, or not at all.
 */
#ifndef RELOCK_CLI_JOURNAL_STORE_H
#define RELOCK_CLI_JOURNAL_STORE_H

#include "relock/journal.h"
#include <stddef.h>

#define JOURNAL_KEY_BYTES 80U

/* Names a device: "serial-…", "port-…", "sim-…"; empty: this device is not remembered. */
struct journal_key {
    char text[JOURNAL_KEY_BYTES];
};

/* Keeps what is fit for a file name of `name`, so that nothing a device says can leave the folder. */
void journal_key_set(struct journal_key *key, const char *prefix, const char *name);

/* RLK_OK with phase NONE if there is no entry. May fail with RLK_E_JOURNAL_MALFORMED. */
enum rlk_error journal_load(const struct journal_key *key, struct rlk_journal_entry *entry);

/* Durable when it returns RLK_OK. May fail with RLK_E_JOURNAL_FAILED. */
enum rlk_error journal_save(const struct journal_key *key, const char *line, size_t line_bytes);

/* RLK_OK also if there was none. May fail with RLK_E_JOURNAL_FAILED. */
enum rlk_error journal_forget(const struct journal_key *key);

bool journal_is_begun(const struct rlk_journal_entry *entry);

/* A job on a real device that was begun and not finished, if there is one. */
bool journal_find_begun(struct journal_key *key, struct rlk_journal_entry *entry);

/* Is any job begun and not finished, on any device, a simulated one too? */
bool journal_has_begun(void);

/* Where the entry of `key` is or would be, for messages; false if neither XDG_STATE_HOME nor HOME says where. */
bool journal_path(const struct journal_key *key, char *path, size_t room);

#endif
