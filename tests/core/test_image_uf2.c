/*
 * UF2 files as images.
 */
#include "image_fixture.h"
#include "relock/image_family.h"
#include <string.h>

enum { BLOCK = 512, FLAGS = 8, ADDR = 12, PAYLOAD = 16, NUMBER = 20, COUNT = 24, FAMILY = 28, END = 508 };

#define FLAG_FAMILY   0x2000U
#define STM32F4       0x57755A57U
#define RP2040        0xE48BFF56U
#define NOT_FOR_FLASH 1U
#define BIT(family)   RLK_FAMILY_BIT(RLK_FAMILY_##family)

static void add_block(struct file_bytes *file, uint32_t flags, uint32_t addr, uint32_t bytes, uint32_t family)
{
    const size_t start = file->length;
    const uint32_t fields[] = {0x0A324655, 0x9E5D5157, flags, addr, bytes, (uint32_t)(start / BLOCK), 0, family};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        file_add_number(file, fields[i], 4);
    }
    for (size_t i = 0; i < 476; i++) {
        file_add_number(file, (uint32_t)(start / BLOCK + i), 1);
    }
    file_add_number(file, 0x0AB16F30, 4);
}

static void end_uf2(struct file_bytes *file)
{
    for (size_t at = 0; at < file->length; at += BLOCK) {
        file_set(file, at + COUNT, (uint32_t)(file->length / BLOCK), 4);
    }
}

static void write_sample(struct file_bytes *file)
{
    file_clear(file);
    add_block(file, FLAG_FAMILY, 0x08000100, 256, STM32F4);
    add_block(file, FLAG_FAMILY | NOT_FOR_FLASH, 0, 476, RP2040);
    add_block(file, FLAG_FAMILY, 0x08000000, 256, STM32F4);
    add_block(file, FLAG_FAMILY, 0x08010000, 476, STM32F4);
    end_uf2(file);
}

static void blocks_lie_where_they_say(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    write_sample(&fixture->file);
    assert_int_equal(fixture_load_file(fixture, 0), RLK_OK);
    assert_int_equal(fixture->image.segment_count, 2);
    fixture_expect_segment(fixture, 0, 0x08000000, 512);
    fixture_expect_segment(fixture, 1, 0x08010000, 480);
    assert_int_equal(fixture->buffer[0], 2);
    assert_int_equal(fixture->buffer[256], 0);
    assert_int_equal(fixture->buffer[512], 3);
    assert_int_equal(fixture->image.about.format, RLK_IMAGE_UF2);
    assert_true(fixture->image.about.has_family_id);
    assert_int_equal(fixture->image.about.family_id, STM32F4);
}

static void faults_name_their_block(void **state)
{
    static const struct {
        size_t offset;
        uint32_t value;
        enum rlk_error error;
        uint32_t at, addr;
    } rows[] = {
        {BLOCK + 4, 0, RLK_E_UF2_BLOCK, BLOCK, 0},
        {2 * BLOCK + END, 0, RLK_E_UF2_BLOCK, 2 * BLOCK, 0},
        {3 * BLOCK + PAYLOAD, 477, RLK_E_UF2_BLOCK, 3 * BLOCK, 0},
        {3 * BLOCK + FLAGS, FLAG_FAMILY | 0x4000, RLK_E_UF2_BLOCK, 3 * BLOCK, 0}, /* a hash has no room */
        {3 * BLOCK + FLAGS, FLAG_FAMILY | 0x1000, RLK_E_UF2_BLOCK, 3 * BLOCK, 0}, /* a file */
        {2 * BLOCK + NUMBER, 3, RLK_E_UF2_COUNT, 2 * BLOCK, 0x08000000},
        {COUNT, 5, RLK_E_UF2_COUNT, 0, 0x08000100},
        {BLOCK + COUNT, 5, RLK_E_UF2_COUNT, BLOCK, 0},
        {2 * BLOCK + FAMILY, RP2040, RLK_E_UF2_FAMILY, 2 * BLOCK, 0x08000000},
        {2 * BLOCK + FLAGS, 0, RLK_E_UF2_FAMILY, 2 * BLOCK, 0x08000000},
        {2 * BLOCK + ADDR, 0xFFFFFF80, RLK_E_IMAGE_PAST_END, 2 * BLOCK, 0xFFFFFF80},
        {2 * BLOCK + ADDR, 0x08000080, RLK_E_IMAGE_OVERLAP, 2 * BLOCK + 32, 0x08000100},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *fixture = fixture_fresh(state);
        write_sample(&fixture->file);
        file_set(&fixture->file, rows[i].offset, rows[i].value, 4);
        fixture_expect_fault(fixture, rows[i].error, rows[i].at, rows[i].addr);
    }
}

