/*
 * ELF files as images: what is taken, and how others are named.
 */
#include "image_fixture.h"
#include <string.h>

enum { HEADER = 52, PROGRAM = 32, DATA = 0x100, SECTIONS = 0x400, SECTION = 40 };

/* A header with `programs` program headers behind it. */
static void begin_elf(struct file_bytes *file, uint32_t programs)
{
    static const uint8_t ident[16] = {0x7F, 'E', 'L', 'F', 1, 1, 1};
    file_clear(file);
    file_add(file, ident, sizeof ident);
    file_add_number(file, 2, 2);          /* ET_EXEC */
    file_add_number(file, 40, 2);         /* EM_ARM */
    file_add_number(file, 1, 4);          /* version */
    file_add_number(file, 0x08000101, 4); /* entry */
    file_add_number(file, HEADER, 4);     /* program headers */
    file_add_number(file, 0, 4);          /* section headers */
    file_add_number(file, 0x05000000, 4); /* flags */
    file_add_number(file, HEADER, 2);
    file_add_number(file, PROGRAM, 2);
    file_add_number(file, programs, 2);
    file_fill(file, HEADER);
}

/* Its virtual address is in RAM: only the physical one counts. */
static void add_program(struct file_bytes *file, uint32_t type, uint32_t offset, uint32_t addr, uint32_t bytes)
{
    const uint32_t fields[] = {type, offset, 0x20000000, addr, bytes, bytes + 4U, 5, 4};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        file_add_number(file, fields[i], 4);
    }
}

/* 0x20 bytes at 0x08000000, a part without data, one that is not loaded, 4 bytes at 0x08000100. */
static void write_sample(struct file_bytes *file)
{
    begin_elf(file, 4);
    add_program(file, 1, DATA, 0x08000000, 0x20);
    add_program(file, 1, DATA, 0x08000000, 0);
    add_program(file, 0x70000001, DATA, 0x08000000, 8);
    add_program(file, 1, DATA + 0x20, 0x08000100, 4);
    file_fill(file, DATA);
    file_add(file, counting, 0x24);
}

static void loaded_parts_lie_at_their_physical_addresses(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    write_sample(&fixture->file);
    assert_int_equal(fixture_load_file(fixture, 0), RLK_OK);
    assert_int_equal(fixture->image.about.format, RLK_IMAGE_ELF);
    assert_true(fixture->image.about.has_entry);
    assert_int_equal(fixture->image.about.entry, 0x08000101);
    assert_int_equal(fixture->image.segment_count, 2);
    fixture_expect_segment(fixture, 0, 0x08000000, 0x20);
    fixture_expect_segment(fixture, 1, 0x08000100, 0x10);
    assert_memory_equal(fixture->buffer, counting, 0x24);
    assert_int_equal(fixture->buffer[0x24], 0xFF);
}

/* One field changed, and what comes of it. */
struct change {
    size_t offset, bytes;
    uint32_t value;
    enum rlk_error error;
    uint32_t at, addr;
};

static void other_and_damaged_files_are_named(void **state)
{
    static const struct change changes[] = {
        {4, 1, 2, RLK_E_ELF_64_BIT, 0, 0},
        {4, 1, 3, RLK_E_ELF_OTHER_MACHINE, 0, 0},
        {5, 1, 2, RLK_E_ELF_OTHER_MACHINE, 0, 0},
        {18, 2, 243, RLK_E_ELF_OTHER_MACHINE, 0, 0}, /* RISC-V */
        {16, 2, 1, RLK_E_ELF_NOT_LINKED, 0, 0},      /* object file */
        {16, 2, 3, RLK_E_ELF_NOT_LINKED, 0, 0},      /* shared library */
        {44, 2, 65, RLK_E_ELF_DAMAGED, 0, 0},
        {44, 2, 0xFFFF, RLK_E_ELF_DAMAGED, 0, 0},
        {42, 2, 31, RLK_E_ELF_DAMAGED, 0, 0},
        {28, 4, 0xFFFFFFF0, RLK_E_FILE_TRUNCATED, 0, 0},
        {44, 2, 0, RLK_E_IMAGE_EMPTY, 0, 0},
        {HEADER + 4, 4, 0xFFFFFFFF, RLK_E_FILE_TRUNCATED, HEADER, 0x08000000},
        {HEADER + 16, 4, 0x1000, RLK_E_ELF_DAMAGED, HEADER, 0x08000000},
        {HEADER + 12, 4, 0xFFFFFFF0, RLK_E_IMAGE_PAST_END, HEADER, 0xFFFFFFF0},
        {HEADER + 4, 4, 0, RLK_E_ELF_DAMAGED, HEADER, 0x08000000}, /* the headers as data, and no sections */
        {HEADER + 4, 4, 80, RLK_E_ELF_DAMAGED, HEADER, 0x08000000},
        {HEADER + 3 * PROGRAM + 12, 4, 0x08000010, RLK_E_IMAGE_OVERLAP, DATA + 0x20, 0x08000010},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct fixture *fixture = fixture_fresh(state);
        write_sample(&fixture->file);
        file_set(&fixture->file, changes[i].offset, changes[i].value, changes[i].bytes);
        fixture_expect_fault(fixture, changes[i].error, changes[i].at, changes[i].addr);
    }
}

