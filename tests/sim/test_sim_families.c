/* Each simulated device as a host like dfu-util would walk it, and what its protection byte means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "families.h"

#define ST              0x0483DF11U
#define SMALLEST_SECTOR 128U

static void every_profile_is_described(void **state)
{
    (void)state;
    assert_int_equal(sim_every_profile_count(), family_count);
    for (size_t i = 0; i < family_count; i++) {
        assert_string_equal(sim_every_profile_name(i), families[i].name);
        assert_non_null(sim_profile_find(families[i].name));
        assert_non_null(sim_every_profile_title(i));
        assert_string_equal(sim_profile_of(device_of(families[i].name, 0, true)), families[i].name);
    }
    assert_null(sim_every_profile_name(family_count));
    assert_null(sim_every_profile_title(family_count));
    for (size_t i = 0; i < sim_profile_count(); i++) {
        assert_string_equal(sim_every_profile_name(i), sim_profile_name(i));
    }
}

static uint32_t big_endian_16(const uint8_t *bytes)
{
    return (uint32_t)bytes[1] | ((uint32_t)bytes[0] << 8);
}

static void check_device_descriptor(struct sim_device *device, const struct family *family)
{
    uint8_t bytes[18];
    size_t actual = 0;
    assert_int_equal(standard_in(device, 0x0100, 0, bytes, sizeof bytes, &actual), SIM_OK);
    const uint8_t turned[] = {bytes[9], bytes[8], bytes[11], bytes[10], bytes[3], bytes[2]};
    uint32_t identity = (big_endian_16(turned) << 16) | big_endian_16(turned + 2);
    assert_int_equal(identity, family->vendor_product != 0 ? family->vendor_product : ST);
    assert_int_equal(identity, ((uint32_t)sim_vendor_id(device) << 16) | sim_product_id(device));
    assert_int_equal(big_endian_16(turned + 4), family->usb);
    assert_int_equal(bytes[12] | (bytes[13] << 8), sim_bcd_device(device));
}

static void check_configuration(struct sim_device *device, const struct family *family)
{
    uint8_t bytes[256];
    size_t actual = 0;
    assert_int_equal(standard_in(device, 0x0200, 0, bytes, sizeof bytes, &actual), SIM_OK);
    assert_int_equal(actual, 9 + 9 * family->alternates + 9);
    uint8_t first = family->usb == 0x0100 ? 4 : 6;
    assert_int_equal(bytes[6], family->usb == 0x0100 ? 0 : 2);
    for (uint8_t i = 0; i < family->alternates; i++) {
        uint8_t text[255];
        size_t length = 0;
        assert_int_equal(bytes[9 + 9 * i + 8], first + i);
        assert_int_equal(standard_in(device, (uint16_t)(0x0300 | (first + i)), 0x0409, text, 255, &length), SIM_OK);
        assert_int_equal(text[2], '@');
        assert_int_equal(set_interface(device, i), SIM_OK);
    }
    const uint8_t *functional = bytes + actual - 9;
    assert_int_equal(functional[1], 0x21);
    assert_int_equal(functional[5] | (functional[6] << 8), family->transfer_bytes);
    assert_int_equal(set_interface(device, 0), SIM_OK);
}

static void descriptors_are_those_of_the_family(void **state)
{
    (void)state;
    for (size_t i = 0; i < family_count; i++) {
        struct sim_device *device = device_of(families[i].name, 0, true);
        assert_true(sim_is_on_bus(device));
        check_device_descriptor(device, &families[i]);
        check_configuration(device, &families[i]);
        assert_clean(device);
    }
}

static bool is_erased(const uint8_t *bytes, const struct family *family)
{
    for (uint32_t i = 0; i < SMALLEST_SECTOR; i++) {
        if (bytes[i] != family->erased) {
            return false;
        }
    }
    return true;
}

/* Erases so many sectors that `bytes` are blank from there on. */
static void erase_room(struct sim_device *device, const struct family *family, uint32_t bytes)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(device, &size) + (family->writable_addr - FLASH);
    for (uint32_t at = 0; at < bytes; at += SMALLEST_SECTOR) {
        if (!is_erased(flash + at, family)) {
            assert_answer(carry_out_at(device, 0x41, family->writable_addr + at), OK, DNLOAD_IDLE);
            assert_true(is_erased(flash + at, family));
        }
    }
}

