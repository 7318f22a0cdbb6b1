#include "sim/sim_view.h"
#include <inttypes.h>

/* CRC-32 as zlib's: what others' tools print for the same bytes. */
static uint32_t crc32_of(const uint8_t *bytes, uint32_t length)
{
    uint32_t crc = UINT32_MAX;
    for (uint32_t i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~crc;
}

struct counter_view {
    const char *name;
    uint32_t value;
};

#define COUNTERS 12U

static void counters_of(const struct sim_device *device, struct counter_view *views)
{
    const struct sim_counters *counters = sim_counters(device);
    const struct counter_view all[COUNTERS] = {
        {"transfers", counters->transfers},
        {"standard_requests", counters->standard_requests},
        {"bytes_in", counters->bytes_in},
        {"bytes_out", counters->bytes_out},
        {"blocks_programmed", counters->blocks_programmed},
        {"sectors_erased", counters->sectors_erased},
        {"sectors_erased_blank", counters->sectors_erased_blank},
        {"early_polls", counters->early_polls},
        {"regressions", counters->regressions},
        {"option_writes", counters->option_writes},
        {"resets", counters->resets},
        {"power_cycles", counters->power_cycles},
    };
    for (size_t i = 0; i < COUNTERS; i++) {
        views[i] = all[i];
    }
}

static const char *whereabouts(const struct sim_device *device)
{
    if (sim_is_on_bus(device)) {
        return "in the ROM, on the bus";
    }
    if (sim_is_running_application(device)) {
        return "runs its application";
    }
    return sim_is_stranded(device) ? "stranded: nothing but SWD brings it back" : "not on the bus";
}

void sim_view_json(struct json *json, const struct sim_device *device)
{
    uint32_t flash_bytes = 0;
    uint32_t options_bytes = 0;
    const uint8_t *flash = sim_flash(device, &flash_bytes);
    const uint8_t *options = sim_options(device, &options_bytes);
    json_text(json, "profile", sim_profile_of(device));
    json_text(json, "serial", sim_serial(device));
    json_number(json, "level", sim_rdp_level(device));
    json_number(json, "stored_level", sim_stored_rdp_level(device));
    json_text(json, "boot0", sim_boot0(device) ? "high" : "low");
    json_bool(json, "on_bus", sim_is_on_bus(device));
    json_bool(json, "runs_application", sim_is_running_application(device));
    json_bool(json, "stranded", sim_is_stranded(device));
    json_number(json, "arrival", sim_arrival(device));
    json_number(json, "now_us", sim_now_us(device));
    json_number(json, "flash_bytes", flash_bytes);
    json_number(json, "flash_crc32", crc32_of(flash, flash_bytes));
    json_hex(json, "options", options, options_bytes);
    struct counter_view views[COUNTERS];
    counters_of(device, views);
    json_open(json, "counters", '{');
    for (size_t i = 0; i < COUNTERS; i++) {
        json_number(json, views[i].name, views[i].value);
    }
    json_close(json, '}');
    json_open(json, "violations", '[');
    for (size_t i = 0; sim_violation(device, i) != NULL; i++) {
        json_text(json, NULL, sim_violation(device, i));
    }
    json_close(json, ']');
}

void sim_view_text(FILE *stream, const struct sim_device *device)
{
    uint32_t flash_bytes = 0;
    uint32_t options_bytes = 0;
    const uint8_t *flash = sim_flash(device, &flash_bytes);
    const uint8_t *options = sim_options(device, &options_bytes);
    fprintf(stream, "  Profile      %s\n", sim_profile_of(device));
    fprintf(stream, "  Serial       %s\n", sim_serial(device)[0] != '\0' ? sim_serial(device) : "none");
    fprintf(stream, "  Protection   level %u in force, level %u stored\n", sim_rdp_level(device),
            sim_stored_rdp_level(device));
    fprintf(stream, "  BOOT0        %s\n", sim_boot0(device) ? "high (held)" : "low (released)");
    fprintf(stream, "  Now          %s\n", whereabouts(device));
    fprintf(stream, "  Time         %.3f s since it was made\n", (double)sim_now_us(device) / 1e6);
    fprintf(stream, "  Flash        %" PRIu32 " bytes, CRC %08" PRIx32 "\n", flash_bytes, crc32_of(flash, flash_bytes));
    fputs("  Options      ", stream);
    for (uint32_t i = 0; i < options_bytes; i++) {
        fprintf(stream, "%s%02x", i > 0 && i % 16 == 0 ? "\n               " : "", options[i]);
        fputs(i % 4 == 3 ? " " : "", stream);
    }
    fputc('\n', stream);
    struct counter_view views[COUNTERS];
    counters_of(device, views);
    for (size_t i = 0; i < COUNTERS; i++) {
        fprintf(stream, "%s%-21s %8" PRIu32 "%s", i % 2 == 0 ? "  " : "    ", views[i].name, views[i].value,
                i % 2 == 1 ? "\n" : "");
    }
    fprintf(stream, "  violations   %" PRIu32 "\n", sim_counters(device)->violations);
    for (size_t i = 0; sim_violation(device, i) != NULL; i++) {
        fprintf(stream, "    %s\n", sim_violation(device, i));
    }
}
