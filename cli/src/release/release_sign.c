#include "release/release_sign.h"
#include "release/key_file.h"
#include "system/folder.h"
#include "system/hex.h"
#include "system/times.h"
#include <sodium.h>
#include <stdio.h>

static void warn_of_others(const char *path, struct output *output)
{
    if (key_file_is_open_to_others(path)) {
        maker_say(output, "Others on this computer can read the secret key %s, and sign with it: chmod 600 %s", path,
                  path);
    }
}

bool signers_are_named(const struct arguments *arguments)
{
    if (arguments->maker.keys.count == 0) {
        maker_usage("`%s %s` wants --key: the file of the secret key that signs", verb_name(arguments->verb),
                    arguments->words[0]);
        return false;
    }
    if (arguments->maker.keys.count > SIGNERS_MAX) {
        maker_usage("a document is signed with %u keys at most; --key was given %u times", SIGNERS_MAX,
                    arguments->maker.keys.count);
        return false;
    }
    return true;
}

enum rlk_error signers_open(struct signers *signers, const struct arguments *arguments, struct output *output,
                            struct problem *problem)
{
    const struct text_list *keys = &arguments->maker.keys;
    signers->count = 0;
    for (unsigned i = 0; i < keys->count; i++) {
        struct secret_key *key = &signers->keys[signers->count++];
        enum rlk_error error = key_file_open(key, keys->items[i], arguments, problem);
        if (error == RLK_OK && key_has_expired(&key->public, times_now_s())) {
            error = problem_set(problem, RLK_E_KEY_EXPIRED, keys->items[i]);
        }
        if (error != RLK_OK) {
            return error;
        }
        warn_of_others(keys->items[i], output);
    }
    return RLK_OK;
}

void signers_forget(struct signers *signers)
{
    sodium_memzero(signers, sizeof *signers);
}

static json_t *signature_of(const struct secret_key *key, enum rlk_document_kind kind, const struct content *document)
{
    uint8_t signature[SIGNATURE_BYTES];
    char id_text[2 * KEY_ID_BYTES + 1];
    char signature_text[2 * SIGNATURE_BYTES + 1];
    if (!signature_make(key, kind, document, signature)) {
        return NULL;
    }
    hex_write(id_text, key->public.id, sizeof key->public.id);
    hex_write(signature_text, signature, sizeof signature);
    return json_pack("{s:s, s:s}", "key", id_text, "signature", signature_text);
}

enum rlk_error signers_sign(const struct signers *signers, enum rlk_document_kind kind, const struct content *document,
                            const char *folder, const char *name, struct problem *problem)
{
    char signature_name[64];
    snprintf(signature_name, sizeof signature_name, "%s.sig", name);
    json_t *list = json_array();
    for (size_t i = 0; i < signers->count; i++) {
        json_array_append_new(list, signature_of(&signers->keys[i], kind, document));
    }
    json_t *value = json_pack("{s:s, s:o}", "format", "relock-signature-1", "signatures", list);
    enum rlk_error error = maker_store(value, RLK_DOCUMENT_SIGNATURE, folder, signature_name, problem);
    json_decref(value);
    return error;
}

enum rlk_error signers_sign_file(const struct signers *signers, enum rlk_document_kind kind, const char *folder,
                                 const char *name, struct problem *problem)
{
    char path[PATH_MAX];
    struct content document = {0};
    bool is_path = folder_join(path, sizeof path, folder, name);
    enum content_state state = is_path ? content_read(&document, path, RLK_JSON_BYTES_MAX) : CONTENT_UNREADABLE;
    enum rlk_error error = problem_set_state(problem, state, path, RLK_E_FILE_UNREADABLE, RLK_E_DOCUMENT_TOO_LARGE);
    if (error == RLK_OK) {
        error = signers_sign(signers, kind, &document, folder, name, problem);
    }
    content_free(&document);
    return error;
}
