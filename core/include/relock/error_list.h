/*
 * Every failure a user can meet: once, here.
 *
 * RLK_ERROR(NAME, number, CLASS, ACTION, "sentence")
 *   NAME      the enumerator is RLK_E_NAME = -number; the code that is read over a telephone is RLK-number
 *   CLASS     what kind of failure it is (enum rlk_error_class): the command line's exit code follows from it
 *   ACTION    what to do next (enum rlk_action), for a person and for a script
 * Ranges: 1000 firmware file, 1200 memory layout and descriptors, 2000 transport, 3000 device and protection,
 * 4000 consent and way back, 5000 flash, 6000 option bytes, 7000 the host's own, 8000 releases and links, 9000 our own
 * mistakes.
 *
 * This file is included several times on purpose and has no include guard.
 */

/* Firmware file. */
RLK_ERROR(FILE_EMPTY, 1001, USAGE, CHOOSE_ANOTHER_FILE, "The firmware file is empty.")
RLK_ERROR(FILE_TOO_LARGE, 1002, USAGE, CHOOSE_ANOTHER_FILE,
          "The firmware file is larger than Relock accepts (32 MiB as a file, 8 MiB of payload).")
RLK_ERROR(FILE_UNREADABLE, 1003, USAGE, CHOOSE_ANOTHER_FILE, "The file cannot be read.")
RLK_ERROR(FILE_UNKNOWN_FORMAT, 1004, USAGE, CHOOSE_ANOTHER_FILE,
          "This file is no firmware: it is an archive, a web page or another document.")
RLK_ERROR(BINARY_WITHOUT_ADDRESS, 1005, USAGE, GIVE_ADDRESS,
          "A raw binary does not say where it belongs; its start address is needed.")
RLK_ERROR(FILE_PAST_END, 1006, USAGE, GIVE_ADDRESS, "The binary would reach past the end of the address space.")
RLK_ERROR(FILE_TRUNCATED, 1007, USAGE, CHOOSE_ANOTHER_FILE,
          "The firmware file ends before all that it announces has come; it was cut off.")
RLK_ERROR(FILE_COMPRESSED, 1008, USAGE, CHOOSE_ANOTHER_FILE,
          "The firmware file is still compressed after it was unpacked once, or cannot be unpacked here.")
RLK_ERROR(GZIP_DAMAGED, 1009, USAGE, CHOOSE_ANOTHER_FILE, "The compressed firmware file (gzip) is damaged.")
RLK_ERROR(HEX_SYNTAX, 1010, USAGE, CHOOSE_ANOTHER_FILE, "This line is not an Intel HEX record.")
RLK_ERROR(HEX_CHECKSUM, 1011, USAGE, CHOOSE_ANOTHER_FILE,
          "The checksum of this Intel HEX record is wrong; the file is damaged.")
RLK_ERROR(HEX_TRUNCATED, 1012, USAGE, CHOOSE_ANOTHER_FILE, "The Intel HEX file has no end record; it was cut off.")
RLK_ERROR(HEX_RECORD_TYPE, 1013, USAGE, CHOOSE_ANOTHER_FILE, "This Intel HEX record has an unknown type.")
RLK_ERROR(HEX_AFTER_END, 1014, USAGE, CHOOSE_ANOTHER_FILE, "The Intel HEX file goes on after its end record.")
RLK_ERROR(HEX_WRAP, 1015, USAGE, CHOOSE_ANOTHER_FILE,
          "This Intel HEX record runs past the end of its segment or of the address space.")
RLK_ERROR(TEXT_NOT_ASCII, 1016, USAGE, SAVE_AS_PLAIN_TEXT,
          "This is a text file in UTF-16, or with a byte order mark; Intel HEX and S-records are plain ASCII.")
RLK_ERROR(IMAGE_OVERLAP, 1020, USAGE, CHOOSE_ANOTHER_FILE, "The firmware file gives two contents for the same address.")
RLK_ERROR(IMAGE_EMPTY, 1021, USAGE, CHOOSE_ANOTHER_FILE, "The firmware file holds no data.")
RLK_ERROR(IMAGE_TOO_SCATTERED, 1022, USAGE, CHOOSE_ANOTHER_FILE,
          "The firmware is scattered over more separate pieces than Relock accepts (256).")
