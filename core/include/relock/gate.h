/*
 * The gate: one place sees every DNLOAD on its way out and may veto it. It trusts nobody, least of all the stages.
 */
#ifndef RELOCK_GATE_H
#define RELOCK_GATE_H

#include "relock/chip.h"
#include "relock/error.h"
#include "relock/image.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is allowed now. A zeroed gate allows SET ADDRESS POINTER and the leave request (length 0) and nothing else. */
struct rlk_gate {
    const struct rlk_chip *chip;    /* NULL: no data block at all */
    const struct rlk_image *image;  /* data blocks and erases only inside sectors these segments touch */
    const struct rlk_layout *flash; /* the device's main flash */
    const struct rlk_segment *kept; /* or data blocks inside these, with these very bytes: what else the sectors held */
    size_t kept_count;
    const uint8_t *kept_bytes;
    uint16_t transfer_bytes; /* the fixed size of block addressing */
    bool may_unprotect;      /* 0x92, once: a passed 0x92 clears it */
    bool may_write_flash;    /* erase and data blocks */
    bool may_write_options;  /* one option block, once: a passed one clears it */
    const uint8_t *options;  /* the block that was planned and judged: this and no other; NULL: none */
    bool pointer_is_known;   /* the gate's own record of the address pointer */
    uint32_t pointer_addr;
};

/*
 * Judges one DFU DNLOAD (block number, data) and, if it passes, takes note of what it does to the address pointer
 * (SET ADDRESS sets it, ERASE makes it unknown, a refused or failed transfer must be told by rlk_gate_forget_pointer).
 * Passes: length 0; block 0 with `21`+4, `41`+4 (sector start, planned sector), `92` alone; block >= 2 with even length
 * <= transfer_bytes inside the planned segments, or inside a kept range and with its bytes; block 2 with exactly the
 * planned option block at its start address, and only if its RDP byte is level 0's or canonical level 1's and its
 * complements are right. Never: block 1, `41` alone, any other opcode, a byte 0xCC at the address of an RDP slot of any
 * family, OTP, a chip->options2_addr. RLK_OK or RLK_E_GATE_VETO.
 */
enum rlk_error rlk_gate_judge(struct rlk_gate *gate, uint16_t block, const uint8_t *data, size_t length);

void rlk_gate_forget_pointer(struct rlk_gate *gate);

#endif
