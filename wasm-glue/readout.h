/*
 * Read-outs: what a wasm file tells JavaScript, one flat function per value. Enumerations leave as their names, so that
 * no number is written down on both sides.
 */
#ifndef RELOCK_WASM_READOUT_H
#define RELOCK_WASM_READOUT_H

#include "export.h"
#include <stddef.h>
#include <stdint.h>

/* An exported function without arguments that answers `expression`: prototype and body at once. */
#define READOUT(type, name, expression)                                                                                \
    RLK_EXPORT type name(void);                                                                                        \
    type name(void)                                                                                                    \
    {                                                                                                                  \
        return (expression);                                                                                           \
    }

/* The same for the index-th of something; the expression uses `index`. Texts are NULL beyond the last. */
#define READOUT_AT(type, name, expression)                                                                             \
    RLK_EXPORT type name(uint32_t index);                                                                              \
    type name(uint32_t index)                                                                                          \
    {                                                                                                                  \
        return (expression);                                                                                           \
    }

#endif