RLK_ERROR(IMAGE_PAST_END, 1023, USAGE, CHOOSE_ANOTHER_FILE,
          "The firmware file gives data past the end of the address space.")
RLK_ERROR(IMAGE_OUTSIDE_FLASH, 1030, USAGE, CHOOSE_ANOTHER_FILE,
          "The firmware reaches outside the device's main flash.")
RLK_ERROR(IMAGE_HITS_OPTION_BYTES, 1031, USAGE, CHOOSE_ANOTHER_FILE,
          "The firmware file contains option bytes; Relock sets protection itself and never from a file.")
RLK_ERROR(IMAGE_HITS_OTP, 1032, USAGE, CHOOSE_ANOTHER_FILE,
          "The firmware file contains one-time-programmable memory; Relock never writes that.")
RLK_ERROR(IMAGE_HITS_RAM, 1033, USAGE, CHOOSE_ANOTHER_FILE, "The firmware file is linked for RAM, not for flash.")
RLK_ERROR(IMAGE_HITS_SYSTEM_MEMORY, 1034, USAGE, CHOOSE_ANOTHER_FILE,
          "The firmware file contains system memory, which is ST's own bootloader.")
RLK_ERROR(IMAGE_HITS_READ_ONLY_FLASH, 1035, USAGE, CHOOSE_ANOTHER_FILE,
          "The firmware reaches into flash that this device does not let be changed, such as its own bootloader.")
RLK_ERROR(IMAGE_NOT_BOOTABLE, 1040, REFUSED, CHOOSE_ANOTHER_FILE,
          "The first words of the firmware are not a vector table of this device: it would not start.")
RLK_ERROR(IMAGE_OF_ANOTHER_FAMILY, 1041, REFUSED, CHOOSE_ANOTHER_FILE,
          "The firmware file says that it is for another family of chips.")
RLK_ERROR(IMAGE_MISALIGNED, 1042, REFUSED, FILL_THE_GAPS,
          "A part of the firmware begins in the middle of what this family programs at once; nothing was changed.")
RLK_ERROR(
    SECTOR_SHARED, 1043, REFUSED, SAY_WHOLE_SECTORS,
    "A flash sector that must be erased also holds something that is not of this firmware, and it cannot be kept: in "
    "all it is in more than 32 pieces, or there is no room for it. The sector was not erased.")
RLK_ERROR(IMAGE_OF_UNKNOWN_FAMILY, 1044, REFUSED, SAY_ANY_IMAGE,
          "The firmware file names its chips by a UF2 family id, and it cannot be told whether this device is one of "
          "them.")
RLK_ERROR(SREC_SYNTAX, 1050, USAGE, CHOOSE_ANOTHER_FILE, "This line is not a Motorola S-record.")
RLK_ERROR(SREC_CHECKSUM, 1051, USAGE, CHOOSE_ANOTHER_FILE,
          "The checksum of this S-record is wrong; the file is damaged.")
RLK_ERROR(SREC_TRUNCATED, 1052, USAGE, CHOOSE_ANOTHER_FILE,
          "The S-record file has no end record (S7, S8 or S9); it was cut off.")
RLK_ERROR(SREC_AFTER_END, 1053, USAGE, CHOOSE_ANOTHER_FILE, "The S-record file goes on after its end record.")
RLK_ERROR(SREC_COUNT, 1054, USAGE, CHOOSE_ANOTHER_FILE,
          "The S-record file has more or fewer records than it says; some are missing.")
RLK_ERROR(ELF_64_BIT, 1060, USAGE, CHOOSE_ANOTHER_FILE, "This ELF file is for a 64-bit processor.")
RLK_ERROR(ELF_OTHER_MACHINE, 1061, USAGE, CHOOSE_ANOTHER_FILE,
          "This ELF file is not for a little-endian ARM processor.")
RLK_ERROR(ELF_NOT_LINKED, 1062, USAGE, CHOOSE_ANOTHER_FILE,
          "This ELF file is no linked program: an object file or a library.")
