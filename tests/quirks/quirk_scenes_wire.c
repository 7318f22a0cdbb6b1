/* What goes wrong on the wire without the engine's answers: contact and states, waiting, answers, blocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "quirk_cases.h"

enum { SLOW_PERCENT = 190, BUSY_MAX_MS = 30000, SECOND_BANK_OFFSET = 0x100000, SMALLEST_SECTOR_BYTES = 128 };

static void update(const char *profile, unsigned level)
{
    scene_set(profile, level);
    scene_run();
    scene_assert_sealed();
    assert_int_equal(sim_counters(&scene.bench.device)->regressions, level);
}

static void set_write(const char *profile, unsigned level)
{
    scene_set(profile, level);
    scene.bench.wish.job = RLK_JOB_WRITE;
}

/* --- first contact and states --- */

void quirk_scene_first_contact_error(void)
{
    scene_set("stm32f405", 0);
    scene.bench.wish.job = RLK_JOB_LOOK;
    scene_run();
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_int_equal(rlk_session_findings(&scene.bench.session)->protection, RLK_PROTECTION_OPEN);
    assert_int_equal(scene.clears, 1);
    update("stm32f405", 1);
}

void quirk_scene_set_address_refused(void)
{
    update("stm32f405", 1);
    assert_int_equal(scene.bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
}

void quirk_scene_slow_hosts_only(void)
{
    for (unsigned level = 0; level <= 1; level++) {
        scene_set("stm32f072", level);
        scene_knob("level1_looks_dead_on_usb3", 1);
        scene_run();
        scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_TRANSPORT_UNSTABLE);
        scene_assert_untouched();
        assert_int_equal(rlk_session_findings(&scene.bench.session)->protection, RLK_PROTECTION_UNKNOWN);
        assert_int_equal(rlk_session_next_action(&scene.bench.session), RLK_ACTION_USE_USB2_HUB);
    }
}

static void finish_twice(enum rlk_question question)
{
    scene_run();
    scene_assert_sealed();
    workbench_remember(&scene.bench);
    scene_run();
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_int_equal(scene.bench.unprotects, 0);
    assert_int_equal(scene.bench.asked[question], 1);
}

void quirk_scene_shared_serial(void)
{
    scene_set("stm32f405", 1);
    finish_twice(RLK_QUESTION_LOOK_AGAIN);
    scene_set("stm32f072", 1);
    finish_twice(RLK_QUESTION_SAME_DEVICE);
    scene_set("stm32f405", 1);
    scene_knob("serial_shared", 1);
    finish_twice(RLK_QUESTION_SAME_DEVICE);
}

void quirk_scene_strict_states(void)
{
    update("stm32u585", 1);
    update("stm32u585", 0);
}

void quirk_scene_double_clrstatus(void)
{
    update("stm32g431", 1);
    update("stm32h743", 1);
}

void quirk_scene_no_functional_descriptor(void)
{
    set_write("stm32c562", 0);
    scene_run();
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_true(workbench_flash_is_image(&scene.bench));
    assert_int_equal(scene.descriptors_alone, 0);
}

/* --- waiting --- */

static void update_slowly(const char *profile, unsigned level, uint32_t percent)
{
    scene_set(profile, level);
    scene_knob("typical_percent", percent);
    scene_run();
    scene_assert_sealed();
}

/* Of an L4, which announces a sixth of its worst case, more polls are stalled than anything else is forgiven. */
void quirk_scene_early_poll_stalls(void)
{
    static const char *const profiles[] = {"stm32f072", "stm32l072", "stm32u585"};
    for (size_t i = 0; i < 3; i++) {
        update_slowly(profiles[i], 0, SLOW_PERCENT);
        update_slowly(profiles[i], 1, SLOW_PERCENT);
    }
    update_slowly("stm32l432", 0, 800);
}

void quirk_scene_short_poll_times(void)
{
    static const char *const profiles[] = {"stm32l432", "stm32l452"};
    for (size_t i = 0; i < 2; i++) {
        set_write(profiles[i], 0);
        scene_run();
        scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
        assert_int_not_equal(scene.erases_sent, 0);
        assert_int_equal(sim_counters(&scene.bench.device)->early_polls, 0);
    }
}

/* Sectors of 256 KiB, of which each takes longer than any other transfer may. */
void quirk_scene_status_held(void)
{
    scene_set("stm32f767", 0);
    workbench_set_image(&scene.bench, 0x08040000U, SCENE_IMAGE_BYTES);
    scene.bench.wish.accept_any_image = true;
    scene_knob("typical_percent", 300);
    scene_run();
    scene_assert_sealed();
    assert_int_equal(scene.reopens[RLK_REOPEN_LOST], 0);
}

