/*
 * site.json: read by the core's strict parser, and what of it goes into the page's files.
 */
#ifndef RELOCK_CLI_SITE_CONFIG_H
#define RELOCK_CLI_SITE_CONFIG_H

#include "output/problem.h"
#include "release/signature.h"
#include "site/site_files.h"
#include <stddef.h>

#define SITE_ORIGINS_MAX        5U /* four places of releases, one for reports */
#define SITE_ORIGIN_BYTES       280U
#define SITE_BRAND_COLORS_COUNT 4U

/* Texts belong to the document's tree. */
struct site_config {
    struct rlk_json *json;
    struct key_ring keys; /* none: unsigned releases are taken */
    const char *brand;
    const char *logo;                                  /* a file's name, or NULL */
    const char *colors[SITE_BRAND_COLORS_COUNT];       /* #rrggbb: accent, its text, both in the dark; or all NULL */
    char origins[SITE_ORIGINS_MAX][SITE_ORIGIN_BYTES]; /* https://host, other than the page's own; each once */
    size_t origin_count;
};

/* Reads the document in `file`, which is called `name` in messages; `file` is not needed afterwards. RLK_OK, or with
 * the place in `problem` RLK_E_DOCUMENT_*, RLK_E_KEY_MALFORMED, RLK_E_INTERNAL. site_config_free in any case. */
enum rlk_error site_config_take(struct site_config *config, const char *name, const struct site_file *file,
                                struct problem *problem);
void site_config_free(struct site_config *config);

#endif