RLK_ERROR(ELF_DAMAGED, 1063, USAGE, CHOOSE_ANOTHER_FILE,
          "The headers of this ELF file contradict one another; it is damaged or stripped.")
RLK_ERROR(DFU_DAMAGED, 1070, USAGE, CHOOSE_ANOTHER_FILE,
          "The sizes and counts in this DFU file contradict one another; it is damaged.")
RLK_ERROR(DFU_SUFFIX, 1071, USAGE, CHOOSE_ANOTHER_FILE,
          "The end of this DFU file (its suffix) does not fit the file; it is damaged.")
RLK_ERROR(DFU_CHECKSUM, 1072, USAGE, CHOOSE_ANOTHER_FILE, "The checksum of this DFU file is wrong; it is damaged.")
RLK_ERROR(DFU_OTHER_TARGET, 1073, USAGE, CHOOSE_ANOTHER_FILE,
          "This DFU file has a part that is not for the flash, such as option bytes; Relock never takes those from a "
          "file.")
RLK_ERROR(UF2_BLOCK, 1080, USAGE, CHOOSE_ANOTHER_FILE,
          "A block of this UF2 file is damaged, or holds a file and not firmware.")
RLK_ERROR(UF2_COUNT, 1081, USAGE, CHOOSE_ANOTHER_FILE, "Blocks of this UF2 file are missing or out of order.")
RLK_ERROR(UF2_FAMILY, 1082, USAGE, CHOOSE_ANOTHER_FILE, "The firmware is for several families of chips at once.")

/* Memory layout strings and descriptors. */
RLK_ERROR(LAYOUT_NO_AT, 1201, FAILED, ASK_MAKER, "This interface string carries no memory layout.")
RLK_ERROR(LAYOUT_NO_ADDRESS, 1202, FAILED, ASK_MAKER, "The memory layout has no address.")
RLK_ERROR(LAYOUT_BAD_ADDRESS, 1203, FAILED, ASK_MAKER, "The address in the memory layout is malformed.")
RLK_ERROR(LAYOUT_BAD_COUNT, 1204, FAILED, ASK_MAKER, "A sector count in the memory layout is malformed or zero.")
RLK_ERROR(LAYOUT_BAD_SIZE, 1205, FAILED, ASK_MAKER, "A sector size in the memory layout is malformed or zero.")
RLK_ERROR(LAYOUT_BAD_TYPE, 1206, FAILED, ASK_MAKER, "A sector type in the memory layout is malformed.")
RLK_ERROR(LAYOUT_OVERFLOW, 1207, FAILED, ASK_MAKER, "The memory layout runs past the end of the address space.")
RLK_ERROR(LAYOUT_TOO_LONG, 1208, FAILED, ASK_MAKER,
          "The memory layout has more groups or sectors than any known device.")
RLK_ERROR(LAYOUT_TRAILING, 1209, FAILED, ASK_MAKER, "The memory layout goes on with text that means nothing.")
RLK_ERROR(DESCRIPTOR_BAD, 1220, FAILED, REPLUG_AND_RUN_AGAIN, "The device's USB descriptors are malformed.")
RLK_ERROR(DESCRIPTOR_NO_DFU, 1221, FAILED, ENTER_DFU_AND_RUN_AGAIN, "This USB device is not in DFU mode.")

/* Transport. */
RLK_ERROR(TRANSPORT_UNSTABLE, 2001, FAILED, USE_USB2_HUB,
          "Transfers to the device fail again and again; this looks like a USB timing problem, not like protection.")
RLK_ERROR(DEVICE_LOST, 2002, FAILED, REPLUG_AND_RUN_AGAIN, "The device disappeared in the middle of the work.")
RLK_ERROR(DEVICE_NONSENSE, 2003, FAILED, REPLUG_AND_RUN_AGAIN, "The device answered in a way no ST bootloader does.")
RLK_ERROR(DEVICE_STUCK, 2004, FAILED, REPLUG_AND_RUN_AGAIN,
          "The device stayed busy far longer than its data sheet allows.")

