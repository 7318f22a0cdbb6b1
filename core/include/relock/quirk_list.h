/*
 * Where the ROMs depart from AN3156: RLK_QUIRK(constant, what the ROM does, what Relock does about it).
 * Which rows have which: chip_parts.h and chip_rows_*.c.
 * Include with RLK_QUIRK defined; it is undefined here.
 */

/* First contact and states. */
RLK_QUIRK(FIRST_CONTACT_ERROR, "after every reset the ROM says dfuERROR with errFIRMWARE, protected or not",
          "clears it once and takes it for no sign of protection")
RLK_QUIRK(SET_ADDRESS_REFUSED, "at level 1 SET ADDRESS POINTER itself is refused, against AN3156 table 4",
          "goes on to the read, which alone decides")
RLK_QUIRK(SLOW_HOSTS_ONLY,
          "some high-speed host controllers are too fast for the ROM: transfers fail and look like "
          "protection to other tools",
          "calls it an unstable connection, never protection, and recommends a USB 2 hub")
RLK_QUIRK(SHARED_SERIAL, "whole families share one serial number, or some units do",
          "takes such a number for no identity and asks where it matters")
RLK_QUIRK(STRICT_STATES, "CLRSTATUS outside dfuERROR and ABORT outside the idle states are stalled and become errors",
          "sends them only where they are legal")
RLK_QUIRK(DOUBLE_CLRSTATUS, "after a refusal one CLRSTATUS leads to another error, and only a second one to dfuIDLE",
          "clears up to three times")
RLK_QUIRK(NO_FUNCTIONAL_DESCRIPTOR, "the DFU functional descriptor is not answered on its own",
          "reads it out of the configuration descriptor")

/* Waiting. */
RLK_QUIRK(EARLY_POLL_STALLS, "a GETSTATUS before the announced time is over is stalled",
          "waits as long as announced, and asks again after a STALL")
RLK_QUIRK(SHORT_POLL_TIMES, "the announced time is shorter than the erase of a page takes",
          "waits the data sheet's time where that is longer")
RLK_QUIRK(STATUS_HELD, "a GETSTATUS that comes early is held until the work is done, for seconds",
          "gives every GETSTATUS the time of the whole operation")
RLK_QUIRK(MASS_ERASE_UNDERSTATED, "about 100 ms are announced for a mass erase of up to 32 s",
          "takes the row's times for deadlines, not the announced ones")
RLK_QUIRK(FIRST_STATUS_LASTS,
          "the first GETSTATUS lasts as long as the work, and is lost when the work resets the chip",
          "takes a lost first GETSTATUS after 0x92 or an option write for probable success, and proves it afterwards")
RLK_QUIRK(BUSY_FOR_EVER, "a failed erase or write leaves the ROM in dfuDNBUSY for ever",
          "stops waiting after the worst case, clears up to three times, and trusts only what it reads back")
RLK_QUIRK(SECOND_BANK_ERASE, "erases in the second bank end early, never, or not at all",
          "reads the beginning of each sector right after its erase, also where the ROM stays busy")
RLK_QUIRK(NO_BUSY_STATE, "the first GETSTATUS says dfuDNLOAD-IDLE at once, without dfuDNBUSY", "takes that for done")
RLK_QUIRK(SLOW_RETURN, "it takes seconds from the reset until the ROM is on the bus",
          "is patient, and shows how long it may take")

/* Answers that say less than they seem to. */
RLK_QUIRK(VENDOR_ERROR_FOR_ALL, "any failed erase or write is called errVENDOR, which means protection elsewhere",
          "takes errVENDOR for protection only after a read")
RLK_QUIRK(REFUSAL_IN_STATE_15, "a refused read leaves state 15, which DFU does not know, beside errVENDOR",
          "takes that for the refusal, on these families only")
RLK_QUIRK(WRITE_PROTECTION_IS_SILENT, "a write to a write-protected sector is acknowledged and changes nothing",
          "reads back all that it writes before the protection is set")
RLK_QUIRK(DROPS_WRITES_AT_LEVEL_1,
          "at level 1 writes and erases are acknowledged and dropped, and the option bytes "
          "stay readable",
          "writes only to flash that it could read, and reads back")
RLK_QUIRK(LEAVES_IN_OTHER_STATES, "the answer to LEAVE is dfuMANIFEST-WAIT-RESET, an idle state or nothing",
          "takes each of them for having left")

