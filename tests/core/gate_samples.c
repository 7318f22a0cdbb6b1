#include "gate_samples.h"
#include <string.h>

void sample_gate_open(struct sample_gate *sample, enum rlk_family family)
{
    memset(sample, 0, sizeof *sample);
    sample_rom(&sample->fingerprint, family);
    sample->image.segment_count = 2;
    sample->image.segments[0].addr = SAMPLE_SEGMENT_ADDR;
    sample->image.segments[0].length = SAMPLE_SEGMENT_BYTES;
    sample->image.segments[1].addr = SAMPLE_SEGMENT_ADDR + 0x2000U;
    sample->image.segments[1].length = 16;
    sample->gate.chip = rlk_chip_row(family);
    sample->gate.image = &sample->image;
    sample->gate.flash = &sample->fingerprint.layouts[0];
    sample->gate.transfer_bytes = SAMPLE_TRANSFER_BYTES;
    sample->gate.may_unprotect = true;
    sample->gate.may_write_flash = true;
    sample->gate.may_write_options = true;
    (void)sample_command(&sample->gate, 0x21, SAMPLE_SEGMENT_ADDR);
}

/* A product's own bootloader does not let itself be overwritten; N6 has no flash. */
bool sample_can_write(enum rlk_family family)
{
    return family != DFUSE && family != N6;
}

enum rlk_error sample_command(struct rlk_gate *gate, uint8_t opcode, uint32_t addr)
{
    const uint8_t command[] = {opcode, (uint8_t)addr, (uint8_t)(addr >> 8), (uint8_t)(addr >> 16),
                               (uint8_t)(addr >> 24)};
    return rlk_gate_judge(gate, 0, command, sizeof command);
}
