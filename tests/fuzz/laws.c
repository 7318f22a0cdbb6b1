#include "laws.h"

#include "fuzz.h"

#include <string.h>

enum {
    OPERATIONS_MAX = 2000,
    OPERATIONS_PER_LOOK = 8, /* the estimate costs more than the rest of an operation */
    STANDARD_IN = 0x80,
    CLASS_OUT = 0x21,
    CLASS_IN = 0xA1,
    GET_DESCRIPTOR = 6,
    DNLOAD = 1,
    UPLOAD = 2,
    GETSTATUS = 3,
    CLRSTATUS = 4,
    ABORT = 6,
    SET_ADDRESS = 0x21,
    ERASE = 0x41,
    READ_UNPROTECT = 0x92,
    ADDRESS_COMMAND_BYTES = 5
};

/* Promise 9. A poll time is clamped to twice the longest worst case of any row: an H743's mass erase of 40 s. */
#define SLEEP_MAX_MS    80000U
#define DEADLINE_MAX_MS 120000U
#define SLEPT_MAX_MS    3600000U

/* Where the firmware of any family lies (RM0090, RM0091, RM0351); OTP and option bytes lie elsewhere. */
#define FLASH_ADDR      0x08000000U
#define FLASH_BYTES_MAX 0x00800000U

#define FLASH_WORD_BYTES_MAX 32U

/* The only RDP bytes that ever leave a session: canonical level 1, by whether 0x55 is a level of its own. */
static const uint8_t level_1[] = {[false] = 0xBB, [true] = 0xDC};

void laws_begin(struct laws *laws, struct rlk_session *session)
{
    memset(laws, 0, sizeof *laws);
    laws->session = session;
}

static uint32_t address_in(const uint8_t *data)
{
    return (uint32_t)data[1] | (uint32_t)data[2] << 8 | (uint32_t)data[3] << 16 | (uint32_t)data[4] << 24;
}

/* A yes to the plan is needed for any change; 0x92 spends it, and what it emptied may be filled. */
static void demand_consent(const struct laws *laws)
{
    enum rlk_job job = laws->session->wish.job;
    fuzz_demand(job != RLK_JOB_LOOK && job != RLK_JOB_READ && job != RLK_JOB_VERIFY,
                "a look, a read and a verify change nothing");
    fuzz_demand(laws->has_yes || laws->has_spent, "nothing is changed without a yes");
}

static void watch_unprotect(struct laws *laws, const struct rlk_operation *operation)
{
    fuzz_demand(operation->length == 1, "0x92 stands alone");
    fuzz_demand(laws->has_yes, "no 0x92 without an own yes");
    fuzz_demand(laws->erasing_is_kept, "no 0x92 without its record");
    fuzz_demand(laws->session->wish.job == RLK_JOB_UPDATE || laws->session->wish.job == RLK_JOB_UNPROTECT,
                "only update and unprotect regress");
    fuzz_demand(laws->session->wish.way_back == RLK_WAY_BACK_BOOT0 ||
                    laws->session->wish.way_back == RLK_WAY_BACK_EMPTY_CHECK,
                "no 0x92 without a way back");
    laws->has_yes = false;
    laws->has_spent = true;
    laws->erasing_is_kept = false;
    laws->pointer_is_known = false;
}

static void demand_flash_job(const struct laws *laws)
{
    enum rlk_job job = laws->session->wish.job;
    fuzz_demand(job == RLK_JOB_WRITE || job == RLK_JOB_UPDATE, "only write and update change flash");
}

static void watch_command(struct laws *laws, const struct rlk_operation *operation)
{
    uint8_t opcode = operation->data[0];
    if (opcode == READ_UNPROTECT) {
        watch_unprotect(laws, operation);
        return;
    }
    fuzz_demand(opcode == SET_ADDRESS || opcode == ERASE, "no other command");
    fuzz_demand(operation->length == ADDRESS_COMMAND_BYTES, "a command has its length");
    if (opcode == SET_ADDRESS) {
        laws->pointer_addr = address_in(operation->data);
        laws->pointer_is_known = true;
        return;
    }
    uint32_t offset = address_in(operation->data) - FLASH_ADDR;
    demand_consent(laws);
    demand_flash_job(laws);
    fuzz_demand(offset < FLASH_BYTES_MAX, "only flash is erased");
    laws->pointer_is_known = false;
}

