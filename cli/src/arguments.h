/*
 * The command line as a value.
 */
#ifndef RELOCK_CLI_ARGUMENTS_H
#define RELOCK_CLI_ARGUMENTS_H

#include "relock/chip.h"
#include "relock/options.h"
#include "relock/session.h"
#include "sim_host.h"
#include <stdbool.h>
#include <stdint.h>

enum verb {
    VERB_NONE,
#define VERB(constant, name, words) VERB_##constant,
#include "verb_list.h"
    VERBS
};

#define ARGUMENTS_WORDS_MAX   (1 + RLK_OPTION_WISHES_MAX) /* options set and its fields */
#define ARGUMENTS_FAULTS_MAX  SIM_FAULTS_MAX
#define ARGUMENTS_KNOBS_MAX   16
#define ARGUMENTS_ALLOWED_MAX 16
#define ARGUMENTS_TEXTS_MAX   128 /* as many texts as a release has: 8 steps in 16 languages */

struct knob_setting {
    const char *name;
    size_t name_bytes;
    uint32_t value;
};

/* sim make: option bits that may change besides the protection byte, and to what. */
struct allowed_bits {
    uint32_t offset, mask, value;
};

/* What an option that may be repeated was given. */
struct text_list {
    const char *items[ARGUMENTS_TEXTS_MAX];
    unsigned count;
};

/* Releases and keys: the texts as they were typed; the verbs judge them. */
struct maker_arguments {
    struct text_list release, keys, to;
    struct text_list product, version, sequence, end, options, expires;
    struct text_list languages, layouts, notes, lost, after, enter, hold, let_go;
    struct text_list contact, email, phone, web, application;
    struct text_list ticket;
    rlk_family_mask families;
    bool no_passphrase, is_unsigned;
};

struct arguments {
    enum verb verb;
    const char *words[ARGUMENTS_WORDS_MAX]; /* what follows the verb and is no option */
    unsigned word_count;

    bool wants_help, wants_version;
    bool json, dry_run, yes, any_image, whole_sectors, new_job;
    bool has_address, has_size, has_wait, has_level, has_boot0, has_flip;
    uint32_t address, size_bytes, wait_s;

    bool protect_said, protect_on;
    enum rlk_way_back way_back;
    enum rlk_poll poll;
    bool trustzone_is_off;
    bool erases_all;
    enum rlk_family family;
    const char *serial, *port, *trace;

    const char *sim; /* a profile's name or a file */
    enum sim_person person;
    uint32_t sim_speed; /* 0: as fast as possible; N: N seconds of the device in one */
    const char *profile;
    const char *format;                 /* image convert */
    const char *site, *page, *releases; /* site build */
    bool usbip, virtual_time;           /* sim serve */
    const char *bind;
    uint32_t level;
    bool boot0_high;
    uint32_t flip_addr;
    struct maker_arguments maker;
    unsigned fault_count;
    struct sim_fault faults[ARGUMENTS_FAULTS_MAX];
    unsigned knob_count;
    struct knob_setting knobs[ARGUMENTS_KNOBS_MAX];
    unsigned allowed_count;
    struct allowed_bits allowed[ARGUMENTS_ALLOWED_MAX];
};

/* Parses argv. On failure explains itself on standard error and returns false (exit code 2). */
bool arguments_parse(struct arguments *arguments, int argc, char **argv);

/* The help of one verb, or of all (VERB_NONE); fits a screen of 80 x 24. */
const char *help_text(enum verb verb);

const char *verb_name(enum verb verb);

#endif
