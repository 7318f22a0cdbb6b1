/*
 * The gate: what it lets out, what it takes note of, and hostile devices and callers.
 */
#include "gate_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SET_ADDRESS 0x21
#define ERASE       0x41

static uint8_t zeros[4096];

/* A block that may be written: H7's words to program are stale until it is built. */
static void plan_options(uint8_t *block, const struct rlk_chip *chip)
{
    sample_options(block, chip->family);
    sample_set_byte(block, chip, chip->rdp_write_offset, sample_level0(chip->family));
}

/* What is sent is what was planned. */
static bool passes(struct rlk_gate *gate, uint16_t block, const uint8_t *data, size_t length)
{
    gate->options = data;
    return rlk_gate_judge(gate, block, data, length) == RLK_OK;
}

static bool passes_at(struct rlk_gate *gate, uint32_t addr, uint16_t block, size_t length)
{
    assert_int_equal(sample_command(gate, SET_ADDRESS, addr), RLK_OK);
    return passes(gate, block, zeros, length);
}

static void test_zeroed_gate_allows_only_pointer_and_leave(void **state)
{
    struct rlk_gate gate = {0};
    const uint8_t unprotect = 0x92;
    (void)state;
    assert_true(passes(&gate, 0, NULL, 0));
    assert_true(passes(&gate, 2, NULL, 0));
    assert_int_equal(sample_command(&gate, SET_ADDRESS, 0x08000000), RLK_OK);
    assert_true(gate.pointer_is_known);
    assert_int_equal(gate.pointer_addr, 0x08000000);
    assert_int_equal(sample_command(&gate, ERASE, 0x08000000), RLK_E_GATE_VETO);
    assert_false(passes(&gate, 0, &unprotect, 1));
    assert_false(passes(&gate, 2, zeros, 16));
    assert_false(passes(&gate, 0, NULL, 5));
    assert_false(passes(&gate, 1, NULL, 0));
}

static void test_unprotect_once(void **state)
{
    struct sample_gate sample;
    const uint8_t unprotect[] = {0x92, 0x00};
    (void)state;
    sample_gate_open(&sample, RLK_FAMILY_STM32F405);
    assert_false(passes(&sample.gate, 0, unprotect, 2));
    assert_false(passes(&sample.gate, 2, unprotect, 1));
    assert_true(passes(&sample.gate, 0, unprotect, 1));
    assert_false(sample.gate.may_unprotect);
    assert_false(sample.gate.pointer_is_known);
    assert_false(passes(&sample.gate, 0, unprotect, 1));
}

static void test_erase_planned_sector_starts_only(void **state)
{
    struct sample_gate sample;
    (void)state;
    sample_gate_open(&sample, RLK_FAMILY_STM32F07X);
    /* 2 KiB pages: the first segment touches 0 to 2, the second 4. */
    for (uint32_t page = 0; page < 64; page++) {
        const enum rlk_error expected = page <= 2 || page == 4 ? RLK_OK : RLK_E_GATE_VETO;
        assert_int_equal(sample_command(&sample.gate, ERASE, 0x08000000U + 2048U * page), expected);
    }
    assert_int_equal(sample_command(&sample.gate, ERASE, 0x08000002), RLK_E_GATE_VETO);
    assert_int_equal(sample_command(&sample.gate, ERASE, 0x08000400), RLK_E_GATE_VETO);
    assert_int_equal(sample_command(&sample.gate, ERASE, 0x1FFFF800), RLK_E_GATE_VETO);
    sample.gate.may_write_flash = false;
    assert_int_equal(sample_command(&sample.gate, ERASE, 0x08000000), RLK_E_GATE_VETO);
}

static void test_erase_makes_the_pointer_unknown(void **state)
{
    struct sample_gate sample;
    (void)state;
    sample_gate_open(&sample, RLK_FAMILY_STM32F07X);
    assert_true(passes(&sample.gate, 2, zeros, 16));
    assert_int_equal(sample_command(&sample.gate, ERASE, 0x08000000), RLK_OK);
    assert_false(passes(&sample.gate, 2, zeros, 16));
    assert_true(passes_at(&sample.gate, 0x08000000, 2, 16));
    rlk_gate_forget_pointer(&sample.gate);
    assert_false(passes(&sample.gate, 2, zeros, 16));
}

static void test_a_vetoed_erase_leaves_the_pointer(void **state)
{
    struct sample_gate sample;
    (void)state;
    sample_gate_open(&sample, RLK_FAMILY_STM32F07X);
    assert_int_equal(sample_command(&sample.gate, ERASE, 0x08001800), RLK_E_GATE_VETO);
    assert_true(sample.gate.pointer_is_known);
}

struct data_case {
    uint32_t addr;
    uint16_t block;
    size_t length;
    bool expected;
};

