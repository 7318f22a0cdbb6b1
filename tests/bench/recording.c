#include "recording.h"

#include <string.h>

void recording_begin(struct recording *recording)
{
    recording->outcome_count = 0;
    recording->bytes_used = 0;
    recording->is_complete = false;
}

static bool has_room(const struct recording *recording, const struct rlk_outcome *outcome)
{
    return recording->outcome_count < RECORDING_OUTCOMES_MAX &&
           recording->bytes_used + outcome->bytes <= RECORDING_BYTES_MAX;
}

void recording_add(struct recording *recording, const struct rlk_operation *operation,
                   const struct rlk_outcome *outcome)
{
    if (operation->kind == RLK_OPERATION_DONE) {
        recording->is_complete = operation->index == recording->outcome_count;
        return;
    }
    if (!has_room(recording, outcome)) {
        return; /* the count will not fit the last operation's index */
    }
    struct rlk_outcome *kept = &recording->outcomes[recording->outcome_count++];
    *kept = *outcome;
    if (outcome->bytes > 0) {
        uint8_t *bytes = &recording->bytes[recording->bytes_used];
        memcpy(bytes, outcome->data, outcome->bytes);
        kept->data = bytes;
        recording->bytes_used += outcome->bytes;
    }
}

bool recording_play(const struct recording *recording, const struct rlk_wish *wish)
{
    struct rlk_session session;
    rlk_session_init(&session, wish);
    for (size_t i = 0; i < recording->outcome_count; i++) {
        (void)rlk_session_next(&session);
        rlk_session_complete(&session, &recording->outcomes[i]);
    }
    return rlk_session_next(&session)->kind == RLK_OPERATION_DONE && rlk_session_fault(&session)->error == RLK_OK;
}
