/*
 * Bytes that wait to be sent.
 */
#ifndef RELOCK_CLI_BYTE_QUEUE_H
#define RELOCK_CLI_BYTE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BYTE_QUEUE_MAX ((size_t)4 * 1024 * 1024)

struct byte_queue {
    uint8_t *bytes; /* the queue's own; those that wait are bytes[start … end) */
    size_t start, end, room;
};

/* Room for `length` more bytes at the end, to be filled at once; NULL if memory fails or more than BYTE_QUEUE_MAX would
 * wait. An empty queue is all zeros. */
uint8_t *byte_queue_extend(struct byte_queue *queue, size_t length);
size_t byte_queue_length(const struct byte_queue *queue);
/* Forgets the first `length` of them. */
void byte_queue_drop(struct byte_queue *queue, size_t length);
/* Gives the memory back; it is empty then. */
void byte_queue_free(struct byte_queue *queue);

#endif
