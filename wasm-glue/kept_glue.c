/*
 * What the session keeps through the erases, for a page that stores it: read byte by byte, while it is offered (KEEP).
 */
#include "relock_glue.h"

READOUT_AT(uint32_t, rlk_glue_kept_addr, rlk_session_kept_copy(glue_session(), index).addr)
/* 0 beyond the last range. */
READOUT_AT(uint32_t, rlk_glue_kept_bytes, rlk_session_kept_copy(glue_session(), index).length)

RLK_EXPORT uint32_t rlk_glue_kept_byte(uint32_t index, uint32_t offset);

uint32_t rlk_glue_kept_byte(uint32_t index, uint32_t offset)
{
    return rlk_session_kept_copy_byte(glue_session(), index, offset);
}
