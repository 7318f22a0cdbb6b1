/*
 * A release, ready to be used: what docs/release-format.md says under "Before anything is erased", but for the device.
 */
#ifndef RELOCK_CLI_RELEASE_LOAD_H
#define RELOCK_CLI_RELEASE_LOAD_H

#include "job/file.h"
#include "release/release_files.h"
#include "release/seen.h"
#include "release/signature.h"
#include "release/source.h"

struct release_terms {
    const struct key_ring *trusted; /* NULL: signatures are not looked at */
    bool wants_pictures;
    bool recalls; /* older than what this user has seen of the name is an objection */
    uint64_t now_s;
};

/* Large: allocate it. Nothing in it moves: the release points into the tree, the image into the firmware. */
struct loaded_release {
    struct rlk_json tree; /* release.json */
    struct rlk_release release;
    bool is_signed;
    bool is_judged; /* signed, and of the name that was asked for: `seen` is to be remembered */
    struct public_key signer;
    struct firmware firmware; /* all images as one */
    struct seen seen;         /* the highest edition; the highest sequence of what passed as a whole */
    struct key_ring named;    /* the keys that the user named, */
    struct content keys;      /* and the keys.json that changed them now; nothing if none did */
    /* Why a new job may not begin with it (expired, withdrawn, older, not current), or RLK_OK. A job that was begun
     * with this very firmware still may: without it the device stays empty. */
    struct problem objection;
};

/*
 * RLK_OK if documents, signatures and files are right; then look at `objection`. Otherwise, in the problem, the error
 * with its file and place: DOCUMENT_*, SIGNATURE_*, KEY_*, RELEASE_*, HEX_*, IMAGE_*, INTERRUPTED. release_free in any
 * case.
 */
enum rlk_error release_load(struct loaded_release *loaded, const struct source *source,
                            const struct release_terms *terms, struct problem *problem);
void release_free(struct loaded_release *loaded);

/* Remembers what release_load verified, whether it went on to take or to refuse the release: a change of keys, an
 * edition; nothing, if there was nothing. `name` is the source's. RLK_OK or RLK_E_RELEASE_MEMORY_DAMAGED. */
enum rlk_error release_remember(const struct loaded_release *loaded, const char *name);

/* Takes the keys that a document of kind KEYS or SITE names. False: one has an id that is not its own, and would be
 * found under a false name; or they are too many. */
bool release_keys_take(struct key_ring *ring, const struct rlk_json *tree);

/* Does a document of kind CHANNEL name this sequence as withdrawn? */
bool channel_has_withdrawn(const struct rlk_json *channel, uint32_t sequence);

/* A document as it is stored. */
struct document_bytes {
    size_t length;
    uint8_t bytes[RLK_JSON_BYTES_MAX];
};

/* Reads one document of the release's folder into `tree`, and its very bytes into `bytes`; for the maker's verbs. No
 * signature is looked at. RLK_OK, or RELEASE_NOT_FOUND, FILE_UNREADABLE, DOCUMENT_* in the problem; `bytes` is then
 * empty. */
enum rlk_error release_document_read(struct rlk_json *tree, struct document_bytes *bytes, enum rlk_document_kind kind,
                                     const struct source *source, const char *name, struct problem *problem);

#endif