static void check_data(struct rlk_gate *gate, const struct data_case *data)
{
    if (passes_at(gate, data->addr, data->block, data->length) != data->expected) {
        fail_msg("%s: 0x%08x block %u length %zu", gate->chip->name, (unsigned)data->addr, data->block, data->length);
    }
}

static void test_data_only_inside_segments(void **state)
{
    static const struct data_case cases[] = {
        {0x08000000, 2, 2048, true},  {0x08000000, 3, 2048, true},   {0x08000000, 4, 512, true},
        {0x08000000, 4, 514, false},  {0x08000000, 4, 2048, false},  {0x08000000, 5, 16, false},
        {0x08000000, 6, 16, true},    {0x08000000, 6, 32, false},    {0x08002000, 2, 16, true},
        {0x08002000, 2, 15, false},   {0x08001FF0, 2, 32, false},    {0x08000000, 2, 1, false},
        {0x08000000, 2, 2049, false}, {0x08000000, 2, 2050, false},  {0x08000000, 1, 16, false},
        {0x07FFF800, 3, 16, true},    {0x07FFFFFE, 2, 4, false},     {0xFFFFFFF0, 2, 16, false},
        {0xFFFFF800, 3, 16, false},   {0x08000000, 65535, 2, false}, {0x00000000, 2, 16, false},
        {0x08100000, 2, 16, false},   {0x20000000, 2, 16, false},
    };
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct sample_gate sample;
        sample_gate_open(&sample, (enum rlk_family)f);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            struct data_case data = cases[i];
            data.expected = data.expected && sample_can_write((enum rlk_family)f);
            check_data(&sample.gate, &data);
        }
    }
}

/* A unit of programming that the segment's end has begun: completed by erased bytes, all of them, or nothing. */
static void test_padding_completes_the_unit_and_is_erased(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct sample_gate sample;
        uint8_t data[64];
        sample_gate_open(&sample, (enum rlk_family)f);
        const struct rlk_chip *chip = sample.gate.chip;
        const size_t unit = chip->program_bytes;
        sample.image.segments[1].length = 18;
        const size_t whole = unit > 0 ? (18U + unit - 1U) / unit * unit : 18U;
        const bool is_padded = sample_can_write((enum rlk_family)f) && whole > 18U;
        for (size_t length = 20; length <= whole + 2U; length += 2) {
            memset(data, chip->erased_value, sizeof data);
            assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, 0x08002000), RLK_OK);
            assert_int_equal(passes(&sample.gate, 2, data, length), is_padded && length == whole);
            data[17] ^= 1U; /* the segment's own last byte */
            assert_int_equal(passes(&sample.gate, 2, data, length), is_padded && length == whole);
            data[length - 1U] ^= 1U;
            assert_false(passes(&sample.gate, 2, data, length));
            data[length - 1U] ^= 1U;
            data[18] ^= 1U;
            assert_false(passes(&sample.gate, 2, data, length));
        }
    }
}

static void test_data_needs_everything(void **state)
{
    struct sample_gate sample;
    (void)state;
    sample_gate_open(&sample, RLK_FAMILY_STM32F405);
    struct rlk_gate gate = sample.gate;
    assert_true(passes(&gate, 2, zeros, 16));
    gate.chip = NULL;
    assert_false(passes(&gate, 2, zeros, 16));
    gate = sample.gate;
    gate.image = NULL;
    assert_false(passes(&gate, 2, zeros, 16));
    gate = sample.gate;
    gate.flash = NULL;
    assert_false(passes(&gate, 2, zeros, 16));
    gate = sample.gate;
    gate.transfer_bytes = 0;
    assert_false(passes(&gate, 2, zeros, 16));
    gate = sample.gate;
    gate.may_write_flash = false;
    assert_false(passes(&gate, 2, zeros, 16));
    assert_false(passes(&sample.gate, 2, NULL, 16));
}

/* A layout that claims OTP, option bytes and data areas as main flash, and an image that wants to go there. */
static void test_lying_layouts_do_not_open_other_memory(void **state)
{
    static const char lie[] = "@F/0x08000000/256*128Kg/0x1FF00000/512*002Kg,512*001Kg";
    static const uint32_t targets[] = {0x08FFE000, 0x08FFF000, 0x08800000, 0x1FFF7000, 0x1FFF7800,
                                       0x1FFF7A00, 0x1FFFF800, 0x1FFFC000, 0x1FFFB000, 0x1FF07800};
    struct sample_gate sample;
    (void)state;
    sample_gate_open(&sample, RLK_FAMILY_STM32F405);
    assert_int_equal(rlk_layout_parse(&sample.fingerprint.layouts[0], lie, strlen(lie), NULL), RLK_OK);
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        sample.image.segments[0].addr = targets[i];
        sample.image.segments[0].length = 0x400;
        assert_false(passes_at(&sample.gate, targets[i], 2, 16));
        assert_int_equal(sample_command(&sample.gate, ERASE, targets[i]), RLK_E_GATE_VETO);
    }
    sample.image.segments[0].addr = 0x087FFFF0;
    sample.image.segments[0].length = 32;
    assert_true(passes_at(&sample.gate, 0x087FFFF0, 2, 16));
    assert_false(passes_at(&sample.gate, 0x087FFFF0, 2, 18));
}

