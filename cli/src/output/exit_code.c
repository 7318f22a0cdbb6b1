#include "output/exit_code.h"

enum exit_code exit_code_of_error(enum rlk_error error)
{
    static const enum exit_code codes[] = {
        [RLK_CLASS_NONE] = EXIT_DONE,       [RLK_CLASS_FAILED] = EXIT_FAILED,
        [RLK_CLASS_USAGE] = EXIT_USAGE,     [RLK_CLASS_NO_DEVICE] = EXIT_NO_DEVICE,
        [RLK_CLASS_REFUSED] = EXIT_REFUSED, [RLK_CLASS_NOT_PROVEN] = EXIT_NOT_PROVEN,
        [RLK_CLASS_PARKED] = EXIT_PARKED,
    };
    return codes[rlk_error_class_of(error)];
}

enum exit_code exit_code_of_ending(enum rlk_stage ending, enum rlk_error error)
{
    if (ending == RLK_ENDING_PROVEN) {
        return EXIT_DONE;
    }
    if (ending == RLK_ENDING_NOT_PROVEN) {
        return EXIT_NOT_PROVEN;
    }
    /* Not done without a reason would be our own mistake, never a success. */
    return error == RLK_OK ? EXIT_FAILED : exit_code_of_error(error);
}
