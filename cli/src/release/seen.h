/*
 * What this user has seen of a release's name: older than that is refused.
 */
#ifndef RELOCK_CLI_SEEN_H
#define RELOCK_CLI_SEEN_H

#include "release/signature.h"
#include "relock/error.h"
#include "system/content.h"

struct seen {
    uint32_t edition, sequence; /* 0: nothing yet */
};

/* `name` as docs/release-format.md has it. RLK_OK with zeros if there is nothing, or RLK_E_RELEASE_MEMORY_DAMAGED. */
enum rlk_error seen_load(const char *name, struct seen *seen);

/* Durable when it returns RLK_OK; otherwise RLK_E_RELEASE_MEMORY_DAMAGED. */
enum rlk_error seen_save(const char *name, const struct seen *seen);

/* The keys.json that was taken last for a release's name by one who named the keys of `named`, or who trusts those of
 * the folder, whichever they are: its exact bytes, or nothing (`bytes` NULL). content_free in any case. RLK_OK or
 * RLK_E_RELEASE_MEMORY_DAMAGED. */
enum rlk_error seen_keys_load(const char *name, const struct key_ring *named, struct content *keys);
enum rlk_error seen_keys_save(const char *name, const struct key_ring *named, const struct content *keys);

void seen_keys_path(const char *name, const struct key_ring *named, char *path, size_t room);

/* Where it is or would be, for messages; "" if neither XDG_STATE_HOME nor HOME says where. */
void seen_path(const char *name, char *path, size_t room);

#endif