static void test_read_only_sectors_are_not_written(void **state)
{
    static const char flash[] = "@F/0x08000000/01*016Ka,03*016Kg,01*064Ke,07*128Kg";
    struct sample_gate sample;
    (void)state;
    sample_gate_open(&sample, RLK_FAMILY_STM32F405);
    assert_int_equal(rlk_layout_parse(&sample.fingerprint.layouts[0], flash, strlen(flash), NULL), RLK_OK);
    sample.image.segments[1].addr = 0x08010000;
    assert_false(passes_at(&sample.gate, 0x08000000, 2, 16));
    assert_int_equal(sample_command(&sample.gate, ERASE, 0x08000000), RLK_E_GATE_VETO);
    assert_int_equal(sample_command(&sample.gate, ERASE, 0x08010000), RLK_E_GATE_VETO);
}

/* Only the part that is written, whole: not a byte of what follows it, such as keys. */
static void check_lengths(struct rlk_gate *gate, const uint8_t *block)
{
    const struct rlk_chip *chip = gate->chip;
    for (size_t length = 1; length <= RLK_OPTIONS_BYTES_MAX; length++) {
        if (length != chip->options_write_bytes) {
            assert_false(passes(gate, 2, block, length));
        }
    }
    assert_false(passes(gate, 3, block, chip->options_write_bytes));
    sample_demand(passes(gate, 2, block, chip->options_write_bytes), chip->name);
}

static void test_options_once_and_whole(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct sample_gate sample;
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        if (!sample_has_options(chip->family)) {
            continue;
        }
        sample_gate_open(&sample, chip->family);
        plan_options(block, chip);
        assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, chip->options_addr), RLK_OK);
        check_lengths(&sample.gate, block);
        assert_false(sample.gate.may_write_options);
        assert_false(sample.gate.pointer_is_known);
        assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, chip->options_addr), RLK_OK);
        assert_false(passes(&sample.gate, 2, block, chip->options_write_bytes));
    }
}

static void check_no_more_than(enum rlk_family family, size_t bytes)
{
    struct sample_gate sample;
    uint8_t block[SAMPLE_TRANSFER_BYTES] = {0};
    sample_gate_open(&sample, family);
    sample_options(block, family);
    assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, sample.gate.chip->options_addr), RLK_OK);
    for (size_t length = bytes + 1; length <= SAMPLE_TRANSFER_BYTES; length++) {
        assert_false(passes(&sample.gate, 2, zeros, length));
        assert_false(passes(&sample.gate, 2, block, length));
    }
}

/* Behind these lie keys of U5 and U0, what may be keys of U3 and WBA6, and what is WB55's second CPU's. */
static void test_what_lies_behind_is_never_written(void **state)
{
    (void)state;
    check_no_more_than(L5, 48);
    check_no_more_than(U5, 48);
    check_no_more_than(U3, 48);
    check_no_more_than(WBA6, 48);
    check_no_more_than(U0, 100);
    check_no_more_than(WB55, 8);
}

/* Nothing that is not main flash of the device is written where no option block is known; address 0 is no block. */
static void check_no_options_at(enum rlk_family family, uint32_t addr)
{
    struct sample_gate sample;
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    sample_gate_open(&sample, family);
    sample_options(block, F405);
    assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, addr), RLK_OK);
    for (size_t length = 1; length <= sizeof block; length++) {
        assert_false(passes(&sample.gate, 2, block, length));
    }
    assert_true(sample.gate.may_write_options);
}

static void test_hands_off_families_get_no_options(void **state)
{
    static const uint32_t addresses[] = {0,          0x1FFFF800, 0x1FFFC000, 0x40022040,
                                         0x40022050, 0x40022054, 0x52002200, 0xEFFFFFFF};
    (void)state;
    for (unsigned f = GD32; f < RLK_FAMILY_COUNT; f++) {
        for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
            check_no_options_at((enum rlk_family)f, addresses[i]);
        }
    }
}

