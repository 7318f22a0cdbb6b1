/*
 * What a person or a script does next: once, here.
 *
 * RLK_ACTION(NAME, "what that means for a person")
 *   NAME   the enumerator is RLK_ACTION_NAME
 *
 * This file is included several times on purpose and has no include guard. scripts/lib/core-texts.mjs reads it, too: it
 * holds nothing but comments and these calls.
 */

RLK_ACTION(NONE, "Nothing more needs to be done.")
RLK_ACTION(RUN_AGAIN, "Start the same job again.")
RLK_ACTION(CONFIRM_OR_SAY_YES, "Start the job again, look at the plan and confirm it (a script says --yes).")
RLK_ACTION(REPLUG_AND_RUN_AGAIN, "Unplug the device, plug it in again in DFU mode, then start the same job again.")
RLK_ACTION(HOLD_BOOT0_AND_REPLUG,
           "Hold the BOOT0 button (or fit its jumper), unplug the device and plug it in again; keep holding.")
RLK_ACTION(
    HOLD_BOOT0_REPLUG_AND_RUN_AGAIN,
    "Hold the BOOT0 button (or fit its jumper), unplug the device, plug it in again, then start the same job again.")
RLK_ACTION(RELEASE_BOOT0_AND_REPLUG,
           "Release the BOOT0 button (or remove its jumper), unplug the device and plug it in again.")
RLK_ACTION(KEEP_BOOT0_HELD, "Keep the BOOT0 button held (or its jumper fitted) until you are told to release it.")
RLK_ACTION(REPLUG, "Unplug the device and plug it in again.")
RLK_ACTION(POWER_CYCLE_AND_RUN_AGAIN, "Take all power from the device (USB, battery, debug probe), wait a few seconds, "
                                      "bring it back into DFU mode, then start the same job again.")
RLK_ACTION(ENTER_DFU, "Bring the device into DFU mode (hold BOOT0 while plugging it in, or do as its maker says).")
RLK_ACTION(ENTER_DFU_AND_RUN_AGAIN, "Bring the device into DFU mode (hold BOOT0 while plugging it in, or do as its "
                                    "maker says), then start the same job again.")
RLK_ACTION(
    USE_USB2_HUB,
    "Put a USB 2.0 hub between computer and device, or use another port and cable, then start the same job again.")
RLK_ACTION(INSTALL_DRIVER,
           "Install the WinUSB driver for the device once (for example with Zadig), then start the same job again.")
RLK_ACTION(GIVE_PERMISSION, "Allow access to the device (on Linux: install Relock's udev rule; for a browser from a "
                            "snap also connect raw-usb), then start the same job again.")
RLK_ACTION(CLOSE_OTHER_PROGRAM, "Close the other programs and browser tabs that use the device (STM32CubeProgrammer, "
                                "configurators), then start the same job again.")
RLK_ACTION(SWD_ONLY, "This cannot be helped over USB; the device needs a debug probe on its SWD pins, or its maker.")
RLK_ACTION(ASK_MAKER, "Ask the maker of the device, and tell them this error's code.")
RLK_ACTION(GIVE_FAMILY, "Name the chip's family (--family), then start the same job again.")
RLK_ACTION(NAME_THE_EXPERIMENT,
           "The maker can try it on the command line by naming the family (relock --family); the page never does.")
RLK_ACTION(WRITE_ONLY, "Write the firmware without touching the protection (relock write), or ask the maker.")
RLK_ACTION(SAY_TRUSTZONE, "Ask the maker; who knows that TrustZone was never switched on in this device can say so on "
                          "the command line (--trustzone off).")
RLK_ACTION(WRITE_THE_FIRMWARE,
           "If it should be this firmware, write it (relock write or relock update); if not, choose another file.")
RLK_ACTION(GIVE_ADDRESS, "Give the address where the binary belongs (--address; the maker of the firmware knows it), "
                         "then start the same job again.")
RLK_ACTION(SAY_WAY_BACK, "Say how the device gets back into DFU mode after the erase: BOOT0 held (--return boot0), or, "
                         "on chips with the empty check, unplug and replug (--return empty-check).")
