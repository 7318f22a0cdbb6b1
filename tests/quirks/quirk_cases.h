/* Each quirk with the device that shows it and what must hold then. */
#ifndef RELOCK_TESTS_QUIRK_CASES_H
#define RELOCK_TESTS_QUIRK_CASES_H

#include "scene.h"

/* Does a fresh device at level 1, BOOT0 held, have the quirk by its own habits? It may be spoilt by finding out. */
bool quirk_is_shown(enum rlk_quirk quirk, struct sim_device *device);

/* Holds the scene that goes wrong without the engine's answer. */
void quirk_play(enum rlk_quirk quirk);

/* First contact, states, waiting, answers, blocks and addresses (quirk_scenes_wire.c). */
void quirk_scene_first_contact_error(void);
void quirk_scene_set_address_refused(void);
void quirk_scene_slow_hosts_only(void);
void quirk_scene_shared_serial(void);
void quirk_scene_strict_states(void);
void quirk_scene_double_clrstatus(void);
void quirk_scene_no_functional_descriptor(void);
void quirk_scene_early_poll_stalls(void);
void quirk_scene_short_poll_times(void);
void quirk_scene_status_held(void);
void quirk_scene_mass_erase_understated(void);
void quirk_scene_first_status_lasts(void);
void quirk_scene_busy_for_ever(void);
void quirk_scene_second_bank_erase(void);
void quirk_scene_no_busy_state(void);
void quirk_scene_slow_return(void);
void quirk_scene_vendor_error_for_all(void);
void quirk_scene_refusal_in_state_15(void);
void quirk_scene_write_protection_is_silent(void);
void quirk_scene_drops_writes_at_level_1(void);
void quirk_scene_leaves_in_other_states(void);
void quirk_scene_blocks_of_1024(void);
void quirk_scene_long_blocks_refused(void);
void quirk_scene_uneven_blocks_corrupted(void);
void quirk_scene_erase_moves_pointer(void);
void quirk_scene_erased_is_zero(void);

/* Coming back, power, option bytes (quirk_scenes_options.c). */
void quirk_scene_no_empty_check(void);
void quirk_scene_unprotect_needs_power_cycle(void);
void quirk_scene_dead_until_power_cycle(void);
void quirk_scene_empty_flag_cleared(void);
void quirk_scene_level_0_is_a5(void);
void quirk_scene_rdp_at_offset_1(void);
void quirk_scene_options_typed_erasable(void);
void quirk_scene_options_reset_by_unprotect(void);
void quirk_scene_write_protection_stops_unprotect(void);
void quirk_scene_pcrop_survives(void);
void quirk_scene_boot_add_lost(void);
void quirk_scene_boot0_ignored(void);
void quirk_scene_two_option_blocks(void);
void quirk_scene_options_shorter_than_announced(void);
void quirk_scene_options_not_announced(void);
void quirk_scene_equal_alternates(void);
void quirk_scene_options_invalid_after_unprotect(void);
void quirk_scene_split_registers(void);
void quirk_scene_keys_in_the_block(void);
void quirk_scene_trustzone(void);
void quirk_scene_product_state(void);

#endif
