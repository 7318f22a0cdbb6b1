#include "relock/release.h"

#include "chip/options_fields.h"
#include "document/document_rules.h"
#include <string.h>

struct taken {
    struct rlk_release *release;
    const struct rlk_json *json;
    struct rlk_document_place *place;
};

static const struct rlk_json_node *root_member(const struct taken *taken, const char *name)
{
    return rlk_json_member(taken->json, &taken->json->nodes[0], name);
}

static const char *text_of(const struct taken *taken, const struct rlk_json_node *node, const char *name)
{
    return rlk_json_text(taken->json, rlk_json_member(taken->json, node, name));
}

static enum rlk_error fail(const struct taken *taken, const struct rlk_json_node *node, const char *name, int index,
                           const char *field)
{
    rlk_place_set(taken->place, node, name, index, field);
    return RLK_E_DOCUMENT_FIELD_VALUE;
}

static enum rlk_error take_chip(const struct taken *taken)
{
    const struct rlk_json_node *chip = root_member(taken, "chip");
    const struct rlk_json_node *node = rlk_json_first(taken->json, rlk_json_member(taken->json, chip, "families"));
    struct rlk_release *release = taken->release;
    for (int index = 0; node != NULL; index++, node = rlk_json_next(taken->json, node)) {
        const struct rlk_chip *row = rlk_chip_find(rlk_json_text(taken->json, node));
        if (row == NULL) {
            return fail(taken, node, "chip.families", index, NULL);
        }
        release->families |= RLK_FAMILY_BIT(row->family);
    }
    node = rlk_json_first(taken->json, rlk_json_member(taken->json, chip, "layouts"));
    for (; node != NULL; node = rlk_json_next(taken->json, node)) {
        release->layouts[release->layout_count++] = rlk_json_text(taken->json, node);
    }
    return RLK_OK;
}

static void take_sha256(uint8_t *sha256, const char *digits)
{
    for (size_t i = 0; i < RLK_SHA256_BYTES; i++) {
        const char pair[] = {digits[2U * i], digits[2U * i + 1U], '\0'};
        sha256[i] = (uint8_t)rlk_hex_number(pair);
    }
}

static enum rlk_error take_images(const struct taken *taken)
{
    const struct rlk_json_node *node = rlk_json_first(taken->json, root_member(taken, "images"));
    for (; node != NULL; node = rlk_json_next(taken->json, node)) {
        struct rlk_release_image *image = &taken->release->images[taken->release->image_count++];
        const char *address = text_of(taken, node, "address");
        image->file = text_of(taken, node, "file");
        image->bytes = rlk_json_member(taken->json, node, "size")->number;
        image->is_binary = address != NULL;
        image->addr = address == NULL ? 0 : rlk_hex_number(address + sizeof "0x" - 1U);
        take_sha256(image->sha256, text_of(taken, node, "sha256"));
    }
    return RLK_OK;
}

/* The largest value that the field may have in any of the families; false if none of them lets it be set. */
static bool find_ones(rlk_family_mask families, const char *name, uint32_t *ones)
{
    bool is_found = false;
    *ones = 0;
    for (unsigned i = RLK_FAMILY_UNKNOWN + 1U; i < RLK_FAMILY_COUNT; i++) {
        bool is_meant = rlk_families_have(families, rlk_chip_row((enum rlk_family)i));
        const struct rlk_option_slot *slot =
            is_meant ? rlk_options_slot_find(rlk_chip_row((enum rlk_family)i), name) : NULL;
        if (slot != NULL && slot->use != RLK_SLOT_NEVER) {
            *ones |= rlk_options_slot_ones(slot);
            is_found = true;
        }
    }
    return is_found;
}

static enum rlk_error take_options(const struct taken *taken)
{
    const struct rlk_json_node *options = root_member(taken, "options");
    const struct rlk_json_node *node = rlk_json_first(taken->json, options);
    struct rlk_release *release = taken->release;
    if (node != NULL && !release->end_protected) {
        return fail(taken, options, "options", -1, NULL);
    }
    for (int index = 0; node != NULL; index++, node = rlk_json_next(taken->json, node)) {
        struct rlk_option_wish *wish = &release->options[release->option_count++];
        wish->field = text_of(taken, node, "field");
        wish->value = rlk_json_member(taken->json, node, "value")->number;
        uint32_t ones = 0;
        bool is_known = find_ones(release->families, wish->field, &ones);
        if (!is_known || wish->value > ones) {
            return fail(taken, node, "options", index, is_known ? "value" : "field");
        }
    }
    return RLK_OK;
}

static enum rlk_error take_end(const struct taken *taken)
{
    struct rlk_release *release = taken->release;
    const struct rlk_json_node *way_back = root_member(taken, "return");
    int index = rlk_word_index(RLK_WORDS_WAY_BACK, rlk_json_text(taken->json, way_back));
    release->end_protected = strcmp(text_of(taken, &taken->json->nodes[0], "end"), "protected") == 0;
    release->way_back = (enum rlk_way_back)(RLK_WAY_BACK_BOOT0 + index);
    bool all_have_it = true;
    for (unsigned i = RLK_FAMILY_UNKNOWN + 1U; i < RLK_FAMILY_COUNT; i++) {
        bool is_meant = rlk_families_have(release->families, rlk_chip_row((enum rlk_family)i));
        all_have_it = all_have_it && (!is_meant || rlk_chip_row((enum rlk_family)i)->has_empty_check);
    }
    bool is_possible = release->way_back != RLK_WAY_BACK_EMPTY_CHECK || all_have_it;
    return is_possible ? RLK_OK : fail(taken, way_back, "return", -1, NULL);
}

enum rlk_error rlk_release_take(struct rlk_release *release, const struct rlk_json *json,
                                struct rlk_document_place *place)
{
    static enum rlk_error (*const parts[])(const struct taken *taken) = {take_chip, take_images, take_end,
                                                                         take_options};
    const struct taken taken = {release, json, place};
    const struct rlk_json_node *root = &json->nodes[0];
    const char *expires = text_of(&taken, root, "expires");
    *release = (struct rlk_release){
        .name = text_of(&taken, root, "name"),
        .product = text_of(&taken, root, "product"),
        .version = text_of(&taken, root, "version"),
        .sequence = root_member(&taken, "sequence")->number,
        .created_s = rlk_document_time_s(text_of(&taken, root, "created")),
        .expires_s = expires == NULL ? 0 : rlk_document_time_s(expires),
    };
    enum rlk_error error = RLK_OK;
    for (size_t i = 0; error == RLK_OK && i < sizeof parts / sizeof parts[0]; i++) {
        error = parts[i](&taken);
    }
    return error;
}

static enum rlk_family only_family(rlk_family_mask families)
{
    for (unsigned i = RLK_FAMILY_UNKNOWN + 1U; i < RLK_FAMILY_COUNT; i++) {
        if (families == RLK_FAMILY_BIT(i)) {
            return (enum rlk_family)i;
        }
    }
    return RLK_FAMILY_UNKNOWN;
}

void rlk_release_wish(const struct rlk_release *release, struct rlk_wish *wish)
{
    wish->end_protected = release->end_protected;
    wish->way_back = release->way_back;
    wish->families = release->families;
    wish->family = only_family(release->families);
    wish->layouts = release->layout_count == 0 ? NULL : release->layouts;
    wish->layout_count = release->layout_count;
    wish->options = release->option_count == 0 ? NULL : release->options;
    wish->option_count = release->option_count;
}
