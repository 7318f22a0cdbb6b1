/*
 * DFU files as images: ST's DfuSe, and raw binaries with a suffix.
 */
#include "image_fixture.h"
#include "relock/digest.h"
#include <string.h>

enum { PREFIX = 11, TARGET = 274, ELEMENT = 8, SUFFIX = 16 };

static void add_suffix(struct file_bytes *file, uint32_t version)
{
    file_add_number(file, 0x2200, 2); /* bcdDevice */
    file_add_number(file, 0xDF11, 2); /* product */
    file_add_number(file, 0x0483, 2); /* vendor */
    file_add_number(file, version, 2);
    file_add(file, "UFD\x10", 4);
    file_add_number(file, ~rlk_crc32(0, file->bytes, file->length), 4);
}

static void begin_dfuse(struct file_bytes *file, uint32_t targets)
{
    file_clear(file);
    file_add(file, "DfuSe\1", 6);
    file_add_number(file, 0, 4);
    file_add_number(file, targets, 1);
}

static void add_target(struct file_bytes *file, uint32_t alternate, const char *name, uint32_t bytes, uint32_t elements)
{
    char field[255] = "";
    memset(field, 0xAA, sizeof field); /* what lies behind the NUL is anything */
    memcpy(field, name, strlen(name) + 1);
    file_add(file, "Target", 6);
    file_add_number(file, alternate, 1);
    file_add_number(file, name[0] != '\0', 4);
    file_add(file, field, sizeof field);
    file_add_number(file, bytes, 4);
    file_add_number(file, elements, 4);
}

static void add_element(struct file_bytes *file, uint32_t addr, uint32_t bytes)
{
    file_add_number(file, addr, 4);
    file_add_number(file, bytes, 4);
    file_add(file, counting, bytes);
}

static void end_dfuse(struct file_bytes *file)
{
    file_set(file, 6, (uint32_t)file->length, 4);
    add_suffix(file, 0x011A);
}

/* Two targets for the flash: 20 bytes at 0x08000100 and 16 at 0x08000000; 4 at 0x08004000. */
static void write_sample(struct file_bytes *file)
{
    begin_dfuse(file, 2);
    add_target(file, 0, "ST...", 52, 2);
    add_element(file, 0x08000100, 20);
    add_element(file, 0x08000000, 16);
    add_target(file, 0, "", 12, 1);
    add_element(file, 0x08004000, 4);
    end_dfuse(file);
}

static void all_targets_for_the_flash_are_read(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    write_sample(&fixture->file);
    assert_int_equal(fixture_load_file(fixture, 0), RLK_OK);
    assert_int_equal(fixture->image.segment_count, 3);
    fixture_expect_segment(fixture, 0, 0x08000000, 16);
    fixture_expect_segment(fixture, 1, 0x08000100, 32);
    fixture_expect_segment(fixture, 2, 0x08004000, 16);
    assert_memory_equal(&fixture->buffer[16], counting, 20);
    assert_int_equal(fixture->image.about.format, RLK_IMAGE_DFUSE);
    assert_true(fixture->image.about.has_dfu_suffix);
    assert_int_equal(fixture->image.about.vendor_id, 0x0483);
    assert_int_equal(fixture->image.about.product_id, 0xDF11);
    assert_int_equal(fixture->image.about.bcd_device, 0x2200);
}

/* Changes a field and repairs the CRC. */
static void change(struct file_bytes *file, size_t offset, uint32_t value, size_t bytes)
{
    file_set(file, offset, value, bytes);
    file_set(file, file->length - 4U, ~rlk_crc32(0, file->bytes, file->length - 4U), 4);
}