static void watch_options(struct laws *laws, const struct rlk_operation *operation)
{
    const struct rlk_chip *chip = &laws->session->findings.chip;
    const struct rlk_wish *wish = &laws->session->wish;
    uint8_t rdp = operation->data[chip->rdp_write_offset];
    bool stays_open = wish->job == RLK_JOB_OPTIONS;
    demand_consent(laws);
    fuzz_demand(stays_open || laws->session->goal.end_protected,
                "options are written to protect, or for their own sake");
    fuzz_demand(stays_open || laws->sealing_is_kept, "no option write that protects without its record");
    fuzz_demand(operation->length == chip->options_write_bytes, "an option block is whole");
    fuzz_demand(rlk_options_hold(chip, operation->data, wish->options, wish->option_count),
                "an option block has the wished fields");
    fuzz_demand(wish->families == 0 || (laws->session->findings.candidates & ~wish->families) == 0,
                "only devices that the release is for are sealed");
    const uint8_t sealed = level_1[(chip->quirks & RLK_QUIRK_BIT(TRUSTZONE)) != 0];
    fuzz_demand(rdp == (stays_open ? chip->rdp_level0 : sealed),
                "the RDP byte is level 1's canonical one, or stays level 0's");
    laws->sealing_is_kept = false;
    laws->pointer_is_known = false;
}

static bool is_erased(const uint8_t *data, uint64_t from, uint64_t to)
{
    while (from < to && data[from] == 0xFF) {
        from++;
    }
    return from >= to;
}

/* Held in the room since before the first erase, and never of the image's own. */
static bool is_in_kept(const struct rlk_session *session, uint64_t addr, const uint8_t *data, uint32_t bytes)
{
    for (size_t i = 0; i < rlk_session_kept_count(session); i++) {
        const struct rlk_segment *range = rlk_session_kept(session, i);
        if (addr >= range->addr && addr + bytes <= (uint64_t)range->addr + range->length) {
            return memcmp(&session->wish.keep_room[range->offset + (addr - range->addr)], data, bytes) == 0;
        }
    }
    return false;
}

/* The image, and what fills its last flash word up: as if it were still erased, or what is kept there. H7 has the
 * longest words. */
static bool is_of_image(const struct rlk_session *session, uint64_t addr, const uint8_t *data, uint32_t bytes)
{
    const struct rlk_image *image = session->wish.image;
    bool is_found = false;
    for (size_t i = 0; i < image->segment_count && !is_found; i++) {
        const struct rlk_segment *segment = &image->segments[i];
        const uint64_t end = (uint64_t)segment->addr + segment->length;
        const uint64_t end_of_word = (end + FLASH_WORD_BYTES_MAX - 1U) / FLASH_WORD_BYTES_MAX * FLASH_WORD_BYTES_MAX;
        is_found = addr >= segment->addr && addr < end && addr + bytes <= end_of_word &&
                   (is_erased(data, end - addr, bytes) ||
                    is_in_kept(session, end, &data[end - addr], (uint32_t)(addr + bytes - end)));
    }
    return is_found;
}

static bool has_a_byte_of_others(const struct rlk_session *session, const struct rlk_segment *range)
{
    uint32_t i = 0;
    while (i < range->length && rlk_image_gives(session->wish.image, range->addr + i)) {
        i++;
    }
    return i < range->length;
}

static void watch_kept(const struct rlk_session *session)
{
    fuzz_demand(session->wish.job == RLK_JOB_WRITE || session->wish.job == RLK_JOB_UPDATE,
                "only what writes has something to keep");
    fuzz_demand(rlk_session_kept_count(session) > 0, "there is something to keep");
    for (size_t i = 0; i < rlk_session_kept_count(session); i++) {
        const struct rlk_segment *range = rlk_session_kept(session, i);
        fuzz_demand((uint64_t)range->offset + range->length <= session->wish.keep_room_bytes, "it is in the room");
        fuzz_demand(has_a_byte_of_others(session, range), "it is not the image's alone");
    }
}

