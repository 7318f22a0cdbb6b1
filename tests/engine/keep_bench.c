#include "keep_bench.h"

#include "random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { UPLOAD = 2, DNLOAD = 1, CLASS_IN = 0xA1, CLASS_OUT = 0x21, OPCODE_SET_ADDRESS = 0x21, OPCODE_ERASE = 0x41 };

struct workbench keep_bench;
uint8_t keep_before[SIM_FLASH_MAX_BYTES];

struct keep_seen keep_seen;

uint8_t *keep_flash(void)
{
    uint32_t size = 0;
    return sim_flash_mutable(&keep_bench.device, &size);
}

static void note_command(const struct rlk_operation *operation, bool is_erase_stage)
{
    const uint8_t *data = operation->data;
    if (data[0] == OPCODE_SET_ADDRESS) {
        keep_seen.pointer_addr =
            (uint32_t)data[1] | (uint32_t)data[2] << 8 | (uint32_t)data[3] << 16 | (uint32_t)data[4] << 24;
        keep_seen.addresses += is_erase_stage ? 1U : 0U;
    }
    if (data[0] == OPCODE_ERASE) {
        keep_seen.looks_at_erase = keep_seen.erases == 0 ? keep_seen.looks : keep_seen.looks_at_erase;
        keep_seen.erases++;
    }
}

static void note_download(const struct rlk_operation *operation, bool is_erase_stage)
{
    if (operation->length > 0 && operation->value == 0) {
        note_command(operation, is_erase_stage);
    } else if (operation->length > 0) {
        keep_seen.last_block_addr = keep_seen.pointer_addr + (operation->value - 2U) * BLOCK;
    }
}

static void note_look(void)
{
    struct rlk_segment *segment = &keep_bench.image.segments[keep_bench.image.segment_count - 1U];
    keep_seen.looks++;
    segment->length = keep_seen.blocks_at_look > 0 ? keep_seen.blocks_at_look * BLOCK : segment->length;
    for (size_t i = 0; i < sizeof keep_seen.flips / sizeof keep_seen.flips[0]; i++) {
        struct sim_fault flip = {.kind = SIM_FAULT_FLIP_ONE, .at = keep_bench.device.fault_transfers};
        if (keep_seen.flips[i] == keep_seen.looks) {
            sim_fault_add(&keep_bench.device, flip);
        }
    }
}

static void note_keep(void)
{
    struct sim_fault gone = {.kind = SIM_FAULT_GONE, .at = keep_bench.device.fault_transfers};
    keep_seen.records_at_keep = keep_bench.records_asked;
    if (keep_seen.other_offset > 0 && keep_bench.keeps_asked == 1) {
        sim_fault_add(&keep_bench.device, gone);
    }
}

void keep_watch(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    enum rlk_stage stage = rlk_session_progress(&keep_bench.session).stage;
    bool is_erase_stage = stage == RLK_STAGE_ERASE;
    (void)outcome;
    if (operation->kind == RLK_OPERATION_CONTROL_OUT && operation->request_type == CLASS_OUT &&
        operation->request == DNLOAD) {
        note_download(operation, is_erase_stage);
    }
    if (operation->kind == RLK_OPERATION_KEEP) {
        note_keep();
    }
    if (operation->kind == RLK_OPERATION_REOPEN && operation->reason == RLK_REOPEN_LOST) {
        keep_flash()[keep_seen.other_offset] ^= keep_seen.other_offset > 0 ? 1U : 0U;
    }
    if (is_erase_stage && operation->request_type == CLASS_IN && operation->request == UPLOAD) {
        note_look();
    }
    if (stage == RLK_STAGE_VERIFY && keep_seen.spoil_offset != 0 && !keep_seen.was_spoilt) {
        keep_seen.was_spoilt = true;
        keep_flash()[keep_seen.spoil_offset] ^= 1U;
    }
}

void keep_set_up(const char *profile, uint32_t image_bytes)
{
    memset(&keep_seen, 0, sizeof keep_seen);
    workbench_init(&keep_bench, profile, 0, image_bytes);
    keep_bench.wish.job = RLK_JOB_WRITE;
    keep_bench.wish.accept_any_image = true;
    keep_bench.on_operation = keep_watch;
}

void keep_run(void)
{
    memcpy(keep_before, keep_flash(), sizeof keep_before);
    workbench_run(&keep_bench);
}

void keep_add_segment(uint32_t addr, uint32_t bytes)
{
    uint64_t seed = addr;
    struct rlk_segment *segment = &keep_bench.image.segments[keep_bench.image.segment_count];
    *segment = (struct rlk_segment){addr, bytes, (uint32_t)keep_bench.image.size};
    for (uint32_t i = 0; i < bytes; i++) {
        keep_bench.image_bytes[keep_bench.image.size + i] = (uint8_t)(random_next(&seed) & 0xFEU);
    }
    keep_bench.image.segment_count++;
    keep_bench.image.size += bytes;
    keep_bench.image.digest = rlk_image_digest(&keep_bench.image);
}

void keep_add_partial_cell(uint32_t addr, uint16_t given)
{
    struct rlk_image *image = &keep_bench.image;
    image->partial_cells[image->partial_cell_count++] = (struct rlk_partial_cell){addr, given};
    for (uint32_t i = 0; i < RLK_IMAGE_ALIGNMENT_BYTES; i++) {
        if (((uint32_t)given >> i & 1U) == 0) {
            image->bytes[image->segments[0].offset + (addr - image->segments[0].addr) + i] = image->erased_value;
        }
    }
    image->digest = rlk_image_digest(image);
}

void keep_assert_ended(enum rlk_stage ending, enum rlk_error error)
{
    assert_string_equal(rlk_error_name(keep_bench.done->error), rlk_error_name(error));
    assert_string_equal(rlk_stage_name(keep_bench.done->ending), rlk_stage_name(ending));
    assert_null(sim_violation(&keep_bench.device, 0));
    assert_false(keep_bench.progress_fell);
    assert_false(keep_bench.asking_twice_differed);
}

void keep_assert_rest_is_as_before(void)
{
    uint32_t i = 0;
    while (i < sizeof keep_before &&
           (keep_flash()[i] == keep_before[i] || rlk_image_gives(&keep_bench.image, FLASH_ADDR + i))) {
        i++;
    }
    if (i < sizeof keep_before) {
        fail_msg("0x%08x is %02x, was %02x", (unsigned)(FLASH_ADDR + i), keep_flash()[i], keep_before[i]);
    }
}

void keep_assert_kept(void)
{
    keep_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_true(workbench_flash_is_image(&keep_bench));
    keep_assert_rest_is_as_before();
}

void keep_assert_range(size_t index, uint32_t addr, uint32_t bytes)
{
    const struct rlk_segment *range = rlk_session_kept(&keep_bench.session, index);
    assert_non_null(range);
    assert_int_equal(range->addr, addr);
    assert_int_equal(range->length, bytes);
    assert_memory_equal(&keep_bench.keep_room[range->offset], &keep_before[addr - FLASH_ADDR], bytes);
}

void keep_assert_refused(enum rlk_error error, uint32_t addr)
{
    keep_assert_ended(RLK_ENDING_NOT_DONE, error);
    assert_int_equal(rlk_session_fault(&keep_bench.session)->addr, addr);
    assert_memory_equal(keep_flash(), keep_before, sizeof keep_before);
    assert_int_equal(keep_seen.erases, 0);
    assert_int_equal(sim_counters(&keep_bench.device)->blocks_programmed, 0);
    assert_false(rlk_session_has_begun(&keep_bench.session));
}
