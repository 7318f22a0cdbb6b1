/*
 * The inside of a session, public only so that a caller can own one as a value. Read it through session.h.
 */
#ifndef RELOCK_SESSION_STATE_H
#define RELOCK_SESSION_STATE_H

#include "relock/exchange.h"
#include "relock/session.h"

/* What reading a block before writing has shown. */
enum rlk_block_class { RLK_BLOCK_UNKNOWN, RLK_BLOCK_EQUAL, RLK_BLOCK_BLANK, RLK_BLOCK_OTHER };

/* Where a loop over the blocks of the image, and then of what is kept, stands. */
struct rlk_cursor {
    uint32_t segment;    /* of the image; from its count on, a kept range */
    uint32_t block;      /* within the segment */
    uint32_t index;      /* over all segments */
    uint32_t chunk;      /* bytes done of the block, when it goes in smaller pieces */
    bool address_is_set; /* the device's pointer stands at the segment's start */
    bool is_second_look; /* VERIFY: the block differed once and is read again */
};

/* ERASE: what else is in the sectors, and where looking for it stands. */
struct rlk_keep {
    struct rlk_segment ranges[RLK_KEPT_RANGES_MAX]; /* offset: into wish.keep_room */
    size_t count;                                   /* ranges of sectors that were looked at to their ends */
    size_t found;                                   /* these, and those of the sector under way */
    size_t held;                                    /* how many the host has taken note of */
    uint8_t seen_sectors[RLK_LAYOUT_SECTORS_MAX / 8U];
    uint64_t begin, end;     /* what is looked at now: a piece of a sector outside the image */
    uint64_t pass_begin, at; /* where this reading of it began, and how far it has come */
    uint32_t lost_addr;      /* the first byte of the piece that is not blank */
    bool has_range;          /* the piece has one, the last that was found */
    bool is_second_reading;
    uint8_t tries; /* readings of the piece that were not confirmed */
};

struct rlk_session {
    struct rlk_wish wish;
    struct rlk_goal goal;
    struct rlk_evidence evidence;
    struct rlk_findings findings;
    struct rlk_fault fault;
    struct rlk_gate gate;
    struct rlk_exchange exchange;
    struct rlk_operation operation;

    enum rlk_stage stage;
    uint8_t step; /* within the stage */
    bool stage_is_over;
    bool is_in_exchange;
    bool is_resetting; /* the exchange under way is meant to lose the device */
    bool operation_is_ready;
    uint8_t losses;        /* unexpected ones, answered by reopening */
    uint8_t repairs;       /* passes after a failed verify */
    uint16_t piece_bytes;  /* the ROM takes no longer blocks, whatever it announces; 0: as announced */
    uint8_t visits;        /* how often the device was opened */
    bool was_emptied;      /* our 0x92 was taken, as far as can be told */
    bool has_programmed;   /* this session has sent a block of firmware */
    bool has_begun;        /* something that changes the device was sent */
    bool seal_was_sent;    /* this session has sent the option block at least once */
    bool polled_too_early; /* an early poll was answered oddly; survives a reopening */
    bool has_stayed;       /* LEAVE was answered as if it had not been asked */
    int alternate;         /* the alternate setting in force, -1 unknown */
    enum rlk_reopen_reason reopen_reason;
    enum rlk_journal_phase journal_phase; /* the last one recorded in this session */
    uint32_t operation_count;

    struct rlk_keep keep;
    struct rlk_cursor cursor;
    uint8_t first_block;     /* WRITE: whether the block at the flash's start still waits for its turn */
    uint32_t block_count;    /* of the image and of what is kept */
    uint64_t image_digest;   /* of the image that the session began with */
    uint64_t fetched_digest; /* VERIFY: of the bytes that are compared */
    uint32_t differing_addr; /* the first address that did not verify */
    uint8_t block_classes[RLK_BLOCKS_MAX / 4U]; /* enum rlk_block_class, two bits each */
    uint8_t sectors_to_erase[RLK_LAYOUT_SECTORS_MAX / 8U];

    uint8_t tries;        /* PROBE: of a witness whose two answers differ; OPTIONS: of the reading */
    uint8_t witness;      /* PROBE: 0 flash, 1 option bytes */
    bool address_refused; /* PROBE: SET ADDRESS itself was refused */
    uint8_t first_read[RLK_OPTIONS_BYTES_MAX]; /* what is compared with the second reading */

    uint32_t stage_cursor; /* ERASE: sector index; READ: bytes delivered */
    uint32_t stage_done, stage_total;
    uint32_t stage_elapsed_ms;
    uint32_t past_estimate_ms; /* of what is done */
    uint32_t stage_past_ms;    /* the same when the stage began */
    uint32_t shown_permille;

    uint8_t planned_options[RLK_OPTIONS_BYTES_MAX]; /* OPTIONS: the judged block, by which the gate goes */

    char journal_line[RLK_JOURNAL_LINE_BYTES];
    uint8_t command[8];
    uint8_t buffer[RLK_BLOCK_BYTES_MAX]; /* fetched bytes, descriptors, the option block to write */
    size_t buffer_bytes;
};

#endif
