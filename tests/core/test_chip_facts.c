/*
 * The chip table against data/stm32-dfu.json, the facts as they were compiled from public sources: each family of the
 * one against each row of the other. A difference must stand in `differences` with its reason, and each of those must
 * still be one.
 */
#include "chip_samples.h"
#include "facts_file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* Which rows a family of the facts is. */
static const struct {
    const char *name;
    rlk_family_mask rows;
} families[] = {
    {"STM32F04x/F070x6", BIT(F04X)},
    {"STM32F07x/F070xB", BIT(F07X)},
    {"STM32F105/F107", BIT(F105)},
    {"STM32F30x/F37x", BIT(F30X) | BIT(F37X)},
    {"STM32F2", BIT(F2)},
    {"STM32F405/F407/F415/F417", BIT(F405)},
    {"STM32F401/F411/F412/F413/F446", BIT(F401) | BIT(F412) | BIT(F413)},
    {"STM32F42x/F43x/F46x/F47x", BIT(F42X)},
    {"STM32F72x/F73x", BIT(F72X)},
    {"STM32F74x/F75x/F76x/F77x", BIT(F74X) | BIT(F76X)},
    {"STM32C071", BIT(C071)},
    {"STM32G0B1/G0C1/G0B0", BIT(G0B1)},
    {"STM32G4", BIT(G431) | BIT(G47X) | BIT(G49X)},
    {"STM32H5", BIT(H5)},
    {"STM32H74x/H75x", BIT(H74X)},
    {"STM32H72x/H73x", BIT(H72X)},
    {"STM32H7A3/H7B0/H7B3", BIT(H7A3)},
    {"STM32H7R/H7S", BIT(H7RS)},
    {"STM32L07x/L08x", BIT(L07X)},
    {"STM32L1 (Cat.3-5)", BIT(L1)},
    {"STM32L4", BIT(L4) | BIT(L47X)},
    {"STM32L4+", BIT(L4PLUS)},
    {"STM32L5", BIT(L5)},
    {"STM32U5", BIT(U5)},
    {"STM32U3", BIT(U3)},
    {"STM32WBA6", BIT(WBA6)},
    {"STM32U073/U083", BIT(U0)},
    {"STM32WB55/WB35", BIT(WB55)},
    {"STM32C5", BIT(C5)},
    {"STM32N6 (not supported)", BIT(N6)},
};

/* Clones and products' own bootloaders are no chips of ST's; their facts are in other places. */
static const rlk_family_mask not_in_the_facts = BIT(GD32) | BIT(AT32) | BIT(APM32) | BIT(DFUSE);

enum what {
    OPTIONS_ADDR,
    OPTIONS2_ADDR,
    OPTIONS_BYTES,
    WRITE_BYTES, /* the facts' own is the length to read */
    READ_OFFSET,
    WRITE_OFFSET,
    LEVEL_0,
    LEVEL_1,
    LEVEL_2,    /* CC is level 2 */
    LEVEL_HALF, /* 55 is a level of its own */
    FORM,
    EMPTY_CHECK_,
    POWER_CYCLE, /* after the seal: 0 no, 1 perhaps, 2 yes */
};

static const char *const names[] = {"options_addr",
                                    "options2_addr",
                                    "options_bytes",
                                    "options_write_bytes",
                                    "rdp_read_offset",
                                    "rdp_write_offset",
                                    "rdp_level0",
                                    "rdp_level1",
                                    "level 2",
                                    "level half",
                                    "option_form",
                                    "has_empty_check",
                                    "power_cycle_after_seal"};