static void contradictions_are_refused_where_they_stand(void **state)
{
    static const struct {
        size_t offset, bytes;
        uint32_t value;
        enum rlk_error error;
        uint32_t at, addr;
    } rows[] = {
        {5, 1, 2, RLK_E_DFU_DAMAGED, 0, 0},
        {6, 4, 100, RLK_E_DFU_DAMAGED, 0, 0},
        {6, 4, 0xFFFFFFFF, RLK_E_FILE_TRUNCATED, 0, 0},
        {6, 4, PREFIX + 2 * TARGET + 64 + SUFFIX + 1, RLK_E_FILE_TRUNCATED, 0, 0},
        {10, 1, 1, RLK_E_DFU_DAMAGED, PREFIX + TARGET + 52, 0},
        {10, 1, 3, RLK_E_DFU_DAMAGED, PREFIX + 2 * TARGET + 64, 0},
        {PREFIX, 1, 'X', RLK_E_DFU_DAMAGED, PREFIX, 0},
        {PREFIX + 6, 1, 1, RLK_E_DFU_OTHER_TARGET, PREFIX, 0},
        {PREFIX + 266, 4, 0xFFFFFFFF, RLK_E_DFU_DAMAGED, PREFIX, 0},
        {PREFIX + 266, 4, 51, RLK_E_DFU_DAMAGED, PREFIX + TARGET + 28, 0},
        {PREFIX + 266, 4, 53, RLK_E_DFU_DAMAGED, PREFIX + TARGET + 52, 0},
        {PREFIX + 270, 4, 1, RLK_E_DFU_DAMAGED, PREFIX + TARGET + 28, 0},
        {PREFIX + 270, 4, 0xFFFFFFFF, RLK_E_DFU_DAMAGED, PREFIX + TARGET + 52, 0},
        {PREFIX + TARGET + 4, 4, 0xFFFFFFF0, RLK_E_DFU_DAMAGED, PREFIX + TARGET, 0},
        {PREFIX + TARGET, 4, 0xFFFFFFF0, RLK_E_IMAGE_PAST_END, PREFIX + TARGET, 0xFFFFFFF0},
        {PREFIX + TARGET, 4, 0x08000008, RLK_E_IMAGE_OVERLAP, PREFIX + TARGET + 36, 0x08000008},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *fixture = fixture_fresh(state);
        write_sample(&fixture->file);
        change(&fixture->file, rows[i].offset, rows[i].value, rows[i].bytes);
        fixture_expect_fault(fixture, rows[i].error, rows[i].at, rows[i].addr);
    }
}

/* As dfu-util's dfuse-pack writes it. */
static void the_size_may_count_the_suffix_in(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    write_sample(&fixture->file);
    change(&fixture->file, 6, (uint32_t)fixture->file.length, 4);
    assert_int_equal(fixture_load_file(fixture, 0), RLK_OK);
    assert_int_equal(fixture->image.segment_count, 3);
}

static void every_truncation_and_every_bit_flip_is_noticed(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    write_sample(&fixture->file);
    const size_t whole = fixture->file.length;
    for (size_t length = 5; length < whole; length++) {
        fixture->file.length = length;
        assert_int_equal(fixture_load_file(fixture, 0), RLK_E_FILE_TRUNCATED);
    }
    fixture->file.length = whole;
    for (size_t bit = 40; bit < whole * 8U; bit++) {
        fixture->file.bytes[bit / 8U] ^= (uint8_t)(1U << bit % 8U);
        assert_int_not_equal(fixture_load_file(fixture, 0), RLK_OK);
        fixture->file.bytes[bit / 8U] ^= (uint8_t)(1U << bit % 8U);
    }
}

static void check_target(struct fixture *fixture, uint32_t alternate, const char *name, uint32_t addr,
                         enum rlk_error error)
{
    file_clear(&fixture->file);
    begin_dfuse(&fixture->file, 1);
    add_target(&fixture->file, alternate, name, ELEMENT + 16, 1);
    add_element(&fixture->file, addr, 16);
    end_dfuse(&fixture->file);
    assert_int_equal(fixture_load_file(fixture, 0), error);
}

