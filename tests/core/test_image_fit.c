/*
 * Whether an image fits: with a device at hand and without one the answer is the same.
 */
#include "chip_samples.h"
#include "relock/image_fit.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static uint8_t bytes[64];

static struct rlk_image image_at(uint32_t addr)
{
    struct rlk_image image;
    rlk_image_init(&image, bytes, sizeof bytes, 0xFF);
    image.segment_count = 1;
    image.segments[0] = (struct rlk_segment){addr, 16, 0};
    image.size = 16;
    return image;
}

static void set_word(size_t offset, uint32_t word)
{
    for (size_t i = 0; i < 4; i++) {
        bytes[offset + i] = (uint8_t)(word >> 8 * i);
    }
}

/* The same, at the same place, with the family's ROM as it announces itself and without. */
static void expect(enum rlk_family family, uint32_t addr, enum rlk_error error)
{
    struct rlk_fingerprint fingerprint;
    const struct rlk_image image = image_at(addr);
    const struct rlk_chip *chip = rlk_chip_row(family);
    sample_rom(&fingerprint, family);
    const struct rlk_misfit here = rlk_image_misfit(&image, chip, &fingerprint);
    const struct rlk_misfit there = rlk_image_misfit(&image, chip, NULL);
    if (here.error != error || there.error != error || here.addr != there.addr ||
        here.addr != (error == RLK_OK ? 0 : addr)) {
        fail_msg("%s at 0x%08X: %s at 0x%08X, and without a device %s at 0x%08X, not %s", chip->name, addr,
                 rlk_error_name(here.error), here.addr, rlk_error_name(there.error), there.addr, rlk_error_name(error));
    }
}

static void expect_memories(enum rlk_family family)
{
    const struct rlk_chip *chip = rlk_chip_row(family);
    expect(family, chip->flash_addr, RLK_OK);
    expect(family, 0, RLK_E_IMAGE_OUTSIDE_FLASH);
    expect(family, 0xFFFFFFF0U, RLK_E_IMAGE_OUTSIDE_FLASH);
    expect(family, chip->flash_addr + rlk_chip_flash_bytes_max(family), RLK_E_IMAGE_OUTSIDE_FLASH);
    expect(family, chip->ram_addr, RLK_E_IMAGE_HITS_RAM);
    expect(family, 0x10000000U, RLK_E_IMAGE_HITS_RAM);
    expect(family, 0x1FF20000U, RLK_E_IMAGE_HITS_SYSTEM_MEMORY);
    if (chip->options_addr != 0) {
        expect(family, chip->options_addr & ~15U,
               chip->options_addr % 16U == 0 ? RLK_E_IMAGE_HITS_OPTION_BYTES : RLK_E_IMAGE_OUTSIDE_FLASH);
        expect(family, (chip->options_addr + 16U) & ~15U, RLK_E_IMAGE_HITS_OPTION_BYTES);
    }
    if (chip->options2_addr != 0) {
        expect(family, chip->options2_addr, RLK_E_IMAGE_HITS_OPTION_BYTES);
    }
}

static void each_memory_is_named_alike_with_and_without_a_device(void **state)
{
    (void)state;
    for (unsigned family = 1; family < RLK_FAMILY_COUNT; family++) {
        if (rlk_chip_row((enum rlk_family)family)->tier <= RLK_TIER_EXPERIMENTAL) {
            expect_memories((enum rlk_family)family);
        }
    }
}

static unsigned expect_otp(enum rlk_family family, const struct rlk_layout *layout)
{
    unsigned found = 0;
    for (size_t i = 0; strncmp(layout->name, "OTP", 3) == 0 && i < layout->group_count; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        expect(family, group->start_addr, RLK_E_IMAGE_HITS_OTP);
        expect(family, group->start_addr + group->count * group->sector_bytes - 16U, RLK_E_IMAGE_HITS_OTP);
        found++;
    }
    return found;
}

/* What the ROMs announce as OTP is known without them, byte for byte. */
static void one_time_programmable_memory_is_known_without_a_device(void **state)
{
    (void)state;
    unsigned found = 0;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        struct rlk_fingerprint fingerprint;
        const enum rlk_family family = (enum rlk_family)f;
        sample_rom(&fingerprint, family);
        for (size_t i = 0; i < fingerprint.layout_count; i++) {
            found += expect_otp(family, &fingerprint.layouts[i]);
        }
    }
    assert_in_range(found, 10, 30);
}

