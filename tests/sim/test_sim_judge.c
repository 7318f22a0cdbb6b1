/* What is held against a host beside what the older suites show: every family's own encoding, keys, states, doors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "families.h"

static uint8_t image[SIM_OPTIONS_MAX_BYTES];

static const struct family *family_of(const char *name)
{
    for (size_t i = 0; i < family_count; i++) {
        if (strcmp(families[i].name, name) == 0) {
            return &families[i];
        }
    }
    fail_msg("no family %s", name);
    return NULL;
}

static struct sim_device *idle(const char *profile)
{
    struct sim_device *device = device_of(profile, 0, true);
    clear_all(device);
    return device;
}

/* Reads the option block into `image`, and stands ready to write it back. */
static void read_options(struct sim_device *device, uint32_t address, uint16_t length)
{
    size_t actual = 0;
    assert_int_equal(fetch(device, address, image, length, &actual), SIM_OK);
    clear_all(device);
    assert_answer(carry_out_at(device, 0x21, address), OK, DNLOAD_IDLE);
}

static void write_image(struct sim_device *device, uint16_t length)
{
    assert_int_equal(download(device, 2, image, length), SIM_OK);
    get_status(device);
    sim_sleep(device, 5000);
}

static bool is_judged(const struct sim_device *device, const char *text)
{
    for (size_t i = 0; sim_violation(device, i) != NULL; i++) {
        if (strcmp(sim_violation(device, i), text) == 0) {
            return true;
        }
    }
    return false;
}

static void assert_violation(const struct sim_device *device, const char *text)
{
    if (!is_judged(device, text)) {
        fail_msg("%s: not judged: %s", sim_profile_of(device), text);
    }
}

/* A word to program with the byte, and all else right, is judged exactly if the byte is not one of the row's two. */
static void each_of_256_protection_bytes_is_judged_by_the_family(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32f105", "stm32f303", "stm32f722", "stm32l072", "stm32g474", "stm32g0b1",
                                        "stm32u083", "stm32wb55", "stm32h743", "stm32h7a3", "stm32l552", "stm32u585"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct family *family = family_of(names[i]);
        for (unsigned rdp = 0; rdp < 256; rdp++) {
            struct sim_device *device = idle(names[i]);
            read_options(device, family->option_addr, family->option_bytes);
            family_set_rdp(family, image, (uint8_t)rdp);
            write_image(device, family->option_bytes);
            bool is_good = rdp == family->open || rdp == family->canonical;
            assert_int_equal(sim_counters(device)->violations == 0, is_good);
            assert_int_equal(sim_counters(device)->option_writes, 1);
        }
    }
}

static void level_2_is_judged_wherever_a_family_keeps_it(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint8_t offset;
        const char *text;
    } rows[] = {{"stm32f427", 1, "0xCC for the RDP slot at 0x1FFFC001"},
                {"stm32f767", 1, "0xCC for the RDP slot at 0x1FFF0001"},
                {"stm32h743", 1, "0xCC for the RDP slot at 0x5200201D"},
                {"stm32h743", 5, "0xCC for the RDP slot at 0x52002021"},
                {"stm32l072", 0, "0xCC for the RDP slot at 0x1FF80000"},
                {"stm32l4r5", 0, "0xCC for the RDP slot at 0x1FF00000"},
                {"stm32wb55", 0, "0xCC for the RDP slot at 0x1FFF8000"},
                {"stm32u083", 0, "0xCC for the RDP slot at 0x40022020"},
                {"stm32u585", 0, "0xCC for the RDP slot at 0x40022040"},
                {"stm32h563", 5, "0xCC for the RDP slot at 0x40022055"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct family *family = family_of(rows[i].profile);
        struct sim_device *device = idle(rows[i].profile);
        read_options(device, family->option_addr, family->option_bytes);
        image[rows[i].offset] = 0xCC;
        write_image(device, family->option_bytes);
        assert_violation(device, rows[i].text);
    }
}

static void the_half_level_is_judged_where_it_exists(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32l552", "stm32u585", "stm32u375", "stm32wba65"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct sim_device *device = idle(names[i]);
        read_options(device, 0x40022040U, 48);
        image[0] = 0x55;
        write_image(device, 48);
        assert_violation(device, "level 0.5 for the RDP slot at 0x40022040");
    }
    struct sim_device *device = idle("stm32u083");
    read_options(device, 0x40022020U, 0x64);
    image[0] = 0x55;
    write_image(device, 0x64);
    assert_judged(device, "RDP byte neither open nor canonical level 1: 0x55");
}

