#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "../../core/src/chip/options_fields.h"

enum { DNLOAD = 1, GETSTATUS = 3, CLRSTATUS = 4, GET_DESCRIPTOR = 6, CLASS_OUT = 0x21, CLASS_IN = 0xA1 };
enum { FUNCTIONAL = 0x21, OPCODE_SET_ADDRESS = 0x21, OPCODE_ERASE = 0x41, OPCODE_READ_UNPROTECT = 0x92 };
enum { WORD_BYTES = 4 };

struct scene scene;

static bool is_in_flash(uint32_t addr)
{
    uint32_t flash_bytes = 0;
    (void)sim_flash(&scene.bench.device, &flash_bytes);
    return addr - FLASH_ADDR < flash_bytes;
}

static void note_command(const uint8_t *data, uint16_t length)
{
    uint32_t addr = 0;
    for (unsigned i = 0; length == 5 && i < 4; i++) {
        addr |= (uint32_t)data[1 + i] << (8U * i);
    }
    if (data[0] == OPCODE_SET_ADDRESS) {
        scene.pointer_addr = addr;
    }
    scene.unprotects_sent += data[0] == OPCODE_READ_UNPROTECT ? 1U : 0U;
    scene.erases_sent += data[0] == OPCODE_ERASE ? 1U : 0U;
    scene.erased_elsewhere += data[0] == OPCODE_ERASE && !is_in_flash(addr) ? 1U : 0U;
}

static void note_download(const struct rlk_operation *operation)
{
    if (operation->length == 0) {
        return;
    }
    if (operation->value == 0) {
        note_command(operation->data, operation->length);
        return;
    }
    bool is_longest = operation->length > scene.longest_block_bytes;
    scene.longest_block_bytes = is_longest ? operation->length : scene.longest_block_bytes;
    scene.blocks_sent++;
    if (!is_in_flash(scene.pointer_addr)) {
        scene.sent_elsewhere++;
        scene.options_sent_bytes = operation->length;
    }
}

static void note_transfer(const struct rlk_operation *operation)
{
    const bool is_out = operation->request_type == CLASS_OUT;
    const bool is_in = operation->request_type == CLASS_IN;
    if (is_out && operation->request == DNLOAD) {
        note_download(operation);
    }
    scene.clears += is_out && operation->request == CLRSTATUS ? 1U : 0U;
    scene.statuses += is_in && operation->request == GETSTATUS ? 1U : 0U;
    bool is_descriptor = !is_out && !is_in && operation->request == GET_DESCRIPTOR;
    scene.descriptors_alone += is_descriptor && operation->value >> 8 == FUNCTIONAL ? 1U : 0U;
}

static void watch(const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    uint32_t size = 0;
    const struct sim_counters *counters = sim_counters(&scene.bench.device);
    const uint8_t *options = sim_options(&scene.bench.device, &size);
    (void)outcome;
    if (counters->option_writes == 0) {
        memcpy(scene.options, options, size);
    }
    scene.resets_before = counters->regressions == 0 ? counters->resets : scene.resets_before;
    scene.resets_at_write = counters->blocks_programmed == 0 ? counters->resets : scene.resets_at_write;
    if (operation->kind == RLK_OPERATION_CONTROL_OUT || operation->kind == RLK_OPERATION_CONTROL_IN) {
        note_transfer(operation);
    } else if (operation->kind == RLK_OPERATION_REOPEN) {
        scene.reopens[operation->reason]++;
        scene.patience_ms[operation->reason] = operation->patience_ms;
    } else if (operation->kind == RLK_OPERATION_SLEEP) {
        scene.slept_ms += operation->duration_ms;
    }
}

void scene_set(const char *profile, unsigned level)
{
    memset(&scene, 0, sizeof scene);
    scene.profile = profile_case_find(profile);
    profile_case_init(&scene.bench, scene.profile, level, SCENE_IMAGE_BYTES);
    scene.bench.on_operation = watch;
}

void scene_knob(const char *name, uint32_t value)
{
    assert_true(sim_knob_set(&scene.bench.device, name, value));
}

void scene_option_bits(size_t offset, uint8_t mask, uint8_t value)
{
    const struct rlk_chip *row = rlk_chip_row(scene.profile->family);
    uint32_t size = 0;
    uint8_t *options = sim_options_mutable(&scene.bench.device, &size);
    assert_in_range(offset, 0, size - 1U);
    rlk_options_set_byte(row, options, offset, (uint8_t)((options[offset] & ~mask) | value));
}

/* L1, each word but the first: no watchdog, no resets, no write protection. */
static const struct rlk_option_wish words_of_l1[] = {
    {"IWDG_SW", 1}, {"nRST_STOP", 1}, {"nRST_STDBY", 1}, {"WRP1", 0}, {"WRP2", 0},
    {"WRP3", 0},    {"WRP4", 0},      {"WRP5", 0},       {"WRP6", 0},
};

