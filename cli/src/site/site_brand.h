/*
 * Brand, logo and colours of a site's configuration, put into the page's files so that nothing of them is markup there.
 */
#ifndef RELOCK_CLI_SITE_BRAND_H
#define RELOCK_CLI_SITE_BRAND_H

#include "site/site_config.h"
#include "site/site_files.h"

#define SITE_LOGO_BYTES_MAX (256U * 1024U)

/* Puts the brand's name into index.html and manifest.webmanifest. RLK_OK, or RLK_E_SITE_* after it was said
 * why. */
enum rlk_error site_brand_name(struct site_files *files, struct output *output, const struct site_config *config);

/* Puts the logo, which lies beside site.json in `folder`, in the place of the page's icon. A logo that is not what its
 * name says, is too large, or could run a script is refused. Without a logo nothing is changed. */
enum rlk_error site_brand_logo(struct site_files *files, struct output *output, const struct site_config *config,
                               const char *folder);

/* Writes brand.css: the colours as custom properties, and nothing else. */
enum rlk_error site_brand_colors(struct site_files *files, struct output *output, const struct site_config *config);

#endif
