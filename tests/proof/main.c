/*
 * proof replay FILE...    plays recordings of scripts/prove-on-hardware to the engine
 * proof kept FILE...      the same, and each must lie where it belongs
 * proof evidence FOLDER   plays all that are kept there; the chip rows must claim just what they show
 *
 * Prints one line for each file; exit code 1 if one of them does not hold, with the line in the file.
 */
#include "proof_evidence.h"

#include "relock/image.h"
#include <glob.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IMAGE_BYTES_MAX = 65536, HEX_BYTES_MAX = 262144, CLAIMS_MAX = 256, HASH_TEXT_BYTES = 65, PATTERN_BYTES = 4096 };
enum { EXIT_BAD = 1, EXIT_USAGE = 2 };

static uint8_t image_bytes[IMAGE_BYTES_MAX];
static struct rlk_image image;
static char image_hash[HASH_TEXT_BYTES];

static bool load_image(void)
{
    static char text[HEX_BYTES_MAX];
    FILE *stream = fopen(RELOCK_SOURCE_DIR "/tests/proof/proof-image.hex", "rb");
    if (stream == NULL) {
        return false;
    }
    size_t length = fread(text, 1, sizeof text, stream);
    (void)fclose(stream);
    proof_sha256(text, length, image_hash);
    rlk_image_init(&image, image_bytes, sizeof image_bytes, 0xFF);
    const struct rlk_image_file file = {.bytes = (const uint8_t *)text, .length = length, .format = RLK_IMAGE_HEX};
    return rlk_image_load(&image, &file, NULL) == RLK_OK;
}

static void print_problem(const char *path, const struct proof_problem *problem)
{
    if (problem->line > 0) {
        fprintf(stderr, "%s:%u: %s\n", path, problem->line, problem->text);
    } else {
        fprintf(stderr, "%s: %s\n", path, problem->text);
    }
}

static bool play_file(const char *path, bool is_kept, struct proof_result *result)
{
    struct proof_file file;
    struct proof_problem problem;
    bool is_good = proof_file_read(&file, path, &problem) &&
                   proof_replay(&file, &image, image_hash, result, &problem) &&
                   (!is_kept || proof_place_check(path, result, &problem));
    if (is_good) {
        const struct rlk_chip *chip = rlk_chip_row(result->family);
        printf("%s: plays back: %s, %s, %s\n", path, chip != NULL ? chip->name : "a chip that is not known",
               result->is_simulated ? "simulated" : "real", result->is_whole ? "whole" : "stopped");
    } else {
        print_problem(path, &problem);
    }
    proof_file_free(&file);
    return is_good;
}

static int play_files(char **paths, int count, bool is_kept)
{
    bool is_good = true;
    for (int i = 0; i < count; i++) {
        struct proof_result result;
        is_good = play_file(paths[i], is_kept, &result) && is_good;
    }
    return is_good ? 0 : EXIT_BAD;
}

static bool play_found(const glob_t *found, struct proof_claim *claims, size_t *count)
{
    bool is_good = true;
    for (size_t i = 0; i < found->gl_pathc; i++) {
        struct proof_claim *claim = &claims[*count];
        claim->name = found->gl_pathv[i];
        if (*count + 1 == CLAIMS_MAX || !play_file(claim->name, true, &claim->result)) {
            is_good = false;
        } else {
            *count += 1;
        }
    }
    return is_good;
}

static int check_evidence(const char *folder)
{
    static struct proof_claim claims[CLAIMS_MAX];
    char pattern[PATTERN_BYTES];
    size_t count = 0;
    glob_t found = {0};
    struct proof_problem problem;
    (void)snprintf(pattern, sizeof pattern, "%s/*.txt", folder);
    int error = glob(pattern, 0, NULL, &found);
    bool is_good = error == 0 ? play_found(&found, claims, &count) : error == GLOB_NOMATCH;
    if (is_good && !proof_evidence_check(rlk_chip_row, claims, count, &problem)) {
        print_problem(folder, &problem);
        is_good = false;
    }
    if (is_good) {
        printf("%s: %zu recordings, and the chip rows agree\n", folder, count);
    }
    globfree(&found);
    return is_good ? 0 : EXIT_BAD;
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0 || !load_image()) {
        fputs("proof: tests/proof/proof-image.hex cannot be read\n", stderr);
        return EXIT_BAD;
    }
    if (argc >= 3 && strcmp(argv[1], "replay") == 0) {
        return play_files(argv + 2, argc - 2, false);
    }
    if (argc >= 3 && strcmp(argv[1], "kept") == 0) {
        return play_files(argv + 2, argc - 2, true);
    }
    if (argc == 3 && strcmp(argv[1], "evidence") == 0) {
        return check_evidence(argv[2]);
    }
    fputs("usage: proof replay FILE... | kept FILE... | evidence FOLDER\n", stderr);
    return EXIT_USAGE;
}
