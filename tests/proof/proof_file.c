#include "proof_file.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "relock-proof 1"

enum { HASH_KEY_BYTES = 8, HASH_DIGITS = 64, DECIMAL = 10 };

static const char *const key_names[PROOF_KEYS] = {
    [PROOF_RECORDED] = "recorded",
    [PROOF_RELOCK] = "relock",
    [PROOF_REVISION] = "revision",
    [PROOF_DEVICE] = "device",
    [PROOF_FAMILY] = "family",
    [PROOF_CANDIDATES] = "candidates",
    [PROOF_TIER] = "tier",
    [PROOF_ROM_VERSION] = "rom-version",
    [PROOF_TRANSFER_BYTES] = "transfer-bytes",
    [PROOF_LAYOUT] = "layout",
    [PROOF_RETURN] = "return",
    [PROOF_IMAGE] = "image",
    [PROOF_SERIAL] = "serial",
    [PROOF_TIMES] = "times",
    [PROOF_RESULT] = "result",
    [PROOF_REASON] = "reason",
    [PROOF_CHIP] = "chip",
    [PROOF_BOARD] = "board",
    [PROOF_ENTERS_DFU] = "enters-dfu",
    [PROOF_COMPUTER] = "computer",
    [PROOF_HUB] = "hub",
    [PROOF_REMARKS] = "remarks",
};

bool proof_fail(struct proof_problem *problem, unsigned line, const char *format, ...)
{
    va_list values;
    problem->line = line;
    va_start(values, format);
    vsnprintf(problem->text, sizeof problem->text, format, values);
    va_end(values);
    return false;
}

void proof_sha256(const void *bytes, size_t length, char text[65])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(hash, bytes, length);
    (void)sodium_bin2hex(text, HASH_DIGITS + 1, hash, sizeof hash);
}

static bool load(struct proof_file *file, const char *path, size_t *length, struct proof_problem *problem)
{
    FILE *stream = fopen(path, "rb");
    file->text = calloc(1, PROOF_FILE_BYTES_MAX + 1U);
    bool is_open = stream != NULL && file->text != NULL;
    *length = is_open ? fread(file->text, 1, PROOF_FILE_BYTES_MAX + 1U, stream) : 0;
    bool is_read = is_open && ferror(stream) == 0;
    if (stream != NULL) {
        (void)fclose(stream);
    }
    if (!is_read) {
        return proof_fail(problem, 0, "the file cannot be read");
    }
    if (*length > PROOF_FILE_BYTES_MAX) {
        return proof_fail(problem, 0, "the file is larger than any recording");
    }
    file->text[*length] = '\0';
    return true;
}

/* Printable ASCII and line feeds, nothing else: a recording is read by people, and must not be rewritten on its way. */
static bool check_characters(const char *text, size_t length, struct proof_problem *problem)
{
    unsigned line = 1;
    for (size_t i = 0; i < length; i++) {
        bool is_plain = text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~');
        if (!is_plain) {
            return proof_fail(problem, line, "byte 0x%02x is no plain text; was the file sent as it was written?",
                              (unsigned)(unsigned char)text[i]);
        }
        line += text[i] == '\n' ? 1U : 0U;
    }
    return true;
}

/* The last line is the hash of all before it. */
static bool check_hash(const char *text, size_t length, struct proof_problem *problem)
{
    static const size_t last_bytes = HASH_KEY_BYTES + HASH_DIGITS + 1;
    char hash[HASH_DIGITS + 1];
    const char *last = length >= last_bytes ? text + length - last_bytes : text;
    if (length < last_bytes || strncmp(last, "sha256: ", HASH_KEY_BYTES) != 0 || text[length - 1] != '\n') {
        return proof_fail(problem, 0, "the file does not end with its own hash: it was cut off");
    }
    proof_sha256(text, (size_t)(last - text), hash);
    if (strncmp(hash, last + HASH_KEY_BYTES, HASH_DIGITS) != 0) {
        return proof_fail(problem, 0, "the hash at the end is not that of the file: it was changed on its way");
    }
    return true;
}

