/*
 * The corpus in tests/documents: each document is read, or refused for the reason and at the place that the manifest
 * says. And what the corpus cannot hold: every prefix, times, contrasts, paths that do not fit.
 */
#include "relock/release.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CORPUS RELOCK_SOURCE_DIR "/tests/documents"

enum { LINE_BYTES = 512, COLUMNS = 5, GOOD_MIN = 22, BAD_MIN = 370, FILE_BYTES_MAX = 1 << 17 };
enum { FILE_COLUMN, KIND_COLUMN, ERROR_COLUMN, PATH_COLUMN, BY_COLUMN };

static struct rlk_json json;
static struct rlk_release release;

/* A file as an exact copy on the heap, so that the sanitizer sees one byte read too many. */
static char *read_file(const char *name, size_t *length)
{
    char path[LINE_BYTES];
    static char bytes[FILE_BYTES_MAX];
    (void)snprintf(path, sizeof path, CORPUS "/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    *length = fread(bytes, 1, sizeof bytes, file);
    assert_int_equal(fclose(file), 0);
    char *copy = malloc(*length > 0 ? *length : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, *length);
    return copy;
}

static enum rlk_document_kind kind_of(const char *name)
{
    unsigned kind = 0;
    while (strcmp(rlk_document_kind_name((enum rlk_document_kind)kind), name) != 0) {
        kind++;
        assert_non_null(rlk_document_kind_name((enum rlk_document_kind)kind));
    }
    return (enum rlk_document_kind)kind;
}

static enum rlk_error read_and_take(enum rlk_document_kind kind, const char *bytes, size_t length,
                                    struct rlk_document_place *place)
{
    enum rlk_error error = rlk_document_read(&json, kind, bytes, length, place);
    return error == RLK_OK && kind == RLK_DOCUMENT_RELEASE ? rlk_release_take(&release, &json, place) : error;
}

static void check_row(char *const *row)
{
    size_t length = 0;
    char *bytes = read_file(row[FILE_COLUMN], &length);
    struct rlk_document_place place;
    enum rlk_error error = read_and_take(kind_of(row[KIND_COLUMN]), bytes, length, &place);
    const char *path = strcmp(row[PATH_COLUMN], "-") == 0 ? "" : row[PATH_COLUMN];
    if (strcmp(rlk_error_name(error), row[ERROR_COLUMN]) != 0 || strcmp(place.path, path) != 0) {
        fail_msg("%s: %s at \"%s\" (%zu)", row[FILE_COLUMN], rlk_error_name(error), place.path, place.offset);
    }
    assert_true(place.offset <= length);
    assert_int_equal(read_and_take(kind_of(row[KIND_COLUMN]), bytes, length, NULL), error);
    free(bytes);
}

static bool split(char *line, char **row)
{
    size_t columns = 0;
    char *rest = line;
    line[strcspn(line, "\n")] = '\0';
    for (char *tab = line; tab != NULL && columns < COLUMNS; columns++) {
        row[columns] = rest;
        tab = strchr(rest, '\t');
        rest = tab == NULL ? rest : tab + 1;
        if (tab != NULL) {
            *tab = '\0';
        }
    }
    return columns == COLUMNS;
}

static void each_document_of_the_corpus_is_judged_as_its_manifest_says(void **state)
{
    char line[LINE_BYTES];
    char *row[COLUMNS] = {line, line, line, line, line};
    unsigned good = 0;
    unsigned bad = 0;
    FILE *manifest = fopen(CORPUS "/manifest.tsv", "r");
    (void)state;
    assert_non_null(manifest);
    assert_non_null(fgets(line, sizeof line, manifest));
    while (fgets(line, sizeof line, manifest) != NULL) {
        assert_true(split(line, row));
        check_row(row);
        *(strcmp(row[ERROR_COLUMN], "OK") == 0 ? &good : &bad) += 1;
    }
    assert_int_equal(fclose(manifest), 0);
    assert_true(good >= GOOD_MIN);
    assert_true(bad >= BAD_MIN);
}

static void no_prefix_of_a_good_document_is_one(void **state)
{
    static const char *const names[][2] = {{"good/release-full.json", "release"}, {"good/site-full.json", "site"}};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t length = 0;
        char *bytes = read_file(names[i][0], &length);
        struct rlk_document_place place;
        for (size_t cut = 0; cut + 1 < length; cut++) {
            char *copy = malloc(cut > 0 ? cut : 1);
            assert_non_null(copy);
            memcpy(copy, bytes, cut);
            assert_true(rlk_document_read(&json, kind_of(names[i][1]), copy, cut, &place) != RLK_OK);
            assert_true(place.offset <= cut);
            assert_string_equal(place.path, "");
            free(copy);
        }
        free(bytes);
    }
}

