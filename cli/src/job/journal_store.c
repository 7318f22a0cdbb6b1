#include "job/journal_store.h"
#include "system/content.h"
#include "system/durable.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void journal_key_set(struct journal_key *key, const char *prefix, const char *name)
{
    size_t used = (size_t)snprintf(key->text, sizeof key->text, "%s-", prefix);
    for (; *name != '\0' && used + 1 < sizeof key->text; name++) {
        bool is_letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z');
        bool is_digit = *name >= '0' && *name <= '9';
        bool is_mark = *name == '-' || (*name == '.' && name[1] != '.');
        key->text[used++] = is_letter || is_digit || is_mark ? *name : '_';
    }
    key->text[used] = '\0';
}

bool journal_path(const struct journal_key *key, char *path, size_t room)
{
    char folder[PATH_MAX];
    if (!durable_folder(folder, sizeof folder)) {
        return false;
    }
    int length = snprintf(path, room, "%s/%s.journal", folder, key->text);
    return length > 0 && (size_t)length < room;
}

enum rlk_error journal_save(const struct journal_key *key, const char *line, size_t line_bytes)
{
    if (key->text[0] == '\0') {
        return RLK_OK;
    }
    char name[JOURNAL_KEY_BYTES + sizeof ".journal"];
    snprintf(name, sizeof name, "%s.journal", key->text);
    return durable_write(name, line, line_bytes) ? RLK_OK : RLK_E_JOURNAL_FAILED;
}

enum rlk_error journal_load(const struct journal_key *key, struct rlk_journal_entry *entry)
{
    *entry = (struct rlk_journal_entry){0};
    char path[PATH_MAX];
    if (key->text[0] == '\0' || !journal_path(key, path, sizeof path)) {
        return RLK_OK;
    }
    struct content content;
    enum content_state state = content_read(&content, path, RLK_JOURNAL_LINE_BYTES + 1);
    enum rlk_error error = state == CONTENT_MISSING ? RLK_OK : RLK_E_JOURNAL_MALFORMED;
    if (state == CONTENT_OK) {
        error = rlk_journal_decode(entry, (const char *)content.bytes, content.length);
    }
    content_free(&content);
    return error;
}

enum rlk_error journal_forget(const struct journal_key *key)
{
    char path[PATH_MAX];
    char folder[PATH_MAX];
    if (key->text[0] == '\0' || !journal_path(key, path, sizeof path)) {
        return RLK_OK;
    }
    if (unlink(path) != 0) {
        return errno == ENOENT || errno == ENOTDIR ? RLK_OK : RLK_E_JOURNAL_FAILED;
    }
    return durable_folder(folder, sizeof folder) && durable_sync(folder) ? RLK_OK : RLK_E_JOURNAL_FAILED;
}

bool journal_is_begun(const struct rlk_journal_entry *entry)
{
    return entry->phase != RLK_JOURNAL_NONE && entry->phase != RLK_JOURNAL_PROVEN;
}

enum { SUFFIX_BYTES = sizeof ".journal" - 1 };

/* "NAME.journal" is the entry of the device NAME. */
static bool is_entry(const char *file, struct journal_key *key)
{
    size_t length = strlen(file);
    if (length <= SUFFIX_BYTES || length >= sizeof key->text + SUFFIX_BYTES ||
        strcmp(file + length - SUFFIX_BYTES, ".journal") != 0) {
        return false;
    }
    snprintf(key->text, sizeof key->text, "%.*s", (int)(length - SUFFIX_BYTES), file);
    return true;
}

static bool is_real(const struct journal_key *key)
{
    return strncmp(key->text, "serial-", 7) == 0 || strncmp(key->text, "port-", 5) == 0;
}

static bool find_begun(struct journal_key *key, struct rlk_journal_entry *entry, bool takes_simulated)
{
    char folder[PATH_MAX];
    DIR *directory = durable_folder(folder, sizeof folder) ? opendir(folder) : NULL;
    if (directory == NULL) {
        return false;
    }
    bool is_found = false;
    for (struct dirent *item = readdir(directory); item != NULL && !is_found; item = readdir(directory)) {
        is_found = is_entry(item->d_name, key) && (takes_simulated || is_real(key)) &&
                   journal_load(key, entry) == RLK_OK && journal_is_begun(entry);
    }
    closedir(directory);
    return is_found;
}

bool journal_find_begun(struct journal_key *key, struct rlk_journal_entry *entry)
{
    return find_begun(key, entry, false);
}

bool journal_has_begun(void)
{
    struct journal_key key;
    struct rlk_journal_entry entry;
    return find_begun(&key, &entry, true);
}
