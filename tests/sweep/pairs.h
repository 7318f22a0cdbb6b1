/* Pairs of faults: every fault at every transfer, then every fault at every later transfer of the path that results. */
#ifndef SWEEP_PAIRS_H
#define SWEEP_PAIRS_H

#include "tally.h"

/* Which of the pairs. */
struct pairs_choice {
    uint32_t share, shares; /* first faults dealt out in turn: this share of so many */
    uint32_t one_in;        /* 1: all; else so many first faults by lot, and of the second ones of each so many */
    uint32_t seed;          /* of the lot */
};

/* Tries the pairs of one scenario and adds them to the tally. */
void pairs_sweep(const struct scenario *plain, const struct pairs_choice *choice, struct tally *tally);

#endif
