#include "release/release_load.h"
#include "release/names.h"
#include "system/hex.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One document on its way in: its bytes, where they came from, and who signed them. */
struct arrival {
    const struct source *source;
    const struct release_terms *terms;
    const struct key_ring *ring; /* the keys that count now */
    struct problem *problem;
    struct rlk_json *scratch; /* signatures, channel, keys */
    struct key_ring changed;  /* those of keys.json */
};

static enum rlk_error fetch(const struct arrival *arrival, bool is_above, const char *name, struct content *content,
                            enum rlk_error missing)
{
    char path[PATH_MAX];
    enum content_state state = source_get(arrival->source, is_above, name, RLK_JSON_BYTES_MAX, content, path);
    return problem_set_state(arrival->problem, state, path, missing, RLK_E_DOCUMENT_TOO_LARGE);
}

static enum rlk_error check_signature(const struct arrival *arrival, enum rlk_document_kind kind, bool is_above,
                                      const char *name, const struct content *document, struct public_key *by)
{
    char path[PATH_MAX];
    struct content content;
    char signature_name[64];
    snprintf(signature_name, sizeof signature_name, "%s.sig", name);
    enum rlk_error error = fetch(arrival, is_above, signature_name, &content, RLK_E_SIGNATURE_MISSING);
    snprintf(path, sizeof path, "%s", arrival->problem->file);
    if (error == RLK_OK) {
        error = problem_set_document(arrival->problem, arrival->scratch, RLK_DOCUMENT_SIGNATURE, &content, path);
    }
    if (error == RLK_OK) {
        error = signature_check(arrival->ring, kind, document, arrival->scratch, arrival->terms->now_s, by);
        problem_set(arrival->problem, error, path);
    }
    content_free(&content);
    return error;
}

/* Fetches a document, checks its signature over the bytes that came, and only then reads it. */
static enum rlk_error arrive(const struct arrival *arrival, enum rlk_document_kind kind, bool is_above,
                             const char *name, struct rlk_json *tree, struct public_key *by)
{
    struct content content;
    char path[PATH_MAX];
    enum rlk_error error = fetch(arrival, is_above, name, &content, RLK_E_RELEASE_NOT_FOUND);
    snprintf(path, sizeof path, "%s", arrival->problem->file);
    if (error == RLK_OK && arrival->ring != NULL) {
        error = check_signature(arrival, kind, is_above, name, &content, by);
    }
    if (error == RLK_OK) {
        error = problem_set_document(arrival->problem, tree, kind, &content, path);
    }
    content_free(&content);
    return error;
}

static uint32_t number_of(const struct rlk_json *tree, const char *name)
{
    const struct rlk_json_node *node = rlk_json_member(tree, &tree->nodes[0], name);
    return node != NULL ? node->number : 0;
}

static uint64_t time_of(const struct rlk_json *tree, const struct rlk_json_node *node, const char *name)
{
    const char *text = rlk_json_text(tree, rlk_json_member(tree, node, name));
    return text != NULL ? rlk_document_time_s(text) : 0;
}

bool release_keys_take(struct key_ring *ring, const struct rlk_json *tree)
{
    const struct rlk_json_node *list = rlk_json_member(tree, &tree->nodes[0], "keys");
    *ring = (struct key_ring){0};
    for (const struct rlk_json_node *node = rlk_json_first(tree, list); node != NULL;
         node = rlk_json_next(tree, node)) {
        struct public_key key = {.expires_s = time_of(tree, node, "expires")};
        uint8_t id[KEY_ID_BYTES];
        if (!hex_read(key.bytes, sizeof key.bytes, rlk_json_text(tree, rlk_json_member(tree, node, "public"))) ||
            !hex_read(id, sizeof id, rlk_json_text(tree, rlk_json_member(tree, node, "id")))) {
            return false;
        }
        key_name(&key);
        if (memcmp(id, key.id, sizeof id) != 0 || !key_ring_add(ring, &key)) {
            return false;
        }
    }
    return true;
}

