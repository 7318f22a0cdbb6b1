#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define STRINGS_MAX 4U

/* What is not in data/rom-layouts.tsv was not seen; it is then what the family's memory map suggests. */
static const struct {
    uint16_t vendor_id, product_id; /* 0: ST's ROM */
    uint16_t bcd_device;            /* 0: generation A */
    const char *strings[STRINGS_MAX];
} roms[RLK_FAMILY_COUNT] = {
    [F04X] = {.strings = {"@Internal Flash  /0x08000000/032*0001Kg", "@Option Bytes  /0x1FFFF800/01*016 e"}},
    [F07X] = {.strings = {"@Internal Flash  /0x08000000/064*0002Kg", "@Option Bytes  /0x1FFFF800/01*016 e"}},
    [F105] = {.strings = {"@Internal Flash  /0x08000000/128*002Kg", "@Option Bytes  /0x1FFFF800/01*016 g"}},
    [F30X] = {.strings = {"@Internal Flash  /0x08000000/128*0002Kg", "@Option Bytes  /0x1FFFF800/01*016 e"}},
    [F37X] = {.strings = {"@Internal Flash  /0x08000000/128*0002Kg", "@Option Bytes  /0x1FFFF800/01*016 e"}},
    [F405] = {.strings = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg",
                          "@Option Bytes  /0x1FFFC000/01*016 e", "@OTP Memory /0x1FFF7800/01*512 e,01*016 e",
                          "@Device Feature/0xFFFF0000/01*004 e"}},
    [F412] = {.strings = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg",
                          "@Option Bytes  /0x1FFFC000/01*016 e"}},
    [F2] = {.strings = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg",
                        "@Option Bytes  /0x1FFFC000/01*016 e"}},
    [F401] = {.strings = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,03*128Kg",
                          "@Option Bytes  /0x1FFFC000/01*016 e"}},
    [F413] = {.strings = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,011*128Kg",
                          "@Option Bytes  /0x1FFFC000/01*016 e"}},
    [F42X] = {.strings = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg",
                          "@Option Bytes  /0x1FFFC000/01*016 e/0x1FFEC000/01*016 e",
                          "@OTP Memory /0x1FFF7800/01*512 e,01*016 e/0x1FFE7800/01*512 e,01*016 e"}},
    [F72X] = {.strings = {"@Internal Flash  /0x08000000/04*016Kg,01*64Kg,03*128Kg",
                          "@Option Bytes  /0x1FFF0000/01*048 e", "@OTP Memory /0x1FF07800/01*528e"}},
    [F74X] = {.strings = {"@Internal Flash  /0x08000000/04*032Kg,01*128Kg,03*256Kg",
                          "@Option Bytes  /0x1FFF0000/01*048 e"}},
    [F76X] = {.strings = {"@Internal Flash  /0x08000000/04*032Kg,01*128Kg,07*256Kg",
                          "@Option Bytes  /0x1FFF0000/01*048 e"}},
    [L4] = {.strings = {"@Internal Flash  /0x08000000/0256*0002Kg", "@Option Bytes  /0x1FFF7800/01*040 e",
                        "@OTP Memory /0x1FFF7000/01*0001Ke"}},
    [L47X] = {.strings = {"@Internal Flash  /0x08000000/0256*0002Kg", "@Option Bytes  /0x1FFF7800/01*040 e",
                          "@OTP Memory /0x1FFF7000/01*0001Ke"}},
    [G431] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/64*02Kg", "@Option Bytes   /0x1FFF7800/01*40Be",
                          "@OTP Memory   /0x1FFF7000/01*01Ke"}},
    [G47X] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/256*02Kg",
                          "@Option Bytes   /0x1FFF7800/01*048 e/0x1FFFF800/01*048 e",
                          "@OTP Memory   /0x1FFF7000/01*1024 e"}},
    [G49X] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/256*02Kg", "@Option Bytes   /0x1FFF7800/01*048 e"}},
    [L4PLUS] = {.strings = {"@Internal Flash  /0x08000000/512*0004Kg",
                            "@Option Bytes  /0x1FF00000/01*040 e/0x1FF01000/01*040 e",
                            "@OTP Memory /0x1FFF7000/01*0001Ke"}},
    [L07X] = {.strings = {"@Internal Flash  /0x08000000/1536*128g", "@Option Bytes  /0x1FF80000/01*032 e",
                          "@DATA Memory /0x08080000/2*3Ke"}},
    [L1] = {.strings = {"@Internal Flash  /0x08000000/1024*256 g", "@Option Bytes  /0x1FF80000/01*032 e",
                        "@DATA Memory /0x08080000/02*004Ke"}},
    [H74X] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/16*128Kg", "@Option Bytes   /0x5200201C/01*128 e"}},
    [H72X] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/8*128Kg", "@Option Bytes   /0x5200201C/01*88 e"}},
    [H7A3] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/256*08Kg", "@Option Bytes   /0x5200201C/01*297 e",
                          "@OTP Memory   /0x08FFF000/01*1024 e"}},
    [L5] = {.bcd_device = SAMPLE_ROM_BCD_B,
            .strings = {"@Internal Flash /0x08000000/256*02Kg", "@Option Bytes /0x40022040/01*48 e",
                        "@OTP Memory /0x0BFA0000/01*512 e"}},
    [U5] = {.bcd_device = SAMPLE_ROM_BCD_B,
            .strings = {"@Internal Flash   /0x08000000/256*08Kg", "@Option Bytes   /0x40022040/01*64 e",
                        "@OTP Memory   /0x0BFA0000/01*512 e"}},
    [U3] = {.bcd_device = SAMPLE_ROM_BCD_B,
            .strings = {"@Internal Flash   /0x08000000/256*04Kg", "@Option Bytes   /0x40022040/01*48 e"}},
    [WBA6] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/256*08Kg", "@Option Bytes   /0x40022040/01*48 e"}},
    [U0] = {.bcd_device = 0x0220,
            .strings = {"@Internal Flash    /0x08000000/128*02Kg", "@OB Bytes          /0x40022020/01*136 e",
                        "@OTP Memory        /0x1FFF6800/01*1024 e", "@ENGI Bytes        /0x1FFF6C00/01*1024.e"}},
    [WB55] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/256*04Kg", "@Option Bytes   /0x1FFF8000/01*128 e"}},
    [C071] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/64*02Kg", "@Option Bytes   /0x1FFF7800/01*128 e"}},
    [G0B1] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/256*02Kg", "@Internal Flash   /0x08000000/256*02Kg",
                          "@Internal Flash   /0x08000000/256*02Kg"}},
    [GD32] = {0x28E9, 0x0189, 0x0200, {"@Internal Flash  /0x08000000/512*002Kg"}},
    [AT32] = {0x2E3C, 0xDF11, 0x0200, {"@Internal Flash  /0x08000000/ 128*1Kg", "@Option byte   /0x1FFFF800/01*512g"}},
    [APM32] = {0x314B, 0x0106, 0x0200, {"@Internal Flash  /0x8000000/06*002Kg,058*002Kg"}},
    [DFUSE] = {0x2B04, 0xD006, 0x0200, {"@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg"}},
    [H5] = {.bcd_device = SAMPLE_ROM_BCD_B,
            .strings = {"@Internal Flash   /0x08000000/256*08Kg", "@Option Bytes   /0x40022050/01*176 e"}},
    [H7RS] = {.bcd_device = SAMPLE_ROM_BCD_B,
              .strings = {"@Internal Flash   /0x08000000/8*08Kg", "@Option Bytes   /0x52002200/01*128 e"}},
    [C5] = {.bcd_device = SAMPLE_ROM_BCD_B, .strings = {"@Internal Flash /0x08000000/64*08Kg"}},
    [N6] = {.bcd_device = SAMPLE_ROM_BCD_B, .strings = {"@FSBL /0x34180400/1*1Me"}},
};

