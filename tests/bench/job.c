#include "job.h"

#include "relock/drive.h"
#include "relock/image.h"
#include "sim/sim.h"
#include "sim_host.h"

#include <string.h>

/* The wire as the model has it (sim/src/transfer.c): a setup and a status stage, and 2048 bytes in about 3 ms, as seen
 * on an F745 (fwupd issue 2057). */
enum { TRANSFER_US = 200, BYTE_NS = 1400, STATUS_BYTES = 6, ERASE_BYTES = 5 };
enum { FLASH_ADDR = 0x08000000, STACK_TOP = 0x20001000, ENTRY = FLASH_ADDR + 0x101, SEED = 0x2545F491 };

static struct sim_device device;
static struct rlk_session session;
static struct rlk_image image;
static uint8_t old_flash[SIM_FLASH_MAX_BYTES];
static uint8_t image_bytes[JOB_IMAGE_BYTES_MAX + 2U * RLK_IMAGE_ALIGNMENT_BYTES];

struct run {
    struct sim_transport transport;
    struct recording *recording;
    uint64_t floor_us;
    uint64_t real_floor_us;
    uint64_t reopen_start_us;
    uint64_t work_start_us; /* of the last one that counted */
    uint64_t work_end_us;
    uint64_t command_us;   /* announced for a set address */
    uint32_t power_cycles; /* before the reopen under way */
};

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void put_word(uint8_t *bytes, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(word >> (8U * i));
    }
}

/* Xorshift 32 (Marsaglia): does not repeat within the image, and no block of it is blank. */
static void fill_image(uint32_t bytes)
{
    uint32_t state = SEED;
    for (uint32_t i = 0; i < bytes; i += 4U) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        put_word(&image_bytes[i], state);
    }
    put_word(&image_bytes[0], STACK_TOP);
    put_word(&image_bytes[4], ENTRY);
}

struct rlk_wish job_session_wish(enum rlk_job job, uint32_t bytes)
{
    fill_image(bytes);
    rlk_image_init(&image, image_bytes, sizeof image_bytes, 0xFF);
    const struct rlk_image_file file = {image_bytes, bytes, RLK_IMAGE_BINARY, true, FLASH_ADDR};
    (void)rlk_image_load(&image, &file, NULL);
    return (struct rlk_wish){.job = job, .end_protected = true, .way_back = RLK_WAY_BACK_BOOT0, .image = &image};
}

static void control(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    struct run *run = context;
    sim_transport_control(&run->transport, operation, buffer, outcome);
}

static void select_alternate(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct run *run = context;
    sim_transport_select_alternate(&run->transport, operation, outcome);
}

static void pause_host(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct run *run = context;
    sim_transport_sleep(&run->transport, operation, outcome);
}

static void reopen(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    struct run *run = context;
    run->reopen_start_us = sim_now_us(&device);
    run->power_cycles = sim_counters(&device)->power_cycles;
    sim_transport_reopen(&run->transport, operation, outcome);
}

static void ask(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    (void)context;
    outcome->kind = RLK_OUTCOME_OK;
    outcome->is_yes = true;
    outcome->digest = operation->digest;
}

static void keep(void *context, const struct rlk_operation *operation, struct rlk_outcome *outcome)
{
    (void)context;
    (void)operation;
    outcome->kind = RLK_OUTCOME_OK;
}

static void fetch(void *context, const struct rlk_operation *operation, uint8_t *buffer, struct rlk_outcome *outcome)
{
    (void)context;
    rlk_fetch_from_image(&image, operation, buffer, outcome);
}

/* Commands without an effect (set address, a refusal) are no part of the floor, although their time is announced. */
static void count_work(struct run *run)
{
    const struct sim_work *work = &device.work;
    if (work->kind == SIM_WORK_COMMAND && device.announced_us > work->start_us) {
        run->command_us = device.announced_us - work->start_us;
    }
    if (work->kind == SIM_WORK_NONE || work->kind == SIM_WORK_COMMAND || work->start_us == run->work_start_us) {
        return;
    }
    run->work_start_us = work->start_us;
    run->work_end_us = later(work->end_us, device.announced_us);
    run->floor_us += run->work_end_us - work->start_us;
    run->real_floor_us += work->end_us - work->start_us;
}

/* From the end of what made it leave, or from the pulling of the plug, until it is on the bus again. */
static void count_return(struct run *run)
{
    bool was_pulled = sim_counters(&device)->power_cycles != run->power_cycles;
    uint64_t since_us = was_pulled ? run->reopen_start_us : run->work_end_us;
    uint64_t return_us = device.on_bus_at_us > since_us ? device.on_bus_at_us - since_us : 0U;
    run->floor_us += return_us;
    run->real_floor_us += return_us;
}

static void observe(void *context, const struct rlk_operation *operation, const struct rlk_outcome *outcome)
{
    struct run *run = context;
    if (operation->kind == RLK_OPERATION_CONTROL_IN) {
        count_work(run);
    } else if (operation->kind == RLK_OPERATION_REOPEN && operation->reason != RLK_REOPEN_FIRST) {
        count_return(run);
    }
    if (run->recording != NULL) {
        recording_add(run->recording, operation, outcome);
    }
}

static uint64_t wire_us(uint32_t bytes)
{
    return TRANSFER_US + (uint64_t)bytes * BYTE_NS / 1000U;
}

