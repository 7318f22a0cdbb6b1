#include "board/check.h"
#include "board/door.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define READ_UNPROTECT 0x92

static void add(struct check *check, const char *name, enum check_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void add(struct check *check, const char *name, enum check_verdict verdict, const char *format, ...)
{
    struct check_item *item = &check->items[check->count++];
    va_list values;
    item->name = name;
    item->verdict = verdict;
    va_start(values, format);
    vsnprintf(item->text, sizeof item->text, format, values);
    va_end(values);
}

static void judge_chip(struct check *check, const struct rlk_findings *found)
{
    char label[RLK_CHIP_TEXT_BYTES];
    rlk_chip_label(found->candidates, label, sizeof label);
    const bool is_one = (found->candidates & (found->candidates - 1U)) == 0;
    if (found->chip.refusal != RLK_OK) {
        add(check, "chip", CHECK_OBSTACLE, "%s: %s", label, rlk_error_sentence(found->chip.refusal));
    } else if (found->chip.tier != RLK_TIER_FULL) {
        add(check, "chip", CHECK_OBSTACLE,
            "%s: tier %s: this family is changed on the command line only, where it is named.", label,
            rlk_tier_name(found->chip.tier));
    } else if (!rlk_options_fields_are_alike(found->candidates)) {
        add(check, "chip", CHECK_NOTE,
            "%s: by its bootloader it can be either, and is handled as the worse one. The release's families settle "
            "it; --family does here.",
            label);
    } else {
        add(check, "chip", CHECK_FINE, "%s (%s), tier %s.", label,
            is_one ? rlk_chip_devices(found->chip.family) : "which need the same treatment",
            rlk_tier_name(found->chip.tier));
    }
}

static void judge_unprotect(struct check *check, const struct rlk_findings *found)
{
    if (found->opcode_count == 0) {
        add(check, "unprotect", CHECK_UNKNOWN, "The bootloader's list of commands could not be read.");
    } else if (memchr(found->opcodes, READ_UNPROTECT, found->opcode_count) == NULL) {
        add(check, "unprotect", CHECK_OBSTACLE, "The bootloader does not offer to remove the protection.");
    } else {
        add(check, "unprotect", CHECK_FINE, "The bootloader offers to remove the protection.");
    }
}

static bool block_is_known(const struct rlk_findings *found)
{
    return found->options_were_read && found->options_bytes > 0;
}

static const char *unread_text(const struct rlk_findings *found, const char *of_this_board)
{
    return found->chip.options_addr == 0 ? "Relock does not read the option bytes of this family." : of_this_board;
}

/* Only the option bytes: whether customers can reach the pin is for the maker to know. */
static enum check_verdict judge_way(struct check *check, const struct rlk_findings *found, enum rlk_way_back way_back)
{
    bool by_boot0 = way_back == RLK_WAY_BACK_BOOT0;
    const char *name = rlk_way_back_name(way_back);
    char fields[DOOR_TEXT_BYTES];
    struct door door;
    if (!by_boot0 && !door_has_empty_check(found)) {
        add(check, name, CHECK_NOTE, "This family does not return because its flash is empty: BOOT0 must be held.");
        return CHECK_OBSTACLE;
    }
    if (!block_is_known(found)) {
        add(check, name, CHECK_UNKNOWN, "%s",
            unread_text(found, "The option bytes that decide it cannot be read while the board is protected."));
        return CHECK_UNKNOWN;
    }
    door_judge(&door, found, way_back);
    if (door.is_uncertain) {
        door_uncertainty_text(found, fields);
        add(check, name, CHECK_NOTE, "It is %s.", fields);
        return CHECK_UNKNOWN;
    }
    if (door.error != RLK_OK) {
        door_text(&door, fields, sizeof fields);
        add(check, name, CHECK_NOTE, "With these option bytes it is no way back: %s.", fields);
        return CHECK_OBSTACLE;
    }
    add(check, name, CHECK_FINE, "%s",
        by_boot0 ? "The option bytes let BOOT0 start the bootloader. Whether your customers can hold it is for you to "
                   "know: the update needs it."
                 : "An empty device starts the bootloader after unplug and replug, without BOOT0.");
    return CHECK_FINE;
}

static void judge_protections(struct check *check, const struct rlk_findings *found)
{
    struct door door;
    struct door hindering = {0};
    if (!block_is_known(found)) {
        add(check, "write protection", CHECK_UNKNOWN, "%s",
            unread_text(found, "Cannot be seen while the board is protected."));
        return;
    }
    door_judge(&door, found, RLK_WAY_BACK_BOOT0);
    for (size_t i = 0; i < door.count; i++) {
        if (door_field_is_protection(door.fields[i])) {
            hindering.fields[hindering.count++] = door.fields[i];
        }
    }
    if (hindering.count > 0) {
        char fields[128];
        door_text(&hindering, fields, sizeof fields);
        add(check, "write protection", CHECK_OBSTACLE, "Sectors are write-protected or under PCROP: %s.", fields);
    } else {
        add(check, "write protection", CHECK_FINE, "No sector is write-protected or under PCROP%s.",
            found->chip.options2_addr != 0 && !found->second_options_were_read
                ? ", as far as the first option block tells"
                : "");
    }
}

static void judge_protection(struct check *check, const struct rlk_findings *found)
{
    if (block_is_known(found)) {
        add(check, "protection", CHECK_NOTE, "The board is %s; its option bytes were read.",
            found->protection == RLK_PROTECTION_OPEN ? "open (level 0)" : "protected (level 1)");
    } else if (found->chip.options_addr == 0) {
        add(check, "protection", CHECK_UNKNOWN, "%s", unread_text(found, ""));
    } else {
        add(check, "protection", CHECK_UNKNOWN,
            "The board is %s: what its option bytes allow cannot be known now. Check one at level 0.",
            found->protection == RLK_PROTECTION_OPEN ? "open, but its option bytes could not be read"
                                                     : "protected (level 1)");
    }
}

static void note_power(struct check *check, const struct rlk_chip *chip)
{
    static const char *const texts[] = {
        [RLK_POWER_CYCLE_NO] = "no", [RLK_POWER_CYCLE_MAYBE] = "perhaps", [RLK_POWER_CYCLE_YES] = "yes"};
    bool is_needed =
        chip->power_cycle_after_unprotect != RLK_POWER_CYCLE_NO || chip->power_cycle_after_seal != RLK_POWER_CYCLE_NO;
    if (!is_needed) {
        add(check, "power", CHECK_FINE, "The chip needs no power cycle on the way.");
        return;
    }
    add(check, "power", CHECK_NOTE,
        "Must it be unplugged and replugged? After the erase: %s. After protecting: %s. It must lose all power then, "
        "also that of a battery.",
        texts[chip->power_cycle_after_unprotect], texts[chip->power_cycle_after_seal]);
}

static void note_descriptors(struct check *check, const struct rlk_findings *found)
{
    const char *serial = found->fingerprint.serial;
    add(check, "transfer size", found->transfer_bytes >= 2048 ? CHECK_FINE : CHECK_NOTE, "Blocks of %u bytes.",
        (unsigned)found->transfer_bytes);
    if (rlk_serial_is_unique(serial)) {
        add(check, "serial", CHECK_FINE, "Its serial number is its own: a link can name one device.");
    } else {
        add(check, "serial", CHECK_NOTE,
            "Its serial number is shared by many devices or missing: a link cannot name one, and customers must "
            "connect one at a time.");
    }
}

/* Any way that leads back is enough, unless one was named; what is not known may yet be. Where none does, all that
 * count stand in the way. */
static enum check_verdict judge_ways(struct check *check, const struct rlk_findings *found, enum rlk_way_back way_back)
{
    static const enum rlk_way_back ways[] = {RLK_WAY_BACK_BOOT0, RLK_WAY_BACK_EMPTY_CHECK};
    struct check_item *deciding[2];
    size_t count = 0;
    enum check_verdict best = CHECK_OBSTACLE;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct check_item *item = &check->items[check->count];
        enum check_verdict verdict = judge_way(check, found, ways[i]);
        if (way_back == RLK_WAY_BACK_UNSAID || way_back == ways[i]) {
            deciding[count++] = item;
            best = verdict < best ? verdict : best;
            item->verdict = way_back == ways[i] && verdict == CHECK_UNKNOWN ? CHECK_UNKNOWN : item->verdict;
        }
    }
    for (size_t i = 0; i < count && best == CHECK_OBSTACLE; i++) {
        deciding[i]->verdict = CHECK_OBSTACLE;
    }
    if (way_back == RLK_WAY_BACK_NONE) {
        add(check, rlk_way_back_name(way_back), CHECK_OBSTACLE,
            "The device erases itself when the protection is removed. Without a way back into the bootloader it would "
            "stay empty, so no update is begun.");
    }
    return best;
}

void check_make(struct check *check, const struct rlk_findings *found, enum rlk_way_back way_back)
{
    *check = (struct check){0};
    judge_chip(check, found);
    judge_protection(check, found);
    judge_unprotect(check, found);
    check->answer = judge_ways(check, found, way_back);
    judge_protections(check, found);
    note_power(check, &found->chip);
    note_descriptors(check, found);
    for (size_t i = 0; i < check->count; i++) {
        bool counts = check->items[i].verdict == CHECK_OBSTACLE || check->items[i].verdict == CHECK_UNKNOWN;
        if (counts && check->items[i].verdict > check->answer) {
            check->answer = check->items[i].verdict;
        }
    }
}

const char *check_verdict_name(enum check_verdict verdict)
{
    static const char *const names[] = {"fine", "note", "unknown", "obstacle"};
    return names[verdict];
}