/* What lies where another family, another source or the other word of H7 has an RDP byte or a product state. */
static void test_level_2_of_another_family_does_not_leave(void **state)
{
    static const struct {
        enum rlk_family family;
        size_t offset;
    } cases[] = {{F405, 0}, {F42X, 0}, {F76X, 0}, {H74X, 0}, {H74X, 1},
                 {H72X, 4}, {U5, 16},  {L5, 21},  {U0, 32},  {U0, 53}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sample_gate sample;
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        sample_gate_open(&sample, cases[i].family);
        const struct rlk_chip *chip = sample.gate.chip;
        plan_options(block, chip);
        assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, chip->options_addr), RLK_OK);
        block[cases[i].offset] = 0xCC;
        assert_false(passes(&sample.gate, 2, block, chip->options_write_bytes));
        block[cases[i].offset] = 0xCD;
        assert_true(passes(&sample.gate, 2, block, chip->options_write_bytes));
    }
}

static void test_options_with_a_wrong_complement(void **state)
{
    struct sample_gate sample;
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const struct rlk_chip *chip = rlk_chip_row(RLK_FAMILY_STM32L4);
    (void)state;
    sample_gate_open(&sample, chip->family);
    sample_options(block, chip->family);
    block[0] = 0xBB; /* its complement still says AA */
    assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, chip->options_addr), RLK_OK);
    assert_false(passes(&sample.gate, 2, block, chip->options_bytes));
    assert_true(sample.gate.may_write_options);
}

/* Every block that differs in one bit, with its complement right. */
static void check_other_blocks(struct rlk_gate *gate, const uint8_t *planned)
{
    for (size_t bit = 0; bit < 8U * gate->chip->options_write_bytes; bit++) {
        uint8_t block[RLK_OPTIONS_BYTES_MAX + 4U];
        memcpy(block, planned, RLK_OPTIONS_BYTES_MAX);
        sample_set_byte(block, gate->chip, bit / 8U, (uint8_t)(planned[bit / 8U] ^ 1U << bit % 8U));
        assert_int_equal(rlk_gate_judge(gate, 2, block, gate->chip->options_write_bytes), RLK_E_GATE_VETO);
    }
}

/* A block that is right in every respect, but not the one that was judged. */
static void test_no_other_block_than_the_planned_one(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct sample_gate sample;
        uint8_t planned[RLK_OPTIONS_BYTES_MAX];
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        if (!sample_has_options(chip->family)) {
            continue;
        }
        sample_gate_open(&sample, chip->family);
        plan_options(planned, chip);
        assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, chip->options_addr), RLK_OK);
        assert_int_equal(rlk_gate_judge(&sample.gate, 2, planned, chip->options_write_bytes), RLK_E_GATE_VETO);
        sample.gate.options = planned;
        check_other_blocks(&sample.gate, planned);
        assert_true(sample.gate.may_write_options);
        assert_int_equal(rlk_gate_judge(&sample.gate, 2, planned, chip->options_write_bytes), RLK_OK);
    }
}

static void test_second_block_is_left_alone(void **state)
{
    size_t count = 0;
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct sample_gate sample;
        uint8_t block[RLK_OPTIONS_BYTES_MAX];
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        if (chip->options2_addr == 0) {
            continue;
        }
        sample_gate_open(&sample, chip->family);
        for (unsigned second = 0; second < 2; second++) {
            (second ? sample_second_options : sample_options)(block, chip->family);
            assert_int_equal(sample_command(&sample.gate, SET_ADDRESS, chip->options2_addr), RLK_OK);
            assert_false(passes(&sample.gate, 2, block, chip->options_write_bytes));
        }
        count++;
    }
    assert_int_equal(count, 6); /* F42x, L4, L47x, L4+, G47x, L1 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zeroed_gate_allows_only_pointer_and_leave),
        cmocka_unit_test(test_unprotect_once),
        cmocka_unit_test(test_erase_planned_sector_starts_only),
        cmocka_unit_test(test_erase_makes_the_pointer_unknown),
        cmocka_unit_test(test_a_vetoed_erase_leaves_the_pointer),
        cmocka_unit_test(test_data_only_inside_segments),
        cmocka_unit_test(test_padding_completes_the_unit_and_is_erased),
        cmocka_unit_test(test_data_needs_everything),
        cmocka_unit_test(test_lying_layouts_do_not_open_other_memory),
        cmocka_unit_test(test_read_only_sectors_are_not_written),
        cmocka_unit_test(test_options_once_and_whole),
        cmocka_unit_test(test_what_lies_behind_is_never_written),
        cmocka_unit_test(test_hands_off_families_get_no_options),
        cmocka_unit_test(test_level_2_of_another_family_does_not_leave),
        cmocka_unit_test(test_options_with_a_wrong_complement),
        cmocka_unit_test(test_no_other_block_than_the_planned_one),
        cmocka_unit_test(test_second_block_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
