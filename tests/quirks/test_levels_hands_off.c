/*
 * The eight rows that are refused or only written, with each of the 256 values of the byte that protects them: in
 * force, and stored only. Whatever the job and the byte, nothing is sent that changes protection.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "levels.h"

enum { IMAGE_BYTES = 304, READ_BYTES = 256, COMPLEMENT = 0xFF };

/* Where the simulator keeps the byte: `offset`, and its complement at `complement` (0: none). */
static const struct device {
    const char *profile;
    uint32_t image_addr;
    uint16_t offset, complement;
    bool hides_flash; /* at level 1 */
} devices[] = {
    {"gd32f303", FLASH_ADDR, 0, 1, true},   {"at32f437", 0x08008000U, 0, 1, true},
    {"apm32f103", FLASH_ADDR, 0, 1, true},  {"custom", 0x0800C000U, 1, 0, false},
    {"stm32h563", FLASH_ADDR, 1, 0, false}, {"stm32h7s3", FLASH_ADDR, 1, 0, false},
    {"stm32c562", FLASH_ADDR, 1, 0, false}, {"stm32n657", FLASH_ADDR, 0, 0, false},
};

enum { DEVICES = sizeof devices / sizeof devices[0] };

static const struct device *device;
static unsigned checked, reached; /* devices; jobs that found one */

static void store(uint8_t byte)
{
    uint32_t size = 0;
    uint8_t *options = sim_options_mutable(&scene.bench.device, &size);
    options[device->offset] = byte;
    if (device->complement != 0) {
        options[device->complement] = byte ^ COMPLEMENT;
    }
}

static void put_in_force(uint8_t byte)
{
    sim_unplug(&scene.bench.device);
    store(byte);
    sim_plug(&scene.bench.device);
    sim_sleep(&scene.bench.device, LEVELS_START_MS);
}

static bool touches_protection(enum rlk_job job)
{
    return job == RLK_JOB_UPDATE || job == RLK_JOB_UNPROTECT || job == RLK_JOB_PROTECT || job == RLK_JOB_OPTIONS;
}

static enum rlk_error expected(enum rlk_job job)
{
    const unsigned level = sim_rdp_level(&scene.bench.device);
    if (level == 2) {
        return RLK_E_NO_DEVICE;
    }
    if (touches_protection(job) || levels_row()->refusal == RLK_E_CHIP_HAS_NO_FLASH) {
        return levels_row()->refusal;
    }
    if (level == 1 && device->hides_flash && job != RLK_JOB_LOOK) {
        return RLK_E_FLASH_UNREADABLE;
    }
    return job == RLK_JOB_VERIFY ? RLK_E_FLASH_DIFFERS : RLK_OK;
}

static void check_job(enum rlk_job job, uint8_t byte, void (*place)(uint8_t byte))
{
    uint32_t size = 0;
    levels_take_fresh();
    place(byte);
    const enum rlk_error error = expected(job);
    reached += error != RLK_E_NO_DEVICE;
    scene.bench.wish.job = job;
    scene_run();
    scene_assert_ended(error == RLK_OK ? RLK_ENDING_PROVEN : RLK_ENDING_NOT_DONE, error);
    assert_int_equal(sim_options(&scene.bench.device, &size)[device->offset], byte);
    if (job == RLK_JOB_WRITE && error == RLK_OK) {
        levels_assert_protection_untouched();
        assert_true(workbench_flash_is_image(&scene.bench));
    } else {
        levels_assert_untouched();
    }
}

static void check_device(const struct profile_case *profile)
{
    static const struct rlk_option_wish wish = {"nRST_STOP", 0};
    for (device = devices; strcmp(device->profile, profile->profile) != 0; device++) {
        assert_ptr_not_equal(device, &devices[DEVICES - 1]);
    }
    levels_make(profile, 0);
    workbench_set_image(&scene.bench, device->image_addr, IMAGE_BYTES);
    scene.bench.transport.person = SIM_PERSON_ABSENT;
    scene.bench.wish.erases_whole_sectors = true;
    scene.bench.wish.allow_experimental = true;
    scene.bench.wish.options = &wish;
    scene.bench.wish.option_count = 1;
    scene.bench.wish.read_addr = device->image_addr;
    scene.bench.wish.read_bytes = READ_BYTES;
    levels_keep();
    for (unsigned byte = 0; byte < LEVELS_BYTES; byte++) {
        for (unsigned job = 0; job < RLK_JOBS; job++) {
            check_job((enum rlk_job)job, (uint8_t)byte, put_in_force);
            check_job((enum rlk_job)job, (uint8_t)byte, store);
        }
    }
    checked++;
}

static void test_whatever_the_byte_is_protection_is_left_alone(void **state)
{
    (void)state;
    levels_each(false, check_device);
    assert_int_equal(checked, DEVICES);
    assert_true(reached > DEVICES * LEVELS_BYTES * RLK_JOBS); /* a byte that is stored only leaves each there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whatever_the_byte_is_protection_is_left_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
