/*
 * The tables of the documents, as Markdown, out of the core's own tables: what scripts/docs puts between their markers.
 *
 *   describe errors   for docs/troubleshooting.md
 *   describe actions  likewise
 *   describe families for README.md
 *   describe chips    for docs/supported-chips.md
 *   describe schema [KIND]  the JSON Schema of a kind of document, for docs/schema/; without one, the kinds
 */
#include "relock/chip.h"
#include "relock/document.h"
#include "relock/error.h"

#include <stdio.h>
#include <string.h>

enum { THOUSAND = 1000 };

static const struct {
    int first, last; /* numbers */
    const char *title;
} chapters[] = {
    {1000, 1199, "The firmware file"},
    {1200, 1999, "Memory layout and USB descriptors"},
    {2000, 2999, "Transfers"},
    {3000, 3999, "Device and protection"},
    {4000, 4999, "Consent and the way back"},
    {5000, 5999, "Flash"},
    {6000, 6999, "Option bytes"},
    {7000, 7999, "This computer"},
    {8000, 8999, "Releases, links and reports"},
    {9000, 9999, "Mistakes of Relock's own"},
};

static const char *class_text(enum rlk_error_class error_class)
{
    static const char *const texts[] = {
        [RLK_CLASS_NONE] = "0",
        [RLK_CLASS_FAILED] = "1 failed",
        [RLK_CLASS_USAGE] = "2 usage",
        [RLK_CLASS_NO_DEVICE] = "3 no device",
        [RLK_CLASS_REFUSED] = "4 refused",
        [RLK_CLASS_NOT_PROVEN] = "5 written, not proven",
        [RLK_CLASS_PARKED] = "6 parked",
    };
    return texts[error_class];
}

static void print_chapter(size_t chapter)
{
    printf("%s### %s\n\n", chapter == 0 ? "" : "\n", chapters[chapter].title);
    printf("| Code | Name | What happened | What to do | Exit code |\n| --- | --- | --- | --- | --- |\n");
    for (unsigned i = 0; rlk_error_at(i) != RLK_OK; i++) {
        enum rlk_error error = rlk_error_at(i);
        int number = -(int)error;
        if (number >= chapters[chapter].first && number <= chapters[chapter].last) {
            printf("| RLK-%d | `%s` | %s | `%s` | %s |\n", number, rlk_error_name(error), rlk_error_sentence(error),
                   rlk_action_name(rlk_error_action(error)), class_text(rlk_error_class_of(error)));
        }
    }
}

static void print_errors(void)
{
    for (size_t chapter = 0; chapter < sizeof chapters / sizeof chapters[0]; chapter++) {
        print_chapter(chapter);
    }
}

static void print_actions(void)
{
    printf("| Action | What it means |\n| --- | --- |\n");
    for (unsigned i = 0; i < RLK_ACTION_COUNT; i++) {
        enum rlk_action action = (enum rlk_action)i;
        printf("| `%s` | %s |\n", rlk_action_name(action), rlk_action_sentence(action));
    }
}

static void print_evidence(uint8_t evidence)
{
    static const struct {
        uint8_t kind;
        const char *text;
    } kinds[] = {{RLK_EVIDENCE_ST_DOCUMENT, "ST documents"},
                 {RLK_EVIDENCE_ST_CODE, "ST code"},
                 {RLK_EVIDENCE_FIELD_REPORT, "field reports"},
                 {RLK_EVIDENCE_TRANSCRIPT, "a transcript of that ROM"}};
    const char *separator = "";
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if ((evidence & kinds[i].kind) != 0) {
            printf("%s%s", separator, kinds[i].text);
            separator = ", ";
        }
    }
}

static const char *way_back(const struct rlk_chip *chip)
{
    if (chip->options_addr == 0) {
        return "not needed: nothing is unprotected";
    }
    return chip->has_empty_check ? "BOOT0 held, or unplug and replug (empty check)" : "BOOT0 held, nothing else";
}

static const char *power_cycle(enum rlk_power_cycle need)
{
    static const char *const texts[] = {
        [RLK_POWER_CYCLE_NO] = "no", [RLK_POWER_CYCLE_MAYBE] = "perhaps", [RLK_POWER_CYCLE_YES] = "yes"};
    return texts[need];
}

static void print_families(void)
{
    printf("| Family | Devices | Tier | Evidence | Way back after the erase | Power cycle after protecting |\n");
    printf("| --- | --- | --- | --- | --- | --- |\n");
    for (unsigned i = RLK_FAMILY_UNKNOWN + 1U; i < RLK_FAMILY_COUNT; i++) {
        const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)i);
        printf("| `%s` | %s | %s | ", chip->name, rlk_chip_devices(chip->family), rlk_tier_name(chip->tier));
        print_evidence(chip->evidence);
        printf(" | %s | %s |\n", way_back(chip), power_cycle(chip->power_cycle_after_seal));
    }
}

