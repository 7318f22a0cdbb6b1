/*
 * Keys and signatures as docs/release-format.md has them: Ed25519 over a prefix and the exact bytes of a document.
 */
#ifndef RELOCK_CLI_SIGNATURE_H
#define RELOCK_CLI_SIGNATURE_H

#include "relock/document.h"
#include "system/content.h"
#include <stdbool.h>

#define KEY_ID_BYTES     8U
#define KEY_PUBLIC_BYTES 32U
#define KEY_SEED_BYTES   32U
#define SIGNATURE_BYTES  64U
#define KEY_RING_MAX     32U

struct public_key {
    uint8_t id[KEY_ID_BYTES];
    uint8_t bytes[KEY_PUBLIC_BYTES];
    uint64_t expires_s; /* since 1970; 0: never */
};

/* Keys that are trusted. */
struct key_ring {
    struct public_key keys[KEY_RING_MAX];
    size_t count;
    bool is_folder; /* all of the user's folder, and not named one by one */
};

struct secret_key {
    struct public_key public;
    uint8_t seed[KEY_SEED_BYTES];
};

/* Sets the id: the first bytes of the SHA-256 of the public ones. */
void key_name(struct public_key *key);

/* Derives public bytes and id from the seed. */
void key_derive(struct secret_key *key);

/* Adds a key unless it is there already. False: the ring is full. */
bool key_ring_add(struct key_ring *ring, const struct public_key *key);

bool key_has_expired(const struct public_key *key, uint64_t now_s);

/* Signs a document of kind RELEASE, CHANNEL or KEYS. False: no memory. */
bool signature_make(const struct secret_key *key, enum rlk_document_kind kind, const struct content *document,
                    uint8_t signature[SIGNATURE_BYTES]);

/* Is one of the signatures in `tree` (a document of kind SIGNATURE) by a trusted key that has not expired? RLK_OK, and
 * then `*by` is that key; or RLK_E_SIGNATURE_WRONG, KEY_EXPIRED, KEY_UNKNOWN: the first of these that is true of any.
 */
enum rlk_error signature_check(const struct key_ring *ring, enum rlk_document_kind kind, const struct content *document,
                               const struct rlk_json *tree, uint64_t now_s, struct public_key *by);

#endif
