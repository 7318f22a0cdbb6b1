#include "release/key_file.h"
#include "release/release_check.h"
#include "release/release_files.h"
#include "release/release_load.h"
#include "system/times.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The signature beside a document, by `ring` if it is not NULL; otherwise it only is read. */
static enum rlk_error read_signature(const struct source *source, bool is_above, const struct key_ring *ring,
                                     enum rlk_document_kind kind, const char *name, const struct content *document,
                                     struct problem *problem)
{
    char path[PATH_MAX];
    char signature_name[64];
    struct content content;
    struct public_key by;
    struct rlk_json *tree = malloc(sizeof *tree);
    snprintf(signature_name, sizeof signature_name, "%s.sig", name);
    enum content_state state = source_get(source, is_above, signature_name, RLK_JSON_BYTES_MAX, &content, path);
    enum rlk_error error = problem_set_state(problem, state, path, RLK_E_SIGNATURE_MISSING, RLK_E_DOCUMENT_TOO_LARGE);
    if (error == RLK_OK && tree == NULL) {
        error = problem_set(problem, RLK_E_INTERNAL, path);
    }
    if (error == RLK_OK) {
        error = problem_set_document(problem, tree, RLK_DOCUMENT_SIGNATURE, &content, path);
    }
    if (error == RLK_OK && ring != NULL) {
        error = problem_set(problem, signature_check(ring, kind, document, tree, times_now_s(), &by), path);
    }
    free(tree);
    content_free(&content);
    return error;
}

/* The public keys of --key. False: one is none; said. */
static bool take_named(struct checking *checking, struct key_ring *ring)
{
    const struct text_list *keys = &checking->arguments->maker.keys;
    *ring = (struct key_ring){0};
    for (unsigned i = 0; i < keys->count; i++) {
        struct public_key key;
        struct problem problem;
        enum rlk_error error = key_public_take(&key, keys->items[i], &problem);
        if (error == RLK_OK && !key_ring_add(ring, &key)) {
            error = problem_set(&problem, RLK_E_KEY_MALFORMED, keys->items[i]);
        }
        if (error != RLK_OK) {
            check_problem(checking, &problem);
            return false;
        }
    }
    return true;
}

static enum rlk_error take_above(struct key_ring *ring, const struct content *content, const char *path,
                                 struct problem *problem)
{
    struct rlk_json *tree = malloc(sizeof *tree);
    if (tree == NULL) {
        return problem_set(problem, RLK_E_INTERNAL, path);
    }
    enum rlk_error error = problem_set_document(problem, tree, RLK_DOCUMENT_KEYS, content, path);
    if (error == RLK_OK && !release_keys_take(ring, tree)) {
        error = problem_set_field(problem, RLK_E_KEY_MALFORMED, path, "keys");
    }
    free(tree);
    return error;
}

enum above { ABOVE_NOTHING, ABOVE_KEYS, ABOVE_WRONG };

/* The keys of ../keys.json, which replace those that are trusted; `named` (may be NULL, or empty) must have signed it.
 * What is wrong with it is said. */
static enum above keys_above(struct checking *checking, const struct key_ring *named, struct key_ring *ring)
{
    char path[PATH_MAX];
    struct content content;
    struct problem problem;
    const struct source *source = &checking->folder->source;
    const struct key_ring *by = named != NULL && named->count > 0 ? named : NULL;
    enum content_state state = source_get(source, true, RELEASE_KEYS, RLK_JSON_BYTES_MAX, &content, path);
    if (state == CONTENT_MISSING) {
        content_free(&content);
        return ABOVE_NOTHING;
    }
    enum rlk_error error = problem_set_state(&problem, state, path, RLK_E_RELEASE_NOT_FOUND, RLK_E_DOCUMENT_TOO_LARGE);
    if (error == RLK_OK) {
        error = take_above(ring, &content, path, &problem);
    }
    if (error == RLK_OK) {
        error = read_signature(source, true, by, RLK_DOCUMENT_KEYS, RELEASE_KEYS, &content, &problem);
    }
    if (error != RLK_OK) {
        check_problem(checking, &problem);
    }
    content_free(&content);
    return error == RLK_OK ? ABOVE_KEYS : ABOVE_WRONG;
}

static void check_document(struct checking *checking, const struct key_ring *ring, enum rlk_document_kind kind,
                           const char *name, struct document_bytes *bytes)
{
    struct problem problem;
    const struct content document = {bytes->bytes, bytes->length};
    if (bytes->length > 0 &&
        read_signature(&checking->folder->source, false, ring, kind, name, &document, &problem) != RLK_OK) {
        check_problem(checking, &problem);
    }
}

void release_check_signatures(struct checking *checking)
{
    struct release_folder *folder = checking->folder;
    struct key_ring named;
    struct key_ring ring = {0};
    if (!release_folder_has(folder, RELEASE_SIGNATURE(RELEASE_DOCUMENT)) ||
        !release_folder_has(folder, RELEASE_SIGNATURE(RELEASE_CHANNEL))) {
        check_warning(checking, RELEASE_DOCUMENT, "It is not signed yet.");
        return;
    }
    if (!take_named(checking, &named)) {
        return;
    }
    enum above above = keys_above(checking, &named, &ring);
    if (above == ABOVE_WRONG) {
        return;
    }
    const struct key_ring *by = above == ABOVE_KEYS ? &ring : &named;
    if (by->count == 0) {
        check_warning(checking, RELEASE_SIGNATURE(RELEASE_DOCUMENT),
                      "Whether the signatures fit was not looked at: name the keys that customers trust (--key).");
        by = NULL;
    }
    check_document(checking, by, RLK_DOCUMENT_RELEASE, RELEASE_DOCUMENT, &folder->tree_bytes);
    check_document(checking, by, RLK_DOCUMENT_CHANNEL, RELEASE_CHANNEL, &folder->channel_bytes);
}

static bool has_key(const struct key_ring *ring, const struct public_key *key)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (memcmp(ring->keys[i].bytes, key->bytes, KEY_PUBLIC_BYTES) == 0) {
            return !key_has_expired(&ring->keys[i], times_now_s());
        }
    }
    return false;
}

static bool has_signer(const struct key_ring *ring, const struct signers *signers)
{
    bool has_one = false;
    for (size_t i = 0; i < signers->count; i++) {
        has_one = has_one || has_key(ring, &signers->keys[i].public);
    }
    return has_one;
}

bool release_check_signers(struct checking *checking, const struct signers *signers)
{
    struct key_ring ring = {0};
    enum above above = keys_above(checking, NULL, &ring);
    if (above == ABOVE_KEYS && !has_signer(&ring, signers)) {
        check_error(checking, RELEASE_KEYS,
                    "None of the keys of --key is in the keys.json of the folder above: whoever sees it refuses what "
                    "they sign.");
        return false;
    }
    return above != ABOVE_WRONG;
}

bool release_check_is_stale(struct release_folder *folder, const struct signers *signers)
{
    struct key_ring ring = {0};
    struct problem problem;
    const struct content document = {folder->tree_bytes.bytes, folder->tree_bytes.length};
    for (size_t i = 0; i < signers->count; i++) {
        key_ring_add(&ring, &signers->keys[i].public);
    }
    enum rlk_error error =
        read_signature(&folder->source, false, &ring, RLK_DOCUMENT_RELEASE, RELEASE_DOCUMENT, &document, &problem);
    return error != RLK_OK && error != RLK_E_SIGNATURE_MISSING && error != RLK_E_KEY_UNKNOWN;
}
