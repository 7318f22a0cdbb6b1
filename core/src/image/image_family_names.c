/* Apart from image_family.c, because the wasm files have no use for the names. */
#include "relock/image_family.h"

static const struct {
    uint32_t id;
    const char *name;
} names[] = {
#define RLK_IMAGE_FAMILY(id, name, families) {id, name},
#include "image/image_family_list.h"
};

const char *rlk_image_family_name(uint32_t family_id)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].id == family_id) {
            return names[i].name;
        }
    }
    return NULL;
}
