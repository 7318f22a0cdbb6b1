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
                              "Which device, on verbs that reach one:\n"
                              "  --port 1-2.3    the USB port, as `relock list` shows it\n"
                              "  --serial S      its serial number, where that is unique\n"
                              "  --family NAME   which chip it is, where that is not certain\n"
                              "  --sim WHAT      a simulated device: a profile's name or a file\n"
                              "Also: --address A (of a raw binary), --json, --wait S, --trace FILE, --version\n"
                              "For makers of devices: relock check, key, release, replay, site\n"
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
                             "relock update --release FOLDER|URL --key PUBLIC [options]\n"
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
                             "  --key K, --unsigned   of a release: whom to trust; or that nobody signed it\n"
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

static const char check_help[] = "relock check [--return boot0|empty-check] [--family NAME] [--json] [options]\n"
                                 "\n"
                                 "\"Can my customers update boards like this one?\" Looks at a sample board and\n"
                                 "says yes, or no with the reasons: the chip, the bootloader's commands, the way\n"
                                 "back into the bootloader as the option bytes have it (nBOOT1, BOOT_SEL,\n"
                                 "nSWBOOT0, nBOOT0), write protection and PCROP. Best done on a board at level 0:\n"
                                 "at level 1 the option bytes cannot be read. Nothing is changed.\n"
                                 "\n"
                                 "  --return WAY   the way that your customers have; otherwise either will do\n"
                                 "  --wait S, --trace FILE, --sim WHAT    as for update\n"
                                 "\n"
                                 "Exit codes: 0 yes, 1 no, 4 not known, or a chip that Relock does not know.\n";

static const char options_help[] = "relock options [--family NAME] [--json] [options]\n"
                                   "relock options save FILE [--family NAME] [options]\n"
                                   "\n"
                                   "Shows the option bytes, raw and decoded by the reference manual's names. At\n"
                                   "level 1 most bootloaders refuse to read them, and Relock says so. Nothing is\n"
                                   "changed.\n"
                                   "\n"
                                   "`save` keeps the profile of a golden unit at level 0 in FILE, for `relock\n"
                                   "release new --options FILE`: devices then get the same fields with their\n"
                                   "protection. Write protection and PCROP are left out, and DUALBANK.\n"
                                   "\n"
                                   "  --wait S, --trace FILE, --sim WHAT    as for update\n";

static const char sim[] = "relock sim profiles                         what can be simulated\n"
                          "relock sim make FILE --profile NAME [--level 0|1|2] [--boot0 high|low]\n"
                          "                [--serial S|none] [--allow OFFSET:MASK=VALUE]\n"
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

static const char site[] = "relock site build DIR [--site FILE] [--page FOLDER] [--releases FOLDER]\n"
                           "relock site check DIR URL\n"
                           "\n"
                           "`build` makes a maker's site in DIR: static files for any host that serves\n"
                           "https. DIR is empty, or was built before: what is there by other hands is\n"
                           "never written over or removed. docs/hosting.md says how to publish it.\n"
                           "\n"
                           "  --site FILE        site.json: brand, logo, colours, languages, trusted keys,\n"
                           "                     contact, where releases come from, where reports go to.\n"
                           "                     The logo lies beside it. Default: Relock's own\n"
                           "  --page FOLDER      the page's files. Default: what is installed with relock\n"
                           "  --releases FOLDER  copies the releases, each checked as the page would;\n"
                           "                     one that it would refuse stops the build\n"
                           "\n"
                           "Nothing is written before all of it was found good. `check` fetches each file\n"
                           "from URL and says what the host sends otherwise: bytes, types, headers.\n"
                           "\n"
                           "Exit codes: 0 built, or all as it should be; 1 could not be written, or is not;\n"
                           "2 something cannot be used; 4 a document was refused.\n";

static const char release[] = "relock release new FOLDER --product P --release-version V --sequence S\n"
                              "               --family F... --end protected|open --return boot0|empty-check\n"
                              "               [--layout L] [--options FILE] [--expires T] [texts] IMAGE...\n"
                              "relock release refresh FOLDER            sizes and hashes of its files anew\n"
                              "relock release check FOLDER [--key K]    would a customer succeed?\n"
                              "relock release sign FOLDER --key SECRET  checks it first\n"
                              "relock release verify FOLDER|URL --key PUBLIC\n"
                              "relock release inspect FOLDER            all that is in it\n"
                              "relock release withdraw FOLDER SEQUENCE  to be signed anew\n"
                              "relock release link NAME --site URL [--language L] [--ticket T] [--serial S]\n"
                              "\n"
                              "What customers are given: static files, described in docs/release-format.md.\n"
                              "FOLDER's name is the release's. IMAGE is Intel HEX, or FILE@0x08000000.\n"
                              "\n"
                              "Texts, each once more as \"de=TEXT\" for a further --language de (default en):\n"
                              "  --notes what is new   --enter a step into DFU mode   --lost what is lost\n"
                              "  --hold, --let-go  of BOOT0   --after what to do then\n"
                              "  --contact NAME, --email, --phone, --web; --application 1209:0001 (USB ids)\n"
                              "What is not said is left to fill in, in release.json.\n"
                              "\n"
                              "Exit codes: 0 done, 1 not ready, 2 usage, 4 refused.\n";

static const char replay_help[] = "relock replay REPORT [--json]\n"
                                  "\n"
                                  "Shows a customer's report step by step: what was sent, what it means, when,\n"
                                  "and what the device answered. The same is sent to a simulated device of that\n"
                                  "family, in the state that was found at the beginning, and it is said where the\n"
                                  "simulator answers otherwise. Reports hold no firmware: a pattern is sent\n"
                                  "instead. Touches no device.\n"
                                  "\n"
                                  "Exit codes: 0 replayed, 2 not a report.\n";

static const char key[] = "relock key new FILE [--expires TIME] [--no-passphrase]\n"
                          "relock key show FILE\n"
                          "relock key change DIR --key SECRET... --to KEY...\n"
                          "\n"
                          "Keys that sign releases. `new` makes FILE, the secret key, and FILE.pub, the\n"
                          "public one; it never replaces a file. On a terminal it asks for a passphrase,\n"
                          "which is asked for again whenever the key signs. `show` shows either file,\n"
                          "never the secret, and the line for site.json.\n"
                          "\n"
                          "`change` writes keys.json and its signature into DIR, the folder above the\n"
                          "releases: from then on only the keys of --to are trusted there. Sign it with\n"
                          "every key that pages and command lines out there trust (at most four).\n"
                          "\n"
                          "`relock update --release` trusts the keys of --key, else all the files\n"
                          "~/.config/relock/keys/*.pub.\n";

const char *help_text(enum verb verb)
{
    static const char *const texts[VERBS] = {
        [VERB_NONE] = general,
        [VERB_LIST] = list,
        [VERB_INFO] = info,
        [VERB_UPDATE] = update,
        [VERB_WRITE] = write_help,
        [VERB_READ] = read_help,
        [VERB_OPTIONS] = options_help,
        [VERB_CHECK] = check_help,
        [VERB_REPLAY] = replay_help,
        [VERB_SIM] = sim,
        [VERB_SITE] = site,
        [VERB_RELEASE] = release,
        [VERB_KEY] = key,
    };
    return texts[verb];
}
