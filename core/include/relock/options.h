/*
 * Option bytes: is this block what its family's looks like, what does it say, what may be written.
 */
#ifndef RELOCK_OPTIONS_H
#define RELOCK_OPTIONS_H

#include "relock/chip.h"
#include "relock/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RLK_OPTIONS_BYTES_MAX        304U /* H7A3 announces 297 */
#define RLK_SECOND_OPTIONS_BYTES_MAX 48U  /* of families that have a second block: G47x */

/* How a device gets back into the ROM after a regression. */
enum rlk_way_back {
    RLK_WAY_BACK_UNSAID,
    RLK_WAY_BACK_BOOT0,       /* BOOT0 is held, and can be held until told otherwise */
    RLK_WAY_BACK_EMPTY_CHECK, /* unplug and replug: the ROM starts because the flash is empty */
    RLK_WAY_BACK_NONE         /* came by a jump from the application: refused */
};

#define RLK_RDP_BYTE_LEVEL_2    0xCCU /* locked for ever; the same byte in every family that has the level */
#define RLK_RDP_BYTE_LEVEL_HALF 0x55U /* level 0.5 where there is TrustZone; level 1 elsewhere */

enum rlk_rdp_level { RLK_RDP_LEVEL_0, RLK_RDP_LEVEL_1, RLK_RDP_LEVEL_2, RLK_RDP_LEVEL_HALF };

/* The level that a block of chip->options_bytes means. Any RDP byte but level 0's, 0xCC (not on F1, which has no level
 * 2) and, with TrustZone, 0x55 is level 1. */
enum rlk_rdp_level rlk_options_level(const struct rlk_chip *chip, const uint8_t *block);

/* Complements right where the family has them, not all one value; `length` is the row's length to read or to write.
 * RLK_OK or RLK_E_OPTIONS_MALFORMED. */
enum rlk_error rlk_options_check(const struct rlk_chip *chip, const uint8_t *block, size_t length);

/*
 * Would `length` bytes at `addr` put 0xCC, level 2, into the RDP byte of any family, or where some source has it? The
 * device's own family does not matter: a chip taken for another one is not locked for ever.
 */
bool rlk_options_mean_level_2(uint32_t addr, const uint8_t *data, size_t length);

/*
 * The block to write: `current` with nothing changed but the RDP byte (and its complement): level 1's canonical byte if
 * `protect`, level 0's otherwise. Both blocks have chip->options_bytes. Fails with RLK_E_OPTIONS_MALFORMED, also where
 * only the new RDP byte makes the block one that cannot be told from an erased or interrupted one.
 */
enum rlk_error rlk_options_build(const struct rlk_chip *chip, const uint8_t *current, bool protect, uint8_t *block);

/*
 * Would these bytes close the door: could a device with this block at level 1 be regressed and brought back by
 * `way_back`? RLK_OK, or RLK_E_DOOR_WOULD_CLOSE with the reference manual's field name in *field (static text), or
 * RLK_E_OPTIONS_LOOK_LIKE_LEVEL_2: the gate would not let such a block out.
 */
enum rlk_error rlk_options_judge_door(const struct rlk_chip *chip, const uint8_t *block, enum rlk_way_back way_back,
                                      const char **field);

/*
 * The same for the block at options2_addr, which is as long as the first: would the second bank's write protection or
 * PCROP close the door? It is left as it is. RLK_OK, RLK_E_OPTIONS_MALFORMED, or RLK_E_DOOR_WOULD_CLOSE with the
 * field's name in *field.
 */
enum rlk_error rlk_options_judge_second(const struct rlk_chip *chip, const uint8_t *second, const char **field);

/* Fields that may be as they are and are never changed: what a change would begin is not known. RLK_OK, or
 * RLK_E_DOOR_WOULD_CLOSE with the field's name in *field. */
enum rlk_error rlk_options_judge_change(const struct rlk_chip *chip, const uint8_t *before, const uint8_t *after,
                                        const char **field);

/* A field that shall have a value when the device is sealed: the reference manual's name, as rlk_options_field gives
 * it. */
