/* Devices that speak DfuSe and are no STM32 ROM: clones, and a product's own bootloader. See profiles.h. */
#include "profiles.h"

/* Clones keep F1's encoding [SEEN of GD32 and AT32]; the rest as F1 [INF]. */
static const uint8_t factory_clone[16] = {0xA5, 0x5A, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00,
                                          0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00, 0xFF, 0x00};

/* Poll times and the error of the first contact as GD32VF103's [SEEN]; all the rest as F1 [INF]. */
#define COMMON_CLONE                                                                                                   \
    .option_style = SIM_OPTIONS_BYTE_PAIRS, .rdp = RDP_F1, .bcd_device = 0x2200, .transfer_bytes = 2048,               \
    .program_unit_bytes = 4, .timed_unit_bytes = 2, .program_unit_us_tenths = 525, .mass_erase_us = 40U * MS,          \
    .option_write_us = 41U * MS, .start_us = 300U * MS, .announced_erase_ms = 100, .announced_other_ms = 104,          \
    .boot = BOOT_PIN, .factory_options = factory_clone, .factory_bytes = 16

static const struct sim_profile rows[] = {
    /* GD32VF103's habits [SEEN, dfu-util's quirks]: it announces more than it has, and leaves without a GETSTATUS. */
    {.name = "gd32f303",
     .title = "GD32F303, 256 KiB, 1 MiB announced: a clone",
     .serial = "GD32",
     .product = "GD32 0x418 DFU Bootloade",
     .vendor_id = 0x28E9,
     .product_id = 0x0189,
     .alternates = {"@Internal Flash  /0x08000000/512*002Kg", "@Option Bytes  /0x1FFFF800/01*016 g"},
     .sectors = {{128, 2U * KIB, 40U * MS}},
     .flash_bytes = 256U * KIB,
     .option_address = 0x1FFFF800U,
     .option_bytes = 16,
     .knobs = {KNOBS_F1(0), .leave_at_download = 1},
     COMMON_CLONE},
    /* Strings [SEEN]; the last 1984 KiB of what they announce are not simulated, and of the options only 16 bytes. */
    {.name = "at32f437",
     .title = "AT32F437, 4 MiB announced: a clone",
     .serial = "AT32",
     .product = "AT32 Bootloader DFU",
     .vendor_id = 0x2E3C,
     .product_id = 0xDF11,
     .alternates = {"@Internal Flash   /0x08000000/08*04Ka,1000*04Kg", "@Option byte   /0x1FFFC000/01*4096 g"},
     .sectors = {{512, 4U * KIB, 40U * MS}},
     .flash_bytes = 2048U * KIB,
     .option_address = 0x1FFFC000U,
     .option_bytes = 16,
     .knobs = {KNOBS_F1(0)},
     COMMON_CLONE},
    {.name = "apm32f103",
     .title = "APM32F103, 128 KiB: a clone",
     .serial = "0448", /* [SEEN] */
     .product = "APM32 DFU ISP Mode",
     .vendor_id = 0x314B,
     .product_id = 0x0106,
     .alternates = {"@Internal Flash  /0x8000000/06*002Kg,058*002Kg"},
     .sectors = {{64, 2U * KIB, 40U * MS}},
     .flash_bytes = 128U * KIB,
     .option_address = 0x1FFFF800U,
     .option_bytes = 16,
     .knobs = {KNOBS_F1(0)},
     COMMON_CLONE},
    /*
     * A product's own DfuSe bootloader on an F405, in the first three sectors, which it announces as read-only and
     * keeps [SEEN of Particle's string]. No option bytes, no 0x92. It writes the application whatever the level is:
     * what runs from flash may. Its button is this model's BOOT0.
     */
    {.name = "custom",
     .title = "A product's own DfuSe bootloader, STM32F405, 1 MiB",
     .serial = "0123456789AB",
     .product = "Product in DFU mode",
     .alternates = {"@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg"},
     .sectors = {SECTORS_F4(7)},
     .flash_bytes = 1024U * KIB,
     .option_bytes = 16,
     .lacks_unprotect = 1,
     .bcd_device = 0x0250,
     .transfer_bytes = 2048,
     .option_style = SIM_OPTIONS_PLAIN,
     .rdp = RDP_AT(1),
     .program_unit_bytes = 4,
     .timed_unit_bytes = 1,
     .program_unit_us_tenths = 160,
     .mass_erase_us = 16000U * MS,
     .option_write_us = 400U * MS,
     .start_us = 300U * MS,
     .announced_erase_ms = 100,
     .announced_other_ms = 104,
     .boot = BOOT_PIN,
     .factory_options = sim_factory_f4,
     .factory_bytes = 16,
     .knobs = {.seal_reload = SIM_RELOAD_AT_RESET,
               .regression_reload = SIM_RELOAD_AT_ONCE,
               .erase_moves_pointer = 1,
               .protected_sectors = 3,
               .protected_erase_fails = 1,
               .bootloader_in_flash = 1,
               .typical_percent = 100}},
};

const struct sim_profile_table sim_profiles_other = {rows, sizeof rows / sizeof rows[0]};
