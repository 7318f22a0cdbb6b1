/*
 * What can be set of a simulated device: SIM_KNOB(type, name, what), in the order of struct sim_knobs. 1 unless said
 * otherwise: the device behaves so.
 * Sources: chips and ROMs as named; CODE is ST's published relatives of the ROMs.
 * `what` is one line of `relock sim knobs`. Include with SIM_KNOB defined; it is undefined here.
 */

SIM_KNOB(uint32_t, seal_reload, "level 1 counts: 0 now, 1 at reset, 2 at power-on")       /* enum sim_reload */
SIM_KNOB(uint32_t, regression_reload, "level 0 counts: 0 now, 1 at reset, 2 at power-on") /* enum sim_reload */
SIM_KNOB(uint8_t, dead_after_seal, "after sealing all is dead until power-on")            /* L4 */
SIM_KNOB(uint8_t, empty_check_at_reset, "the empty check is made at resets, too")
SIM_KNOB(uint8_t, set_address_refused, "SET ADDRESS itself is refused at level 1") /* seen on F4 */
SIM_KNOB(uint8_t, options_readable_rdp1, "option bytes can be read at level 1")
SIM_KNOB(uint8_t, first_contact_error, "after a reset it is in dfuERROR, errFIRMWARE") /* generation A */
SIM_KNOB(uint8_t, early_poll_stalls, "an early GETSTATUS is stalled; 0: it is held")   /* FS device core; OTG core */
SIM_KNOB(uint8_t, get_list_short, "GET answers without READ UNPROTECT")
SIM_KNOB(uint8_t, unprotect_refused, "READ UNPROTECT answers dfuERROR") /* write protection or a key */
SIM_KNOB(uint8_t, drops_writes, "writes are acknowledged and dropped")
SIM_KNOB(uint8_t, options_reset_by_regression, "it restores factory options, not RDP alone")
SIM_KNOB(uint8_t, level1_looks_dead_on_usb3, "class requests with data fail: looks protected")
SIM_KNOB(uint8_t, work_in_first_poll, "the first GETSTATUS lasts as long as the work") /* generation B */
SIM_KNOB(uint8_t, boot0_fixed, "nobody can reach the BOOT0 pin")
SIM_KNOB(uint8_t, serial_changes, "another serial number at each arrival")
SIM_KNOB(uint32_t, typical_percent, "flash times, in percent of the typical ones")

/* The DFU state machine. */
SIM_KNOB(uint32_t, announced_ms, "not 0: ms announced for each operation")             /* 0xFFFFFF is the largest */
SIM_KNOB(uint32_t, refused_upload, "refusal: 0 stall, 1 no bytes, 2 stall, state 15")  /* enum sim_refusal */
SIM_KNOB(uint32_t, leave_answer, "says 0 manifest, 1 wait-reset, 2 the idle state")    /* enum sim_leave_answer */
SIM_KNOB(uint32_t, transfer_limit, "not 0: longer blocks fail, whatever is announced") /* early L43x: 1024 of 2048 */
SIM_KNOB(uint8_t, busy_after_failure, "a failed erase or write stays dfuDNBUSY")       /* Cube class up to 2.10 */
SIM_KNOB(uint8_t, vendor_for_any_failure, "a failed erase or write says errVENDOR")    /* Cube class from 2.11.2 on */
SIM_KNOB(uint8_t, double_clear, "after a refusal CLRSTATUS is needed twice")           /* Cube class */
SIM_KNOB(uint8_t, no_busy, "work is done before DNLOAD is answered")                   /* C5 */
SIM_KNOB(uint8_t, work_at_download, "work begins with DNLOAD, not with GETSTATUS")     /* USBX class */
SIM_KNOB(uint8_t, strict_clear, "CLRSTATUS outside dfuERROR makes an error")           /* USBX class, C5 */
SIM_KNOB(uint8_t, leave_loses_status, "it leaves before that GETSTATUS is answered")   /* Cube class; seen on WB55 */
SIM_KNOB(uint8_t, leave_is_ignored, "leaving is acknowledged, and it stays")           /* L5 V9.0: AN2606 */
SIM_KNOB(uint8_t, leave_at_download, "it leaves before any GETSTATUS")                 /* GD32: dfu-util */
SIM_KNOB(uint32_t, stalls_every, "not 0: each so-manyth class request is stalled")     /* L43x: AN2606 */
SIM_KNOB(uint8_t, erase_moves_pointer,
         "an erase moves the address pointer") /* all but Cube class from 2.11.2 on, and C5 */

/* Writing, erasing and write protection. */
SIM_KNOB(uint32_t, protected_sectors, "so many from the start keep their bytes")      /* writes answer OK: AN3156 */
SIM_KNOB(uint32_t, pcrop_sectors, "so many at the end: unreadable, always kept")      /* by a regression, too */
SIM_KNOB(uint8_t, protected_erase_fails, "erasing a protected sector says so; 0: OK") /* G0 CODE */
SIM_KNOB(uint8_t, protection_blocks_regress, "READ UNPROTECT fails if sectors are protected") /* F4: RM0402 3.6.4 */
SIM_KNOB(uint8_t, drops_writes_rdp1, "writes and erases are dropped at level 1 only")         /* seen on U5 */
SIM_KNOB(uint8_t, odd_blocks_corrupt, "blocks over 256 bytes, not of 8: wrong bytes")         /* L43x, L47x: AN2606 */
SIM_KNOB(uint8_t, second_bank_wedge,
         "an erase there is done and stays dfuDNBUSY")                            /* from 0x08100000 on; seen on H743 */
SIM_KNOB(uint8_t, second_bank_kept, "an erase there answers OK and does nothing") /* from 0x08100000 on; F42x: AN2606 */
SIM_KNOB(uint8_t, bootloader_in_flash, "it is in the flash: RDP is no hindrance")

/* Option bytes. */
SIM_KNOB(uint32_t, options_served, "not 0: so many bytes of those announced exist") /* G431: 40 */
SIM_KNOB(uint8_t, boot_add_lost, "a regression erases the boot addresses")          /* F7: rusefi 3597 */
SIM_KNOB(uint8_t, options_invalid_after_regress,
         "only the first word is valid afterwards")                     /* all others 0, complements too: L151 */
SIM_KNOB(uint8_t, program_words_stale, "words to program read as ones") /* not as those in force: H7 */
SIM_KNOB(uint8_t, option_launch_broken, "options count from power-on, without a reset") /* L5 V13.0: AN2606 */
SIM_KNOB(uint8_t, tzen, "TrustZone is on: READ UNPROTECT is refused")                   /* L5, U5, U3, WBA */
SIM_KNOB(uint8_t, oem1_key, "a key is set: READ UNPROTECT is refused")                  /* U0, U3, U5, WBA */

/* Power, start, identity. */
SIM_KNOB(uint8_t, empty_flag_cleared,
         "a later reset while blank crashes") /* the ROM's start clears EMPTY; G0B1: AN2606 */
SIM_KNOB(uint8_t, reset_after_power_on, "after power-on nothing answers until a reset") /* H74x V9.0: AN2606 */
SIM_KNOB(uint8_t, silent_at_level1, "at level 1 it does not come on the bus")           /* one report of an F303 */
SIM_KNOB(uint8_t, jump_bounces, "a jump into it starts the application again")          /* F04x, F070x6: AN2606 */
SIM_KNOB(uint8_t, jump_hangs_rdp1, "a jump into it at level 1 crashes")                 /* reports of F105, F072 */
SIM_KNOB(uint8_t, serial_shared, "it shows FFFFFFFEFFFF, as many units do")

#undef SIM_KNOB
