#include "job/copies.h"
#include "system/durable.h"
#include "system/folder.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MARK   ".kept-"
#define ENDING ".hex"

enum { NUMBERS_MAX = 999, NAME_BYTES = JOURNAL_KEY_BYTES + 32 };

static bool path_of(const struct journal_key *key, unsigned number, char *name, char *path)
{
    char folder[PATH_MAX];
    snprintf(name, NAME_BYTES, "%s" MARK "%u" ENDING, key->text, number);
    return durable_folder(folder, sizeof folder) && folder_join(path, PATH_MAX, folder, name);
}

static bool exists(const struct journal_key *key, unsigned number, char *path)
{
    char name[NAME_BYTES];
    struct stat status;
    return path_of(key, number, name, path) && lstat(path, &status) == 0;
}

/* A device that is not remembered has no copies of its own: another may have left what is there. */
static bool is_searched(const struct copies *copies, size_t key)
{
    bool is_other = key == 0 || strcmp(copies->keys[key].text, copies->keys[0].text) != 0;
    return copies->keys[key].text[0] != '\0' && is_other;
}

bool copies_at(const struct copies *copies, size_t index, char *path)
{
    size_t left = index + 1;
    for (size_t key = 0; left > 0 && key < COPIES_KEYS; key++) {
        for (unsigned number = 1; left > 0 && is_searched(copies, key) && number <= NUMBERS_MAX; number++) {
            left -= exists(&copies->keys[key], number, path) ? 1U : 0U;
        }
    }
    return left == 0;
}

bool copies_name_new(const struct copies *copies, char *name, size_t room, char *path)
{
    char own[NAME_BYTES];
    unsigned number = NUMBERS_MAX;
    while (number > 0 && !exists(&copies->keys[0], number, path)) {
        number--;
    }
    bool is_free = number < NUMBERS_MAX && path_of(&copies->keys[0], number + 1, own, path);
    return is_free && (size_t)snprintf(name, room, "%s", own) < room;
}

static const char *name_in(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* "KEY.kept-12.hex": where KEY ends; NULL if it is no such name. */
static const char *end_of_key(const char *name)
{
    const char *mark = strstr(name, MARK);
    const char *digits = mark != NULL ? mark + strlen(MARK) : "";
    size_t count = strspn(digits, "0123456789");
    return count > 0 && strcmp(digits + count, ENDING) == 0 ? mark : NULL;
}

bool copies_is_copy(const char *file, char *path)
{
    char said[PATH_MAX];
    char folder[PATH_MAX];
    if (!durable_folder(said, sizeof said) || realpath(said, folder) == NULL || realpath(file, path) == NULL) {
        return false;
    }
    const size_t length = strlen(folder);
    bool is_inside = strncmp(path, folder, length) == 0 && path + length + 1 == name_in(path);
    return is_inside && end_of_key(name_in(path)) != NULL;
}

bool copies_has(const struct copies *copies, const char *path)
{
    const char *name = name_in(path);
    const char *end = end_of_key(name);
    bool is_found = false;
    for (size_t key = 0; end != NULL && key < COPIES_KEYS; key++) {
        const char *text = copies->keys[key].text;
        is_found = is_found ||
                   (text[0] != '\0' && strlen(text) == (size_t)(end - name) && strncmp(name, text, strlen(text)) == 0);
    }
    return is_found;
}

bool copies_is_by_port(const char *path)
{
    return strncmp(name_in(path), "port-", strlen("port-")) == 0;
}

/* As a shell takes it for one word. */
static size_t add_word(char *text, size_t room, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:=@%";
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        return (size_t)snprintf(text, room, " %s", word);
    }
    size_t used = (size_t)snprintf(text, room, " '");
    for (; *word != '\0' && used < room; word++) {
        used += (size_t)snprintf(text + used, room - used, *word == '\'' ? "'\\''" : "%c", *word);
    }
    return used < room ? used + (size_t)snprintf(text + used, room - used, "'") : used;
}

void copies_command(const char *path, const struct arguments *arguments, char *text, size_t room)
{
    const struct rlk_chip *chip = rlk_chip_row(arguments->family);
    const struct {
        const char *option, *value;
    } words[] = {
        {"", path},
        {" --family", chip != NULL ? chip->name : NULL},
        {" --serial", arguments->serial},
        {" --port", arguments->port},
        {" --sim", arguments->sim},
    };
    size_t used = (size_t)snprintf(text, room, "relock write");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].value != NULL && used < room) {
            used += (size_t)snprintf(text + used, room - used, "%s", words[i].option);
            used += used < room ? add_word(text + used, room - used, words[i].value) : 0;
        }
    }
    if (arguments->yes && used < room) {
        snprintf(text + used, room - used, " --yes");
    }
}
