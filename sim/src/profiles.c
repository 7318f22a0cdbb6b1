/* The basic simulated families, and the list of all. What the values rest on: profiles.h. */
#include "profiles.h"

#include <string.h>

/* F0: first word 0x00FF55AA [ST RM0091], then pairs of FF and its complement [INF]. */
const uint8_t sim_factory_f0[16] = {0xAA, 0x55, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00,
                                    0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00};
/* F405: register form 0x0FFFAAED; the reserved bytes of the image are not known, erased ones are taken [INF]. */
const uint8_t sim_factory_f4[16] = {0xED, 0xAA, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                    0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
/* L4: OPTR 0xFFFFF8AA [SEEN]; PCROP and WRP areas empty (start above end), PCROP_RDP set [INF]. */
const uint8_t sim_factory_l4[40] = {WORD_PAIR(0xAA, 0xF8, 0xFF, 0xFF), WORD_PAIR(0xFF, 0xFF, 0xFF, 0xFF),
                                    WORD_PAIR(0x00, 0x00, 0xFF, 0xFF), WORD_PAIR(0xFF, 0xFF, 0x00, 0xFF),
                                    WORD_PAIR(0xFF, 0xFF, 0x00, 0xFF)};

#define OPTIONS_L4 "@Option Bytes  /0x1FFF7800/01*040 e"

/*
 * F0: options are loaded by POR or OBL_LAUNCH, not by a system reset [ST RM0091], and the ROM makes an explicit system
 * reset on some F0 [ST AN3156 fig. 7, 10]: only power-on loads them [HARD]. Changing RDP erases the whole block
 * [ST RM0091], so the other options return to defaults [ST AN3156 table 4 note 3].
 */
#define KNOBS_F0                                                                                                       \
    .seal_reload = SIM_RELOAD_AT_POWER_ON, .regression_reload = SIM_RELOAD_AT_POWER_ON, .first_contact_error = 1,      \
    .early_poll_stalls = 1, .options_reset_by_regression = 1, .erase_moves_pointer = 1, .typical_percent = 100

static const struct sim_profile basic[] = {
    {.name = "stm32f405",
     .title = "STM32F405, 1 MiB, ROM 2.2",
     .serial = "3573365D3433", /* made from the UID, unique [SEEN] */
     .alternates = {"@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg", OPTIONS_F4, OTP_F4, FEATURE},
     .sectors = {SECTORS_F4(7)},
     .flash_bytes = 1024U * KIB,
     .knobs = {KNOBS_F4},
     COMMON_F4},
    {.name = "stm32f042",
     .title = "STM32F042, 32 KiB, ROM 2.2",
     .serial = "FFFFFFFEFFFF", /* the same on every unit [SEEN] */
     .alternates = {"@Internal Flash  /0x08000000/032*0001Kg", OPTIONS_F0},
     .sectors = {{32, 1U * KIB, 40U * MS}},
     .flash_bytes = 32U * KIB,
     .boot = {.pin_select = 7, .n_boot0 = 3, .n_boot1 = 4, .user = 2},
     .has_empty_check = 1,
     .knobs = {KNOBS_F0, .set_address_refused = 1}, /* an F042 updater detects protection by it [SEEN] */
     COMMON_F0},
    {.name = "stm32f072",
     .title = "STM32F072, 128 KiB, ROM 2.2",
     .serial = "FFFFFFFEFFFF",
     .alternates = {"@Internal Flash  /0x08000000/064*0002Kg", OPTIONS_F0},
     .sectors = {{64, 2U * KIB, 40U * MS}},
     .flash_bytes = 128U * KIB,
     .boot = {.pin_select = SIM_NO_BIT, .n_boot0 = SIM_NO_BIT, .n_boot1 = 4, .user = 2},
     .knobs = {KNOBS_F0},
     COMMON_F0},
    /* 256 KiB: the string's count is that of the size [INF]. */
    {.name = "stm32l432",
     .title = "STM32L432, 256 KiB, ROM 2.2",
     .serial = "207A38A4484E",
     .alternates = {"@Internal Flash  /0x08000000/0128*0002Kg", OPTIONS_L4, OTP_L4, FEATURE},
     .sectors = {{128, 2U * KIB, 22U * MS}},
     .flash_bytes = 256U * KIB,
     .start_us = 820U * MS,
     .boot = BOOT_L4,
     .has_empty_check = 1,
     .knobs = {KNOBS_L4(1), .odd_blocks_corrupt = 1},
     COMMON_L4},
    {.name = "stm32l452",
     .title = "STM32L452, 512 KiB, ROM 2.2",
     .serial = "205B3597564B",
     .alternates = {"@Internal Flash  /0x08000000/0256*0002Kg", OPTIONS_L4, OTP_L4, FEATURE},
     .sectors = {{256, 2U * KIB, 22U * MS}},
     .flash_bytes = 512U * KIB,
     .start_us = 430U * MS,
     .boot = BOOT_L4,
     .has_empty_check = 1,
     .knobs = {KNOBS_L4(1)},
     COMMON_L4},
    /* Whether a dual-bank ROM announces its second option block is not known: only the seen string is used. */
    {.name = "stm32l476",
     .title = "STM32L476, 1 MiB, ROM 2.2",
     .serial = "2076338B564B",
     .alternates = {"@Internal Flash  /0x08000000/512*0002Kg", OPTIONS_L4, OTP_L4, FEATURE},
     .sectors = {{512, 2U * KIB, 22U * MS}},
     .flash_bytes = 1024U * KIB,
     .second_option_address = 0x1FFFF800U,
     .start_us = 2860U * MS,
     .boot = {.pin_select = SIM_NO_BIT, .n_boot0 = SIM_NO_BIT, .n_boot1 = 23},
     .knobs = {KNOBS_L4(0), .odd_blocks_corrupt = 1},
     COMMON_L4},
};

#define ST_VENDOR_ID  0x0483U
#define ST_PRODUCT_ID 0xDF11U
#define BASIC_COUNT   (sizeof basic / sizeof basic[0])

static const struct sim_profile_table basic_table = {basic, BASIC_COUNT};

static const struct sim_profile_table *const tables[] = {&basic_table,    &sim_profiles_f, &sim_profiles_l,
                                                         &sim_profiles_g, &sim_profiles_u, &sim_profiles_other};

#define TABLES (sizeof tables / sizeof tables[0])

/* Of all rows; NULL beyond the last. */
static const struct sim_profile *row_at(size_t index)
{
    for (size_t i = 0; i < TABLES; i++) {
        if (index < tables[i]->count) {
            return &tables[i]->rows[index];
        }
        index -= tables[i]->count;
    }
    return NULL;
}

size_t sim_profile_count(void)
{
    return BASIC_COUNT;
}

const char *sim_profile_name(size_t index)
{
    return index < BASIC_COUNT ? basic[index].name : NULL;
}

const char *sim_profile_title(size_t index)
{
    return index < BASIC_COUNT ? basic[index].title : NULL;
}

size_t sim_every_profile_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < TABLES; i++) {
        count += tables[i]->count;
    }
    return count;
}

