#include "levels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { LEVEL_2 = 0xCC, LEVEL_HALF = 0x55, DNLOAD = 1, CLASS_OUT = 0x21 };
enum { SET_ADDRESS = 0x21, ERASE = 0x41, READ_UNPROTECT = 0x92 };

static struct sim_device fresh;
static struct sim_transport fresh_transport;
static void (*watch)(const struct rlk_operation *operation, const struct rlk_outcome *outcome);

const struct rlk_chip *levels_row(void)
{
    return rlk_chip_row(scene.profile->family);
}

/* --- what may be sent --- */

static const struct {
    bool unprotect, options, flash;
} may_send[RLK_JOBS] = {
    [RLK_JOB_WRITE] = {.flash = true},         [RLK_JOB_UPDATE] = {.unprotect = true, .options = true, .flash = true},
    [RLK_JOB_UNPROTECT] = {.unprotect = true}, [RLK_JOB_PROTECT] = {.options = true},
    [RLK_JOB_OPTIONS] = {.options = true},
};

static void judge_level(uint8_t byte)
{
    assert_int_not_equal(byte, LEVEL_2);
    assert_false(levels_is_half(byte));
}

/* The one block at its place, as long as it may be: keys lie beyond that. */
static void judge_options(const struct rlk_operation *operation)
{
    const struct rlk_chip *row = levels_row();
    const struct rlk_chip *chip = &rlk_session_findings(&scene.bench.session)->chip;
    const bool stays_open = scene.bench.wish.job == RLK_JOB_OPTIONS;
    assert_true(may_send[scene.bench.wish.job].options);
    assert_int_equal(scene.sent_elsewhere, 1);
    assert_int_equal(scene.pointer_addr, row->options_addr);
    assert_int_equal(operation->length, chip->options_write_bytes);
    assert_in_range(operation->length, 8, row->options_write_bytes);
    assert_int_equal(operation->data[row->rdp_write_offset], stays_open ? row->rdp_level0 : row->rdp_level1);
    judge_level(operation->data[row->rdp_write_offset]);
    judge_level(operation->data[row->rdp_read_offset]);
}

static void judge_command(const struct rlk_operation *operation)
{
    const enum rlk_job job = scene.bench.wish.job;
    const uint8_t opcode = operation->data[0];
    assert_int_equal(operation->length, opcode == READ_UNPROTECT ? 1 : 5);
    assert_true(opcode == SET_ADDRESS || (opcode == ERASE && may_send[job].flash) ||
                (opcode == READ_UNPROTECT && may_send[job].unprotect));
    assert_in_range(scene.unprotects_sent, 0, 1);
    assert_int_equal(scene.erased_elsewhere, 0);
}

static void see(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    const uint32_t before = scene.sent_elsewhere;
    watch(operation, outcome);
    const bool is_download = operation->kind == RLK_OPERATION_CONTROL_OUT && operation->request == DNLOAD &&
                             operation->request_type == CLASS_OUT && operation->length > 0;
    if (is_download && operation->value == 0) {
        judge_command(operation);
    } else if (scene.sent_elsewhere != before) {
        judge_options(operation);
    } else if (is_download) {
        assert_true(may_send[scene.bench.wish.job].flash);
    }
}

/* --- devices --- */

void levels_keep(void)
{
    memcpy(&fresh, &scene.bench.device, sizeof fresh);
    fresh_transport = scene.bench.transport;
}

void levels_make(const struct profile_case *profile, unsigned level)
{
    scene_set(profile->profile, level);
    scene_knob("options_readable_rdp1", 1);
    scene_knob("set_address_refused", 0);
    watch = scene.bench.on_operation;
    scene.bench.on_operation = see;
    scene.bench.ignores_progress = true;
    levels_keep();
}

void levels_take_fresh(void)
{
    uint32_t flash_bytes = 0;
    (void)sim_flash(&fresh, &flash_bytes);
    memcpy(&scene.bench.device, &fresh, offsetof(struct sim_device, flash) + flash_bytes);
    scene.bench.transport = fresh_transport;
    memset(&scene.options, 0, sizeof scene - offsetof(struct scene, options));
}

void levels_store(uint8_t byte)
{
    scene_option_bits(levels_row()->rdp_read_offset, 0xFF, byte);
}

bool levels_is_2(uint8_t byte)
{
    return byte == LEVEL_2 && (levels_row()->quirks & RLK_QUIRK_BIT(LEVEL_0_IS_A5)) == 0;
}

bool levels_is_half(uint8_t byte)
{
    return byte == LEVEL_HALF && (levels_row()->quirks & RLK_QUIRK_BIT(TRUSTZONE)) != 0;
}

void levels_assert_protection_untouched(void)
{
    const struct sim_counters *counters = sim_counters(&scene.bench.device);
    assert_int_equal(scene.unprotects_sent + scene.sent_elsewhere + scene.erased_elsewhere, 0);
    assert_int_equal(counters->regressions + counters->option_writes, 0);
    assert_null(sim_violation(&scene.bench.device, 0));
}

void levels_assert_untouched(void)
{
    const struct sim_counters *counters = sim_counters(&scene.bench.device);
    levels_assert_protection_untouched();
    assert_int_equal(scene.erases_sent + scene.blocks_sent, 0);
    assert_int_equal(counters->sectors_erased + counters->blocks_programmed, 0);
}

void levels_each(bool is_updatable, void (*check)(const struct profile_case *profile))
{
    for (size_t i = 0; i < profile_case_count; i++) {
        if (profile_case_is_updatable(&profile_cases[i]) == is_updatable) {
            check(&profile_cases[i]);
        }
    }
}

static bool is_open_in_another(uint8_t byte)
{
    const rlk_family_mask candidates = rlk_chip_candidates(&rlk_session_findings(&scene.bench.session)->fingerprint);
    bool is_open = false;
    for (unsigned family = 1; family < RLK_FAMILY_COUNT; family++) {
        is_open = is_open || ((candidates & RLK_FAMILY_BIT(family)) != 0 &&
                              rlk_chip_row((enum rlk_family)family)->rdp_level0 == byte);
    }
    return is_open;
}

enum rlk_error levels_contradiction(uint8_t byte)
{
    const struct rlk_chip *row = levels_row();
    const bool means_level_1 = byte != row->rdp_level0 && !levels_is_2(byte) && !levels_is_half(byte);
    if (!means_level_1 || byte == row->rdp_level1) {
        return RLK_OK;
    }
    return is_open_in_another(byte) ? RLK_E_CHIP_CONTRADICTS_CLAIM : RLK_E_PROTECTION_CONTRADICTORY;
}
