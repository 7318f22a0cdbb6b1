/* A fixed row of pseudo-random numbers: the same on every machine, and in the page's tests (splitmix64). */
#ifndef RELOCK_TESTS_RANDOM_H
#define RELOCK_TESTS_RANDOM_H

#include <stdint.h>

/* The next number of the row that `*seed` stands for. */
static inline uint32_t random_next(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

/* One of 0 … count - 1. */
static inline uint32_t random_below(uint64_t *seed, uint32_t count)
{
    return (uint32_t)((uint64_t)random_next(seed) * count >> 32);
}

#endif