void scene_wish_lost_words(void)
{
    uint32_t size = 0;
    (void)sim_options(&scene.bench.device, &size);
    if ((rlk_chip_row(scene.profile->family)->quirks & RLK_QUIRK_BIT(OPTIONS_INVALID_AFTER_UNPROTECT)) == 0) {
        return;
    }
    scene.bench.wish.options = words_of_l1;
    scene.bench.wish.option_count = sizeof words_of_l1 / sizeof words_of_l1[0];
    for (uint32_t word = WORD_BYTES; word < size; word += WORD_BYTES) {
        assert_true(sim_allow_option_bits(&scene.bench.device, word, 0xFF, word == WORD_BYTES ? 0x70 : 0x00));
        assert_true(sim_allow_option_bits(&scene.bench.device, word + 1U, 0xFF, 0x00));
    }
}

void scene_run(void)
{
    workbench_run(&scene.bench);
}

void scene_assert_ended(enum rlk_stage ending, enum rlk_error error)
{
    const struct rlk_operation *done = scene.bench.done;
    const char *violation = sim_violation(&scene.bench.device, 0);
    if (done->error != error || done->ending != ending || violation != NULL) {
        const struct rlk_fault *fault = rlk_session_fault(&scene.bench.session);
        fail_msg("%s: %s with %s in %s at %08X (%s), not %s with %s; %s", scene.profile->profile,
                 rlk_stage_name(done->ending), rlk_error_name(done->error), rlk_stage_name(fault->stage),
                 (unsigned)fault->addr, fault->field != NULL ? fault->field : "no field", rlk_stage_name(ending),
                 rlk_error_name(error), violation != NULL ? violation : "no violation");
    }
    assert_false(scene.bench.progress_fell);
    assert_false(scene.bench.asking_twice_differed);
}

void scene_assert_field(const char *field)
{
    const char *found = rlk_session_fault(&scene.bench.session)->field;
    assert_non_null(found);
    assert_string_equal(found, field);
}

/* The bytes of the protection level: where it is read, where it is written, and their complements. */
static bool is_of_rdp(const struct rlk_chip *row, size_t offset)
{
    static const size_t distance[] = {
        [RLK_OPTION_FORM_BYTES] = 0,      [RLK_OPTION_FORM_BYTE_PAIRS] = 1, [RLK_OPTION_FORM_HALFWORD_PAIRS] = 2,
        [RLK_OPTION_FORM_WORD_PAIRS] = 4, [RLK_OPTION_FORM_REGISTERS] = 0,  [RLK_OPTION_FORM_REGISTER_PAIRS] = 0};
    size_t complement = distance[row->option_form];
    return offset == row->rdp_read_offset || offset == row->rdp_write_offset ||
           offset == row->rdp_read_offset + complement || offset == row->rdp_write_offset + complement;
}

/* The simulator's judge holds these to what they may become. */
static bool is_wished(size_t offset)
{
    return scene.bench.wish.options == words_of_l1 && offset >= WORD_BYTES;
}

/* Where the stored options differ from those of before, beside the level; SIM_OPTIONS_MAX_BYTES if nowhere. */
static size_t changed_offset(const struct rlk_chip *row, const uint8_t *options, size_t size)
{
    size_t i = 0;
    while (i < size && (options[i] == scene.options[i] || is_of_rdp(row, i) || is_wished(i))) {
        i++;
    }
    return i < size ? i : SIM_OPTIONS_MAX_BYTES;
}

static void assert_only_rdp_changed(void)
{
    const struct rlk_chip *row = rlk_chip_row(scene.profile->family);
    uint32_t size = 0;
    const uint8_t *options = sim_options(&scene.bench.device, &size);
    assert_in_range(rlk_session_findings(&scene.bench.session)->chip.options_write_bytes, 8, size);
    assert_int_equal(options[row->rdp_read_offset], row->rdp_level1);
    assert_int_equal(scene.options[row->rdp_read_offset], row->rdp_level0);
    size_t offset = changed_offset(row, options, size);
    if (offset != SIM_OPTIONS_MAX_BYTES) {
        fail_msg("%s: option byte %zu became %02X, was %02X", scene.profile->profile, offset, options[offset],
                 scene.options[offset]);
    }
}

void scene_assert_sealed(void)
{
    const struct sim_counters *counters = sim_counters(&scene.bench.device);
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_true(workbench_flash_is_image(&scene.bench));
    assert_int_equal(scene.unprotects_sent, counters->regressions);
    assert_in_range(counters->regressions, 0, 1);
    assert_int_equal(counters->option_writes, 1);
    assert_int_equal(scene.sent_elsewhere, 1);
    assert_int_equal(scene.erased_elsewhere, 0);
    assert_int_equal(sim_rdp_level(&scene.bench.device), 1);
    assert_int_equal(rlk_session_findings(&scene.bench.session)->chip.family, scene.profile->family);
    assert_only_rdp_changed();
}

void scene_assert_untouched(void)
{
    if (!workbench_flash_is_untouched(&scene.bench) ||
        scene.unprotects_sent + scene.erases_sent + scene.blocks_sent != 0) {
        fail_msg("%s was changed", scene.profile->profile);
    }
}

void scene_assert_open_with_image(void)
{
    assert_true(workbench_flash_is_image(&scene.bench));
    assert_int_equal(sim_rdp_level(&scene.bench.device), 0);
    assert_int_equal(sim_stored_rdp_level(&scene.bench.device), 0);
    assert_int_equal(sim_counters(&scene.bench.device)->option_writes, 0);
    assert_int_equal(scene.sent_elsewhere, 0);
}
