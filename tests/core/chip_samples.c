#include "chip_samples.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define STRINGS_MAX 4U

static const char *const rom_strings[RLK_FAMILY_COUNT][STRINGS_MAX] = {
    [RLK_FAMILY_STM32F04X] = {"@Internal Flash  /0x08000000/032*0001Kg", "@Option Bytes  /0x1FFFF800/01*016 e"},
    [RLK_FAMILY_STM32F07X] = {"@Internal Flash  /0x08000000/064*0002Kg", "@Option Bytes  /0x1FFFF800/01*016 e"},
    [RLK_FAMILY_STM32F405] = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg",
                              "@Option Bytes  /0x1FFFC000/01*016 e", "@OTP Memory /0x1FFF7800/01*512 e,01*016 e",
                              "@Device Feature/0xFFFF0000/01*004 e"},
    [RLK_FAMILY_STM32L4] = {"@Internal Flash  /0x08000000/0256*0002Kg", "@Option Bytes  /0x1FFF7800/01*040 e",
                            "@OTP Memory /0x1FFF7000/01*0001Ke"},
    [RLK_FAMILY_STM32L47X] = {"@Internal Flash  /0x08000000/0256*0002Kg", "@Option Bytes  /0x1FFF7800/01*040 e",
                              "@OTP Memory /0x1FFF7000/01*0001Ke"},
};

/* Words at offsets 0, 8, 16, 24 and 32: OPTR, PCROP1SR, PCROP1ER, WRP1AR, WRP1BR. */
static const uint32_t l4_words[] = {0xFFFFF8AAU, 0xFFFFFFFFU, 0x0FFF0000U, 0xFF00FFFFU, 0xFF00FFFFU};

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
    size_t count = 0;
    while (count < STRINGS_MAX && rom_strings[family][count] != NULL) {
        count++;
    }
    sample_fingerprint(fingerprint, SAMPLE_ROM_BCD, rom_strings[family], count);
}

static void fill_f0(uint8_t *block)
{
    for (size_t i = 0; i < 16; i += 2) {
        block[i] = 0xFF;
        block[i + 1] = 0x00;
    }
    block[0] = 0xAA;
    block[1] = 0x55;
}

static void fill_f405(uint8_t *block)
{
    memset(block, 0xFF, 16);
    block[0] = 0xEF;
    block[1] = 0xAA;
}

static void fill_l4(uint8_t *block)
{
    for (size_t i = 0; i < sizeof l4_words / sizeof l4_words[0]; i++) {
        for (size_t k = 0; k < 4; k++) {
            block[8 * i + k] = (uint8_t)(l4_words[i] >> (8 * k));
            block[8 * i + 4 + k] = (uint8_t)~block[8 * i + k];
        }
    }
}

void sample_options(uint8_t *block, enum rlk_family family)
{
    static void (*const fill[RLK_FAMILY_COUNT])(uint8_t *) = {
        [RLK_FAMILY_STM32F04X] = fill_f0, [RLK_FAMILY_STM32F07X] = fill_f0, [RLK_FAMILY_STM32F405] = fill_f405,
        [RLK_FAMILY_STM32L4] = fill_l4,   [RLK_FAMILY_STM32L47X] = fill_l4,
    };
    assert_non_null(fill[family]);
    memset(block, 0, RLK_OPTIONS_BYTES_MAX);
    fill[family](block);
}

void sample_set_byte(uint8_t *block, const struct rlk_chip *chip, size_t offset, uint8_t value)
{
    static const size_t distance[] = {
        [RLK_COMPLEMENT_NONE] = 0, [RLK_COMPLEMENT_BYTE_PAIRS] = 1, [RLK_COMPLEMENT_WORD_PAIRS] = 4};
    block[offset + distance[chip->complement]] = (uint8_t)~value;
    block[offset] = value;
}