void sample_fingerprint(struct rlk_fingerprint *fingerprint, uint16_t bcd_device, const char *const *strings,
                        size_t count)
{
    memset(fingerprint, 0, sizeof *fingerprint);
    fingerprint->device.vendor_id = 0x0483;
    fingerprint->device.product_id = 0xDF11;
    fingerprint->device.bcd_device = bcd_device;
    fingerprint->layout_count = count;
    for (size_t i = 0; i < count; i++) {
        (void)rlk_layout_parse(&fingerprint->layouts[i], strings[i], strlen(strings[i]), NULL);
    }
}

void sample_rom(struct rlk_fingerprint *fingerprint, enum rlk_family family)
{
    const uint16_t bcd_device = roms[family].bcd_device;
    size_t count = 0;
    while (count < STRINGS_MAX && roms[family].strings[count] != NULL) {
        count++;
    }
    assert_true(count > 0);
    sample_fingerprint(fingerprint, bcd_device != 0 ? bcd_device : SAMPLE_ROM_BCD, roms[family].strings, count);
    if (roms[family].vendor_id != 0) {
        fingerprint->device.vendor_id = roms[family].vendor_id;
        fingerprint->device.product_id = roms[family].product_id;
    }
}

static void put_word(uint8_t *block, uint32_t word)
{
    for (size_t k = 0; k < 4; k++) {
        block[k] = (uint8_t)(word >> (8 * k));
    }
}