struct rlk_option_wish {
    const char *field;
    uint32_t value;
};

#define RLK_OPTION_WISHES_MAX 16U

/*
 * After a regression some L1 return option words that are all zero, without complements: not what the maker set (trap
 * of chips with halfword complements). Such a word gets its complement if a wished field lies in it, so that
 * rlk_options_apply can fill it; otherwise the block stays malformed. Nothing else is changed, and on other families
 * nothing at all.
 */
void rlk_options_mend(const struct rlk_chip *chip, uint8_t *block, const struct rlk_option_wish *wishes, size_t count);

/*
 * Such words that no wish fills: RLK_E_OPTIONS_LOST with the name of the first one's first field in *field, else
 * RLK_OK; on other families always. `block` is not mended; NULL: not known yet, what a regression may leave at worst.
 */
enum rlk_error rlk_options_judge_lost(const struct rlk_chip *chip, const uint8_t *block,
                                      const struct rlk_option_wish *wishes, size_t count, const char **field);

/*
 * Sets the wished fields in `block` (chip->options_bytes, well-formed), complements included. Nothing is changed unless
 * all can be. Write protection and PCROP may be wished; rlk_options_judge_door says what becomes of it. Fails with
 *   RLK_E_OPTION_FIELD_UNKNOWN: the family has no such field in the block that is written, or it is RDP, or one that
 *     moves the sectors (DUALBANK);
 *   RLK_E_OPTION_VALUE_TOO_LARGE;
 *   RLK_E_OPTION_WISH_CONTRADICTORY: one field, two values;
 * *bad_field, if `bad_field` is not NULL, is then the name that was wished. Otherwise it is left as it is.
 */
enum rlk_error rlk_options_apply(const struct rlk_chip *chip, const struct rlk_option_wish *wishes, size_t count,
                                 uint8_t *block, const char **bad_field);

/* Does `block` hold all wished values? False also for a field that the family does not have. */
bool rlk_options_hold(const struct rlk_chip *chip, const uint8_t *block, const struct rlk_option_wish *wishes,
                      size_t count);

/*
 * The fields that a release would wish so that other devices get what `block` holds: all that rlk_options_apply sets,
 * but for write protection and PCROP, with which a device could not be updated. Names are static. Returns how many; at
 * most `capacity`, and never more than RLK_OPTION_WISHES_MAX for the families known.
 */
size_t rlk_options_profile(const struct rlk_chip *chip, const uint8_t *block, struct rlk_option_wish *wishes,
                           size_t capacity);

/*
 * Would these fields close the door whatever else the block holds? That is judged before anything is lost, while the
 * block of a protected device cannot be read: over the best block that the family can have (nothing protected, the way
 * back open, all other bits 1, as erased and factory-set blocks have them), at level 1. What is refused here would be
 * refused over every block, or names a field that is never changed; what passes is judged again over the block that was
 * read, before it is written. Fails as rlk_options_apply and rlk_options_judge_door; *field is the field's name.
 */
enum rlk_error rlk_options_judge_wish(const struct rlk_chip *chip, const struct rlk_option_wish *wishes, size_t count,
                                      enum rlk_way_back way_back, const char **field);

/* Do all of these families have the same fields at the same places, as far as a release can wish them? Then it does not
 * matter which of them a device is. True for one family, and for none. */
bool rlk_options_fields_are_alike(rlk_family_mask families);

/* One named field of a block, for people. */
struct rlk_option_field {
    const char *name; /* the reference manual's: "nBOOT1", "WRP1A_STRT" */
    uint32_t value;
    uint8_t bits;        /* width */
    const char *meaning; /* English, static; "" if it has none beyond its value */
};

/* The index-th field of a block; false beyond the last. RDP is always field 0. */
bool rlk_options_field(const struct rlk_chip *chip, const uint8_t *block, size_t index, struct rlk_option_field *field);

/* The same for the second block. A family that has one does not always have a name for what is in it. */
bool rlk_options_second_field(const struct rlk_chip *chip, const uint8_t *block, size_t index,
                              struct rlk_option_field *field);

#endif
