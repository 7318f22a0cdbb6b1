#include "image/image_simple.h"
#include "job/file.h"
#include "output/text.h"
#include "release/release_parts.h"
#include "release/release_texts.h"
#include "release/release_verbs.h"
#include "relock/image_family.h"
#include "system/folder.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* What the command line must say; each has an option of that name. */
static int missing(const struct arguments *arguments)
{
    const struct maker_arguments *maker = &arguments->maker;
    const struct {
        const char *name;
        bool is_said;
    } rows[] = {
        {"product", maker->product.count > 0},   {"release-version", maker->version.count > 0},
        {"sequence", maker->sequence.count > 0}, {"family", maker->families != 0},
        {"end", maker->end.count > 0},           {"return", arguments->way_back != RLK_WAY_BACK_UNSAID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!rows[i].is_said) {
            return maker_usage("`release new` wants --%s; `relock release --help` shows the form", rows[i].name);
        }
    }
    return EXIT_DONE;
}

/* The folder's own name is the release's. */
static int take_name(struct new_release *release)
{
    size_t length = strlen(release->folder);
    while (length > 1 && release->folder[length - 1] == '/') {
        length--;
    }
    size_t begin = length;
    while (begin > 0 && release->folder[begin - 1] != '/') {
        begin--;
    }
    int name_length =
        snprintf(release->name, sizeof release->name, "%.*s", (int)(length - begin), release->folder + begin);
    if ((size_t)name_length >= sizeof release->name || !name_is_release(release->name)) {
        return maker_usage("the folder's name is the release's: 1 to 64 of a-z, 0-9 and -");
    }
    return EXIT_DONE;
}

static int take_numbers(struct new_release *release)
{
    const struct maker_arguments *maker = &release->arguments->maker;
    if (!maker_number(maker_text(&maker->sequence), &release->sequence)) {
        return maker_usage("--sequence wants a number from 1 on");
    }
    const char *end = maker_text(&maker->end);
    if (strcmp(end, "protected") != 0 && strcmp(end, "open") != 0) {
        return maker_usage("--end wants protected or open");
    }
    return maker_expiry(release->arguments, &release->expires_s) ? EXIT_DONE : EXIT_USAGE;
}

static bool ends_in(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t tail = strlen(ending);
    return length > tail && strcmp(text + length - tail, ending) == 0;
}

