#include "document/document_rules.h"

static const struct {
    const char *name;
    const struct rlk_rule *rule;
} kinds[RLK_DOCUMENT_KINDS] = {
    [RLK_DOCUMENT_RELEASE] = {"release", &rlk_rule_release},
    [RLK_DOCUMENT_CHANNEL] = {"channel", &rlk_rule_channel},
    [RLK_DOCUMENT_KEYS] = {"keys", &rlk_rule_keys},
    [RLK_DOCUMENT_SIGNATURE] = {"signature", &rlk_rule_signature},
    [RLK_DOCUMENT_SITE] = {"site", &rlk_rule_site},
};

const char *rlk_document_kind_name(enum rlk_document_kind kind)
{
    return (unsigned)kind < RLK_DOCUMENT_KINDS ? kinds[kind].name : NULL;
}

const struct rlk_rule *rlk_document_rule(enum rlk_document_kind kind)
{
    return kinds[kind].rule;
}
