#include "release/release_check.h"
#include "release/release_texts.h"
#include <stdio.h>
#include <string.h>

static const struct rlk_json_node *root_member(const struct checking *checking, const char *name)
{
    const struct rlk_json *tree = &checking->folder->tree;
    return rlk_json_member(tree, &tree->nodes[0], name);
}

static bool is_placeholder(const char *text)
{
    return strncmp(text, RELEASE_PLACEHOLDER, strlen(RELEASE_PLACEHOLDER)) == 0 ||
           strcmp(text, RELEASE_PLACEHOLDER_EMAIL) == 0;
}

/* One text that the maker writes, in its languages. */
static void check_text(struct checking *checking, const struct rlk_json_node *node, const char *path)
{
    const struct rlk_json *tree = &checking->folder->tree;
    const struct rlk_json_node *languages = root_member(checking, "languages");
    for (const struct rlk_json_node *language = rlk_json_first(tree, languages); language != NULL && node != NULL;
         language = rlk_json_next(tree, language)) {
        const char *tag = rlk_json_text(tree, language);
        const struct rlk_json_node *text = rlk_json_member(tree, node, tag);
        if (text == NULL) {
            check_warning(checking, path, "There is no text in \"%s\"; customers see the first language.", tag);
        } else if (text->kind == RLK_JSON_TEXT && is_placeholder(rlk_json_text(tree, text))) {
            check_error(checking, path, "This text is still to be written, in \"%s\".", tag);
        }
    }
}

/* `name`, an array of texts, or of objects that hold one as `member`. Returns how many there are. */
static unsigned check_list(struct checking *checking, const char *name, const char *member)
{
    const struct rlk_json *tree = &checking->folder->tree;
    const struct rlk_json_node *list = root_member(checking, name);
    unsigned index = 0;
    for (const struct rlk_json_node *node = rlk_json_first(tree, list); node != NULL;
         node = rlk_json_next(tree, node), index++) {
        char path[RLK_DOCUMENT_PATH_BYTES];
        snprintf(path, sizeof path, "%s[%u]%s%s", name, index, member != NULL ? "." : "", member != NULL ? member : "");
        check_text(checking, member != NULL ? rlk_json_member(tree, node, member) : node, path);
    }
    return index;
}

static void check_boot0(struct checking *checking)
{
    const struct rlk_json *tree = &checking->folder->tree;
    const struct rlk_json_node *boot0 = root_member(checking, "boot0");
    check_text(checking, rlk_json_member(tree, boot0, "hold"), "boot0.hold");
    check_text(checking, rlk_json_member(tree, boot0, "release"), "boot0.release");
    if (boot0 == NULL && checking->folder->release.way_back == RLK_WAY_BACK_BOOT0) {
        check_warning(checking, "boot0",
                      "It is not said how BOOT0 is held on your device; customers read general words.");
    }
}

static void check_contact(struct checking *checking)
{
    const struct rlk_json *tree = &checking->folder->tree;
    const struct rlk_json_node *contact = root_member(checking, "contact");
    for (const struct rlk_json_node *node = rlk_json_first(tree, contact); node != NULL;
         node = rlk_json_next(tree, node)) {
        if (is_placeholder(rlk_json_text(tree, node))) {
            check_error(checking, "contact", "This is still to be written: %s.", rlk_json_key(tree, node));
        }
    }
}

void release_check_texts(struct checking *checking)
{
    check_text(checking, root_member(checking, "notes"), "notes");
    if (root_member(checking, "notes") == NULL) {
        check_warning(checking, "notes", "It is not said what is new.");
    }
    if (check_list(checking, "enter", "text") == 0) {
        check_error(checking, "enter", "It is not said how the device gets into DFU mode.");
    }
    (void)check_list(checking, "enter", "alt");
    if (check_list(checking, "lost", NULL) == 0) {
        check_warning(checking, "lost", "It is not said what customers lose of their own.");
    }
    (void)check_list(checking, "after", NULL);
    check_boot0(checking);
    check_contact(checking);
}