/* Every deliberate difference: the row's value, and why. */
static const struct difference {
    rlk_family_mask rows;
    enum what what;
    long ours;
    const char *why;
} differences[] = {
    {BIT(H5) | BIT(H7RS) | BIT(C5), OPTIONS_ADDR, 0, "a product state: the options are neither read nor written"},
    {BIT(G431) | BIT(G49X), OPTIONS2_ADDR, 0, "only G47x and G48x have the second block"},
    {BIT(F2), OPTIONS_BYTES, 16, "the descriptor is expected to announce what F4's does; 12 is the tool's"},
    {BIT(F74X) | BIT(F76X), OPTIONS_BYTES, 48, "not seen; at most what F72x announces, else the device's own length"},
    {BIT(C071) | BIT(G0B1), OPTIONS_BYTES, 120, "74h ends within a pair; its complement belongs to it"},
    {BIT(G431), OPTIONS_BYTES, 40, "48 are announced by some, 40 are read and taken"},
    {BIT(WBA6), OPTIONS_BYTES, 48, "unknown; the part without keys of the same flash controller (L5, U5, U3)"},
    {BIT(U5), WRITE_BYTES, 48, "the last 16 bytes are OEM keys"},
    {BIT(U0), WRITE_BYTES, 100, "the last 32 bytes are OEM keys; as CubeProgrammer"},
    {BIT(WB55), WRITE_BYTES, 8, "OPTR alone: the tail belongs to the second CPU"},
    {BIT(H7A3), WRITE_BYTES, 296, "an odd length cannot be written"},
    {BIT(L4), EMPTY_CHECK_, true, "of the facts' L4, L41x to L46x, L496 and L4A6"},
    {BIT(L47X), EMPTY_CHECK_, false, "of the facts' L4, L47x and L48x"},
    {BIT(L4PLUS), EMPTY_CHECK_, false, "L4P and L4Q are not in ST's list, and look as L4R and L4S"},
    {BIT(F401) | BIT(F412) | BIT(F413) | BIT(F42X) | BIT(F2), POWER_CYCLE, RLK_POWER_CYCLE_NO,
     "unknown in the facts; AN3156 figure 10 has a system reset"},
    {BIT(F72X) | BIT(F74X) | BIT(F76X), POWER_CYCLE, RLK_POWER_CYCLE_NO,
     "unknown in the facts; AN3156 figure 10 has a system reset on some, no report of a need"},
    {BIT(H74X), POWER_CYCLE, RLK_POWER_CYCLE_YES, "unknown in the facts; ST thread 127568 of an H742"},
    {BIT(WB55) | BIT(U0) | BIT(C071) | BIT(L4PLUS) | BIT(G431) | BIT(G47X) | BIT(G49X), POWER_CYCLE,
     RLK_POWER_CYCLE_YES, "likely in the facts: it is asked for"},
};

static bool was_used[COUNT_OF(differences)][RLK_FAMILY_COUNT];

static void compare(const struct rlk_chip *chip, enum what what, long theirs, long ours)
{
    for (size_t i = 0; i < COUNT_OF(differences); i++) {
        const struct difference *difference = &differences[i];
        if (theirs != ours && difference->what == what && difference->ours == ours &&
            (difference->rows & BIT(chip->family)) != 0) {
            was_used[i][chip->family] = true;
            return;
        }
    }
    if (theirs != ours) {
        fail_msg("%s: %s is %ld here, %ld in the facts", chip->name, names[what], ours, theirs);
    }
}

/* How the facts say where complements stand, from the special to the general. */
static long form_of(const char *complement)
{
    static const struct {
        const char *begins;
        enum rlk_option_form form;
    } forms[] = {
        {"byte pairs", RLK_OPTION_FORM_BYTE_PAIRS},
        {"halfword complement exists in flash", RLK_OPTION_FORM_BYTES},
        {"half-word complement gaps", RLK_OPTION_FORM_BYTES},
        {"as F72x", RLK_OPTION_FORM_BYTES},
        {"none needed", RLK_OPTION_FORM_BYTES},
        {"halfword", RLK_OPTION_FORM_HALFWORD_PAIRS},
        {"hardware", RLK_OPTION_FORM_WORD_PAIRS},
        {"none; separate current", RLK_OPTION_FORM_REGISTER_PAIRS},
        {"none", RLK_OPTION_FORM_REGISTERS},
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if (strncmp(complement, forms[i].begins, strlen(forms[i].begins)) == 0) {
            return (long)forms[i].form;
        }
    }
    return FACTS_UNSAID;
}

