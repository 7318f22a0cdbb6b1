#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "families.h"

#define PATIENCE 100000U

/* clang-format off */
const struct family families[] = {
    /* name          options      write  block USB     alt form            L0    L1    L2    erased unit writable */
    {"stm32f405",    0x1FFFC000U, 16,  2048, 0x0100, 4, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f042",    0x1FFFF800U, 16,  2048, 0x0100, 2, FORM_BYTES,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f072",    0x1FFFF800U, 16,  2048, 0x0100, 2, FORM_BYTES,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32l432",    0x1FFF7800U, 40,  2048, 0x0100, 4, FORM_WORDS,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32l452",    0x1FFF7800U, 40,  2048, 0x0100, 4, FORM_WORDS,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32l476",    0x1FFF7800U, 40,  2048, 0x0100, 4, FORM_WORDS,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32f105",    0x1FFFF800U, 16,  2048, 0x0100, 2, FORM_BYTES,     0xA5, 0xBB, 0,    0xFF, 4,  FLASH, 0},
    {"stm32f105_v1", 0x1FFFF800U, 16,  2048, 0x0100, 2, FORM_BYTES,     0xA5, 0xBB, 0,    0xFF, 4,  FLASH, 0},
    {"stm32f303",    0x1FFFF800U, 16,  2048, 0x0100, 2, FORM_BYTES,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f373",    0x1FFFF800U, 16,  2048, 0x0100, 2, FORM_BYTES,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f205",    0x1FFFC000U, 16,  2048, 0x0100, 4, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f401",    0x1FFFC000U, 16,  2048, 0x0100, 4, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f411",    0x1FFFC000U, 16,  2048, 0x0100, 4, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f412",    0x1FFFC000U, 16,  2048, 0x0100, 4, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f413",    0x1FFFC000U, 16,  2048, 0x0100, 4, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f446",    0x1FFFC000U, 16,  2048, 0x0100, 4, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f427",    0x1FFFC000U, 16,  2048, 0x0100, 4, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH, 0},
    {"stm32f722",    0x1FFF0000U, 48,  2048, 0x0100, 4, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32f745",    0x1FFF0000U, 32,  2048, 0x0100, 3, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32f767",    0x1FFF0000U, 44,  2048, 0x0100, 3, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32l072",    0x1FF80000U, 32,  2048, 0x0100, 3, FORM_HALFWORDS, 0xAA, 0xBB, 0xCC, 0x00, 8,  FLASH, 0},
    {"stm32l152",    0x1FF80000U, 32,  2048, 0x0100, 3, FORM_HALFWORDS, 0xAA, 0xBB, 0xCC, 0x00, 8,  FLASH, 0},
    {"stm32l4r5",    0x1FF00000U, 40,  2048, 0x0100, 3, FORM_WORDS,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32g431",    0x1FFF7800U, 40,  1024, 0x0200, 3, FORM_WORDS,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32g474",    0x1FFF7800U, 48,  1024, 0x0200, 3, FORM_WORDS,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32g491",    0x1FFF7800U, 48,  1024, 0x0200, 3, FORM_WORDS,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32g0b1",    0x1FFF7800U, 128, 1024, 0x0200, 3, FORM_WORDS,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32c071",    0x1FFF7800U, 116, 1024, 0x0200, 3, FORM_WORDS,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32u083",    0x40022020U, 0x64, 1024, 0x0200, 4, FORM_REGISTERS, 0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32wb55",    0x1FFF8000U, 8,   1024, 0x0200, 3, FORM_WORDS,     0xAA, 0xBB, 0xCC, 0xFF, 8,  FLASH, 0},
    {"stm32h743",    0x5200201CU, 128, 1024, 0x0200, 2, FORM_TWO_WORDS, 0xAA, 0xBB, 0xCC, 0xFF, 32, FLASH, 0},
    {"stm32h723",    0x5200201CU, 88,  1024, 0x0200, 2, FORM_TWO_WORDS, 0xAA, 0xBB, 0xCC, 0xFF, 32, FLASH, 0},
    {"stm32h7a3",    0x5200201CU, 297, 1024, 0x0200, 3, FORM_TWO_WORDS, 0xAA, 0xBB, 0xCC, 0xFF, 32, FLASH, 0},
    {"stm32l552",    0x40022040U, 48,  1024, 0x0200, 3, FORM_REGISTERS, 0xAA, 0xDC, 0xCC, 0xFF, 16, FLASH, 0},
    {"stm32u585",    0x40022040U, 48,  1024, 0x0200, 3, FORM_REGISTERS, 0xAA, 0xDC, 0xCC, 0xFF, 16, FLASH, 0},
    {"stm32u375",    0x40022040U, 48,  1024, 0x0200, 3, FORM_REGISTERS, 0xAA, 0xDC, 0xCC, 0xFF, 16, FLASH, 0},
    {"stm32wba65",   0x40022040U, 48,  1024, 0x0200, 3, FORM_REGISTERS, 0xAA, 0xDC, 0xCC, 0xFF, 16, FLASH, 0},
    {"stm32h563",    0x40022050U, 176, 1024, 0x0200, 1, FORM_TWO_WORDS, 0xED, 0,    0,    0xFF, 16, FLASH, 0},
    {"stm32h7s3",    0,           4,   1024, 0x0200, 1, FORM_PLAIN,     0x39, 0,    0,    0xFF, 16, FLASH, 0},
    {"stm32c562",    0x40022050U, 120, 1024, 0x0200, 1, FORM_TWO_WORDS, 0xED, 0,    0,    0xFF, 16, FLASH, 0},
    {"stm32n657",    0,           0,   1024, 0x0200, 1, FORM_NONE,      0,    0,    0,    0xFF, 16, 0,     0},
    {"gd32f303",     0x1FFFF800U, 16,  2048, 0x0100, 2, FORM_BYTES,     0xA5, 0xBB, 0,    0xFF, 4,  FLASH, 0x28E90189U},
    {"at32f437",     0x1FFFC000U, 16,  2048, 0x0100, 2, FORM_BYTES,     0xA5, 0xBB, 0,    0xFF, 4,  FLASH, 0x2E3CDF11U},
    {"apm32f103",    0x1FFFF800U, 16,  2048, 0x0100, 1, FORM_BYTES,     0xA5, 0xBB, 0,    0xFF, 4,  FLASH, 0x314B0106U},
    {"custom",       0,           16,  2048, 0x0100, 1, FORM_PLAIN,     0xAA, 0xBB, 0xCC, 0xFF, 4,  FLASH + 0xC000U, 0},
};
/* clang-format on */

const size_t family_count = sizeof families / sizeof families[0];

/* Each word to program is a copy of the word in force. The places are those of H7, and of the second bank of H7A3. */
static void copy_words(uint8_t *image, uint16_t bytes)
{
    static const uint16_t words[] = {0x00, 0x0C, 0x14, 0x1C, 0x24, 0x10C, 0x114, 0x11C};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i] + 8U <= bytes) {
            memcpy(image + words[i] + 4, image + words[i], 4);
        }
    }
}

