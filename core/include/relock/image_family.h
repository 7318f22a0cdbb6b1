/*
 * UF2 family ids: for which chips a file says that it is (github.com/microsoft/uf2, utils/uf2families.json). Only UF2
 * files say so; the ids are Microsoft's list's, one for a series or for some of its chips.
 */
#ifndef RELOCK_IMAGE_FAMILY_H
#define RELOCK_IMAGE_FAMILY_H

#include "relock/chip.h"
#include "relock/error.h"
#include "relock/image.h"

/* The list's name of an id, "STM32F4" or "STM32F407"; NULL for those that are none of a row's chips or unknown. */
const char *rlk_image_family_name(uint32_t family_id);

/* The rows whose chips an id means; 0 if it is unknown. Rows are coarser than some ids: that of an F411 means the row
 * of F401, F411 and F446. An id may be known and mean no row, because the series has no USB bootloader (STM32WL):
 * `*is_known` tells them apart. */
rlk_family_mask rlk_image_families_of(uint32_t family_id, bool *is_known);

/*
 * Is this image for a chip that is one of `candidates`? RLK_OK if it says so, or says nothing.
 * RLK_E_IMAGE_OF_ANOTHER_FAMILY if it names others. RLK_E_IMAGE_OF_UNKNOWN_FAMILY if that cannot be told: the id is not
 * in the list, or all candidates are rows of other makers' chips or of a product's own bootloader, which says nothing
 * of its chip.
 */
enum rlk_error rlk_image_judge_family(const struct rlk_image *image, rlk_family_mask candidates);

#endif
