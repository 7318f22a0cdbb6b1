#include "quirk_cases.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

void quirk_play(enum rlk_quirk quirk)
{
    static void (*const scenes[RLK_QUIRK_COUNT])(void) = {
        [RLK_QUIRK_FIRST_CONTACT_ERROR] = quirk_scene_first_contact_error,
        [RLK_QUIRK_SET_ADDRESS_REFUSED] = quirk_scene_set_address_refused,
        [RLK_QUIRK_SLOW_HOSTS_ONLY] = quirk_scene_slow_hosts_only,
        [RLK_QUIRK_SHARED_SERIAL] = quirk_scene_shared_serial,
        [RLK_QUIRK_STRICT_STATES] = quirk_scene_strict_states,
        [RLK_QUIRK_DOUBLE_CLRSTATUS] = quirk_scene_double_clrstatus,
        [RLK_QUIRK_NO_FUNCTIONAL_DESCRIPTOR] = quirk_scene_no_functional_descriptor,
        [RLK_QUIRK_EARLY_POLL_STALLS] = quirk_scene_early_poll_stalls,
        [RLK_QUIRK_SHORT_POLL_TIMES] = quirk_scene_short_poll_times,
        [RLK_QUIRK_STATUS_HELD] = quirk_scene_status_held,
        [RLK_QUIRK_MASS_ERASE_UNDERSTATED] = quirk_scene_mass_erase_understated,
        [RLK_QUIRK_FIRST_STATUS_LASTS] = quirk_scene_first_status_lasts,
        [RLK_QUIRK_BUSY_FOR_EVER] = quirk_scene_busy_for_ever,
        [RLK_QUIRK_SECOND_BANK_ERASE] = quirk_scene_second_bank_erase,
        [RLK_QUIRK_NO_BUSY_STATE] = quirk_scene_no_busy_state,
        [RLK_QUIRK_SLOW_RETURN] = quirk_scene_slow_return,
        [RLK_QUIRK_VENDOR_ERROR_FOR_ALL] = quirk_scene_vendor_error_for_all,
        [RLK_QUIRK_REFUSAL_IN_STATE_15] = quirk_scene_refusal_in_state_15,
        [RLK_QUIRK_WRITE_PROTECTION_IS_SILENT] = quirk_scene_write_protection_is_silent,
        [RLK_QUIRK_DROPS_WRITES_AT_LEVEL_1] = quirk_scene_drops_writes_at_level_1,
        [RLK_QUIRK_LEAVES_IN_OTHER_STATES] = quirk_scene_leaves_in_other_states,
        [RLK_QUIRK_BLOCKS_OF_1024] = quirk_scene_blocks_of_1024,
        [RLK_QUIRK_LONG_BLOCKS_REFUSED] = quirk_scene_long_blocks_refused,
        [RLK_QUIRK_UNEVEN_BLOCKS_CORRUPTED] = quirk_scene_uneven_blocks_corrupted,
        [RLK_QUIRK_ERASE_MOVES_POINTER] = quirk_scene_erase_moves_pointer,
        [RLK_QUIRK_ERASED_IS_ZERO] = quirk_scene_erased_is_zero,
        [RLK_QUIRK_NO_EMPTY_CHECK] = quirk_scene_no_empty_check,
        [RLK_QUIRK_UNPROTECT_NEEDS_POWER_CYCLE] = quirk_scene_unprotect_needs_power_cycle,
        [RLK_QUIRK_DEAD_UNTIL_POWER_CYCLE] = quirk_scene_dead_until_power_cycle,
        [RLK_QUIRK_EMPTY_FLAG_CLEARED] = quirk_scene_empty_flag_cleared,
        [RLK_QUIRK_LEVEL_0_IS_A5] = quirk_scene_level_0_is_a5,
        [RLK_QUIRK_RDP_AT_OFFSET_1] = quirk_scene_rdp_at_offset_1,
        [RLK_QUIRK_OPTIONS_TYPED_ERASABLE] = quirk_scene_options_typed_erasable,
        [RLK_QUIRK_OPTIONS_RESET_BY_UNPROTECT] = quirk_scene_options_reset_by_unprotect,
        [RLK_QUIRK_WRITE_PROTECTION_STOPS_UNPROTECT] = quirk_scene_write_protection_stops_unprotect,
        [RLK_QUIRK_PCROP_SURVIVES] = quirk_scene_pcrop_survives,
        [RLK_QUIRK_BOOT_ADD_LOST] = quirk_scene_boot_add_lost,
        [RLK_QUIRK_BOOT0_IGNORED] = quirk_scene_boot0_ignored,
        [RLK_QUIRK_TWO_OPTION_BLOCKS] = quirk_scene_two_option_blocks,
        [RLK_QUIRK_OPTIONS_SHORTER_THAN_ANNOUNCED] = quirk_scene_options_shorter_than_announced,
        [RLK_QUIRK_OPTIONS_NOT_ANNOUNCED] = quirk_scene_options_not_announced,
        [RLK_QUIRK_EQUAL_ALTERNATES] = quirk_scene_equal_alternates,
        [RLK_QUIRK_OPTIONS_INVALID_AFTER_UNPROTECT] = quirk_scene_options_invalid_after_unprotect,
        [RLK_QUIRK_SPLIT_REGISTERS] = quirk_scene_split_registers,
        [RLK_QUIRK_KEYS_IN_THE_BLOCK] = quirk_scene_keys_in_the_block,
        [RLK_QUIRK_TRUSTZONE] = quirk_scene_trustzone,
        [RLK_QUIRK_PRODUCT_STATE] = quirk_scene_product_state,
    };
    assert_non_null(scenes[quirk]);
    scenes[quirk]();
}