/* Not told apart by some file systems, and so by nobody here. */
static bool is_taken(const struct new_release *release, const char *name)
{
    for (size_t i = 0; i + 1 < release->image_count; i++) {
        if (strcasecmp(release->images[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The characters that the format takes, as many as leave room for `tail`. */
static void join_name(struct new_image *image, const char *stem, size_t length, const char *tail)
{
    size_t room = sizeof image->name - 1 - strlen(tail);
    snprintf(image->name, sizeof image->name, "%.*s%s", (int)(length < room ? length : room), stem, tail);
    for (char *letter = image->name; *letter != '\0'; letter++) {
        bool is_plain = isalnum((unsigned char)*letter) || strchr("._-", *letter) != NULL;
        bool is_hidden = letter == image->name && *letter == '.';
        *letter = is_plain && !is_hidden ? *letter : '-';
    }
}

/* A name that the format takes, the ending that says what it is, and no name twice: "lamp.hex", "lamp-2.hex". */
static void name_image(const struct new_release *release, struct new_image *image)
{
    const char *slash = strrchr(image->place, '/');
    const char *ending = image->is_binary ? ".bin" : ".hex";
    const char *base = slash != NULL ? slash + 1 : image->place;
    size_t length = strlen(base) - (ends_in(base, ending) ? strlen(ending) : 0);
    join_name(image, base, length, ending);
    for (unsigned number = 2; is_taken(release, image->name); number++) {
        char tail[16];
        snprintf(tail, sizeof tail, "-%u%s", number, ending);
        join_name(image, base, length, tail);
    }
}

/* What a UF2 file says of its chips is lost in the release: every device that may take it is judged now. */
static enum rlk_error judge_families(const struct arguments *arguments, const struct rlk_image_about *about)
{
    const struct rlk_image said = {.about = *about};
    enum rlk_error error = RLK_OK;
    for (unsigned i = RLK_FAMILY_UNKNOWN + 1U; i < RLK_FAMILY_COUNT && error == RLK_OK; i++) {
        const rlk_family_mask family = RLK_FAMILY_BIT(i) & arguments->maker.families;
        error = family != 0 ? rlk_image_judge_family(&said, family) : RLK_OK;
        error = error == RLK_E_IMAGE_OF_UNKNOWN_FAMILY && arguments->any_image ? RLK_OK : error;
    }
    return error;
}

/* FILE, or FILE@0x08008000 for a raw binary; --address serves a single one. */
static enum rlk_error take_image(struct new_release *release, const char *word, struct problem *problem)
{
    struct new_image *image = &release->images[release->image_count++];
    const char *at = strrchr(word, '@');
    bool has_addr = at != NULL && strncmp(at, "@0x", 3) == 0 && text_to_number(at + 1, &image->addr);
    snprintf(image->place, sizeof image->place, "%.*s", (int)(has_addr ? (size_t)(at - word) : strlen(word)), word);
    enum content_state state = content_read(&image->content, image->place, RLK_IMAGE_FILE_BYTES_MAX);
    enum rlk_error error = problem_set_state(problem, state, image->place, RLK_E_FILE_UNREADABLE, RLK_E_FILE_TOO_LARGE);
    if (error != RLK_OK) {
        return error;
    }
    struct image_simple simple;
    const bool is_said = has_addr || release->arguments->has_address;
    image->addr = has_addr ? image->addr : release->arguments->address;
    error = image_simplify(&image->content, is_said ? &image->addr : NULL, &simple);
    image->is_binary = simple.is_binary;
    if (error == RLK_OK && image->is_binary && !is_said) {
        error = RLK_E_BINARY_WITHOUT_ADDRESS;
    }
    if (error == RLK_OK) {
        error = judge_families(release->arguments, &simple.about);
    }
    problem_set(problem, error, image->place);
    problem->image = simple.place;
    name_image(release, image);
    return error;
}

/* Loads it as a device's tool would: a broken file is found here. */
static enum rlk_error try_image(const struct new_image *image, struct firmware *whole, struct problem *problem)
{
    struct firmware part = {0};
    const struct content *content = &image->content;
    enum rlk_error error = image->is_binary ? firmware_load_binary(&part, content->bytes, content->length, image->addr)
                                            : firmware_load_hex(&part, content->bytes, content->length);
    if (error == RLK_OK) {
        error = firmware_add(whole, &part);
    }
    problem_set(problem, error, image->place);
    problem->image = part.place;
    firmware_free(&part);
    return error;
}

static enum rlk_error take_images(struct new_release *release, struct problem *problem)
{
    const struct arguments *arguments = release->arguments;
    struct firmware whole = {0};
    enum rlk_error error = RLK_OK;
    for (unsigned i = 2; i < arguments->word_count && error == RLK_OK; i++) {
        error = take_image(release, arguments->words[i], problem);
        if (error == RLK_OK) {
            error = try_image(&release->images[release->image_count - 1], &whole, problem);
        }
    }
    firmware_free(&whole);
    return error;
}

/* "options" of a file that `relock options save` made. */
static enum rlk_error take_profile(struct new_release *release, struct problem *problem)
{
    const char *path = maker_text(&release->arguments->maker.options);
    struct content content = {0};
    struct rlk_json *tree = malloc(sizeof *tree);
    if (path == NULL || tree == NULL) {
        free(tree);
        return problem_set(problem, RLK_OK, NULL);
    }
    enum content_state state = content_read(&content, path, RLK_JSON_BYTES_MAX);
    enum rlk_error error = problem_set_state(problem, state, path, RLK_E_FILE_UNREADABLE, RLK_E_DOCUMENT_TOO_LARGE);
    size_t offset = 0;
    if (error == RLK_OK) {
        error = problem_set(problem, rlk_json_parse(tree, (const char *)content.bytes, content.length, &offset), path);
        problem->place.offset = offset;
    }
    const struct rlk_json_node *options = error == RLK_OK ? rlk_json_member(tree, &tree->nodes[0], "options") : NULL;
    if (error == RLK_OK && options == NULL) {
        error = problem_set_field(problem, RLK_E_DOCUMENT_FIELD_MISSING, path, "options");
    }
    release->options = options != NULL ? maker_from_tree(tree, options) : NULL;
    free(tree);
    content_free(&content);
    return error;
}

static enum rlk_error copy_image(const struct new_release *release, const struct new_image *image,
                                 struct problem *problem)
{
    char path[PATH_MAX];
    if (!folder_join(path, sizeof path, release->folder, image->name)) {
        return problem_set(problem, RLK_E_FILE_NOT_WRITTEN, release->folder);
    }
    return problem_set(problem, maker_write(path, image->content.bytes, image->content.length), path);
}

/* The documents first, judged before the folder is made; then what they name. */
static enum rlk_error write_release(const struct new_release *release, struct problem *problem)
{
    json_t *document = release_parts_build(release);
    json_t *channel = release_parts_channel(release->name, release->sequence);
    enum rlk_error error = maker_judge(document, RLK_DOCUMENT_RELEASE, RELEASE_DOCUMENT, problem);
    if (error == RLK_OK && mkdir(release->folder, 0777) != 0 && errno != EEXIST) {
        error = problem_set(problem, RLK_E_FILE_NOT_WRITTEN, release->folder);
    }
    for (size_t i = 0; i < release->image_count && error == RLK_OK; i++) {
        error = copy_image(release, &release->images[i], problem);
    }
    if (error == RLK_OK) {
        error = maker_store(document, RLK_DOCUMENT_RELEASE, release->folder, RELEASE_DOCUMENT, problem);
    }
    if (error == RLK_OK) {
        error = maker_store(channel, RLK_DOCUMENT_CHANNEL, release->folder, RELEASE_CHANNEL, problem);
    }
    json_decref(document);
    json_decref(channel);
    return error;
}

/* What is there already is changed by hand and `release refresh`: a channel that began anew with edition 1 would be
 * refused by all who saw a later one. */
static enum rlk_error refuse_taken(const struct new_release *release, struct problem *problem)
{
    static const char *const names[] = {RELEASE_DOCUMENT, RELEASE_CHANNEL, RELEASE_SIGNATURE(RELEASE_DOCUMENT),
                                        RELEASE_SIGNATURE(RELEASE_CHANNEL)};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[PATH_MAX];
        struct stat status;
        if (!folder_join(path, sizeof path, release->folder, names[i])) {
            return problem_set(problem, RLK_E_FILE_NOT_WRITTEN, release->folder);
        }
        if (lstat(path, &status) == 0) {
            return problem_set(problem, RLK_E_RELEASE_FOLDER_TAKEN, path);
        }
    }
    return problem_set(problem, RLK_OK, NULL);
}

static int make(struct new_release *release, struct output *output)
{
    struct problem problem;
    enum rlk_error error = refuse_taken(release, &problem);
    if (error == RLK_OK) {
        error = take_images(release, &problem);
    }
    if (error == RLK_OK) {
        error = take_profile(release, &problem);
    }
    if (error == RLK_OK) {
        error = write_release(release, &problem);
    }
    if (error != RLK_OK) {
        return problem_end(&problem, output);
    }
    maker_say(output,
              "Made %s with release.json, channel.json and %zu image%s. Write the texts that begin with \"FILL IN\", "
              "and put pictures beside them; then: relock release refresh, check, sign.",
              release->folder, release->image_count, release->image_count == 1 ? "" : "s");
    return end_early(output, RLK_OK, NULL);
}

int release_new(const struct arguments *arguments, struct output *output)
{
    struct new_release release = {.arguments = arguments, .folder = arguments->words[1]};
    release_texts_languages(arguments, &release.languages);
    int exit_code = missing(arguments);
    if (exit_code == EXIT_DONE) {
        exit_code = take_name(&release);
    }
    if (exit_code == EXIT_DONE) {
        exit_code = take_numbers(&release);
    }
    if (exit_code == EXIT_DONE) {
        exit_code = make(&release, output);
    }
    for (size_t i = 0; i < release.image_count; i++) {
        content_free(&release.images[i].content);
    }
    json_decref(release.options);
    return exit_code;
}