RLK_ACTION(SAY_PROTECTION, "Say whether the device shall end protected (--protect on) or open (--protect off).")
RLK_ACTION(ASK_FOR_PROTECTION, "Start the job again so that the device ends protected (--protect on), as it was begun.")
RLK_ACTION(BRING_BACK_FIRST,
           "First bring it back with what is printed above, then start the same job again. If it may be "
           "lost, remove the copy instead.")
RLK_ACTION(USE_UPDATE, "Use the whole update instead (relock update): it removes the protection, which erases the "
                       "device, and writes the firmware.")
RLK_ACTION(
    CHOOSE_ONE_DEVICE,
    "Unplug all but one device, or name the one that is meant (--port or --serial), then start the same job again.")
RLK_ACTION(
    CONNECT_THE_SAME_DEVICE,
    "Connect the device that the work began with, at the same port and in DFU mode, then start the same job again.")
RLK_ACTION(CONNECT_THE_RIGHT_DEVICE, "Unplug this device and connect the one that the update is meant for.")
RLK_ACTION(CHOOSE_ANOTHER_FILE, "Choose another file; if this one should be right, get a fresh copy of it.")
RLK_ACTION(SAVE_AS_PLAIN_TEXT,
           "Save the file as plain text (ASCII, without a byte order mark), or get a fresh copy of it.")
RLK_ACTION(CHOOSE_ANOTHER_FORMAT, "Choose a format that says where each part belongs: hex, srec or dfu.")
RLK_ACTION(FILL_THE_GAPS, "Fill the gaps when the file is made, or make it a raw binary (relock image convert FILE "
                          "FILE.bin) and give its --address; if it is the first part, put padding before it.")
RLK_ACTION(SAY_ANY_IMAGE,
           "Choose another file; who knows that this one is for the device can say so on the command line "
           "(--any-image).")
RLK_ACTION(SAY_WHOLE_SECTORS,
           "Write the firmware in parts, one after the other (relock write); or ask the maker: who knows that the rest "
           "may be lost can say so on the command line (--whole-sectors).")
RLK_ACTION(CHOOSE_ANOTHER_RANGE, "Choose an address and a size inside the device's main flash.")
RLK_ACTION(CHOOSE_OTHER_FIELDS, "Choose other fields or values: `relock options` shows those of this device.")
RLK_ACTION(USE_ANOTHER_TOOL, "Leave the option bytes as they are, or set them with another tool (such as "
                             "STM32CubeProgrammer).")
RLK_ACTION(LET_IT_END_OPEN,
           "Start the job again so that the device ends open (--protect off). It could be protected only by a release "
           "that names option fields in all words of this chip, write protection (WRP) too.")
RLK_ACTION(CHOOSE_ANOTHER_OUTPUT, "Choose another place for the output file, one that can be written.")
RLK_ACTION(FREE_THE_JOURNAL, "Let the journal be written: make room, check the rights to its folder, leave private "
                             "windows, or remove a damaged journal; then start the same job again.")
RLK_ACTION(MAKE_ROOM_FOR_COPIES, "Make room, and check the rights to the folder; then start the same job again.")
RLK_ACTION(GO_ON_IN_THE_OTHER_TAB, "Go on in the other tab or window, or close it; then try again here.")
RLK_ACTION(RELOAD_THE_PAGE, "Reload this page; it then shows how things are now.")
RLK_ACTION(OPEN_A_TAB, "Open this page in a tab of its own.")
RLK_ACTION(OPEN_WITH_HTTPS, "Open this page at an address that begins with https.")
RLK_ACTION(CHECK_CONNECTION, "Check the network connection, then try again.")
RLK_ACTION(ASK_FOR_A_NEW_LINK,
           "Check the name of the folder or link; if it is right, ask whoever gave it to you for a new one.")
RLK_ACTION(USE_ANOTHER_BROWSER, "Use a newer Chrome, Edge, Opera or Brave, or the command line.")
RLK_ACTION(NAME_A_KEY, "Name the maker's public key (--key), as its maker gave it to you.")
RLK_ACTION(MEND_WHAT_IS_LISTED, "Mend what is listed above, then start the same command again.")
RLK_ACTION(REFRESH_THE_RELEASE, "Keep release.json and channel.json, put the new firmware beside them, raise the "
                                "sequence number in release.json, then use `relock release refresh`.")
RLK_ACTION(REPORT_THIS, "Save the transcript and report this error to Relock's authors.")
