/* Documents that fit their tables: what their fields mean to each other. */
#include "document/document_rules.h"
#include "line.h"
#include <string.h>

enum { HEX_BASE = 16, FIELD_BYTES = 48 };

struct judged {
    const struct rlk_json *json;
    struct rlk_document_place *place;
};

void rlk_place_set(struct rlk_document_place *place, const struct rlk_json_node *node, const char *name, int index,
                   const char *field)
{
    struct rlk_line path;
    if (place == NULL) {
        return;
    }
    rlk_line_init(&path, place->path, sizeof place->path);
    rlk_line_add(&path, name);
    if (index >= 0) {
        rlk_line_add(&path, "[");
        rlk_line_add_number(&path, (uint32_t)index);
        rlk_line_add(&path, "]");
    }
    rlk_line_add(&path, field == NULL ? "" : ".");
    rlk_line_add(&path, field == NULL ? "" : field);
    place->offset = node->offset;
}

static const struct rlk_json_node *member(const struct judged *judged, const struct rlk_json_node *node,
                                          const char *name)
{
    return rlk_json_member(judged->json, node, name);
}

static const struct rlk_json_node *root_member(const struct judged *judged, const char *name)
{
    return member(judged, &judged->json->nodes[0], name);
}

/* "" if it is not there. */
static const char *text_of(const struct judged *judged, const struct rlk_json_node *node, const char *name)
{
    const char *text = rlk_json_text(judged->json, member(judged, node, name));
    return text == NULL ? "" : text;
}

static enum rlk_error fail(const struct judged *judged, const struct rlk_json_node *node, const char *name, int index,
                           const char *field)
{
    rlk_place_set(judged->place, node, name, index, field);
    return RLK_E_DOCUMENT_FIELD_VALUE;
}

static enum rlk_error judge_times(const struct judged *judged)
{
    const struct rlk_json_node *expires = root_member(judged, "expires");
    if (expires == NULL) {
        return RLK_OK;
    }
    bool is_later = rlk_document_time_s(rlk_json_text(judged->json, expires)) >
                    rlk_document_time_s(text_of(judged, &judged->json->nodes[0], "created"));
    return is_later ? RLK_OK : fail(judged, expires, "expires", -1, NULL);
}

/* No two items of the array `name` with the same `field`. */
static enum rlk_error judge_unique(const struct judged *judged, const char *name, const char *field)
{
    const struct rlk_json_node *array = root_member(judged, name);
    int index = 0;
    for (const struct rlk_json_node *node = rlk_json_first(judged->json, array); node != NULL;
         node = rlk_json_next(judged->json, node)) {
        const char *text = text_of(judged, node, field);
        const struct rlk_json_node *other = rlk_json_first(judged->json, array);
        while (other != node && strcmp(text_of(judged, other, field), text) != 0) {
            other = rlk_json_next(judged->json, other);
        }
        if (other != node) {
            return fail(judged, node, name, index, field);
        }
        index++;
    }
    return RLK_OK;
}

static uint32_t number_of(const struct judged *judged, const struct rlk_json_node *node, const char *name)
{
    return member(judged, node, name)->number;
}

uint32_t rlk_hex_number(const char *digits)
{
    uint32_t number = 0;
    for (; *digits != '\0'; digits++) {
        char lower = (char)(*digits | ' ');
        number = number * HEX_BASE + (uint32_t)(lower <= '9' ? lower - '0' : lower - 'a' + HEX_BASE - 6);
    }
    return number;
}

/* A raw image says where it belongs, and does not reach past 2^32; Intel HEX has its addresses itself. */
static enum rlk_error judge_image(const struct judged *judged, const struct rlk_json_node *node, int index)
{
    const struct rlk_json_node *address = member(judged, node, "address");
    bool is_binary = rlk_text_ends_with(text_of(judged, node, "file"), ".bin");
    if (address == NULL && is_binary) {
        (void)fail(judged, node, "images", index, "address");
        return RLK_E_DOCUMENT_FIELD_MISSING;
    }
    if (address == NULL) {
        return RLK_OK;
    }
    uint64_t end = (uint64_t)rlk_hex_number(rlk_json_text(judged->json, address) + sizeof "0x" - 1U) +
                   number_of(judged, node, "size");
    return is_binary && end <= UINT64_C(1) << 32U ? RLK_OK : fail(judged, address, "images", index, "address");
}

static enum rlk_error judge_images(const struct judged *judged)
{
    enum rlk_error error = RLK_OK;
    int index = 0;
    for (const struct rlk_json_node *node = rlk_json_first(judged->json, root_member(judged, "images"));
         error == RLK_OK && node != NULL; node = rlk_json_next(judged->json, node)) {
        error = judge_image(judged, node, index);
        index++;
    }
    return error;
}

/* Another name, or the same file. */
static bool agrees(const struct judged *judged, const struct rlk_json_node *a, const struct rlk_json_node *b)
{
    return strcmp(text_of(judged, a, "file"), text_of(judged, b, "file")) != 0 ||
           (strcmp(text_of(judged, a, "sha256"), text_of(judged, b, "sha256")) == 0 &&
            number_of(judged, a, "size") == number_of(judged, b, "size"));
}

