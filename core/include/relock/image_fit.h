/*
 * Does an image fit a device, or a family where no device is at hand? The device's job and those who only look at a
 * file ask the same functions.
 */
#ifndef RELOCK_IMAGE_FIT_H
#define RELOCK_IMAGE_FIT_H

#include "relock/chip.h"
#include "relock/error.h"
#include "relock/image.h"

/* What keeps an image out of a device, and the first address of it. */
struct rlk_misfit {
    enum rlk_error error; /* RLK_OK: nothing */
    uint32_t addr;
};

/*
 * Judges where the parts of an image lie. With `fingerprint` NULL no device is at hand: then flash is as large as that
 * of any device of the family, and other memories are where they are known to be. Errors: RLK_E_IMAGE_OUTSIDE_FLASH,
 * IMAGE_HITS_OPTION_BYTES, IMAGE_HITS_OTP, IMAGE_HITS_RAM, IMAGE_HITS_SYSTEM_MEMORY, IMAGE_HITS_READ_ONLY_FLASH,
 * IMAGE_MISALIGNED.
 */
struct rlk_misfit rlk_image_misfit(const struct rlk_image *image, const struct rlk_chip *chip,
                                   const struct rlk_fingerprint *fingerprint);

/* Which word of the vector table does not suit a family. */
enum rlk_vector { RLK_VECTOR_NONE, RLK_VECTOR_STACK, RLK_VECTOR_RESET };

/* Judges the first words of an image as the vector table of a family: the stack pointer lies in RAM, the reset vector
 * in `flash` (NULL: as above). RLK_VECTOR_NONE for an empty image. An image that does not begin where the flash begins
 * (an application above a bootloader) brings no vectors for the chip; its own table stands at its own start all the
 * same. */
enum rlk_vector rlk_image_wrong_vector(const struct rlk_image *image, const struct rlk_chip *chip,
                                       const struct rlk_layout *flash);

#endif
