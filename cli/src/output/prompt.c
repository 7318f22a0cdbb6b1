#include "output/prompt.h"
#include "system/interrupt.h"
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define ANSWER_BYTES 32

bool prompt_is_possible(const struct arguments *arguments)
{
    return !arguments->json && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
}

/* One line without its end; false at the end of input and on Ctrl-C. A line too long is cut, the rest is dropped. Bytes
 * are read as they come: a buffer would hide them from the wait that an interrupt can end. */
static bool read_line(char *line, size_t room)
{
    size_t length = 0;
    char character = '\0';
    while (character != '\n') {
        if (!interrupt_wait_input(STDIN_FILENO) || read(STDIN_FILENO, &character, 1) != 1) {
            return false;
        }
        if (character != '\n' && length + 1 < room) {
            line[length++] = character;
        }
    }
    line[length] = '\0';
    return true;
}

struct choice {
    const char *word;
    int value;
};

static const struct choice *find_choice(const char *word, const struct choice *choices, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, choices[i].word) == 0) {
            return &choices[i];
        }
    }
    return NULL;
}

/* Shows `text` until one of the words is typed; its value, or -1 without an answer. */
static int choose(const char *text, const struct choice *choices, size_t count)
{
    char line[ANSWER_BYTES];
    const struct choice *choice = NULL;
    while (choice == NULL) {
        fputs(text, stdout);
        fflush(stdout);
        if (!read_line(line, sizeof line)) {
            fputc('\n', stdout);
            return -1;
        }
        choice = find_choice(line, choices, count);
    }
    return choice->value;
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct choice yes_or_no[] = {{"yes", 1}, {"no", 0}, {"n", 0}, {"", 0}};
static const struct choice look_or_redo[] = {{"look", 1}, {"l", 1}, {"", 1}, {"redo", 0}};
static const struct choice same_or_other[] = {{"same", 1}, {"s", 1}, {"", 0}, {"other", 0}};
static const struct choice on_or_off[] = {{"protected", 1}, {"p", 1}, {"open", 0}, {"o", 0}};
static const struct choice ways_back[] = {
    {"b", RLK_WAY_BACK_BOOT0},
    {"e", RLK_WAY_BACK_EMPTY_CHECK},
    {"j", RLK_WAY_BACK_NONE},
};

static int ask(enum rlk_question question)
{
    switch (question) {
    case RLK_QUESTION_CONFIRM_PLAN:
        return choose("Go on? Type yes, or press Enter to leave all as it is: ", yes_or_no, COUNT_OF(yes_or_no));
    case RLK_QUESTION_LOOK_AGAIN:
        return choose("\nThe journal knows this device as finished with this firmware.\n"
                      "Press Enter to only look at it; type redo to erase and write it again: ",
                      look_or_redo, COUNT_OF(look_or_redo));
    case RLK_QUESTION_SAME_DEVICE:
        return choose("\nThe journal knows a device at this place as finished with this firmware, but chips of\n"
                      "this family have no serial number of their own.\n"
                      "Type same if it is that very device, to only look at it; press Enter if not: ",
                      same_or_other, COUNT_OF(same_or_other));
    case RLK_QUESTION_ODD_IMAGE:
        return choose("\nThe first words of this firmware are no vector table of this chip: it would not\nstart. "
                      "Use it all the same? Type yes, or press Enter to leave all as it is: ",
                      yes_or_no, COUNT_OF(yes_or_no));
    default:
        return 0;
    }
}

/* --yes consents to the plan and looks again at a finished device; it never calls an odd image a good one, and it never
 * says of a device without a serial number of its own that it is the one that was here before. */
static bool yes_covers(enum rlk_question question)
{
    return question == RLK_QUESTION_CONFIRM_PLAN || question == RLK_QUESTION_LOOK_AGAIN;
}

struct prompt_answer prompt_answer(const struct arguments *arguments, enum rlk_question question)
{
    if (arguments->dry_run) {
        return (struct prompt_answer){question != RLK_QUESTION_CONFIRM_PLAN, "dry run"};
    }
    if (arguments->yes && yes_covers(question)) {
        return (struct prompt_answer){true, "--yes"};
    }
    if (arguments->any_image && question == RLK_QUESTION_ODD_IMAGE) {
        return (struct prompt_answer){true, "--any-image"};
    }
    if (!prompt_is_possible(arguments)) {
        return (struct prompt_answer){false, question == RLK_QUESTION_ODD_IMAGE
                                                 ? "no terminal to ask; --any-image says yes"
                                                 : "no terminal to ask; --yes says yes"};
    }
    int value = ask(question);
    return (struct prompt_answer){value == 1, value >= 0 ? PROMPT_TYPED : "no answer"};
}

bool prompt_protection(bool *protect_on)
{
    int value = choose("Shall the device end protected against reading, or open?\n"
                       "Type protected or open (p/o): ",
                       on_or_off, COUNT_OF(on_or_off));
    *protect_on = value == 1;
    return value >= 0;
}

bool prompt_way_back(enum rlk_way_back *way_back)
{
    int value = choose("\n"
                       "The device is protected. Removing the protection erases it and restarts it, and\n"
                       "a device that then does not get back into its bootloader is lost for you.\n"
                       "How will it get back?\n"
                       "\n"
                       "  b  BOOT0 is held (button or jumper) and can be held until I am told otherwise\n"
                       "  e  empty check: I unplug it and plug it in again (works on some families only;\n"
                       "     Relock knows which and refuses the others)\n"
                       "  j  neither, its application jumped into the bootloader: Relock refuses that,\n"
                       "     because after the erase there is no application left that could jump\n"
                       "\n"
                       "Type b, e or j: ",
                       ways_back, COUNT_OF(ways_back));
    if (value >= 0) {
        *way_back = (enum rlk_way_back)value;
    }
    return value >= 0;
}

bool prompt_secret(const char *text, char *secret)
{
    struct termios before;
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return false;
    }
    struct termios hidden = before;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) != 0) {
        return false;
    }
    fputs(text, stdout);
    fflush(stdout);
    bool is_read = read_line(secret, PROMPT_SECRET_BYTES);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stdout);
    /* A line that fills the room may have been cut. */
    return is_read && strlen(secret) + 1 < PROMPT_SECRET_BYTES;
}
