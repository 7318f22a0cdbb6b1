#include "board/options_profile.h"
#include "system/hex.h"
#include <jansson.h>

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
