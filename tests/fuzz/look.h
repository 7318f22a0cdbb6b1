/*
 * A look at a simulated device that shows what a fuzz target was given. Parsers have no export of their own in the
 * shipped wasm, but a session that meets the same device has: it must find the same (fuzz_is_speaking only).
 */
#ifndef RELOCK_FUZZ_LOOK_H
#define RELOCK_FUZZ_LOOK_H

#include "relock/chip.h"

/* A device whose first alternate setting has this name. What a string descriptor cannot hold is cut. */
void look_at_layout(const char *text, size_t length);

/* A device with this configuration descriptor. */
void look_at_configuration(const uint8_t *data, size_t size);

/* A device of this family with this option block, not protected. */
void look_at_options(enum rlk_family family, const uint8_t *block, size_t bytes);

#endif
