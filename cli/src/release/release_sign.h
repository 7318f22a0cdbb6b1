/*
 * Signatures, as files beside what they sign.
 */
#ifndef RELOCK_CLI_RELEASE_SIGN_H
#define RELOCK_CLI_RELEASE_SIGN_H

#include "release/maker.h"
#include "release/signature.h"

#define SIGNERS_MAX 4U

struct signers {
    struct secret_key keys[SIGNERS_MAX];
    size_t count;
};

/* Is there a key of --key, and no more of them than can sign? Explains itself on standard error. */
bool signers_are_named(const struct arguments *arguments);

/* Opens the keys of --key, of which there are 1 to SIGNERS_MAX, and says which of their files others can read. RLK_OK,
 * or in the problem NO_KEY, KEY_*, FILE_UNREADABLE; an expired key is KEY_EXPIRED. signers_forget in any case. */
enum rlk_error signers_open(struct signers *signers, const struct arguments *arguments, struct output *output,
                            struct problem *problem);
void signers_forget(struct signers *signers);

/* Signs the bytes of `document`: writes `name`.sig below `folder`. RLK_OK, or DOCUMENT_*, FILE_NOT_WRITTEN in the
 * problem. */
enum rlk_error signers_sign(const struct signers *signers, enum rlk_document_kind kind, const struct content *document,
                            const char *folder, const char *name, struct problem *problem);

/* The same with the file `name` below `folder`, as it is stored; also FILE_UNREADABLE. */
enum rlk_error signers_sign_file(const struct signers *signers, enum rlk_document_kind kind, const char *folder,
                                 const char *name, struct problem *problem);

#endif
