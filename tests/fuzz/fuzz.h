/*
 * What all fuzz targets share. A target is a file fuzz_NAME.c with LLVMFuzzerTestOneInput: libFuzzer calls it (preset
 * `fuzz`, scripts/fuzz), and so does replay.c with every file of corpus/NAME (ctest, and the page's tests).
 *
 * Targets keep nothing from one input to the next, and demand properties, not only that nothing crashes.
 */
#ifndef RELOCK_FUZZ_H
#define RELOCK_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One input. Returns 0; aborts if a property does not hold. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of an input. */
struct fuzz_input {
    const uint8_t *data;
    size_t left;
};

/* The next `bytes` (1 to 4) as a number, the lowest byte first; zeros beyond the end. */
uint32_t fuzz_take(struct fuzz_input *input, unsigned bytes);

/* The next byte as one of 0 … count - 1; count is 1 to 256. */
uint32_t fuzz_take_below(struct fuzz_input *input, uint32_t count);

/* Up to `bytes` of the input into `data`; what the input lacks is zeroed. Returns how many there were. */
size_t fuzz_take_bytes(struct fuzz_input *input, uint8_t *data, size_t bytes);

/* Says on stderr what does not hold, and aborts. */
void fuzz_demand(bool holds, const char *what);

/*
 * Speaking: a target tells on stdout what became of its input, so that the shipped wasm can be given the same and must
 * say the same (tests/web/corpora.test.mjs). A case is a line "= {json}" and lines of results. Off unless replay --say.
 */
void fuzz_set_speaking(bool is_on);
bool fuzz_is_speaking(void);

/* Prints `bytes` as hexadecimal digits. */
void fuzz_say_hex(const uint8_t *data, size_t bytes);

#endif
