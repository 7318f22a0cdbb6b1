#include "release/key_file.h"
#include "output/prompt.h"
#include "system/durable.h"
#include "system/hex.h"
#include "system/times.h"
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The lock: argon2id with libsodium's "moderate" limits (3 passes over 256 MiB), fixed by the format, so that no file
 * can ask for more. */
static bool stretch(uint8_t lock[crypto_secretbox_KEYBYTES], const char *passphrase, const uint8_t *salt)
{
    return crypto_pwhash(lock, crypto_secretbox_KEYBYTES, passphrase, strlen(passphrase), salt,
                         crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE,
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}

enum { FIELDS = 8 };

/* The members of a key file, by name; NULL where it has none. False: one that is not known, or no text. */
static bool gather(const struct rlk_json *json, const char *const names[FIELDS], const char *values[FIELDS])
{
    const struct rlk_json_node *root = &json->nodes[0];
    size_t found = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        values[i] = rlk_json_text(json, rlk_json_member(json, root, names[i]));
        found += values[i] != NULL;
    }
    return root->kind == RLK_JSON_OBJECT && found == root->count;
}

static bool take_public(struct public_key *key, const char *id_text, const char *public_text, const char *expires)
{
    uint8_t id[KEY_ID_BYTES];
    if (!hex_read(id, sizeof id, id_text) || !hex_read(key->bytes, sizeof key->bytes, public_text)) {
        return false;
    }
    key_name(key);
    key->expires_s = expires != NULL ? rlk_document_time_s(expires) : 0;
    return memcmp(id, key->id, sizeof id) == 0 && (expires == NULL || key->expires_s != 0);
}

/* A secret key holds its seed, or what opens with the passphrase; a public key holds neither. */
static bool take_secret(struct key_file *key, const char *seed, const char *salt, const char *nonce, const char *box)
{
    bool has_lock = salt != NULL || nonce != NULL || box != NULL;
    key->is_locked = key->is_secret && seed == NULL;
    if (!key->is_secret) {
        return seed == NULL && !has_lock;
    }
    if (key->is_locked) {
        return hex_read(key->salt, sizeof key->salt, salt) && hex_read(key->nonce, sizeof key->nonce, nonce) &&
               hex_read(key->box, sizeof key->box, box);
    }
    return !has_lock && hex_read(key->seed, sizeof key->seed, seed);
}

static bool take_key(struct key_file *key, const struct rlk_json *json)
{
    static const char *const names[FIELDS] = {"format", "id", "public", "expires", "seed", "salt", "nonce", "box"};
    const char *values[FIELDS];
    if (!gather(json, names, values) || values[0] == NULL) {
        return false;
    }
    key->is_secret = strcmp(values[0], "relock-secret-key-1") == 0;
    bool is_known = key->is_secret || strcmp(values[0], "relock-key-1") == 0;
    return is_known && take_public(&key->public, values[1], values[2], values[3]) &&
           take_secret(key, values[4], values[5], values[6], values[7]);
}

/* The derived public key is what the file says. */
static bool seed_fits(const struct key_file *key, struct secret_key *secret)
{
    memcpy(secret->seed, key->seed, sizeof secret->seed);
    key_derive(secret);
    secret->public.expires_s = key->public.expires_s;
    return memcmp(secret->public.bytes, key->public.bytes, sizeof key->public.bytes) == 0;
}

static enum rlk_error parse_key(struct key_file *key, const struct content *content, const char *path,
                                struct problem *problem)
{
    struct rlk_json *json = malloc(sizeof *json);
    if (json == NULL) {
        return problem_set(problem, RLK_E_FILE_UNREADABLE, path);
    }
    struct rlk_document_place place = {0};
    enum rlk_error error = rlk_json_parse(json, (const char *)content->bytes, content->length, &place.offset);
    bool is_key = error == RLK_OK && take_key(key, json);
    struct secret_key secret;
    if (is_key && key->is_secret && !key->is_locked) {
        is_key = seed_fits(key, &secret);
        sodium_memzero(&secret, sizeof secret);
    }
    sodium_memzero(json, sizeof *json);
    free(json);
    problem_set(problem, is_key ? RLK_OK : RLK_E_KEY_MALFORMED, path);
    problem->place = place;
    return problem->error;
}

enum rlk_error key_file_read(struct key_file *key, const char *path, struct problem *problem)
{
    *key = (struct key_file){0};
    struct content content;
    enum content_state state = content_read(&content, path, RLK_JSON_BYTES_MAX);
    enum rlk_error error = problem_set_state(problem, state, path, RLK_E_FILE_UNREADABLE, RLK_E_KEY_MALFORMED);
    if (error == RLK_OK) {
        error = parse_key(key, &content, path, problem);
    }
    content_free(&content);
    return error;
}

static bool unlock(struct key_file *key)
{
    char passphrase[PROMPT_SECRET_BYTES];
    uint8_t lock[crypto_secretbox_KEYBYTES];
    bool is_open = prompt_secret("Passphrase of the secret key: ", passphrase) &&
                   stretch(lock, passphrase, key->salt) &&
                   crypto_secretbox_open_easy(key->seed, key->box, sizeof key->box, key->nonce, lock) == 0;
    sodium_memzero(passphrase, sizeof passphrase);
    sodium_memzero(lock, sizeof lock);
    return is_open;
}

