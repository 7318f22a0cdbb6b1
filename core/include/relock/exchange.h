/*
 * One DFU transaction at a time: the lowest layer of the engine. It owns GETSTATUS, poll times and their clamp, STALL
 * retries, and when CLRSTATUS and ABORT are legal, for all ROM generations. It answers with a verdict, never with a DFU
 * state, and does not know what protection is.
 *
 * Public only because a session is a value; hosts never use it.
 */
#ifndef RELOCK_EXCHANGE_H
#define RELOCK_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rlk_verdict {
    RLK_VERDICT_NONE, /* still going on */
    RLK_VERDICT_OK,
    RLK_VERDICT_REFUSED,    /* dfuERROR with exactly errVENDOR */
    RLK_VERDICT_BAD_TARGET, /* errTARGET */
    RLK_VERDICT_LOST,       /* a transfer timed out, failed, or the device went: only a reopen may follow */
    RLK_VERDICT_LOST_EARLY, /* the same before the first GETSTATUS: nothing was carried out (AN3156 §5.1) */
    RLK_VERDICT_STILL_HERE, /* it answered although it should have reset */
    RLK_VERDICT_STUCK,      /* busy beyond its worst case */
    RLK_VERDICT_NOT_TAKEN,  /* a block of data was stalled with errSTALLEDPKT: nothing of it was carried out */
    RLK_VERDICT_NONSENSE    /* anything else */
};

enum rlk_exchange_kind {
    RLK_EXCHANGE_IDLE,     /* bring the ROM to dfuIDLE */
    RLK_EXCHANGE_WRITE,    /* DNLOAD: a command (block 0) or data, until it is carried out */
    RLK_EXCHANGE_READ,     /* UPLOAD of exactly `length` bytes */
    RLK_EXCHANGE_LIST,     /* UPLOAD of up to `length` bytes: the GET command */
    RLK_EXCHANGE_RESETTING /* DNLOAD that ends in a reset of the chip: 0x92, option block, leave */
};

struct rlk_exchange_request {
    enum rlk_exchange_kind kind;
    uint16_t block;
    uint16_t length;      /* of data, or wanted */
    const uint8_t *data;  /* DNLOAD: the session's, valid until the verdict */
    uint32_t busy_max_ms; /* the row's worst case of what is asked for */
    /* Where an early poll is stalled (FS device cores): the first wait is at least this long; 0: as announced. */
    uint32_t busy_typical_ms;
    /* Where an early poll is held (OTG cores, generation B): the first wait is at most this long; 0: as announced. */
    uint32_t expected_ms;
    bool data_is_options; /* so that transcripts may show it */
    /* DNLOAD: the work may be over at the first GETSTATUS, which then does not tell whether it was begun (generation C,
     * and ROMs without dfuDNBUSY). */
    bool first_status_may_be_last;
    bool refusal_may_be_state_15; /* UPLOAD: errVENDOR counts as a refusal in that state too (Cube class from 2.11.2) */
};

struct rlk_exchange {
    struct rlk_exchange_request request;
    uint8_t interface_number;
    uint8_t step;          /* one state, one function: exchange.c */
    uint8_t after_wait;    /* the step that a wait leads back to */
    uint8_t rom_state;     /* bState as believed; 0xFF unknown */
    uint8_t rom_status;    /* bStatus of the last answer; 0xFF none */
    uint8_t clears;        /* CLRSTATUS so far in this exchange */
    uint8_t looks;         /* GETSTATUS so far on the way to dfuIDLE */
    uint8_t stalls;        /* STALLs and short answers so far, answered by asking again */
    uint8_t retries;       /* of the transfer itself */
    uint32_t announced_ms; /* bwPollTimeout of the last answer, clamped */
    uint32_t poll_ms;      /* the next wait */
    uint32_t waited_ms;    /* for this exchange, all sleeps */
    bool is_stuck;         /* busy beyond the worst case: being freed, then over */
    bool was_done_at_once; /* some first GETSTATUS said dfuDNLOAD-IDLE, since the device was opened */
    bool was_odd;          /* polled at the expected time, it did not answer as one that holds such a poll */
    enum rlk_verdict verdict;
};

#endif
