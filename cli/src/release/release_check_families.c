/* Families that announce the same, in a release and beside it: nothing that a customer could say tells them apart. */
#include "release/release_check.h"
#include "relock/session.h"

static bool needs_the_same(enum rlk_family one, enum rlk_family other)
{
    struct rlk_chip chip;
    return rlk_chip_settle(&chip, RLK_FAMILY_BIT(one) | RLK_FAMILY_BIT(other), RLK_FAMILY_UNKNOWN) == RLK_OK;
}

/* Each pair is told of once. */
static void refuse_pair(struct checking *checking, const struct rlk_chip *chip, const struct rlk_chip *other)
{
    if (other->family > chip->family) {
        check_error(checking, "chip.families",
                    "%s and %s cannot be told apart and need different treatment: customers whose device can be either "
                    "are refused. Make a release for each.",
                    chip->name, other->name);
    }
}

/* Promise 1 rests on what the release says; a device of another product that passes for this family must not be lost.
 */
static void warn_of_loss(struct checking *checking, const struct rlk_chip *chip, const struct rlk_chip *stranger)
{
    const bool is_by_empty_check = checking->folder->release.way_back == RLK_WAY_BACK_EMPTY_CHECK;
    if (is_by_empty_check && chip->has_empty_check && !stranger->has_empty_check) {
        check_warning(checking, "return",
                      "A device with an %s cannot be told from one with an %s and would not come back by the empty "
                      "check: it would be lost if somebody connected it. Name chip.layouts that only yours have, "
                      "or let customers hold BOOT0.",
                      stranger->name, chip->name);
    }
}

/* What tells them apart is seen when it is open, and by then it is erased. */
static void warn_of_erase_in_vain(struct checking *checking, const struct rlk_chip *chip,
                                  const struct rlk_chip *stranger)
{
    if (!needs_the_same(chip->family, stranger->family)) {
        check_warning(checking, "chip.families",
                      "A device with an %s cannot be told from one with an %s and needs different treatment: if "
                      "somebody connected a protected one, it would be erased in vain. Name chip.layouts that only "
                      "yours have, if there are any.",
                      stranger->name, chip->name);
    }
}

void release_check_lookalikes(struct checking *checking, const struct rlk_chip *chip)
{
    const rlk_family_mask families = checking->folder->release.families;
    const rlk_family_mask lookalikes = rlk_chip_lookalikes(chip->family);
    for (unsigned f = RLK_FAMILY_UNKNOWN + 1U; f < RLK_FAMILY_COUNT; f++) {
        const struct rlk_chip *other = rlk_chip_row((enum rlk_family)f);
        const bool is_lookalike = (lookalikes & RLK_FAMILY_BIT(f)) != 0;
        const bool is_of_release = (families & RLK_FAMILY_BIT(f)) != 0;
        if (is_lookalike && !is_of_release) {
            warn_of_loss(checking, chip, other);
            warn_of_erase_in_vain(checking, chip, other);
        } else if (is_lookalike && !needs_the_same(chip->family, other->family)) {
            refuse_pair(checking, chip, other);
        }
    }
}
