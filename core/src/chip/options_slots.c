/* Where the fields are. */
#include "chip/options_fields.h"

const struct rlk_option_slot rlk_option_slots[] = {
#define SLOT(families, use, offset, shift, bits, name, if_ones, otherwise) {families, use, offset, shift, bits, name},
#include "chip/options_slot_list.h"
};

const size_t rlk_option_slot_count = sizeof rlk_option_slots / sizeof rlk_option_slots[0];
