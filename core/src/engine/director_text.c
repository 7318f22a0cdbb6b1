/* The director's rows in words: for ARCHITECTURE.md and the tests. */
#include "relock/director.h"

static const struct rlk_director_row_text rows[] = {
#define RLK_DIRECTOR_ROW(condition, stage, error, ...) {condition, stage, error},
#include "engine/director_rows.h"
};

bool rlk_director_row(size_t index, struct rlk_director_row_text *row)
{
    if (index >= sizeof rows / sizeof rows[0]) {
        return false;
    }
    *row = rows[index];
    return true;
}
