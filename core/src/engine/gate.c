#include "relock/gate.h"
#include "relock/options.h"
#include <string.h>

#define OPCODE_SET_ADDRESS    0x21U
#define OPCODE_ERASE          0x41U
#define OPCODE_READ_UNPROTECT 0x92U
#define ADDRESS_COMMAND_BYTES 5U
#define BLOCK_RESERVED        1U /* AN2662 figure 55; newer ROMs compute an address below the pointer */
#define BLOCK_FIRST_DATA      2U

/*
 * How far main flash can reach: OTP and data areas of every family known, also those inside 0x08000000 (H7A3 at
 * 08FFF000, C5 at 08FFE000), lie beyond, whatever a device's memory layout claims.
 */
#define MAIN_FLASH_BYTES_MAX RLK_IMAGE_PAYLOAD_BYTES_MAX

static uint32_t address_in(const uint8_t *command)
{
    return (uint32_t)command[1] | (uint32_t)command[2] << 8 | (uint32_t)command[3] << 16 | (uint32_t)command[4] << 24;
}

static bool may_touch_flash(const struct rlk_gate *gate)
{
    return gate->may_write_flash && gate->chip != NULL && gate->image != NULL && gate->flash != NULL;
}

static bool is_in_main_flash(const struct rlk_gate *gate, uint32_t addr, uint32_t bytes, uint8_t access)
{
    const uint64_t end = (uint64_t)addr + bytes;
    return addr >= gate->chip->flash_addr && end <= (uint64_t)gate->chip->flash_addr + MAIN_FLASH_BYTES_MAX &&
           rlk_layout_covers(gate->flash, addr, bytes, access);
}

static bool is_erased(const uint8_t *data, size_t length, uint8_t erased_value)
{
    size_t i = 0;
    while (i < length && data[i] == erased_value) {
        i++;
    }
    return i == length;
}

/* What else was in a planned sector goes back as it was, and in no other way. */
static bool is_kept(const struct rlk_gate *gate, uint32_t addr, const uint8_t *data, size_t length)
{
    for (size_t i = 0; i < gate->kept_count; i++) {
        const struct rlk_segment *range = &gate->kept[i];
        const uint64_t end = (uint64_t)range->addr + range->length;
        if (addr >= range->addr && addr < end) {
            const uint8_t *bytes = &gate->kept_bytes[range->offset + (addr - range->addr)];
            return (uint64_t)addr + length <= end && memcmp(data, bytes, length) == 0;
        }
    }
    return false;
}

/* Within a segment, or beyond its end by what completes a unit of programming: then nothing but the erased value, or
 * what is kept of it. */
static bool is_in_a_segment(const struct rlk_gate *gate, uint32_t addr, const uint8_t *data, size_t length)
{
    const struct rlk_image *image = gate->image;
    for (size_t i = 0; i < image->segment_count && i < RLK_IMAGE_SEGMENTS_MAX; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        const uint64_t end = (uint64_t)segment->addr + segment->length;
        const uint64_t block_end = (uint64_t)addr + length;
        if (addr < segment->addr || addr >= end) {
            continue;
        }
        const uint64_t unit = gate->chip->program_bytes;
        const size_t rest = block_end > end ? (size_t)(block_end - end) : 0;
        const uint8_t *tail = &data[length - rest];
        return rest == 0 ||
               (block_end == (end + unit - 1U) / unit * unit &&
                (is_erased(tail, rest, gate->chip->erased_value) || is_kept(gate, (uint32_t)end, tail, rest)));
    }
    return false;
}

static bool is_touched(const struct rlk_image *image, const struct rlk_sector *sector)
{
    for (size_t i = 0; i < image->segment_count && i < RLK_IMAGE_SEGMENTS_MAX; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        if (segment->addr < (uint64_t)sector->start_addr + sector->bytes &&
            sector->start_addr < (uint64_t)segment->addr + segment->length) {
            return true;
        }
    }
    return false;
}

static bool pass_set_address(struct rlk_gate *gate, const uint8_t *data)
{
    gate->pointer_addr = address_in(data);
    gate->pointer_is_known = true;
    return true;
}

