#include "chip/chip_shapes.h"

#define KIB(n) ((n)*1024U)

#define PAGES(bytes, ...)     .page_bytes = (bytes), .counts = {__VA_ARGS__}
#define PAGES_TO(bytes, most) .page_bytes = (bytes), .pages_max = (most)
#define OPTIONS(min, max)     .options_bytes_min = (min), .options_bytes_max = (max)
#define ST_A                  .version = RLK_VERSION_A
#define ST_B                  .version = RLK_VERSION_B
#define F2_F4(family_, n)                                                                                              \
    {                                                                                                                  \
        .family = (family_), ST_A, .groups = {{4, KIB(16)}, {1, KIB(64)}, {(n), KIB(128)}}, .flash = RLK_FLASH_GROUPS, \
        .repeats = 1, OPTIONS(16, 16)                                                                                  \
    }
#define F7(family_, a, b, n, c)                                                                                        \
    {                                                                                                                  \
        .family = (family_), ST_A, .groups = {{4, (a)}, {1, (b)}, {(n), (c)}}, .flash = RLK_FLASH_GROUPS,              \
        .repeats = 1, OPTIONS(32, 48)                                                                                  \
    }

/*
 * Strings: dfu-util's and Betaflight's logs, ArduPilot's, zephyr's and NuttX's documentation, ST's forum. A ROM
 * announces its die, not what is sold, so counts are those of the dies; where no string was seen, the family's page
 * maps are taken.
 *
 * Who looks alike: F07x and F30x with 32 pages; F105, F30x and F37x with 128, of which F105 needs other bytes; F2, F405
 * and F412 with twelve sectors, which need the same. F405 of 512 KiB is known only if it announces its die's twelve
 * sectors: with eight it cannot be told from F411, which has the same scheme. L4 and G431 have the same pages and
 * option address, but G431's is a ROM of generation B.
 */
