#include "release/release_view.h"
#include "output/json.h"
#include "output/text.h"
#include "system/hex.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMNS = 15, COLUMNS = 79, LINE_BYTES = 1200 };

/* Texts of documents hold line feeds, and nothing else that moves a cursor. */
void release_view_line(struct output *output, const char *label, const char *text)
{
    char *copy = strdup(text);
    fprintf(output->stream, "  %-*s", LABEL_COLUMNS - 2, label);
    for (char *line = copy; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        text_wrap(output->stream, line, LABEL_COLUMNS, LABEL_COLUMNS, COLUMNS);
        fprintf(output->stream, "%*s", end != NULL ? LABEL_COLUMNS : 0, "");
        line = end != NULL ? end + 1 : NULL;
    }
    free(copy);
}

/* A text of the document in its first language; NULL if there is none. */
static const char *text_of(const struct rlk_json *tree, const struct rlk_json_node *node)
{
    const struct rlk_json_node *languages = rlk_json_member(tree, &tree->nodes[0], "languages");
    const char *first = rlk_json_text(tree, rlk_json_first(tree, languages));
    return rlk_json_text(tree, rlk_json_member(tree, node, first));
}

static void show_texts(const struct loaded_release *loaded, struct output *output)
{
    const struct rlk_json *tree = &loaded->tree;
    const char *notes = text_of(tree, rlk_json_member(tree, &tree->nodes[0], "notes"));
    const struct rlk_json_node *lost = rlk_json_member(tree, &tree->nodes[0], "lost");
    if (notes != NULL) {
        release_view_line(output, "New", notes);
    }
    for (const struct rlk_json_node *node = rlk_json_first(tree, lost); node != NULL;
         node = rlk_json_next(tree, node)) {
        const char *text = text_of(tree, node);
        release_view_line(output, "Lost", text != NULL ? text : "");
    }
}

static void show_text(struct output *output, const struct loaded_release *loaded, const char *key)
{
    char line[LINE_BYTES];
    fputs("\nRelease\n", output->stream);
    snprintf(line, sizeof line, "%s %s", loaded->release.product, loaded->release.version);
    release_view_line(output, "Product", line);
    snprintf(line, sizeof line, "%s, sequence %" PRIu32, loaded->release.name, loaded->release.sequence);
    release_view_line(output, "Name", line);
    snprintf(line, sizeof line, "by the trusted key %s", key);
    release_view_line(output, "Signed", key != NULL ? line : "NOT CHECKED: --unsigned was said");
    show_texts(loaded, output);
    fflush(output->stream);
}

void release_view_event(struct output *output, const char *event, const struct loaded_release *loaded, const char *key)
{
    struct json json;
    json_begin_event(&json, output->stream, event);
    json_text(&json, "name", loaded->release.name);
    json_text(&json, "product", loaded->release.product);
    json_text(&json, "version", loaded->release.version);
    json_number(&json, "sequence", loaded->release.sequence);
    json_number(&json, "edition", loaded->seen.edition);
    json_text(&json, "key", key);
    json_end_event(&json);
}

void release_view_short(const struct arguments *arguments, struct output *output, const struct loaded_release *loaded)
{
    char id[2 * KEY_ID_BYTES + 1];
    hex_write(id, loaded->signer.id, sizeof loaded->signer.id);
    const char *key = loaded->is_signed ? id : NULL;
    if (arguments->json) {
        release_view_event(output, "release", loaded, key);
    } else {
        show_text(output, loaded, key);
    }
}