static void writes_that_reach_the_keys_are_judged_and_set_them(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint32_t address;
        uint16_t good;
        uint16_t bad;
        uint8_t canonical;
        const char *text;
    } rows[] = {{"stm32u585", 0x40022040U, 48, 52, 0xDC, "write to the OEM keys at 0x40022070"},
                {"stm32u375", 0x40022040U, 48, 64, 0xDC, "write to the OEM keys at 0x40022070"},
                {"stm32u083", 0x40022020U, 0x68, 136, 0xBB, "write to the OEM keys at 0x40022088"},
                {"stm32c562", 0x40022050U, 0x54, 120, 0, "write to the OEM keys at 0x400220A4"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = idle(rows[i].profile);
        read_options(device, rows[i].address, rows[i].bad);
        write_image(device, rows[i].good);
        assert_clean(device);
        replug_into_rom(device);
        clear_all(device);
        read_options(device, rows[i].address, rows[i].bad);
        write_image(device, rows[i].bad);
        assert_judged(device, rows[i].text);
        assert_int_equal(sim_knobs(device)->oem1_key, 1);
    }
}

static void switching_trust_zone_is_judged(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32u585");
    read_options(device, 0x40022040U, 48);
    image[3] |= 0x80;
    write_image(device, 48);
    assert_violation(device, "TrustZone switched");
    device = idle("stm32l552");
    sim_knob_set(device, "tzen", 1);
    read_options(device, 0x40022040U, 48);
    image[3] &= 0x7F;
    write_image(device, 48);
    assert_violation(device, "TrustZone switched");
}

static void a_change_of_product_state_is_judged(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32h563", "stm32c562"};
    static const uint8_t states[] = {0x17, 0x72, 0x5C, 0xAA, 0xBB};
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < sizeof states; j++) {
            struct sim_device *device = idle(names[i]);
            char text[] = "product state changed to 0x__";
            read_options(device, 0x40022050U, 8);
            image[5] = states[j];
            write_image(device, 8);
            text[sizeof text - 3] = "0123456789ABCDEF"[states[j] >> 4];
            text[sizeof text - 2] = "0123456789ABCDEF"[states[j] & 15];
            assert_violation(device, text);
            assert_int_equal(sim_stored_rdp_level(device), 2);
        }
    }
}

/* ST's relatives take the one byte for the whole register; the rest of a short image stays. */
static void less_than_a_register_ruins_it(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32u585");
    uint32_t size = 0;
    read_options(device, 0x40022040U, 48);
    write_image(device, 2);
    assert_memory_equal(sim_options(device, &size), "\xAA\x00\x00\x00\x7F\x00\x00\x08", 8);
    assert_violation(device, "option write shorter than its first register");
    device = idle("stm32u585");
    read_options(device, 0x40022040U, 48);
    memset(image + 4, 0, 44);
    write_image(device, 4);
    assert_memory_equal(sim_options(device, &size), "\xAA\xF8\xEF\x1F\x7F\x00\x00\x08", 8);
    assert_clean(device);
}

static void short_writes_of_pairs_keep_the_rest(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32wb55");
    uint32_t size = 0;
    read_options(device, 0x1FFF8000U, 128);
    family_set_rdp(family_of("stm32wb55"), image, 0xBB);
    write_image(device, 8);
    assert_int_equal(sim_options(device, &size)[0], 0xBB);
    assert_memory_equal(sim_options(device, &size) + 8, image + 8, 120);
    assert_clean(device);
}

static void a_wrong_complement_is_level_1_on_every_family_of_pairs(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint8_t offset; /* of a byte of the first value's complement */
    } rows[] = {{"stm32f105", 1}, {"stm32f303", 1}, {"stm32l072", 2}, {"stm32l072", 3},
                {"stm32l152", 2}, {"stm32l4r5", 4}, {"stm32g0b1", 5}, {"stm32wb55", 7}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct family *family = family_of(rows[i].profile);
        struct sim_device *device = idle(rows[i].profile);
        read_options(device, family->option_addr, family->option_bytes);
        image[rows[i].offset] ^= 1U;
        write_image(device, family->option_bytes);
        replug_into_rom(device);
        assert_int_equal(sim_rdp_level(device), 1);
        assert_true(strncmp(sim_violation(device, 0), "option write with a wrong complement", 36) == 0);
    }
}

