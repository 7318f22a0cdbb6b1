/* Erase: a write of an image that holds nothing but erased bytes. The engine erases what is not blank, writes nothing
 * that is to be blank, and reads all of it back. */
#include "job/job.h"
#include "output/text.h"
#include "verbs.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ALL_ACCESS (RLK_SECTOR_READABLE | RLK_SECTOR_ERASABLE | RLK_SECTOR_WRITABLE)

/* Adds a stretch of erased bytes. */
static enum rlk_error add_blank(struct firmware *whole, const struct rlk_chip *chip, uint32_t addr, uint64_t bytes)
{
    struct firmware part = {0};
    uint8_t *blank = bytes <= RLK_IMAGE_PAYLOAD_BYTES_MAX ? malloc((size_t)bytes) : NULL;
    if (blank == NULL) {
        return RLK_E_FILE_TOO_LARGE;
    }
    memset(blank, chip->erased_value, (size_t)bytes);
    enum rlk_error error = firmware_load_binary(&part, blank, (size_t)bytes, addr);
    if (error == RLK_OK) {
        error = firmware_add(whole, &part);
    }
    firmware_free(&part);
    free(blank);
    return error;
}

/* All that lets itself be erased: some devices keep the beginning to themselves. */
static enum rlk_error add_all(struct firmware *whole, const struct rlk_chip *chip, const struct rlk_layout *flash)
{
    enum rlk_error error = RLK_OK;
    bool is_any = false;
    for (size_t i = 0; error == RLK_OK && i < flash->group_count; i++) {
        const struct rlk_sector_group *group = &flash->groups[i];
        if ((group->access & ALL_ACCESS) == ALL_ACCESS) {
            is_any = true;
            error = add_blank(whole, chip, group->start_addr, (uint64_t)group->count * group->sector_bytes);
        }
    }
    return error == RLK_OK && !is_any ? RLK_E_ERASE_RANGE : error;
}

/* Says which sectors would do. */
static void name_sectors(struct output *output, const struct rlk_sector *first, const struct rlk_sector *last)
{
    char size[32];
    char text[256];
    text_bytes(size, sizeof size, first->bytes);
    snprintf(text, sizeof text,
             "The sector at the beginning is 0x%08" PRIx32 " (%s), the one at the end 0x%08" PRIx32
             ". Whole sectors: --address 0x%08" PRIx32 " --size %" PRIu32,
             first->start_addr, size, last->start_addr, first->start_addr,
             last->start_addr + last->bytes - first->start_addr);
    output->functions->notice(output, text);
}

/* Says where there are sectors that would do. */
static void name_erasable(struct output *output, const struct rlk_layout *flash)
{
    char text[512];
    size_t used = (size_t)snprintf(text, sizeof text, "What can be erased:");
    uint32_t end = 0;
    for (size_t i = 0; i < flash->group_count && used < sizeof text; i++) {
        const struct rlk_sector_group *group = &flash->groups[i];
        const char *before = end == 0 ? " " : ", ";
        if ((group->access & ALL_ACCESS) == ALL_ACCESS) {
            end = group->start_addr + group->count * group->sector_bytes;
            used += (size_t)snprintf(text + used, sizeof text - used, "%s0x%08" PRIx32 " to 0x%08" PRIx32, before,
                                     group->start_addr, end - 1U);
        }
    }
    output->functions->notice(output, end != 0 ? text : "The device lets none of its flash be erased.");
}

static enum rlk_error add_range(const struct job *job, const struct rlk_chip *chip, const struct rlk_layout *flash)
{
    const struct arguments *arguments = job->arguments;
    struct rlk_sector first;
    struct rlk_sector last;
    const uint64_t end = (uint64_t)arguments->address + arguments->size_bytes;
    if (end > UINT32_MAX || !rlk_layout_covers(flash, arguments->address, arguments->size_bytes, ALL_ACCESS) ||
        !rlk_layout_sector_at(flash, arguments->address, &first) ||
        !rlk_layout_sector_at(flash, (uint32_t)end - 1U, &last)) {
        name_erasable(job->output, flash);
        return RLK_E_ERASE_RANGE;
    }
    if (first.start_addr != arguments->address || (uint64_t)last.start_addr + last.bytes != end) {
        name_sectors(job->output, &first, &last);
        return RLK_E_ERASE_RANGE;
    }
    return add_blank(job->context, chip, arguments->address, arguments->size_bytes);
}

/* The device that was looked at is the one that is meant: it must have the same layout when it is opened again. */
static enum rlk_error prepare(const struct job *job, const struct rlk_findings *found, struct rlk_wish *wish)
{
    static char layout[RLK_STRING_TEXT_BYTES];
    static const char *const layouts[] = {layout};
    struct firmware *firmware = job->context;
    int alternate = rlk_fingerprint_flash_alternate(&found->fingerprint, &found->chip);
    if (alternate < 0) {
        return RLK_E_ERASE_RANGE;
    }
    const struct rlk_layout *flash = &found->fingerprint.layouts[alternate];
    enum rlk_error error =
        job->arguments->erases_all ? add_all(firmware, &found->chip, flash) : add_range(job, &found->chip, flash);
    memcpy(layout, found->fingerprint.flash_string, sizeof layout);
    wish->image = &firmware->image;
    wish->layouts = layouts;
    wish->layout_count = 1;
    return error;
}

/* Where nothing can be read any more, and the whole sectors before it. */
static void name_end(const struct job *job, const struct rlk_session *session)
{
    const struct rlk_findings *found = rlk_session_findings(session);
    const struct firmware *firmware = job->context;
    const uint32_t end = rlk_session_fault(session)->addr;
    int alternate = rlk_fingerprint_flash_alternate(&found->fingerprint, &found->chip);
    if (rlk_session_next_action(session) != RLK_ACTION_CHOOSE_ANOTHER_RANGE || end == 0 || alternate < 0) {
        return;
    }
    char text[192];
    size_t used = (size_t)snprintf(text, sizeof text, "From 0x%08" PRIx32 " on nothing can be read.", end);
    struct rlk_sector sector;
    for (size_t i = 0; i < firmware->image.segment_count; i++) {
        const uint32_t start = firmware->image.segments[i].addr;
        if (start < end && end - start < firmware->image.segments[i].length &&
            rlk_layout_sector_at(&found->fingerprint.layouts[alternate], end, &sector) && sector.start_addr > start) {
            snprintf(text + used, sizeof text - used,
                     " Whole sectors before it: --address 0x%08" PRIx32 " --size %" PRIu32, start,
                     sector.start_addr - start);
        }
    }
    job->output->functions->notice(job->output, text);
}

int verb_erase(const struct arguments *arguments, struct output *output)
{
    bool has_range = arguments->has_address && arguments->has_size;
    if (arguments->erases_all ? arguments->has_address || arguments->has_size : !has_range) {
        fputs("relock: erase wants --all, or --address and --size: `relock erase --address 0x08004000 --size 16K`\n",
              stderr);
        return EXIT_USAGE;
    }
    struct firmware firmware = {0};
    struct job job = job_change(arguments, output, RLK_JOB_WRITE, ENDING_OF_ERASE);
    job.wish.accept_any_image = true;
    job.wish.image_is_blank = true;
    job.wish.erases_whole_sectors = true; /* there is nothing else in them */
    job.context = &firmware;
    job.prepare = prepare;
    job.on_failure = name_end;
    int exit_code = job_run(&job);
    firmware_free(&firmware);
    return exit_code;
}