static bool pass_erase(struct rlk_gate *gate, const uint8_t *data)
{
    struct rlk_sector sector;
    const uint32_t addr = address_in(data);
    if (!may_touch_flash(gate) || !rlk_layout_sector_at(gate->flash, addr, &sector) || sector.start_addr != addr ||
        !is_in_main_flash(gate, addr, sector.bytes, RLK_SECTOR_ERASABLE) || !is_touched(gate->image, &sector)) {
        return false;
    }
    /* Older ROMs leave the pointer on the erased sector, newer ones do not move it. */
    rlk_gate_forget_pointer(gate);
    return true;
}

static bool pass_read_unprotect(struct rlk_gate *gate)
{
    if (!gate->may_unprotect) {
        return false;
    }
    gate->may_unprotect = false;
    rlk_gate_forget_pointer(gate);
    return true;
}

/* `41` alone is a mass erase on one ROM and an erase of whatever was named last on another: never. */
static bool pass_command(struct rlk_gate *gate, const uint8_t *data, size_t length)
{
    if (data[0] == OPCODE_SET_ADDRESS && length == ADDRESS_COMMAND_BYTES) {
        return pass_set_address(gate, data);
    }
    if (data[0] == OPCODE_ERASE && length == ADDRESS_COMMAND_BYTES) {
        return pass_erase(gate, data);
    }
    return data[0] == OPCODE_READ_UNPROTECT && length == 1 && pass_read_unprotect(gate);
}

static bool pass_options(struct rlk_gate *gate, const uint8_t *data, size_t length)
{
    const struct rlk_chip *chip = gate->chip;
    if (!gate->may_write_options || length != chip->options_write_bytes || length > gate->transfer_bytes ||
        rlk_options_check(chip, data, length) != RLK_OK) {
        return false;
    }
    if (gate->options == NULL || memcmp(data, gate->options, length) != 0) {
        return false;
    }
    const uint8_t rdp = data[chip->rdp_write_offset];
    if ((rdp != chip->rdp_level0 && rdp != chip->rdp_level1) ||
        rlk_options_mean_level_2(chip->options_addr, data, length)) {
        return false;
    }
    gate->may_write_options = false;
    rlk_gate_forget_pointer(gate);
    return true;
}

static bool pass_flash(const struct rlk_gate *gate, uint64_t addr, const uint8_t *data, size_t length)
{
    if (!may_touch_flash(gate) || length % 2 != 0 || length > gate->transfer_bytes || addr > UINT32_MAX) {
        return false;
    }
    return is_in_main_flash(gate, (uint32_t)addr, (uint32_t)length, RLK_SECTOR_WRITABLE) &&
           (is_in_a_segment(gate, (uint32_t)addr, data, length) || is_kept(gate, (uint32_t)addr, data, length)) &&
           !rlk_options_mean_level_2((uint32_t)addr, data, length);
}

static bool pass_data(struct rlk_gate *gate, uint16_t block, const uint8_t *data, size_t length)
{
    if (gate->chip == NULL || !gate->pointer_is_known) {
        return false;
    }
    if (block == BLOCK_FIRST_DATA && gate->pointer_addr == gate->chip->options_addr) {
        return pass_options(gate, data, length);
    }
    const uint64_t offset = (uint64_t)(block - BLOCK_FIRST_DATA) * gate->transfer_bytes;
    return pass_flash(gate, gate->pointer_addr + offset, data, length);
}

static bool pass(struct rlk_gate *gate, uint16_t block, const uint8_t *data, size_t length)
{
    if (block == BLOCK_RESERVED) {
        return false;
    }
    if (length == 0) {
        return true;
    }
    if (data == NULL) {
        return false;
    }
    return block == 0 ? pass_command(gate, data, length) : pass_data(gate, block, data, length);
}

enum rlk_error rlk_gate_judge(struct rlk_gate *gate, uint16_t block, const uint8_t *data, size_t length)
{
    return pass(gate, block, data, length) ? RLK_OK : RLK_E_GATE_VETO;
}

void rlk_gate_forget_pointer(struct rlk_gate *gate)
{
    gate->pointer_is_known = false;
    gate->pointer_addr = 0;
}
