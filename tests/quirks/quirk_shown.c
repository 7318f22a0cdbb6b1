/* Which devices of the simulator have a quirk: by their knobs, or by what they do. */
#include "quirk_cases.h"

#include <string.h>

enum { DNLOAD = 1, UPLOAD = 2, GETSTATUS = 3, CLRSTATUS = 4, GET_DESCRIPTOR = 6 };
enum { TIMEOUT_MS = 60000, START_MS = 20000, SLOW_MS = 2000, FUNCTIONAL = 0x21, CONFIGURATION = 2, STRING = 3 };

static void class_out(struct sim_device *device, uint8_t request, const uint8_t *data, uint16_t length)
{
    struct sim_setup setup = {.request_type = 0x21, .request = request, .length = length};
    uint8_t bytes[8];
    size_t actual = 0;
    memcpy(bytes, data, length);
    (void)sim_control(device, &setup, bytes, &actual, TIMEOUT_MS);
}

static void get_status(struct sim_device *device)
{
    struct sim_setup setup = {.request_type = 0xA1, .request = GETSTATUS, .length = 6};
    uint8_t status[6];
    size_t actual = 0;
    (void)sim_control(device, &setup, status, &actual, TIMEOUT_MS);
}

static void to_idle(struct sim_device *device)
{
    get_status(device);
    if (device->state == 10) {
        class_out(device, CLRSTATUS, (const uint8_t *)"", 0);
    }
}

static void to_level_0(struct sim_device *device)
{
    sim_init(device, sim_profile_find(sim_profile_of(device)), 0, true);
    to_idle(device);
}

/* Less is announced for the command than it takes. */
static bool is_understated(struct sim_device *device, const uint8_t *command, uint16_t length)
{
    class_out(device, DNLOAD, command, length);
    get_status(device);
    uint64_t ends_us = sim_next_event_us(device);
    return ends_us != SIM_NEVER && ends_us > sim_now_us(device) + UINT64_C(1000) * sim_poll_ms(device);
}

static const uint8_t erase_first_sector[] = {0x41, 0, 0, 0, 0x08};

static bool understates_a_page(struct sim_device *device)
{
    to_level_0(device);
    return is_understated(device, erase_first_sector, sizeof erase_first_sector);
}

static bool understates_the_mass_erase(struct sim_device *device)
{
    static const uint8_t unprotect[] = {0x92};
    to_idle(device);
    return is_understated(device, unprotect, sizeof unprotect);
}

static bool erases_to_zero(struct sim_device *device)
{
    uint32_t size = 0;
    to_level_0(device);
    class_out(device, DNLOAD, erase_first_sector, sizeof erase_first_sector);
    get_status(device);
    sim_sleep(device, TIMEOUT_MS);
    return sim_flash(device, &size)[0] == 0;
}

/* Bytes of a descriptor; 0 if it is not given. Of the interface for the functional one, as hosts ask (USB 2.0 9.4.3).
 */
static size_t descriptor(struct sim_device *device, uint8_t type, uint8_t index, uint8_t *bytes, uint16_t length)
{
    struct sim_setup setup = {.request_type = type == FUNCTIONAL ? 0x81 : 0x80,
                              .request = GET_DESCRIPTOR,
                              .value = (uint16_t)(type << 8 | index),
                              .length = length};
    size_t actual = 0;
    return sim_control(device, &setup, bytes, &actual, TIMEOUT_MS) == SIM_OK ? actual : 0;
}

static bool hides_its_functional_descriptor(struct sim_device *device)
{
    uint8_t bytes[9];
    return descriptor(device, FUNCTIONAL, 0, bytes, sizeof bytes) == 0;
}

static bool takes_1024(struct sim_device *device)
{
    uint8_t bytes[256];
    size_t actual = descriptor(device, CONFIGURATION, 0, bytes, sizeof bytes);
    return actual > 9 && bytes[actual - 4] == 0x00 && bytes[actual - 3] == 0x04;
}

