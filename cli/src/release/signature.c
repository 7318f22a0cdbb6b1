#include "release/signature.h"
#include "system/hex.h"
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void key_name(struct public_key *key)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, key->bytes, sizeof key->bytes);
    memcpy(key->id, hash, sizeof key->id);
}

void key_derive(struct secret_key *key)
{
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(key->public.bytes, secret, key->seed);
    sodium_memzero(secret, sizeof secret);
    key_name(&key->public);
}

bool key_ring_add(struct key_ring *ring, const struct public_key *key)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (memcmp(ring->keys[i].bytes, key->bytes, sizeof key->bytes) == 0) {
            return true;
        }
    }
    if (ring->count == KEY_RING_MAX) {
        return false;
    }
    ring->keys[ring->count++] = *key;
    return true;
}

bool key_has_expired(const struct public_key *key, uint64_t now_s)
{
    return key->expires_s != 0 && now_s >= key->expires_s;
}

/* Prefix and document in one piece; NULL: no memory. */
static uint8_t *signed_bytes(enum rlk_document_kind kind, const struct content *document, size_t *length)
{
    static const char *const prefixes[RLK_DOCUMENT_KINDS] = {
        [RLK_DOCUMENT_RELEASE] = "relock-release-v1",
        [RLK_DOCUMENT_CHANNEL] = "relock-channel-v1",
        [RLK_DOCUMENT_KEYS] = "relock-keys-v1",
    };
    size_t prefix_bytes = strlen(prefixes[kind]) + 1;
    uint8_t *bytes = malloc(prefix_bytes + document->length);
    if (bytes != NULL) {
        memcpy(bytes, prefixes[kind], prefix_bytes);
        memcpy(bytes + prefix_bytes, document->bytes, document->length);
    }
    *length = prefix_bytes + document->length;
    return bytes;
}

bool signature_make(const struct secret_key *key, enum rlk_document_kind kind, const struct content *document,
                    uint8_t signature[SIGNATURE_BYTES])
{
    size_t length = 0;
    uint8_t *bytes = signed_bytes(kind, document, &length);
    if (bytes == NULL) {
        return false;
    }
    uint8_t public[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(public, secret, key->seed);
    crypto_sign_detached(signature, NULL, bytes, length, secret);
    sodium_memzero(secret, sizeof secret);
    free(bytes);
    return true;
}

static const struct public_key *find_key(const struct key_ring *ring, const char *id_text)
{
    uint8_t id[KEY_ID_BYTES];
    for (size_t i = 0; hex_read(id, sizeof id, id_text) && i < ring->count; i++) {
        if (memcmp(ring->keys[i].id, id, sizeof id) == 0) {
            return &ring->keys[i];
        }
    }
    return NULL;
}

static bool fits(const struct public_key *key, const char *text, const uint8_t *bytes, size_t length)
{
    uint8_t signature[SIGNATURE_BYTES];
    return hex_read(signature, sizeof signature, text) &&
           crypto_sign_verify_detached(signature, bytes, length, key->bytes) == 0;
}

enum rlk_error signature_check(const struct key_ring *ring, enum rlk_document_kind kind, const struct content *document,
                               const struct rlk_json *tree, uint64_t now_s, struct public_key *by)
{
    size_t length = 0;
    uint8_t *bytes = signed_bytes(kind, document, &length);
    bool has_wrong = bytes == NULL;
    bool has_expired = false;
    bool holds = false;
    const struct rlk_json_node *list = rlk_json_member(tree, &tree->nodes[0], "signatures");
    for (const struct rlk_json_node *node = rlk_json_first(tree, list); node != NULL && bytes != NULL && !holds;
         node = rlk_json_next(tree, node)) {
        const struct public_key *key = find_key(ring, rlk_json_text(tree, rlk_json_member(tree, node, "key")));
        if (key == NULL) {
            continue;
        }
        bool is_right = fits(key, rlk_json_text(tree, rlk_json_member(tree, node, "signature")), bytes, length);
        bool is_late = key_has_expired(key, now_s);
        holds = is_right && !is_late;
        has_wrong = has_wrong || !is_right;
        has_expired = has_expired || (is_right && is_late);
        *by = *key;
    }
    free(bytes);
    if (holds) {
        return RLK_OK;
    }
    enum rlk_error otherwise = has_expired ? RLK_E_KEY_EXPIRED : RLK_E_KEY_UNKNOWN;
    return has_wrong ? RLK_E_SIGNATURE_WRONG : otherwise;
}
