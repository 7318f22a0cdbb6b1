/* Option blocks: what is built is what was asked for and nothing more, and the gate lets nothing else out. */
#include "fuzz.h"
#include "look.h"
#include "relock/gate.h"
#include "relock/options.h"
#include <string.h>

enum { OPCODE_SET_ADDRESS = 0x21, FIELDS_MAX = 64, TRANSFER_BYTES = 2048 };

/* How far behind a byte its complement stands. */
static const size_t distances[] = {
    [RLK_OPTION_FORM_BYTES] = 0,      [RLK_OPTION_FORM_BYTE_PAIRS] = 1, [RLK_OPTION_FORM_HALFWORD_PAIRS] = 2,
    [RLK_OPTION_FORM_WORD_PAIRS] = 4, [RLK_OPTION_FORM_REGISTERS] = 0,  [RLK_OPTION_FORM_REGISTER_PAIRS] = 0};

/* Complements would keep nearly all inputs from being judged any further: the same block with the right ones. */
static void repair(const struct rlk_chip *chip, uint8_t *block)
{
    size_t distance = distances[chip->option_form];
    for (size_t i = 0; distance > 0 && i + distance < chip->options_bytes; i++) {
        if (i % (2U * distance) < distance) {
            block[i + distance] = (uint8_t)~block[i];
        }
    }
}

static void check_fields(const struct rlk_chip *chip, const uint8_t *block)
{
    struct rlk_option_field field;
    size_t count = 0;
    for (; rlk_options_field(chip, block, count, &field); count++) {
        fuzz_demand(field.name != NULL && field.meaning != NULL, "a field has a name and a meaning");
        fuzz_demand(field.bits > 0 && field.bits <= 32 && (uint64_t)field.value >> field.bits == 0, "a value fits");
        fuzz_demand(count > 0 || (field.name != NULL && strcmp(field.name, "RDP") == 0), "RDP is the first field");
        fuzz_demand(count < FIELDS_MAX, "the fields end");
    }
    fuzz_demand(count > 1, "a block has fields");
}

static void check_door(const struct rlk_chip *chip, const uint8_t *block)
{
    for (unsigned way = RLK_WAY_BACK_UNSAID; way <= RLK_WAY_BACK_NONE; way++) {
        const char *field = "untouched";
        enum rlk_error error = rlk_options_judge_door(chip, block, (enum rlk_way_back)way, &field);
        fuzz_demand((error == RLK_OK) == (field == NULL), "a door that would close names its field");
        if (error == RLK_OK) {
            fuzz_demand(rlk_options_check(chip, block, chip->options_bytes) == RLK_OK, "no damaged block keeps a door");
            fuzz_demand(rlk_options_level(chip, block) != RLK_RDP_LEVEL_2, "level 2 has no door");
            fuzz_demand(way != RLK_WAY_BACK_NONE, "no way back is no door");
        }
    }
}

/* True if the gate lets `block` out at the start of the option bytes. */
static bool gate_passes(const struct rlk_chip *chip, const uint8_t *block, size_t length)
{
    struct rlk_gate gate = {
        .chip = chip, .transfer_bytes = TRANSFER_BYTES, .may_write_options = true, .options = block};
    uint32_t addr = chip->options_addr;
    const uint8_t set[] = {OPCODE_SET_ADDRESS, (uint8_t)addr, (uint8_t)(addr >> 8), (uint8_t)(addr >> 16),
                           (uint8_t)(addr >> 24)};
    fuzz_demand(rlk_gate_judge(&gate, 0, set, sizeof set) == RLK_OK, "an address may always be set");
    bool passes = rlk_gate_judge(&gate, 2, block, length) == RLK_OK;
    fuzz_demand(rlk_gate_judge(&gate, 0, set, sizeof set) == RLK_OK, "an address may always be set");
    fuzz_demand(!passes || rlk_gate_judge(&gate, 2, block, length) != RLK_OK, "one block, once");
    return passes;
}

/*
 * Bytes of a block that lie where another family, another source or another word of the same family has an RDP byte or
 * a product state. A 0xCC there is kept from leaving, whatever it means.
 */