/* The alternates' strings, one after the other; returns how many are the first one again. */
static unsigned alternates(struct sim_device *device, char *all, size_t capacity)
{
    uint8_t configuration[256];
    size_t actual = descriptor(device, CONFIGURATION, 0, configuration, sizeof configuration);
    char first[128] = {0};
    unsigned equal = 0;
    size_t used = 0;
    for (size_t at = 9; at + 9 <= actual && configuration[at + 1] == 4; at += configuration[at]) {
        uint8_t text[255];
        char plain[128] = {0};
        size_t length = descriptor(device, STRING, configuration[at + 8], text, sizeof text);
        for (size_t i = 2; i + 1 < length && i / 2 < sizeof plain; i += 2) {
            plain[i / 2 - 1] = (char)text[i];
        }
        if (at == 9) {
            memcpy(first, plain, sizeof first);
        }
        equal += strcmp(first, plain) == 0 ? 1U : 0U;
        size_t bytes = strlen(plain);
        memcpy(&all[used], plain, used + bytes < capacity ? bytes : 0);
        used += used + bytes < capacity ? bytes : 0;
    }
    return equal;
}

static const char *options_string(struct sim_device *device)
{
    static char all[512];
    memset(all, 0, sizeof all);
    (void)alternates(device, all, sizeof all);
    const char *option = strstr(all, "@Option");
    option = option != NULL ? option : strstr(all, "@OB");
    return option != NULL ? option : "";
}

static bool types_options_erasable(struct sim_device *device)
{
    return strstr(options_string(device), "01*016 g") != NULL;
}

static bool has_two_blocks(struct sim_device *device)
{
    const char *option = options_string(device);
    const char *second = option[0] != '\0' ? strstr(strstr(option, "/0x") + 1, "/0x") : NULL;
    const char *next = option[0] != '\0' ? strchr(option + 1, '@') : NULL;
    return second != NULL && (next == NULL || second < next);
}

static bool has_equal_alternates(struct sim_device *device)
{
    char all[512] = {0};
    return alternates(device, all, sizeof all) > 1;
}

static bool announces_no_options(struct sim_device *device)
{
    return options_string(device)[0] == '\0';
}

static bool announces_its_keys(struct sim_device *device)
{
    return strstr(options_string(device), "/01*64 e") != NULL || strstr(options_string(device), "/01*136 e") != NULL ||
           strstr(options_string(device), "/01*064 e") != NULL;
}

static bool lacks_read_unprotect(struct sim_device *device)
{
    struct sim_setup setup = {.request_type = 0xA1, .request = UPLOAD, .length = 64};
    uint8_t list[64] = {0};
    size_t actual = 0;
    to_level_0(device);
    (void)sim_control(device, &setup, list, &actual, TIMEOUT_MS);
    return actual >= 3 && list[1] == 0x21 && memchr(list, 0x92, 4) == NULL;
}

static bool returns_slowly(struct sim_device *device)
{
    sim_unplug(device);
    sim_plug(device);
    uint32_t coming_ms = sim_ms_until_on_bus(device);
    return coming_ms > SLOW_MS && coming_ms != UINT32_MAX;
}

static bool comes_after_power_on(struct sim_device *device, bool boot0)
{
    sim_unplug(device);
    sim_set_boot0(device, boot0);
    sim_plug(device);
    sim_sleep(device, START_MS);
    return sim_is_on_bus(device);
}

static bool has_no_empty_check(struct sim_device *device)
{
    uint32_t size = 0;
    to_level_0(device);
    uint8_t *flash = sim_flash_mutable(device, &size);
    memset(flash, erases_to_zero(device) ? 0x00 : 0xFF, size);
    return !comes_after_power_on(device, false);
}

/* nBOOT_SEL is bit 24 of the first word, and the device has a firmware. */
static bool ignores_boot0(struct sim_device *device)
{
    uint32_t size = 0;
    to_level_0(device);
    uint8_t *options = sim_options_mutable(device, &size);
    options[3] |= 0x01U;
    options[7] &= has_two_blocks(device) ? 0xFFU : 0xFEU;
    return !comes_after_power_on(device, true);
}

static uint8_t open_byte_at(struct sim_device *device, size_t offset)
{
    uint32_t size = 0;
    to_level_0(device);
    return sim_options(device, &size)[offset];
}

static bool is_open_with_a5(struct sim_device *device)
{
    return open_byte_at(device, 0) == 0xA5;
}

static bool has_rdp_at_1(struct sim_device *device)
{
    return open_byte_at(device, 1) == 0xAA;
}

