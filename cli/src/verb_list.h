/*
 * The verbs: VERB(constant, name, the most words that may follow it). verb_NAME() does it, help_NAME says how; `sim`
 * has words of its own for each of its sub-verbs. Include with VERB defined; it is undefined here.
 */
VERB(LIST, list, 0)
VERB(INFO, info, 0)
VERB(UPDATE, update, 1)
VERB(WRITE, write, 1)
VERB(READ, read, 1)
VERB(VERIFY, verify, 1)
VERB(ERASE, erase, 0)
VERB(PROTECT, protect, 0)
VERB(UNPROTECT, unprotect, 0)
VERB(OPTIONS, options, ARGUMENTS_WORDS_MAX)
VERB(SIM, sim, 0)
VERB(SITE, site, 3)
VERB(RELEASE, release, ARGUMENTS_WORDS_MAX)
VERB(KEY, key, 2)
VERB(CHECK, check, 0)
VERB(REPLAY, replay, 1)
VERB(IMAGE, image, 3)
VERB(CHIPS, chips, 1)
VERB(LAYOUT, layout, ARGUMENTS_WORDS_MAX)
#undef VERB