static enum rlk_error damaged_keys(const struct arrival *arrival, const struct loaded_release *loaded)
{
    char path[PATH_MAX];
    seen_keys_path(arrival->source->name, &loaded->named, path, sizeof path);
    return problem_set(arrival->problem, RLK_E_RELEASE_MEMORY_DAMAGED, path);
}

/* The keys.json that was seen last: its keys count, and a change of them is theirs to sign. */
static enum rlk_error recall_keys(struct arrival *arrival, const struct loaded_release *loaded, struct content *seen,
                                  uint32_t *edition)
{
    *seen = (struct content){0};
    if (arrival->terms->recalls && seen_keys_load(arrival->source->name, &loaded->named, seen) != RLK_OK) {
        return damaged_keys(arrival, loaded);
    }
    if (seen->bytes == NULL) {
        return RLK_OK;
    }
    const char *text = (const char *)seen->bytes;
    if (rlk_document_read(arrival->scratch, RLK_DOCUMENT_KEYS, text, seen->length, NULL) != RLK_OK ||
        !release_keys_take(&arrival->changed, arrival->scratch)) {
        return damaged_keys(arrival, loaded);
    }
    *edition = number_of(arrival->scratch, "edition");
    arrival->ring = &arrival->changed;
    return RLK_OK;
}

/* A keys.json that differs from the one that was seen. */
static enum rlk_error take_change(struct arrival *arrival, struct loaded_release *loaded, const struct content *content,
                                  uint32_t edition_seen)
{
    struct public_key by;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", arrival->problem->file);
    enum rlk_error error = check_signature(arrival, RLK_DOCUMENT_KEYS, true, RELEASE_KEYS, content, &by);
    if (error == RLK_OK) {
        error = problem_set_document(arrival->problem, arrival->scratch, RLK_DOCUMENT_KEYS, content, path);
    }
    if (error == RLK_OK && number_of(arrival->scratch, "edition") < edition_seen) {
        error = problem_set_field(arrival->problem, RLK_E_RELEASE_OLDER, path, "edition");
    }
    if (error == RLK_OK && !release_keys_take(&arrival->changed, arrival->scratch)) {
        error = problem_set_field(arrival->problem, RLK_E_KEY_MALFORMED, path, "keys");
    }
    if (error == RLK_OK) {
        arrival->ring = &arrival->changed;
        loaded->keys = *content;
    }
    return error;
}

/* keys.json, if there is one, replaces the trusted keys; what was seen counts as well where it is held back. */
static enum rlk_error change_keys(struct arrival *arrival, struct loaded_release *loaded)
{
    struct content seen;
    struct content content = {0};
    uint32_t edition = 0;
    enum rlk_error error = recall_keys(arrival, loaded, &seen, &edition);
    if (error == RLK_OK) {
        error = fetch(arrival, true, RELEASE_KEYS, &content, RLK_E_RELEASE_NOT_FOUND);
    }
    bool is_same = error == RLK_OK && seen.bytes != NULL && content.length == seen.length &&
                   memcmp(content.bytes, seen.bytes, seen.length) == 0;
    if (error == RLK_E_RELEASE_NOT_FOUND || is_same) {
        error = problem_set(arrival->problem, RLK_OK, NULL);
    } else if (error == RLK_OK) {
        error = take_change(arrival, loaded, &content, edition);
    }
    content_free(&seen);
    if (loaded->keys.bytes == NULL) {
        content_free(&content);
    }
    return error;
}

bool channel_has_withdrawn(const struct rlk_json *channel, uint32_t sequence)
{
    const struct rlk_json_node *list = rlk_json_member(channel, &channel->nodes[0], "withdrawn");
    for (const struct rlk_json_node *node = rlk_json_first(channel, list); node != NULL;
         node = rlk_json_next(channel, node)) {
        if (node->number == sequence) {
            return true;
        }
    }
    return false;
}

