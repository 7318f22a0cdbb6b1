/* `relock chips [NAME]`: the chip table, as it is. */
#include "output/json.h"
#include "output/text.h"
#include "relock/chip.h"
#include "relock/quirk.h"
#include "verbs.h"
#include <inttypes.h>
#include <string.h>

#define COLUMNS     79U
#define LABEL_WIDTH 17U
#define TEXT        320U
#define QUIRK_NAME  48U

static const char *const evidence_names[] = {"ST documents", "ST code", "field reports", "transcripts"};
static const char *const power_cycle_names[] = {
    [RLK_POWER_CYCLE_NO] = "no", [RLK_POWER_CYCLE_MAYBE] = "perhaps", [RLK_POWER_CYCLE_YES] = "yes"};
static const char *const form_names[] = {
    [RLK_OPTION_FORM_BYTES] = "bytes",
    [RLK_OPTION_FORM_BYTE_PAIRS] = "each byte followed by its complement",
    [RLK_OPTION_FORM_HALFWORD_PAIRS] = "each 16 bits followed by their complement",
    [RLK_OPTION_FORM_WORD_PAIRS] = "each 32-bit word followed by its complement",
    [RLK_OPTION_FORM_REGISTERS] = "registers, without complements",
    [RLK_OPTION_FORM_REGISTER_PAIRS] = "each word in force followed by the word to program",
};

/* "FIRST_CONTACT_ERROR" is first-contact-error for people. */
static void quirk_name(enum rlk_quirk quirk, char *text)
{
    const char *constant = rlk_quirk_name(quirk);
    size_t i = 0;
    for (; constant[i] != '\0' && i + 1U < QUIRK_NAME; i++) {
        const bool is_capital = constant[i] >= 'A' && constant[i] <= 'Z';
        const char lower = is_capital ? (char)(constant[i] - 'A' + 'a') : constant[i];
        text[i] = lower == '_' ? '-' : lower;
    }
    text[i] = '\0';
}

static void put_options(struct json *json, const struct rlk_chip *chip)
{
    if (chip->options_addr == 0) {
        json_nothing(json, "options");
        return;
    }
    json_open(json, "options", '{');
    json_addr(json, "addr", chip->options_addr);
    json_number(json, "bytes", chip->options_bytes);
    json_number(json, "write_bytes", chip->options_write_bytes);
    if (chip->options2_addr != 0) {
        json_addr(json, "second_addr", chip->options2_addr);
    }
    json_text(json, "form", form_names[chip->option_form]);
    json_number(json, "rdp_read_offset", chip->rdp_read_offset);
    json_number(json, "rdp_write_offset", chip->rdp_write_offset);
    json_number(json, "rdp_level_0", chip->rdp_level0);
    json_number(json, "rdp_level_1", chip->rdp_level1);
    json_close(json, '}');
}

static void put_lists(struct json *json, const struct rlk_chip *chip)
{
    json_open(json, "evidence", '[');
    for (unsigned i = 0; i < sizeof evidence_names / sizeof evidence_names[0]; i++) {
        if ((chip->evidence & (1U << i)) != 0) {
            json_text(json, NULL, evidence_names[i]);
        }
    }
    json_close(json, ']');
    json_open(json, "quirks", '[');
    for (unsigned q = 0; q < RLK_QUIRK_COUNT; q++) {
        char name[QUIRK_NAME];
        if ((chip->quirks >> q & 1U) != 0) {
            quirk_name((enum rlk_quirk)q, name);
            json_text(json, NULL, name);
        }
    }
    json_close(json, ']');
}

static void print_json(FILE *stream, const struct rlk_chip *chip)
{
    struct json json;
    json_begin_event(&json, stream, "chip");
    json_text(&json, "family", chip->name);
    json_text(&json, "devices", rlk_chip_devices(chip->family));
    json_text(&json, "tier", rlk_tier_name(chip->tier));
    json_text(&json, "refusal", chip->refusal != RLK_OK ? rlk_error_name(chip->refusal) : NULL);
    put_lists(&json, chip);
    json_number(&json, "flash_bytes_max", rlk_chip_flash_bytes_max(chip->family));
    json_number(&json, "erased_value", chip->erased_value);
    json_number(&json, "program_bytes", chip->program_bytes);
    put_options(&json, chip);
    json_bool(&json, "has_empty_check", chip->has_empty_check);
    json_text(&json, "power_cycle_after_seal", power_cycle_names[chip->power_cycle_after_seal]);
    json_text(&json, "power_cycle_after_unprotect", power_cycle_names[chip->power_cycle_after_unprotect]);
    json_number(&json, "mass_erase_max_ms", chip->mass_erase_max_ms);
    json_number(&json, "return_max_ms", chip->return_max_ms);
    json_text(&json, "sources", rlk_chip_sources(chip->family));
    json_end_event(&json);
}

static void labelled(FILE *stream, const char *label, const char *text)
{
    fprintf(stream, "  %-*s", (int)LABEL_WIDTH - 2, label);
    text_wrap(stream, text, LABEL_WIDTH, LABEL_WIDTH, COLUMNS);
}

