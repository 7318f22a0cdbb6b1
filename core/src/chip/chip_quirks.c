/* The texts of the quirks: for documents and people, not for the engine. */
#include "relock/quirk.h"

struct quirk_text {
    const char *constant;
    const char *what;
    const char *answer;
};

static const struct quirk_text texts[RLK_QUIRK_COUNT] = {
#define RLK_QUIRK(constant, what, answer) [RLK_QUIRK_##constant] = {#constant, what, answer},
#include "relock/quirk_list.h"
};

static const struct quirk_text *text_of(enum rlk_quirk quirk)
{
    return (unsigned)quirk < RLK_QUIRK_COUNT ? &texts[quirk] : NULL;
}

const char *rlk_quirk_name(enum rlk_quirk quirk)
{
    const struct quirk_text *text = text_of(quirk);
    return text != NULL ? text->constant : NULL;
}

const char *rlk_quirk_what(enum rlk_quirk quirk)
{
    const struct quirk_text *text = text_of(quirk);
    return text != NULL ? text->what : NULL;
}

const char *rlk_quirk_answer(enum rlk_quirk quirk)
{
    const struct quirk_text *text = text_of(quirk);
    return text != NULL ? text->answer : NULL;
}
