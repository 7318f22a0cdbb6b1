#include "release/maker.h"
#include "output/exit_code.h"
#include "output/text.h"
#include "relock/release.h"
#include "system/folder.h"
#include "system/output_file.h"
#include "system/times.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int maker_usage(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("relock: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    return EXIT_USAGE;
}

enum { SAY_BYTES = 2048 };

void maker_say(struct output *output, const char *format, ...)
{
    char text[SAY_BYTES];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    output->functions->notice(output, text);
}

/* What can follow the verb: "new, refresh, check". */
static int list_words(const char *verb, const struct maker_word *rows, size_t count)
{
    fprintf(stderr, "relock: `relock %s` goes on with one of:", verb);
    for (size_t i = 0; i < count; i++) {
        fprintf(stderr, "%s %s", i > 0 ? "," : "", rows[i].word);
    }
    fprintf(stderr, "; see `relock %s --help`\n", verb);
    return EXIT_USAGE;
}

int maker_dispatch(const struct arguments *arguments, struct output *output, const struct maker_word *rows,
                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (arguments->word_count == 0 || strcmp(arguments->words[0], rows[i].word) != 0) {
            continue;
        }
        unsigned words = arguments->word_count - 1;
        if (words < rows[i].words_min || words > rows[i].words_max) {
            return maker_usage("the form is: relock %s", rows[i].form);
        }
        return maker_says_all_once(arguments) ? rows[i].run(arguments, output) : EXIT_USAGE;
    }
    return list_words(verb_name(arguments->verb), rows, count);
}

const char *maker_text(const struct text_list *list)
{
    return list->count > 0 ? list->items[0] : NULL;
}

bool maker_says_all_once(const struct arguments *arguments)
{
    const struct maker_arguments *maker = &arguments->maker;
    const struct {
        const char *name;
        const struct text_list *list;
    } rows[] = {
        {"release", &maker->release},   {"product", &maker->product}, {"release-version", &maker->version},
        {"sequence", &maker->sequence}, {"end", &maker->end},         {"options", &maker->options},
        {"expires", &maker->expires},   {"contact", &maker->contact}, {"email", &maker->email},
        {"phone", &maker->phone},       {"web", &maker->web},         {"application", &maker->application},
        {"ticket", &maker->ticket},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].list->count > 1) {
            maker_usage("--%s is said twice", rows[i].name);
            return false;
        }
    }
    if (maker->keys.count > KEY_RING_MAX) {
        maker_usage("--key can be given %u times at most", KEY_RING_MAX);
        return false;
    }
    return true;
}

bool maker_expiry(const struct arguments *arguments, uint64_t *expires_s)
{
    const char *text = maker_text(&arguments->maker.expires);
    *expires_s = text != NULL ? rlk_document_time_s(text) : 0;
    if (text != NULL && *expires_s <= times_now_s()) {
        maker_usage("--expires wants a time that is still to come, such as 2030-01-31T12:00:00Z");
        return false;
    }
    return true;
}

json_t *maker_now(void)
{
    char time[TIME_TEXT_BYTES];
    times_write(time, times_now_s());
    return json_string(time);
}

static json_t *from_children(const struct rlk_json *tree, const struct rlk_json_node *node)
{
    bool is_object = node->kind == RLK_JSON_OBJECT;
    json_t *value = is_object ? json_object() : json_array();
    for (const struct rlk_json_node *child = rlk_json_first(tree, node); child != NULL;
         child = rlk_json_next(tree, child)) {
        json_t *item = maker_from_tree(tree, child);
        if (is_object) {
            json_object_set_new(value, rlk_json_key(tree, child), item);
        } else {
            json_array_append_new(value, item);
        }
    }
    return value;
}

json_t *maker_from_tree(const struct rlk_json *tree, const struct rlk_json_node *node)
{
    switch ((enum rlk_json_kind)node->kind) {
    case RLK_JSON_NUMBER:
        return json_integer((json_int_t)node->number);
    case RLK_JSON_TEXT:
        return json_string(rlk_json_text(tree, node));
    case RLK_JSON_FALSE:
    case RLK_JSON_TRUE:
        return json_boolean(node->kind == RLK_JSON_TRUE);
    case RLK_JSON_ARRAY:
    case RLK_JSON_OBJECT:
        return from_children(tree, node);
    default:
        return json_null();
    }
}

bool maker_number(const char *text, uint32_t *number)
{
    return strspn(text, "0123456789") == strlen(text) && text[0] != '0' && text_to_number(text, number);
}

enum rlk_error maker_write(const char *path, const void *bytes, size_t length)
{
    struct output_file file;
    enum rlk_error error = output_file_begin(&file, path);
    if (error == RLK_OK) {
        /* A short write is known to the stream, and so to `keep`. */
        (void)fwrite(bytes, length, 1, file.stream);
        error = output_file_keep(&file);
    }
    return error;
}

/* Indented, with a line feed at its end; the caller's to free. NULL: no memory. */
static char *text_of(const json_t *value)
{
    char *text = value != NULL ? json_dumps(value, JSON_INDENT(2)) : NULL;
    size_t length = text != NULL ? strlen(text) : 0;
    char *longer = text != NULL ? realloc(text, length + 2) : NULL;
    if (longer == NULL) {
        free(text);
        return NULL;
    }
    longer[length] = '\n';
    longer[length + 1] = '\0';
    return longer;
}

static enum rlk_error judge(const char *text, enum rlk_document_kind kind, const char *path, struct problem *problem)
{
    struct rlk_json *tree = text != NULL ? malloc(sizeof *tree) : NULL;
    if (tree == NULL) {
        return problem_set(problem, RLK_E_FILE_NOT_WRITTEN, path);
    }
    struct rlk_release release;
    const struct content content = {(uint8_t *)text, strlen(text)};
    enum rlk_error error = problem_set_document(problem, tree, kind, &content, path);
    if (error == RLK_OK && kind == RLK_DOCUMENT_RELEASE) {
        error = rlk_release_take(&release, tree, &problem->place);
        problem->error = error;
    }
    free(tree);
    return error;
}

enum rlk_error maker_judge(const json_t *value, enum rlk_document_kind kind, const char *path, struct problem *problem)
{
    char *text = text_of(value);
    enum rlk_error error = judge(text, kind, path, problem);
    free(text);
    return error;
}

enum rlk_error maker_store(const json_t *value, enum rlk_document_kind kind, const char *folder, const char *name,
                           struct problem *problem)
{
    char path[PATH_MAX];
    if (!folder_join(path, sizeof path, folder, name)) {
        return problem_set(problem, RLK_E_FILE_NOT_WRITTEN, name);
    }
    char *text = text_of(value);
    enum rlk_error error = judge(text, kind, path, problem);
    if (error == RLK_OK) {
        error = problem_set(problem, maker_write(path, text, strlen(text)), path);
    }
    free(text);
    return error;
}

void maker_drop_signature(const char *folder, const char *name)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s.sig", folder, name);
    if ((size_t)length < sizeof path) {
        (void)unlink(path);
    }
}
