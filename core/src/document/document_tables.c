/* Kinds of values that all documents share, and the documents that are not releases. */
#include "document/document_rules.h"

static bool is_time(const char *text)
{
    return rlk_document_time_s(text) != 0;
}

const struct rlk_rule rlk_rule_line = {.kind = RLK_RULE_TEXT, .least = 1, .most = 120};
const struct rlk_rule rlk_rule_name = {.kind = RLK_RULE_TEXT, .least = 1, .most = 64, .pattern = "[a-z0-9-]+"};
const struct rlk_rule rlk_rule_time = {
    .kind = RLK_RULE_TEXT, .least = 20, .most = 20, .pattern = RLK_PATTERN_TIME, .judge = is_time};
const struct rlk_rule rlk_rule_from_1 = {.kind = RLK_RULE_NUMBER, .least = 1, .most = UINT32_MAX};
const struct rlk_rule rlk_rule_hex_32 = {.kind = RLK_RULE_TEXT, .least = 64, .most = 64, .pattern = "[0-9a-f]{64}"};

static const struct rlk_rule language = {
    .kind = RLK_RULE_TEXT, .least = 2, .most = 21, .pattern = RLK_PATTERN_LANGUAGE};
const struct rlk_rule rlk_rule_languages = {
    .kind = RLK_RULE_ARRAY, .least = 1, .most = 16, .is_unique = true, .items = &language};

static const struct rlk_rule email = {.kind = RLK_RULE_TEXT,
                                      .least = 3,
                                      .most = 120,
                                      .pattern = "[A-Za-z0-9_+-]+(\\.[A-Za-z0-9_+-]+)*@"
                                                 "[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+"};
static const struct rlk_rule phone = {
    .kind = RLK_RULE_TEXT, .least = 3, .most = 32, .pattern = "\\+?[0-9]+([ -][0-9]+)*"};
static const struct rlk_rule https = {
    .kind = RLK_RULE_TEXT, .least = 9, .most = 200, .pattern = RLK_PATTERN_ORIGIN RLK_PATTERN_PATH "/?"};

static const struct rlk_field contact_fields[] = {{"name", &rlk_rule_line, false},
                                                  {"email", &email, true},
                                                  {"phone", &phone, true},
                                                  {"web", &https, true},
                                                  {NULL, NULL, false}};
const struct rlk_rule rlk_rule_contact = {
    .kind = RLK_RULE_OBJECT, .fields = contact_fields, .one_of = "email|phone|web"};

static const struct rlk_rule channel_format = {.kind = RLK_RULE_FORMAT, .pattern = "relock-channel-1"};
static const struct rlk_rule withdrawn = {.kind = RLK_RULE_ARRAY, .most = 256, .items = &rlk_rule_from_1};
static const struct rlk_field channel_fields[] = {
    {"format", &channel_format, false},   {"name", &rlk_rule_name, false},
    {"edition", &rlk_rule_from_1, false}, {"current", &rlk_rule_from_1, false},
    {"withdrawn", &withdrawn, false},     {"created", &rlk_rule_time, false},
    {"expires", &rlk_rule_time, true},    {NULL, NULL, false}};
const struct rlk_rule rlk_rule_channel = {.kind = RLK_RULE_OBJECT, .fields = channel_fields};

static const struct rlk_rule hex_8 = {.kind = RLK_RULE_TEXT, .least = 16, .most = 16, .pattern = "[0-9a-f]{16}"};
static const struct rlk_rule hex_64 = {.kind = RLK_RULE_TEXT, .least = 128, .most = 128, .pattern = "[0-9a-f]{128}"};
static const struct rlk_field key_fields[] = {
    {"id", &hex_8, false}, {"public", &rlk_rule_hex_32, false}, {"expires", &rlk_rule_time, true}, {NULL, NULL, false}};
static const struct rlk_rule key = {.kind = RLK_RULE_OBJECT, .fields = key_fields};

static const struct rlk_rule keys_format = {.kind = RLK_RULE_FORMAT, .pattern = "relock-keys-1"};
static const struct rlk_rule new_keys = {.kind = RLK_RULE_ARRAY, .least = 1, .most = 8, .items = &key};
static const struct rlk_field keys_fields[] = {{"format", &keys_format, false},
                                               {"edition", &rlk_rule_from_1, false},
                                               {"created", &rlk_rule_time, false},
                                               {"keys", &new_keys, false},
                                               {NULL, NULL, false}};
const struct rlk_rule rlk_rule_keys = {.kind = RLK_RULE_OBJECT, .fields = keys_fields};

static const struct rlk_field signed_fields[] = {
    {"key", &hex_8, false}, {"signature", &hex_64, false}, {NULL, NULL, false}};
static const struct rlk_rule one_signature = {.kind = RLK_RULE_OBJECT, .fields = signed_fields};
static const struct rlk_rule signatures = {.kind = RLK_RULE_ARRAY, .least = 1, .most = 4, .items = &one_signature};
static const struct rlk_rule signature_format = {.kind = RLK_RULE_FORMAT, .pattern = "relock-signature-1"};
static const struct rlk_field signature_fields[] = {
    {"format", &signature_format, false}, {"signatures", &signatures, false}, {NULL, NULL, false}};
const struct rlk_rule rlk_rule_signature = {.kind = RLK_RULE_OBJECT, .fields = signature_fields};

static const struct rlk_rule logo = {
    .kind = RLK_RULE_TEXT, .least = 1, .most = 64, .pattern = RLK_PATTERN_FILE, .endings = ".svg|.png|.webp"};
static const struct rlk_rule color = {.kind = RLK_RULE_TEXT, .least = 7, .most = 7, .pattern = "#[0-9A-Fa-f]{6}"};
static const struct rlk_field color_fields[] = {{"accent", &color, false},
                                                {"accentText", &color, false},
                                                {"accentDark", &color, false},
                                                {"accentTextDark", &color, false},
                                                {NULL, NULL, false}};
static const struct rlk_rule colors = {.kind = RLK_RULE_OBJECT, .fields = color_fields};
static const struct rlk_rule site_keys = {.kind = RLK_RULE_ARRAY, .most = 8, .items = &key};
static const struct rlk_rule unsigned_policy = {.kind = RLK_RULE_WORD, .pattern = "refuse|say"};
static const struct rlk_rule place = {
    .kind = RLK_RULE_TEXT, .least = 9, .most = 200, .pattern = "releases/|" RLK_PATTERN_ORIGIN RLK_PATTERN_PATH "/"};
static const struct rlk_rule places = {
    .kind = RLK_RULE_ARRAY, .least = 1, .most = 4, .is_unique = true, .items = &place};
static const struct rlk_rule boolean = {.kind = RLK_RULE_BOOLEAN};
static const struct rlk_rule site_format = {.kind = RLK_RULE_FORMAT, .pattern = "relock-site-1"};
static const struct rlk_field site_fields[] = {{"format", &site_format, false},
                                               {"brand", &rlk_rule_line, false},
                                               {"logo", &logo, true},
                                               {"colors", &colors, true},
                                               {"languages", &rlk_rule_languages, false},
                                               {"keys", &site_keys, false},
                                               {"unsigned", &unsigned_policy, false},
                                               {"contact", &rlk_rule_contact, false},
                                               {"releases", &places, false},
                                               {"report", &https, true},
                                               {"files", &boolean, false},
                                               {NULL, NULL, false}};
const struct rlk_rule rlk_rule_site = {.kind = RLK_RULE_OBJECT, .fields = site_fields};