static bool is_past(uint64_t expires_s, uint64_t now_s)
{
    return expires_s != 0 && now_s >= expires_s;
}

/* Name, expiry, channel, and what was seen before. */
static enum rlk_error judge(const struct arrival *arrival, struct loaded_release *loaded, const char *path)
{
    const struct rlk_json *channel = arrival->scratch;
    const struct rlk_release *release = &loaded->release;
    const char *channel_name = rlk_json_text(channel, rlk_json_member(channel, &channel->nodes[0], "name"));
    if (strcmp(release->name, arrival->source->name) != 0 || strcmp(channel_name, release->name) != 0) {
        return problem_set_field(arrival->problem, RLK_E_RELEASE_OF_ANOTHER_NAME, path, "name");
    }
    uint64_t now_s = arrival->terms->now_s;
    uint32_t edition = number_of(channel, "edition");
    uint64_t channel_expires_s = time_of(channel, &channel->nodes[0], "expires");
    const struct {
        bool is_so;
        enum rlk_error error;
    } objections[] = {
        {channel_has_withdrawn(channel, release->sequence), RLK_E_RELEASE_WITHDRAWN},
        {edition < loaded->seen.edition || release->sequence < loaded->seen.sequence, RLK_E_RELEASE_OLDER},
        {release->sequence != number_of(channel, "current"), RLK_E_RELEASE_NOT_CURRENT},
        {is_past(release->expires_s, now_s) || is_past(channel_expires_s, now_s), RLK_E_RELEASE_EXPIRED},
    };
    problem_set(&loaded->objection, RLK_OK, NULL);
    for (size_t i = 0; i < sizeof objections / sizeof objections[0] && loaded->objection.error == RLK_OK; i++) {
        if (objections[i].is_so) {
            problem_set(&loaded->objection, objections[i].error, path);
        }
    }
    loaded->seen.edition = edition > loaded->seen.edition ? edition : loaded->seen.edition;
    loaded->is_judged = loaded->is_signed;
    return RLK_OK;
}

/* The signature of release.json counts as the release's. */
static enum rlk_error load_documents(struct arrival *arrival, struct loaded_release *loaded)
{
    struct public_key by;
    char path[PATH_MAX];
    enum rlk_error error = RLK_OK;
    if (arrival->ring != NULL && arrival->terms->recalls) {
        error = seen_load(arrival->source->name, &loaded->seen);
        seen_path(arrival->source->name, path, sizeof path);
        problem_set(arrival->problem, error, path);
    }
    if (error == RLK_OK && arrival->ring != NULL) {
        loaded->named = *arrival->ring;
        error = change_keys(arrival, loaded);
    }
    if (error == RLK_OK) {
        error = arrive(arrival, RLK_DOCUMENT_RELEASE, false, RELEASE_DOCUMENT, &loaded->tree, &loaded->signer);
        snprintf(path, sizeof path, "%s", arrival->problem->file);
    }
    if (error == RLK_OK) {
        struct rlk_document_place place = {0};
        error = rlk_release_take(&loaded->release, &loaded->tree, &place);
        problem_set_field(arrival->problem, error, path, place.path);
    }
    if (error == RLK_OK) {
        error = arrive(arrival, RLK_DOCUMENT_CHANNEL, false, RELEASE_CHANNEL, arrival->scratch, &by);
    }
    loaded->is_signed = error == RLK_OK && arrival->ring != NULL;
    return error == RLK_OK ? judge(arrival, loaded, path) : error;
}

static enum rlk_error load_image(struct firmware *firmware, const struct rlk_release_image *image,
                                 const struct content *content)
{
    return image->is_binary ? firmware_load_binary(firmware, content->bytes, content->length, image->addr)
                            : firmware_load_hex(firmware, content->bytes, content->length);
}