static void a_second_block_resets_too_and_may_not_change(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint32_t address;
        uint16_t bytes;
    } rows[] = {{"stm32f427", 0x1FFEC000U, 16}, {"stm32g474", 0x1FFFF800U, 48}, {"stm32l4r5", 0x1FF01000U, 40}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = idle(rows[i].profile);
        read_options(device, rows[i].address, rows[i].bytes);
        write_image(device, rows[i].bytes);
        assert_int_equal(sim_counters(device)->resets, 1);
        assert_int_equal(sim_counters(device)->option_writes, 1);
        assert_int_equal(sim_stored_rdp_level(device), 0);
        assert_clean(device);
        clear_all(device);
        read_options(device, rows[i].address, rows[i].bytes);
        bool has_pairs = rows[i].bytes != 16;
        image[8] = 0x3F;
        image[12] = has_pairs ? 0xC0 : image[12];
        write_image(device, rows[i].bytes);
        assert_int_equal(sim_counters(device)->resets, 2);
        assert_judged(device, "second option block changed at offset 0x08");
        replug_into_rom(device);
        clear_all(device);
        uint8_t written = image[8];
        read_options(device, rows[i].address, rows[i].bytes);
        assert_int_equal(image[8], written);
    }
}

static void option_writes_beside_the_start_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint32_t address;
        bool is_quiet;
    } rows[] = {{"stm32f722", 0x1FFF0008U, false},
                {"stm32h743", 0x52002020U, false},
                {"stm32u585", 0x40022044U, true},
                {"stm32f427", 0x1FFEC004U, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim_device *device = idle(rows[i].profile);
        read_options(device, rows[i].address, 8);
        struct answer answer = carry_out(device, 2, image, 8);
        assert_int_equal(answer.status, rows[i].is_quiet ? OK : ERR_TARGET);
        assert_true(strncmp(sim_violation(device, 0), "option write not at the block's start", 37) == 0);
        assert_int_equal(sim_counters(device)->option_writes, 0);
    }
}

