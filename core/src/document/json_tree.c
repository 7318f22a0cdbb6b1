/* What can be asked of a document that was parsed. */
#include "relock/json.h"
#include <string.h>

const struct rlk_json_node *rlk_json_first(const struct rlk_json *json, const struct rlk_json_node *node)
{
    return node == NULL || node->first == 0 ? NULL : &json->nodes[node->first];
}

const struct rlk_json_node *rlk_json_next(const struct rlk_json *json, const struct rlk_json_node *node)
{
    return node == NULL || node->next == 0 ? NULL : &json->nodes[node->next];
}

const struct rlk_json_node *rlk_json_member(const struct rlk_json *json, const struct rlk_json_node *object,
                                            const char *name)
{
    bool is_object = object != NULL && object->kind == RLK_JSON_OBJECT;
    const struct rlk_json_node *node = is_object ? rlk_json_first(json, object) : NULL;
    while (node != NULL && strcmp(rlk_json_key(json, node), name) != 0) {
        node = rlk_json_next(json, node);
    }
    return node;
}

const char *rlk_json_text(const struct rlk_json *json, const struct rlk_json_node *node)
{
    return node == NULL || node->kind != RLK_JSON_TEXT ? NULL : &json->text[node->text];
}

const char *rlk_json_key(const struct rlk_json *json, const struct rlk_json_node *node)
{
    return &json->text[node->key];
}