/* Checks the bytes, and takes the very same ones. */
static enum rlk_error take_file(const struct arrival *arrival, struct loaded_release *loaded,
                                const struct release_file *file, size_t index)
{
    struct content content;
    char path[PATH_MAX];
    struct firmware firmware = {0};
    enum content_state state =
        source_get(arrival->source, false, file->file, release_file_bytes_max(file), &content, path);
    enum rlk_error missing = arrival->source->is_url ? RLK_E_RELEASE_NOT_REACHED : RLK_E_FILE_UNREADABLE;
    enum rlk_error error = problem_set_state(arrival->problem, state, path, missing, RLK_E_RELEASE_FILE_SIZE);
    if (error == RLK_OK) {
        error = release_file_check(file, content.bytes, content.length);
        problem_set_field(arrival->problem, error, path, file->path);
    }
    if (error == RLK_OK && file->is_image) {
        error = load_image(&firmware, &loaded->release.images[index], &content);
        problem_set(arrival->problem, error, path);
        arrival->problem->image = firmware.place;
    }
    if (error == RLK_OK && file->is_image) {
        error = firmware_add(&loaded->firmware, &firmware);
        problem_set_field(arrival->problem, error, path, file->path);
    }
    firmware_free(&firmware);
    content_free(&content);
    return error;
}

static enum rlk_error load_files(const struct arrival *arrival, struct loaded_release *loaded)
{
    struct release_file files[RELEASE_FILES_MAX];
    size_t count = release_files_list(&loaded->tree, files);
    enum rlk_error error = RLK_OK;
    for (size_t i = 0; i < count && error == RLK_OK; i++) {
        if (files[i].is_image || arrival->terms->wants_pictures) {
            error = take_file(arrival, loaded, &files[i], i);
        }
    }
    return error;
}

enum rlk_error release_load(struct loaded_release *loaded, const struct source *source,
                            const struct release_terms *terms, struct problem *problem)
{
    memset(loaded, 0, sizeof *loaded);
    struct arrival arrival = {
        .source = source,
        .terms = terms,
        .ring = terms->trusted,
        .problem = problem,
        .scratch = malloc(sizeof *arrival.scratch),
    };
    if (arrival.scratch == NULL) {
        return problem_set(problem, RLK_E_INTERNAL, NULL);
    }
    enum rlk_error error = load_documents(&arrival, loaded);
    free(arrival.scratch);
    if (error == RLK_OK) {
        error = load_files(&arrival, loaded);
    }
    if (error == RLK_OK && loaded->objection.error == RLK_OK) {
        loaded->seen.sequence = loaded->release.sequence;
    }
    return error;
}

void release_free(struct loaded_release *loaded)
{
    firmware_free(&loaded->firmware);
    content_free(&loaded->keys);
}

enum rlk_error release_remember(const struct loaded_release *loaded, const char *name)
{
    enum rlk_error error = RLK_OK;
    if (loaded->keys.bytes != NULL && name_is_release(name)) {
        error = seen_keys_save(name, &loaded->named, &loaded->keys);
    }
    return error == RLK_OK && loaded->is_judged ? seen_save(name, &loaded->seen) : error;
}

enum rlk_error release_document_read(struct rlk_json *tree, struct document_bytes *bytes, enum rlk_document_kind kind,
                                     const struct source *source, const char *name, struct problem *problem)
{
    struct content content;
    char path[PATH_MAX];
    enum content_state state = source_get(source, false, name, RLK_JSON_BYTES_MAX, &content, path);
    enum rlk_error error = problem_set_state(problem, state, path, RLK_E_RELEASE_NOT_FOUND, RLK_E_DOCUMENT_TOO_LARGE);
    if (error == RLK_OK) {
        error = problem_set_document(problem, tree, kind, &content, path);
    }
    bytes->length = 0;
    if (error == RLK_OK) {
        bytes->length = content.length;
        memcpy(bytes->bytes, content.bytes, content.length);
    }
    content_free(&content);
    return error;
}