static void a_file_that_is_cut_off_is_refused(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    write_sample(&fixture->file);
    const size_t whole = fixture->file.length;
    for (size_t length = 8; length < whole; length++) {
        fixture->file.length = length;
        const enum rlk_error error = fixture_load_file(fixture, 0);
        assert_true(error == RLK_E_FILE_TRUNCATED || error == RLK_E_UF2_COUNT);
    }
}

static void a_family_need_not_be_said(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    add_block(&fixture->file, 0, 0x08000000, 16, 16);
    end_uf2(&fixture->file);
    assert_int_equal(fixture_load_file(fixture, 0), RLK_OK);
    assert_false(fixture->image.about.has_family_id);
    file_set(&fixture->file, FLAGS, NOT_FOR_FLASH, 4);
    fixture_expect_fault(fixture, RLK_E_IMAGE_EMPTY, 0, 0);
}

static void family_ids_have_names(void **state)
{
    (void)state;
    assert_string_equal(rlk_image_family_name(STM32F4), "STM32F4");
    assert_string_equal(rlk_image_family_name(0x647824B6), "STM32F0");
    assert_string_equal(rlk_image_family_name(0x00FF6919), "STM32L4");
    assert_null(rlk_image_family_name(RP2040));
    assert_null(rlk_image_family_name(0));
}

/* Each id of the list against each row, as the list's descriptions have it. */
static const struct {
    uint32_t id;
    rlk_family_mask families;
} meanings[] = {
    {0x647824B6, BIT(STM32F04X) | BIT(STM32F07X)},
    {0x5EE21072, BIT(STM32F105)},
    {0x5D1A0A2E, BIT(STM32F2)},
    {0x6B846188, BIT(STM32F30X) | BIT(STM32F37X)},
    {0x57755A57, BIT(STM32F405) | BIT(STM32F412) | BIT(STM32F401) | BIT(STM32F413) | BIT(STM32F42X)},
    {0x6D0922FA, BIT(STM32F405)},
    {0x8FB060FE, BIT(STM32F405)},
    {0x06D1097B, BIT(STM32F401)},
    {0x2DC309C5, BIT(STM32F401)},
    {0x53B80F00, BIT(STM32F72X) | BIT(STM32F74X) | BIT(STM32F76X)},
    {0x300F5633, BIT(STM32G0B1)},
    {0x4C71240A, BIT(STM32G431) | BIT(STM32G47X) | BIT(STM32G49X)},
    {0x4E8F1C5D, BIT(STM32H5)},
    {0x6DB66082, BIT(STM32H74X) | BIT(STM32H72X) | BIT(STM32H7A3)}, /* not H7RS */
    {0x202E3A91, BIT(STM32L07X)},
    {0x1E1F432D, BIT(STM32L1)},
    {0x00FF6919, BIT(STM32L4) | BIT(STM32L47X) | BIT(STM32L4PLUS)},
    {0x04240BDF, BIT(STM32L5)},
    {0x70D16653, BIT(STM32WB55)}, /* not WBA6, whose name only begins alike */
    {0x21460FF0, 0},
    {0x31D228C6, BIT(GD32)},
    {0xA0C97B8E, BIT(AT32)},
};

static const rlk_family_mask not_sts_own = BIT(GD32) | BIT(AT32) | BIT(APM32) | BIT(DFUSE);

static enum rlk_error judge(uint32_t id, rlk_family_mask candidates)
{
    const struct rlk_image image = {.about = {.has_family_id = true, .family_id = id}};
    return rlk_image_judge_family(&image, candidates);
}

