#include "release/seen.h"
#include "relock/digest.h"
#include "system/durable.h"
#include "system/hex.h"
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 128, NAME_BYTES = 128, HEAD_BYTES = sizeof "relock-seen-keys-1 01234567" };

void seen_path(const char *name, char *path, size_t room)
{
    char folder[PATH_MAX];
    path[0] = '\0';
    if (!durable_folder(folder, sizeof folder)) {
        return;
    }
    int length = snprintf(path, room, "%s/seen/%s", folder, name);
    if (length < 0 || (size_t)length >= room) {
        path[0] = '\0'; /* a path that was cut is another file's */
    }
}

static void write_line(char line[LINE_BYTES], const struct seen *seen)
{
    int used = snprintf(line, LINE_BYTES, "relock-seen-1 edition %" PRIu32 " sequence %" PRIu32, seen->edition,
                        seen->sequence);
    uint32_t crc = rlk_crc32(0, line, (size_t)used);
    snprintf(line + used, LINE_BYTES - (size_t)used, " crc %08" PRIx32, crc);
}

/* Only what write_line makes is accepted. */
static bool read_line(const char *line, struct seen *seen)
{
    char again[LINE_BYTES];
    /* NOLINTNEXTLINE(cert-err34-c): what sscanf makes of nonsense is found out by writing it again */
    int fields = sscanf(line, "relock-seen-1 edition %" SCNu32 " sequence %" SCNu32, &seen->edition, &seen->sequence);
    if (fields != 2) {
        return false;
    }
    write_line(again, seen);
    size_t length = strlen(again);
    return strncmp(line, again, length) == 0 && strcmp(line + length, "\n") == 0;
}

enum rlk_error seen_load(const char *name, struct seen *seen)
{
    char path[PATH_MAX];
    struct content content;
    *seen = (struct seen){0};
    seen_path(name, path, sizeof path);
    enum content_state state = content_read(&content, path, LINE_BYTES - 1);
    bool is_nothing = state == CONTENT_MISSING && path[0] != '\0';
    bool is_good = is_nothing || (state == CONTENT_OK && read_line((const char *)content.bytes, seen));
    content_free(&content);
    return is_good ? RLK_OK : RLK_E_RELEASE_MEMORY_DAMAGED;
}

enum rlk_error seen_save(const char *name, const struct seen *seen)
{
    char file[NAME_BYTES];
    char line[LINE_BYTES];
    snprintf(file, sizeof file, "seen/%s", name);
    write_line(line, seen);
    return durable_write(file, line, strlen(line)) ? RLK_OK : RLK_E_RELEASE_MEMORY_DAMAGED;
}

static int compare_keys(const void *one, const void *other)
{
    return memcmp(one, other, KEY_PUBLIC_BYTES);
}

/* Named by the keys in any order: who names others trusts anew. The folder is one, whatever is in it: the key of
 * another maker there takes nothing back. */
static void keys_name(char file[NAME_BYTES], const char *name, const struct key_ring *named)
{
    uint8_t keys[KEY_RING_MAX][KEY_PUBLIC_BYTES];
    uint8_t hash[crypto_hash_sha256_BYTES];
    char text[2 * KEY_ID_BYTES + 1];
    if (named->is_folder) {
        snprintf(file, NAME_BYTES, "seen/%s.keys-folder", name);
        return;
    }
    for (size_t i = 0; i < named->count; i++) {
        memcpy(keys[i], named->keys[i].bytes, KEY_PUBLIC_BYTES);
    }
    qsort(keys, named->count, KEY_PUBLIC_BYTES, compare_keys);
    crypto_hash_sha256(hash, keys[0], named->count * KEY_PUBLIC_BYTES);
    hex_write(text, hash, KEY_ID_BYTES);
    snprintf(file, NAME_BYTES, "seen/%s.keys-%s", name, text);
}

static void write_head(char head[HEAD_BYTES], const struct content *keys)
{
    snprintf(head, HEAD_BYTES, "relock-seen-keys-1 %08" PRIx32, rlk_crc32(0, keys->bytes, keys->length));
}

/* Takes the head and the line feed at the end away. */
static bool take_keys(struct content *keys)
{
    char head[HEAD_BYTES];
    if (keys->length < HEAD_BYTES + 1 || keys->bytes[HEAD_BYTES - 1] != '\n') {
        return false;
    }
    char found[HEAD_BYTES];
    memcpy(found, keys->bytes, HEAD_BYTES - 1);
    found[HEAD_BYTES - 1] = '\0';
    keys->length -= HEAD_BYTES + 1;
    memmove(keys->bytes, keys->bytes + HEAD_BYTES, keys->length + 1);
    write_head(head, keys);
    return strcmp(head, found) == 0 && keys->bytes[keys->length] == '\n';
}

void seen_keys_path(const char *name, const struct key_ring *named, char *path, size_t room)
{
    char folder[PATH_MAX];
    char file[NAME_BYTES];
    path[0] = '\0';
    if (durable_folder(folder, sizeof folder)) {
        keys_name(file, name, named);
        snprintf(path, room, "%s/%s", folder, file);
    }
}

enum rlk_error seen_keys_load(const char *name, const struct key_ring *named, struct content *keys)
{
    char path[PATH_MAX + NAME_BYTES];
    *keys = (struct content){0};
    seen_keys_path(name, named, path, sizeof path);
    enum content_state state = content_read(keys, path, RLK_JSON_BYTES_MAX + HEAD_BYTES + 1);
    if (state == CONTENT_MISSING && path[0] != '\0') {
        return RLK_OK;
    }
    return state == CONTENT_OK && take_keys(keys) ? RLK_OK : RLK_E_RELEASE_MEMORY_DAMAGED;
}

enum rlk_error seen_keys_save(const char *name, const struct key_ring *named, const struct content *keys)
{
    char file[NAME_BYTES];
    char *text = malloc(HEAD_BYTES + keys->length);
    if (text == NULL) {
        return RLK_E_RELEASE_MEMORY_DAMAGED;
    }
    keys_name(file, name, named);
    write_head(text, keys);
    text[HEAD_BYTES - 1] = '\n';
    memcpy(text + HEAD_BYTES, keys->bytes, keys->length);
    bool is_saved = durable_write(file, text, HEAD_BYTES + keys->length);
    free(text);
    return is_saved ? RLK_OK : RLK_E_RELEASE_MEMORY_DAMAGED;
}
