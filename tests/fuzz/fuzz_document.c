/* Documents of every kind: the same answer twice, a sound tree, places inside the document, and releases that the
 * engine can be given. */
#include "fuzz.h"
#include "relock/release.h"
#include <stdlib.h>
#include <string.h>

enum { ASCII_END = 0x80, CONTINUATION = 0x80, CONTINUATION_MASK = 0xC0 };

static struct rlk_json json;
static struct rlk_json again;

static bool is_continued(const uint8_t *text, size_t bytes)
{
    bool is_good = true;
    for (size_t i = 0; i < bytes; i++) {
        is_good = is_good && (text[i] & CONTINUATION_MASK) == CONTINUATION;
    }
    return is_good;
}

/* Written anew, from the definition: a character of n bytes needs n of them, and no NUL occurs. */
static void check_text(const char *text)
{
    fuzz_demand(memchr(text, '\0', (size_t)(&json.text[sizeof json.text] - text)) != NULL, "a text ends in the buffer");
    for (const uint8_t *at = (const uint8_t *)text; *at != 0;) {
        size_t bytes = *at < ASCII_END ? 1U
                       : *at < 0xC2U   ? 0U
                       : *at < 0xE0U   ? 2U
                       : *at < 0xF0U   ? 3U
                       : *at < 0xF5U   ? 4U
                                       : 0U;
        fuzz_demand(bytes > 0 && is_continued(at + 1, bytes - 1U), "a text is UTF-8");
        fuzz_demand(!(at[0] == 0xE0U && at[1] < 0xA0U) && !(at[0] == 0xEDU && at[1] >= 0xA0U),
                    "no overlong, no surrogate");
        fuzz_demand(!(at[0] == 0xF0U && at[1] < 0x90U) && !(at[0] == 0xF4U && at[1] >= 0x90U), "no character beyond");
        at += bytes;
    }
}

/* Links lead to later nodes only, so there is no cycle; every node but the root is the child of exactly one. */
static void check_tree(size_t size)
{
    size_t children = 0;
    for (size_t i = 0; i < json.node_count; i++) {
        const struct rlk_json_node *node = &json.nodes[i];
        bool is_open = node->kind == RLK_JSON_ARRAY || node->kind == RLK_JSON_OBJECT;
        fuzz_demand(node->first == 0 || (node->first == i + 1U && is_open), "a first child follows its parent");
        fuzz_demand(node->next == 0 || (node->next > i && node->next < json.node_count), "a sibling comes later");
        fuzz_demand(node->offset < size && (node->count == 0) == (node->first == 0),
                    "a place, and as many as there are");
        children += node->count;
        if (node->kind == RLK_JSON_TEXT) {
            check_text(rlk_json_text(&json, node));
            fuzz_demand(strlen(rlk_json_text(&json, node)) == node->text_bytes, "a text has its length");
        }
        for (const struct rlk_json_node *child = rlk_json_first(&json, node); child != NULL;
             child = rlk_json_next(&json, child)) {
            check_text(rlk_json_key(&json, child));
            fuzz_demand(node->kind == RLK_JSON_ARRAY ||
                            rlk_json_member(&json, node, rlk_json_key(&json, child)) == child,
                        "a name is given once");
        }
    }
    fuzz_demand(children + 1U == json.node_count, "a tree");
}

static void check_place(const struct rlk_document_place *place, size_t size)
{
    const char *end = memchr(place->path, '\0', sizeof place->path);
    fuzz_demand(place->offset <= size, "the place is inside the document");
    fuzz_demand(end != NULL, "the path ends");
    for (const char *at = place->path; at < end; at++) {
        fuzz_demand(*at >= ' ' && *at <= '~', "the path is printable");
    }
}

static void check_release(size_t size)
{
    struct rlk_release release;
    struct rlk_document_place place = {0};
    struct rlk_wish wish = {.job = RLK_JOB_UPDATE};
    enum rlk_error error = rlk_release_take(&release, &json, &place);
    check_place(&place, size);
    if (error != RLK_OK) {
        fuzz_demand(error == RLK_E_DOCUMENT_FIELD_VALUE && place.path[0] != '\0', "what means nothing has a place");
        return;
    }
    rlk_release_wish(&release, &wish);
    fuzz_demand(release.image_count > 0 && release.families != 0 && release.sequence > 0, "there is something to do");
    fuzz_demand(rlk_release_estimate_ms(&release) > 0, "and it takes its time");
    fuzz_demand(wish.job == RLK_JOB_UPDATE && wish.way_back != RLK_WAY_BACK_UNSAID, "the way back is said");
    fuzz_demand(wish.option_count == 0 || wish.end_protected, "options are set with the protection only");
    fuzz_demand((wish.layouts == NULL) == (wish.layout_count == 0), "layouts, or none");
    for (size_t i = 0; i < release.image_count; i++) {
        const struct rlk_release_image *image = &release.images[i];
        fuzz_demand(image->bytes > 0 && image->bytes <= RLK_IMAGE_FILE_BYTES_MAX, "an image has a bearable size");
        fuzz_demand(strchr(image->file, '/') == NULL && strchr(image->file, '\\') == NULL && image->file[0] != '.',
                    "a file is no path");
    }
}

/* Blanks behind a document change nothing, anything else does. */
static void check_ends(enum rlk_document_kind kind, const char *bytes, size_t size)
{
    char *longer = malloc(size + 1U);
    if (longer == NULL) {
        abort();
    }
    memcpy(longer, bytes, size);
    longer[size] = '\n';
    fuzz_demand(size == RLK_JSON_BYTES_MAX || rlk_document_read(&again, kind, longer, size + 1U, NULL) == RLK_OK,
                "a line feed at the end");
    longer[size] = '0';
    fuzz_demand(rlk_document_read(&again, kind, longer, size + 1U, NULL) != RLK_OK, "nothing else");
    free(longer);
}

static void check_kind(enum rlk_document_kind kind, const char *bytes, size_t size)
{
    struct rlk_document_place place;
    struct rlk_document_place place_again;
    enum rlk_error error = rlk_document_read(&json, kind, bytes, size, &place);
    fuzz_demand(rlk_document_read(&again, kind, bytes, size, &place_again) == error &&
                    place.offset == place_again.offset && strcmp(place.path, place_again.path) == 0,
                "the same answer twice");
    fuzz_demand(rlk_document_read(&again, kind, bytes, size, NULL) == error, "with or without a place");
    check_place(&place, size);
    if (error != RLK_OK) {
        return;
    }
    fuzz_demand(place.offset == 0 && place.path[0] == '\0', "a good document has no place");
    check_tree(size);
    check_ends(kind, bytes, size);
    if (kind == RLK_DOCUMENT_RELEASE) {
        check_release(size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    size_t offset = SIZE_MAX;
    if (rlk_json_parse(&json, bytes, size, &offset) == RLK_OK) {
        check_tree(size);
    } else {
        fuzz_demand(offset <= size && json.node_count == 0, "refused inside the document, and nothing is left");
    }
    for (unsigned i = 0; i < RLK_DOCUMENT_KINDS; i++) {
        check_kind((enum rlk_document_kind)i, bytes, size);
    }
    return 0;
}
