/* `relock layout STRING...`: what a DfuSe memory layout means, or where it is wrong. */
#include "output/json.h"
#include "output/text.h"
#include "relock/layout.h"
#include "verbs.h"
#include <inttypes.h>
#include <string.h>

#define COLUMNS 79U
#define FIGURE  32U
#define TEXT    512U

/* "read, erase, write" */
static const char *access_text(uint8_t access)
{
    static const char *const texts[] = {
        [0] = "nothing",
        [RLK_SECTOR_READABLE] = "read",
        [RLK_SECTOR_ERASABLE] = "erase",
        [RLK_SECTOR_READABLE | RLK_SECTOR_ERASABLE] = "read, erase",
        [RLK_SECTOR_WRITABLE] = "write",
        [RLK_SECTOR_READABLE | RLK_SECTOR_WRITABLE] = "read, write",
        [RLK_SECTOR_ERASABLE | RLK_SECTOR_WRITABLE] = "erase, write",
        [RLK_SECTOR_READABLE | RLK_SECTOR_ERASABLE | RLK_SECTOR_WRITABLE] = "read, erase, write",
    };
    return access < sizeof texts / sizeof texts[0] ? texts[access] : texts[0];
}

static void print_json(FILE *stream, const char *text, const struct rlk_layout *layout, enum rlk_error error,
                       size_t place)
{
    struct json json;
    json_begin_event(&json, stream, "layout");
    json_text(&json, "text", text);
    json_text(&json, "error", error != RLK_OK ? rlk_error_name(error) : NULL);
    if (error != RLK_OK) {
        json_number(&json, "place", place);
    }
    json_text(&json, "name", layout->name);
    json_number(&json, "bytes", rlk_layout_total_bytes(layout));
    json_number(&json, "sectors", rlk_layout_sector_count(layout));
    json_open(&json, "groups", '[');
    for (size_t i = 0; i < layout->group_count; i++) {
        const struct rlk_sector_group *group = &layout->groups[i];
        json_open(&json, NULL, '{');
        json_addr(&json, "addr", group->start_addr);
        json_number(&json, "count", group->count);
        json_number(&json, "sector_bytes", group->sector_bytes);
        json_bool(&json, "readable", (group->access & RLK_SECTOR_READABLE) != 0);
        json_bool(&json, "erasable", (group->access & RLK_SECTOR_ERASABLE) != 0);
        json_bool(&json, "writable", (group->access & RLK_SECTOR_WRITABLE) != 0);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_end_event(&json);
}

static void print_group(FILE *stream, const struct rlk_sector_group *group)
{
    char size[FIGURE];
    const uint64_t end = group->start_addr + (uint64_t)group->count * group->sector_bytes - 1U;
    text_bytes(size, sizeof size, group->sector_bytes);
    fprintf(stream, "  0x%08" PRIX32 " to 0x%08" PRIX64 "  %5" PRIu32 " x %-10s %s\n", group->start_addr, end,
            group->count, size, access_text(group->access));
}

/* The text with a mark below the character that is wrong. */
static void print_wrong(FILE *stream, const char *text, enum rlk_error error, size_t place)
{
    char clean[TEXT];
    text_clean(clean, sizeof clean, text);
    fprintf(stream, "%s\n", clean);
    if (place < sizeof clean - 1U) {
        fprintf(stream, "%*s^\n", (int)place, "");
    }
    text_wrap(stream, rlk_error_sentence(error), 0, 0, COLUMNS);
}

static void print_text(FILE *stream, const char *text, const struct rlk_layout *layout, enum rlk_error error,
                       size_t place)
{
    if (error != RLK_OK) {
        print_wrong(stream, text, error, place);
        return;
    }
    char size[FIGURE];
    text_bytes(size, sizeof size, rlk_layout_total_bytes(layout));
    fprintf(stream, "%s: %s in %" PRIu32 " sectors\n", layout->name, size, rlk_layout_sector_count(layout));
    for (size_t i = 0; i < layout->group_count; i++) {
        print_group(stream, &layout->groups[i]);
    }
}

int verb_layout(const struct arguments *arguments, struct output *output)
{
    if (arguments->word_count == 0) {
        fputs("relock: `relock layout STRING...` says what memory layouts mean\n", stderr);
        return EXIT_USAGE;
    }
    int exit_code = EXIT_DONE;
    for (unsigned i = 0; i < arguments->word_count; i++) {
        const char *text = arguments->words[i];
        struct rlk_layout layout;
        size_t place = 0;
        const enum rlk_error error = rlk_layout_parse(&layout, text, strlen(text), &place);
        (arguments->json ? print_json : print_text)(output->stream, text, &layout, error, place);
        exit_code = error == RLK_OK ? exit_code : EXIT_FAILED;
    }
    return exit_code;
}