static enum rlk_error open_secret(struct secret_key *secret, struct key_file *key, const struct arguments *arguments,
                                  const char *path, struct problem *problem)
{
    if (!key->is_secret) {
        return problem_set(problem, RLK_E_KEY_MALFORMED, path);
    }
    if (key->is_locked && (!prompt_is_possible(arguments) || !unlock(key))) {
        return problem_set(problem, RLK_E_KEY_LOCKED, path);
    }
    return seed_fits(key, secret) ? RLK_OK : problem_set(problem, RLK_E_KEY_MALFORMED, path);
}

bool key_file_is_open_to_others(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && (status.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

enum rlk_error key_file_open(struct secret_key *secret, const char *path, const struct arguments *arguments,
                             struct problem *problem)
{
    struct key_file key;
    enum rlk_error error = key_file_read(&key, path, problem);
    if (error == RLK_OK) {
        error = open_secret(secret, &key, arguments, path, problem);
    }
    sodium_memzero(&key, sizeof key);
    return error;
}

enum rlk_error key_public_take(struct public_key *key, const char *hex_or_path, struct problem *problem)
{
    *key = (struct public_key){0};
    if (hex_read(key->bytes, sizeof key->bytes, hex_or_path)) {
        key_name(key);
        return problem_set(problem, RLK_OK, NULL);
    }
    struct key_file file;
    enum rlk_error error = key_file_read(&file, hex_or_path, problem);
    *key = file.public;
    sodium_memzero(&file, sizeof file);
    return error;
}

#define KEY_TEXT_BYTES 1024U

static void end_object(char *text)
{
    size_t used = strlen(text);
    snprintf(text + used, KEY_TEXT_BYTES - used, "\n}\n");
}

/* Bytes in hexadecimal, as one more member. */
static void put_hex(char *text, const char *name, const uint8_t *bytes, size_t length)
{
    char digits[2 * KEY_PUBLIC_BYTES * 2 + 1];
    size_t used = strlen(text);
    hex_write(digits, bytes, length);
    snprintf(text + used, KEY_TEXT_BYTES - used, ",\n  \"%s\": \"%s\"", name, digits);
    sodium_memzero(digits, sizeof digits);
}

static void put_public(char *text, const char *format, const struct public_key *key)
{
    snprintf(text, KEY_TEXT_BYTES, "{\n  \"format\": \"%s\"", format);
    put_hex(text, "id", key->id, sizeof key->id);
    put_hex(text, "public", key->bytes, sizeof key->bytes);
    if (key->expires_s != 0) {
        char time[TIME_TEXT_BYTES];
        size_t used = strlen(text);
        times_write(time, key->expires_s);
        snprintf(text + used, KEY_TEXT_BYTES - used, ",\n  \"expires\": \"%s\"", time);
    }
}

/* False: no memory for the lock. */
static bool put_secret(char *text, const struct secret_key *secret, const char *passphrase)
{
    if (passphrase == NULL) {
        put_hex(text, "seed", secret->seed, sizeof secret->seed);
        return true;
    }
    uint8_t salt[KEY_SALT_BYTES];
    uint8_t nonce[KEY_NONCE_BYTES];
    uint8_t box[KEY_BOX_BYTES];
    uint8_t lock[crypto_secretbox_KEYBYTES];
    randombytes_buf(salt, sizeof salt);
    randombytes_buf(nonce, sizeof nonce);
    if (!stretch(lock, passphrase, salt)) {
        return false;
    }
    crypto_secretbox_easy(box, secret->seed, sizeof secret->seed, nonce, lock);
    sodium_memzero(lock, sizeof lock);
    put_hex(text, "salt", salt, sizeof salt);
    put_hex(text, "nonce", nonce, sizeof nonce);
    put_hex(text, "box", box, sizeof box);
    return true;
}

/* A new file or none: what is there is never replaced, and a half-written one does not stay. */
static bool write_new(const char *path, const char *text, mode_t mode)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (descriptor < 0) {
        return false;
    }
    size_t length = strlen(text);
    bool is_written = write(descriptor, text, length) == (ssize_t)length && fsync(descriptor) == 0;
    is_written = close(descriptor) == 0 && is_written && durable_sync_beside(path);
    if (!is_written) {
        unlink(path);
    }
    return is_written;
}

static enum rlk_error write_both(const char *path, const char *secret_text, const char *public_path,
                                 const char *public_text, struct problem *problem)
{
    if (!write_new(path, secret_text, S_IRUSR | S_IWUSR)) {
        return problem_set(problem, RLK_E_FILE_NOT_WRITTEN, path);
    }
    if (!write_new(public_path, public_text, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)) {
        unlink(path);
        return problem_set(problem, RLK_E_FILE_NOT_WRITTEN, public_path);
    }
    return RLK_OK;
}

enum rlk_error key_file_write(const struct secret_key *secret, const char *path, const char *passphrase,
                              struct problem *problem)
{
    char public_path[PATH_MAX];
    char secret_text[KEY_TEXT_BYTES];
    char public_text[KEY_TEXT_BYTES];
    int length = snprintf(public_path, sizeof public_path, "%s.pub", path);
    put_public(secret_text, "relock-secret-key-1", &secret->public);
    if ((size_t)length >= sizeof public_path || !put_secret(secret_text, secret, passphrase)) {
        return problem_set(problem, RLK_E_FILE_NOT_WRITTEN, path);
    }
    end_object(secret_text);
    put_public(public_text, "relock-key-1", &secret->public);
    end_object(public_text);
    enum rlk_error error = write_both(path, secret_text, public_path, public_text, problem);
    sodium_memzero(secret_text, sizeof secret_text);
    return error;
}
