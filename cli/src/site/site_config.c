#include "site/site_config.h"
#include "release/release_load.h"
#include <stdlib.h>
#include <string.h>

#define HTTPS "https://"

static const struct rlk_json_node *root_of(const struct site_config *config)
{
    return &config->json->nodes[0];
}

static const char *text_of(const struct site_config *config, const char *field)
{
    return rlk_json_text(config->json, rlk_json_member(config->json, root_of(config), field));
}

/* The origin of an address, if it has one: places beside the page have none. */
static void take_origin(struct site_config *config, const char *address)
{
    if (address == NULL || strncmp(address, HTTPS, sizeof HTTPS - 1) != 0) {
        return;
    }
    size_t length = sizeof HTTPS - 1 + strcspn(address + sizeof HTTPS - 1, "/");
    for (size_t i = 0; i < config->origin_count; i++) {
        if (strncmp(config->origins[i], address, length) == 0 && config->origins[i][length] == '\0') {
            return;
        }
    }
    if (config->origin_count < SITE_ORIGINS_MAX && length < SITE_ORIGIN_BYTES) {
        memcpy(config->origins[config->origin_count++], address, length);
    }
}

static void take_origins(struct site_config *config)
{
    const struct rlk_json_node *places = rlk_json_member(config->json, root_of(config), "releases");
    const struct rlk_json_node *place = rlk_json_first(config->json, places);
    for (; place != NULL; place = rlk_json_next(config->json, place)) {
        take_origin(config, rlk_json_text(config->json, place));
    }
    take_origin(config, text_of(config, "report"));
}

static void take_colors(struct site_config *config)
{
    static const char *const names[SITE_BRAND_COLORS_COUNT] = {"accent", "accentText", "accentDark", "accentTextDark"};
    const struct rlk_json_node *colors = rlk_json_member(config->json, root_of(config), "colors");
    for (size_t i = 0; i < SITE_BRAND_COLORS_COUNT; i++) {
        config->colors[i] = rlk_json_text(config->json, rlk_json_member(config->json, colors, names[i]));
    }
}

enum rlk_error site_config_take(struct site_config *config, const char *name, const struct site_file *file,
                                struct problem *problem)
{
    const struct content content = {(uint8_t *)file->bytes, file->length};
    *config = (struct site_config){.json = malloc(sizeof *config->json)};
    if (config->json == NULL) {
        return problem_set(problem, RLK_E_INTERNAL, name);
    }
    enum rlk_error error = problem_set_document(problem, config->json, RLK_DOCUMENT_SITE, &content, name);
    if (error != RLK_OK) {
        return error;
    }
    if (!release_keys_take(&config->keys, config->json)) {
        return problem_set_field(problem, RLK_E_KEY_MALFORMED, name, "keys");
    }
    config->brand = text_of(config, "brand");
    config->logo = text_of(config, "logo");
    take_colors(config);
    take_origins(config);
    return RLK_OK;
}

void site_config_free(struct site_config *config)
{
    free(config->json);
    *config = (struct site_config){0};
}
