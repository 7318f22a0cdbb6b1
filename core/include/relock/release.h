/*
 * A release: what a maker wishes for the devices of its customers, as values for the engine. Texts for people stay in
 * the document's tree.
 */
#ifndef RELOCK_RELEASE_H
#define RELOCK_RELEASE_H

#include "relock/document.h"
#include "relock/session.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RLK_RELEASE_IMAGES_MAX        8U
#define RLK_RELEASE_LAYOUTS_MAX       8U
#define RLK_RELEASE_PICTURE_BYTES_MAX (2U * 1024U * 1024U)
#define RLK_SHA256_BYTES              32U

struct rlk_release_image {
    const char *file; /* a name in the release's folder: [A-Za-z0-9._-], no path */
    uint32_t bytes;   /* of the file */
    uint8_t sha256[RLK_SHA256_BYTES];
    bool is_binary; /* raw bytes that belong at `addr`; Intel HEX otherwise */
    uint32_t addr;  /* 0 for Intel HEX */
};

/* Texts point into the document's tree, which must outlive the release. */
struct rlk_release {
    const char *name, *product, *version;
    uint32_t sequence;
    uint64_t created_s, expires_s; /* since 1970; expires_s 0: never */
    rlk_family_mask families;
    const char *layouts[RLK_RELEASE_LAYOUTS_MAX];
    size_t layout_count;
    struct rlk_release_image images[RLK_RELEASE_IMAGES_MAX];
    size_t image_count;
    bool end_protected;
    enum rlk_way_back way_back;
    struct rlk_option_wish options[RLK_OPTION_WISHES_MAX];
    size_t option_count;
};

/* Takes a release out of a document of kind RELEASE that rlk_document_read accepted. `place` may be NULL. RLK_OK or
 * RLK_E_DOCUMENT_FIELD_VALUE with the place: a family that Relock does not know; `return` empty-check for a family
 * without; an option field that no family of the release has or that is never set so (RDP), or a value that fits in
 * none of them; option fields for an end that is open. */
enum rlk_error rlk_release_take(struct rlk_release *release, const struct rlk_json *json,
                                struct rlk_document_place *place);

/* Fills what the release says into a wish: end state, way back, families (and `family`, if there is only one), layouts,
 * option fields. The rest of the wish, its job too, stays as it is. The wish points into the release. */
void rlk_release_wish(const struct rlk_release *release, struct rlk_wish *wish);

/* How long the update of a protected device takes, about: the slowest of the release's families, in milliseconds. */
uint32_t rlk_release_estimate_ms(const struct rlk_release *release);

#endif
