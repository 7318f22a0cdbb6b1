/* What the simulator holds against its host. It judges bytes that arrive, whatever becomes of them. */
#include "internal.h"

#include <string.h>

#define LEVEL_2 0xCCU

/* Every address at which some family keeps a readout protection (or product state) byte, from the option addresses and
 * offsets of CubeProgrammer's bootloader tables and ST's headers. One list for all: a host may be wrong about the chip.
 */
static const uint32_t rdp_slots[] = {
    0x1FFFF800U, /* F0, F1, F3; second block of L4 and G4 */
    0x1FFFC001U, /* F2, F4 */
    0x1FFEC001U, /* F42x, F43x, second block */
    0x1FFF0001U, /* F7 */
    0x1FFF7800U, /* C0, G0, G4, L4 */
    0x5200201DU, /* H7: read */
    0x52002021U, /* H7: write */
    0x1FF80000U, /* L0, L1 */
    0x1FF80080U, /* L1, second block */
    0x1FF00000U, /* L4+ */
    0x1FF01000U, /* L4+, second block */
    0x40022040U, /* L5, U3, U5, WBA */
    0x40022020U, /* U0 */
    0x1FFF8000U, /* WB */
    0x40022051U, /* H5, C5: read */
    0x40022055U, /* H5, C5: write */
};

static size_t text_length(const char *text)
{
    size_t length = strlen(text);
    return length < SIM_VIOLATION_TEXT_BYTES - 12U ? length : SIM_VIOLATION_TEXT_BYTES - 12U;
}

/* Counts a violation; gives where its text may be kept, or NULL. */
static char *next_text(struct sim_device *device)
{
    uint32_t index = device->counters.violations++;
    return index < SIM_VIOLATIONS_MAX ? device->violations[index] : NULL;
}

void sim_judge(struct sim_device *device, const char *text)
{
    char *out = next_text(device);
    if (out != NULL) {
        size_t length = text_length(text);
        memcpy(out, text, length);
        out[length] = '\0';
    }
}

void sim_judge_hex(struct sim_device *device, const char *text, uint32_t value, unsigned digits)
{
    char *out = next_text(device);
    if (out == NULL) {
        return;
    }
    size_t length = text_length(text);
    memcpy(out, text, length);
    out[length++] = '0';
    out[length++] = 'x';
    for (unsigned i = digits; i > 0; i--) {
        out[length++] = "0123456789ABCDEF"[(value >> (4U * (i - 1U))) & 0xFU];
    }
    out[length] = '\0';
}

const char *sim_violation(const struct sim_device *device, size_t index)
{
    if (index >= SIM_VIOLATIONS_MAX || index >= device->counters.violations) {
        return NULL;
    }
    return device->violations[index];
}

static void judge_read_unprotect(struct sim_device *device)
{
    if (device->level == 0) {
        sim_judge(device, "needless 0x92 at level 0");
    } else if (!sim_returns_after_regression(device)) {
        sim_judge(device, "0x92 with no way back into the ROM");
    }
    if (device->knobs.get_list_short != 0 || sim_row(device)->lacks_unprotect != 0) {
        sim_judge(device, "0x92 while the GET list lacks it");
    }
    if (device->knobs.tzen != 0) {
        sim_judge(device, "0x92 with TrustZone on");
    }
}

/* Promise: only these opcodes, with exactly these lengths. A mass erase (0x41 alone) is none of them. */
static void judge_command(struct sim_device *device)
{
    uint8_t opcode = device->block[0];
    uint16_t length = device->block_length;
    if (opcode == 0x92 && length == 1) {
        judge_read_unprotect(device);
    } else if (opcode == 0x41 && length == 1) {
        sim_judge(device, "mass erase 0x41 alone");
    } else if (opcode != 0x21 && opcode != 0x41 && opcode != 0x92) {
        sim_judge_hex(device, "unknown command ", opcode, 2);
    } else if (opcode == 0x92 || length != 5) {
        sim_judge_hex(device, "wrong length of command ", opcode, 2);
    }
}

static void judge_rdp_bytes(struct sim_device *device, uint32_t address)
{
    for (size_t i = 0; i < sizeof rdp_slots / sizeof rdp_slots[0]; i++) {
        uint32_t offset = rdp_slots[i] - address;
        if (offset < device->block_length && device->block[offset] == LEVEL_2) {
            sim_judge_hex(device, "0xCC for the RDP slot at ", rdp_slots[i], 8);
        }
    }
}

/* TrustZone parts: 0x55 is level 0.5, from which the way back is another. */
static void judge_half_level(struct sim_device *device, uint32_t address)
{
    const struct sim_profile *row = sim_row(device);
    uint32_t offset = row->option_address + row->rdp.write - address;
    if (row->rdp.half != 0 && offset < device->block_length && device->block[offset] == row->rdp.half) {
        sim_judge_hex(device, "level 0.5 for the RDP slot at ", row->option_address + row->rdp.write, 8);
    }
}

/* Whatever would be written there: a key, once set, is asked for by the next regression. */
static void judge_keys(struct sim_device *device, uint32_t address)
{
    const struct sim_profile *row = sim_row(device);
    uint32_t keys = row->option_address + row->oem_keys.offset;
    bool begins_before = address < keys + row->oem_keys.mask;
    bool ends_behind = address + device->block_length > keys;
    if (row->oem_keys.mask != 0 && row->option_address != 0 && begins_before && ends_behind) {
        sim_judge_hex(device, "write to the OEM keys at ", keys, 8);
    }
}

