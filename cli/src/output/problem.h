/*
 * Why something that was read could not be used: error, file, and the place in it. Filled by whoever finds it first.
 */
#ifndef RELOCK_CLI_PROBLEM_H
#define RELOCK_CLI_PROBLEM_H

#include "output/output.h"
#include "relock/document.h"
#include "relock/image.h"
#include "system/content.h"
#include <limits.h>

struct problem {
    enum rlk_error error;
    char file[PATH_MAX];             /* "" if none is concerned */
    struct rlk_document_place place; /* of a document; path "" and offset 0 otherwise */
    struct rlk_image_place image;    /* of a firmware file; zero otherwise */
};

/* Sets error and file (NULL: none), clears the places. Returns the error. */
enum rlk_error problem_set(struct problem *problem, enum rlk_error error, const char *file);

/* The same, with a field of a document that is read already: "images[2].size". */
enum rlk_error problem_set_field(struct problem *problem, enum rlk_error error, const char *file, const char *field);

/* Getting `file` went like this; RLK_OK for CONTENT_OK. What is missing is `missing`, what is longer than allowed
 * `too_large`; a file here that cannot be read is FILE_UNREADABLE, a download that did not come RELEASE_NOT_REACHED. */
enum rlk_error problem_set_state(struct problem *problem, enum content_state state, const char *file,
                                 enum rlk_error missing, enum rlk_error too_large);

/* Reading `content` of `file` as a document into `tree` went like this: RLK_OK, or DOCUMENT_* with the place. */
enum rlk_error problem_set_document(struct problem *problem, struct rlk_json *tree, enum rlk_document_kind kind,
                                    const struct content *content, const char *file);

/* Says it as an ending; returns the exit code. */
int problem_end(const struct problem *problem, struct output *output);

#endif