/* Blocks and addresses. */
RLK_QUIRK(BLOCKS_OF_1024, "more than 1024 bytes in one transfer are refused", "obeys the functional descriptor")
RLK_QUIRK(LONG_BLOCKS_REFUSED, "2048 bytes in one transfer are announced, and more than 1024 are refused",
          "sends such a block once more in smaller pieces, and all that follow likewise")
RLK_QUIRK(UNEVEN_BLOCKS_CORRUPTED, "a block of more than 256 bytes that is no multiple of 8 is written wrongly",
          "pads every block to 16 bytes")
RLK_QUIRK(ERASE_MOVES_POINTER, "an erase moves the address pointer", "sets the address anew after every erase")
RLK_QUIRK(ERASED_IS_ZERO, "erased flash reads 00, not FF", "checks for the family's own erased value")

/* Coming back, and power. */
RLK_QUIRK(NO_EMPTY_CHECK, "after the regression the chip starts its empty flash unless BOOT0 is held",
          "sends 0x92 only when BOOT0 can be held")
RLK_QUIRK(UNPROTECT_NEEDS_POWER_CYCLE, "the regression takes effect only after power was removed",
          "asks for the power cycle before it judges")
RLK_QUIRK(DEAD_UNTIL_POWER_CYCLE, "after the seal neither ROM nor application answers until power was removed",
          "says so, and asks for the power cycle")
RLK_QUIRK(EMPTY_FLAG_CLEARED, "a plain reset while the flash is empty starts the empty flash",
          "causes no reset between the regression and the write")

/* Option bytes. */
RLK_QUIRK(LEVEL_0_IS_A5, "level 0 is A5, and AA means protected", "takes the row's bytes")
RLK_QUIRK(RDP_AT_OFFSET_1, "the RDP byte is the second one; the first holds USER", "takes the row's offsets")
RLK_QUIRK(OPTIONS_TYPED_ERASABLE, "some ROMs announce the option bytes as erasable", "never erases them")
RLK_QUIRK(OPTIONS_RESET_BY_UNPROTECT, "the regression may give the other option bytes their default values",
          "reads the block anew after the regression")
RLK_QUIRK(WRITE_PROTECTION_STOPS_UNPROTECT, "0x92 fails while a sector is write-protected",
          "never seals a block with write-protected sectors")
RLK_QUIRK(PCROP_SURVIVES, "flash under PCROP survives the regression while PCROP_RDP is 0",
          "never seals a block with such an area")
RLK_QUIRK(BOOT_ADD_LOST, "BOOT_ADD0 and BOOT_ADD1 came back as FFFF after a regression",
          "seals only if BOOT_ADD1 leads to the ROM, and sets both if the release wishes it; a board that "
          "does not come back at all is one for SWD")
RLK_QUIRK(BOOT0_IGNORED, "from the factory the BOOT0 pin is ignored once the flash is not empty",
          "seals only if the block leaves a way back")
RLK_QUIRK(TWO_OPTION_BLOCKS, "a second option block holds the second bank's write protection; each write resets",
          "reads both, judges both, and writes the first one only")
RLK_QUIRK(OPTIONS_SHORTER_THAN_ANNOUNCED, "48 option bytes are announced, 40 are read and taken", "reads and writes 40")
RLK_QUIRK(OPTIONS_NOT_ANNOUNCED, "the option bytes have no alternate setting", "addresses them directly")
RLK_QUIRK(EQUAL_ALTERNATES, "all alternate settings carry the string of the main flash",
          "takes only the first one for flash, and everything by its address")
RLK_QUIRK(OPTIONS_INVALID_AFTER_UNPROTECT, "after the regression some option words read as zero, without complements",
          "refuses before the erase to protect it again, unless the release names these fields")
RLK_QUIRK(SPLIT_REGISTERS, "what is read stands in one word, what is written belongs into the next",
          "copies every word in force into its word to program before it changes one")
RLK_QUIRK(KEYS_IN_THE_BLOCK, "the announced block ends in the registers of the OEM keys",
          "writes only what lies before them")
RLK_QUIRK(TRUSTZONE, "with TZEN set other rules hold, 55 is a level of its own, and level 1 can lock for ever",
          "refuses unless TZEN was read as 0, or could not be read and the user said that it is off (--trustzone off)")
RLK_QUIRK(PRODUCT_STATE, "there is no RDP byte but a product state", "never touches it")

#undef RLK_QUIRK
