#include "sim/byte_queue.h"
#include <stdlib.h>
#include <string.h>

size_t byte_queue_length(const struct byte_queue *queue)
{
    return queue->end - queue->start;
}

static bool grow(struct byte_queue *queue, size_t needed)
{
    size_t room = needed < 512 ? 512 : needed + needed / 2;
    uint8_t *bytes = realloc(queue->bytes, room);
    if (bytes == NULL) {
        return false;
    }
    queue->bytes = bytes;
    queue->room = room;
    return true;
}

uint8_t *byte_queue_extend(struct byte_queue *queue, size_t length)
{
    size_t waiting = byte_queue_length(queue);
    if (waiting > BYTE_QUEUE_MAX || length > BYTE_QUEUE_MAX - waiting) {
        return NULL;
    }
    if (queue->start > 0) {
        memmove(queue->bytes, queue->bytes + queue->start, waiting);
        queue->start = 0;
        queue->end = waiting;
    }
    if (length > queue->room - queue->end && !grow(queue, queue->end + length)) {
        return NULL;
    }
    uint8_t *out = queue->bytes + queue->end;
    queue->end += length;
    return out;
}

void byte_queue_drop(struct byte_queue *queue, size_t length)
{
    queue->start += length;
}

void byte_queue_free(struct byte_queue *queue)
{
    free(queue->bytes);
    *queue = (struct byte_queue){0};
}
