/*
 * What the tests of chip, options and gate take for devices: announced strings, and option blocks made by hand.
 */
#ifndef RELOCK_CHIP_SAMPLES_H
#define RELOCK_CHIP_SAMPLES_H

#include "relock/chip.h"
#include "relock/image.h"
#include "relock/options.h"

#define SAMPLE_ROM_BCD   0x2200U /* generation A */
#define SAMPLE_ROM_BCD_B 0x0200U /* generations B and C */

#define F04X        RLK_FAMILY_STM32F04X
#define F07X        RLK_FAMILY_STM32F07X
#define F105        RLK_FAMILY_STM32F105
#define F30X        RLK_FAMILY_STM32F30X
#define F37X        RLK_FAMILY_STM32F37X
#define F405        RLK_FAMILY_STM32F405
#define F412        RLK_FAMILY_STM32F412
#define F2          RLK_FAMILY_STM32F2
#define F401        RLK_FAMILY_STM32F401
#define F413        RLK_FAMILY_STM32F413
#define F42X        RLK_FAMILY_STM32F42X
#define F72X        RLK_FAMILY_STM32F72X
#define F74X        RLK_FAMILY_STM32F74X
#define F76X        RLK_FAMILY_STM32F76X
#define L4          RLK_FAMILY_STM32L4
#define L47X        RLK_FAMILY_STM32L47X
#define G431        RLK_FAMILY_STM32G431
#define G47X        RLK_FAMILY_STM32G47X
#define G49X        RLK_FAMILY_STM32G49X
#define L4PLUS      RLK_FAMILY_STM32L4PLUS
#define L07X        RLK_FAMILY_STM32L07X
#define L1          RLK_FAMILY_STM32L1
#define H74X        RLK_FAMILY_STM32H74X
#define H72X        RLK_FAMILY_STM32H72X
#define H7A3        RLK_FAMILY_STM32H7A3
#define L5          RLK_FAMILY_STM32L5
#define U5          RLK_FAMILY_STM32U5
#define U3          RLK_FAMILY_STM32U3
#define WBA6        RLK_FAMILY_STM32WBA6
#define U0          RLK_FAMILY_STM32U0
#define WB55        RLK_FAMILY_STM32WB55
#define C071        RLK_FAMILY_STM32C071
#define G0B1        RLK_FAMILY_STM32G0B1
#define GD32        RLK_FAMILY_GD32
#define AT32        RLK_FAMILY_AT32
#define APM32       RLK_FAMILY_APM32
#define DFUSE       RLK_FAMILY_DFUSE
#define H5          RLK_FAMILY_STM32H5
#define H7RS        RLK_FAMILY_STM32H7RS
#define C5          RLK_FAMILY_STM32C5
#define N6          RLK_FAMILY_STM32N6
#define BIT(family) RLK_FAMILY_BIT(family)

#define BOOT0       RLK_WAY_BACK_BOOT0
#define EMPTY_CHECK RLK_WAY_BACK_EMPTY_CHECK

/* A ROM of ST's with these alternates' strings; one that cannot be parsed leaves its layout empty. */
void sample_fingerprint(struct rlk_fingerprint *fingerprint, uint16_t bcd_device, const char *const *strings,
                        size_t count);

/* A ROM of the family as it announces itself. */
void sample_rom(struct rlk_fingerprint *fingerprint, enum rlk_family family);

/* Whether there is a sample of the family's option block: for all but those whose options are never looked at. */
bool sample_has_options(enum rlk_family family);

/* An option block at level 0 with nothing that closes a door. `block` has RLK_OPTIONS_BYTES_MAX. */
void sample_options(uint8_t *block, enum rlk_family family);

/* A second block with nothing that closes a door, of the families that have one. */
void sample_second_options(uint8_t *block, enum rlk_family family);

/* How far behind a byte its complement stands; 0 where the family has none. */
size_t sample_complement_distance(const struct rlk_chip *chip);

/* Fails, and says of what, unless it holds. */
void sample_demand(bool holds, const char *what);

/* Sets a byte of a block and its complement, as the family has it. */
void sample_set_byte(uint8_t *block, const struct rlk_chip *chip, size_t offset, uint8_t value);

/* The bytes of level 0 and of level 1 as it is written, by the facts and not by the row. */
uint8_t sample_level0(enum rlk_family family);
uint8_t sample_level1(enum rlk_family family);
/* TrustZone: 55 is a level of its own. */
bool sample_has_trustzone(enum rlk_family family);

#endif