static bool cut_into_lines(struct proof_file *file, size_t length, struct proof_problem *problem)
{
    for (size_t i = 0; i < length; i++) {
        file->line_count += file->text[i] == '\n' ? 1U : 0U;
    }
    file->lines = calloc(file->line_count, sizeof file->lines[0]);
    if (file->lines == NULL) {
        return proof_fail(problem, 0, "no memory");
    }
    char *next = file->text;
    for (unsigned i = 0; i < file->line_count; i++) {
        file->lines[i] = next;
        next = strchr(next, '\n');
        *next++ = '\0';
    }
    return true;
}

static const char *line_at(const struct proof_file *file, unsigned number)
{
    /* The hash is no part of what is read. */
    return number < file->line_count ? file->lines[number - 1] : NULL;
}

/* The text behind "key: ", or NULL. */
static const char *value_of(const char *line, const char *key)
{
    size_t length = strlen(key);
    bool is_it = line != NULL && strncmp(line, key, length) == 0 && line[length] == ':' && line[length + 1] == ' ';
    return is_it ? line + length + 2 : NULL;
}

/* All keys, each once, in their order. */
static bool read_header(struct proof_file *file, unsigned *number, struct proof_problem *problem)
{
    const char *magic = line_at(file, *number);
    if (magic == NULL || strcmp(magic, MAGIC) != 0) {
        return proof_fail(problem, *number, "does not begin with \"" MAGIC "\": no recording, or a newer one");
    }
    for (unsigned key = 0; key < PROOF_KEYS; key++) {
        *number += 1;
        file->header[key] = value_of(line_at(file, *number), key_names[key]);
        file->header_lines[key] = *number;
        if (file->header[key] == NULL) {
            return proof_fail(problem, *number, "\"%s: \" belongs here", key_names[key]);
        }
    }
    *number += 1;
    return true;
}

static bool take_value(const struct proof_file *file, unsigned *number, const char *key, const char **value,
                       struct proof_problem *problem)
{
    *value = value_of(line_at(file, *number), key);
    if (*value == NULL) {
        return proof_fail(problem, *number, "\"%s: \" belongs here", key);
    }
    *number += 1;
    return true;
}

static bool take_line_count(const struct proof_file *file, struct proof_section *section, const char *text,
                            unsigned number, struct proof_problem *problem)
{
    char *end = NULL;
    unsigned long count = text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, DECIMAL) : 0;
    bool fits = end != NULL && *end == '\0' && count < file->line_count && number + count <= file->line_count;
    section->first_line = number;
    section->line_count = fits ? (unsigned)count : 0;
    return fits || proof_fail(problem, number - 1, "there are not so many lines: a part is missing");
}

/* An empty line, the head, and as many lines as it says. */
static bool read_section(struct proof_file *file, unsigned *number, struct proof_problem *problem)
{
    const char *name = line_at(file, *number + 1);
    if (line_at(file, *number)[0] != '\0' || name == NULL || strncmp(name, "section ", strlen("section ")) != 0 ||
        file->section_count == PROOF_SECTIONS_MAX) {
        return proof_fail(problem, *number, "an empty line and a section belong here, or the end");
    }
    struct proof_section *section = &file->sections[file->section_count++];
    const char *count = NULL;
    section->line = *number + 1;
    section->name = name + strlen("section ");
    *number += 2;
    const struct {
        const char *key;
        const char **value;
    } values[] = {{"wish", &section->wish},     {"journal", &section->journal}, {"exit", &section->exit_code},
                  {"ending", &section->ending}, {"took", &section->took},       {"lines", &count}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (!take_value(file, number, values[i].key, values[i].value, problem)) {
            return false;
        }
    }
    if (!take_line_count(file, section, count, *number, problem)) {
        return false;
    }
    *number += section->line_count;
    return true;
}

static bool read_parts(struct proof_file *file, struct proof_problem *problem)
{
    unsigned number = 1;
    bool is_good = read_header(file, &number, problem);
    while (is_good && line_at(file, number) != NULL) {
        is_good = read_section(file, &number, problem);
    }
    return is_good;
}

bool proof_file_read(struct proof_file *file, const char *path, struct proof_problem *problem)
{
    size_t length = 0;
    *file = (struct proof_file){0};
    return load(file, path, &length, problem) && check_characters(file->text, length, problem) &&
           check_hash(file->text, length, problem) && cut_into_lines(file, length, problem) &&
           read_parts(file, problem);
}

void proof_file_free(struct proof_file *file)
{
    free(file->text);
    free(file->lines);
    *file = (struct proof_file){0};
}
