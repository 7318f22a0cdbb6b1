/*
 * director-graph table|graph: prints the director's table, or the state graph that follows from it, as Markdown.
 */
#include "director_walk.h"
#include <stdio.h>
#include <string.h>

static void print_table(void)
{
    struct rlk_director_row_text row;
    (void)puts("| | if | then |");
    (void)puts("| --- | --- | --- |");
    for (size_t i = 0; rlk_director_row(i, &row); i++) {
        const char *error = row.error == RLK_OK ? "" : rlk_error_name(row.error);
        (void)printf("| %zu | %s | **%s**%s%s |\n", i + 1, row.condition, rlk_stage_name(row.stage),
                     row.error == RLK_OK ? "" : " ", error);
    }
}

static void print_edges(const struct walk *walk, enum rlk_stage stage, enum walk_cause cause)
{
    const char *separator = " ";
    for (unsigned next = 0; next < RLK_STAGES_AND_ENDINGS; next++) {
        if ((walk->edges[stage][next] >> cause & 1U) != 0) {
            (void)printf("%s%s", separator, rlk_stage_name((enum rlk_stage)next));
            separator = ", ";
        }
    }
    (void)printf(" |");
}

static void print_graph(const struct walk *walk)
{
    (void)puts("| after | as planned | the device turned out otherwise | it was lost | a fault |");
    (void)puts("| --- | --- | --- | --- | --- |");
    for (unsigned stage = 0; stage < RLK_STAGE_COUNT; stage++) {
        (void)printf("| **%s** |", rlk_stage_name((enum rlk_stage)stage));
        for (unsigned cause = 0; cause < WALK_CAUSES; cause++) {
            print_edges(walk, (enum rlk_stage)stage, (enum walk_cause)cause);
        }
        (void)putchar('\n');
    }
}

int main(int argc, char **argv)
{
    static struct walk walk;
    if (argc == 2 && strcmp(argv[1], "table") == 0) {
        print_table();
    } else if (argc == 2 && strcmp(argv[1], "graph") == 0) {
        walk_all(&walk);
        print_graph(&walk);
    } else {
        (void)fputs("usage: director-graph table|graph\n", stderr);
        return 2;
    }
    return 0;
}
