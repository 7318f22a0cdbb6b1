/*
 * What the parts of relock.wasm share: one session, its wish and its image.
 */
#ifndef RELOCK_WASM_RELOCK_GLUE_H
#define RELOCK_WASM_RELOCK_GLUE_H

#include "readout.h"
#include "relock/session.h"

#define GLUE_TEXT_BYTES 512U

bool glue_is_running(void); /* from the begin of a session until it is done */
const struct rlk_session *glue_session(void);
struct rlk_wish *glue_wish(void);
struct rlk_image *glue_image(void);
struct rlk_image_place *glue_place(void); /* where the file that was loaded last is wrong */
const struct rlk_plan *glue_plan(void);   /* as it was made last */
const struct rlk_findings *glue_findings(void);

/* What JavaScript handed over, NUL-terminated. */
const char *glue_text(void);

#endif