const char *sim_every_profile_name(size_t index)
{
    const struct sim_profile *row = row_at(index);
    return row != NULL ? row->name : NULL;
}

const char *sim_every_profile_title(size_t index)
{
    const struct sim_profile *row = row_at(index);
    return row != NULL ? row->title : NULL;
}

const struct sim_profile *sim_profile_find(const char *name)
{
    const struct sim_profile *row = row_at(0);
    for (size_t i = 0; row != NULL && strcmp(row->name, name) != 0; i++) {
        row = row_at(i + 1U);
    }
    return row;
}

uint32_t sim_profile_index(const struct sim_profile *profile)
{
    uint32_t index = 0;
    while (row_at(index) != profile) {
        index++;
    }
    return index;
}

const struct sim_profile *sim_row(const struct sim_device *device)
{
    return row_at(device->profile);
}

uint16_t sim_bcd_device(const struct sim_device *device)
{
    return sim_row(device)->bcd_device;
}

uint16_t sim_vendor_id(const struct sim_device *device)
{
    uint16_t vendor = sim_row(device)->vendor_id;
    return vendor != 0 ? vendor : ST_VENDOR_ID;
}

uint16_t sim_product_id(const struct sim_device *device)
{
    uint16_t product = sim_row(device)->product_id;
    return product != 0 ? product : ST_PRODUCT_ID;
}

const char *sim_profile_of(const struct sim_device *device)
{
    return sim_row(device)->name;
}