/* Where BOOT0 leads with other boot fields, and whether sealing with them is held against the host. */
static void boot_fields_decide_where_boot0_leads(void **state)
{
    (void)state;
    static const struct {
        const char *profile;
        uint16_t offset;
        uint8_t set;
        uint8_t clear;
        bool reaches_rom; /* with BOOT0 high */
        bool is_judged;
    } rows[] = {
        {"stm32f722", 0x18, 0x20, 0x40, false, true},  /* BOOT_ADD1 in SRAM */
        {"stm32f767", 0x19, 0x7F, 0x00, false, true},  /* nowhere */
        {"stm32f767", 0x18, 0x00, 0x00, true, false},  /* as it was */
        {"stm32h743", 0x27, 0x08, 0x1F, false, true},  /* BOOT_ADD1 0x08F0: no memory */
        {"stm32h723", 0x26, 0x01, 0x00, true, false},  /* 0x1FF1: still system memory */
        {"stm32u585", 0x03, 0x00, 0x0C, true, false},  /* nSWBOOT0 0, nBOOT0 0: the ROM, whatever the pin is */
        {"stm32u585", 0x03, 0x00, 0x04, false, true},  /* nSWBOOT0 0, nBOOT0 1: never */
        {"stm32u585", 0x0B, 0x08, 0x0B, false, true},  /* NSBOOTADD1 in flash */
        {"stm32u585", 0x0C, 0x01, 0x00, false, true},  /* BOOT_LOCK */
        {"stm32g474", 0x03, 0x00, 0x04, false, true},  /* nSWBOOT0 0, nBOOT0 1 */
        {"stm32g474", 0x2A, 0x01, 0x00, false, true},  /* BOOT_LOCK */
        {"stm32g474", 0x02, 0x00, 0x80, false, true},  /* nBOOT1 0: SRAM */
        {"stm32g0b1", 0x03, 0x01, 0x00, false, false}, /* nBOOT_SEL 1: the pin is ignored; an empty chip comes back */
        {"stm32g0b1", 0x72, 0x01, 0x00, false, false}, /* BOOT_LOCK */
        {"stm32u083", 0x62, 0x01, 0x00, false, false}, /* BOOT_LOCK */
        {"stm32l072", 0x05, 0x00, 0x80, false, true},  /* nBOOT1 0 */
        {"stm32f303", 0x02, 0x00, 0x10, false, true},  /* nBOOT1 0 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct family *family = family_of(rows[i].profile);
        struct sim_device *device = idle(rows[i].profile);
        uint8_t distance = family->form == FORM_BYTES       ? 1
                           : family->form == FORM_HALFWORDS ? 2
                           : family->form == FORM_WORDS     ? 4
                                                            : 0;
        assert_true(sim_allow_option_bits(device, rows[i].offset, (uint8_t)(rows[i].set | rows[i].clear), rows[i].set));
        read_options(device, family->option_addr, family->option_bytes);
        image[rows[i].offset] = (uint8_t)((image[rows[i].offset] & ~rows[i].clear) | rows[i].set);
        image[rows[i].offset + distance] = (uint8_t)(image[rows[i].offset] ^ (distance != 0 ? 0xFF : 0));
        family_set_rdp(family, image, family->canonical);
        write_image(device, family->option_bytes);
        if (rows[i].is_judged) {
            assert_judged(device, "sealed with options that keep BOOT0 from reaching the ROM");
        } else {
            assert_clean(device);
        }
        replug_into_rom(device);
        assert_int_equal(sim_is_on_bus(device), rows[i].reaches_rom);
    }
}

/* What is open may be turned about: only a seal closes the door for good. */
static void an_open_device_may_shut_boot0_out(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32f722");
    sim_allow_option_bits(device, 0x18, 0xFF, 0x20);
    read_options(device, 0x1FFF0000U, 48);
    image[0x18] = 0x20;
    write_image(device, 48);
    assert_clean(device);
    replug_into_rom(device);
    assert_false(sim_is_on_bus(device));
}

static void what_the_host_did_not_ask_for_is_seen_in_words_to_program(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32h7a3");
    sim_knob_set(device, "program_words_stale", 0);
    read_options(device, 0x5200201CU, 297);
    family_set_rdp(family_of("stm32h7a3"), image, 0xBB);
    image[0x120] = 0x01; /* protection of the second bank's sectors */
    write_image(device, 297);
    assert_judged(device, "option byte changed besides RDP, at offset 0x011C");
}

static void what_may_change_is_the_word_in_force(void **state)
{
    (void)state;
    struct sim_device *device = idle("stm32h743");
    assert_true(sim_allow_option_bits(device, 0x00, 0x0C, 0x04));
    assert_false(sim_allow_option_bits(device, 0x04, 0x0C, 0x04)); /* the word to program */
    assert_false(sim_allow_option_bits(device, 0x01, 0xFF, 0xBB)); /* RDP */
    sim_knob_set(device, "program_words_stale", 0);
    read_options(device, 0x5200201CU, 128);
    family_set_rdp(family_of("stm32h743"), image, 0xBB);
    image[4] |= 0x04;
    write_image(device, 128);
    assert_clean(device);
}

static void a_cut_option_write_is_level_1_on_every_form(void **state)
{
    (void)state;
    static const char *const names[] = {"stm32f105", "stm32f722", "stm32l072", "stm32g474", "stm32u585", "stm32h743"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct family *family = family_of(names[i]);
        struct sim_device *device = idle(names[i]);
        sim_knob_set(device, "program_words_stale", 0);
        read_options(device, family->option_addr, family->option_bytes);
        family_set_rdp(family, image, family->canonical);
        sim_faults_clear(device);
        sim_fault_add(device, (struct sim_fault){SIM_FAULT_POWER_CUT, 0});
        assert_int_equal(download(device, 2, image, family->option_bytes), SIM_OK);
        get_status(device);
        sim_sleep(device, 5000);
        assert_int_equal(sim_counters(device)->option_writes, 0);
        sim_faults_clear(device);
        replug_into_rom(device);
        assert_true(sim_is_on_bus(device));
        assert_int_equal(sim_rdp_level(device), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_of_256_protection_bytes_is_judged_by_the_family),
        cmocka_unit_test(level_2_is_judged_wherever_a_family_keeps_it),
        cmocka_unit_test(the_half_level_is_judged_where_it_exists),
        cmocka_unit_test(writes_that_reach_the_keys_are_judged_and_set_them),
        cmocka_unit_test(switching_trust_zone_is_judged),
        cmocka_unit_test(a_change_of_product_state_is_judged),
        cmocka_unit_test(less_than_a_register_ruins_it),
        cmocka_unit_test(short_writes_of_pairs_keep_the_rest),
        cmocka_unit_test(a_wrong_complement_is_level_1_on_every_family_of_pairs),
        cmocka_unit_test(a_second_block_resets_too_and_may_not_change),
        cmocka_unit_test(option_writes_beside_the_start_are_judged),
        cmocka_unit_test(boot_fields_decide_where_boot0_leads),
        cmocka_unit_test(an_open_device_may_shut_boot0_out),
        cmocka_unit_test(what_the_host_did_not_ask_for_is_seen_in_words_to_program),
        cmocka_unit_test(what_may_change_is_the_word_in_force),
        cmocka_unit_test(a_cut_option_write_is_level_1_on_every_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
