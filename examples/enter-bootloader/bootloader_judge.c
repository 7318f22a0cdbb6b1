#include "bootloader_entry.h"

enum bootloader_entry bootloader_judge(enum rdp_level level, bool boot0_is_high, struct bootloader_family family)
{
    if (level == RDP_LEVEL_2) {
        return ENTRY_REFUSED_LEVEL_2;
    }
    if (boot0_is_high) {
        return ENTRY_BY_RESET;
    }
    if (family.jump_needs_blank_flash) {
        return ENTRY_REFUSED_BOUNCES;
    }
    if (level == RDP_LEVEL_1 && !family.has_empty_check) {
        return ENTRY_REFUSED_STRANDS;
    }
    return ENTRY_BY_JUMP;
}
