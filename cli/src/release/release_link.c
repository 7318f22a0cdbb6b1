#include "output/json.h"
#include "release/download.h"
#include "release/names.h"
#include "release/release_verbs.h"
#include <string.h>

/* Every part is of characters that an address holds as they are: nothing is to be escaped. */
static int check_parts(const struct arguments *arguments, const char *site)
{
    const char *language = maker_text(&arguments->maker.languages);
    const char *ticket = maker_text(&arguments->maker.ticket);
    if (!name_is_release(arguments->words[1])) {
        return maker_usage("NAME is a release's: 1 to 64 of a-z, 0-9 and -");
    }
    if (!download_may(site)) {
        return maker_usage("--site wants the page's address, such as https://update.example/");
    }
    if (arguments->maker.languages.count > 1 || (language != NULL && !name_is_language(language))) {
        return maker_usage("--language wants one language, such as de");
    }
    if (ticket != NULL && !name_is_of(ticket, NAME_SMALL NAME_LARGE NAME_DIGITS "._-", 64)) {
        return maker_usage("--ticket wants 1 to 64 of A-Z, a-z, 0-9, . _ and -");
    }
    if (arguments->serial != NULL && !name_is_of(arguments->serial, NAME_SMALL NAME_LARGE NAME_DIGITS, 32)) {
        return maker_usage("--serial wants 1 to 32 of A-Z, a-z and 0-9");
    }
    return EXIT_DONE;
}

static void add(char *link, size_t room, const char *before, const char *name, const char *value)
{
    size_t used = strlen(link);
    if (value != NULL) {
        snprintf(link + used, room - used, "%s%s=%s", before, name, value);
    }
}

enum { LINK_BYTES = 4096 };

int release_link(const struct arguments *arguments, struct output *output)
{
    char link[LINK_BYTES];
    const char *ticket = maker_text(&arguments->maker.ticket);
    const char *site = arguments->site != NULL ? arguments->site : "";
    size_t length = strlen(site);
    snprintf(link, sizeof link, "%.2048s%s", site, length > 0 && site[length - 1] == '/' ? "" : "/");
    int exit_code = check_parts(arguments, link);
    if (exit_code != EXIT_DONE) {
        return exit_code;
    }
    add(link, sizeof link, "?", "release", arguments->words[1]);
    add(link, sizeof link, "&", "lang", maker_text(&arguments->maker.languages));
    add(link, sizeof link, "#", "ticket", ticket);
    add(link, sizeof link, ticket != NULL ? "&" : "#", "serial", arguments->serial);
    if (arguments->json) {
        struct json json;
        json_begin_event(&json, output->stream, "link");
        json_text(&json, "url", link);
        json_end_event(&json);
    } else {
        fprintf(output->stream, "%s\n", link);
    }
    return end_early(output, RLK_OK, NULL);
}
