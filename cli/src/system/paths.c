#include "system/paths.h"
#include "sim/sim_file.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What a path means, also before there is anything: the thing itself, or its folder and its name there. */
struct identity {
    struct stat status;
    const char *name;
};

static bool identify(struct identity *identity, const char *path)
{
    identity->name = "";
    if (path == NULL) {
        return false;
    }
    if (stat(path, &identity->status) == 0) {
        return true;
    }
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    int length = slash == NULL ? snprintf(folder, sizeof folder, ".")
                               : snprintf(folder, sizeof folder, "%.*s", (int)(slash - path + 1), path);
    identity->name = slash == NULL ? path : slash + 1;
    return length > 0 && (size_t)length < sizeof folder && stat(folder, &identity->status) == 0;
}

static bool are_same(const char *path, const char *other_path)
{
    struct identity one;
    struct identity other;
    return identify(&one, path) && identify(&other, other_path) && one.status.st_dev == other.status.st_dev &&
           one.status.st_ino == other.status.st_ino && strcmp(one.name, other.name) == 0;
}

bool paths_are_usable(const struct arguments *arguments)
{
    bool has_file = arguments->verb == VERB_UPDATE || arguments->verb == VERB_WRITE || arguments->verb == VERB_READ ||
                    arguments->verb == VERB_VERIFY;
    const char *file = has_file && arguments->word_count > 0 ? arguments->words[0] : NULL;
    bool is_in_file = arguments->sim != NULL && sim_profile_find(arguments->sim) == NULL;
    const char *sim = is_in_file ? arguments->sim : NULL;
    if (are_same(arguments->trace, file) || are_same(arguments->trace, sim)) {
        fputs("relock: --trace names a file that this command needs itself; it would be overwritten\n", stderr);
        return false;
    }
    if (are_same(file, sim)) {
        fputs("relock: FILE and --sim are the same file\n", stderr);
        return false;
    }
    if (sim != NULL && !sim_file_may_be_one(sim)) {
        sim_file_explain(sim);
        return false;
    }
    return true;
}
