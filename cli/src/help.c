#include "arguments.h"

static const char general[] = "relock: update STM32 devices whose flash is readout-protected (RDP level 1)\n"
                              "\n"
                              "  relock list                  devices in DFU mode\n"
                              "  relock info                  which chip it is, and whether it is protected\n"
                              "  relock update FILE           the whole job: unprotect, write, verify, protect\n"
                              "                               and prove. ERASES ALL in a protected device\n"
                              "  relock write FILE            an open device: write and verify\n"
                              "  relock read FILE --size 64K  read the flash of an open device into FILE\n"
                              "  relock options               the option bytes, raw and decoded\n"
                              "  relock sim                   simulated devices, to try it without hardware\n"
                              "\n"
                              "Which device, on every verb:\n"
                              "  --port 1-2.3    the USB port, as `relock list` shows it\n"
                              "  --serial S      its serial number, where that is unique\n"
                              "  --family NAME   which chip it is, where that is not certain\n"
                              "  --sim WHAT      a simulated device: a profile's name or a file\n"
                              "Also: --address A (of a raw binary), --json, --wait S, --trace FILE, --version\n"
                              "\n"
                              "Exit codes: 0 proven or done, 1 failed, 2 usage, 3 no device, 4 refused before\n"
                              "any loss, 5 written but not proven, 6 parked: the same command goes on.\n"
                              "`relock VERB --help` tells more.\n";

static const char list[] = "relock list [--port P] [--serial S] [--json]\n"
                           "\n"
                           "Lists the STM32 devices in DFU mode. The port names the socket: it stays the\n"
                           "same when the device leaves and returns. Many serial numbers are shared by\n"
                           "whole families; those are marked, and identify nothing.\n"
                           "\n"
                           "Exit codes: 0 there is at least one, 3 there is none.\n";

static const char info[] = "relock info [--family NAME] [--port P] [--serial S] [--json]\n"
                           "\n"
                           "Says which chip it is, how that is known, and whether it is protected.\n"
                           "Protected means: reading flash was refused twice, and a second sign agrees.\n"
                           "Nothing is changed.\n"
                           "\n"
                           "  --wait S       wait up to S seconds for a device\n"
                           "  --trace FILE   keep the conversation with the device as text\n"
                           "  --sim WHAT     a simulated device (--level 0|1: how it is found)\n";

static const char update[] = "relock update FILE --protect on|off [--return boot0|empty-check] [options]\n"
                             "\n"
                             "The whole job. FILE is Intel HEX, or a raw binary with --address. ALL in the\n"
                             "flash of a protected device is lost; findings, plan and losses are shown first.\n"
                             "\n"
                             "  --protect on|off      how the device shall end; must be said\n"
                             "  --return boot0        BOOT0 is held, and can be held until told otherwise\n"
                             "  --return empty-check  unplug and replug brings it back (some families)\n"
                             "  --dry-run             show findings and plan, change nothing\n"
                             "  --yes                 yes to two questions: \"go on with this plan?\" and, if\n"
                             "                        the journal has it as finished, \"only look again?\"\n"
                             "  --any-image           a firmware whose first words are no vector table\n"
                             "  --new-job             begin anew, whatever the journal knows of this device\n"
                             "  --poll expected       wait less than is announced, on some families\n"
                             "  --wait S              how long to wait for a device, and for a person who\n"
                             "                        brings it back (terminal: for ever, else 120)\n"
                             "  --trace FILE          keep the conversation, without the firmware's bytes\n"
                             "  --sim WHAT            a simulated device (--sim-person helpful|absent,\n"
                             "                        --sim-speed 1: real time, 0: at once, --level 0|1)\n"
                             "\n"
                             "Interrupted, parked or killed: the same command goes on. Exit codes: 0 proven,\n"
                             "1 failed, 2 usage, 3 no device, 4 refused, 5 written, not proven, 6 parked.\n";

static const char write_help[] = "relock write FILE [--dry-run] [--yes] [options]\n"
                                 "\n"
                                 "Writes an open (level 0) device: erases the sectors that need it, writes what\n"
                                 "is not there yet, reads all back and compares. The protection is not touched.\n"
                                 "FILE is Intel HEX, or a raw binary with --address.\n"
                                 "\n"
                                 "  --dry-run     show findings and plan, change nothing\n"
                                 "  --yes         yes to \"go on with this plan?\" and to \"only look again?\"\n"
                                 "  --any-image   a firmware whose first words are no vector table\n"
                                 "  --new-job     begin anew, whatever the journal knows of this device\n"
                                 "  --poll expected, --wait S, --trace FILE, --sim WHAT    as for update\n";

static const char read_help[] = "relock read FILE --size N [--address A] [options]\n"
                                "\n"
                                "Reads N bytes (4096, 64K, 1M, 0x200) of the flash of an open device, from A\n"
                                "(default 0x08000000), into FILE, which appears only when all of it is there.\n"
                                "Nobody can read a protected device: that is what the protection is for.\n"
                                "\n"
                                "  --wait S, --trace FILE, --sim WHAT    as for update\n";

static const char options_help[] = "relock options [--family NAME] [--json] [options]\n"
                                   "\n"
                                   "Shows the option bytes, raw and decoded by the reference manual's names. At\n"
                                   "level 1 most bootloaders refuse to read them, and Relock says so. Nothing is\n"
                                   "changed.\n"
                                   "\n"
                                   "  --wait S, --trace FILE, --sim WHAT    as for update\n";

static const char sim[] = "relock sim profiles                         what can be simulated\n"
                          "relock sim make FILE --profile NAME [--level 0|1|2] [--boot0 high|low]\n"
                          "                [--serial S|none]\n"
                          "relock sim show FILE | read FILE OUT        the truth about it; its flash\n"
                          "relock sim press|release FILE               the BOOT0 button\n"
                          "relock sim unplug|plug|replug|power-cycle|reset|jump FILE\n"
                          "relock sim do FILE ACTION                   follow a printed next action\n"
                          "relock sim damage FILE [--fault KIND@N] [--knob NAME=VALUE] [--flip ADDR]\n"
                          "relock sim serve --usbip [--port P] [--bind A] [--time real|virtual] FILE...\n"
                          "\n"
                          "A simulated device lives in FILE, between runs too. `jump`: its application\n"
                          "jumps into the bootloader. `serve`: for others, by USB/IP (docs/sim-serve.md).\n"
                          "Faults at the N-th transfer from now: stall timeout timeout-after gone\n"
                          "gone-after failed short flip-one flip-two late; at the N-th write: power-cut.\n"
                          "Knobs, 0 or 1: dead_after_seal empty_check_at_reset set_address_refused\n"
                          "options_readable_rdp1 first_contact_error early_poll_stalls get_list_short\n"
                          "unprotect_refused drops_writes options_reset_by_regression serial_changes\n"
                          "level1_looks_dead_on_usb3. When a level takes effect, 0 at once, 1 at reset,\n"
                          "2 at power-on: seal_reload regression_reload. In percent: typical_percent\n";

const char *help_text(enum verb verb)
{
    static const char *const texts[VERBS] = {
        [VERB_NONE] = general,         [VERB_LIST] = list,        [VERB_INFO] = info,
        [VERB_UPDATE] = update,        [VERB_WRITE] = write_help, [VERB_READ] = read_help,
        [VERB_OPTIONS] = options_help, [VERB_SIM] = sim,
    };
    return texts[verb];
}