static void flash_can_be_read_erased_and_written(void **state)
{
    (void)state;
    static uint8_t written[2048];
    static uint8_t read[2048];
    for (size_t i = 0; i < sizeof written; i++) {
        written[i] = (uint8_t)(i * 7U + 1U);
    }
    for (size_t i = 0; i < family_count; i++) {
        const struct family *family = &families[i];
        if (family->writable_addr == 0) {
            continue;
        }
        struct sim_device *device = device_of(family->name, 0, true);
        uint16_t bytes = (uint16_t)(family->transfer_bytes - family->unit);
        size_t actual = 0;
        uint32_t size = 0;
        clear_all(device);
        assert_int_equal(fetch(device, FLASH, read, 64, &actual), SIM_OK);
        assert_memory_equal(read, sim_flash(device, &size), 64);
        clear_all(device);
        erase_room(device, family, bytes);
        assert_answer(carry_out_at(device, 0x21, family->writable_addr), OK, DNLOAD_IDLE);
        assert_answer(carry_out(device, 2, written, bytes), OK, DNLOAD_IDLE);
        assert_int_equal(fetch(device, family->writable_addr, read, bytes, &actual), SIM_OK);
        assert_int_equal(actual, bytes);
        assert_memory_equal(read, written, bytes);
        assert_clean(device);
    }
}

/* Half a unit is one byte count that the facts forbid. */
static void writes_are_aligned_as_the_family_wants(void **state)
{
    (void)state;
    static const uint8_t zeros[64];
    for (size_t i = 0; i < family_count; i++) {
        const struct family *family = &families[i];
        if (family->writable_addr == 0) {
            continue;
        }
        struct sim_device *device = device_of(family->name, 0, true);
        clear_all(device);
        erase_room(device, family, family->unit);
        assert_answer(carry_out_at(device, 0x21, family->writable_addr), OK, DNLOAD_IDLE);
        assert_int_equal(download(device, 2, zeros, (uint16_t)(family->unit / 2)), SIM_OK);
        sim_sleep(device, 1000);
        get_status(device);
        assert_int_equal(sim_counters(device)->violations, 1);
        assert_int_equal(sim_counters(device)->blocks_programmed, 0);
    }
}

static unsigned expected_level(const struct family *family, unsigned rdp)
{
    if (rdp == family->open) {
        return 0;
    }
    return family->canonical == 0 || (family->forever != 0 && rdp == family->forever) ? 2U : 1U;
}

static void all_256_protection_bytes_mean_what_the_facts_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < family_count; i++) {
        const struct family *family = &families[i];
        struct sim_device *device = device_of(family->name, 0, true);
        uint32_t size = 0;
        uint8_t *options = sim_options_mutable(device, &size);
        for (unsigned rdp = 0; size != 0 && rdp < 256; rdp++) {
            family_set_rdp(family, options, (uint8_t)rdp);
            options[1] = family->form == FORM_TWO_WORDS ? (uint8_t)rdp : options[1];
            assert_int_equal(sim_stored_rdp_level(device), expected_level(family, rdp));
            sim_unplug(device);
            sim_plug(device);
            assert_int_equal(sim_rdp_level(device), expected_level(family, rdp));
        }
        assert_int_equal(size != 0, family->form != FORM_NONE);
    }
}

static void levels_that_do_not_exist_are_the_next_lower_one(void **state)
{
    (void)state;
    assert_int_equal(sim_rdp_level(device_of("stm32f105", 2, true)), 1);
    assert_int_equal(sim_rdp_level(device_of("stm32h7s3", 1, true)), 0);
    assert_int_equal(sim_rdp_level(device_of("stm32n657", 2, true)), 0);
    assert_int_equal(sim_rdp_level(device_of("stm32h563", 2, true)), 2);
    assert_int_equal(sim_rdp_level(device_of("stm32u585", 2, true)), 2);
}

static bool has_level_1(const struct family *family)
{
    return family->canonical != 0 && family->option_addr != 0;
}

static void assert_flash_is_erased(struct sim_device *device, const struct family *family)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(device, &size);
    for (uint32_t at = 0; at < size; at += SMALLEST_SECTOR) {
        assert_true(is_erased(flash + at, family));
    }
}

