/*
 * Whether a logo's SVG is a picture and nothing else.
 */
#ifndef RELOCK_CLI_SITE_SVG_H
#define RELOCK_CLI_SITE_SVG_H

#include "site/site_files.h"
#include <stdbool.h>

/* An <img> runs no script, and the policy lets none run where the file is opened by itself; but a host may send no
 * headers. So elements of SVG's own namespace only, no entities, no handlers, and no links but those into the file
 * itself and to pictures that are in it. `file` has a NUL behind its bytes. */
bool site_svg_is_picture(const struct site_file *file);

#endif