static void watch_block(struct laws *laws, const struct rlk_operation *operation)
{
    const struct rlk_findings *findings = &laws->session->findings;
    fuzz_demand(operation->value >= 2, "block 1 is never sent");
    fuzz_demand(laws->pointer_is_known, "no data without an address");
    if (operation->value == 2 && laws->pointer_addr == findings->chip.options_addr) {
        watch_options(laws, operation);
        return;
    }
    uint64_t addr = laws->pointer_addr + (uint64_t)(operation->value - 2U) * findings->transfer_bytes;
    demand_consent(laws);
    demand_flash_job(laws);
    fuzz_demand(is_of_image(laws->session, addr, operation->data, operation->length) ||
                    is_in_kept(laws->session, addr, operation->data, operation->length),
                "only the image is written, and what is kept");
    fuzz_demand(addr >= FLASH_ADDR && addr + operation->length <= (uint64_t)FLASH_ADDR + FLASH_BYTES_MAX,
                "only flash is written");
    fuzz_demand(operation->content == RLK_DATA_FIRMWARE, "firmware is marked as such");
}

static void watch_out(struct laws *laws, const struct rlk_operation *operation)
{
    fuzz_demand(operation->request_type == CLASS_OUT, "only class requests go out");
    if (operation->request != DNLOAD) {
        bool is_plain = operation->request == CLRSTATUS || operation->request == ABORT;
        fuzz_demand(is_plain && operation->length == 0, "otherwise only CLRSTATUS and ABORT");
    } else if (operation->length > 0 && operation->value == 0) {
        watch_command(laws, operation);
    } else if (operation->length > 0) {
        watch_block(laws, operation);
    } else {
        fuzz_demand(operation->value != 1, "block 1 is never sent");
        demand_consent(laws);
    }
}

static void watch_in(const struct rlk_operation *operation)
{
    bool is_standard = operation->request_type == STANDARD_IN && operation->request == GET_DESCRIPTOR;
    bool is_class =
        operation->request_type == CLASS_IN && (operation->request == UPLOAD || operation->request == GETSTATUS);
    fuzz_demand(is_standard || is_class, "only descriptors, UPLOAD and GETSTATUS come in");
    fuzz_demand(operation->length > 0, "something is asked for");
}

static bool is_transfer(const struct rlk_operation *operation)
{
    return operation->kind == RLK_OPERATION_CONTROL_IN || operation->kind == RLK_OPERATION_CONTROL_OUT ||
           operation->kind == RLK_OPERATION_SELECT_ALTERNATE;
}

static void watch_transfer(struct laws *laws, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    fuzz_demand(!laws->needs_reopen, "after a lost transfer nothing is sent before a reopen");
    fuzz_demand(operation->timeout_ms > 0 && operation->timeout_ms <= DEADLINE_MAX_MS, "a transfer has a deadline");
    fuzz_demand(operation->length <= RLK_BLOCK_BYTES_MAX, "no transfer is too long");
    if (operation->kind == RLK_OPERATION_CONTROL_OUT) {
        watch_out(laws, operation);
    } else if (operation->kind == RLK_OPERATION_CONTROL_IN) {
        watch_in(operation);
    }
    laws->needs_reopen = outcome->kind != RLK_OUTCOME_OK && outcome->kind != RLK_OUTCOME_STALL;
}

/* A yes is to the device that was there; only what 0x92 has emptied may go on without asking. */
static void watch_reopen(struct laws *laws, const struct rlk_operation *operation)
{
    fuzz_demand(operation->patience_ms <= DEADLINE_MAX_MS, "patience ends");
    fuzz_demand(operation->reason < RLK_REOPEN_REASONS && operation->action < RLK_ACTION_COUNT,
                "a reopen has a reason");
    bool is_sent_away = operation->reason == RLK_REOPEN_POWER_CYCLE || operation->reason == RLK_REOPEN_AFTER_SEAL;
    laws->has_yes = laws->has_yes && is_sent_away;
    laws->erasing_is_kept = false;
    laws->sealing_is_kept = false;
    laws->needs_reopen = false;
    laws->pointer_is_known = false;
}

static void watch_ask(struct laws *laws, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    bool is_yes = outcome->kind == RLK_OUTCOME_OK && outcome->is_yes && outcome->digest == operation->digest;
    if (operation->question == RLK_QUESTION_CONFIRM_PLAN) {
        laws->has_yes = is_yes;
        laws->erasing_is_kept = false;
    }
}

