#include "devices.h"

#include "identity.h"

#include <stdio.h>
#include <string.h>

enum {
    NAMED = 1, /* its family is, although it need not be for BOOT0 */
    NO_BOOT0 = 2,
    PAIRS = 4,
    OPEN = 8 /* written at level 0, over another program that goes on behind the image */
};

struct device_case {
    const char *profile;
    enum rlk_way_back way_back;
    const struct scenario_fields *fields;
    unsigned traits;
};

/* On F0 a regression sets all fields back; on F405 and L4 they stay. */
static const struct scenario_fields f042_fields = {
    .count = 2, .wishes = {{"DATA0", 0x5A}, {"DATA1", 0x00}}, .allowed = {{4, 0xFF, 0x5A}, {6, 0xFF, 0x00}}};
static const struct scenario_fields f405_fields = {
    .count = 2, .wishes = {{"BOR_LEV", 1}, {"nRST_STOP", 1}}, .allowed = {{0, 0x0C, 0x04}, {0, 0x40, 0x40}}};
static const struct scenario_fields l432_fields = {
    .count = 2, .wishes = {{"nSWBOOT0", 1}, {"nBOOT0", 0}}, .allowed = {{3, 0x04, 0x04}, {3, 0x08, 0x00}}};
/* After its regression L152 holds no valid option word but the first: all must be wished, or it is not sealed. */
static const struct scenario_fields l152_fields = {.count = 10,
                                                   .wishes = {{"BOR_LEV", 8},
                                                              {"IWDG_SW", 1},
                                                              {"nRST_STOP", 1},
                                                              {"nRST_STDBY", 1},
                                                              {"WRP1", 0},
                                                              {"WRP2", 0},
                                                              {"WRP3", 0},
                                                              {"WRP4", 0},
                                                              {"WRP5", 0},
                                                              {"WRP6", 0}},
                                                   .allowed = {{4, 0xFF, 0x78},
                                                               {5, 0xFF, 0},
                                                               {8, 0xFF, 0},
                                                               {9, 0xFF, 0},
                                                               {12, 0xFF, 0},
                                                               {13, 0xFF, 0},
                                                               {16, 0xFF, 0},
                                                               {17, 0xFF, 0},
                                                               {20, 0xFF, 0},
                                                               {21, 0xFF, 0},
                                                               {24, 0xFF, 0},
                                                               {25, 0xFF, 0},
                                                               {28, 0xFF, 0},
                                                               {29, 0xFF, 0}}};

/* From the factory G0 and C0 ignore BOOT0, and so do option words that power has spoilt: who relies on it wishes it. */
static const struct scenario_fields g0_fields = {
    .count = 2, .wishes = {{"nBOOT_SEL", 0}, {"nRST_STDBY", 0}}, .allowed = {{3, 0x01, 0}, {1, 0x40, 0}}};

/* The basic devices in every habit. Pairs: the OTG core, the FS core, and L4, whose sealing leaves it dead until
 * power-on; with and without BOOT0 where the empty check gives a choice. */