/* Device and protection. */
RLK_ERROR(NO_DEVICE, 3001, NO_DEVICE, ENTER_DFU_AND_RUN_AGAIN, "No device in DFU mode was found.")
RLK_ERROR(SEVERAL_DEVICES, 3002, REFUSED, CHOOSE_ONE_DEVICE,
          "More than one device in DFU mode is present, and it is not said which one is meant.")
RLK_ERROR(WRONG_DEVICE, 3003, REFUSED, CONNECT_THE_SAME_DEVICE, "This is not the device that the work began with.")
RLK_ERROR(UNKNOWN_CHIP, 3010, REFUSED, ASK_MAKER, "This chip is not one that Relock knows well enough to touch.")
RLK_ERROR(AMBIGUOUS_CHIP, 3011, REFUSED, GIVE_FAMILY,
          "This could be several chips that need different treatment; the family must be named.")
RLK_ERROR(CHIP_CONTRADICTS_CLAIM, 3012, REFUSED, GIVE_FAMILY, "The device is not of the family that was named.")
RLK_ERROR(WRONG_CHIP, 3013, REFUSED, CONNECT_THE_RIGHT_DEVICE,
          "This device has another chip than the release is made for; nothing was changed.")
RLK_ERROR(WRONG_LAYOUT, 3014, REFUSED, CONNECT_THE_RIGHT_DEVICE,
          "This device has another flash layout than the release is made for; nothing was changed.")
RLK_ERROR(WRONG_SERIAL, 3015, REFUSED, CONNECT_THE_RIGHT_DEVICE,
          "This device has another serial number than the one that is meant; nothing was changed.")
RLK_ERROR(PROTECTION_UNCLEAR, 3020, REFUSED, USE_USB2_HUB,
          "It cannot be told for sure whether this device is protected; nothing was changed.")
RLK_ERROR(PROTECTION_CONTRADICTORY, 3021, REFUSED, ASK_MAKER,
          "The two signs of protection contradict each other; nothing was changed.")
RLK_ERROR(NO_READ_UNPROTECT, 3022, REFUSED, SWD_ONLY, "This bootloader does not offer to remove the protection.")
RLK_ERROR(UNPROTECT_REFUSED, 3023, FAILED, SWD_ONLY,
          "The device refused to remove its protection; write-protected sectors or a key are the likely reason.")
RLK_ERROR(STILL_PROTECTED, 3024, FAILED, RUN_AGAIN, "The device came back and is still protected.")
RLK_ERROR(PROTECTED, 3025, REFUSED, USE_UPDATE,
          "The device is readout-protected (level 1); this can be done only without protection.")
RLK_ERROR(LEVEL_2, 3026, REFUSED, ASK_MAKER,
          "This device is locked for ever (RDP level 2); it cannot be changed any more.")
RLK_ERROR(CHIP_EXPERIMENTAL, 3030, REFUSED, NAME_THE_EXPERIMENT,
          "This family is experimental: too much about its bootloader is inferred. Nothing was changed.")
RLK_ERROR(CHIP_WRITE_ONLY, 3031, REFUSED, WRITE_ONLY,
          "This is not ST's own bootloader; Relock can write its flash, but never touches its protection.")
RLK_ERROR(CHIP_HAS_NO_LEVEL_1, 3032, REFUSED, ASK_MAKER,
          "This family has a product state instead of readout protection levels, and Relock never touches it.")
RLK_ERROR(CHIP_HAS_NO_FLASH, 3033, REFUSED, ASK_MAKER,
          "This device announces no flash of its own; Relock has nothing to update in it.")
RLK_ERROR(CHIP_TRUSTZONE, 3034, REFUSED, SAY_TRUSTZONE,
          "TrustZone is on, or it cannot be read whether it is; protection is not touched then.")
RLK_ERROR(FLASH_UNREADABLE, 3035, REFUSED, ASK_MAKER,
          "This bootloader does not let its flash be read, so nothing that is written could be verified; nothing was "
          "changed.")

/* Consent and the way back. */
RLK_ERROR(NO_CONSENT, 4001, REFUSED, CONFIRM_OR_SAY_YES, "The plan was not confirmed; nothing was changed.")
RLK_ERROR(NO_WAY_BACK, 4002, REFUSED, SAY_WAY_BACK,
          "After the erase the device starts anew, and nothing was said that would bring it back into DFU mode.")