static void watch_record(struct laws *laws, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    struct rlk_journal_entry entry;
    bool is_kept = outcome->kind == RLK_OUTCOME_OK;
    fuzz_demand(operation->entry_bytes == strlen(operation->entry), "a line has its length");
    fuzz_demand(rlk_journal_decode(&entry, operation->entry, operation->entry_bytes) == RLK_OK, "a line can be read");
    fuzz_demand(entry.end_protected == laws->session->goal.end_protected, "the end state is the one asked for");
    if (entry.phase == RLK_JOURNAL_ERASING) {
        laws->erasing_is_kept = is_kept && laws->has_yes;
    } else if (entry.phase == RLK_JOURNAL_SEALING) {
        laws->sealing_is_kept = is_kept;
    }
}

static void watch_done(const struct laws *laws, const struct rlk_operation *operation)
{
    bool is_good = operation->ending == RLK_ENDING_PROVEN;
    bool is_ending = operation->ending > RLK_STAGE_COUNT && operation->ending < RLK_STAGES_AND_ENDINGS;
    fuzz_demand(is_good || is_ending, "an ending is one of three");
    fuzz_demand(is_good == (operation->error == RLK_OK), "an error has its reason, a success none");
    fuzz_demand(rlk_session_next_action(laws->session) < RLK_ACTION_COUNT, "there is something to do next, or nothing");
}

static void watch_rest(struct laws *laws, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    const struct rlk_wish *wish = &laws->session->wish;
    switch (operation->kind) {
    case RLK_OPERATION_SLEEP:
        laws->slept_ms += operation->duration_ms;
        fuzz_demand(operation->duration_ms <= SLEEP_MAX_MS, "a wait is clamped");
        fuzz_demand(laws->slept_ms <= SLEPT_MAX_MS, "waits end");
        break;
    case RLK_OPERATION_REOPEN:
        watch_reopen(laws, operation);
        break;
    case RLK_OPERATION_ASK:
        watch_ask(laws, operation, outcome);
        break;
    case RLK_OPERATION_RECORD:
        watch_record(laws, operation, outcome);
        break;
    case RLK_OPERATION_FETCH:
        fuzz_demand(operation->bytes <= RLK_BLOCK_BYTES_MAX &&
                        (uint64_t)operation->offset + operation->bytes <= wish->image->size,
                    "a fetch is inside the image");
        break;
    case RLK_OPERATION_STORE:
        fuzz_demand((uint64_t)operation->offset + operation->bytes <= wish->read_bytes, "a store is inside the range");
        break;
    case RLK_OPERATION_KEEP:
        watch_kept(laws->session);
        break;
    default:
        watch_done(laws, operation);
        break;
    }
}

static void watch_progress(struct laws *laws)
{
    struct rlk_progress progress = rlk_session_progress(laws->session);
    fuzz_demand(progress.done_permille <= 1000U && progress.done_permille >= laws->permille, "progress never falls");
    laws->permille = progress.done_permille;
}

static bool are_same(const struct rlk_operation *a, const struct rlk_operation *b)
{
    return a->kind == b->kind && a->index == b->index && a->timeout_ms == b->timeout_ms && a->request == b->request &&
           a->value == b->value && a->length == b->length && a->data == b->data && a->alternate == b->alternate &&
           a->duration_ms == b->duration_ms && a->reason == b->reason && a->digest == b->digest &&
           a->entry == b->entry && a->offset == b->offset && a->bytes == b->bytes && a->ending == b->ending &&
           a->error == b->error;
}

void laws_watch(struct laws *laws, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    const struct rlk_operation before = *operation;
    laws->operations++;
    fuzz_demand(laws->operations <= OPERATIONS_MAX, "a session ends");
    fuzz_demand(are_same(rlk_session_next(laws->session), &before), "asking twice changes nothing");
    if (laws->operations % OPERATIONS_PER_LOOK == 0 || operation->kind == RLK_OPERATION_DONE) {
        watch_progress(laws);
    }
    if (is_transfer(operation)) {
        watch_transfer(laws, operation, outcome);
    } else {
        watch_rest(laws, operation, outcome);
    }
}
