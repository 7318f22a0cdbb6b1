/*
 * What the tests of chip, options and gate take for devices: announced strings, and option blocks made by hand.
 */
#ifndef RELOCK_CHIP_SAMPLES_H
#define RELOCK_CHIP_SAMPLES_H

#include "relock/chip.h"
#include "relock/image.h"
#include "relock/options.h"

#define SAMPLE_ROM_BCD 0x2200U

#define F04X        RLK_FAMILY_STM32F04X
#define F07X        RLK_FAMILY_STM32F07X
#define F405        RLK_FAMILY_STM32F405
#define L4          RLK_FAMILY_STM32L4
#define L47X        RLK_FAMILY_STM32L47X
#define BOOT0       RLK_WAY_BACK_BOOT0
#define EMPTY_CHECK RLK_WAY_BACK_EMPTY_CHECK

/* A ROM with these alternates' strings; one that cannot be parsed leaves its layout empty. */
void sample_fingerprint(struct rlk_fingerprint *fingerprint, uint16_t bcd_device, const char *const *strings,
                        size_t count);

/* A ROM of the family as it announces itself. */
void sample_rom(struct rlk_fingerprint *fingerprint, enum rlk_family family);

/* An option block at level 0 with nothing that closes a door. `block` has RLK_OPTIONS_BYTES_MAX. */
void sample_options(uint8_t *block, enum rlk_family family);

/* Sets a byte of a block and its complement, as the family has it. */
void sample_set_byte(uint8_t *block, const struct rlk_chip *chip, size_t offset, uint8_t value);

#endif
