/*
 * Each pair is walked from the second fault on only: what the path is before a transfer is kept, and put back after
 * each fault was tried there.
 */
#include "pairs.h"

#include "path.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The image, and all that is erased and written for it, lies in the near part of the flash. Beyond it only the
 * regression goes, or a part of one: from the start upwards. So there one edge tells all: erased up to it, the old
 * application behind. */
enum { NEAR_BYTES = 16384, WORD_BYTES = 4, HEAD_BYTES = offsetof(struct path, device.flash) };

struct snapshot {
    uint8_t head[HEAD_BYTES];
    uint8_t near_flash[NEAR_BYTES];
    uint32_t edge;
    uint8_t word_at_edge[WORD_BYTES]; /* half erased, perhaps */
};

static struct path path;
static struct snapshot snapshots[SCENARIO_FAULTS_MAX];
static uint8_t old_flash[SIM_FLASH_MAX_BYTES];
static uint32_t old_bytes; /* where the old application ends */
static const struct pairs_choice *chosen;
static struct tally *sum;
static uint32_t first_place; /* the transfer that the first fault hits */
static uint32_t first_count, lot;

static bool is_erased(const uint8_t *word)
{
    return (word[0] & word[1] & word[2] & word[3]) == 0xFF;
}

/* The first word beyond the near part that is not erased. */
static uint32_t find_edge(const uint8_t *flash)
{
    uint32_t low = NEAR_BYTES, high = old_bytes > NEAR_BYTES ? old_bytes : NEAR_BYTES;
    while (low < high) {
        uint32_t middle = low + (high - low) / (2U * WORD_BYTES) * WORD_BYTES;
        if (is_erased(flash + middle)) {
            low = middle + WORD_BYTES;
        } else {
            high = middle;
        }
    }
    return low;
}

static void keep(struct snapshot *snapshot)
{
    memcpy(snapshot->head, &path, HEAD_BYTES);
    memcpy(snapshot->near_flash, path.device.flash, NEAR_BYTES);
    snapshot->edge = find_edge(path.device.flash);
    memcpy(snapshot->word_at_edge, path.device.flash + snapshot->edge, WORD_BYTES);
}

static void put_back(const struct snapshot *snapshot)
{
    uint8_t *flash = path.device.flash;
    uint32_t edge = find_edge(flash);
    memcpy(&path, snapshot->head, HEAD_BYTES);
    memcpy(flash, snapshot->near_flash, NEAR_BYTES);
    if (edge < snapshot->edge) {
        memset(flash + edge, 0xFF, snapshot->edge - edge);
    } else {
        memcpy(flash + snapshot->edge, old_flash + snapshot->edge, edge + WORD_BYTES - snapshot->edge);
    }
    memcpy(flash + snapshot->edge, snapshot->word_at_edge, WORD_BYTES);
}

/* A xorshift multiplied: the same lots for the same seed. */
static bool is_drawn(void)
{
    lot ^= lot << 13;
    lot ^= lot >> 17;
    lot ^= lot << 5;
    return chosen->one_in <= 1 || (lot * 2654435761U >> 8) % chosen->one_in == 0;
}

static bool is_chosen(size_t depth)
{
    bool is_of_share = depth > 0 || first_count++ % chosen->shares == chosen->share - 1U;
    return is_of_share && is_drawn();
}

/* With another path in the same process, from the start: keeping and putting back must change nothing. */
static void compare_with_replay(void)
{
    struct scenario_result replayed;
    scenario_run(&path.scenario, &replayed);
    bool is_same = replayed.is_good == path.result.is_good && replayed.runs == path.result.runs &&
                   replayed.transfers == path.result.transfers && strcmp(replayed.reason, path.result.reason) == 0;
    if (!is_same) {
        path.result.is_good = false;
        snprintf(path.result.reason, sizeof path.result.reason, "replayed alone it is another path");
    }
}

static void try_fault(size_t depth, struct sim_fault fault)
{
    path.scenario.faults[depth] = fault;
    sim_fault_add(&path.device, fault);
    first_place = depth == 0 ? path.device.fault_transfers : first_place;
    path.before_transfer = depth == 0 ? path.before_transfer : NULL;
    path_walk(&path);
    if (chosen->one_in > 1) {
        compare_with_replay();
    }
    tally_add(sum, &path.scenario, &path.result);
}

/* Would this transfer start to program, erase or write options? */
static bool starts_writing(const struct snapshot *here, const struct rlk_operation *operation)
{
    static uint8_t buffer[RLK_BLOCK_BYTES_MAX];
    struct rlk_outcome outcome = {0};
    uint32_t before = path.device.fault_writes;
    if (operation->kind == RLK_OPERATION_SELECT_ALTERNATE) {
        return false;
    }
    sim_transport_control(&path.transport, operation, buffer, &outcome);
    bool has_started = path.device.fault_writes != before;
    put_back(here);
    return has_started;
}

/* Damage to an answer's data needs an answer with data. */
static bool is_possible(uint32_t kind, bool has_answer, bool is_writing)
{
    bool damages_answer = kind == SIM_FAULT_SHORT || kind == SIM_FAULT_FLIP_ONE || kind == SIM_FAULT_FLIP_TWO;
    return kind == SIM_FAULT_POWER_CUT ? is_writing : has_answer || !damages_answer;
}

static bool transfer_reaches_device(void)
{
    return path.transport.is_open && sim_is_on_bus(&path.device) && sim_arrival(&path.device) == path.transport.arrival;
}

static void try_faults_here(struct path *at)
{
    size_t depth = at->scenario.faults[0].kind == SIM_FAULT_NONE ? 0 : 1;
    bool is_place_of_first = depth == 1 && at->device.fault_transfers == first_place;
    if (is_place_of_first || !transfer_reaches_device()) {
        return;
    }
    struct snapshot *here = &snapshots[depth];
    const struct rlk_operation *operation = rlk_session_next(&at->session);
    keep(here);
    bool is_writing = starts_writing(here, operation);
    bool has_answer = operation->kind == RLK_OPERATION_CONTROL_IN;
    for (uint32_t kind = SIM_FAULT_NONE + 1; kind < SIM_FAULT_KINDS; kind++) {
        if (is_possible(kind, has_answer, is_writing) && is_chosen(depth)) {
            uint32_t place = kind == SIM_FAULT_POWER_CUT ? at->device.fault_writes : at->device.fault_transfers;
            try_fault(depth, (struct sim_fault){.kind = kind, .at = place});
            put_back(here);
        }
    }
}

static void remember_old_flash(void)
{
    uint32_t size = 0;
    const uint8_t *flash = sim_flash(&path.device, &size);
    memcpy(old_flash, flash, size);
    for (old_bytes = size; old_bytes > 0 && is_erased(flash + old_bytes - WORD_BYTES);) {
        old_bytes -= WORD_BYTES;
    }
    for (uint32_t i = 0; i < old_bytes; i += WORD_BYTES) {
        if (is_erased(flash + i)) {
            fputs("the old application has a hole: snapshots would not be whole\n", stderr);
            exit(2);
        }
    }
}

void pairs_sweep(const struct scenario *plain, const struct pairs_choice *choice, struct tally *tally)
{
    struct scenario scenario = *plain;
    scenario.is_pair = true;
    chosen = choice;
    sum = tally;
    lot = choice->seed * 2654435761U | 1U;
    path_begin(&path, &scenario);
    remember_old_flash();
    path.before_transfer = try_faults_here;
    path_walk(&path);
    tally_add(tally, &path.scenario, &path.result);
}
