#include "relock/image_family.h"

#define BIT(family) RLK_FAMILY_BIT(RLK_FAMILY_##family)

/* Rows that do not say which chip it is, or whose chips are copies of ST's. */
#define NOT_STS_OWN (BIT(GD32) | BIT(AT32) | BIT(APM32) | BIT(DFUSE))

static const struct {
    uint32_t id;
    rlk_family_mask families;
} rows[] = {
#define RLK_IMAGE_FAMILY(id, name, families) {id, families},
#include "image/image_family_list.h"
};

rlk_family_mask rlk_image_families_of(uint32_t family_id, bool *is_known)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].id == family_id) {
            *is_known = true;
            return rows[i].families;
        }
    }
    *is_known = false;
    return 0;
}

enum rlk_error rlk_image_judge_family(const struct rlk_image *image, rlk_family_mask candidates)
{
    bool is_known = false;
    const rlk_family_mask families = rlk_image_families_of(image->about.family_id, &is_known);
    if (!image->about.has_family_id || (families & candidates) != 0) {
        return RLK_OK;
    }
    const bool can_be_told = is_known && (candidates & ~NOT_STS_OWN) != 0;
    return can_be_told ? RLK_E_IMAGE_OF_ANOTHER_FAMILY : RLK_E_IMAGE_OF_UNKNOWN_FAMILY;
}
