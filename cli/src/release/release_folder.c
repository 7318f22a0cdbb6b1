#include "release/release_folder.h"
#include "release/release_load.h"
#include "system/folder.h"
#include <string.h>
#include <sys/stat.h>

enum rlk_error release_folder_open(struct release_folder *folder, const char *path, struct output *output,
                                   struct problem *problem)
{
    enum rlk_error error = source_open(&folder->source, path, output, problem);
    if (folder->source.is_url) {
        return problem_set(problem, RLK_E_RELEASE_NOT_FOUND, path);
    }
    if (error == RLK_OK) {
        error = release_document_read(&folder->tree, &folder->tree_bytes, RLK_DOCUMENT_RELEASE, &folder->source,
                                      RELEASE_DOCUMENT, problem);
    }
    if (error == RLK_OK) {
        struct rlk_document_place place = {0};
        error = rlk_release_take(&folder->release, &folder->tree, &place);
        problem->error = error;
        problem->place = place;
    }
    folder->file_count = error == RLK_OK ? release_files_list(&folder->tree, folder->files) : 0;
    return error;
}

enum rlk_error release_folder_read_channel(struct release_folder *folder, struct problem *problem)
{
    return release_document_read(&folder->channel, &folder->channel_bytes, RLK_DOCUMENT_CHANNEL, &folder->source,
                                 RELEASE_CHANNEL, problem);
}

static enum rlk_error load_one(const struct release_folder *folder, size_t index, struct firmware *whole,
                               struct problem *problem)
{
    const struct rlk_release_image *image = &folder->release.images[index];
    struct content content;
    struct firmware part = {0};
    char path[PATH_MAX];
    enum content_state state =
        source_get(&folder->source, false, image->file, RLK_IMAGE_FILE_BYTES_MAX, &content, path);
    enum rlk_error error = problem_set_state(problem, state, path, RLK_E_FILE_UNREADABLE, RLK_E_RELEASE_FILE_SIZE);
    if (error == RLK_OK) {
        error = image->is_binary ? firmware_load_binary(&part, content.bytes, content.length, image->addr)
                                 : firmware_load_hex(&part, content.bytes, content.length);
    }
    if (error == RLK_OK) {
        error = firmware_add(whole, &part);
    }
    problem_set_field(problem, error, path, folder->files[index].path);
    problem->image = part.place;
    firmware_free(&part);
    content_free(&content);
    return error;
}

enum rlk_error release_folder_load(const struct release_folder *folder, struct firmware *whole, struct problem *problem)
{
    enum rlk_error error = RLK_OK;
    *whole = (struct firmware){0};
    for (size_t i = 0; i < folder->release.image_count && error == RLK_OK; i++) {
        error = load_one(folder, i, whole, problem);
    }
    return error;
}

uint32_t release_folder_number(const struct release_folder *folder, const char *name)
{
    const struct rlk_json *channel = &folder->channel;
    return rlk_json_member(channel, &channel->nodes[0], name)->number;
}

bool release_folder_has(const struct release_folder *folder, const char *name)
{
    char path[PATH_MAX];
    struct stat status;
    return folder_join(path, sizeof path, folder->source.base, name) && lstat(path, &status) == 0;
}