static void every_truncation_is_noticed(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    write_sample(&fixture->file);
    const size_t whole = fixture->file.length;
    for (size_t length = 4; length < whole; length++) {
        fixture->file.length = length;
        assert_int_equal(fixture_load_file(fixture, 0), RLK_E_FILE_TRUNCATED);
    }
}

static void add_section(struct file_bytes *file, uint32_t type, uint32_t flags, uint32_t offset, uint32_t bytes)
{
    const uint32_t fields[] = {0, type, flags, 0, offset, bytes, 0, 0, 4, 0};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        file_add_number(file, fields[i], 4);
    }
}

/* As GNU ld writes it where flash begins at 0x08000200: the file's own headers come first, and a gap is part of it. */
static void write_sections(struct file_bytes *file)
{
    begin_elf(file, 1);
    add_program(file, 1, 0, 0x08000000, 0x2A0);
    file_fill(file, 0x200);
    file_add(file, counting, 0x20);
    file_fill(file, 0x280);
    file_add(file, counting, 0x20);
    file_fill(file, SECTIONS);
    add_section(file, 0, 0, 0, 0);
    add_section(file, 1, 0, 0x10, 8);  /* not allocated */
    add_section(file, 8, 2, 0x20, 8);  /* without data */
    add_section(file, 1, 2, 0x300, 8); /* of another part */
    add_section(file, 1, 2, 0x210, 0x10);
    add_section(file, 1, 2, 0x200, 0x10);
    add_section(file, 1, 2, 0x280, 0x20);
    file_set(file, 32, SECTIONS, 4);
    file_set(file, 46, SECTION, 2);
    file_set(file, 48, 7, 2);
}

static void only_sections_are_written(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    write_sections(&fixture->file);
    assert_int_equal(fixture_load_file(fixture, 0), RLK_OK);
    assert_int_equal(fixture->image.segment_count, 2);
    fixture_expect_segment(fixture, 0, 0x08000200, 0x20);
    fixture_expect_segment(fixture, 1, 0x08000280, 0x20);
    assert_memory_equal(fixture->buffer, counting, 0x20);
    assert_memory_equal(&fixture->buffer[0x20], counting, 0x20);
}

static void section_headers_that_contradict_are_refused(void **state)
{
    static const struct change changes[] = {
        {48, 2, 5000, RLK_E_ELF_DAMAGED, 0, 0},
        {46, 2, 39, RLK_E_ELF_DAMAGED, 0, 0},
        {48, 2, 8, RLK_E_FILE_TRUNCATED, 0, 0},
        {32, 4, 0xFFFFFFF0, RLK_E_FILE_TRUNCATED, 0, 0},
        {48, 2, 0, RLK_E_ELF_DAMAGED, HEADER, 0x08000000}, /* stripped: the headers would be written */
        {48, 2, 3, RLK_E_ELF_DAMAGED, HEADER, 0x08000000}, /* no section in the part */
        {SECTIONS + 6 * SECTION + 20, 4, 0x21, RLK_E_ELF_DAMAGED, HEADER, 0x08000280},
        {SECTIONS + 6 * SECTION + 20, 4, 0xFFFFFFFF, RLK_E_ELF_DAMAGED, HEADER, 0x08000280},
        {SECTIONS + 6 * SECTION + 16, 4, 0x20F, RLK_E_IMAGE_OVERLAP, 0x20F, 0x0800020F},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct fixture *fixture = fixture_fresh(state);
        write_sections(&fixture->file);
        file_set(&fixture->file, changes[i].offset, changes[i].value, changes[i].bytes);
        fixture_expect_fault(fixture, changes[i].error, changes[i].at, changes[i].addr);
    }
}

static void random_damage_is_sound(void **state)
{
    struct fixture *fixture = fixture_fresh(state);
    uint32_t seed = 5;
    for (int round = 0; round < 5000; round++) {
        write_sample(&fixture->file);
        for (int i = 0; i < 3; i++) {
            const uint32_t at = fixture_random(&seed) % (uint32_t)fixture->file.length;
            fixture->file.bytes[at] = (uint8_t)fixture_random(&seed);
        }
        fixture_load_file(fixture, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loaded_parts_lie_at_their_physical_addresses),
        cmocka_unit_test(other_and_damaged_files_are_named),
        cmocka_unit_test(every_truncation_is_noticed),
        cmocka_unit_test(only_sections_are_written),
        cmocka_unit_test(section_headers_that_contradict_are_refused),
        cmocka_unit_test(random_damage_is_sound),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
