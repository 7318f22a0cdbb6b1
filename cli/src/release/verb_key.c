#include "output/json.h"
#include "output/prompt.h"
#include "release/key_file.h"
#include "release/maker.h"
#include "release/release_files.h"
#include "release/release_sign.h"
#include "system/folder.h"
#include "system/hex.h"
#include "system/times.h"
#include "verbs.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* A key as it is shown; never its secret. */
static void show_json(struct output *output, const struct key_file *key, const char *id, const char *public)
{
    struct json json;
    char time[TIME_TEXT_BYTES];
    times_write(time, key->public.expires_s);
    json_begin_event(&json, output->stream, "key");
    json_text(&json, "id", id);
    json_text(&json, "public", public);
    json_text(&json, "expires", key->public.expires_s != 0 ? time : NULL);
    json_bool(&json, "expired", key_has_expired(&key->public, times_now_s()));
    json_bool(&json, "secret", key->is_secret);
    json_bool(&json, "locked", key->is_locked);
    json_end_event(&json);
}

static void show_text(struct output *output, const struct key_file *key, const char *id, const char *public)
{
    char time[TIME_TEXT_BYTES];
    char expires[TIME_TEXT_BYTES + 32] = "";
    const char *lock = key->is_locked ? "with a passphrase" : "without a passphrase: whoever has the file can sign";
    times_write(time, key->public.expires_s);
    if (key->public.expires_s != 0) {
        snprintf(expires, sizeof expires, ", \"expires\": \"%s\"", time);
    }
    fprintf(output->stream, "  Id       %s\n  Public   %s\n  Expires  %s%s\n  Kind     %s%s\n", id, public,
            key->public.expires_s != 0 ? time : "never",
            key_has_expired(&key->public, times_now_s()) ? " (EXPIRED)" : "", key->is_secret ? "secret, " : "public",
            key->is_secret ? lock : "");
    fprintf(output->stream, "\nIn \"keys\" of site.json:\n  {\"id\": \"%s\", \"public\": \"%s\"%s}\n", id, public,
            expires);
}

static void show(const struct arguments *arguments, struct output *output, const struct key_file *key)
{
    char id[2 * KEY_ID_BYTES + 1];
    char public[2 * KEY_PUBLIC_BYTES + 1];
    hex_write(id, key->public.id, sizeof key->public.id);
    hex_write(public, key->public.bytes, sizeof key->public.bytes);
    (arguments->json ? show_json : show_text)(output, key, id, public);
}

static int key_show(const struct arguments *arguments, struct output *output)
{
    struct key_file key;
    struct problem problem;
    enum rlk_error error = key_file_read(&key, arguments->words[1], &problem);
    if (error == RLK_OK) {
        show(arguments, output, &key);
    }
    sodium_memzero(&key, sizeof key);
    return error == RLK_OK ? end_early(output, RLK_OK, NULL) : problem_end(&problem, output);
}

/* Twice the same; an empty one means none. False: no answer, or two different ones, which is said. */
static bool choose_passphrase(struct output *output, char *passphrase)
{
    char again[PROMPT_SECRET_BYTES] = "";
    bool is_typed = prompt_secret("Passphrase for the new secret key (empty: none): ", passphrase) &&
                    (passphrase[0] == '\0' || prompt_secret("The same again: ", again));
    bool is_same = strcmp(passphrase, again) == 0;
    sodium_memzero(again, sizeof again);
    if (is_typed && !is_same) {
        maker_say(output, "The two passphrases differ; no key was made.");
    }
    return is_typed && is_same;
}

static enum rlk_error make_key(struct secret_key *secret, const struct arguments *arguments, struct output *output,
                               bool *is_locked, struct problem *problem)
{
    const char *path = arguments->words[1];
    char passphrase[PROMPT_SECRET_BYTES] = "";
    bool asks = prompt_is_possible(arguments) && !arguments->maker.no_passphrase;
    enum rlk_error error = RLK_OK;
    randombytes_buf(secret->seed, sizeof secret->seed);
    key_derive(secret);
    if (asks && !choose_passphrase(output, passphrase)) {
        error = problem_set(problem, RLK_E_KEY_LOCKED, path);
    }
    *is_locked = passphrase[0] != '\0';
    if (error == RLK_OK) {
        error = key_file_write(secret, path, *is_locked ? passphrase : NULL, problem);
    }
    sodium_memzero(passphrase, sizeof passphrase);
    return error;
}

static int key_new(const struct arguments *arguments, struct output *output)
{
    struct secret_key secret = {0};
    struct problem problem;
    bool is_locked = false;
    if (!maker_expiry(arguments, &secret.public.expires_s)) {
        return EXIT_USAGE;
    }
    enum rlk_error error = make_key(&secret, arguments, output, &is_locked, &problem);
    struct key_file key = {.public = secret.public, .is_secret = true, .is_locked = is_locked};
    sodium_memzero(&secret, sizeof secret);
    if (error != RLK_OK) {
        return problem_end(&problem, output);
    }
    maker_say(output,
              "Made a secret key, %s, and its public half, %s.pub. Keep the secret one to yourself, with a copy in a "
              "safe place: who has it can sign, and without it no release can be signed any more.",
              arguments->words[1], arguments->words[1]);
    show(arguments, output, &key);
    return end_early(output, RLK_OK, NULL);
}