/* `count` words at a pitch of `pitch` bytes; where that is 8, each is followed by its complement. */
static void put_words(uint8_t *block, size_t pitch, const uint32_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_word(&block[pitch * i], words[i]);
        if (pitch == 8) {
            put_word(&block[pitch * i + 4], ~words[i]);
        }
    }
}

#define PUT(block, pitch, words) put_words(block, pitch, words, sizeof(words) / sizeof(words)[0])

static void fill_f0(uint8_t *block)
{
    for (size_t i = 0; i < 16; i += 2) {
        block[i] = 0xFF;
        block[i + 1] = 0x00;
    }
    block[0] = 0xAA;
    block[1] = 0x55;
}

static void fill_f105(uint8_t *block)
{
    fill_f0(block);
    block[0] = 0xA5;
    block[1] = 0x5A;
}

static void fill_f405(uint8_t *block)
{
    memset(block, 0xFF, 16);
    block[0] = 0xEF;
    block[1] = 0xAA;
}

static void fill_f4_with_sprmod(uint8_t *block)
{
    fill_f405(block);
    block[9] = 0x7F;
}

/* BOOT_ADD0 0080, BOOT_ADD1 0040; F72x: no PCROP, PCROP_RDP at 1. */
static void fill_f7(uint8_t *block)
{
    memset(block, 0xFF, 48);
    block[0] = 0xFC;
    block[1] = 0xAA;
    block[16] = 0x80;
    block[17] = 0x00;
    block[24] = 0x40;
    block[25] = 0x00;
    block[32] = 0x00;
    block[41] = 0x80;
}

/* OPTR, PCROP1SR, PCROP1ER, WRP1AR, WRP1BR. */
static void fill_l4(uint8_t *block)
{
    static const uint32_t words[] = {0xFFFFF8AAU, 0xFFFFFFFFU, 0x0FFF0000U, 0xFF00FFFFU, 0xFF00FFFFU};
    PUT(block, 8, words);
}

/* The same with PCROP_RDP at 1, and the word with SEC_SIZE1 and BOOT_LOCK, which G431's block does not reach. */
static void fill_g4(uint8_t *block)
{
    static const uint32_t words[] = {0xFFEFF8AAU, 0xFFFFFFFFU, 0x8FFF0000U, 0xFF00FFFFU, 0xFF00FFFFU, 0xFF00FF00U};
    PUT(block, 8, words);
}

