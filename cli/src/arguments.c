#include "arguments.h"
#include "output/text.h"
#include <arpa/inet.h>
#include <getopt.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const verb_names[VERBS] = {
    [VERB_NONE] = "",
#define VERB(constant, name, words) [VERB_##constant] = #name,
#include "verb_list.h"
};

const char *verb_name(enum verb verb)
{
    return verb_names[verb];
}

typedef bool take_value(struct arguments *arguments, const char *value);

/* 08000000 could be meant either way, and only one of them is flash. */
static bool to_address(const char *value, uint32_t *addr)
{
    bool is_ambiguous = value[0] == '0' && value[1] >= '0' && value[1] <= '9';
    return !is_ambiguous && text_to_number(value, addr);
}

static bool take_address(struct arguments *arguments, const char *value)
{
    arguments->has_address = true;
    return to_address(value, &arguments->address);
}

static bool take_size(struct arguments *arguments, const char *value)
{
    arguments->has_size = true;
    return text_to_number(value, &arguments->size_bytes) && arguments->size_bytes > 0;
}

static bool take_wait(struct arguments *arguments, const char *value)
{
    arguments->has_wait = true;
    return text_to_number(value, &arguments->wait_s) && arguments->wait_s <= 86400;
}

static bool take_family(struct arguments *arguments, const char *value)
{
    const struct rlk_chip *chip = rlk_chip_find(value);
    arguments->family = chip != NULL ? chip->family : RLK_FAMILY_UNKNOWN;
    arguments->maker.families |= RLK_FAMILY_BIT(arguments->family);
    return chip != NULL;
}

static bool take_choice(bool *choice, const char *value, const char *yes, const char *no)
{
    *choice = strcmp(value, yes) == 0;
    return *choice || strcmp(value, no) == 0;
}

static bool take_protect(struct arguments *arguments, const char *value)
{
    bool is_on = false;
    bool is_known = take_choice(&is_on, value, "on", "off");
    bool contradicts = arguments->protect_said && is_on != arguments->protect_on;
    arguments->protect_said = true;
    arguments->protect_on = is_on;
    return is_known && !contradicts;
}

static bool take_return(struct arguments *arguments, const char *value)
{
    static const enum rlk_way_back ways[] = {RLK_WAY_BACK_BOOT0, RLK_WAY_BACK_EMPTY_CHECK, RLK_WAY_BACK_NONE};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (strcmp(value, rlk_way_back_name(ways[i])) == 0) {
            bool contradicts = arguments->way_back != RLK_WAY_BACK_UNSAID && arguments->way_back != ways[i];
            arguments->way_back = ways[i];
            return !contradicts;
        }
    }
    return false;
}

static bool take_trustzone(struct arguments *arguments, const char *value)
{
    arguments->trustzone_is_off = true;
    return strcmp(value, "off") == 0;
}

static bool take_poll(struct arguments *arguments, const char *value)
{
    bool is_expected = false;
    bool is_known =
        take_choice(&is_expected, value, rlk_poll_name(RLK_POLL_EXPECTED), rlk_poll_name(RLK_POLL_ANNOUNCED));
    enum rlk_poll poll = is_expected ? RLK_POLL_EXPECTED : RLK_POLL_ANNOUNCED;
    bool contradicts = arguments->poll != RLK_POLL_BY_ROW && arguments->poll != poll;
    arguments->poll = poll;
    return is_known && !contradicts;
}

static bool take_person(struct arguments *arguments, const char *value)
{
    bool is_absent = false;
    bool is_known = take_choice(&is_absent, value, "absent", "helpful");
    arguments->person = is_absent ? SIM_PERSON_ABSENT : SIM_PERSON_HELPFUL;
    return is_known;
}

static bool take_speed(struct arguments *arguments, const char *value)
{
    return text_to_number(value, &arguments->sim_speed) && arguments->sim_speed <= 100000;
}

static bool take_bind(struct arguments *arguments, const char *value)
{
    struct in6_addr address;
    arguments->bind = value;
    return inet_pton(AF_INET, value, &address) == 1 || inet_pton(AF_INET6, value, &address) == 1;
}

static bool take_time(struct arguments *arguments, const char *value)
{
    return take_choice(&arguments->virtual_time, value, "virtual", "real");
}