void family_set_rdp(const struct family *family, uint8_t *image, uint8_t rdp)
{
    static const struct {
        uint8_t at;
        uint8_t complement; /* 0: none */
    } places[] = {[FORM_PLAIN] = {1, 0}, [FORM_BYTES] = {0, 1},     [FORM_HALFWORDS] = {0, 2},
                  [FORM_WORDS] = {0, 4}, [FORM_REGISTERS] = {0, 0}, [FORM_TWO_WORDS] = {5, 0}};
    if (family->form == FORM_TWO_WORDS) {
        copy_words(image, family->option_bytes);
    }
    image[places[family->form].at] = rdp;
    if (places[family->form].complement != 0) {
        image[places[family->form].complement] = (uint8_t)~rdp;
    }
}

struct answer wait_while_busy(struct sim_device *device)
{
    struct answer answer = get_status(device);
    for (unsigned i = 0; i < PATIENCE / 5U && (answer.outcome == SIM_STALL || answer.state == BUSY); i++) {
        sim_sleep(device, answer.outcome == SIM_STALL || answer.poll_ms == 0 ? 5U : answer.poll_ms);
        answer = get_status(device);
    }
    return answer;
}

struct answer carry_out(struct sim_device *device, uint16_t block, const uint8_t *data, uint16_t length)
{
    assert_int_equal(download(device, block, data, length), SIM_OK);
    return wait_while_busy(device);
}

struct answer carry_out_at(struct sim_device *device, uint8_t opcode, uint32_t address)
{
    const uint8_t bytes[5] = {opcode, (uint8_t)address, (uint8_t)(address >> 8), (uint8_t)(address >> 16),
                              (uint8_t)(address >> 24)};
    return carry_out(device, 0, bytes, sizeof bytes);
}

void clear_all(struct sim_device *device)
{
    struct answer answer = get_status(device);
    for (unsigned i = 0; i < 3 && answer.state != IDLE; i++) {
        bool is_idle = answer.state == DNLOAD_IDLE || answer.state == UPLOAD_IDLE;
        assert_int_equal(class_out(device, is_idle ? 6 : 4, 0, NULL, 0), SIM_OK);
        answer = get_status(device);
    }
    assert_answer(answer, OK, IDLE);
}

enum sim_outcome fetch(struct sim_device *device, uint32_t address, uint8_t *data, uint16_t length, size_t *actual)
{
    assert_answer(carry_out_at(device, 0x21, address), OK, DNLOAD_IDLE);
    clear_all(device);
    return upload(device, 2, data, length, actual);
}

void replug_into_rom(struct sim_device *device)
{
    sim_set_boot0(device, true);
    sim_unplug(device);
    sim_plug(device);
    sim_sleep(device, 20000);
}