RLK_ERROR(NO_EMPTY_CHECK, 4003, REFUSED, SAY_WAY_BACK,
          "This family does not return to DFU mode because its flash is empty; BOOT0 must be held.")
RLK_ERROR(WEAKER_THAN_BEGUN, 4004, REFUSED, ASK_FOR_PROTECTION,
          "A job was begun on this device that ends protected; this one would leave it open.")
RLK_ERROR(STALE_ANSWER, 4005, REFUSED, RUN_AGAIN,
          "The confirmation belongs to another device, plan or firmware; nothing was changed.")
RLK_ERROR(PROTECT_NOT_SAID, 4006, USAGE, SAY_PROTECTION,
          "It was not said whether the device shall end protected or open.")
RLK_ERROR(WAY_BACK_IS_NONE, 4007, REFUSED, SWD_ONLY,
          "A device that its application brought into DFU mode does not come back after the erase; it would be lost.")
RLK_ERROR(IMAGE_CHANGED, 4008, FAILED, RUN_AGAIN, "The firmware is not the one that the job began with.")
RLK_ERROR(
    KEPT_NOT_BACK, 4009, REFUSED, BRING_BACK_FIRST,
    "What an earlier run has kept of this device is not known to be back in it, and once protected the device could "
    "not take it; nothing was changed.")

/* Flash. */
RLK_ERROR(READ_REFUSED, 5001, FAILED, RUN_AGAIN, "The device refused to read its flash.")
RLK_ERROR(ERASE_REFUSED, 5002, FAILED, SWD_ONLY, "The device refused to erase this sector; it may be write-protected.")
RLK_ERROR(WRITE_REFUSED, 5003, FAILED, RUN_AGAIN, "The device refused to write here.")
RLK_ERROR(VERIFY_DIFFERS, 5004, FAILED, RUN_AGAIN,
          "What was written reads back different, also after writing it again; the device was left unprotected.")
RLK_ERROR(READ_OUTSIDE_FLASH, 5006, USAGE, CHOOSE_ANOTHER_RANGE,
          "The range to read reaches outside the device's main flash.")
RLK_ERROR(FLASH_DIFFERS, 5007, FAILED, WRITE_THE_FIRMWARE, "What is in the flash is not this firmware.")
RLK_ERROR(ERASE_RANGE, 5008, USAGE, CHOOSE_ANOTHER_RANGE,
          "The range to erase is not made of whole sectors of the device's main flash; nothing was changed.")

/* Option bytes. */
RLK_ERROR(OPTIONS_UNREADABLE, 6001, FAILED, RUN_AGAIN, "The option bytes cannot be read.")
RLK_ERROR(OPTIONS_MALFORMED, 6002, FAILED, ASK_MAKER,
          "The option bytes do not look like those of this family; protection was not set.")
RLK_ERROR(DOOR_WOULD_CLOSE, 6003, FAILED, ASK_MAKER,
          "With these option bytes the device could not be updated again; protection was not set.")
RLK_ERROR(OPTIONS_REFUSED, 6004, FAILED, RUN_AGAIN, "The device did not take the new option bytes.")
RLK_ERROR(SEAL_NOT_EFFECTIVE, 6005, FAILED, RUN_AGAIN,
          "The option bytes were written, but the device is still readable; it is not protected.")
RLK_ERROR(PROOF_MISSING, 6006, NOT_PROVEN, POWER_CYCLE_AND_RUN_AGAIN,
          "All is written and compared and the protection was sent, but the device did not come back to prove it.")

RLK_ERROR(OPTIONS_LOOK_LIKE_LEVEL_2, 6007, FAILED, ASK_MAKER,
          "An option byte other than RDP holds 0xCC where another family has its RDP byte; Relock never writes such a "
          "block, and protection was not set.")

RLK_ERROR(OPTION_FIELD_UNKNOWN, 6010, REFUSED, ASK_MAKER,
          "An option field is wished that this family does not have, or that Relock does not set; nothing was changed.")
RLK_ERROR(OPTION_VALUE_TOO_LARGE, 6011, REFUSED, ASK_MAKER,
          "The wished value does not fit the option field; nothing was changed.")
