/*
 * gzip (RFC 1952), inflated in memory.
 */
#ifndef RELOCK_CLI_GUNZIP_H
#define RELOCK_CLI_GUNZIP_H

#include "relock/error.h"
#include "system/content.h"

/* Replaces the content by what is compressed in it: all members, one after the other, `length_max` bytes at most. On
 * failure it is as it was: RLK_E_GZIP_DAMAGED (also cut off), FILE_TOO_LARGE. */
enum rlk_error gunzip(struct content *content, size_t length_max);

#endif
