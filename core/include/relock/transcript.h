/*
 * Transcripts: operations and answers as text, one line each way. Firmware appears as length and CRC, never as bytes.
 *
 *     > out 21 1 0 0 [92]
 *     < ok
 *     > in a1 3 0 0 6
 *     < ok [00 68 00 00 04 00]
 *     > out 21 1 2 0 2048 bytes crc 1c291ca3
 *     > reopen after-unprotect KEEP_BOOT0_HELD
 *     > ask confirm-plan 0123456789abcdef
 *     < ok yes 0123456789abcdef
 *     > record relock-journal-1 phase=erasing …
 */
#ifndef RELOCK_TRANSCRIPT_H
#define RELOCK_TRANSCRIPT_H

#include "relock/session.h"

#define RLK_TRANSCRIPT_LINE_BYTES 2048U

/* Each writes one line without newline, NUL-terminated, into `text` of RLK_TRANSCRIPT_LINE_BYTES and returns its
 * length. Times never appear, so that two hosts of different speed give the same text. */
size_t rlk_transcript_operation(const struct rlk_operation *operation, char *text);
size_t rlk_transcript_outcome(const struct rlk_operation *operation, const struct rlk_outcome *outcome, char *text);

#endif