/* Nobody helps: the device has to come back by itself, after half a minute. */
void quirk_scene_mass_erase_understated(void)
{
    scene_set("stm32f405", 1);
    scene_knob("typical_percent", SLOW_PERCENT);
    scene.bench.transport.person = SIM_PERSON_ABSENT;
    scene_run();
    scene_assert_sealed();
    assert_int_equal(scene.reopens[RLK_REOPEN_LOST], 0);
}

void quirk_scene_first_status_lasts(void)
{
    static const char *const profiles[] = {"stm32g431", "stm32h743", "stm32u083"};
    for (size_t i = 0; i < 3; i++) {
        update(profiles[i], 1);
        assert_int_equal(scene.bench.asked[RLK_QUESTION_CONFIRM_PLAN], 1);
        assert_int_equal(scene.reopens[RLK_REOPEN_AFTER_UNPROTECT], 1);
        assert_int_equal(scene.reopens[RLK_REOPEN_AFTER_SEAL], 1);
        assert_int_equal(scene.reopens[RLK_REOPEN_LOST], 0);
    }
}

void quirk_scene_busy_for_ever(void)
{
    scene_set("stm32g431", 0);
    scene_knob("protected_sectors", 1);
    scene_knob("protected_erase_fails", 1);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_DEVICE_STUCK);
    assert_int_equal(rlk_session_fault(&scene.bench.session)->addr, FLASH_ADDR);
    assert_in_range(scene.slept_ms, 0, BUSY_MAX_MS);
    assert_in_range(scene.clears, 2, 3);
    assert_int_equal(sim_stored_rdp_level(&scene.bench.device), 0);
    scene_knob("protected_sectors", 0);
    scene_run(); /* as it was left: freed, not just given up */
    scene_assert_sealed();
}

static void update_second_bank(const char *profile)
{
    uint32_t size = 0;
    scene_set(profile, 0);
    memset(sim_flash_mutable(&scene.bench.device, &size) + SECOND_BANK_OFFSET, 0x5A, SCENE_IMAGE_BYTES);
    workbench_set_image(&scene.bench, FLASH_ADDR + SECOND_BANK_OFFSET, SCENE_IMAGE_BYTES);
    scene.bench.wish.accept_any_image = true;
    scene_run();
}

/* H743: the erase is done, and the ROM stays busy. F427: the ROM says that it is done, and it is not. */
void quirk_scene_second_bank_erase(void)
{
    update_second_bank("stm32h743");
    scene_assert_sealed();
    assert_int_equal(scene.erases_sent, 1);
    update_second_bank("stm32f427");
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_ERASE_REFUSED);
    assert_int_equal(rlk_session_fault(&scene.bench.session)->addr, FLASH_ADDR + SECOND_BANK_OFFSET);
    assert_int_equal(scene.blocks_sent, 0);
    assert_int_equal(scene.erases_sent, 2);
}

void quirk_scene_no_busy_state(void)
{
    set_write("stm32c562", 0);
    scene_run();
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    assert_true(workbench_flash_is_image(&scene.bench));
    assert_int_equal(scene.slept_ms, 0);
}

void quirk_scene_slow_return(void)
{
    static const char *const profiles[] = {"stm32f105", "stm32f105_v1"};
    for (size_t i = 0; i < 2; i++) {
        scene_set(profiles[i], 1);
        scene.bench.transport.person = SIM_PERSON_ABSENT;
        scene_run();
        scene_assert_sealed();
    }
}

/* --- answers that say less than they seem to --- */

void quirk_scene_vendor_error_for_all(void)
{
    scene_set("stm32u083", 0);
    scene_knob("protected_sectors", 1);
    scene_knob("protected_erase_fails", 1);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_ERASE_REFUSED);
    assert_int_equal(rlk_session_fault(&scene.bench.session)->dfu_status, 0x0B);
    assert_int_equal(rlk_session_findings(&scene.bench.session)->protection, RLK_PROTECTION_OPEN);
    assert_int_equal(sim_counters(&scene.bench.device)->option_writes, 0);
}

/* Elsewhere that state is nonsense, and no sign of protection. */
void quirk_scene_refusal_in_state_15(void)
{
    update("stm32u083", 1);
    scene_set("stm32f405", 1);
    scene_knob("refused_upload", SIM_REFUSAL_VENDOR_STATE);
    scene_run();
    assert_int_equal(scene.bench.done->ending, RLK_ENDING_NOT_DONE);
    assert_true(scene.bench.done->error == RLK_E_TRANSPORT_UNSTABLE ||
                scene.bench.done->error == RLK_E_PROTECTION_UNCLEAR);
    scene_assert_untouched();
}

