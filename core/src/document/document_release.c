/* What a release may hold. */
#include "document/document_rules.h"
#include "relock/image.h"
#include "relock/options.h"
#include "relock/release.h"

static const struct rlk_rule words = {.kind = RLK_RULE_TEXT, .least = 1, .most = 2000, .has_lines = true};
static const struct rlk_rule text = {.kind = RLK_RULE_LANGUAGES, .items = &words};
static const struct rlk_rule texts = {.kind = RLK_RULE_ARRAY, .most = 8, .items = &text};

static const struct rlk_rule family = {.kind = RLK_RULE_TEXT, .least = 1, .most = 16, .pattern = "[A-Za-z0-9]+"};
static const struct rlk_rule families = {
    .kind = RLK_RULE_ARRAY, .least = 1, .most = 16, .is_unique = true, .items = &family};
static const struct rlk_rule layout = {.kind = RLK_RULE_TEXT, .least = 2, .most = 126, .pattern = "@[ -~]+"};
static const struct rlk_rule layouts = {
    .kind = RLK_RULE_ARRAY, .least = 1, .most = RLK_RELEASE_LAYOUTS_MAX, .is_unique = true, .items = &layout};
static const struct rlk_field chip_fields[] = {
    {"families", &families, false}, {"layouts", &layouts, true}, {NULL, NULL, false}};
static const struct rlk_rule chip = {.kind = RLK_RULE_OBJECT, .fields = chip_fields};

static const struct rlk_rule image_file = {
    .kind = RLK_RULE_TEXT, .least = 1, .most = 64, .pattern = RLK_PATTERN_FILE, .endings = ".hex|.bin"};
static const struct rlk_rule address = {.kind = RLK_RULE_TEXT, .least = 10, .most = 10, .pattern = "0x[0-9A-Fa-f]{8}"};
static const struct rlk_rule image_size = {.kind = RLK_RULE_NUMBER, .least = 1, .most = RLK_IMAGE_FILE_BYTES_MAX};
static const struct rlk_field image_fields[] = {{"file", &image_file, false},
                                                {"address", &address, true},
                                                {"size", &image_size, false},
                                                {"sha256", &rlk_rule_hex_32, false},
                                                {NULL, NULL, false}};
static const struct rlk_rule image = {.kind = RLK_RULE_OBJECT, .fields = image_fields};
static const struct rlk_rule images = {
    .kind = RLK_RULE_ARRAY, .least = 1, .most = RLK_RELEASE_IMAGES_MAX, .items = &image};

static const struct rlk_rule end = {.kind = RLK_RULE_WORD, .pattern = "protected|open"};
static const struct rlk_rule option_name = {.kind = RLK_RULE_TEXT, .least = 1, .most = 32, .pattern = "[A-Za-z0-9_]+"};
static const struct rlk_rule any_number = {.kind = RLK_RULE_NUMBER, .most = UINT32_MAX};
static const struct rlk_field option_fields[] = {
    {"field", &option_name, false}, {"value", &any_number, false}, {NULL, NULL, false}};
static const struct rlk_rule option = {.kind = RLK_RULE_OBJECT, .fields = option_fields};
static const struct rlk_rule options = {.kind = RLK_RULE_ARRAY, .most = RLK_OPTION_WISHES_MAX, .items = &option};
static const struct rlk_rule way_back = {.kind = RLK_RULE_WORD, .pattern = RLK_WORDS_WAY_BACK};

static const struct rlk_rule picture_file = {
    .kind = RLK_RULE_TEXT, .least = 1, .most = 64, .pattern = RLK_PATTERN_FILE, .endings = ".png|.jpg|.jpeg|.webp"};
static const struct rlk_rule picture_size = {
    .kind = RLK_RULE_NUMBER, .least = 1, .most = RLK_RELEASE_PICTURE_BYTES_MAX};
static const struct rlk_field picture_fields[] = {{"file", &picture_file, false},
                                                  {"size", &picture_size, false},
                                                  {"sha256", &rlk_rule_hex_32, false},
                                                  {NULL, NULL, false}};
static const struct rlk_rule picture = {.kind = RLK_RULE_OBJECT, .fields = picture_fields};
static const struct rlk_rule pictures = {.kind = RLK_RULE_LANGUAGES, .items = &picture};
static const struct rlk_field step_fields[] = {
    {"text", &text, false}, {"pictures", &pictures, true}, {"alt", &text, true}, {NULL, NULL, false}};
static const struct rlk_rule step = {.kind = RLK_RULE_OBJECT, .fields = step_fields, .together = "pictures|alt"};
static const struct rlk_rule steps = {.kind = RLK_RULE_ARRAY, .most = 8, .items = &step};

static const struct rlk_field boot0_fields[] = {{"hold", &text, false}, {"release", &text, false}, {NULL, NULL, false}};
static const struct rlk_rule boot0 = {.kind = RLK_RULE_OBJECT, .fields = boot0_fields};
static const struct rlk_rule hex_2 = {.kind = RLK_RULE_TEXT, .least = 4, .most = 4, .pattern = "[0-9a-f]{4}"};
static const struct rlk_field application_fields[] = {
    {"vendor", &hex_2, false}, {"product", &hex_2, false}, {NULL, NULL, false}};
static const struct rlk_rule application = {.kind = RLK_RULE_OBJECT, .fields = application_fields};

static const struct rlk_rule format = {.kind = RLK_RULE_FORMAT, .pattern = "relock-release-1"};
/* `languages` comes before all that is written in them. */
static const struct rlk_field fields[] = {{"format", &format, false},
                                          {"name", &rlk_rule_name, false},
                                          {"product", &rlk_rule_line, false},
                                          {"version", &rlk_rule_line, false},
                                          {"sequence", &rlk_rule_from_1, false},
                                          {"created", &rlk_rule_time, false},
                                          {"expires", &rlk_rule_time, true},
                                          {"languages", &rlk_rule_languages, false},
                                          {"notes", &text, true},
                                          {"chip", &chip, false},
                                          {"images", &images, false},
                                          {"end", &end, false},
                                          {"options", &options, true},
                                          {"return", &way_back, false},
                                          {"enter", &steps, false},
                                          {"boot0", &boot0, true},
                                          {"lost", &texts, false},
                                          {"after", &texts, true},
                                          {"application", &application, true},
                                          {"contact", &rlk_rule_contact, false},
                                          {NULL, NULL, false}};
const struct rlk_rule rlk_rule_release = {.kind = RLK_RULE_OBJECT, .fields = fields};
