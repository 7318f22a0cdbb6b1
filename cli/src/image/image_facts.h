/*
 * What `image info` says of a file.
 */
#ifndef RELOCK_CLI_IMAGE_FACTS_H
#define RELOCK_CLI_IMAGE_FACTS_H

#include "job/file.h"
#include "output/output.h"
#include "relock/chip.h"
#include "relock/image_fit.h"

/* Where its first words point, as a vector table: those of the segment that comes first. */
struct image_vectors {
    bool are_there; /* at least 8 bytes */
    uint32_t stack_pointer, reset;
    bool stack_is_in_ram;       /* 0x20000000 to 0x3FFFFFFF, or CCM at 0x10000000; whole words */
    bool reset_is_in_the_image; /* and odd, as Thumb code is */
};

void image_vectors_find(struct image_vectors *vectors, const struct rlk_image *image);

/* Does it fit a family? How large a device's flash is, only the device says: here it is the largest of the family. */
struct image_fit {
    enum rlk_error error;         /* RLK_OK: it fits */
    struct rlk_image_place place; /* its address, if one is concerned */
    enum rlk_vector wrong_vector; /* of IMAGE_NOT_BOOTABLE */
};

/* As a device's job would judge: RLK_E_IMAGE_OF_ANOTHER_FAMILY, IMAGE_OF_UNKNOWN_FAMILY, those of rlk_image_misfit,
 * IMAGE_NOT_BOOTABLE. */
struct image_fit image_fit_of(const struct rlk_image *image, const struct rlk_chip *chip);

/* Says all of it; `chip` is NULL if no family was named. */
void image_facts_say(struct output *output, bool is_json, const char *path, const struct firmware *firmware,
                     const struct rlk_chip *chip);

#endif