static void level_1_refuses_reading_and_0x92_opens_it(void **state)
{
    (void)state;
    static const uint8_t opcode = 0x92;
    uint8_t data[64];
    for (size_t i = 0; i < family_count; i++) {
        if (!has_level_1(&families[i])) {
            continue;
        }
        struct sim_device *device = device_of(families[i].name, 1, true);
        size_t actual = 64;
        clear_all(device);
        enum sim_outcome outcome = upload(device, 2, data, 64, &actual);
        assert_true(outcome == SIM_STALL || actual == 0);
        struct answer answer = get_status(device);
        assert_int_equal(answer.status, ERR_VENDOR);
        assert_true(answer.state == ERROR || answer.state == 15);
        clear_all(device);
        assert_int_equal(download(device, 0, &opcode, 1), SIM_OK);
        answer = get_status(device);
        assert_true(answer.outcome == SIM_GONE || answer.state == BUSY);
        sim_sleep(device, 60000);
        replug_into_rom(device);
        assert_true(sim_is_on_bus(device));
        assert_int_equal(sim_rdp_level(device), 0);
        assert_flash_is_erased(device, &families[i]);
        clear_all(device);
        assert_int_equal(upload(device, 2, data, 64, &actual), SIM_OK);
        assert_int_equal(actual, 64);
        assert_clean(device);
    }
}

static void an_option_write_seals(void **state)
{
    (void)state;
    static uint8_t image[SIM_OPTIONS_MAX_BYTES];
    for (size_t i = 0; i < family_count; i++) {
        const struct family *family = &families[i];
        if (!has_level_1(family)) {
            continue;
        }
        struct sim_device *device = device_of(family->name, 0, true);
        size_t actual = 0;
        clear_all(device);
        assert_int_equal(fetch(device, family->option_addr, image, family->option_bytes, &actual), SIM_OK);
        assert_int_equal(actual, family->option_bytes);
        family_set_rdp(family, image, family->canonical);
        clear_all(device);
        assert_answer(carry_out_at(device, 0x21, family->option_addr), OK, DNLOAD_IDLE);
        assert_int_equal(download(device, 2, image, family->option_bytes), SIM_OK);
        struct answer answer = get_status(device);
        assert_true(answer.outcome == SIM_GONE || answer.state == BUSY);
        sim_sleep(device, 2000);
        assert_int_equal(sim_stored_rdp_level(device), 1);
        replug_into_rom(device);
        assert_int_equal(sim_rdp_level(device), 1);
        assert_int_equal(sim_counters(device)->option_writes, 1);
        assert_clean(device);
    }
}

/* What protection is to parts without a level 1, no command of a host changes. */
static void parts_without_level_1_do_not_know_0x92(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32h563", "stm32h7s3", "stm32c562", "stm32n657", "custom"};
    uint8_t data[64];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct sim_device *device = device_of(names[i], 1, true);
        size_t actual = 0;
        clear_all(device);
        assert_int_equal(upload(device, 0, data, 64, &actual), SIM_OK);
        assert_memory_equal(data, "\x00\x21\x41", 3);
        assert_true(actual == 3 || strcmp(names[i], "stm32c562") == 0);
        data[0] = 0x92;
        clear_all(device);
        assert_int_equal(download(device, 0, data, 1), SIM_OK);
        get_status(device);
        sim_sleep(device, 60000);
        assert_int_equal(sim_counters(device)->regressions, 0);
        assert_int_equal(sim_counters(device)->resets, 0);
        assert_true(sim_counters(device)->violations != 0);
    }
}

static void without_flash_all_is_refused(void **state)
{
    (void)state;
    struct sim_device *device = device_of("stm32n657", 0, true);
    uint8_t data[64];
    size_t actual = 0;
    clear_all(device);
    assert_answer(carry_out_at(device, 0x21, FLASH), ERR_TARGET, ERROR);
    clear_all(device);
    assert_int_equal(upload(device, 2, data, 64, &actual), SIM_STALL);
    assert_int_equal(get_status(device).status, ERR_TARGET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_profile_is_described),
        cmocka_unit_test(descriptors_are_those_of_the_family),
        cmocka_unit_test(flash_can_be_read_erased_and_written),
        cmocka_unit_test(writes_are_aligned_as_the_family_wants),
        cmocka_unit_test(all_256_protection_bytes_mean_what_the_facts_say),
        cmocka_unit_test(levels_that_do_not_exist_are_the_next_lower_one),
        cmocka_unit_test(level_1_refuses_reading_and_0x92_opens_it),
        cmocka_unit_test(an_option_write_seals),
        cmocka_unit_test(parts_without_level_1_do_not_know_0x92),
        cmocka_unit_test(without_flash_all_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