static const struct {
    rlk_family_mask families;
    size_t offsets[5];
    size_t count;
} slots[] = {
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32F105), {0}, 1}, /* which has no level 2 */
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32F405) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F412) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F2) |
         RLK_FAMILY_BIT(RLK_FAMILY_STM32F401) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F413) |
         RLK_FAMILY_BIT(RLK_FAMILY_STM32F42X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F72X) |
         RLK_FAMILY_BIT(RLK_FAMILY_STM32F74X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32F76X),
     {0},
     1},
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32H74X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32H72X) | RLK_FAMILY_BIT(RLK_FAMILY_STM32H7A3),
     {0, 1, 4, 5},
     4},
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32L5) | RLK_FAMILY_BIT(RLK_FAMILY_STM32U5) | RLK_FAMILY_BIT(RLK_FAMILY_STM32U3) |
         RLK_FAMILY_BIT(RLK_FAMILY_STM32WBA6),
     {16, 17, 20, 21},
     4},
    {RLK_FAMILY_BIT(RLK_FAMILY_STM32U0), {32, 48, 49, 52, 53}, 5},
};

static bool has_level_2_at_a_slot(const struct rlk_chip *chip, const uint8_t *block)
{
    bool has = false;
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        for (size_t k = 0; k < slots[i].count && (slots[i].families & RLK_FAMILY_BIT(chip->family)) != 0; k++) {
            has = has || block[slots[i].offsets[k]] == RLK_RDP_BYTE_LEVEL_2;
        }
    }
    return has;
}

static bool is_taken_for_level_2(const struct rlk_chip *chip, const uint8_t *block)
{
    const char *field = NULL;
    enum rlk_error error = rlk_options_judge_door(chip, block, RLK_WAY_BACK_BOOT0, &field);
    bool is_taken = has_level_2_at_a_slot(chip, block);
    fuzz_demand(is_taken || error != RLK_E_OPTIONS_LOOK_LIKE_LEVEL_2, "only such a block looks like level 2");
    fuzz_demand(!is_taken || error != RLK_OK, "the door says so before the gate has to");
    return is_taken;
}

static void check_gate(const struct rlk_chip *chip, const uint8_t *block)
{
    size_t bytes = chip->options_write_bytes;
    uint8_t rdp = block[chip->rdp_write_offset];
    bool is_sound = rlk_options_check(chip, block, bytes) == RLK_OK;
    bool is_known = (rdp == chip->rdp_level0 || rdp == chip->rdp_level1) && !is_taken_for_level_2(chip, block);
    fuzz_demand(rdp != RLK_RDP_BYTE_LEVEL_2 || !gate_passes(chip, block, bytes), "level 2 never leaves");
    fuzz_demand(gate_passes(chip, block, bytes) == (is_sound && is_known),
                "a sound block of level 0 or 1 leaves, and nothing else");
    fuzz_demand(!gate_passes(chip, block, bytes - 1U), "a cut block does not leave");
    fuzz_demand(chip->options_bytes == bytes || !gate_passes(chip, block, chip->options_bytes),
                "what lies behind what is written does not leave");
}

/* The new RDP byte may make a block of one value, which is what an erased one looks like. */
static bool is_one_value(const uint8_t *block, size_t length)
{
    return memcmp(block, block + 1, length - 1U) == 0;
}

/* H7: the word in force goes into the word to program behind it, five times, and three times more in H7A3's second
 * bank.
 */
static uint8_t expected_byte(const struct rlk_chip *chip, const uint8_t *block, size_t offset)
{
    static const size_t in_force[] = {0, 12, 20, 28, 36, 0x10C, 0x114, 0x11C};
    size_t source = offset;
    for (size_t i = 0; chip->option_form == RLK_OPTION_FORM_REGISTER_PAIRS && i < sizeof in_force / sizeof in_force[0];
         i++) {
        source = offset / 4U == in_force[i] / 4U + 1U ? offset - 4U : source;
    }
    return block[source];
}