static bool take_level(struct arguments *arguments, const char *value)
{
    arguments->has_level = true;
    return text_to_number(value, &arguments->level) && arguments->level <= 2;
}

static bool take_boot0(struct arguments *arguments, const char *value)
{
    arguments->has_boot0 = true;
    return take_choice(&arguments->boot0_high, value, "high", "low");
}

static bool take_flip(struct arguments *arguments, const char *value)
{
    arguments->has_flip = true;
    return to_address(value, &arguments->flip_addr);
}

static bool fault_kind(const char *name, size_t name_bytes, uint32_t *kind)
{
    for (unsigned i = SIM_FAULT_NONE + 1; i < SIM_FAULT_KINDS; i++) {
        const char *known = sim_fault_kind_name(i);
        if (strlen(known) == name_bytes && memcmp(known, name, name_bytes) == 0) {
            *kind = i;
            return true;
        }
    }
    return false;
}

static bool take_fault(struct arguments *arguments, const char *value)
{
    const char *at = strchr(value, '@');
    if (at == NULL) {
        return false;
    }
    struct sim_fault *fault = &arguments->faults[arguments->fault_count++];
    return fault_kind(value, (size_t)(at - value), &fault->kind) && text_to_number(at + 1, &fault->at);
}

static bool take_knob(struct arguments *arguments, const char *value)
{
    const char *equals = strchr(value, '=');
    if (equals == NULL) {
        return false;
    }
    struct knob_setting *knob = &arguments->knobs[arguments->knob_count++];
    knob->name = value;
    knob->name_bytes = (size_t)(equals - value);
    return text_to_number(equals + 1, &knob->value);
}

static bool take_byte(const char **text, char end, uint32_t *value)
{
    char number[16];
    size_t length = strcspn(*text, end == '\0' ? "" : (const char[]){end, '\0'});
    if (length >= sizeof number || (*text)[length] != end) {
        return false;
    }
    memcpy(number, *text, length);
    number[length] = '\0';
    *text += length + 1;
    return text_to_number(number, value) && *value <= UINT8_MAX;
}

static bool take_allowed(struct arguments *arguments, const char *value)
{
    struct allowed_bits *bits = &arguments->allowed[arguments->allowed_count++];
    return take_byte(&value, ':', &bits->offset) && take_byte(&value, '=', &bits->mask) &&
           take_byte(&value, '\0', &bits->value);
}

/* What becomes of an option's value: there is none, and a flag is set; it is kept as it is; it is one more of a list; a
 * function takes it. */
enum option_kind { OPTION_FLAG, OPTION_WORD, OPTION_TEXTS, OPTION_BY };

#define ON(verb)      (1U << (verb))
#define ON_ALL        (~0U)
#define ON_LEVELS     (ON(VERB_UPDATE) | ON(VERB_UNPROTECT) | ON(VERB_PROTECT) | ON(VERB_OPTIONS))
#define ON_IMAGES     (ON(VERB_UPDATE) | ON(VERB_WRITE))
#define ON_FLASH      (ON_IMAGES | ON(VERB_ERASE))
#define ON_CHANGES    (ON_LEVELS | ON(VERB_WRITE) | ON(VERB_ERASE))
#define ON_LOOKS      (ON(VERB_INFO) | ON(VERB_READ) | ON(VERB_CHECK) | ON(VERB_VERIFY))
#define ON_SESSIONS   (ON_CHANGES | ON_LOOKS)
#define ON_DEVICES    (ON_SESSIONS | ON(VERB_LIST))
#define ON_RELEASE    (ON(VERB_RELEASE))
#define ON_TRUST      (ON_RELEASE | ON(VERB_KEY) | ON(VERB_UPDATE))
#define FLAG(member)  OPTION_FLAG, NULL, offsetof(struct arguments, member)
#define WORD(member)  OPTION_WORD, NULL, offsetof(struct arguments, member)
#define TEXTS(member) OPTION_TEXTS, NULL, offsetof(struct arguments, member)
#define BY(function)  OPTION_BY, function, 0