static void read_damaged(char *bytes, size_t length)
{
    if (read_and_take(RLK_DOCUMENT_RELEASE, bytes, length, NULL) == RLK_OK) {
        assert_true(release.end_protected);
        assert_int_equal(release.way_back, RLK_WAY_BACK_BOOT0);
    }
}

/* Replaces each byte by some others: never a crash, and never a release with another end. */
static void damaged_bytes_never_crash_and_never_change_the_end(void **state)
{
    static const char others[] = "\"\\{}[],:0a9\x80\xFF\0";
    size_t length = 0;
    char *bytes = read_file("good/release-full.json", &length);
    (void)state;
    for (size_t at = 0; at < length; at++) {
        const char was = bytes[at];
        for (size_t i = 0; i < sizeof others; i++) {
            bytes[at] = others[i];
            read_damaged(bytes, length);
        }
        bytes[at] = was;
    }
    free(bytes);
}

static void times_are_seconds_since_1970(void **state)
{
    static const struct {
        const char *text;
        uint64_t seconds;
    } times[] = {
        {"1970-01-01T00:00:01Z", 1},
        {"1970-12-31T23:59:59Z", 31535999},
        {"2000-02-29T12:00:00Z", 951825600},
        {"2000-03-01T00:00:00Z", 951868800},
        {"2026-11-22T10:00:00Z", 1795341600},
        {"2100-03-01T00:00:00Z", 4107542400},
        {"9999-12-31T23:59:59Z", 253402300799},
        {"1970-01-01T00:00:00Z", 0},
        {"2026-02-29T00:00:00Z", 0},
        {"2026-11-22T10:00:00z", 0},
        {"2026-11-22T10:00:00", 0},
        {"", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        assert_true(rlk_document_time_s(times[i].text) == times[i].seconds);
    }
}

static void kinds_have_names(void **state)
{
    (void)state;
    assert_string_equal(rlk_document_kind_name(RLK_DOCUMENT_RELEASE), "release");
    assert_string_equal(rlk_document_kind_name(RLK_DOCUMENT_SITE), "site");
    assert_null(rlk_document_kind_name(RLK_DOCUMENT_KINDS));
}

static void the_offset_is_that_of_the_value_or_of_what_lacks_it(void **state)
{
    static const struct {
        const char *text;
        const char *at;
        enum rlk_error error;
    } rows[] = {
        {"{\"format\": \"relock-keys-2\"}", "\"relock-keys-2", RLK_E_DOCUMENT_FORMAT},
        {" {\"edition\": 1}", "{", RLK_E_DOCUMENT_FIELD_MISSING},
        {"{\"format\": \"relock-keys-1\", \"x\": 1}", "1}", RLK_E_DOCUMENT_FIELD_UNKNOWN},
        {"{\"format\": \"relock-keys-1\", \"edition\": []}", "[", RLK_E_DOCUMENT_FIELD_KIND},
        {"{\"format\": \"relock-keys-1\", \"edition\": 0}", "0}", RLK_E_DOCUMENT_NUMBER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct rlk_document_place place;
        const char *text = rows[i].text;
        assert_int_equal(rlk_document_read(&json, RLK_DOCUMENT_KEYS, text, strlen(text), &place), rows[i].error);
        assert_int_equal(place.offset, strstr(text, rows[i].at) - text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_document_of_the_corpus_is_judged_as_its_manifest_says),
        cmocka_unit_test(no_prefix_of_a_good_document_is_one),
        cmocka_unit_test(damaged_bytes_never_crash_and_never_change_the_end),
        cmocka_unit_test(times_are_seconds_since_1970),
        cmocka_unit_test(kinds_have_names),
        cmocka_unit_test(the_offset_is_that_of_the_value_or_of_what_lacks_it),
    };
    return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