/* OTP, a second option block that is not announced, system memory and the rest of the world are never written. */
static void judge_target(struct sim_device *device, uint32_t address)
{
    enum sim_area area = sim_area_of(device, address);
    if (area == SIM_AREA_SECOND_OPTIONS && sim_row(device)->second_is_writable == 0) {
        sim_judge_hex(device, "write to the second option block at ", address, 8);
    } else if (area == SIM_AREA_OTP) {
        sim_judge_hex(device, "write to OTP at ", address, 8);
    } else if (area != SIM_AREA_FLASH && area != SIM_AREA_OPTIONS && area != SIM_AREA_SECOND_OPTIONS) {
        sim_judge_hex(device, "write outside flash and options at ", address, 8);
    }
    if (device->block_length == 1) {
        sim_judge_hex(device, "block of one byte at ", address, 8);
    }
}

void sim_judge_download(struct sim_device *device)
{
    if (device->block_number == 0) {
        judge_command(device);
    } else if (device->block_number == 1) {
        sim_judge(device, "DNLOAD of block 1");
    } else {
        uint32_t offset = ((uint32_t)device->block_number - 2U) * sim_row(device)->transfer_bytes;
        judge_rdp_bytes(device, device->pointer + offset);
        judge_half_level(device, device->pointer + offset);
        judge_keys(device, device->pointer + offset);
        judge_target(device, device->pointer + offset);
    }
}

bool sim_allow_option_bits(struct sim_device *device, uint32_t offset, uint8_t mask, uint8_t value)
{
    const struct sim_profile *row = sim_row(device);
    if (offset >= row->option_bytes || offset == row->rdp.read || sim_options_is_complement(row, offset)) {
        return false;
    }
    uint8_t kept = (uint8_t)(device->allowed_value[offset] & ~mask);
    device->allowed_value[offset] = (uint8_t)(kept | (value & mask));
    device->allowed_mask[offset] |= mask;
    return true;
}

/* Bits that may change have been left as they are, or are what they may become. */
static void expect_allowed(const struct sim_device *device, const uint8_t *options, uint8_t *expected)
{
    const struct sim_profile *row = sim_row(device);
    for (uint32_t i = 0; i < row->option_bytes; i++) {
        uint8_t mask = device->allowed_mask[i];
        if (mask != 0 && ((options[i] ^ device->allowed_value[i]) & mask) == 0) {
            sim_options_set_byte(row, expected, i, (uint8_t)((expected[i] & ~mask) | (options[i] & mask)));
        }
    }
}

/* Words to program are not looked at: what matters is what will be in force. */
static bool is_looked_at(const struct sim_profile *row, uint32_t offset)
{
    return row->option_style != SIM_OPTIONS_REGISTER_PAIRS || !sim_options_is_complement(row, offset);
}

static void judge_changes(struct sim_device *device, const uint8_t *options, const uint8_t *expected)
{
    const struct sim_profile *row = sim_row(device);
    for (uint32_t i = 0; i < row->option_bytes; i++) {
        if (options[i] != expected[i] && is_looked_at(row, i)) {
            sim_judge_hex(device, "option byte changed besides RDP, at offset ", i, i > 0xFFU ? 4 : 2);
            break;
        }
    }
    const struct sim_option_bits *tzen = &row->tzen;
    if (tzen->mask != 0 && ((options[tzen->offset] ^ device->options[tzen->offset]) & tzen->mask) != 0) {
        sim_judge(device, "TrustZone switched");
    }
}

/* Promise: the RDP byte is level 0's or the canonical level 1's, nothing else in the block changes but what was allowed
 * to, and the device can be brought back with exactly these bytes. */
void sim_judge_options(struct sim_device *device, const uint8_t *options)
{
    const struct sim_profile *row = sim_row(device);
    uint8_t rdp = options[row->rdp.read];
    uint8_t expected[SIM_OPTIONS_MAX_BYTES];
    memcpy(expected, device->options, sizeof expected);
    sim_options_set_rdp(row, expected, rdp);
    expect_allowed(device, options, expected);
    bool is_canonical = rdp == row->rdp.canonical && row->rdp.canonical != 0;
    if (row->has_product_state != 0 && rdp != device->options[row->rdp.read]) {
        sim_judge_hex(device, "product state changed to ", rdp, 2);
    } else if (rdp != row->rdp.open && !is_canonical) {
        sim_judge_hex(device, "RDP byte neither open nor canonical level 1: ", rdp, 2);
    }
    judge_changes(device, options, expected);
    bool closes_door = rdp != row->rdp.open && row->has_empty_check == 0 && !sim_boot0_reaches_rom(row, options);
    if (closes_door) {
        sim_judge(device, "sealed with options that keep BOOT0 from reaching the ROM");
    }
}

/* A second block holds no protection byte: it is written only to change it, and no promise of ours wants that. */
void sim_judge_second_options(struct sim_device *device, const uint8_t *options, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        if (options[i] != device->second_options[i]) {
            sim_judge_hex(device, "second option block changed at offset ", i, 2);
            break;
        }
    }
}
