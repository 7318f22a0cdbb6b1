#include "arguments.h"
#include "output/output.h"
#include "system/interrupt.h"
#include "system/paths.h"
#include "verbs.h"
#include <stdio.h>

typedef int verb_function(const struct arguments *arguments, struct output *output);

static verb_function *const verb_functions[VERBS] = {
#define VERB(constant, name, words) [VERB_##constant] = verb_##name,
#include "verb_list.h"
};

/* What could not be said was not said: a success that nobody was told of is none. */
static int close_output(int exit_code)
{
    bool is_written = fflush(stdout) == 0 && ferror(stdout) == 0;
    if (!is_written) {
        fputs("relock: standard output cannot be written\n", stderr);
    }
    return exit_code == EXIT_DONE && !is_written ? EXIT_FAILED : exit_code;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    if (!arguments_parse(&arguments, argc, argv)) {
        return EXIT_USAGE;
    }
    if (arguments.wants_version) {
        puts("relock " RELOCK_VERSION);
        return close_output(EXIT_DONE);
    }
    if (arguments.wants_help || arguments.verb == VERB_NONE) {
        fputs(help_text(arguments.verb), arguments.wants_help ? stdout : stderr);
        return close_output(arguments.wants_help ? EXIT_DONE : EXIT_USAGE);
    }
    if (!paths_are_usable(&arguments)) {
        return EXIT_USAGE;
    }
    struct output output;
    output_init(&output, arguments.json);
    interrupt_install();
    return close_output(verb_functions[arguments.verb](&arguments, &output));
}
