#include "release/release_files.h"
#include "relock/image.h"
#include "system/hex.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

struct list {
    const struct rlk_json *tree;
    struct release_file *files;
    size_t count;
};

static struct release_file *add(struct list *list, const struct rlk_json_node *node)
{
    if (list->count == RELEASE_FILES_MAX) {
        return NULL;
    }
    const struct rlk_json *tree = list->tree;
    const struct rlk_json_node *size = rlk_json_member(tree, node, "size");
    struct release_file *file = &list->files[list->count++];
    *file = (struct release_file){
        .file = rlk_json_text(tree, rlk_json_member(tree, node, "file")),
        .bytes = size != NULL ? size->number : 0,
    };
    (void)hex_read(file->sha256, sizeof file->sha256, rlk_json_text(tree, rlk_json_member(tree, node, "sha256")));
    return file;
}

static void add_images(struct list *list)
{
    const struct rlk_json *tree = list->tree;
    const struct rlk_json_node *images = rlk_json_member(tree, &tree->nodes[0], "images");
    unsigned index = 0;
    for (const struct rlk_json_node *node = rlk_json_first(tree, images); node != NULL;
         node = rlk_json_next(tree, node)) {
        struct release_file *file = add(list, node);
        if (file != NULL) {
            file->is_image = true;
            snprintf(file->path, sizeof file->path, "images[%u]", index++);
        }
    }
}

static void add_pictures_of(struct list *list, const struct rlk_json_node *step, unsigned index)
{
    const struct rlk_json *tree = list->tree;
    const struct rlk_json_node *pictures = rlk_json_member(tree, step, "pictures");
    for (const struct rlk_json_node *node = rlk_json_first(tree, pictures); node != NULL;
         node = rlk_json_next(tree, node)) {
        struct release_file *file = add(list, node);
        if (file != NULL) {
            snprintf(file->path, sizeof file->path, "enter[%u].pictures.%s", index, rlk_json_key(tree, node));
        }
    }
}

static void add_pictures(struct list *list)
{
    const struct rlk_json *tree = list->tree;
    const struct rlk_json_node *steps = rlk_json_member(tree, &tree->nodes[0], "enter");
    unsigned index = 0;
    for (const struct rlk_json_node *step = rlk_json_first(tree, steps); step != NULL;
         step = rlk_json_next(tree, step)) {
        add_pictures_of(list, step, index++);
    }
}

size_t release_files_list(const struct rlk_json *tree, struct release_file *files)
{
    struct list list = {tree, files, 0};
    add_images(&list);
    add_pictures(&list);
    return list.count;
}

enum rlk_error release_file_check(const struct release_file *file, const uint8_t *bytes, size_t length)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    if (length != file->bytes) {
        return RLK_E_RELEASE_FILE_SIZE;
    }
    crypto_hash_sha256(hash, bytes, length);
    return memcmp(hash, file->sha256, sizeof hash) == 0 ? RLK_OK : RLK_E_RELEASE_FILE_CHANGED;
}

size_t release_file_bytes_max(const struct release_file *file)
{
    size_t most = file->is_image ? RLK_IMAGE_FILE_BYTES_MAX : RLK_RELEASE_PICTURE_BYTES_MAX;
    return file->bytes < most ? file->bytes : most;
}
