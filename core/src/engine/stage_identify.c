/* Identify: which chip, what is offered, and does the wish fit it at all. No transfer; everything is read already. */
#include "engine/blocks.h"
#include "engine/stage.h"
#include "relock/image_family.h"

#include <string.h>

enum { TRANSFER_BYTES_MIN = 64, VECTOR_TABLE_BYTES = 8 };

/* RAM in the code region: CCM of the F405, SRAM2 of the L4 (RM0090, RM0351 memory maps). */
#define CODE_RAM_ADDR  0x10000000U
#define CODE_RAM_BYTES 0x10000U

/* Where an image may lie but must not: regions that are refused by name. ARM's memory map, AN2606 table of bases. */
struct region {
    uint32_t begin, last;
    enum rlk_error error;
};

static enum rlk_error refuse_by_name(const struct rlk_session *session, uint32_t addr)
{
    const struct rlk_chip *chip = &session->findings.chip;
    const struct region regions[] = {
        {chip->options_addr, chip->options_addr + RLK_OPTIONS_BYTES_MAX - 1U, RLK_E_IMAGE_HITS_OPTION_BYTES},
        {chip->options2_addr, chip->options2_addr + RLK_OPTIONS_BYTES_MAX - 1U, RLK_E_IMAGE_HITS_OPTION_BYTES},
        {0x20000000U, 0x3FFFFFFFU, RLK_E_IMAGE_HITS_RAM},
        {CODE_RAM_ADDR, CODE_RAM_ADDR + CODE_RAM_BYTES - 1U, RLK_E_IMAGE_HITS_RAM},
        {0x1FF00000U, 0x1FFFFFFFU, RLK_E_IMAGE_HITS_SYSTEM_MEMORY},
    };
    const struct rlk_fingerprint *fingerprint = &session->findings.fingerprint;
    for (size_t i = 0; i < fingerprint->layout_count; i++) {
        bool is_otp = strncmp(fingerprint->layouts[i].name, "OTP", 3) == 0;
        if (is_otp && rlk_layout_covers(&fingerprint->layouts[i], addr, 1, 0)) {
            return RLK_E_IMAGE_HITS_OTP;
        }
    }
    if (rlk_layout_covers(rlk_session_flash_layout(session), addr, 1, 0)) {
        return RLK_E_IMAGE_HITS_READ_ONLY_FLASH;
    }
    for (size_t i = 0; i < sizeof regions / sizeof regions[0]; i++) {
        if (regions[i].begin != 0 && addr >= regions[i].begin && addr <= regions[i].last) {
            return regions[i].error;
        }
    }
    return RLK_E_IMAGE_OUTSIDE_FLASH;
}

/* The first address of a segment that is not in erasable, writable main flash. */
static uint32_t first_bad_addr(const struct rlk_layout *flash, const struct rlk_segment *segment, uint8_t access)
{
    uint32_t addr = segment->addr;
    struct rlk_sector sector;
    while (addr - segment->addr < segment->length && rlk_layout_sector_at(flash, addr, &sector) &&
           (sector.access & access) == access) {
        addr = sector.start_addr + sector.bytes;
    }
    return addr;
}

/* No word of the user's makes firmware for one chip of ST's fit another. */
static enum rlk_error judge_family(const struct rlk_session *session)
{
    const struct rlk_wish *wish = &session->wish;
    const enum rlk_error error = rlk_image_judge_family(wish->image, session->findings.candidates);
    const bool is_accepted = error == RLK_E_IMAGE_OF_UNKNOWN_FAMILY && wish->accept_any_image;
    return is_accepted || session->goal.job == RLK_JOB_VERIFY ? RLK_OK : error;
}

