#include "board/options_profile.h"
#include "system/content.h"
#include "system/hex.h"
#include <jansson.h>
#include <string.h>

static json_t *block_of(const struct rlk_findings *found)
{
    char digits[2U * RLK_OPTIONS_BYTES_MAX + 1U];
    hex_write(digits, found->options, found->options_bytes);
    return json_string(digits);
}

static json_t *options_of(const struct rlk_findings *found)
{
    struct rlk_option_wish wishes[RLK_OPTION_WISHES_MAX];
    const size_t count = rlk_options_profile(&found->chip, found->options, wishes, RLK_OPTION_WISHES_MAX);
    json_t *options = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(options,
                              json_pack("{s:s, s:I}", "field", wishes[i].field, "value", (json_int_t)wishes[i].value));
    }
    return options;
}

bool options_profile_write(FILE *stream, const struct rlk_findings *found)
{
    json_t *profile =
        json_pack("{s:s, s:s, s:s, s:o, s:o}", "format", "relock-options-1", "family", found->chip.name, "layout",
                  found->fingerprint.flash_string, "block", block_of(found), "options", options_of(found));
    bool is_written = profile != NULL && json_dumpf(profile, stream, JSON_INDENT(2)) == 0 && fputc('\n', stream) != EOF;
    json_decref(profile);
    return is_written;
}

#define PROFILE_BYTES_MAX 65536U

/* The core's own name for it: it outlives the document. */
static const char *known_name(const struct rlk_chip *chip, const char *name)
{
    const uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0};
    struct rlk_option_field field;
    for (size_t i = 0; rlk_options_field(chip, block, i, &field); i++) {
        if (strcmp(field.name, name) == 0) {
            return field.name;
        }
    }
    return NULL;
}

static bool take_field(struct options_profile *profile, const struct rlk_chip *chip, const json_t *item)
{
    const char *name = json_string_value(json_object_get(item, "field"));
    const json_t *value = json_object_get(item, "value");
    const json_int_t number = json_integer_value(value);
    const char *known = name != NULL ? known_name(chip, name) : NULL;
    if (known == NULL || !json_is_integer(value) || number < 0 || number > UINT32_MAX) {
        return false;
    }
    profile->wishes[profile->count++] = (struct rlk_option_wish){known, (uint32_t)number};
    return true;
}

static bool take_profile(struct options_profile *profile, const json_t *root)
{
    const char *format = json_string_value(json_object_get(root, "format"));
    const char *family = json_string_value(json_object_get(root, "family"));
    const json_t *options = json_object_get(root, "options");
    const struct rlk_chip *chip = family != NULL ? rlk_chip_find(family) : NULL;
    const size_t count = json_array_size(options);
    bool is_one = format != NULL && strcmp(format, "relock-options-1") == 0 && chip != NULL && count > 0 &&
                  count <= RLK_OPTION_WISHES_MAX;
    profile->family = chip != NULL ? chip->family : RLK_FAMILY_UNKNOWN;
    for (size_t i = 0; i < count && is_one; i++) {
        is_one = take_field(profile, chip, json_array_get(options, i));
    }
    return is_one;
}

enum rlk_error options_profile_read(struct options_profile *profile, const char *path)
{
    struct content content = {0};
    *profile = (struct options_profile){.count = 0};
    enum rlk_error error = RLK_E_OPTIONS_PROFILE_BAD;
    if (content_read(&content, path, PROFILE_BYTES_MAX) == CONTENT_OK) {
        json_t *root = json_loadb((const char *)content.bytes, content.length, JSON_REJECT_DUPLICATES, NULL);
        error = take_profile(profile, root) ? RLK_OK : RLK_E_OPTIONS_PROFILE_BAD;
        json_decref(root);
    }
    content_free(&content);
    return error;
}