RLK_ERROR(OPTION_WISH_CONTRADICTORY, 6012, REFUSED, ASK_MAKER,
          "The wished option fields contradict one another, or a device that shall end open; nothing was changed.")
RLK_ERROR(OPTIONS_NOT_EFFECTIVE, 6013, FAILED, RUN_AGAIN,
          "The option bytes were written, but the device does not show the new values, also after a power cycle.")
RLK_ERROR(OPTIONS_NOT_SHOWN, 6014, NOT_PROVEN, POWER_CYCLE_AND_RUN_AGAIN,
          "The option bytes were sent, but the device did not come back to show that they are in force.")
RLK_ERROR(OPTIONS_NOT_SETTABLE, 6015, REFUSED, USE_ANOTHER_TOOL,
          "Relock does not set option bytes by themselves on this family, only on those of tier full; nothing was "
          "changed.")
RLK_ERROR(OPTIONS_CLOSE_DOOR, 6016, REFUSED, CHOOSE_OTHER_FIELDS,
          "With these option bytes the device could not be updated any more once it is protected; nothing was changed.")
RLK_ERROR(OPTIONS_PROFILE_BAD, 6017, USAGE, CHOOSE_ANOTHER_FILE,
          "This is not a readable option profile, as `relock options save` writes it.")
RLK_ERROR(OPTIONS_LOST, 6018, REFUSED, LET_IT_END_OPEN,
          "This chip loses option bytes when its protection is removed, and it was not said what all of them shall be; "
          "it could not be protected again. Nothing was changed.")

/* The host's own. */
RLK_ERROR(DEVICE_NOT_BACK, 7001, PARKED, HOLD_BOOT0_REPLUG_AND_RUN_AGAIN,
          "The device was unprotected and has not come back yet; it is empty now, and that is expected.")
RLK_ERROR(JOURNAL_FAILED, 7002, REFUSED, FREE_THE_JOURNAL,
          "The journal cannot be written durably; without it nothing is erased.")
RLK_ERROR(NO_PERMISSION, 7003, NO_DEVICE, GIVE_PERMISSION, "This computer does not let Relock open the device.")
RLK_ERROR(DEVICE_TAKEN, 7004, NO_DEVICE, CLOSE_OTHER_PROGRAM, "Another program or tab holds the device.")
RLK_ERROR(DRIVER_MISSING, 7005, NO_DEVICE, INSTALL_DRIVER, "Windows has no WinUSB driver for this device yet.")
RLK_ERROR(INTERRUPTED, 7006, PARKED, RUN_AGAIN, "The work was interrupted; the same command goes on.")
RLK_ERROR(FILE_NOT_WRITTEN, 7007, FAILED, CHOOSE_ANOTHER_OUTPUT, "The output file cannot be written.")
RLK_ERROR(IMAGE_FETCH_FAILED, 7008, FAILED, RUN_AGAIN, "The firmware could not be fetched while it was being written.")
RLK_ERROR(SEAL_NOT_RECORDED, 7009, FAILED, FREE_THE_JOURNAL,
          "The firmware is in the device, but the journal cannot be written; protection was not set.")
RLK_ERROR(JOURNAL_MALFORMED, 7010, REFUSED, FREE_THE_JOURNAL, "The journal of this device is damaged.")

RLK_ERROR(WORK_IN_ANOTHER_TAB, 7011, REFUSED, GO_ON_IN_THE_OTHER_TAB,
          "Another tab or window of this page is at work with a device.")
RLK_ERROR(JOB_CHANGED, 7012, REFUSED, RELOAD_THE_PAGE,
          "This job was finished, forgotten or changed since this page was opened, in another tab for example.")
RLK_ERROR(PAGE_FRAMED, 7013, REFUSED, OPEN_A_TAB, "This page is shown inside another page, and does not work there.")
RLK_ERROR(PAGE_NOT_WHOLE, 7014, FAILED, RELOAD_THE_PAGE,
          "A part of this page could not be loaded, or does not run in this browser.")