static bool check_image(struct rlk_session *session)
{
    const enum rlk_error error = judge_family(session);
    if (error != RLK_OK) {
        rlk_stage_fail(session, error, 0);
        return false;
    }
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    const struct rlk_image *image = session->wish.image;
    uint8_t access = RLK_SECTOR_READABLE | RLK_SECTOR_ERASABLE | RLK_SECTOR_WRITABLE;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        if (segment->addr % session->findings.chip.program_bytes != 0) {
            rlk_stage_fail(session, RLK_E_IMAGE_MISALIGNED, segment->addr);
            return false;
        }
        if (!rlk_layout_covers(flash, segment->addr, segment->length, access)) {
            uint32_t bad_addr = first_bad_addr(flash, segment, access);
            rlk_stage_fail(session, refuse_by_name(session, bad_addr), bad_addr);
            return false;
        }
    }
    session->block_count = rlk_blocks_count(image, session->findings.transfer_bytes);
    if (session->block_count > RLK_BLOCKS_MAX) {
        rlk_stage_fail(session, RLK_E_IMAGE_TOO_SCATTERED, 0);
        return false;
    }
    return true;
}

static bool check_read_range(struct rlk_session *session)
{
    const struct rlk_layout *flash = rlk_session_flash_layout(session);
    if (session->wish.read_bytes == 0 ||
        !rlk_layout_covers(flash, session->wish.read_addr, session->wish.read_bytes, RLK_SECTOR_READABLE)) {
        rlk_stage_fail(session, RLK_E_READ_OUTSIDE_FLASH, session->wish.read_addr);
        return false;
    }
    return true;
}

static bool check_wish(struct rlk_session *session)
{
    if (session->goal.job == RLK_JOB_READ) {
        return check_read_range(session);
    }
    return session->wish.image == NULL || session->goal.job == RLK_JOB_LOOK || check_image(session);
}

/* SEALING is written when all was compared equal. If the device is protected now, it is our block that went out: level
 * 1 does not come by itself. */
static bool was_finished(const struct rlk_journal_entry *entry)
{
    return entry->phase == RLK_JOURNAL_SEALING || entry->phase == RLK_JOURNAL_PROVEN;
}

/* The journal speaks of this job if image or job, wished option fields, end state and serial are the same, and the
 * family where the serial may be many units'. One bit of a layout string that was misread makes another family; to look
 * is safe. */
static bool is_of_this_job(const struct rlk_session *session, const struct rlk_journal_entry *entry)
{
    char serial[RLK_JOURNAL_SERIAL_BYTES];
    const struct rlk_image *image = session->wish.image;
    const char *read_serial = session->findings.fingerprint.serial;
    rlk_journal_clean_serial(serial, read_serial);
    return (entry->family == session->findings.chip.family || rlk_serial_is_unique(read_serial)) &&
           entry->image_digest == rlk_session_job_digest(session) &&
           entry->image_bytes == (image == NULL ? 0U : (uint32_t)image->size) &&
           entry->end_protected == session->goal.end_protected && strcmp(entry->serial, serial) == 0;
}

static void recall(struct rlk_session *session)
{
    const struct rlk_journal_entry *entry = session->wish.journal;
    const enum rlk_job job = session->goal.job;
    if (entry == NULL || entry->phase == RLK_JOURNAL_NONE || !is_of_this_job(session, entry)) {
        return;
    }
    if (job == RLK_JOB_UPDATE && session->goal.end_protected && was_finished(entry)) {
        session->evidence.past = RLK_PAST_FINISHED;
    }
    bool is_of_levels = job == RLK_JOB_UNPROTECT || job == RLK_JOB_PROTECT;
    if (is_of_levels && entry->phase != RLK_JOURNAL_PROVEN) {
        session->evidence.past = RLK_PAST_BEGUN;
    }
}

