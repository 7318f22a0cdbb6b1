/* Each quirk of relock/quirk_list.h: a device that has it, and a scene that goes wrong without the engine's answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "quirk_cases.h"

#define FAMILY(name) RLK_FAMILY_BIT(RLK_FAMILY_##name)
#define B_NEW        (FAMILY(STM32U0) | FAMILY(STM32C071))
#define B_OLD                                                                                                          \
    (FAMILY(STM32G431) | FAMILY(STM32G47X) | FAMILY(STM32G49X) | FAMILY(STM32H74X) | FAMILY(STM32H72X) |               \
     FAMILY(STM32H7A3) | FAMILY(STM32L5) | FAMILY(STM32WB55) | FAMILY(STM32G0B1))

#define BY_AGE  "its class is told by its age alone: the row has the habits of both, the device those of one"
#define NO_MORE "nothing more is known of it than that it speaks DfuSe: the row takes the side that costs time"
#define BY_KNOB "not of the family but of some of it: the scene turns it on"

/* Rows with a quirk that none of their simulated devices has by itself, and why. */
static const struct {
    enum rlk_quirk quirk;
    rlk_family_mask families;
    const char *reason;
} not_shown[] = {
    {RLK_QUIRK_FIRST_CONTACT_ERROR, FAMILY(DFUSE), NO_MORE},
    {RLK_QUIRK_SLOW_HOSTS_ONLY,
     FAMILY(STM32F04X) | FAMILY(STM32F07X) | FAMILY(STM32F30X) | FAMILY(STM32F37X) | FAMILY(STM32L07X) |
         FAMILY(STM32L1),
     "it is the host's habit: the scene turns it on"},
    {RLK_QUIRK_STRICT_STATES, FAMILY(STM32H7RS), BY_AGE},
    {RLK_QUIRK_DOUBLE_CLRSTATUS, B_NEW | FAMILY(STM32U5), BY_AGE},
    {RLK_QUIRK_EARLY_POLL_STALLS, FAMILY(GD32) | FAMILY(APM32) | FAMILY(DFUSE), NO_MORE},
    {RLK_QUIRK_EARLY_POLL_STALLS, FAMILY(STM32H7RS), BY_AGE},
    {RLK_QUIRK_EARLY_POLL_STALLS, FAMILY(STM32C5), "it is done before it can be polled"},
    {RLK_QUIRK_FIRST_STATUS_LASTS, FAMILY(STM32U5), BY_AGE},
    {RLK_QUIRK_BUSY_FOR_EVER, B_NEW | FAMILY(STM32U5), BY_AGE},
    {RLK_QUIRK_SECOND_BANK_ERASE, FAMILY(STM32G0B1), "its limitation is not modelled: H74x and F42x show both kinds"},
    {RLK_QUIRK_VENDOR_ERROR_FOR_ALL, B_OLD | FAMILY(STM32U5), BY_AGE},
    {RLK_QUIRK_WRITE_PROTECTION_IS_SILENT, FAMILY(DFUSE), NO_MORE},
    {RLK_QUIRK_LONG_BLOCKS_REFUSED, FAMILY(STM32L4), BY_KNOB},
    {RLK_QUIRK_ERASE_MOVES_POINTER, FAMILY(STM32H7RS) | FAMILY(STM32C5), BY_AGE},
    {RLK_QUIRK_OPTIONS_TYPED_ERASABLE, FAMILY(STM32F405), "its older ROM is not modelled: F105's older one shows it"},
    {RLK_QUIRK_PCROP_SURVIVES,
     FAMILY(STM32F401) | FAMILY(STM32F72X) | FAMILY(STM32L4) | FAMILY(STM32L47X) | FAMILY(STM32G431) |
         FAMILY(STM32G47X) | FAMILY(STM32G49X) | FAMILY(STM32L4PLUS) | FAMILY(STM32WB55) | FAMILY(STM32C071) |
         FAMILY(STM32G0B1),
     "no product is sold with it: the scene sets it up"},
    {RLK_QUIRK_BOOT_ADD_LOST, FAMILY(STM32F72X) | FAMILY(STM32F74X) | FAMILY(STM32F76X), BY_KNOB},
    {RLK_QUIRK_TWO_OPTION_BLOCKS, FAMILY(STM32L4) | FAMILY(STM32L47X), "the listings that are known announce one"},
};

static struct sim_device device;

static bool has_quirk(enum rlk_family family, enum rlk_quirk quirk)
{
    return (rlk_chip_row(family)->quirks >> quirk & 1U) != 0;
}

static bool some_device_shows(enum rlk_family family, enum rlk_quirk quirk)
{
    bool is_shown = false;
    for (size_t i = 0; i < profile_case_count && !is_shown; i++) {
        if (profile_cases[i].family == family) {
            sim_init(&device, sim_profile_find(profile_cases[i].profile), 1, true);
            is_shown = quirk_is_shown(quirk, &device);
        }
    }
    return is_shown;
}

static bool is_excused(enum rlk_family family, enum rlk_quirk quirk)
{
    bool is_listed = false;
    for (size_t i = 0; i < sizeof not_shown / sizeof not_shown[0]; i++) {
        is_listed = is_listed || (not_shown[i].quirk == quirk && (not_shown[i].families >> family & 1U) != 0);
    }
    return is_listed;
}

/* A reason for what is shown all the same is out of date. */
static void check_row(enum rlk_family family, enum rlk_quirk quirk)
{
    bool is_due = has_quirk(family, quirk);
    bool is_shown = is_due && some_device_shows(family, quirk);
    bool is_listed = is_excused(family, quirk);
    if ((is_due && !is_shown) != is_listed) {
        fail_msg("%s of %s: %s", rlk_quirk_name(quirk), rlk_chip_row(family)->name,
                 is_listed ? "listed without need" : "no device shows it");
    }
}

static void test_each_row_has_a_device_that_shows_its_quirks(void **state)
{
    (void)state;
    for (unsigned quirk = 0; quirk < RLK_QUIRK_COUNT; quirk++) {
        for (unsigned family = RLK_FAMILY_UNKNOWN + 1; family < RLK_FAMILY_COUNT; family++) {
            check_row((enum rlk_family)family, (enum rlk_quirk)quirk);
        }
    }
}

static void test_each_quirk_is_of_some_row(void **state)
{
    (void)state;
    for (unsigned quirk = 0; quirk < RLK_QUIRK_COUNT; quirk++) {
        bool is_used = false;
        for (unsigned family = RLK_FAMILY_UNKNOWN + 1; family < RLK_FAMILY_COUNT; family++) {
            is_used = is_used || has_quirk((enum rlk_family)family, (enum rlk_quirk)quirk);
        }
        assert_true(is_used);
    }
}

static void test_scene(void **state)
{
    quirk_play(*(const enum rlk_quirk *)*state);
}

int main(void)
{
    static enum rlk_quirk quirks[RLK_QUIRK_COUNT];
    static struct CMUnitTest tests[RLK_QUIRK_COUNT + 2] = {
        cmocka_unit_test(test_each_row_has_a_device_that_shows_its_quirks),
        cmocka_unit_test(test_each_quirk_is_of_some_row),
    };
    for (unsigned i = 0; i < RLK_QUIRK_COUNT; i++) {
        quirks[i] = (enum rlk_quirk)i;
        tests[i + 2] = (struct CMUnitTest){rlk_quirk_name(quirks[i]), test_scene, NULL, NULL, &quirks[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