static bool shares_its_serial(struct sim_device *device)
{
    return !rlk_serial_is_unique(sim_serial(device)) || device->knobs.serial_shared != 0;
}

/* TZEN that was set in the options is a switch that 0x92 minds. */
static bool has_trustzone(struct sim_device *device)
{
    static const uint8_t unprotect[] = {0x92};
    device->knobs.tzen = 1;
    to_idle(device);
    class_out(device, DNLOAD, unprotect, sizeof unprotect);
    get_status(device);
    sim_sleep(device, TIMEOUT_MS);
    return sim_counters(device)->regressions == 0;
}

#define KNOB_SHOWS(name, condition)                                                                                    \
    static bool name(struct sim_device *device)                                                                        \
    {                                                                                                                  \
        const struct sim_knobs *knobs = &device->knobs;                                                                \
        return condition;                                                                                              \
    }

KNOB_SHOWS(errs_at_first, knobs->first_contact_error != 0)
KNOB_SHOWS(refuses_addresses, knobs->set_address_refused != 0)
KNOB_SHOWS(clears_strictly, knobs->strict_clear != 0)
KNOB_SHOWS(clears_twice, knobs->double_clear != 0)
KNOB_SHOWS(stalls_early_polls, knobs->early_poll_stalls != 0 || knobs->work_at_download != 0)
KNOB_SHOWS(holds_polls, knobs->early_poll_stalls + knobs->work_at_download + knobs->work_in_first_poll == 0)
KNOB_SHOWS(works_in_first_poll, knobs->work_in_first_poll != 0)
KNOB_SHOWS(stays_busy, knobs->busy_after_failure != 0)
KNOB_SHOWS(has_a_second_bank, knobs->second_bank_wedge != 0 || knobs->second_bank_kept != 0)
KNOB_SHOWS(is_never_busy, knobs->no_busy != 0)
KNOB_SHOWS(says_vendor_for_all, knobs->vendor_for_any_failure != 0)
KNOB_SHOWS(leaves_state_15, knobs->refused_upload == SIM_REFUSAL_VENDOR_STATE)
KNOB_SHOWS(protects_in_silence, knobs->protected_erase_fails == 0)
KNOB_SHOWS(drops_writes, knobs->drops_writes_rdp1 != 0)
KNOB_SHOWS(leaves_otherwise, knobs->leave_answer != SIM_LEAVE_MANIFEST || knobs->leave_loses_status != 0)
KNOB_SHOWS(corrupts_uneven_blocks, knobs->odd_blocks_corrupt != 0)
KNOB_SHOWS(moves_its_pointer, knobs->erase_moves_pointer != 0)
KNOB_SHOWS(is_open_after_power_on, knobs->regression_reload == SIM_RELOAD_AT_POWER_ON)
KNOB_SHOWS(is_dead_after_seal, knobs->dead_after_seal != 0)
KNOB_SHOWS(clears_its_empty_flag, knobs->empty_flag_cleared != 0)
KNOB_SHOWS(resets_its_options, knobs->options_reset_by_regression != 0)
KNOB_SHOWS(keeps_protected, knobs->protection_blocks_regress != 0)
KNOB_SHOWS(loses_boot_addresses, knobs->boot_add_lost != 0)
KNOB_SHOWS(serves_less, knobs->options_served != 0)
KNOB_SHOWS(spoils_its_options, knobs->options_invalid_after_regress != 0)
KNOB_SHOWS(has_stale_words, knobs->program_words_stale != 0)
KNOB_SHOWS(fears_fast_hosts, knobs->level1_looks_dead_on_usb3 != 0)
KNOB_SHOWS(refuses_long_blocks, knobs->transfer_limit != 0)
KNOB_SHOWS(keeps_pcrop, knobs->pcrop_sectors != 0)