static enum rlk_error settle_chip(struct rlk_session *session)
{
    struct rlk_findings *findings = &session->findings;
    const struct rlk_wish *wish = &session->wish;
    findings->candidates = rlk_chip_candidates(&findings->fingerprint);
    bool is_known = findings->candidates != 0;
    if (wish->families != 0 && is_known && (findings->candidates & wish->families) == 0) {
        /* What it is all the same, for people, if that can be said. */
        if (rlk_chip_settle(&findings->chip, findings->candidates, RLK_FAMILY_UNKNOWN) != RLK_OK) {
            findings->chip.family = RLK_FAMILY_UNKNOWN;
        }
        return RLK_E_WRONG_CHIP;
    }
    if (wish->families != 0) {
        findings->candidates &= wish->families; /* settled by the release */
    }
    enum rlk_error error = rlk_chip_settle(&findings->chip, findings->candidates, wish->family);
    if (error != RLK_OK) {
        findings->chip.family = RLK_FAMILY_UNKNOWN;
    } else if (wish->family != RLK_FAMILY_UNKNOWN) {
        findings->candidates = RLK_FAMILY_BIT(wish->family); /* settled by the claim */
    }
    return error;
}

/* What varies within a family is as the device announces it: whole slots, never more than the row knows. */
static void take_options_length(struct rlk_findings *findings)
{
    struct rlk_chip *chip = &findings->chip;
    uint32_t announced = rlk_fingerprint_options_bytes(&findings->fingerprint, chip);
    if (announced != 0 && announced < chip->options_bytes) {
        announced -= announced % (chip->option_form == RLK_OPTION_FORM_WORD_PAIRS ? 8U : 4U);
        chip->options_bytes = (uint16_t)announced;
        chip->options_write_bytes =
            chip->options_write_bytes < announced ? chip->options_write_bytes : (uint16_t)announced;
    }
}

static bool is_harmless(enum rlk_job job)
{
    return job == RLK_JOB_LOOK || job == RLK_JOB_READ || job == RLK_JOB_VERIFY;
}

static bool touches_options(enum rlk_job job)
{
    return !is_harmless(job) && job != RLK_JOB_WRITE;
}

/* Looking and reading harm nothing. An experimental family is changed only if it was named, where that may be said, and
 * its options never for their own sake. */
static enum rlk_error judge_tier(const struct rlk_session *session)
{
    const struct rlk_chip *chip = &session->findings.chip;
    const struct rlk_wish *wish = &session->wish;
    const enum rlk_job job = session->goal.job;
    if (chip->refusal == RLK_E_CHIP_HAS_NO_FLASH) {
        return RLK_E_CHIP_HAS_NO_FLASH;
    }
    if (chip->tier == RLK_TIER_EXPERIMENTAL && job == RLK_JOB_OPTIONS) {
        return RLK_E_OPTIONS_NOT_SETTABLE;
    }
    if (chip->tier == RLK_TIER_EXPERIMENTAL && !is_harmless(job) &&
        !(wish->allow_experimental && wish->family != RLK_FAMILY_UNKNOWN)) {
        return RLK_E_CHIP_EXPERIMENTAL;
    }
    return touches_options(job) ? chip->refusal : RLK_OK;
}

static bool is_wished_layout(const struct rlk_session *session)
{
    const struct rlk_wish *wish = &session->wish;
    bool is_one = wish->layout_count == 0;
    for (size_t i = 0; !is_one && i < wish->layout_count; i++) {
        is_one = strcmp(wish->layouts[i], session->findings.fingerprint.flash_string) == 0;
    }
    return is_one;
}

static enum rlk_error check_device(const struct rlk_session *session)
{
    const char *wished_serial = session->wish.serial;
    if (!is_wished_layout(session)) {
        return RLK_E_WRONG_LAYOUT;
    }
    if (wished_serial != NULL && strcmp(wished_serial, session->findings.fingerprint.serial) != 0) {
        return RLK_E_WRONG_SERIAL;
    }
    const uint16_t transfer_bytes = session->findings.transfer_bytes;
    bool is_usable = transfer_bytes <= RLK_BLOCK_BYTES_MAX && transfer_bytes >= TRANSFER_BYTES_MIN &&
                     transfer_bytes % RLK_IMAGE_ALIGNMENT_BYTES == 0;
    return is_usable ? RLK_OK : RLK_E_UNKNOWN_CHIP;
}

