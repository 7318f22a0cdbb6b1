/*
 * Questions, for a person at a terminal. Without one, nothing here ever says yes.
 */
#ifndef RELOCK_CLI_PROMPT_H
#define RELOCK_CLI_PROMPT_H

#include "arguments.h"
#include "relock/session.h"

/* Is there somebody to ask? Standard input and output are terminals, and the output is for people. */
bool prompt_is_possible(const struct arguments *arguments);

#define PROMPT_TYPED "typed"

/* How a question was answered, and by what: for the record. */
struct prompt_answer {
    bool is_yes;
    const char *why; /* PROMPT_TYPED, "--yes", "no terminal to ask", … */
};

struct prompt_answer prompt_answer(const struct arguments *arguments, enum rlk_question question);

#define PROMPT_SECRET_BYTES 256U

/* One line that is not shown while it is typed, into `secret` of PROMPT_SECRET_BYTES; wipe it when done. False: no
 * answer, or too long. */
bool prompt_secret(const char *text, char *secret);

/* Asks until it is understood. False: no answer (end of input, Ctrl-C). */
bool prompt_protection(bool *protect_on);
bool prompt_way_back(enum rlk_way_back *way_back);

#endif