static void a_part_that_begins_inside_a_unit_is_named(void **state)
{
    (void)state;
    expect(H74X, 0x08000010U, RLK_E_IMAGE_MISALIGNED);
    expect(H74X, 0x08000020U, RLK_OK);
    expect(F405, 0x08000010U, RLK_OK);
    struct rlk_image image = image_at(0x08000010U);
    image.segment_count = 2;
    image.segments[1] = (struct rlk_segment){0x20000000U, 16, 16};
    const struct rlk_misfit misfit = rlk_image_misfit(&image, rlk_chip_row(H74X), NULL);
    assert_int_equal(misfit.error, RLK_E_IMAGE_HITS_RAM); /* nothing that one could mend by padding */
    assert_int_equal(misfit.addr, 0x20000000U);
}

static void a_part_that_reaches_beyond_flash_is_named_by_its_first_byte_there(void **state)
{
    (void)state;
    const struct rlk_chip *chip = rlk_chip_row(F405);
    const uint32_t end = chip->flash_addr + rlk_chip_flash_bytes_max(F405);
    struct rlk_image image = image_at(end - 16U);
    image.segments[0].length = 48;
    const struct rlk_misfit misfit = rlk_image_misfit(&image, chip, NULL);
    assert_int_equal(misfit.error, RLK_E_IMAGE_OUTSIDE_FLASH);
    assert_int_equal(misfit.addr, end);
    image.segments[0] = (struct rlk_segment){0xFFFFFFF0U, 16, 0};
    assert_int_equal(rlk_image_misfit(&image, chip, NULL).addr, 0xFFFFFFF0U);
}

static enum rlk_vector wrong_vector(enum rlk_family family, uint32_t stack, uint32_t reset)
{
    const struct rlk_image image = image_at(0x08000000U);
    set_word(0, stack);
    set_word(4, reset);
    return rlk_image_wrong_vector(&image, rlk_chip_row(family), NULL);
}

static void the_vector_that_is_wrong_is_named(void **state)
{
    (void)state;
    assert_int_equal(wrong_vector(F405, 0x20020000U, 0x08000101U), RLK_VECTOR_NONE);
    assert_int_equal(wrong_vector(F405, 0x10010000U, 0x08000101U), RLK_VECTOR_NONE);
    assert_int_equal(wrong_vector(F405, 0x20020002U, 0x08000101U), RLK_VECTOR_STACK);
    assert_int_equal(wrong_vector(F405, 0x20000000U, 0x08000101U), RLK_VECTOR_STACK);
    assert_int_equal(wrong_vector(F405, 0xFFFFFFFFU, 0xFFFFFFFFU), RLK_VECTOR_STACK);
    assert_int_equal(wrong_vector(F405, 0x20020000U, 0x08000100U), RLK_VECTOR_RESET);
    assert_int_equal(wrong_vector(F405, 0x20020000U, 0x09000001U), RLK_VECTOR_RESET);
    assert_int_equal(wrong_vector(F405, 0x20020000U, 0x07FFFFFFU), RLK_VECTOR_RESET);
    assert_int_equal(wrong_vector(DFUSE, 0x20001000U, 0x90000001U), RLK_VECTOR_NONE); /* flash of the product's own */
}

static void without_a_device_code_lies_in_the_largest_flash_of_the_family(void **state)
{
    (void)state;
    for (unsigned f = 1; f < RLK_FAMILY_COUNT; f++) {
        const enum rlk_family family = (enum rlk_family)f;
        const struct rlk_chip *chip = rlk_chip_row(family);
        const uint32_t end = chip->flash_addr + rlk_chip_flash_bytes_max(family);
        if (chip->tier <= RLK_TIER_EXPERIMENTAL) {
            assert_int_equal(wrong_vector(family, chip->ram_addr + 1024U, end - 1U), RLK_VECTOR_NONE);
            assert_int_equal(wrong_vector(family, chip->ram_addr + 1024U, end + 1U), RLK_VECTOR_RESET);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_memory_is_named_alike_with_and_without_a_device),
        cmocka_unit_test(one_time_programmable_memory_is_known_without_a_device),
        cmocka_unit_test(a_part_that_begins_inside_a_unit_is_named),
        cmocka_unit_test(a_part_that_reaches_beyond_flash_is_named_by_its_first_byte_there),
        cmocka_unit_test(the_vector_that_is_wrong_is_named),
        cmocka_unit_test(without_a_device_code_lies_in_the_largest_flash_of_the_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