/* Every family that the device can be must have the wished fields; where they are all that is changed, at the same
 * places. */
static enum rlk_error check_options(struct rlk_session *session)
{
    const struct rlk_wish *wish = &session->wish;
    bool is_ambiguous =
        session->goal.job == RLK_JOB_OPTIONS && !rlk_options_fields_are_alike(session->findings.candidates);
    enum rlk_error error = is_ambiguous ? RLK_E_AMBIGUOUS_CHIP : RLK_OK;
    for (unsigned family = 1; family < RLK_FAMILY_COUNT && error == RLK_OK; family++) {
        uint8_t block[RLK_OPTIONS_BYTES_MAX] = {0};
        if ((session->findings.candidates & RLK_FAMILY_BIT(family)) != 0) {
            error = rlk_options_apply(rlk_chip_row((enum rlk_family)family), wish->options, wish->option_count, block,
                                      &session->fault.field);
        }
    }
    return error;
}

static void enter(struct rlk_session *session)
{
    struct rlk_findings *findings = &session->findings;
    findings->transfer_bytes = findings->fingerprint.dfu.transfer_bytes;
    enum rlk_error error = settle_chip(session);
    if (error == RLK_OK) {
        take_options_length(findings);
        error = judge_tier(session);
    }
    if (error == RLK_OK) {
        error = check_device(session);
    }
    if (error == RLK_OK && session->wish.option_count > 0) {
        error = check_options(session);
    }
    if (error != RLK_OK) {
        rlk_stage_fail(session, error, 0);
        return;
    }
    if (!check_wish(session)) {
        return;
    }
    session->gate.chip = &findings->chip;
    session->gate.flash = rlk_session_flash_layout(session);
    session->gate.image = session->wish.image;
    session->gate.transfer_bytes = findings->transfer_bytes;
    recall(session);
    session->evidence.is_known = true;
    rlk_stage_end(session);
}

const struct rlk_stage_script rlk_stage_identify = {NULL, enter};

/* Without a layout an entry anywhere in the address space behind the start of flash will do. */
static bool is_in_flash(uint32_t entry, const struct rlk_chip *chip, const struct rlk_layout *flash)
{
    return entry >= chip->flash_addr && (flash == NULL || rlk_layout_covers(flash, entry, 2, RLK_SECTOR_READABLE));
}

bool rlk_image_is_plausible(const struct rlk_image *image, const struct rlk_chip *chip, const struct rlk_layout *flash)
{
    if (image->segment_count == 0) {
        return true;
    }
    const struct rlk_segment *first = &image->segments[0];
    /* An image that does not begin where the flash begins (an application above a bootloader) brings no reset vector
     * for the chip; its own table stands at its own start all the same. */
    if (image->bytes == NULL || first->length < VECTOR_TABLE_BYTES) {
        return false;
    }
    uint32_t words[2];
    for (unsigned i = 0; i < 2; i++) {
        const uint8_t *b = &image->bytes[first->offset + 4U * i];
        words[i] = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    }
    bool is_in_main_ram = words[0] > chip->ram_addr && words[0] - chip->ram_addr <= chip->ram_bytes_max;
    bool is_in_code_ram = words[0] > CODE_RAM_ADDR && words[0] - CODE_RAM_ADDR <= CODE_RAM_BYTES;
    bool stack_is_in_ram = (is_in_main_ram || is_in_code_ram) && words[0] % 4U == 0;
    uint32_t entry = words[1] & ~1U;
    bool entry_is_thumb = (words[1] & 1U) != 0;
    return stack_is_in_ram && entry_is_thumb && is_in_flash(entry, chip, flash);
}

bool rlk_session_image_is_plausible(const struct rlk_session *session)
{
    const struct rlk_image *image = session->wish.image;
    const struct rlk_chip *chip = &session->findings.chip;
    return image == NULL || chip->family == RLK_FAMILY_UNKNOWN ||
           rlk_image_is_plausible(image, chip, rlk_session_flash_layout(session));
}