static void fill_g431(uint8_t *block)
{
    fill_g4(block);
    memset(&block[40], 0, 8);
}

/* OPTR, PCROP1A, WRP1A, WRP1B, PCROP1B; from 68 (hex) on what belongs to the second CPU. */
static void fill_wb55(uint8_t *block)
{
    static const uint32_t words[] = {
        0x3FFFF1AAU, 0xFFFFFFFFU, 0x00000000U, 0xFF00FFFFU, 0xFF00FFFFU, 0xFFFFFFFFU, 0x00000000U, 0xFFFFFFFFU,
        0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU, 0xFFFFFFFFU, 0x00003FFFU, 0x000000F4U, 0x0003D000U,
    };
    PUT(block, 8, words);
}

/* nBOOT_SEL at 0, nBOOT1 and nBOOT0 at 1; the second bank's areas, which C071 does not have; BOOT_LOCK at 70 (hex). */
static void fill_g0(uint8_t *block)
{
    static const uint32_t words[] = {
        0xDEFFE1AAU, 0xFFFFFFFFU, 0x00000000U, 0xFF00FFFFU, 0xFF00FFFFU, 0xFFFFFFFFU, 0x00000000U, 0xFFFFFFFFU,
        0x00000000U, 0xFF00FFFFU, 0xFF00FFFFU, 0xFFFFFFFFU, 0x00000000U, 0xFFFFFFFFU, 0xFF00FF00U,
    };
    PUT(block, 8, words);
}

/* OPTR; WRP1A at 0C, WRP1B at 10, SECR with BOOT_LOCK at 60 (hex); the keys cannot be read. */
static void fill_u0(uint8_t *block)
{
    static const uint32_t words[] = {0xDEFFE1AAU, 0xFFFFFFFFU, 0xFFFFFFFFU, 0xFF00FFFFU, 0xFF00FFFFU};
    memset(block, 0xFF, 96);
    PUT(block, 4, words);
    block[97] = 0x7F;
}

/* OPTR without TZEN and with nSWBOOT0; boot addresses; SECWM1, HDP1, WRP1A, WRP1B, SECWM2, HDP2, WRP2A, WRP2B. */
static void fill_u5(uint8_t *block)
{
    static const uint32_t words[] = {0x1FEFF8AAU, 0x0800007FU, 0x0BF9007FU, 0x0C00007CU, 0xFF80FFFFU, 0x0000007FU,
                                     0xFF80FFFFU, 0xFF80FFFFU, 0xFF80FFFFU, 0x0000007FU, 0xFF80FFFFU, 0xFF80FFFFU};
    PUT(block, 4, words);
}

/* OPTSR, PRAR, SCAR, WPSN and BOOT, each in force and then, stale, to program; what follows is left as it is. */
static void fill_h7(uint8_t *block, size_t bytes)
{
    static const uint32_t words[] = {0x1406AAF0U, 0x77777777U, 0x00000000U, 0x000000FFU, 0x76767676U, 0x000000FFU,
                                     0x75757575U, 0xFFFFFFFFU, 0x74747474U, 0x1FF00800U, 0x73737373U};
    memset(block, 0x42, bytes);
    PUT(block, 4, words);
}

static void fill_h74x(uint8_t *block)
{
    fill_h7(block, 128);
}

static void fill_h72x(uint8_t *block)
{
    fill_h7(block, 88);
}

static void fill_h7a3(uint8_t *block)
{
    fill_h7(block, 297);
    block[0x10C] = 0xFF; /* the second bank: PRAR2, SCAR2, WPSN2 */
    block[0x114] = 0xFF;
    memset(&block[0x11C], 0xFF, 4);
}

