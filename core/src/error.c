#include "relock/error.h"
#include <stddef.h>

/* Small, because the page loads it. */
struct error_row {
    const char *name;
    int16_t error;
    uint8_t error_class;
    uint8_t action;
};

static const struct error_row errors[] = {
#define RLK_ERROR(name, number, class_, action, sentence)                                                              \
    {#name, RLK_E_##name, RLK_CLASS_##class_, RLK_ACTION_##action},
#include "relock/error_list.h"
#undef RLK_ERROR
};

#define ERROR_COUNT (sizeof errors / sizeof errors[0])

static const struct error_row success = {"OK", RLK_OK, RLK_CLASS_NONE, RLK_ACTION_NONE};

static const char *const actions[RLK_ACTION_COUNT] = {
#define RLK_ACTION(name, sentence) [RLK_ACTION_##name] = #name,
#include "relock/action_list.h"
#undef RLK_ACTION
};

static const struct error_row *error_find(enum rlk_error error)
{
    for (size_t i = 0; i < ERROR_COUNT; i++) {
        if (errors[i].error == (int)error) {
            return &errors[i];
        }
    }
    return NULL;
}

static const struct error_row *error_row(enum rlk_error error)
{
    if (error == RLK_OK) {
        return &success;
    }
    const struct error_row *row = error_find(error);
    return row != NULL ? row : error_find(RLK_E_INTERNAL);
}

const char *rlk_error_name(enum rlk_error error)
{
    return error_row(error)->name;
}

enum rlk_error_class rlk_error_class_of(enum rlk_error error)
{
    return (enum rlk_error_class)error_row(error)->error_class;
}

enum rlk_action rlk_error_action(enum rlk_error error)
{
    return (enum rlk_action)error_row(error)->action;
}

const char *rlk_action_name(enum rlk_action action)
{
    return (unsigned)action < RLK_ACTION_COUNT ? actions[action] : NULL;
}

enum rlk_error rlk_error_at(unsigned index)
{
    return index < ERROR_COUNT ? (enum rlk_error)errors[index].error : RLK_OK;
}