static void print_options(FILE *stream, const struct rlk_chip *chip)
{
    char text[TEXT];
    int length = snprintf(text, sizeof text, "%u at 0x%08" PRIX32 ", %s", (unsigned)chip->options_bytes,
                          chip->options_addr, form_names[chip->option_form]);
    if (chip->options_write_bytes != chip->options_bytes) {
        length += snprintf(text + length, sizeof text - (size_t)length, "; %u of them are written",
                           (unsigned)chip->options_write_bytes);
    }
    if (chip->options2_addr != 0) {
        snprintf(text + length, sizeof text - (size_t)length, "; a second block at 0x%08" PRIX32 " is left alone",
                 chip->options2_addr);
    }
    labelled(stream, "Option bytes", text);
    snprintf(text, sizeof text, "read at offset %u, written at %u; level 0 is 0x%02X, level 1 is written as 0x%02X",
             chip->rdp_read_offset, chip->rdp_write_offset, chip->rdp_level0, chip->rdp_level1);
    labelled(stream, "RDP", text);
}

static void print_quirks(FILE *stream, const struct rlk_chip *chip)
{
    fputs("\nWhere its bootloader departs from AN3156, and what Relock does about it:\n", stream);
    for (unsigned q = 0; q < RLK_QUIRK_COUNT; q++) {
        char name[QUIRK_NAME];
        char text[TEXT];
        if ((chip->quirks >> q & 1U) == 0) {
            continue;
        }
        quirk_name((enum rlk_quirk)q, name);
        snprintf(text, sizeof text, "%s: %s. Relock %s.", name, rlk_quirk_what((enum rlk_quirk)q),
                 rlk_quirk_answer((enum rlk_quirk)q));
        fputs("  ", stream);
        text_wrap(stream, text, 2, 4, COLUMNS);
    }
}

static void evidence_text(const struct rlk_chip *chip, char *text, size_t room)
{
    size_t used = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < sizeof evidence_names / sizeof evidence_names[0]; i++) {
        if ((chip->evidence & (1U << i)) != 0 && used < room) {
            used += (size_t)snprintf(text + used, room - used, "%s%s", used > 0 ? ", " : "", evidence_names[i]);
        }
    }
}

static void print_one(FILE *stream, const struct rlk_chip *chip)
{
    char text[TEXT];
    fprintf(stream, "%s: %s\n", chip->name, rlk_chip_devices(chip->family));
    labelled(stream, "Tier", rlk_tier_name(chip->tier));
    if (chip->refusal != RLK_OK) {
        labelled(stream, "Because", rlk_error_sentence(chip->refusal));
    }
    evidence_text(chip, text, sizeof text);
    labelled(stream, "Evidence", text);
    labelled(stream, "Sources", rlk_chip_sources(chip->family));
    if (chip->options_addr == 0) {
        labelled(stream, "Option bytes", "never read or written");
        print_quirks(stream, chip);
        return;
    }
    labelled(stream, "Way back",
             chip->has_empty_check ? "BOOT0 held, or unplug and replug (empty check)" : "BOOT0 held, nothing else");
    snprintf(text, sizeof text, "after the erase: %s; after protecting: %s",
             power_cycle_names[chip->power_cycle_after_unprotect], power_cycle_names[chip->power_cycle_after_seal]);
    labelled(stream, "Power cycle", text);
    print_options(stream, chip);
    print_quirks(stream, chip);
}

static void print_tier(FILE *stream, enum rlk_tier tier)
{
    fprintf(stream, "%s%s\n", tier == RLK_TIER_FULL ? "" : "\n", rlk_tier_name(tier));
    for (unsigned f = RLK_FAMILY_UNKNOWN + 1U; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        if (chip->tier == tier) {
            labelled(stream, chip->name, rlk_chip_devices(chip->family));
        }
    }
}

static void print_table(FILE *stream)
{
    for (unsigned tier = RLK_TIER_FULL; tier <= RLK_TIER_REFUSED; tier++) {
        print_tier(stream, (enum rlk_tier)tier);
    }
    fputs("\nNothing of this was tried on silicon by Relock's authors; `relock chips NAME` says\n"
          "what a row rests on.\n",
          stream);
}

int verb_chips(const struct arguments *arguments, struct output *output)
{
    const struct rlk_chip *only = NULL;
    if (arguments->word_count == 1) {
        only = rlk_chip_find(arguments->words[0]);
        if (only == NULL) {
            fputs("relock: there is no such family; `relock chips` lists them\n", stderr);
            return EXIT_USAGE;
        }
    }
    if (!arguments->json) {
        if (only != NULL) {
            print_one(output->stream, only);
        } else {
            print_table(output->stream);
        }
        return EXIT_DONE;
    }
    for (unsigned f = RLK_FAMILY_UNKNOWN + 1U; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)f);
        if (only == NULL || only == chip) {
            print_json(output->stream, chip);
        }
    }
    return EXIT_DONE;
}
