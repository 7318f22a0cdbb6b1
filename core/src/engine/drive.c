#include "relock/drive.h"

#include <string.h>

static void do_operation(const struct rlk_host *host, const struct rlk_operation *operation, uint8_t *buffer,
                         struct rlk_outcome *outcome)
{
    switch (operation->kind) {
    case RLK_OPERATION_CONTROL_OUT:
    case RLK_OPERATION_CONTROL_IN:
        host->control(host->context, operation, buffer, outcome);
        break;
    case RLK_OPERATION_SELECT_ALTERNATE:
        host->select_alternate(host->context, operation, outcome);
        break;
    case RLK_OPERATION_SLEEP:
        host->sleep(host->context, operation, outcome);
        break;
    case RLK_OPERATION_REOPEN:
        host->reopen(host->context, operation, outcome);
        break;
    case RLK_OPERATION_ASK:
        host->ask(host->context, operation, outcome);
        break;
    case RLK_OPERATION_RECORD:
        host->record(host->context, operation, outcome);
        break;
    case RLK_OPERATION_FETCH:
        host->fetch(host->context, operation, buffer, outcome);
        break;
    case RLK_OPERATION_KEEP:
        if (host->keep != NULL) {
            host->keep(host->context, operation, outcome);
        }
        break;
    default:
        host->store(host->context, operation, outcome);
        break;
    }
}

const struct rlk_operation *rlk_drive(struct rlk_session *session, const struct rlk_host *host)
{
    uint8_t buffer[RLK_BLOCK_BYTES_MAX];
    const struct rlk_operation *operation = rlk_session_next(session);
    while (operation->kind != RLK_OPERATION_DONE) {
        struct rlk_outcome outcome = {0};
        do_operation(host, operation, buffer, &outcome);
        if (host->observe != NULL) {
            host->observe(host->context, operation, &outcome);
        }
        rlk_session_complete(session, &outcome);
        operation = rlk_session_next(session);
    }
    if (host->observe != NULL) {
        struct rlk_outcome outcome = {0};
        host->observe(host->context, operation, &outcome);
    }
    return operation;
}

void rlk_fetch_from_image(const struct rlk_image *image, const struct rlk_operation *operation, uint8_t *buffer,
                          struct rlk_outcome *outcome)
{
    bool is_inside = operation->offset <= image->size && operation->bytes <= image->size - operation->offset &&
                     operation->bytes <= RLK_BLOCK_BYTES_MAX;
    outcome->kind = is_inside ? RLK_OUTCOME_OK : RLK_OUTCOME_FAILED;
    if (is_inside) {
        memcpy(buffer, &image->bytes[operation->offset], operation->bytes);
        outcome->data = buffer;
        outcome->bytes = operation->bytes;
    }
}