static void only_targets_for_the_flash_are_taken(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    check_target(fixture, 0, "", 0x08000000, RLK_OK);
    check_target(fixture, 0, "whatever", 0x08000000, RLK_OK);
    check_target(fixture, 1, "@Internal Flash  /0x08000000/04*016Kg", 0x08000000, RLK_OK);
    check_target(fixture, 1, "FFLASH", 0x08000000, RLK_OK);
    check_target(fixture, 1, "", 0x08000000, RLK_E_DFU_OTHER_TARGET);
    check_target(fixture, 1, "@Option Bytes  /0x1FFFC000/01*016 e", 0x1FFFC000, RLK_E_DFU_OTHER_TARGET);
    check_target(fixture, 2, "@OTP Memory /0x1FFF7800/01*512 e", 0x1FFF7800, RLK_E_DFU_OTHER_TARGET);
    check_target(fixture, 1, "flas", 0x08000000, RLK_E_DFU_OTHER_TARGET);
}

static void option_bytes_of_any_family_are_refused(void **state)
{
    static const uint32_t addresses[] = {0x1FF00000, 0x1FF01000, 0x1FF80000, 0x1FF80080, 0x1FFEC000, 0x1FFF0000,
                                         0x1FFF7800, 0x1FFF8000, 0x1FFFC000, 0x1FFFF800, 0x40022020, 0x40022040,
                                         0x40022050, 0x5200201C, 0x52002200, 0xEFFFFFFF};
    struct fixture *fixture = fixture_fresh(state);
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        check_target(fixture, 0, "Flash", addresses[i], RLK_E_IMAGE_HITS_OPTION_BYTES);
        assert_int_equal(fixture->place.addr, addresses[i]);
        check_target(fixture, 0, "Flash", addresses[i] - 15U, RLK_E_IMAGE_HITS_OPTION_BYTES);
    }
}

static void a_suffix_behind_a_binary_is_checked_and_left_out(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    struct file_bytes *file = &fixture->file;
    file_add(file, counting, 20);
    add_suffix(file, 0x0100);
    assert_int_equal(fixture_load_file(fixture, 0x08000000), RLK_OK);
    fixture_expect_segment(fixture, 0, 0x08000000, 32);
    assert_memory_equal(fixture->buffer, counting, 20);
    assert_int_equal(fixture->buffer[20], 0xFF);
    assert_int_equal(fixture->image.about.format, RLK_IMAGE_DFU_BINARY);
    assert_int_equal(fixture->image.about.vendor_id, 0x0483);
    assert_int_equal(fixture_load_file(fixture, 0), RLK_E_BINARY_WITHOUT_ADDRESS);
    file->bytes[3] ^= 1U;
    assert_int_equal(fixture_load_file(fixture, 0x08000000), RLK_E_DFU_CHECKSUM);
    assert_int_equal(fixture->place.offset, 20);
    file->bytes[3] ^= 1U;
    change(file, 20 + 6, 0x011A, 2);
    assert_int_equal(fixture_load_file(fixture, 0x08000000), RLK_E_DFU_SUFFIX);
    change(file, 20 + 6, 0x0110, 2);
    assert_int_equal(fixture_load_file(fixture, 0x08000000), RLK_OK);
    change(file, 20 + 11, 17, 1);
    assert_int_equal(fixture_load_file(fixture, 0x08000000), RLK_E_DFU_SUFFIX);
}

static void a_suffix_alone_is_no_firmware(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    add_suffix(&fixture->file, 0x0100);
    assert_int_equal(fixture_load_file(fixture, 0x08000000), RLK_E_IMAGE_EMPTY);
    begin_dfuse(&fixture->file, 0);
    end_dfuse(&fixture->file);
    assert_int_equal(fixture_load_file(fixture, 0), RLK_E_IMAGE_EMPTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_targets_for_the_flash_are_read),
        cmocka_unit_test(contradictions_are_refused_where_they_stand),
        cmocka_unit_test(the_size_may_count_the_suffix_in),
        cmocka_unit_test(every_truncation_and_every_bit_flip_is_noticed),
        cmocka_unit_test(only_targets_for_the_flash_are_taken),
        cmocka_unit_test(option_bytes_of_any_family_are_refused),
        cmocka_unit_test(a_suffix_behind_a_binary_is_checked_and_left_out),
        cmocka_unit_test(a_suffix_alone_is_no_firmware),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
