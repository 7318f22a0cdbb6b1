/*
 * replay [--say] FILE|FOLDER...: gives every file to the target that this program is linked with, in the order of their
 * names. A property that does not hold aborts; the name printed last is the culprit's. --say: see fuzz.h.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_BYTES_MAX = 1 << 20, PATH_BYTES = 4096 };

/* A copy of exactly its size, so that the address sanitizer sees the first byte beyond. */
static void give(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1U);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, bytes, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static bool replay_file(const char *path)
{
    static uint8_t bytes[INPUT_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    bool is_read = ferror(file) == 0 && fclose(file) == 0;
    (void)printf("%s%s\n", fuzz_is_speaking() ? "# " : "", path);
    (void)fflush(stdout);
    if (is_read) {
        give(bytes, size);
    }
    return is_read;
}

/* Returns how many files were replayed, -1 if one could not be read. */
static int replay_folder(const char *path)
{
    struct dirent **entries = NULL;
    int found = scandir(path, &entries, NULL, alphasort);
    int replayed = 0;
    for (int i = 0; i < found; i++) {
        char name[PATH_BYTES];
        (void)snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && replayed >= 0) {
            replayed = replay_file(name) ? replayed + 1 : -1;
        }
        free(entries[i]);
    }
    free(entries);
    return found < 0 ? (replay_file(path) ? 1 : -1) : replayed;
}

int main(int argc, char **argv)
{
    int replayed = 0;
    int first = argc > 1 && strcmp(argv[1], "--say") == 0 ? 2 : 1;
    fuzz_set_speaking(first == 2);
    for (int i = first; i < argc && replayed >= 0; i++) {
        int count = replay_folder(argv[i]);
        replayed = count < 0 ? -1 : replayed + count;
    }
    if (replayed <= 0) {
        (void)fputs("nothing was replayed\n", stderr);
        return 1;
    }
    return 0;
}
