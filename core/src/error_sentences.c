/* The sentences are apart from the rest: the page has them as texts, in every language, and does not link these. */
#include "relock/error.h"
#include <stddef.h>

static const struct {
    enum rlk_error error;
    const char *sentence;
} errors[] = {
    {RLK_OK, "Done as asked."},
#define RLK_ERROR(name, number, class_, action, sentence) {RLK_E_##name, sentence},
#include "relock/error_list.h"
#undef RLK_ERROR
};

static const char *const actions[] = {
#define RLK_ACTION(name, sentence) [RLK_ACTION_##name] = (sentence),
#include "relock/action_list.h"
#undef RLK_ACTION
};

static const char *find_sentence(enum rlk_error error)
{
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if (errors[i].error == error) {
            return errors[i].sentence;
        }
    }
    return NULL;
}

const char *rlk_error_sentence(enum rlk_error error)
{
    const char *sentence = find_sentence(error);
    return sentence != NULL ? sentence : find_sentence(RLK_E_INTERNAL);
}

const char *rlk_action_sentence(enum rlk_action action)
{
    return (unsigned)action < RLK_ACTION_COUNT ? actions[action] : NULL;
}
