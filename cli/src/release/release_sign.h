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

/* Opens all keys of --key. RLK_OK, or in the problem NO_KEY, KEY_*, FILE_UNREADABLE; an expired key is KEY_EXPIRED.
 * signers_forget in any case. */
enum rlk_error signers_open(struct signers *signers, const struct arguments *arguments, struct problem *problem);
void signers_forget(struct signers *signers);

/* Signs the file `name` below `folder`, as it is stored: writes `name`.sig. RLK_OK, or FILE_UNREADABLE,
 * FILE_NOT_WRITTEN in the problem. */
enum rlk_error signers_sign(const struct signers *signers, enum rlk_document_kind kind, const char *folder,
                            const char *name, struct problem *problem);

#endif
