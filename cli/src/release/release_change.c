/* A release folder that is there already: brought up to its files, or withdrawn. */
#include "release/release_folder.h"
#include "release/release_parts.h"
#include "release/release_verbs.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A new edition of the channel, to be signed anew. */
static enum rlk_error store_channel(const struct release_folder *folder, json_t *channel, struct problem *problem)
{
    const char *base = folder->source.base;
    json_object_set_new(channel, "edition", json_integer((json_int_t)release_folder_number(folder, "edition") + 1));
    json_object_set_new(channel, "created", maker_now());
    enum rlk_error error = maker_store(channel, RLK_DOCUMENT_CHANNEL, base, RELEASE_CHANNEL, problem);
    if (error == RLK_OK) {
        maker_drop_signature(base, RELEASE_CHANNEL);
    }
    return error;
}

/* The object that names a file: the same place in jansson's values as in the tree. */
static json_t *object_of(json_t *root, const struct release_file *file)
{
    unsigned index = (unsigned)strtoul(strchr(file->path, '[') + 1, NULL, 10);
    if (file->is_image) {
        return json_array_get(json_object_get(root, "images"), index);
    }
    json_t *step = json_array_get(json_object_get(root, "enter"), index);
    return json_object_get(json_object_get(step, "pictures"), strrchr(file->path, '.') + 1);
}

static enum rlk_error refuse_sequence(const struct release_folder *folder, struct problem *problem)
{
    char path[PATH_MAX + sizeof RELEASE_DOCUMENT];
    snprintf(path, sizeof path, "%s/%s", folder->source.base, RELEASE_DOCUMENT);
    return problem_set_field(problem, RLK_E_RELEASE_SEQUENCE_NOT_RAISED, path, "sequence");
}

/* Somebody may have it: under its sequence number there is to be no other firmware. Text that was changed meanwhile
 * took the release's own signature, and left the channel's. */
static bool was_signed(const struct release_folder *folder)
{
    return release_folder_number(folder, "current") == folder->release.sequence &&
           (release_folder_has(folder, RELEASE_SIGNATURE(RELEASE_DOCUMENT)) ||
            release_folder_has(folder, RELEASE_SIGNATURE(RELEASE_CHANNEL)));
}

static enum rlk_error refresh_file(const struct release_folder *folder, const struct release_file *file, json_t *root,
                                   struct problem *problem)
{
    struct content content;
    char path[PATH_MAX];
    size_t most = file->is_image ? RLK_IMAGE_FILE_BYTES_MAX : RLK_RELEASE_PICTURE_BYTES_MAX;
    enum content_state state = source_get(&folder->source, false, file->file, most, &content, path);
    enum rlk_error error = problem_set_state(problem, state, path, RLK_E_FILE_UNREADABLE, RLK_E_FILE_TOO_LARGE);
    bool is_other = error == RLK_OK && release_file_check(file, content.bytes, content.length) != RLK_OK;
    if (is_other && file->is_image && was_signed(folder)) {
        error = refuse_sequence(folder, problem);
    } else if (error == RLK_OK) {
        release_parts_set_file(object_of(root, file), &content);
    }
    content_free(&content);
    return error;
}

/* Sizes and hashes as the files are now. */
static enum rlk_error refresh_release(const struct release_folder *folder, struct problem *problem)
{
    json_t *root = maker_from_tree(&folder->tree, &folder->tree.nodes[0]);
    enum rlk_error error = problem_set(problem, RLK_OK, NULL);
    for (size_t i = 0; i < folder->file_count && error == RLK_OK; i++) {
        error = refresh_file(folder, &folder->files[i], root, problem);
    }
    if (error == RLK_OK) {
        json_object_set_new(root, "created", maker_now());
        error = maker_store(root, RLK_DOCUMENT_RELEASE, folder->source.base, RELEASE_DOCUMENT, problem);
    }
    if (error == RLK_OK) {
        maker_drop_signature(folder->source.base, RELEASE_DOCUMENT);
    }
    json_decref(root);
    return error;
}

/* The channel names this release as the current one; it is left as it is where it does already. */
static enum rlk_error refresh_channel(const struct release_folder *folder, struct problem *problem)
{
    if (release_folder_number(folder, "current") == folder->release.sequence) {
        return RLK_OK;
    }
    json_t *channel = maker_from_tree(&folder->channel, &folder->channel.nodes[0]);
    json_object_set_new(channel, "current", json_integer((json_int_t)folder->release.sequence));
    enum rlk_error error = store_channel(folder, channel, problem);
    json_decref(channel);
    return error;
}

static enum rlk_error refresh(struct release_folder *folder, const char *path, struct output *output,
                              struct problem *problem)
{
    enum rlk_error error = release_folder_open(folder, path, output, problem);
    if (error == RLK_OK) {
        error = release_folder_read_channel(folder, problem);
    }
    if (error == RLK_OK && folder->release.sequence < release_folder_number(folder, "current")) {
        error = refuse_sequence(folder, problem);
    }
    if (error == RLK_OK) {
        error = refresh_release(folder, problem);
    }
    return error == RLK_OK ? refresh_channel(folder, problem) : error;
}

int release_refresh(const struct arguments *arguments, struct output *output)
{
    struct release_folder *folder = malloc(sizeof *folder);
    struct problem problem;
    enum rlk_error error = folder != NULL ? refresh(folder, arguments->words[1], output, &problem)
                                          : problem_set(&problem, RLK_E_INTERNAL, NULL);
    free(folder);
    if (error != RLK_OK) {
        return problem_end(&problem, output);
    }
    maker_say(output,
              "%s: release.json has the sizes and hashes of the files as they are now. Signatures that no "
              "longer fit were removed: check it, and sign it anew.",
              arguments->words[1]);
    return end_early(output, RLK_OK, NULL);
}

static enum rlk_error withdraw(struct release_folder *folder, const struct arguments *arguments, uint32_t sequence,
                               struct output *output, struct problem *problem)
{
    enum rlk_error error = source_open(&folder->source, arguments->words[1], output, problem);
    if (error == RLK_OK) {
        error = release_folder_read_channel(folder, problem);
    }
    if (error != RLK_OK || channel_has_withdrawn(&folder->channel, sequence)) {
        return error;
    }
    json_t *channel = maker_from_tree(&folder->channel, &folder->channel.nodes[0]);
    json_array_append_new(json_object_get(channel, "withdrawn"), json_integer((json_int_t)sequence));
    error = store_channel(folder, channel, problem);
    json_decref(channel);
    return error;
}

int release_withdraw(const struct arguments *arguments, struct output *output)
{
    uint32_t sequence = 0;
    struct problem problem;
    if (!maker_number(arguments->words[2], &sequence)) {
        return maker_usage("SEQUENCE is a number from 1 on");
    }
    struct release_folder *folder = malloc(sizeof *folder);
    enum rlk_error error = folder != NULL ? withdraw(folder, arguments, sequence, output, &problem)
                                          : problem_set(&problem, RLK_E_INTERNAL, NULL);
    free(folder);
    if (error != RLK_OK) {
        return problem_end(&problem, output);
    }
    maker_say(output,
              "%s: channel.json says that release %" PRIu32 " is withdrawn. It counts once the channel is signed "
              "anew (relock release sign) and published.",
              arguments->words[1], sequence);
    return end_early(output, RLK_OK, NULL);
}