static bool decodes(const struct rlk_chip *chip, uint8_t rdp, enum rlk_rdp_level level)
{
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    sample_options(block, chip->family);
    block[chip->rdp_read_offset] = rdp;
    return rlk_options_level(chip, block) == level;
}

static void check_levels(const struct rlk_json *fact, const struct rlk_chip *chip)
{
    const struct rlk_json_node *encoding = facts_option(fact, "rdp_encoding");
    const char *level2 = facts_text(fact, rlk_json_member(fact, encoding, "level2"));
    const bool has_half = rlk_json_member(fact, encoding, "level0_5") != NULL;
    compare(chip, LEVEL_0, facts_number(fact, rlk_json_member(fact, encoding, "level0"), 0), chip->rdp_level0);
    compare(chip, LEVEL_1, facts_number(fact, rlk_json_member(fact, encoding, "level1_canonical"), 0),
            chip->rdp_level1);
    compare(chip, LEVEL_2, strstr(level2, "CC") != NULL, decodes(chip, 0xCC, RLK_RDP_LEVEL_2));
    compare(chip, LEVEL_HALF, has_half, decodes(chip, 0x55, RLK_RDP_LEVEL_HALF));
    assert_true(decodes(chip, chip->rdp_level0, RLK_RDP_LEVEL_0));
    assert_true(decodes(chip, chip->rdp_level1, RLK_RDP_LEVEL_1));
}

static void check_options(const struct rlk_json *fact, const struct rlk_chip *chip)
{
    const long bytes = facts_number(fact, facts_option(fact, "length"), 0);
    const long second = facts_number(fact, facts_option(fact, "addresses"), 1);
    compare(chip, OPTIONS2_ADDR, second == FACTS_UNSAID ? 0 : second, (long)chip->options2_addr);
    compare(chip, OPTIONS_BYTES, bytes, chip->options_bytes);
    compare(chip, WRITE_BYTES, chip->options_bytes, chip->options_write_bytes);
    compare(chip, READ_OFFSET, facts_number(fact, facts_option(fact, "rdp_offset"), 0), chip->rdp_read_offset);
    compare(chip, WRITE_OFFSET, facts_number(fact, facts_option(fact, "rdp_write_offset"), 0), chip->rdp_write_offset);
    compare(chip, FORM, form_of(facts_text(fact, facts_option(fact, "complement"))), (long)chip->option_form);
    check_levels(fact, chip);
}

static void check_empty_check(const struct rlk_json *fact, const struct rlk_chip *chip)
{
    const struct rlk_json_node *node = facts_member(fact, "empty_check");
    const bool is_said = node->kind == RLK_JSON_TRUE || node->kind == RLK_JSON_FALSE;
    compare(chip, EMPTY_CHECK_, is_said ? node->kind == RLK_JSON_TRUE : FACTS_UNSAID, chip->has_empty_check);
}

/* "YES" and "likely yes" are needs; where it is unknown, perhaps is right. */
static void check_power_cycle(const struct rlk_json *fact, const struct rlk_chip *chip)
{
    const char *need = facts_text(fact, facts_member(fact, "power_cycle_after_rdp_change"));
    const bool is_none = strncmp(need, "no evidence", strlen("no evidence")) == 0;
    const bool is_yes = strncmp(need, "YES", strlen("YES")) == 0;
    const long theirs = is_none ? RLK_POWER_CYCLE_NO : is_yes ? RLK_POWER_CYCLE_YES : RLK_POWER_CYCLE_MAYBE;
    compare(chip, POWER_CYCLE, theirs, (long)chip->power_cycle_after_seal);
}