const struct rlk_chip_shape rlk_chip_shapes[] = {
    {.family = RLK_FAMILY_STM32F04X, ST_A, PAGES_TO(KIB(1), 32), OPTIONS(16, 16)},
    {.family = RLK_FAMILY_STM32F07X, ST_A, PAGES_TO(KIB(2), 64), OPTIONS(16, 16)},
    {.family = RLK_FAMILY_STM32F105, ST_A, PAGES(KIB(2), 128), OPTIONS(16, 16)},
    {.family = RLK_FAMILY_STM32F30X, ST_A, PAGES(KIB(2), 32, 128, 256), OPTIONS(16, 16)},
    {.family = RLK_FAMILY_STM32F37X, ST_A, PAGES(KIB(2), 128), OPTIONS(16, 16)},
    F2_F4(RLK_FAMILY_STM32F405, 7),
    F2_F4(RLK_FAMILY_STM32F412, 7),
    F2_F4(RLK_FAMILY_STM32F2, 7),
    F2_F4(RLK_FAMILY_STM32F401, 1),
    F2_F4(RLK_FAMILY_STM32F401, 3),
    F2_F4(RLK_FAMILY_STM32F413, 11),
    {.family = RLK_FAMILY_STM32F42X,
     ST_A,
     .groups = {{4, KIB(16)}, {1, KIB(64)}, {7, KIB(128)}},
     .flash = RLK_FLASH_GROUPS,
     .repeats = 1,
     .options = RLK_SHAPE_TWO_BLOCKS,
     OPTIONS(16, 16)},
    {.family = RLK_FAMILY_STM32F42X,
     ST_A,
     .groups = {{4, KIB(16)}, {1, KIB(64)}, {7, KIB(128)}},
     .flash = RLK_FLASH_GROUPS,
     .repeats = 2,
     .options = RLK_SHAPE_TWO_BLOCKS,
     OPTIONS(16, 16)},
    {.family = RLK_FAMILY_STM32F42X,
     ST_A,
     .groups = {{4, KIB(16)}, {1, KIB(64)}, {3, KIB(128)}},
     .flash = RLK_FLASH_GROUPS,
     .repeats = 2,
     .options = RLK_SHAPE_TWO_BLOCKS,
     OPTIONS(16, 16)},
    F7(RLK_FAMILY_STM32F72X, KIB(16), KIB(64), 3, KIB(128)),
    F7(RLK_FAMILY_STM32F74X, KIB(32), KIB(128), 1, KIB(256)),
    F7(RLK_FAMILY_STM32F74X, KIB(32), KIB(128), 3, KIB(256)),
    F7(RLK_FAMILY_STM32F76X, KIB(32), KIB(128), 7, KIB(256)),
    {.family = RLK_FAMILY_STM32F76X,
     ST_A,
     .groups = {{4, KIB(16)}, {1, KIB(64)}, {7, KIB(128)}},
     .flash = RLK_FLASH_GROUPS,
     .repeats = 2,
     OPTIONS(32, 48)},
    {.family = RLK_FAMILY_STM32L4, ST_A, PAGES_TO(KIB(2), 512), .options = RLK_SHAPE_ONE_OR_TWO, OPTIONS(40, 40)},
    {.family = RLK_FAMILY_STM32L47X, ST_A, PAGES_TO(KIB(2), 512), .options = RLK_SHAPE_ONE_OR_TWO, OPTIONS(40, 40)},

    {.family = RLK_FAMILY_STM32G431, ST_B, PAGES(KIB(2), 16, 32, 64), OPTIONS(40, 48)},
    {.family = RLK_FAMILY_STM32G47X,
     ST_B,
     PAGES(KIB(2), 64, 128, 256),
     .options = RLK_SHAPE_TWO_BLOCKS,
     OPTIONS(48, 48)},
    {.family = RLK_FAMILY_STM32G47X,
     ST_B,
     PAGES(KIB(4), 32, 64, 128),
     .options = RLK_SHAPE_TWO_BLOCKS,
     OPTIONS(48, 48)},
    {.family = RLK_FAMILY_STM32G49X, ST_B, PAGES(KIB(2), 128, 256), OPTIONS(48, 48)},
    {.family = RLK_FAMILY_STM32L4PLUS,
     ST_A,
     PAGES(KIB(4), 128, 256, 512),
     .options = RLK_SHAPE_ONE_OR_TWO,
     OPTIONS(40, 40)},
    {.family = RLK_FAMILY_STM32L4PLUS, ST_A, PAGES(KIB(8), 128, 256), .options = RLK_SHAPE_ONE_OR_TWO, OPTIONS(40, 40)},
    {.family = RLK_FAMILY_STM32L07X, ST_A, PAGES(128, 512, 1024, 1536), OPTIONS(32, 32)},
    {.family = RLK_FAMILY_STM32L1,
     ST_A,
     PAGES(256, 512, 1024, 1536, 2048),
     .options = RLK_SHAPE_ONE_OR_TWO,
     OPTIONS(32, 32)},
    {.family = RLK_FAMILY_STM32H74X, ST_B, PAGES(KIB(128), 1, 8, 16), OPTIONS(128, 128)},
    {.family = RLK_FAMILY_STM32H72X, ST_B, PAGES(KIB(128), 1, 4, 8), OPTIONS(88, 88)},
    {.family = RLK_FAMILY_STM32H7A3, ST_B, PAGES(KIB(8), 16, 128, 256), OPTIONS(297, 297)},
    {.family = RLK_FAMILY_STM32L5, ST_B, PAGES(KIB(2), 128, 256), OPTIONS(48, 48)},
    {.family = RLK_FAMILY_STM32L5, ST_B, PAGES(KIB(4), 64, 128), OPTIONS(48, 48)},
    {.family = RLK_FAMILY_STM32U5, ST_B, PAGES(KIB(8), 16, 32, 64, 128, 256, 512), OPTIONS(64, 64)},
    {.family = RLK_FAMILY_STM32U3, ST_B, PAGES(KIB(4), 64, 128, 256, 512), OPTIONS(48, 64)},
    {.family = RLK_FAMILY_STM32WBA6, ST_B, PAGES(KIB(8), 128, 256), OPTIONS(48, 64)},
    {.family = RLK_FAMILY_STM32U0, ST_B, PAGES(KIB(2), 64, 128), OPTIONS(136, 136)},
    {.family = RLK_FAMILY_STM32WB55, ST_B, PAGES(KIB(4), 64, 128, 160, 256), OPTIONS(128, 128)},
    {.family = RLK_FAMILY_STM32C071, ST_B, PAGES(KIB(2), 32, 64), OPTIONS(116, 128)},
    {.family = RLK_FAMILY_STM32C071, ST_B, PAGES(KIB(2), 32, 64), .options = RLK_SHAPE_EQUAL_ALTERNATES},
    {.family = RLK_FAMILY_STM32G0B1, ST_B, PAGES(KIB(2), 64, 128, 256), .options = RLK_SHAPE_EQUAL_ALTERNATES},

    {.family = RLK_FAMILY_GD32,
     .vendor_id = 0x28E9,
     .product_id = 0x0189,
     .version = RLK_VERSION_ANY,
     .flash = RLK_FLASH_ANY,
     .options = RLK_SHAPE_ANY_OPTIONS},
    {.family = RLK_FAMILY_AT32,
     .vendor_id = 0x2E3C,
     .product_id = 0xDF11,
     .version = RLK_VERSION_ANY,
     .flash = RLK_FLASH_ANY,
     .options = RLK_SHAPE_ANY_OPTIONS},
    {.family = RLK_FAMILY_APM32,
     .vendor_id = 0x314B,
     .product_id = 0x0106,
     .version = RLK_VERSION_ANY,
     .flash = RLK_FLASH_ANY,
     .options = RLK_SHAPE_ANY_OPTIONS},

    {.family = RLK_FAMILY_STM32H5, ST_B, PAGES_TO(KIB(8), 512), .options_addr = 0x40022050U, OPTIONS(1, 512)},
    {.family = RLK_FAMILY_STM32H5, ST_B, PAGES_TO(KIB(8), 512), .options = RLK_SHAPE_NO_OPTIONS},
    {.family = RLK_FAMILY_STM32H7RS, ST_B, PAGES_TO(KIB(8), 8), .options_addr = 0x52002200U, OPTIONS(1, 512)},
    {.family = RLK_FAMILY_STM32H7RS, ST_B, PAGES_TO(KIB(8), 8), .options = RLK_SHAPE_NO_OPTIONS},
    {.family = RLK_FAMILY_STM32C5, ST_B, PAGES_TO(KIB(8), 128), .options_addr = 0x40022050U, OPTIONS(1, 512)},
    {.family = RLK_FAMILY_STM32C5, ST_B, PAGES_TO(KIB(8), 128), .options = RLK_SHAPE_NO_OPTIONS},

    /* Only if nothing above fits. */
    {.family = RLK_FAMILY_DFUSE,
     .vendor_id = RLK_ANY_ID,
     .version = RLK_VERSION_ANY,
     .flash = RLK_FLASH_BEHIND_HEAD,
     .options = RLK_SHAPE_ANY_OPTIONS},
    {.family = RLK_FAMILY_STM32N6,
     .version = RLK_VERSION_ANY,
     .flash = RLK_FLASH_NONE,
     .options = RLK_SHAPE_ANY_OPTIONS},
};

const size_t rlk_chip_shape_count = sizeof rlk_chip_shapes / sizeof rlk_chip_shapes[0];