/* The first child of `parent` that is `node` itself, or that names the same file otherwise; NULL if there is none. */
static const struct rlk_json_node *find_rival(const struct judged *judged, const struct rlk_json_node *parent,
                                              const struct rlk_json_node *node)
{
    const struct rlk_json_node *child = rlk_json_first(judged->json, parent);
    while (child != NULL && child != node && agrees(judged, child, node)) {
        child = rlk_json_next(judged->json, child);
    }
    return child;
}

static bool is_picture_good(const struct judged *judged, const struct rlk_json_node *picture)
{
    const struct rlk_json_node *step = rlk_json_first(judged->json, root_member(judged, "enter"));
    const struct rlk_json_node *rival = NULL;
    while (rival == NULL && step != NULL) {
        rival = find_rival(judged, member(judged, step, "pictures"), picture);
        step = rlk_json_next(judged->json, step);
    }
    return rival == picture;
}

/* One name is one file: also where it is named twice. */
static enum rlk_error judge_step(const struct judged *judged, const struct rlk_json_node *step, int index)
{
    const struct rlk_json_node *picture = rlk_json_first(judged->json, member(judged, step, "pictures"));
    while (picture != NULL && is_picture_good(judged, picture)) {
        picture = rlk_json_next(judged->json, picture);
    }
    if (picture == NULL) {
        return RLK_OK;
    }
    char field[FIELD_BYTES];
    struct rlk_line line;
    rlk_line_init(&line, field, sizeof field);
    rlk_line_add(&line, "pictures.");
    rlk_line_add(&line, rlk_json_key(judged->json, picture));
    rlk_line_add(&line, ".file");
    return fail(judged, picture, "enter", index, field);
}

static enum rlk_error judge_steps(const struct judged *judged)
{
    enum rlk_error error = RLK_OK;
    int index = 0;
    for (const struct rlk_json_node *node = rlk_json_first(judged->json, root_member(judged, "enter"));
         error == RLK_OK && node != NULL; node = rlk_json_next(judged->json, node)) {
        error = judge_step(judged, node, index);
        index++;
    }
    return error;
}

static enum rlk_error judge_image_files(const struct judged *judged)
{
    const struct rlk_json_node *images = root_member(judged, "images");
    int index = 0;
    for (const struct rlk_json_node *node = rlk_json_first(judged->json, images); node != NULL;
         node = rlk_json_next(judged->json, node)) {
        if (find_rival(judged, images, node) != node) {
            return fail(judged, node, "images", index, "file");
        }
        index++;
    }
    return RLK_OK;
}

static enum rlk_error judge_options(const struct judged *judged)
{
    return judge_unique(judged, "options", "field");
}

static enum rlk_error judge_keys(const struct judged *judged)
{
    return judge_unique(judged, "keys", "id");
}

/* A site that knows keys takes nothing that is not signed. */
static enum rlk_error judge_policy(const struct judged *judged)
{
    const struct rlk_json_node *policy = root_member(judged, "unsigned");
    bool has_keys = root_member(judged, "keys")->count > 0;
    bool says = strcmp(rlk_json_text(judged->json, policy), "say") == 0;
    return has_keys && says ? fail(judged, policy, "unsigned", -1, NULL) : RLK_OK;
}

static enum rlk_error judge_colors(const struct judged *judged)
{
    static const char *const pairs[][2] = {{"accent", "accentText"}, {"accentDark", "accentTextDark"}};
    const struct rlk_json_node *colors = root_member(judged, "colors");
    for (size_t i = 0; colors != NULL && i < sizeof pairs / sizeof pairs[0]; i++) {
        if (!rlk_colors_are_readable(text_of(judged, colors, pairs[i][0]), text_of(judged, colors, pairs[i][1]))) {
            return fail(judged, member(judged, colors, pairs[i][1]), "colors", -1, pairs[i][1]);
        }
    }
    return RLK_OK;
}

#define BIT(kind) (1U << (kind))

static const struct {
    unsigned kinds;
    enum rlk_error (*judge)(const struct judged *judged);
} judges[] = {
    {BIT(RLK_DOCUMENT_RELEASE) | BIT(RLK_DOCUMENT_CHANNEL), judge_times},
    {BIT(RLK_DOCUMENT_RELEASE), judge_images},
    {BIT(RLK_DOCUMENT_RELEASE), judge_image_files},
    {BIT(RLK_DOCUMENT_RELEASE), judge_steps},
    {BIT(RLK_DOCUMENT_RELEASE), judge_options},
    {BIT(RLK_DOCUMENT_KEYS) | BIT(RLK_DOCUMENT_SITE), judge_keys},
    {BIT(RLK_DOCUMENT_SITE), judge_policy},
    {BIT(RLK_DOCUMENT_SITE), judge_colors},
};

enum rlk_error rlk_document_judge(const struct rlk_json *json, enum rlk_document_kind kind,
                                  struct rlk_document_place *place)
{
    const struct judged judged = {json, place};
    enum rlk_error error = RLK_OK;
    for (size_t i = 0; error == RLK_OK && i < sizeof judges / sizeof judges[0]; i++) {
        if ((judges[i].kinds & BIT(kind)) != 0) {
            error = judges[i].judge(&judged);
        }
    }
    return error;
}