RLK_ERROR(NO_WEBUSB, 7015, NO_DEVICE, USE_ANOTHER_BROWSER, "This browser cannot reach USB devices.")
RLK_ERROR(PAGE_INSECURE, 7016, NO_DEVICE, OPEN_WITH_HTTPS,
          "This page was opened without https, so the browser does not let it reach USB devices.")

RLK_ERROR(
    IMAGE_GAP_TOO_LARGE, 7017, USAGE, CHOOSE_ANOTHER_FORMAT,
    "As a raw binary the firmware would be larger than 8 MiB, because the gaps between its parts would be filled.")

RLK_ERROR(COPY_NOT_WRITTEN, 7018, REFUSED, MAKE_ROOM_FOR_COPIES,
          "The copy of what else is in the flash sectors cannot be written durably; without it no sector is erased.")

/* Releases and links: documents. */
RLK_ERROR(DOCUMENT_TOO_LARGE, 8001, REFUSED, ASK_MAKER, "This document is larger than Relock accepts (64 KiB).")
RLK_ERROR(DOCUMENT_SYNTAX, 8002, REFUSED, ASK_MAKER, "This document is not strict JSON.")
RLK_ERROR(DOCUMENT_TOO_DEEP, 8003, REFUSED, ASK_MAKER, "This document is nested deeper than Relock accepts (8 levels).")
RLK_ERROR(DOCUMENT_TOO_MANY, 8004, REFUSED, ASK_MAKER, "This document has more parts than Relock accepts.")
RLK_ERROR(DOCUMENT_DUPLICATE_KEY, 8005, REFUSED, ASK_MAKER, "This document names the same field twice.")
RLK_ERROR(DOCUMENT_NUMBER, 8006, REFUSED, ASK_MAKER,
          "A number in this document is not a whole number in the range that is allowed.")
RLK_ERROR(DOCUMENT_TEXT, 8007, REFUSED, ASK_MAKER,
          "A text in this document is too long, empty, or holds characters that are not allowed.")
RLK_ERROR(DOCUMENT_FIELD_MISSING, 8008, REFUSED, ASK_MAKER, "A field that this document must have is missing.")
RLK_ERROR(DOCUMENT_FIELD_UNKNOWN, 8009, REFUSED, ASK_MAKER, "This document has a field that Relock does not know.")
RLK_ERROR(DOCUMENT_FIELD_KIND, 8010, REFUSED, ASK_MAKER, "A field of this document is of the wrong kind.")
RLK_ERROR(DOCUMENT_FIELD_VALUE, 8011, REFUSED, ASK_MAKER, "A field of this document has a value that means nothing.")
RLK_ERROR(DOCUMENT_FORMAT, 8012, REFUSED, ASK_MAKER,
          "This document is of another kind, or of a newer format than this Relock knows.")

/* Releases and links: signatures and keys. */
RLK_ERROR(SIGNATURE_MISSING, 8020, REFUSED, ASK_MAKER, "The release is not signed, and here only signed ones are used.")
RLK_ERROR(SIGNATURE_WRONG, 8021, REFUSED, ASK_MAKER,
          "The signature does not fit: the release was changed after its maker signed it.")
RLK_ERROR(KEY_UNKNOWN, 8022, REFUSED, ASK_MAKER, "The release is signed with a key that is not trusted here.")
RLK_ERROR(KEY_EXPIRED, 8023, REFUSED, ASK_MAKER, "The release is signed with a key that has expired.")
RLK_ERROR(SIGNATURE_NOT_CHECKED, 8024, REFUSED, USE_ANOTHER_BROWSER, "This browser cannot check the signature.")
RLK_ERROR(KEY_MALFORMED, 8025, USAGE, CHOOSE_ANOTHER_FILE, "This is not a key of Relock's.")
RLK_ERROR(NO_KEY, 8026, USAGE, NAME_A_KEY, "It was not said which key is trusted.")
RLK_ERROR(KEY_LOCKED, 8027, USAGE, RUN_AGAIN,
          "The passphrase of this secret key is missing or wrong; it is asked for on a terminal only.")