static const struct option_row {
    const char *name;
    unsigned verbs;
    enum option_kind kind;
    take_value *take;  /* BY */
    size_t offset;     /* the others: of the member that it fills */
    const char *wants; /* for the error message */
} option_rows[] = {
    {"help", ON_ALL, FLAG(wants_help), ""},
    {"version", ON_ALL, FLAG(wants_version), ""},
    {"json", ON_ALL, FLAG(json), ""},
    {"address", ON_DEVICES | ON_RELEASE | ON(VERB_IMAGE), BY(take_address),
     "an address such as 0x08000000, with its 0x"},
    {"family", ON_DEVICES | ON_RELEASE | ON(VERB_IMAGE), BY(take_family),
     "a family, such as stm32f405 (`relock chips` lists them)"},
    {"serial", ON_DEVICES | ON(VERB_SIM) | ON_RELEASE, WORD(serial), "a serial number as shown by `relock list`"},
    {"port", ON_DEVICES | ON(VERB_SIM), WORD(port),
     "a port as shown by `relock list`, such as 1-2.3; of `sim serve`, its number"},
    {"sim", ON_DEVICES, WORD(sim), "a profile's name (`relock sim profiles`) or a file"},
    {"wait", ON_SESSIONS, BY(take_wait), "a number of seconds"},
    {"trace", ON_SESSIONS, WORD(trace), "a file name"},
    {"yes", ON_CHANGES, FLAG(yes), ""},
    {"dry-run", ON_CHANGES, FLAG(dry_run), ""},
    {"any-image", ON_IMAGES | ON_RELEASE, FLAG(any_image), ""},
    {"whole-sectors", ON_IMAGES, FLAG(whole_sectors), ""},
    {"new-job", ON_CHANGES, FLAG(new_job), ""},
    {"protect", ON(VERB_UPDATE), BY(take_protect), "on or off, once"},
    {"return", ON_LEVELS | ON(VERB_CHECK) | ON_RELEASE, BY(take_return), "one of boot0, empty-check and none, once"},
    {"trustzone", ON(VERB_UPDATE) | ON(VERB_UNPROTECT), BY(take_trustzone),
     "off: it was never switched on in this device"},
    {"poll", ON_FLASH, BY(take_poll), "announced or expected, once"},
    {"format", ON(VERB_IMAGE), WORD(format), "one of hex, srec, bin and dfu"},
    {"size", ON(VERB_READ) | ON(VERB_ERASE), BY(take_size), "a number of bytes such as 65536 or 64K"},
    {"all", ON(VERB_ERASE), FLAG(erases_all), ""},
    {"sim-person", ON_SESSIONS, BY(take_person), "helpful or absent"},
    {"sim-speed", ON_SESSIONS, BY(take_speed), "a factor: 1 is real time, 0 as fast as possible"},
    {"level", ON_SESSIONS | ON(VERB_SIM), BY(take_level), "0, 1 or 2"},
    {"boot0", ON(VERB_SIM), BY(take_boot0), "high or low"},
    {"profile", ON(VERB_SIM), WORD(profile), "a profile's name (`relock sim profiles`)"},
    {"site", ON(VERB_SITE) | ON_RELEASE, WORD(site), "a file: your site.json; of `release link`, the page's address"},
    {"page", ON(VERB_SITE), WORD(page), "a folder: the page's files"},
    {"releases", ON(VERB_SITE), WORD(releases), "a folder with releases"},
    {"usbip", ON(VERB_SIM), FLAG(usbip), ""},
    {"bind", ON(VERB_SIM), BY(take_bind), "a numeric address of this computer"},
    {"time", ON(VERB_SIM), BY(take_time), "real or virtual"},
    {"fault", ON(VERB_SIM), BY(take_fault), "KIND@N (`relock sim faults` lists the kinds)"},
    {"knob", ON(VERB_SIM), BY(take_knob), "NAME=VALUE (`relock sim knobs` lists the names)"},
    {"allow", ON(VERB_SIM), BY(take_allowed), "OFFSET:MASK=VALUE, such as 0:0x0c=0x04"},
    {"release", ON(VERB_UPDATE), TEXTS(maker.release), "a release's folder or https address"},
    {"unsigned", ON(VERB_UPDATE), FLAG(maker.is_unsigned), ""},
    {"key", ON_TRUST, TEXTS(maker.keys), "a key's file, or 64 hexadecimal digits of a public one"},
    {"to", ON(VERB_KEY), TEXTS(maker.to), "a key's file, or 64 hexadecimal digits of a public one"},
    {"no-passphrase", ON(VERB_KEY), FLAG(maker.no_passphrase), ""},
    {"expires", ON_RELEASE | ON(VERB_KEY), TEXTS(maker.expires), "a time such as 2027-01-31T12:00:00Z"},
    {"product", ON_RELEASE, TEXTS(maker.product), "the product's name"},
    {"release-version", ON_RELEASE, TEXTS(maker.version), "the firmware's version"},
    {"sequence", ON_RELEASE, TEXTS(maker.sequence), "a number that rises with each release"},
    {"end", ON_RELEASE, TEXTS(maker.end), "protected or open"},
    {"options", ON_RELEASE, TEXTS(maker.options), "a file made by `relock options save`"},
    {"language", ON_RELEASE, TEXTS(maker.languages), "a language such as en"},
    {"layout", ON_RELEASE, TEXTS(maker.layouts), "a memory layout string"},
    {"notes", ON_RELEASE, TEXTS(maker.notes), "a text: what is new"},
    {"lost", ON_RELEASE, TEXTS(maker.lost), "a text: something that the customer loses"},
    {"after", ON_RELEASE, TEXTS(maker.after), "a text: what is to be done afterwards"},
    {"enter", ON_RELEASE, TEXTS(maker.enter), "a text: a step into DFU mode"},
    {"hold", ON_RELEASE, TEXTS(maker.hold), "a text: how BOOT0 is held"},
    {"let-go", ON_RELEASE, TEXTS(maker.let_go), "a text: that BOOT0 is to be let go"},
    {"contact", ON_RELEASE, TEXTS(maker.contact), "your name, as customers know it"},
    {"email", ON_RELEASE, TEXTS(maker.email), "an e-mail address"},
    {"phone", ON_RELEASE, TEXTS(maker.phone), "a telephone number"},
    {"web", ON_RELEASE, TEXTS(maker.web), "an https address"},
    {"application", ON_RELEASE, TEXTS(maker.application), "the application's USB ids, such as 1209:0001"},
    {"ticket", ON_RELEASE, TEXTS(maker.ticket), "a ticket of A-Z, a-z, 0-9, . _ and -"},
    {"flip", ON(VERB_SIM), BY(take_flip), "a flash address such as 0x08000010, with its 0x"},
};