/* Words of a value and its complement: RDP, USER, then write protection, in which 0 is none. */
static void fill_l0_l1(uint8_t *block, uint16_t user)
{
    const uint16_t values[8] = {0x00AA, user};
    for (size_t i = 0; i < 8; i++) {
        block[4 * i] = (uint8_t)values[i];
        block[4 * i + 1] = (uint8_t)(values[i] >> 8);
        block[4 * i + 2] = (uint8_t)~block[4 * i];
        block[4 * i + 3] = (uint8_t)~block[4 * i + 1];
    }
}

static void fill_l07x(uint8_t *block)
{
    fill_l0_l1(block, 0x8070);
}

static void fill_l1(uint8_t *block)
{
    fill_l0_l1(block, 0x00F8);
}

static void (*const fill[RLK_FAMILY_COUNT])(uint8_t *) = {
    [F04X] = fill_f0,
    [F07X] = fill_f0,
    [F105] = fill_f105,
    [F30X] = fill_f0,
    [F37X] = fill_f0,
    [F405] = fill_f405,
    [F412] = fill_f4_with_sprmod,
    [F2] = fill_f405,
    [F401] = fill_f4_with_sprmod,
    [F413] = fill_f4_with_sprmod,
    [F42X] = fill_f4_with_sprmod,
    [F72X] = fill_f7,
    [F74X] = fill_f7,
    [F76X] = fill_f7,
    [L4] = fill_l4,
    [L47X] = fill_l4,
    [G431] = fill_g431,
    [G47X] = fill_g4,
    [G49X] = fill_g4,
    [L4PLUS] = fill_l4,
    [L07X] = fill_l07x,
    [L1] = fill_l1,
    [H74X] = fill_h74x,
    [H72X] = fill_h72x,
    [H7A3] = fill_h7a3,
    [L5] = fill_u5,
    [U5] = fill_u5,
    [U3] = fill_u5,
    [WBA6] = fill_u5,
    [U0] = fill_u0,
    [WB55] = fill_wb55,
    [C071] = fill_g0,
    [G0B1] = fill_g0,
};

bool sample_has_options(enum rlk_family family)
{
    return fill[family] != NULL;
}

void sample_options(uint8_t *block, enum rlk_family family)
{
    assert_true(sample_has_options(family));
    memset(block, 0, RLK_OPTIONS_BYTES_MAX);
    fill[family](block);
}

/* The second bank's areas where the first block has the first one's; F42x: nWRP12 to nWRP23. */
void sample_second_options(uint8_t *block, enum rlk_family family)
{
    sample_options(block, family);
    if (family == L1) {
        block[0] = 0x00;
        block[2] = 0xFF;
        block[4] = 0x00;
        block[6] = 0xFF;
    }
}

void sample_demand(bool holds, const char *what)
{
    if (!holds) {
        fail_msg("%s", what);
    }
}

size_t sample_complement_distance(const struct rlk_chip *chip)
{
    static const size_t distances[] = {
        [RLK_OPTION_FORM_BYTES] = 0,      [RLK_OPTION_FORM_BYTE_PAIRS] = 1, [RLK_OPTION_FORM_HALFWORD_PAIRS] = 2,
        [RLK_OPTION_FORM_WORD_PAIRS] = 4, [RLK_OPTION_FORM_REGISTERS] = 0,  [RLK_OPTION_FORM_REGISTER_PAIRS] = 0};
    return distances[chip->option_form];
}

void sample_set_byte(uint8_t *block, const struct rlk_chip *chip, size_t offset, uint8_t value)
{
    block[offset + sample_complement_distance(chip)] = (uint8_t)~value;
    block[offset] = value;
}

uint8_t sample_level0(enum rlk_family family)
{
    return family == F105 ? 0xA5 : 0xAA;
}

bool sample_has_trustzone(enum rlk_family family)
{
    return family == L5 || family == U5 || family == U3 || family == WBA6;
}

uint8_t sample_level1(enum rlk_family family)
{
    return sample_has_trustzone(family) ? 0xDC : 0xBB;
}
