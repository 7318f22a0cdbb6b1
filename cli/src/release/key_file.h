/*
 * Key files. docs/release-format.md, "Key files", is their specification.
 */
#ifndef RELOCK_CLI_KEY_FILE_H
#define RELOCK_CLI_KEY_FILE_H

#include "arguments.h"
#include "output/problem.h"
#include "release/signature.h"

#define KEY_SALT_BYTES  16U
#define KEY_NONCE_BYTES 24U
#define KEY_BOX_BYTES   (KEY_SEED_BYTES + 16U)

/* What a key file says, secret or public. */
struct key_file {
    struct public_key public;
    bool is_secret;
    bool is_locked; /* by a passphrase */
    uint8_t seed[KEY_SEED_BYTES];
    uint8_t salt[KEY_SALT_BYTES], nonce[KEY_NONCE_BYTES], box[KEY_BOX_BYTES];
};

/* Reads a key file of either kind. Wipe `key` (sodium_memzero) when done. RLK_OK, or RLK_E_KEY_MALFORMED,
 * FILE_UNREADABLE, DOCUMENT_* in the problem. */
enum rlk_error key_file_read(struct key_file *key, const char *path, struct problem *problem);

/* Reads a secret key, and asks a person at a terminal for its passphrase if it has one. Wipe `secret` when done.
 * As key_file_read, and RLK_E_KEY_LOCKED. */
enum rlk_error key_file_open(struct secret_key *secret, const char *path, const struct arguments *arguments,
                             struct problem *problem);

/* May other users of this computer read the file, by its mode? False if there is none. */
bool key_file_is_open_to_others(const char *path);

/* A public key: 64 hexadecimal digits, or a key file of either kind. As key_file_read. */
enum rlk_error key_public_take(struct public_key *key, const char *hex_or_path, struct problem *problem);

/* Writes PATH, readable by this user alone, and PATH.pub. `passphrase` NULL: none. Never replaces anything: RLK_OK or
 * RLK_E_FILE_NOT_WRITTEN in the problem. */
enum rlk_error key_file_write(const struct secret_key *secret, const char *path, const char *passphrase,
                              struct problem *problem);

#endif
