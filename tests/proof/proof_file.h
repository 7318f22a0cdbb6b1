/*
 * A recording of scripts/prove-on-hardware as a value: header, sections, lines. Format: tests/proof/README.md.
 * Reads untrusted text: whatever is not exactly of this form is refused with its line.
 */
#ifndef RELOCK_TESTS_PROOF_FILE_H
#define RELOCK_TESTS_PROOF_FILE_H

#include <stdbool.h>
#include <stddef.h>

#define PROOF_FILE_BYTES_MAX (8U * 1024U * 1024U)
#define PROOF_SECTIONS_MAX   8U
#define PROOF_PROBLEM_BYTES  4096U

enum proof_key {
    PROOF_RECORDED,
    PROOF_RELOCK,
    PROOF_REVISION,
    PROOF_DEVICE, /* "real", or "simulated" and the profile */
    PROOF_FAMILY,
    PROOF_CANDIDATES,
    PROOF_TIER,
    PROOF_ROM_VERSION,
    PROOF_TRANSFER_BYTES,
    PROOF_LAYOUT,
    PROOF_RETURN,
    PROOF_IMAGE,
    PROOF_SERIAL,
    PROOF_TIMES,
    PROOF_RESULT, /* "whole", or "stopped" */
    PROOF_REASON,
    PROOF_CHIP,
    PROOF_BOARD,
    PROOF_ENTERS_DFU,
    PROOF_COMPUTER,
    PROOF_HUB,
    PROOF_REMARKS,
    PROOF_KEYS
};

/* What is wrong, and where; line 0: the file as a whole. */
struct proof_problem {
    unsigned line;
    char text[PROOF_PROBLEM_BYTES];
};

/* One run of relock. The texts are the file's. */
struct proof_section {
    const char *name, *wish, *journal, *exit_code, *ending, *took;
    unsigned line;       /* of its head, from 1 */
    unsigned first_line; /* of its conversation, from 1 */
    unsigned line_count;
};

struct proof_file {
    char *text;         /* the file, cut into lines */
    const char **lines; /* line n is lines[n - 1] */
    unsigned line_count;
    const char *header[PROOF_KEYS];
    unsigned header_lines[PROOF_KEYS];
    struct proof_section sections[PROOF_SECTIONS_MAX];
    size_t section_count;
};

/* Reads `path` and checks form and hash. False: `problem` says why. proof_file_free in any case. */
bool proof_file_read(struct proof_file *file, const char *path, struct proof_problem *problem);
void proof_file_free(struct proof_file *file);

/* False, after it has put line and text into `problem`. */
bool proof_fail(struct proof_problem *problem, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* SHA-256 of `bytes` as 64 hexadecimal digits and NUL. */
void proof_sha256(const void *bytes, size_t length, char text[65]);

#endif
