#include "devices.h"

#include <stdio.h>
#include <string.h>

struct device_case {
    const char *profile;
    enum rlk_family family;
    enum rlk_way_back way_back;
    bool boot0_is_out_of_reach;
    bool is_for_pairs;
    const struct scenario_fields *fields;
};

/* On F0 a regression sets all fields back; on F405 and L4 they stay. */
static const struct scenario_fields f042_fields = {.wishes = {{"DATA0", 0x5A}, {"DATA1", 0x00}},
                                                   .allowed = {{4, 0xFF, 0x5A}, {6, 0xFF, 0x00}}};
static const struct scenario_fields f405_fields = {.wishes = {{"BOR_LEV", 1}, {"nRST_STOP", 1}},
                                                   .allowed = {{0, 0x0C, 0x04}, {0, 0x40, 0x40}}};
static const struct scenario_fields l432_fields = {.wishes = {{"nSWBOOT0", 1}, {"nBOOT0", 0}},
                                                   .allowed = {{3, 0x04, 0x04}, {3, 0x08, 0x00}}};

/* Pairs: the OTG core, the FS core, and L4, whose sealing leaves it dead until power-on; with and without BOOT0 where
 * the empty check gives a choice. */
static const struct device_case devices[] = {
    {"stm32f042", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_BOOT0, false, true, NULL},
    {"stm32f042", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_EMPTY_CHECK, false, true, NULL},
    {"stm32f042", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_EMPTY_CHECK, true, false, NULL},
    {"stm32f072", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_BOOT0, false, false, NULL},
    {"stm32f405", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_BOOT0, false, true, NULL},
    {"stm32l432", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_BOOT0, false, true, NULL},
    {"stm32l432", RLK_FAMILY_STM32L4, RLK_WAY_BACK_EMPTY_CHECK, false, true, NULL},
    {"stm32l432", RLK_FAMILY_STM32L4, RLK_WAY_BACK_EMPTY_CHECK, true, false, NULL},
    {"stm32l476", RLK_FAMILY_STM32L47X, RLK_WAY_BACK_BOOT0, false, false, NULL},
    {"stm32f042", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_BOOT0, false, false, &f042_fields},
    {"stm32f042", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_EMPTY_CHECK, false, false, &f042_fields},
    {"stm32f405", RLK_FAMILY_UNKNOWN, RLK_WAY_BACK_BOOT0, false, false, &f405_fields},
    {"stm32l432", RLK_FAMILY_STM32L4, RLK_WAY_BACK_BOOT0, false, false, &l432_fields},
    {"stm32l432", RLK_FAMILY_STM32L4, RLK_WAY_BACK_EMPTY_CHECK, false, false, &l432_fields},
};

/* How an RDP change takes effect is not settled by the facts: each combination that they leave open. */
static const enum sim_reload reloads[][2] = {{SIM_RELOAD_AT_ONCE, SIM_RELOAD_AT_ONCE},
                                             {SIM_RELOAD_AT_RESET, SIM_RELOAD_AT_RESET},
                                             {SIM_RELOAD_AT_POWER_ON, SIM_RELOAD_AT_ONCE},
                                             {SIM_RELOAD_AT_POWER_ON, SIM_RELOAD_AT_POWER_ON}};

static const enum sim_person persons[] = {SIM_PERSON_HELPFUL, SIM_PERSON_ABSENT};

enum {
    DEVICES = sizeof devices / sizeof devices[0],
    RELOADS = sizeof reloads / sizeof reloads[0],
    PERSONS = sizeof persons / sizeof persons[0]
};

bool plain_scenario(size_t index, struct scenario *plain)
{
    if (index >= (size_t)DEVICES * PERSONS * RELOADS) {
        return false;
    }
    const struct device_case *device = &devices[index / RELOADS / PERSONS];
    const enum sim_reload *reload = reloads[index % RELOADS];
    *plain = (struct scenario){.profile = device->profile,
                               .family = device->family,
                               .way_back = device->way_back,
                               .fields = device->fields,
                               .boot0_is_out_of_reach = device->boot0_is_out_of_reach,
                               .seal_reload = reload[0],
                               .regression_reload = reload[1],
                               .person = persons[index / RELOADS % PERSONS],
                               .has_pairs = device->is_for_pairs};
    return true;
}

void device_text(const struct scenario *scenario, char *text)
{
    snprintf(text, DEVICE_TEXT_BYTES, "%s by %s%s%s", scenario->profile, rlk_way_back_name(scenario->way_back),
             scenario->boot0_is_out_of_reach ? " only" : "", scenario->fields != NULL ? ", fields" : "");
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