#define OPTION_ROWS (sizeof option_rows / sizeof option_rows[0])

static void build_long_options(struct option *options)
{
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        int has_value = option_rows[i].kind == OPTION_FLAG ? no_argument : required_argument;
        options[i] = (struct option){option_rows[i].name, has_value, NULL, (int)i};
    }
    options[OPTION_ROWS] = (struct option){0};
}

/* How often an option may be given. */
static unsigned most_of(const struct option_row *row)
{
    static const struct {
        take_value *take;
        unsigned most;
    } rows[] = {
        {take_fault, ARGUMENTS_FAULTS_MAX}, {take_knob, ARGUMENTS_KNOBS_MAX}, {take_allowed, ARGUMENTS_ALLOWED_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (row->take == rows[i].take) {
            return rows[i].most;
        }
    }
    return row->kind == OPTION_TEXTS ? ARGUMENTS_TEXTS_MAX : UINT_MAX;
}

/* `times`: with this one. */
static bool is_one_too_many(const struct option_row *row, unsigned times)
{
    if (times <= most_of(row)) {
        return false;
    }
    fprintf(stderr, "relock: --%s can be given %u times at most\n", row->name, most_of(row));
    return true;
}

static bool take_word(const char **word, const char *value)
{
    *word = value;
    return value[0] != '\0';
}

static bool take_text(struct text_list *list, const char *value)
{
    list->items[list->count++] = value;
    return value[0] != '\0';
}

static bool take_option(struct arguments *arguments, const struct option_row *row, const char *value)
{
    void *place = (char *)arguments + row->offset;
    bool is_taken = true;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)place = true;
        break;
    case OPTION_WORD:
        is_taken = take_word(place, value);
        break;
    case OPTION_TEXTS:
        is_taken = take_text(place, value);
        break;
    case OPTION_BY:
        is_taken = row->take(arguments, value);
        break;
    }
    if (!is_taken) {
        char shown[64];
        text_clean(shown, sizeof shown, value);
        fprintf(stderr, "relock: --%s wants %s, not \"%s\"\n", row->name, row->wants, shown);
    }
    return is_taken;
}

