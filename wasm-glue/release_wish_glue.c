/*
 * The part of relock.wasm that takes a release: its document, its firmware files as one image, and what it wishes.
 *
 * Invariants: the release's bytes lie here while they are read, and its tree stays while a session may run on it; the
 * files lie in memory that only JavaScript grows, one after the other in the same place.
 */
#include "relock/release.h"
#include "relock_glue.h"
#include <string.h>

static char bytes[RLK_JSON_BYTES_MAX + 1U]; /* one more than is accepted, so that too many can be told */
static struct rlk_json tree;
static struct rlk_document_place document_place;
static struct rlk_release release;
static bool is_loaded;
static char serial[RLK_STRING_TEXT_BYTES];
static struct rlk_image part;

READOUT(char *, rlk_glue_release_buffer, bytes)
READOUT(uint32_t, rlk_glue_release_buffer_bytes, sizeof bytes)

RLK_EXPORT int32_t rlk_glue_release_load(uint32_t length);
RLK_EXPORT int32_t rlk_glue_wish_release(void);
RLK_EXPORT int32_t rlk_glue_wish_serial(uint32_t length);
RLK_EXPORT int32_t rlk_glue_files_begin(uint8_t *memory, uint32_t capacity);
RLK_EXPORT int32_t rlk_glue_files_add(const uint8_t *file, uint32_t length, uint32_t format, uint32_t addr,
                                      uint8_t *memory, uint32_t capacity);

static enum rlk_error read_release(uint32_t length)
{
    const enum rlk_error error = rlk_document_read(&tree, RLK_DOCUMENT_RELEASE, bytes, length, &document_place);
    return error == RLK_OK ? rlk_release_take(&release, &tree, &document_place) : error;
}

/* Reads `length` bytes of the buffer. Without success there is no release. */
int32_t rlk_glue_release_load(uint32_t length)
{
    if (glue_is_running() || length > sizeof bytes) {
        return RLK_E_INTERNAL;
    }
    memset(&document_place, 0, sizeof document_place);
    const enum rlk_error error = read_release(length);
    is_loaded = error == RLK_OK;
    return (int32_t)error;
}

READOUT(const char *, rlk_glue_release_path, document_place.path)
READOUT(uint32_t, rlk_glue_release_offset, (uint32_t)document_place.offset)

/* What the release says is wished; after rlk_glue_wish_begin. */
int32_t rlk_glue_wish_release(void)
{
    if (!is_loaded) {
        return RLK_E_INTERNAL;
    }
    rlk_release_wish(&release, glue_wish());
    return RLK_OK;
}

/* The serial number that the device must have: `length` characters of the text buffer. None can have one that is longer
 * than a descriptor, or that has a NUL in it. */
int32_t rlk_glue_wish_serial(uint32_t length)
{
    if (length >= sizeof serial || strlen(glue_text()) != length) {
        return RLK_E_WRONG_SERIAL;
    }
    memcpy(serial, glue_text(), length + 1U);
    glue_wish()->serial = serial;
    return RLK_OK;
}

/* An empty image over `memory`, to which files are added. */
int32_t rlk_glue_files_begin(uint8_t *memory, uint32_t capacity)
{
    if (glue_is_running()) {
        return RLK_E_INTERNAL;
    }
    rlk_image_init(glue_image(), memory, capacity, 0xFF);
    return RLK_OK;
}

/* `memory` is room for what the file is loaded into first; afterwards nothing points there. */
int32_t rlk_glue_files_add(const uint8_t *file, uint32_t length, uint32_t format, uint32_t addr, uint8_t *memory,
                           uint32_t capacity)
{
    if (glue_is_running()) {
        return RLK_E_INTERNAL;
    }
    const struct rlk_image_file loaded = {file, length, (enum rlk_image_format)format, true, addr};
    rlk_image_init(&part, memory, capacity, 0xFF);
    enum rlk_error error = rlk_image_load(&part, &loaded, glue_place());
    if (error == RLK_OK) {
        error = rlk_image_add(glue_image(), &part);
    }
    return (int32_t)error;
}

READOUT(const char *, rlk_glue_found_flash_string, glue_findings()->fingerprint.flash_string)

/* The option fields that are set with the protection, as the plan that was made last has them. */
READOUT_AT(const char *, rlk_glue_plan_option,
           index < glue_plan()->option_count ? glue_plan()->options[index].field : NULL)
READOUT_AT(uint32_t, rlk_glue_plan_option_value,
           index < glue_plan()->option_count ? glue_plan()->options[index].value : 0)