static void check_build(const struct rlk_chip *chip, const uint8_t *block, bool protect)
{
    uint8_t built[RLK_OPTIONS_BYTES_MAX] = {0};
    uint8_t again[RLK_OPTIONS_BYTES_MAX] = {0};
    enum rlk_error error = rlk_options_build(chip, block, protect, built);
    bool is_sound = rlk_options_check(chip, block, chip->options_bytes) == RLK_OK;
    fuzz_demand(error == RLK_OK || error == RLK_E_OPTIONS_MALFORMED, "building fails in one way only");
    fuzz_demand(error != RLK_OK || is_sound, "only sound blocks are built upon");
    fuzz_demand(error == RLK_OK || !is_sound || is_one_value(built, chip->options_bytes),
                "sound blocks are built upon");
    if (error != RLK_OK) {
        return;
    }
    size_t rdp = chip->rdp_write_offset;
    for (size_t i = 0; i < chip->options_bytes; i++) {
        bool is_rdp = i == rdp || i == rdp + distances[chip->option_form];
        fuzz_demand(is_rdp || built[i] == expected_byte(chip, block, i), "nothing changes but RDP");
    }
    fuzz_demand(built[rdp] == (protect ? chip->rdp_level1 : chip->rdp_level0), "RDP is what was asked for");
    memcpy(again, built, sizeof again);
    fuzz_demand(rlk_options_build(chip, again, protect, again) == RLK_OK && memcmp(again, built, sizeof built) == 0,
                "building twice, and in place, gives the same");
    bool is_sound_part = rlk_options_check(chip, built, chip->options_write_bytes) == RLK_OK;
    fuzz_demand(is_taken_for_level_2(chip, built) || !is_sound_part ||
                    gate_passes(chip, built, chip->options_write_bytes),
                "what is built may leave");
}

/* Every field with some value: it fits or is refused, and nothing but it and its complement changes. */
static void check_apply(const struct rlk_chip *chip, const uint8_t *block)
{
    bool is_sound = rlk_options_check(chip, block, chip->options_bytes) == RLK_OK;
    struct rlk_option_field field;
    for (size_t index = 0; is_sound && rlk_options_field(chip, block, index, &field); index++) {
        uint8_t set[RLK_OPTIONS_BYTES_MAX];
        uint8_t back[RLK_OPTIONS_BYTES_MAX];
        struct rlk_option_wish wish = {field.name, block[index % chip->options_bytes]};
        struct rlk_option_wish old = {field.name, field.value};
        memcpy(set, block, sizeof set);
        enum rlk_error error = rlk_options_apply(chip, &wish, 1, set, NULL);
        fuzz_demand(index > 0 || error == RLK_E_OPTION_FIELD_UNKNOWN, "RDP is never wished");
        fuzz_demand(error == RLK_OK || memcmp(set, block, sizeof set) == 0, "what is refused changes nothing");
        if (error != RLK_OK) {
            continue;
        }
        fuzz_demand(rlk_options_hold(chip, set, &wish, 1), "what was set is there");
        fuzz_demand(set[chip->rdp_read_offset] == block[chip->rdp_read_offset], "RDP stays as it was");
        memcpy(back, set, sizeof back);
        fuzz_demand(rlk_options_apply(chip, &old, 1, back, NULL) == RLK_OK, "the old value fits");
        for (size_t i = 0; i < chip->options_bytes; i++) {
            bool is_complement = chip->option_form == RLK_OPTION_FORM_BYTE_PAIRS && i % 2 != 0;
            fuzz_demand(is_complement || back[i] == block[i], "setting the old value undoes it");
        }
    }
}

/* A family whose options are never looked at has nothing to build, to judge open or to let out. */
static void check_hands_off(const struct rlk_chip *chip, const uint8_t *block)
{
    uint8_t built[RLK_OPTIONS_BYTES_MAX] = {0};
    const char *field = NULL;
    fuzz_demand(rlk_options_build(chip, block, true, built) != RLK_OK, "nothing is built");
    fuzz_demand(rlk_options_judge_door(chip, block, RLK_WAY_BACK_BOOT0, &field) != RLK_OK, "no door is open");
    for (size_t length = 1; length <= RLK_OPTIONS_BYTES_MAX; length++) {
        fuzz_demand(!gate_passes(chip, block, length), "nothing leaves");
    }
}

static void check(const struct rlk_chip *chip, const uint8_t *block)
{
    if (chip->options_addr == 0) {
        check_hands_off(chip, block);
        return;
    }
    check_fields(chip, block);
    check_door(chip, block);
    check_gate(chip, block);
    check_build(chip, block, true);
    check_build(chip, block, false);
    check_apply(chip, block);
    if (fuzz_is_speaking()) {
        look_at_options(chip->family, block, chip->options_bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint8_t block[RLK_OPTIONS_BYTES_MAX];
    const struct rlk_chip *chip = rlk_chip_row((enum rlk_family)(1U + fuzz_take_below(&input, RLK_FAMILY_COUNT - 1U)));
    fuzz_demand(rlk_options_check(chip, input.data, input.left) != RLK_OK || input.left == chip->options_bytes ||
                    input.left == chip->options_write_bytes,
                "a block has its own length");
    (void)fuzz_take_bytes(&input, block, sizeof block);
    check(chip, block);
    repair(chip, block);
    check(chip, block);
    return 0;
}