static const struct device_case basic[] = {
    {"stm32f042", RLK_WAY_BACK_BOOT0, NULL, PAIRS},
    {"stm32f042", RLK_WAY_BACK_EMPTY_CHECK, NULL, PAIRS},
    {"stm32f042", RLK_WAY_BACK_EMPTY_CHECK, NULL, NO_BOOT0},
    {"stm32f072", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f405", RLK_WAY_BACK_BOOT0, NULL, PAIRS},
    {"stm32l432", RLK_WAY_BACK_BOOT0, NULL, PAIRS},
    {"stm32l432", RLK_WAY_BACK_EMPTY_CHECK, NULL, NAMED | PAIRS},
    {"stm32l432", RLK_WAY_BACK_EMPTY_CHECK, NULL, NAMED | NO_BOOT0},
    {"stm32l476", RLK_WAY_BACK_BOOT0, NULL, NAMED},
    {"stm32f042", RLK_WAY_BACK_BOOT0, &f042_fields, 0},
    {"stm32f042", RLK_WAY_BACK_EMPTY_CHECK, &f042_fields, 0},
    {"stm32f405", RLK_WAY_BACK_BOOT0, &f405_fields, 0},
    {"stm32l432", RLK_WAY_BACK_BOOT0, &l432_fields, NAMED},
    {"stm32l432", RLK_WAY_BACK_EMPTY_CHECK, &l432_fields, NAMED},
};

/* All others whose protection may be changed, with their own habits. Pairs: one of each later generation of ROMs. */
static const struct device_case others[] = {
    {"stm32l452", RLK_WAY_BACK_EMPTY_CHECK, NULL, NAMED},
    {"stm32f105", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f105_v1", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f303", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f373", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f205", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f401", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f411", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f412", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f413", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f446", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f427", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f722", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f745", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f767", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32l072", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32l152", RLK_WAY_BACK_BOOT0, &l152_fields, 0},
    {"stm32l4r5", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32g431", RLK_WAY_BACK_BOOT0, NULL, PAIRS},
    {"stm32g474", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32g491", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32g0b1", RLK_WAY_BACK_BOOT0, &g0_fields, 0},
    {"stm32g0b1", RLK_WAY_BACK_EMPTY_CHECK, NULL, NO_BOOT0},
    {"stm32c071", RLK_WAY_BACK_BOOT0, &g0_fields, 0},
    {"stm32c071", RLK_WAY_BACK_EMPTY_CHECK, NULL, NO_BOOT0},
    {"stm32u083", RLK_WAY_BACK_BOOT0, NULL, PAIRS},
    {"stm32u083", RLK_WAY_BACK_EMPTY_CHECK, NULL, 0},
    {"stm32wb55", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32wb55", RLK_WAY_BACK_EMPTY_CHECK, NULL, 0},
    {"stm32h743", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32h723", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32h7a3", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32l552", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32u585", RLK_WAY_BACK_BOOT0, NULL, PAIRS},
    {"stm32u375", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32wba65", RLK_WAY_BACK_BOOT0, NULL, 0},
    {"stm32f405", RLK_WAY_BACK_BOOT0, NULL, OPEN},
    {"stm32f072", RLK_WAY_BACK_BOOT0, NULL, OPEN},
    {"stm32l476", RLK_WAY_BACK_BOOT0, NULL, NAMED | OPEN},
};

/* How an RDP change takes effect is not settled by the facts: each combination that they leave open. */
static const enum sim_reload reloads[][2] = {{SIM_RELOAD_AT_ONCE, SIM_RELOAD_AT_ONCE},
                                             {SIM_RELOAD_AT_RESET, SIM_RELOAD_AT_RESET},
                                             {SIM_RELOAD_AT_POWER_ON, SIM_RELOAD_AT_ONCE},
                                             {SIM_RELOAD_AT_POWER_ON, SIM_RELOAD_AT_POWER_ON}};

static const enum sim_person persons[] = {SIM_PERSON_HELPFUL, SIM_PERSON_ABSENT};

enum {
    BASIC = sizeof basic / sizeof basic[0],
    OTHERS = sizeof others / sizeof others[0],
    RELOADS = sizeof reloads / sizeof reloads[0],
    PERSONS = sizeof persons / sizeof persons[0]
};

static void set_device(struct scenario *plain, const struct device_case *device)
{
    const struct identity *identity = identity_of(device->profile);
    const bool is_named = (device->traits & NAMED) != 0 || identity_needs_name(identity);
    *plain = (struct scenario){.profile = device->profile,
                               .family = is_named ? identity->family : RLK_FAMILY_UNKNOWN,
                               .way_back = device->way_back,
                               .fields = device->fields,
                               .boot0_is_out_of_reach = (device->traits & NO_BOOT0) != 0,
                               .is_open = (device->traits & OPEN) != 0,
                               .has_pairs = (device->traits & PAIRS) != 0};
}

static bool basic_scenario(size_t index, struct scenario *plain)
{
    if (index >= (size_t)BASIC * PERSONS * RELOADS) {
        return false;
    }
    set_device(plain, &basic[index / RELOADS / PERSONS]);
    plain->seal_reload = reloads[index % RELOADS][0];
    plain->regression_reload = reloads[index % RELOADS][1];
    plain->person = persons[index / RELOADS % PERSONS];
    return true;
}

bool plain_scenario(size_t index, struct scenario *plain)
{
    if (basic_scenario(index, plain)) {
        return true;
    }
    index -= (size_t)BASIC * PERSONS * RELOADS;
    if (index >= (size_t)OTHERS * PERSONS) {
        return false;
    }
    set_device(plain, &others[index / PERSONS]);
    plain->has_own_reloads = true;
    plain->person = persons[index % PERSONS];
    return true;
}

const char *device_without_scenario(void)
{
    for (size_t i = 0; i < sim_every_profile_count(); i++) {
        const char *profile = sim_every_profile_name(i);
        const struct identity *identity = identity_of(profile);
        struct scenario plain;
        bool is_found = identity != NULL && !identity_is_relockable(identity);
        for (size_t j = 0; !is_found && plain_scenario(j, &plain); j++) {
            is_found = !plain.is_open && strcmp(plain.profile, profile) == 0;
        }
        if (!is_found) {
            return profile;
        }
    }
    return NULL;
}

void device_text(const struct scenario *scenario, char *text)
{
    snprintf(text, DEVICE_TEXT_BYTES, "%s by %s%s%s%s", scenario->profile, rlk_way_back_name(scenario->way_back),
             scenario->boot0_is_out_of_reach ? " only" : "", scenario->fields != NULL ? ", fields" : "",
             scenario->is_open ? ", open" : "");
}

/* "stall@37": gives what follows it, or NULL. */
static const char *read_fault(const char *text, struct sim_fault *fault)
{
    size_t length = strcspn(text, "@");
    for (fault->kind = SIM_FAULT_NONE; fault->kind < SIM_FAULT_KINDS; fault->kind++) {
        const char *name = sim_fault_kind_name(fault->kind);
        if (strlen(name) == length && strncmp(name, text, length) == 0 && text[length] == '@') {
            return scenario_read_number(text + length + 1, &fault->at);
        }
    }
    return NULL;
}

static bool read_faults(const char *text, struct scenario *scenario)
{
    text = read_fault(text, &scenario->faults[0]);
    scenario->is_pair = text != NULL && *text == '+';
    if (scenario->is_pair) {
        text = read_fault(text + 1, &scenario->faults[1]);
    }
    return text != NULL && *text == '\0';
}

bool scenario_from_id(const char *id, struct scenario *scenario)
{
    char plain_id[SCENARIO_ID_BYTES];
    for (size_t i = 0; plain_scenario(i, scenario); i++) {
        scenario_id(scenario, plain_id);
        size_t length = (size_t)(strrchr(plain_id, '/') + 1 - plain_id);
        if (strncmp(id, plain_id, length) == 0) {
            return read_faults(id + length, scenario);
        }
    }
    return false;
}
