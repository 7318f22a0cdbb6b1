#include "proof_evidence.h"

#include <string.h>

static bool is_evidence(const struct proof_result *result)
{
    return result->is_whole && !result->is_simulated;
}

bool proof_place_check(const char *path, const struct proof_result *result, struct proof_problem *problem)
{
    bool is_among_simulated = strstr(path, "/simulated/") != NULL || strncmp(path, "simulated/", 10) == 0;
    if (is_among_simulated == result->is_simulated) {
        return true;
    }
    return proof_fail(problem, 0,
                      result->is_simulated ? "is of a simulated device; it belongs into the folder \"simulated\""
                                           : "is of a real device; it does not belong into the folder \"simulated\"");
}

static const struct proof_claim *find_claim(enum rlk_family family, const struct proof_claim *claims, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (claims[i].result.family == family && is_evidence(&claims[i].result)) {
            return &claims[i];
        }
    }
    return NULL;
}

bool proof_evidence_check(const struct rlk_chip *(*row)(enum rlk_family family), const struct proof_claim *claims,
                          size_t count, struct proof_problem *problem)
{
    for (unsigned family = RLK_FAMILY_UNKNOWN + 1; family < RLK_FAMILY_COUNT; family++) {
        const struct rlk_chip *chip = row((enum rlk_family)family);
        const struct proof_claim *claim = find_claim((enum rlk_family)family, claims, count);
        bool says_so = chip != NULL && (chip->evidence & RLK_EVIDENCE_TRANSCRIPT) != 0;
        if (says_so && claim == NULL) {
            return proof_fail(problem, 0, "%s: the row says RLK_EVIDENCE_TRANSCRIPT, and there is no whole recording",
                              chip->name);
        }
        if (!says_so && claim != NULL) {
            return proof_fail(problem, 0, "%s is a whole recording of %s, whose row lacks RLK_EVIDENCE_TRANSCRIPT",
                              claim->name, chip != NULL ? chip->name : "a family without a row");
        }
    }
    return true;
}