static void check_memory(const struct rlk_json *fact, const struct rlk_chip *chip)
{
    const char *pitfalls = "erased flash reads 0x00";
    bool is_zero = false;
    const struct rlk_json_node *node = rlk_json_first(fact, facts_option(fact, "pitfalls"));
    for (; node != NULL; node = rlk_json_next(fact, node)) {
        is_zero = is_zero || strncmp(facts_text(fact, node), pitfalls, strlen(pitfalls)) == 0;
    }
    assert_int_equal(chip->erased_value, is_zero ? 0x00 : 0xFF);
    assert_int_equal(chip->flash_addr, facts_number(fact, facts_member(fact, "flash_base"), 0));
    /* Sources differ: never less than what the facts have. */
    assert_true(chip->program_bytes >= facts_number(fact, facts_member(fact, "program_granularity_bytes"), 0));
}

static bool is_hands_off(const struct rlk_chip *chip)
{
    return chip->tier >= RLK_TIER_WRITE_ONLY;
}

/* What the code may do, by the facts' scheme; how sure they must be of it for `full` is the table's own choice. */
static void check_tier(const struct rlk_json *fact, const struct rlk_chip *chip)
{
    const char *scheme = facts_text(fact, facts_member(fact, "reprotect_scheme"));
    const bool is_impossible = strncmp(scheme, "not_possible", strlen("not_possible")) == 0;
    const bool is_simple = strncmp(scheme, "simple_byte", strlen("simple_byte")) == 0;
    const bool has_trustzone = (chip->quirks & RLK_QUIRK_BIT(TRUSTZONE)) != 0;
    assert_int_equal(is_hands_off(chip), is_impossible);
    assert_true(chip->tier != RLK_TIER_FULL || is_simple);
    assert_int_equal(has_trustzone, strncmp(scheme, "trustzone", strlen("trustzone")) == 0);
    assert_int_equal((chip->quirks & RLK_QUIRK_BIT(SPLIT_REGISTERS)) != 0, strcmp(scheme, "split_read_write") == 0);
    assert_int_equal((chip->quirks & RLK_QUIRK_BIT(OPTIONS_NOT_ANNOUNCED)) != 0,
                     strncmp(scheme, "not_announced", strlen("not_announced")) == 0);
}

static void check_transfer(const struct rlk_json *fact, const struct rlk_chip *chip)
{
    const char *size = facts_text(fact, facts_member(fact, "transfer_size"));
    const bool has_1024 = (chip->quirks & RLK_QUIRK_BIT(BLOCKS_OF_1024)) != 0;
    assert_true(strncmp(size, "2048", 4) != 0 || !has_1024);
    assert_true(strncmp(size, "1024", 4) != 0 || has_1024);
}

static void check_row(const struct rlk_json *fact, const struct rlk_chip *chip)
{
    const long addr = facts_number(fact, facts_option(fact, "addresses"), 0);
    compare(chip, OPTIONS_ADDR, addr == FACTS_UNSAID ? 0 : addr, (long)chip->options_addr);
    check_tier(fact, chip);
    check_transfer(fact, chip);
    if (chip->family != N6) { /* of which the facts have no memories */
        check_memory(fact, chip);
    }
    if (!is_hands_off(chip)) {
        check_options(fact, chip);
        check_empty_check(fact, chip);
        check_power_cycle(fact, chip);
    }
}

static void check_rows(const struct rlk_json *fact, rlk_family_mask rows)
{
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        if ((rows & BIT(f)) != 0) {
            check_row(fact, rlk_chip_row((enum rlk_family)f));
        }
    }
}

static void test_rows_are_as_the_facts_have_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        check_rows(facts_find(families[i].name), families[i].rows);
    }
    for (size_t i = 0; i < COUNT_OF(differences); i++) {
        for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
            sample_demand(was_used[i][f] == ((differences[i].rows & BIT(f)) != 0), differences[i].why);
        }
    }
}

static void test_every_family_has_its_facts_once(void **state)
{
    rlk_family_mask seen = not_in_the_facts;
    (void)state;
    assert_int_equal(facts_count(), COUNT_OF(families));
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        (void)facts_find(families[i].name);
        assert_true((seen & families[i].rows) == 0);
        seen |= families[i].rows;
    }
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        assert_true((seen & BIT(f)) != 0);
    }
}

