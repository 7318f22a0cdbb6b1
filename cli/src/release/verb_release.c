#include "release/release_check.h"
#include "release/release_load.h"
#include "release/release_sign.h"
#include "release/release_verbs.h"
#include "release/release_view.h"
#include "release/trusted_keys.h"
#include "system/hex.h"
#include "system/times.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static enum rlk_error sign_one(const struct signers *signers, enum rlk_document_kind kind, struct document_bytes *bytes,
                               const char *folder, const char *name, struct problem *problem)
{
    const struct content document = {bytes->bytes, bytes->length};
    return signers_sign(signers, kind, &document, folder, name, problem);
}

/* The very bytes that were checked: the files may be others by now. */
static enum rlk_error sign_both(const struct signers *signers, struct release_folder *folder, struct problem *problem)
{
    const char *base = folder->source.base;
    enum rlk_error error =
        sign_one(signers, RLK_DOCUMENT_RELEASE, &folder->tree_bytes, base, RELEASE_DOCUMENT, problem);
    return error == RLK_OK
               ? sign_one(signers, RLK_DOCUMENT_CHANNEL, &folder->channel_bytes, base, RELEASE_CHANNEL, problem)
               : error;
}

/* A withdrawn release is no longer for customers, but its channel has to be signed: that is what withdraws it. */
static enum rlk_error sign_channel(const struct signers *signers, struct release_folder *folder,
                                   struct problem *problem)
{
    if (release_check_is_stale(folder, signers)) {
        maker_drop_signature(folder->source.base, RELEASE_DOCUMENT);
    }
    return sign_one(signers, RLK_DOCUMENT_CHANNEL, &folder->channel_bytes, folder->source.base, RELEASE_CHANNEL,
                    problem);
}

static bool was_withdrawn(struct release_folder *folder, const struct arguments *arguments, struct output *output)
{
    struct problem problem;
    return release_folder_open(folder, arguments->words[1], output, &problem) == RLK_OK &&
           release_folder_read_channel(folder, &problem) == RLK_OK &&
           channel_has_withdrawn(&folder->channel, folder->release.sequence);
}

static enum rlk_error check_and_sign(struct checking *checking, const struct signers *signers, struct problem *problem)
{
    const struct arguments *arguments = checking->arguments;
    bool is_withdrawn = was_withdrawn(checking->folder, arguments, checking->output);
    bool is_ready = is_withdrawn || release_check_all(checking, arguments->words[1]);
    if (!is_ready || !release_check_signers(checking, signers)) {
        return problem_set(problem, RLK_E_RELEASE_NOT_READY, arguments->words[1]);
    }
    enum rlk_error error =
        is_withdrawn ? sign_channel(signers, checking->folder, problem) : sign_both(signers, checking->folder, problem);
    if (error == RLK_OK) {
        maker_say(checking->output,
                  is_withdrawn ? "Signed channel.json of %s: the release is withdrawn once the channel is published."
                               : "Signed release.json and channel.json of %s. Publish the files first, then "
                                 "release.json with its signature, and the channel last.",
                  arguments->words[1]);
    }
    return error;
}

int release_sign(const struct arguments *arguments, struct output *output)
{
    if (!signers_are_named(arguments)) {
        return EXIT_USAGE;
    }
    struct checking checking = {.arguments = arguments, .output = output, .folder = malloc(sizeof *checking.folder)};
    struct signers signers;
    struct problem problem;
    if (checking.folder == NULL) {
        return end_early(output, RLK_E_INTERNAL, NULL);
    }
    /* The keys first: their passphrases may take a person minutes, and nothing is to change behind the check. */
    enum rlk_error error = signers_open(&signers, arguments, output, &problem);
    if (error == RLK_OK) {
        error = check_and_sign(&checking, &signers, &problem);
    }
    signers_forget(&signers);
    free(checking.folder);
    return error == RLK_OK ? end_early(output, RLK_OK, NULL) : problem_end(&problem, output);
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
    release_view_event(output, "verified", loaded, id);
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
        {"new", 2, 9, "release new FOLDER --product P ... IMAGE... (`relock release --help`)", release_new},
        {"refresh", 1, 1, "release refresh FOLDER", release_refresh},
        {"check", 1, 1, "release check FOLDER [--key PUBLIC...]", release_check},
        {"sign", 1, 1, "release sign FOLDER --key FILE...", release_sign},
        {"verify", 1, 1, "release verify FOLDER|URL --key KEY...", release_verify},
        {"inspect", 1, 1, "release inspect FOLDER", release_inspect},
        {"link", 1, 1, "release link NAME --site URL [--language L] [--ticket T] [--serial S]", release_link},
        {"withdraw", 2, 2, "release withdraw FOLDER SEQUENCE", release_withdraw},
    };
    return sodium_init() < 0 ? end_early(output, RLK_E_INTERNAL, NULL)
                             : maker_dispatch(arguments, output, rows, sizeof rows / sizeof rows[0]);
}
