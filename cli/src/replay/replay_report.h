/*
 * A report (docs/report-format.md) as it is replayed. Reads untrusted files.
 */
#ifndef RELOCK_CLI_REPLAY_REPORT_H
#define RELOCK_CLI_REPLAY_REPORT_H

#include "output/problem.h"
#include <jansson.h>

#define REPLAY_FILE_BYTES_MAX (16U * 1024U * 1024U)
#define REPLAY_SESSIONS_MAX   256U
#define REPLAY_LINES_MAX      200000U

/* The texts belong to `tree`, and may hold anything: clean them before they are shown. "" for what is not there. */
struct replay_report {
    json_t *tree;
    const char *created, *ticket, *product, *version;
    const char *family, *devices, *protection, *ending;
    uint32_t flash_bytes;   /* 0 if it is not said */
    const json_t *sessions; /* objects, each with `job` and `lines`, an array of texts; none: no device was reached */
};

/* RLK_OK, FILE_UNREADABLE (it cannot be read at all), or REPORT_MALFORMED; says where in `problem`. replay_report_free
 * in any case. */
enum rlk_error replay_report_read(struct replay_report *report, const char *path, struct problem *problem);
void replay_report_free(struct replay_report *report);

/* A session's job, and its lines. */
const char *replay_session_job(const json_t *session);
size_t replay_session_lines(const json_t *session);
const char *replay_session_line(const json_t *session, size_t index);

#endif
