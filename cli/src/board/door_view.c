#include "board/door_view.h"
#include "board/door.h"
#include "output/json.h"
#include "output/text.h"
#include <inttypes.h>
#include <string.h>

#define COLUMNS     79U
#define TEXT_COLUMN 17U /* two blanks, the way, blanks */
#define TEXT        DOOR_TEXT_BYTES

static const enum rlk_way_back ways[] = {RLK_WAY_BACK_BOOT0, RLK_WAY_BACK_EMPTY_CHECK};

static void put_json(FILE *stream, enum rlk_way_back way, const struct rlk_findings *found, const struct door *door)
{
    struct json json;
    json_begin_event(&json, stream, "door");
    json_text(&json, "way", rlk_way_back_name(way));
    if (door->is_uncertain) {
        json_nothing(&json, "open");
    } else {
        json_bool(&json, "open", door->error == RLK_OK);
    }
    json_open(&json, "closed_by", '[');
    for (size_t i = 0; i < door->count; i++) {
        json_text(&json, NULL, door->fields[i]);
    }
    json_close(&json, ']');
    if (door->is_uncertain) {
        char text[TEXT];
        door_uncertainty_text(found, text);
        json_text(&json, "reason", text);
    }
    json_end_event(&json);
}

static void put_line(FILE *stream, const char *way, const char *text)
{
    fprintf(stream, "  %-14s ", way);
    text_wrap(stream, text, TEXT_COLUMN, TEXT_COLUMN, COLUMNS);
}

/* In either block. */
static bool find_field(const struct rlk_findings *found, const char *name, struct rlk_option_field *field)
{
    for (size_t i = 0; rlk_options_field(&found->chip, found->options, i, field); i++) {
        if (strcmp(field->name, name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; rlk_options_second_field(&found->chip, found->second_options, i, field); i++) {
        if (strcmp(field->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static const char *no_way_text(enum rlk_way_back way, const struct rlk_findings *found)
{
    return way == RLK_WAY_BACK_EMPTY_CHECK && !found->chip.has_empty_check
               ? "this family does not return because its flash is empty"
               : "closed: Relock knows no such way back for this family";
}

static void put_closing(FILE *stream, enum rlk_way_back way, const struct rlk_findings *found, const char *name)
{
    char text[TEXT];
    struct rlk_option_field field;
    if (strcmp(name, "way back") == 0) {
        snprintf(text, sizeof text, "%s", no_way_text(way, found));
    } else if (find_field(found, name, &field)) {
        snprintf(text, sizeof text, "closed by %s = 0x%" PRIx32 "%s%s%s", name, field.value,
                 field.meaning[0] != '\0' ? " (" : "", field.meaning, field.meaning[0] != '\0' ? ")" : "");
    } else {
        snprintf(text, sizeof text, "closed by %s", name);
    }
    put_line(stream, rlk_way_back_name(way), text);
}

static void put_text(FILE *stream, enum rlk_way_back way, const struct rlk_findings *found, const struct door *door)
{
    const char *name = rlk_way_back_name(way);
    char text[TEXT];
    if (door->is_uncertain) {
        door_uncertainty_text(found, text);
        put_line(stream, name, text);
    } else if (door->error == RLK_OK) {
        put_line(stream, name, "open");
    }
    for (size_t i = 0; i < door->count; i++) {
        put_closing(stream, way, found, door->fields[i]);
    }
}

void door_view(struct output *output, bool is_json, const struct rlk_findings *found)
{
    if (!is_json) {
        fputs("\nThe way back into DFU, once the device is protected with these option bytes\n", output->stream);
    }
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct door door;
        door_judge(&door, found, ways[i]);
        if (is_json) {
            put_json(output->stream, ways[i], found, &door);
        } else {
            put_text(output->stream, ways[i], found, &door);
        }
    }
    fflush(output->stream);
}
