#include "output/problem.h"
#include "output/exit_code.h"
#include <stdio.h>

enum rlk_error problem_set_field(struct problem *problem, enum rlk_error error, const char *file, const char *field)
{
    *problem = (struct problem){.error = error};
    snprintf(problem->file, sizeof problem->file, "%s", file != NULL ? file : "");
    snprintf(problem->place.path, sizeof problem->place.path, "%s", field);
    return error;
}

enum rlk_error problem_set(struct problem *problem, enum rlk_error error, const char *file)
{
    return problem_set_field(problem, error, file, "");
}

enum rlk_error problem_set_state(struct problem *problem, enum content_state state, const char *file,
                                 enum rlk_error missing, enum rlk_error too_large)
{
    const enum rlk_error errors[] = {
        [CONTENT_OK] = RLK_OK,
        [CONTENT_MISSING] = missing,
        [CONTENT_TOO_LARGE] = too_large,
        [CONTENT_CUT_OFF] = RLK_E_RELEASE_FILE_SIZE,
        [CONTENT_UNREADABLE] = RLK_E_FILE_UNREADABLE,
        [CONTENT_INTERRUPTED] = RLK_E_INTERRUPTED,
        [CONTENT_NOT_REACHED] = RLK_E_RELEASE_NOT_REACHED,
    };
    return problem_set(problem, errors[state], file);
}

enum rlk_error problem_set_document(struct problem *problem, struct rlk_json *tree, enum rlk_document_kind kind,
                                    const struct content *content, const char *file)
{
    struct rlk_document_place place = {0};
    enum rlk_error error = rlk_document_read(tree, kind, (const char *)content->bytes, content->length, &place);
    problem_set(problem, error, file);
    problem->place = place;
    return error;
}

int problem_end(const struct problem *problem, struct output *output)
{
    struct ending_view view = {
        .kind = ENDING_OF_TOOL,
        .ending = RLK_ENDING_NOT_DONE,
        .error = problem->error,
        .action = rlk_error_action(problem->error),
        .exit_code = (int)exit_code_of_error(problem->error),
        .place = &problem->image,
        .document = &problem->place,
        .file = problem->file[0] != '\0' ? problem->file : NULL,
    };
    /* Nothing was begun yet, so nothing can be parked. */
    view.exit_code = view.exit_code == EXIT_PARKED ? EXIT_REFUSED : view.exit_code;
    output->functions->ending(output, &view);
    return view.exit_code;
}