static json_t *key_json(const struct public_key *key)
{
    char id[2 * KEY_ID_BYTES + 1];
    char public[2 * KEY_PUBLIC_BYTES + 1];
    char time[TIME_TEXT_BYTES];
    hex_write(id, key->id, sizeof key->id);
    hex_write(public, key->bytes, sizeof key->bytes);
    json_t *value = json_pack("{s:s, s:s}", "id", id, "public", public);
    if (key->expires_s != 0) {
        times_write(time, key->expires_s);
        json_object_set_new(value, "expires", json_string(time));
    }
    return value;
}

/* The edition of keys.json as it is; 0 if there is none. */
static enum rlk_error edition_now(const char *folder, uint32_t *edition, struct problem *problem)
{
    char path[PATH_MAX];
    struct content content;
    *edition = 0;
    if (!folder_join(path, sizeof path, folder, RELEASE_KEYS)) {
        return problem_set(problem, RLK_E_FILE_NOT_WRITTEN, folder);
    }
    enum content_state state = content_read(&content, path, RLK_JSON_BYTES_MAX);
    if (state == CONTENT_MISSING) {
        return problem_set(problem, RLK_OK, NULL);
    }
    struct rlk_json *tree = malloc(sizeof *tree);
    enum rlk_error error = problem_set_state(problem, state, path, RLK_OK, RLK_E_DOCUMENT_TOO_LARGE);
    if (error == RLK_OK && tree == NULL) {
        error = problem_set(problem, RLK_E_INTERNAL, path);
    }
    if (error == RLK_OK) {
        error = problem_set_document(problem, tree, RLK_DOCUMENT_KEYS, &content, path);
    }
    if (error == RLK_OK) {
        *edition = rlk_json_member(tree, &tree->nodes[0], "edition")->number;
    }
    free(tree);
    content_free(&content);
    return error;
}

static enum rlk_error write_keys(const struct arguments *arguments, uint32_t edition, struct problem *problem)
{
    const struct text_list *to = &arguments->maker.to;
    json_t *list = json_array();
    enum rlk_error error = RLK_OK;
    for (unsigned i = 0; i < to->count && error == RLK_OK; i++) {
        struct public_key key;
        error = key_public_take(&key, to->items[i], problem);
        json_array_append_new(list, key_json(&key));
    }
    json_t *value = json_pack("{s:s, s:I, s:o, s:o}", "format", "relock-keys-1", "edition", (json_int_t)edition,
                              "created", maker_now(), "keys", list);
    if (error == RLK_OK) {
        error = maker_store(value, RLK_DOCUMENT_KEYS, arguments->words[1], RELEASE_KEYS, problem);
    }
    json_decref(value);
    return error;
}

static int key_change(const struct arguments *arguments, struct output *output)
{
    const char *folder = arguments->words[1];
    struct signers signers;
    struct problem problem;
    uint32_t edition = 0;
    if (!signers_are_named(arguments)) {
        return EXIT_USAGE;
    }
    if (arguments->maker.to.count == 0) {
        return maker_usage("`key change` wants --to: the keys that are to be trusted from now on");
    }
    enum rlk_error error = signers_open(&signers, arguments, output, &problem);
    if (error == RLK_OK) {
        error = edition_now(folder, &edition, &problem);
    }
    if (error == RLK_OK) {
        error = write_keys(arguments, edition + 1, &problem);
    }
    if (error == RLK_OK) {
        error = signers_sign_file(&signers, RLK_DOCUMENT_KEYS, folder, RELEASE_KEYS, &problem);
    }
    signers_forget(&signers);
    if (error != RLK_OK) {
        return problem_end(&problem, output);
    }
    maker_say(output,
              "Wrote %s/keys.json, edition %" PRIu32 ", and its signature. It counts where one of the keys that signed "
              "it is trusted: a page or a command line that trusts none of them refuses the releases beside it.",
              folder, edition + 1);
    return end_early(output, RLK_OK, NULL);
}

int verb_key(const struct arguments *arguments, struct output *output)
{
    static const struct maker_word rows[] = {
        {"new", 1, 1, "key new FILE [--expires TIME] [--no-passphrase]", key_new},
        {"show", 1, 1, "key show FILE", key_show},
        {"change", 1, 1, "key change DIR --key SECRET... --to KEY...", key_change},
    };
    return sodium_init() < 0 ? end_early(output, RLK_E_INTERNAL, NULL)
                             : maker_dispatch(arguments, output, rows, sizeof rows / sizeof rows[0]);
}
