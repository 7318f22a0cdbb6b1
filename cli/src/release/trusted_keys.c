#include "release/trusted_keys.h"
#include "release/key_file.h"
#include "system/folder.h"
#include <dirent.h>
#include <stdio.h>
#include <string.h>

static enum rlk_error add(struct key_ring *ring, const char *hex_or_path, struct problem *problem)
{
    struct public_key key;
    enum rlk_error error = key_public_take(&key, hex_or_path, problem);
    if (error == RLK_OK && !key_ring_add(ring, &key)) {
        error = problem_set(problem, RLK_E_KEY_MALFORMED, hex_or_path);
    }
    return error;
}

static bool is_public_key(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > 4 && strcmp(name + length - 4, ".pub") == 0;
}

static enum rlk_error add_folder(struct key_ring *ring, struct problem *problem)
{
    char user[PATH_MAX];
    char folder[PATH_MAX];
    char path[PATH_MAX + 256];
    bool is_named = folder_of_user(user, sizeof user, "XDG_CONFIG_HOME", ".config") &&
                    folder_join(folder, sizeof folder, user, "keys");
    DIR *directory = is_named ? opendir(folder) : NULL;
    if (directory == NULL) {
        return RLK_OK;
    }
    enum rlk_error error = RLK_OK;
    for (struct dirent *item = readdir(directory); item != NULL && error == RLK_OK; item = readdir(directory)) {
        if (is_public_key(item->d_name)) {
            snprintf(path, sizeof path, "%s/%s", folder, item->d_name);
            error = add(ring, path, problem);
        }
    }
    closedir(directory);
    return error;
}

enum rlk_error trusted_keys_load(struct key_ring *ring, const struct arguments *arguments, struct problem *problem)
{
    *ring = (struct key_ring){0};
    enum rlk_error error = problem_set(problem, RLK_OK, NULL);
    for (unsigned i = 0; i < arguments->maker.keys.count && error == RLK_OK; i++) {
        error = add(ring, arguments->maker.keys.items[i], problem);
    }
    if (arguments->maker.keys.count == 0) {
        ring->is_folder = true;
        error = add_folder(ring, problem);
    }
    if (error == RLK_OK && ring->count == 0) {
        error = problem_set(problem, RLK_E_NO_KEY, NULL);
    }
    return error;
}