/* Was there anything in the sector before `end_addr`? */
static bool was_used_before(const struct rlk_sector *sector, uint32_t end_addr)
{
    for (uint32_t addr = sector->start_addr; addr < end_addr; addr++) {
        if (old_flash[addr - FLASH_ADDR] != 0xFF) {
            return true;
        }
    }
    return false;
}

/* The blocks that do not lie behind a used one in their sector. */
static uint32_t count_looks(uint32_t bytes, uint32_t block_bytes)
{
    const struct rlk_findings *findings = rlk_session_findings(&session);
    int alternate = rlk_fingerprint_flash_alternate(&findings->fingerprint, &findings->chip);
    uint32_t looks = 0;
    for (uint32_t offset = 0; alternate >= 0 && block_bytes > 0 && offset < bytes; offset += block_bytes) {
        struct rlk_sector sector;
        bool is_there = rlk_layout_sector_at(&findings->fingerprint.layouts[alternate], FLASH_ADDR + offset, &sector);
        looks += is_there && !was_used_before(&sector, FLASH_ADDR + offset) ? 1U : 0U;
    }
    return looks;
}

/* What was there before; blank if a regression came between. */
static void keep_old_flash(enum rlk_job job)
{
    uint32_t bytes = 0;
    const uint8_t *flash = sim_flash(&device, &bytes);
    memset(old_flash, 0xFF, sizeof old_flash);
    if (job == RLK_JOB_WRITE) {
        memcpy(old_flash, flash, bytes);
    }
}

/* Each block: written, verified, and looked at before if it must be; each erased sector: its command. */
static uint64_t least_wire_us(const struct job_cost *cost, uint32_t block_bytes)
{
    uint64_t poll_us = 2U * wire_us(STATUS_BYTES);
    return cost->blocks * (2U * wire_us(block_bytes) + poll_us) + cost->looked * wire_us(block_bytes) +
           cost->erased * (wire_us(ERASE_BYTES) + poll_us);
}

/* dfuse.c: an address before each block, then the block; what is announced is waited for after both, as the real one
 * does in tests/real-stack. Sectors are erased as here. */
static uint64_t dfu_util_wire_us(const struct job_cost *cost, uint32_t block_bytes)
{
    uint64_t poll_us = 2U * wire_us(STATUS_BYTES);
    uint64_t command_us = wire_us(ERASE_BYTES) + poll_us;
    return cost->blocks * (command_us + wire_us(block_bytes) + poll_us) + cost->sectors * command_us;
}

static const char *judge(const struct rlk_operation *done, const struct job_cost *cost, enum rlk_job job)
{
    const struct sim_counters *counters = sim_counters(&device);
    uint32_t flash_bytes = 0;
    const uint8_t *flash = sim_flash(&device, &flash_bytes);
    if (done->ending != RLK_ENDING_PROVEN) {
        return "not proven";
    }
    if (counters->violations > 0) {
        return sim_violation(&device, 0);
    }
    if (memcmp(flash, image.bytes, image.size) != 0) {
        return "the flash does not hold the image";
    }
    if (sim_rdp_level(&device) != (job == RLK_JOB_UPDATE ? 1U : 0U)) {
        return "the protection level is not what was asked for";
    }
    return counters->blocks_programmed == cost->blocks ? NULL : "blocks were written twice, or not at all";
}

void job_run(const struct job_wish *wish, struct job_cost *cost)
{
    struct run run = {.transport = {.device = &device, .person = SIM_PERSON_HELPFUL}, .recording = wish->recording};
    struct rlk_host host = {.context = &run,
                            .control = control,
                            .select_alternate = select_alternate,
                            .sleep = pause_host,
                            .reopen = reopen,
                            .ask = ask,
                            .record = keep,
                            .fetch = fetch,
                            .store = keep,
                            .observe = observe};
    struct rlk_wish session_wish = job_session_wish(wish->job, wish->image_bytes);
    session_wish.poll = wish->poll;
    session_wish.erases_whole_sectors = true; /* the formula counts the image */
    sim_init(&device, sim_profile_find(wish->profile), wish->job == RLK_JOB_UPDATE ? 1U : 0U, true);
    keep_old_flash(wish->job);
    rlk_session_init(&session, &session_wish);
    uint64_t start_us = sim_now_us(&device);
    const struct rlk_operation *done = rlk_drive(&session, &host);
    const struct sim_counters *counters = sim_counters(&device);
    uint32_t block_bytes = rlk_session_findings(&session)->transfer_bytes;
    struct rlk_plan plan;
    rlk_session_plan(&session, &plan);
    *cost = (struct job_cost){.transfers = counters->transfers,
                              .blocks = block_bytes == 0 ? 0 : (wish->image_bytes + block_bytes - 1U) / block_bytes,
                              .looked = count_looks(wish->image_bytes, block_bytes),
                              .sectors = plan.sectors_touched,
                              .erased = counters->sectors_erased,
                              .time_us = sim_now_us(&device) - start_us};
    cost->floor_us = run.floor_us + least_wire_us(cost, block_bytes);
    cost->real_floor_us = run.real_floor_us + least_wire_us(cost, block_bytes);
    cost->dfu_util_us = run.floor_us + dfu_util_wire_us(cost, block_bytes) + cost->blocks * run.command_us;
    cost->complaint = judge(done, cost, wish->job);
}