static void print_options(const struct rlk_chip *chip)
{
    static const char *const forms[] = {
        [RLK_OPTION_FORM_BYTES] = "no complements",
        [RLK_OPTION_FORM_BYTE_PAIRS] = "each byte followed by its complement",
        [RLK_OPTION_FORM_HALFWORD_PAIRS] = "each 16 bits followed by their complement",
        [RLK_OPTION_FORM_WORD_PAIRS] = "each 32-bit word followed by its complement",
        [RLK_OPTION_FORM_REGISTERS] = "an image of registers, without complements",
        [RLK_OPTION_FORM_REGISTER_PAIRS] = "each register in force followed by the one to program",
    };
    if (chip->options_addr == 0) {
        printf("- Option bytes: never read or written\n");
        return;
    }
    printf(
        "- Option bytes: %u at 0x%08X, %s; RDP is read at offset %u and written at %u, level 0 is 0x%02X, level 1 is "
        "written as 0x%02X\n",
        (unsigned)chip->options_bytes, (unsigned)chip->options_addr, forms[chip->option_form],
        (unsigned)chip->rdp_read_offset, (unsigned)chip->rdp_write_offset, (unsigned)chip->rdp_level0,
        (unsigned)chip->rdp_level1);
    if (chip->options_write_bytes != chip->options_bytes) {
        printf("- Of the option block only the first %u bytes are written\n", (unsigned)chip->options_write_bytes);
    }
    if (chip->options2_addr != 0) {
        printf("- A second option block at 0x%08X, where there is one, is judged and never written\n",
               (unsigned)chip->options2_addr);
    }
}

static void print_times(const struct rlk_chip *chip)
{
    printf("- Mass erase: typically %u ms, taken as %u ms at most\n", (unsigned)chip->mass_erase_typical_ms,
           (unsigned)chip->mass_erase_max_ms);
    printf("- Programming: typically %u.%03u ms per KiB; written in multiples of %u bytes\n",
           (unsigned)(chip->program_typical_us_per_byte_x16 * 64U / THOUSAND),
           (unsigned)(chip->program_typical_us_per_byte_x16 * 64U % THOUSAND), (unsigned)chip->program_bytes);
    printf("- From reset to USB: typically %u ms, waited for %u ms at most\n", (unsigned)chip->return_typical_ms,
           (unsigned)chip->return_max_ms);
    if (chip->announced_program_ms != 0) {
        printf("- The ROM announces %u ms for a block\n", (unsigned)chip->announced_program_ms);
    }
}

static void print_quirks(const struct rlk_chip *chip)
{
    const char *separator = "- Quirks: ";
    for (unsigned q = 0; q < RLK_QUIRK_COUNT; q++) {
        if ((chip->quirks >> q & 1U) != 0) {
            printf("%s[`%s`](#quirks)", separator, rlk_quirk_name((enum rlk_quirk)q));
            separator = ", ";
        }
    }
    printf("\n");
}

static void print_all_quirks(void)
{
    printf("| Quirk | What the ROM does | What Relock does |\n| --- | --- | --- |\n");
    for (unsigned q = 0; q < RLK_QUIRK_COUNT; q++) {
        printf("| `%s` | %s | %s |\n", rlk_quirk_name((enum rlk_quirk)q), rlk_quirk_what((enum rlk_quirk)q),
               rlk_quirk_answer((enum rlk_quirk)q));
    }
}

static void print_chip(const struct rlk_chip *chip)
{
    printf("\n### %s\n\n- Devices: %s\n- Evidence: ", chip->name, rlk_chip_devices(chip->family));
    print_evidence(chip->evidence);
    if (chip->refusal != RLK_OK) {
        printf("\n- Tier: %s (%s)", rlk_tier_name(chip->tier), rlk_error_sentence(chip->refusal));
    } else {
        printf("\n- Tier: %s", rlk_tier_name(chip->tier));
    }
    printf("\n- Way back after the erase: %s\n", way_back(chip));
    printf("- Power cycle needed after the erase: %s; after protecting: %s\n",
           power_cycle(chip->power_cycle_after_unprotect), power_cycle(chip->power_cycle_after_seal));
    print_options(chip);
    print_times(chip);
    print_quirks(chip);
    printf("- Sources: %s\n", rlk_chip_sources(chip->family));
}

static void print_chips(void)
{
    print_families();
    for (unsigned i = RLK_FAMILY_UNKNOWN + 1U; i < RLK_FAMILY_COUNT; i++) {
        print_chip(rlk_chip_row((enum rlk_family)i));
    }
}

static void print_piece(void *context, const char *piece)
{
    (void)context;
    (void)fputs(piece, stdout);
}

/* The exit code. */
static int print_schema(const char *name)
{
    for (unsigned i = 0; i < RLK_DOCUMENT_KINDS; i++) {
        enum rlk_document_kind kind = (enum rlk_document_kind)i;
        if (name == NULL) {
            printf("%s\n", rlk_document_kind_name(kind));
        } else if (strcmp(name, rlk_document_kind_name(kind)) == 0) {
            rlk_document_schema(kind, print_piece, NULL);
            return 0;
        }
    }
    return name == NULL ? 0 : 2;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } topics[] = {{"errors", print_errors},
                  {"actions", print_actions},
                  {"families", print_families},
                  {"chips", print_chips},
                  {"quirks", print_all_quirks}};
    if (argc >= 2 && argc <= 3 && strcmp(argv[1], "schema") == 0) {
        return print_schema(argv[2]);
    }
    for (size_t i = 0; argc == 2 && i < sizeof topics / sizeof topics[0]; i++) {
        if (strcmp(argv[1], topics[i].name) == 0) {
            topics[i].print();
            return 0;
        }
    }
    fprintf(stderr, "usage: describe errors|actions|families|chips|schema [KIND]\n");
    return 2;
}