static void an_id_fits_its_own_families_and_no_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        bool is_known = false;
        assert_true(rlk_image_families_of(meanings[i].id, &is_known) == meanings[i].families && is_known);
        assert_non_null(rlk_image_family_name(meanings[i].id));
        for (unsigned family = 1; family < RLK_FAMILY_COUNT; family++) {
            const bool fits = (meanings[i].families & RLK_FAMILY_BIT(family)) != 0;
            const bool can_be_told = (not_sts_own & RLK_FAMILY_BIT(family)) == 0;
            const enum rlk_error otherwise =
                can_be_told ? RLK_E_IMAGE_OF_ANOTHER_FAMILY : RLK_E_IMAGE_OF_UNKNOWN_FAMILY;
            assert_int_equal(judge(meanings[i].id, RLK_FAMILY_BIT(family)), fits ? RLK_OK : otherwise);
        }
    }
}

static void an_id_that_is_unknown_fits_nothing_and_contradicts_nothing(void **state)
{
    (void)state;
    static const uint32_t ids[] = {RP2040, 0x1C5F21B0, 0, UINT32_MAX, STM32F4 + 1U};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        bool is_known = true;
        assert_true(rlk_image_families_of(ids[i], &is_known) == 0 && !is_known);
        for (unsigned family = 1; family < RLK_FAMILY_COUNT; family++) {
            assert_int_equal(judge(ids[i], RLK_FAMILY_BIT(family)), RLK_E_IMAGE_OF_UNKNOWN_FAMILY);
        }
    }
    const struct rlk_image silent = {.about = {.has_family_id = false, .family_id = RP2040}};
    assert_int_equal(rlk_image_judge_family(&silent, BIT(STM32F405)), RLK_OK);
}

static void one_candidate_that_is_meant_will_do(void **state)
{
    (void)state;
    assert_int_equal(judge(STM32F4, BIT(STM32F2) | BIT(STM32F405)), RLK_OK);
    assert_int_equal(judge(STM32F4, BIT(STM32F2) | BIT(STM32F72X)), RLK_E_IMAGE_OF_ANOTHER_FAMILY);
    assert_int_equal(judge(STM32F4, BIT(GD32) | BIT(STM32F105)), RLK_E_IMAGE_OF_ANOTHER_FAMILY);
    assert_int_equal(judge(STM32F4, BIT(GD32) | BIT(AT32)), RLK_E_IMAGE_OF_UNKNOWN_FAMILY);
}

static void files_for_two_families_do_not_become_one_image(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    static uint8_t bytes[2048];
    struct rlk_image whole;
    rlk_image_init(&whole, bytes, sizeof bytes, 0xFF);
    add_block(&fixture->file, FLAG_FAMILY, 0x08000000, 16, STM32F4);
    end_uf2(&fixture->file);
    assert_int_equal(fixture_load_file(fixture, 0), RLK_OK);
    assert_int_equal(rlk_image_add(&whole, &fixture->image), RLK_OK);
    assert_int_equal(whole.about.format, RLK_IMAGE_UF2);
    file_set(&fixture->file, ADDR, 0x08000100, 4);
    file_set(&fixture->file, FAMILY, RP2040, 4);
    assert_int_equal(fixture_load_file(fixture, 0), RLK_OK);
    assert_int_equal(rlk_image_add(&whole, &fixture->image), RLK_E_UF2_FAMILY);
    assert_int_equal(whole.segment_count, 1);
    file_clear(&fixture->file);
    file_add(&fixture->file, counting, 16);
    assert_int_equal(fixture_load_file(fixture, 0x08000200), RLK_OK);
    assert_int_equal(rlk_image_add(&whole, &fixture->image), RLK_OK);
    assert_int_equal(whole.about.format, RLK_IMAGE_BY_CONTENT);
    assert_true(whole.about.has_family_id && whole.about.family_id == STM32F4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_lie_where_they_say),
        cmocka_unit_test(faults_name_their_block),
        cmocka_unit_test(a_file_that_is_cut_off_is_refused),
        cmocka_unit_test(a_family_need_not_be_said),
        cmocka_unit_test(family_ids_have_names),
        cmocka_unit_test(an_id_fits_its_own_families_and_no_others),
        cmocka_unit_test(an_id_that_is_unknown_fits_nothing_and_contradicts_nothing),
        cmocka_unit_test(one_candidate_that_is_meant_will_do),
        cmocka_unit_test(files_for_two_families_do_not_become_one_image),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