/* Releases and links: getting one. */
RLK_ERROR(LINK_MALFORMED, 8030, REFUSED, ASK_FOR_A_NEW_LINK, "This link is damaged; it names no release.")
RLK_ERROR(RELEASE_NOT_FOUND, 8031, REFUSED, ASK_FOR_A_NEW_LINK, "There is no such release here.")
RLK_ERROR(RELEASE_NOT_REACHED, 8032, FAILED, CHECK_CONNECTION, "The release could not be downloaded.")
RLK_ERROR(RELEASE_FILE_SIZE, 8033, REFUSED, CHECK_CONNECTION,
          "A file of the release has another size than the release says; it was cut off or replaced.")
RLK_ERROR(RELEASE_FILE_CHANGED, 8034, REFUSED, ASK_MAKER,
          "A file of the release is not the one that the release names.")
RLK_ERROR(RELEASE_OF_ANOTHER_NAME, 8035, REFUSED, ASK_MAKER,
          "Under this link's name lies the release of another product.")
RLK_ERROR(RELEASE_EXPIRED, 8036, REFUSED, ASK_FOR_A_NEW_LINK,
          "This release has expired, or the clock of this computer is wrong.")
RLK_ERROR(RELEASE_WITHDRAWN, 8037, REFUSED, ASK_FOR_A_NEW_LINK, "This release was withdrawn by its maker.")
RLK_ERROR(RELEASE_OLDER, 8038, REFUSED, ASK_MAKER, "This release is older than one that was seen here before.")
RLK_ERROR(RELEASE_NOT_CURRENT, 8039, REFUSED, ASK_MAKER, "This release is not the one that its maker names as current.")
RLK_ERROR(RELEASE_MEMORY_DAMAGED, 8040, REFUSED, FREE_THE_JOURNAL,
          "What was remembered here of earlier releases is damaged or cannot be kept.")
RLK_ERROR(RELEASE_NOT_READY, 8041, FAILED, MEND_WHAT_IS_LISTED,
          "As this release is now, customers would not succeed with it; the reasons are listed.")
RLK_ERROR(RELEASE_FOLDER_TAKEN, 8042, USAGE, REFRESH_THE_RELEASE,
          "This folder holds a release already, and its channel; they are not written over.")
RLK_ERROR(RELEASE_SEQUENCE_NOT_RAISED, 8043, FAILED, REFRESH_THE_RELEASE,
          "A release with this sequence number, or a higher one, was made already; another one needs a higher number.")

/* Reports and sites. */
RLK_ERROR(REPORT_NOT_SENT, 8050, FAILED, CHECK_CONNECTION, "The report could not be sent.")
RLK_ERROR(REPORT_MALFORMED, 8051, USAGE, CHOOSE_ANOTHER_FILE, "This is not a report of Relock's.")
RLK_ERROR(SITE_NOT_BUILT, 8052, FAILED, CHOOSE_ANOTHER_OUTPUT, "The site could not be written.")
RLK_ERROR(CUSTOMERS_CANNOT, 8053, FAILED, MEND_WHAT_IS_LISTED,
          "As this board is now, customers could not update it this way; the reasons are listed.")
RLK_ERROR(SITE_NOT_LOADED, 8054, FAILED, CHECK_CONNECTION,
          "This page's own settings (site.json) could not be loaded; without them it does not start.")
RLK_ERROR(SITE_SOURCE_UNUSABLE, 8055, USAGE, MEND_WHAT_IS_LISTED,
          "What the site is to be made of cannot be used; the reason is listed.")
RLK_ERROR(SITE_NOT_AS_BUILT, 8056, FAILED, MEND_WHAT_IS_LISTED,
          "The site at this address is not served as it should be; the differences are listed.")
RLK_ERROR(SITE_RELEASE_OLDER, 8057, REFUSED, MEND_WHAT_IS_LISTED,
          "This site already has a newer state of a release, or the same number with other content; nothing was "
          "written.")

/* Our own mistakes: they end the work, they never go on. */
RLK_ERROR(GATE_VETO, 9001, FAILED, REPORT_THIS,
          "Relock was about to send something that it promises never to send, and stopped itself.")
RLK_ERROR(INTERNAL, 9002, FAILED, REPORT_THIS, "Relock met a state that should not exist, and stopped.")