/* Whoever reads a sector back right after its erase knows it earlier. */
static void check_silent_protection(const struct profile_case *profile)
{
    const bool looks_at_once = (rlk_chip_row(profile->family)->quirks & RLK_QUIRK_BIT(SECOND_BANK_ERASE)) != 0;
    scene_set(profile->profile, 0);
    scene_knob("protected_sectors", 1);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, looks_at_once ? RLK_E_ERASE_REFUSED : RLK_E_VERIFY_DIFFERS);
    assert_in_range(rlk_session_fault(&scene.bench.session)->addr, FLASH_ADDR, FLASH_ADDR + SMALLEST_SECTOR_BYTES - 1U);
    assert_int_equal(sim_counters(&scene.bench.device)->option_writes, 0);
    assert_int_equal(sim_stored_rdp_level(&scene.bench.device), 0);
}

void quirk_scene_write_protection_is_silent(void)
{
    for (size_t i = 0; i < profile_case_count; i++) {
        if (profile_case_is_updatable(&profile_cases[i])) {
            check_silent_protection(&profile_cases[i]);
        }
    }
}

void quirk_scene_drops_writes_at_level_1(void)
{
    static const char *const profiles[] = {"stm32u585", "stm32u375", "stm32wba65"};
    for (size_t i = 0; i < 3; i++) {
        set_write(profiles[i], 1);
        scene_run();
        scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_PROTECTED);
        scene_assert_untouched();
        update(profiles[i], 1);
    }
}

static void leave(const char *profile, const char *knob, uint32_t value)
{
    scene_set(profile, 1);
    scene_knob(knob, value);
    scene.bench.wish.end_protected = false;
    scene_run();
    scene_assert_ended(RLK_ENDING_PROVEN, RLK_OK);
    scene_assert_open_with_image();
}

void quirk_scene_leaves_in_other_states(void)
{
    static const char *const profiles[] = {"stm32f405", "stm32f072", "stm32g431", "stm32u585"};
    for (size_t i = 0; i < 4; i++) {
        leave(profiles[i], "leave_answer", SIM_LEAVE_MANIFEST);
        leave(profiles[i], "leave_answer", SIM_LEAVE_WAIT_RESET);
        leave(profiles[i], "leave_answer", SIM_LEAVE_QUIET);
        leave(profiles[i], "leave_loses_status", 1);
        leave(profiles[i], "leave_at_download", 1);
        leave(profiles[i], "leave_is_ignored", 1);
    }
}

/* --- blocks and addresses --- */

void quirk_scene_blocks_of_1024(void)
{
    update("stm32g431", 1);
    assert_int_equal(scene.longest_block_bytes, 1024);
}

static void update_in_blocks_of(uint32_t bytes)
{
    for (unsigned level = 0; level <= 1; level++) {
        scene_set("stm32l432", level);
        scene_knob("transfer_limit", bytes);
        scene_run();
        scene_assert_sealed();
    }
}

void quirk_scene_long_blocks_refused(void)
{
    update_in_blocks_of(1024);
    assert_int_equal(scene.blocks_sent, 1 + (SCENE_IMAGE_BYTES + 1023U) / 1024U + 1);
    update_in_blocks_of(256);
    scene_set("stm32l432", 1);
    scene_knob("transfer_limit", 255);
    scene_run();
    scene_assert_ended(RLK_ENDING_NOT_DONE, RLK_E_WRITE_REFUSED);
    assert_int_equal(sim_counters(&scene.bench.device)->option_writes, 0);
}

/* Neither the length nor the tail of the image is a multiple of anything. */
void quirk_scene_uneven_blocks_corrupted(void)
{
    for (unsigned level = 0; level <= 1; level++) {
        scene_set("stm32l432", level);
        workbench_set_image(&scene.bench, FLASH_ADDR, 2048U + 259U);
        scene_run();
        scene_assert_sealed();
        assert_int_equal(scene.bench.session.repairs, 0);
    }
}

void quirk_scene_erase_moves_pointer(void)
{
    update("stm32f405", 0);
    update("stm32l432", 0);
}

void quirk_scene_erased_is_zero(void)
{
    update("stm32l072", 1);
    assert_int_equal(scene.erases_sent, 0);
    update("stm32l072", 0);
    assert_int_not_equal(scene.erases_sent, 0);
}