static bool take_verb(struct arguments *arguments, const char *word)
{
    for (unsigned verb = VERB_NONE + 1; verb < VERBS; verb++) {
        if (strcmp(word, verb_names[verb]) == 0) {
            arguments->verb = (enum verb)verb;
            return true;
        }
    }
    char shown[64];
    text_clean(shown, sizeof shown, word);
    fprintf(stderr, "relock: there is no verb \"%s\"; `relock --help` names them\n", shown);
    return false;
}

#define SERVE_WORDS_MAX 9U

static unsigned words_of_sim(const char *name)
{
    static const struct {
        const char *name;
        unsigned words;
    } rows[] = {{"profiles", 1}, {"knobs", 1}, {"faults", 1}, {"do", 3}, {"read", 3}, {"serve", SERVE_WORDS_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(name, rows[i].name) == 0) {
            return rows[i].words;
        }
    }
    return 2;
}

static unsigned words_of(const struct arguments *arguments)
{
    static const unsigned words[VERBS] = {
#define VERB(constant, name, words) [VERB_##constant] = (words),
#include "verb_list.h"
    };
    bool is_sim = arguments->verb == VERB_SIM && arguments->word_count > 0;
    return is_sim ? words_of_sim(arguments->words[0]) : words[arguments->verb];
}

static bool take_words(struct arguments *arguments, int count, char **words)
{
    /* `relock help VERB` is `relock VERB --help`. */
    if (count > 0 && strcmp(words[0], "help") == 0) {
        arguments->wants_help = true;
        words++;
        count--;
    }
    if (count > 0 && !take_verb(arguments, words[0])) {
        return false;
    }
    for (int i = 1; i < count && arguments->word_count < ARGUMENTS_WORDS_MAX; i++) {
        arguments->words[arguments->word_count++] = words[i];
    }
    if (count - 1 > (int)words_of(arguments)) {
        fprintf(stderr, "relock: too many words; `relock %s --help` shows the form\n", verb_name(arguments->verb));
        return false;
    }
    return true;
}

static bool options_suit_verb(const struct arguments *arguments, const unsigned *used)
{
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        bool suits = (option_rows[i].verbs & ON(arguments->verb)) != 0;
        if (used[i] > 0 && !suits && arguments->verb != VERB_NONE) {
            fprintf(stderr, "relock: `%s` has no option --%s; `relock %s --help` lists them\n",
                    verb_name(arguments->verb), option_rows[i].name, verb_name(arguments->verb));
            return false;
        }
    }
    return true;
}

static bool names_one_device(const struct arguments *arguments)
{
    /* With a release, --serial also says which device is meant, wherever it is. */
    bool has_serial = arguments->serial != NULL && arguments->maker.release.count == 0;
    if (arguments->sim != NULL && (arguments->port != NULL || has_serial)) {
        fputs("relock: --sim means a simulated device, --port and --serial a real one; say one of them\n", stderr);
        return false;
    }
    return true;
}

/* getopt_long takes the beginning of a name for the name: what is short for one option today may be for two tomorrow.
 * `argv` ends with what was taken last: the option, or its value if that is a word of its own. */
static bool is_whole_name(const struct option_row *row, char **argv, int end)
{
    const char *word = optarg != NULL && optarg == argv[end - 1] ? argv[end - 2] : argv[end - 1];
    if (strcspn(word + 2, "=") == strlen(row->name)) {
        return true;
    }
    fprintf(stderr, "relock: options are not abbreviated; is --%s meant?\n", row->name);
    return false;
}

bool arguments_parse(struct arguments *arguments, int argc, char **argv)
{
    static char program[] = "relock";
    struct option options[OPTION_ROWS + 1];
    unsigned used[OPTION_ROWS] = {0};
    build_long_options(options);
    argv[0] = program; /* getopt_long begins its messages with it */
    *arguments = (struct arguments){.boot0_high = true};
    int index = 0;
    while ((index = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (index == '?') {
            fputs("relock: `relock --help` shows verbs and options\n", stderr);
            return false;
        }
        const struct option_row *row = &option_rows[index];
        used[index]++;
        if (!is_whole_name(row, argv, optind) || is_one_too_many(row, used[index]) ||
            !take_option(arguments, row, optarg)) {
            return false;
        }
    }
    return take_words(arguments, argc - optind, argv + optind) && options_suit_verb(arguments, used) &&
           names_one_device(arguments);
}
