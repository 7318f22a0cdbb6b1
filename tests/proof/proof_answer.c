#include "proof_answer.h"

#include "relock/digest.h"
#include <stdlib.h>
#include <string.h>

enum { DECIMAL = 10, HEXADECIMAL = 16, HEX_DIGIT_PAIR = 2, DIGEST_DIGITS = 16, CRC_DIGITS = 8 };
enum { DNLOAD = 1, FIRST_DATA_BLOCK = 2, SET_ADDRESS = 0x21, SET_ADDRESS_BYTES = 5 };
enum { OTHER_THAN_EXPECTED = 0x5A, OTHER_THAN_BOTH = 0x25 };
/* Behind so many bytes a transcript's line is cut (transcript.c). */
enum { SHOWN_BYTES_MAX = 600 };

void proof_memory_follow(struct proof_memory *memory, const struct rlk_operation *operation,
                         const struct rlk_findings *findings)
{
    const uint8_t *data = operation->data;
    memory->transfer_bytes = findings->transfer_bytes;
    memory->erased_value = findings->chip.erased_value;
    if (operation->kind == RLK_OPERATION_REOPEN) {
        memory->pointer_addr = 0; /* wherever it stands now, nothing may be concluded from it */
    }
    if (operation->kind == RLK_OPERATION_CONTROL_OUT && operation->request == DNLOAD && operation->value == 0 &&
        operation->length == SET_ADDRESS_BYTES && data[0] == SET_ADDRESS) {
        memory->pointer_addr =
            (uint32_t)data[1] | (uint32_t)data[2] << 8 | (uint32_t)data[3] << 16 | (uint32_t)data[4] << 24;
    }
}

/* Exactly so many digits, and nothing of what strtoull takes besides. */
static bool take_hex(const char **text, size_t digits, uint64_t *value)
{
    char *end = NULL;
    char word[DIGEST_DIGITS + 1] = {0};
    if (strspn(*text, "0123456789abcdef") < digits) {
        return false;
    }
    memcpy(word, *text, digits);
    *value = strtoull(word, &end, HEXADECIMAL);
    *text += digits;
    return true;
}

/* "[00 21 41 92]" */
static bool take_bytes(struct proof_memory *memory, const char *text, struct rlk_outcome *outcome)
{
    do {
        uint64_t byte = 0;
        text++;
        if (outcome->bytes == SHOWN_BYTES_MAX || !take_hex(&text, HEX_DIGIT_PAIR, &byte)) {
            return false;
        }
        memory->data[outcome->bytes++] = (uint8_t)byte;
    } while (*text == ' ');
    return strcmp(text, "]") == 0;
}

/* What is at `addr` once the test firmware is in the flash. */
static uint8_t expected_at(const struct proof_memory *memory, uint64_t addr)
{
    const struct rlk_image *image = memory->image;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        if (addr >= segment->addr && addr - segment->addr < segment->length) {
            return image->bytes[segment->offset + (size_t)(addr - segment->addr)];
        }
    }
    return memory->erased_value;
}

static void fill_as_expected(struct proof_memory *memory, uint32_t addr, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        memory->data[i] = expected_at(memory, (uint64_t)addr + i);
    }
}

static void fill_with_others(struct proof_memory *memory, uint32_t addr, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint8_t expected = expected_at(memory, (uint64_t)addr + i);
        uint8_t other = expected ^ OTHER_THAN_EXPECTED;
        memory->data[i] = other != memory->erased_value ? other : expected ^ OTHER_THAN_BOTH;
    }
}

/* "2048 bytes crc 1c291ca3" */
static bool take_firmware(struct proof_memory *memory, const struct rlk_operation *operation, const char *text,
                          struct rlk_outcome *outcome)
{
    static const char between[] = " bytes crc ";
    char *end = NULL;
    uint64_t crc = 0;
    unsigned long length = text[0] >= '1' && text[0] <= '9' ? strtoul(text, &end, DECIMAL) : 0;
    if (length == 0 || length > PROOF_DATA_BYTES || strncmp(end, between, strlen(between)) != 0) {
        return false;
    }
    text = end + strlen(between);
    if (!take_hex(&text, CRC_DIGITS, &crc) || *text != '\0') {
        return false;
    }
    uint32_t block = operation->value >= FIRST_DATA_BLOCK ? operation->value - (uint32_t)FIRST_DATA_BLOCK : 0;
    uint32_t addr = memory->pointer_addr + block * memory->transfer_bytes;
    outcome->bytes = length;
    fill_as_expected(memory, addr, length);
    if (rlk_crc32(0, memory->data, length) != crc) {
        memset(memory->data, memory->erased_value, length);
    }
    if (rlk_crc32(0, memory->data, length) != crc) {
        fill_with_others(memory, addr, length);
    }
    return true;
}

/* "yes 0123456789abcdef". The session that plays has a number of its own, and so other digests: what counts is whether
 * the answer carried the one that was asked. */
static bool take_said(const char *text, const char *asked, const struct rlk_operation *operation,
                      struct rlk_outcome *outcome)
{
    uint64_t said = 0;
    outcome->is_yes = strncmp(text, "yes ", strlen("yes ")) == 0;
    if (!outcome->is_yes && strncmp(text, "no ", strlen("no ")) != 0) {
        return false;
    }
    text = strchr(text, ' ') + 1;
    bool is_same = strcmp(text, asked) == 0;
    outcome->digest = is_same ? operation->digest : ~operation->digest;
    return take_hex(&text, DIGEST_DIGITS, &said) && *text == '\0';
}

static bool take_kind(const char **text, enum rlk_outcome_kind *kind)
{
    for (unsigned i = 0; i < RLK_OUTCOMES; i++) {
        const char *name = rlk_outcome_kind_name((enum rlk_outcome_kind)i);
        size_t length = strlen(name);
        if (strncmp(*text, name, length) == 0 && ((*text)[length] == '\0' || (*text)[length] == ' ')) {
            *kind = (enum rlk_outcome_kind)i;
            *text += length;
            return true;
        }
    }
    return false;
}

bool proof_answer_read(struct proof_memory *memory, const struct rlk_operation *operation, const char *asked,
                       const char *line, struct rlk_outcome *outcome)
{
    *outcome = (struct rlk_outcome){.data = memory->data};
    const char *text = line + 2;
    if (strncmp(line, "< ", 2) != 0 || !take_kind(&text, &outcome->kind)) {
        return false;
    }
    bool is_ok = outcome->kind == RLK_OUTCOME_OK;
    if (!is_ok || *text == '\0') {
        return *text == '\0' && (!is_ok || operation->kind != RLK_OPERATION_ASK);
    }
    text++;
    if (operation->kind == RLK_OPERATION_ASK) {
        return take_said(text, asked, operation, outcome);
    }
    if (operation->kind != RLK_OPERATION_CONTROL_IN) {
        return false;
    }
    return operation->content == RLK_DATA_FIRMWARE ? take_firmware(memory, operation, text, outcome)
                                                   : *text == '[' && take_bytes(memory, text, outcome);
}