bool quirk_is_shown(enum rlk_quirk quirk, struct sim_device *device)
{
    static bool (*const shown[RLK_QUIRK_COUNT])(struct sim_device *) = {
        [RLK_QUIRK_FIRST_CONTACT_ERROR] = errs_at_first,
        [RLK_QUIRK_SET_ADDRESS_REFUSED] = refuses_addresses,
        [RLK_QUIRK_SLOW_HOSTS_ONLY] = fears_fast_hosts,
        [RLK_QUIRK_SHARED_SERIAL] = shares_its_serial,
        [RLK_QUIRK_STRICT_STATES] = clears_strictly,
        [RLK_QUIRK_DOUBLE_CLRSTATUS] = clears_twice,
        [RLK_QUIRK_NO_FUNCTIONAL_DESCRIPTOR] = hides_its_functional_descriptor,
        [RLK_QUIRK_EARLY_POLL_STALLS] = stalls_early_polls,
        [RLK_QUIRK_SHORT_POLL_TIMES] = understates_a_page,
        [RLK_QUIRK_STATUS_HELD] = holds_polls,
        [RLK_QUIRK_MASS_ERASE_UNDERSTATED] = understates_the_mass_erase,
        [RLK_QUIRK_FIRST_STATUS_LASTS] = works_in_first_poll,
        [RLK_QUIRK_BUSY_FOR_EVER] = stays_busy,
        [RLK_QUIRK_SECOND_BANK_ERASE] = has_a_second_bank,
        [RLK_QUIRK_NO_BUSY_STATE] = is_never_busy,
        [RLK_QUIRK_SLOW_RETURN] = returns_slowly,
        [RLK_QUIRK_VENDOR_ERROR_FOR_ALL] = says_vendor_for_all,
        [RLK_QUIRK_REFUSAL_IN_STATE_15] = leaves_state_15,
        [RLK_QUIRK_WRITE_PROTECTION_IS_SILENT] = protects_in_silence,
        [RLK_QUIRK_DROPS_WRITES_AT_LEVEL_1] = drops_writes,
        [RLK_QUIRK_LEAVES_IN_OTHER_STATES] = leaves_otherwise,
        [RLK_QUIRK_BLOCKS_OF_1024] = takes_1024,
        [RLK_QUIRK_LONG_BLOCKS_REFUSED] = refuses_long_blocks,
        [RLK_QUIRK_UNEVEN_BLOCKS_CORRUPTED] = corrupts_uneven_blocks,
        [RLK_QUIRK_ERASE_MOVES_POINTER] = moves_its_pointer,
        [RLK_QUIRK_ERASED_IS_ZERO] = erases_to_zero,
        [RLK_QUIRK_NO_EMPTY_CHECK] = has_no_empty_check,
        [RLK_QUIRK_UNPROTECT_NEEDS_POWER_CYCLE] = is_open_after_power_on,
        [RLK_QUIRK_DEAD_UNTIL_POWER_CYCLE] = is_dead_after_seal,
        [RLK_QUIRK_EMPTY_FLAG_CLEARED] = clears_its_empty_flag,
        [RLK_QUIRK_LEVEL_0_IS_A5] = is_open_with_a5,
        [RLK_QUIRK_RDP_AT_OFFSET_1] = has_rdp_at_1,
        [RLK_QUIRK_OPTIONS_TYPED_ERASABLE] = types_options_erasable,
        [RLK_QUIRK_OPTIONS_RESET_BY_UNPROTECT] = resets_its_options,
        [RLK_QUIRK_WRITE_PROTECTION_STOPS_UNPROTECT] = keeps_protected,
        [RLK_QUIRK_PCROP_SURVIVES] = keeps_pcrop,
        [RLK_QUIRK_BOOT_ADD_LOST] = loses_boot_addresses,
        [RLK_QUIRK_BOOT0_IGNORED] = ignores_boot0,
        [RLK_QUIRK_TWO_OPTION_BLOCKS] = has_two_blocks,
        [RLK_QUIRK_OPTIONS_SHORTER_THAN_ANNOUNCED] = serves_less,
        [RLK_QUIRK_OPTIONS_NOT_ANNOUNCED] = announces_no_options,
        [RLK_QUIRK_EQUAL_ALTERNATES] = has_equal_alternates,
        [RLK_QUIRK_OPTIONS_INVALID_AFTER_UNPROTECT] = spoils_its_options,
        [RLK_QUIRK_SPLIT_REGISTERS] = has_stale_words,
        [RLK_QUIRK_KEYS_IN_THE_BLOCK] = announces_its_keys,
        [RLK_QUIRK_TRUSTZONE] = has_trustzone,
        [RLK_QUIRK_PRODUCT_STATE] = lacks_read_unprotect,
    };
    return shown[quirk] != NULL && shown[quirk](device);
}
