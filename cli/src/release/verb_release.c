#include "output/json.h"
#include "release/release_check.h"
#include "release/release_load.h"
#include "release/release_sign.h"
#include "release/release_verbs.h"
#include "release/trusted_keys.h"
#include "system/hex.h"
#include "system/times.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static enum rlk_error sign_both(const struct arguments *arguments, struct problem *problem)
{
    const char *folder = arguments->words[1];
    struct signers signers;
    enum rlk_error error = signers_open(&signers, arguments, problem);
    if (error == RLK_OK) {
        error = signers_sign(&signers, RLK_DOCUMENT_RELEASE, folder, RELEASE_DOCUMENT, problem);
    }
    if (error == RLK_OK) {
        error = signers_sign(&signers, RLK_DOCUMENT_CHANNEL, folder, RELEASE_CHANNEL, problem);
    }
    signers_forget(&signers);
    return error;
}

/* A withdrawn release is no longer for customers, but its channel has to be signed: that is what withdraws it. */
static enum rlk_error sign_channel(const struct arguments *arguments, struct problem *problem)
{
    struct signers signers;
    enum rlk_error error = signers_open(&signers, arguments, problem);
    if (error == RLK_OK) {
        error = signers_sign(&signers, RLK_DOCUMENT_CHANNEL, arguments->words[1], RELEASE_CHANNEL, problem);
    }
    signers_forget(&signers);
    return error;
}

static bool was_withdrawn(struct release_folder *folder, const struct arguments *arguments, struct output *output)
{
    struct problem problem;
    return release_folder_open(folder, arguments->words[1], output, &problem) == RLK_OK &&
           release_folder_read_channel(folder, &problem) == RLK_OK &&
           release_folder_has_withdrawn(folder, folder->release.sequence);
}

int release_sign(const struct arguments *arguments, struct output *output)
{
    struct checking checking = {.arguments = arguments, .output = output, .folder = malloc(sizeof *checking.folder)};
    struct problem problem;
    if (checking.folder == NULL) {
        return end_early(output, RLK_E_INTERNAL, NULL);
    }
    bool is_withdrawn = was_withdrawn(checking.folder, arguments, output);
    bool is_ready = is_withdrawn || release_check_all(&checking, arguments->words[1]);
    free(checking.folder);
    if (!is_ready) {
        return end_early(output, RLK_E_RELEASE_NOT_READY, arguments->words[1]);
    }
    enum rlk_error error = is_withdrawn ? sign_channel(arguments, &problem) : sign_both(arguments, &problem);
    if (error != RLK_OK) {
        return problem_end(&problem, output);
    }
    maker_say(output,
              is_withdrawn ? "Signed channel.json of %s: the release is withdrawn once the channel is published."
                           : "Signed release.json and channel.json of %s. Publish the files first, then release.json "
                             "with its signature, and the channel last.",
              arguments->words[1]);
    return end_early(output, RLK_OK, NULL);
}

static void say_verified(const struct arguments *arguments, struct output *output, const struct loaded_release *loaded)
{
    char id[2 * KEY_ID_BYTES + 1];
    hex_write(id, loaded->signer.id, sizeof loaded->signer.id);
    if (!arguments->json) {
        maker_say(output,
                  "%s: %s %s, sequence %" PRIu32 ", is signed by %s; channel, expiry and every file are as they "
                  "should be.",
                  arguments->words[1], loaded->release.product, loaded->release.version, loaded->release.sequence, id);
        return;
    }
    struct json json;
    json_begin_event(&json, output->stream, "verified");
    json_text(&json, "name", loaded->release.name);
    json_text(&json, "product", loaded->release.product);
    json_text(&json, "version", loaded->release.version);
    json_number(&json, "sequence", loaded->release.sequence);
    json_number(&json, "edition", loaded->seen.edition);
    json_text(&json, "key", id);
    json_end_event(&json);
}

static enum rlk_error verify(struct loaded_release *loaded, const struct arguments *arguments, struct output *output,
                             struct problem *problem)
{
    struct key_ring ring;
    struct source source;
    const struct release_terms terms = {.trusted = &ring, .wants_pictures = true, .now_s = times_now_s()};
    enum rlk_error error = trusted_keys_load(&ring, arguments, problem);
    if (error == RLK_OK) {
        error = source_open(&source, arguments->words[1], output, problem);
    }
    if (error == RLK_OK) {
        error = release_load(loaded, &source, &terms, problem);
    }
    if (error == RLK_OK && loaded->objection.error != RLK_OK) {
        *problem = loaded->objection;
        error = problem->error;
    }
    return error;
}

int release_verify(const struct arguments *arguments, struct output *output)
{
    struct loaded_release *loaded = calloc(1, sizeof *loaded);
    struct problem problem;
    if (loaded == NULL) {
        return end_early(output, RLK_E_INTERNAL, NULL);
    }
    enum rlk_error error = verify(loaded, arguments, output, &problem);
    if (error == RLK_OK) {
        say_verified(arguments, output, loaded);
    }
    release_free(loaded);
    free(loaded);
    return error == RLK_OK ? end_early(output, RLK_OK, NULL) : problem_end(&problem, output);
}

int verb_release(const struct arguments *arguments, struct output *output)
{
    static const struct maker_word rows[] = {
        {"new", 2, 9, "release new FOLDER --product P ... IMAGE...", release_new},
        {"refresh", 1, 1, "release refresh FOLDER", release_refresh},
        {"check", 1, 1, "release check FOLDER", release_check},
        {"sign", 1, 1, "release sign FOLDER --key FILE...", release_sign},
        {"verify", 1, 1, "release verify FOLDER|URL --key KEY...", release_verify},
        {"inspect", 1, 1, "release inspect FOLDER", release_inspect},
        {"link", 1, 1, "release link NAME --site URL [--language L] [--ticket T] [--serial S]", release_link},
        {"withdraw", 2, 2, "release withdraw FOLDER SEQUENCE", release_withdraw},
    };
    return sodium_init() < 0 ? end_early(output, RLK_E_INTERNAL, NULL)
                             : maker_dispatch(arguments, output, rows, sizeof rows / sizeof rows[0]);
}