/* "16K", "1.5M", "128K..4M": the largest of them, in bytes. */
static double largest_size(const char *sizes)
{
    double largest = 0;
    while (*sizes != '\0') {
        char *end = NULL;
        const double number = strtod(sizes, &end);
        const double unit = *end == 'M' ? 1024.0 * 1024.0 : *end == 'K' ? 1024.0 : 0.0;
        if (end != sizes && number * unit > largest) {
            largest = number * unit;
        }
        sizes = end != sizes ? end : sizes + 1;
        sizes += strspn(sizes, "KM.");
    }
    return largest;
}

static double largest_of(const struct rlk_json *fact)
{
    double largest = 0;
    const struct rlk_json_node *node = rlk_json_first(fact, facts_member(fact, "flash_sizes"));
    for (; node != NULL; node = rlk_json_next(fact, node)) {
        const double size = largest_size(facts_text(fact, node));
        largest = size > largest ? size : largest;
    }
    return largest;
}

static uint32_t most_of(rlk_family_mask rows)
{
    uint32_t most = 0;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const uint32_t bytes = (rows & BIT(f)) != 0 ? rlk_chip_flash_bytes_max((enum rlk_family)f) : 0;
        most = bytes > most ? bytes : most;
    }
    return most;
}

static void test_no_flash_is_larger_than_its_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        const double largest = largest_of(facts_find(families[i].name));
        assert_true(largest > 0 || families[i].rows == BIT(N6));
        sample_demand((double)most_of(families[i].rows) >= largest, families[i].name);
    }
}

static rlk_family_mask rows_with_source(const char *source)
{
    rlk_family_mask rows = 0;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        rows |= strstr(rlk_chip_sources((enum rlk_family)f), source) != NULL ? BIT(f) : 0;
    }
    return rows;
}

/* CubeProgrammer's tables are named by device id: each of a family's is a source of one of its rows, and of no other.
 */
static void test_device_ids_are_sources_of_their_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        const struct rlk_json *fact = facts_find(families[i].name);
        const struct rlk_json_node *id = rlk_json_first(fact, facts_member(fact, "dev_id"));
        for (; id != NULL; id = rlk_json_next(fact, id)) {
            const rlk_family_mask rows = rows_with_source(facts_text(fact, id));
            sample_demand(rows != 0 && (rows & ~families[i].rows) == 0, facts_text(fact, id));
        }
    }
}

/* The rows among `rows` whose block an announced one holds. */
static rlk_family_mask rows_in(const char *string, rlk_family_mask rows)
{
    struct rlk_layout layout;
    rlk_family_mask fits = 0;
    assert_int_equal(rlk_layout_parse(&layout, string, strlen(string), NULL), RLK_OK);
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        const bool is_held =
            layout.groups[0].start_addr == chip->options_addr && layout.groups[0].sector_bytes >= chip->options_bytes;
        fits |= is_held ? BIT(f) : 0;
    }
    return fits & rows;
}

static void test_announced_blocks_begin_where_the_rows_do(void **state)
{
    size_t checked = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        const struct rlk_json *fact = facts_find(families[i].name);
        const struct rlk_json_node *node = rlk_json_first(fact, facts_option(fact, "alt_strings"));
        for (; node != NULL; node = rlk_json_next(fact, node)) {
            sample_demand(rows_in(facts_text(fact, node), families[i].rows) != 0, facts_text(fact, node));
            checked++;
        }
    }
    assert_int_equal(checked, 22);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_family_has_its_facts_once),
        cmocka_unit_test(test_rows_are_as_the_facts_have_them),
        cmocka_unit_test(test_no_flash_is_larger_than_its_row),
        cmocka_unit_test(test_device_ids_are_sources_of_their_rows),
        cmocka_unit_test(test_announced_blocks_begin_where_the_rows_do),
    };
    return cmocka_run_group_tests(tests, facts_load, NULL);
}
