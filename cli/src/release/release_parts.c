#include "release/release_parts.h"
#include "release/release_texts.h"
#include "system/hex.h"
#include "system/times.h"
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

void release_parts_set_file(json_t *object, const struct content *content)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    char text[2 * crypto_hash_sha256_BYTES + 1];
    crypto_hash_sha256(hash, content->bytes, content->length);
    hex_write(text, hash, sizeof hash);
    json_object_set_new(object, "size", json_integer((json_int_t)content->length));
    json_object_set_new(object, "sha256", json_string(text));
}

static json_t *chip_part(const struct new_release *release)
{
    const struct maker_arguments *maker = &release->arguments->maker;
    json_t *families = json_array();
    json_t *layouts = json_array();
    for (unsigned i = RLK_FAMILY_UNKNOWN + 1U; i < RLK_FAMILY_COUNT; i++) {
        if ((maker->families >> i & 1U) != 0) {
            json_array_append_new(families, json_string(rlk_chip_row((enum rlk_family)i)->name));
        }
    }
    for (unsigned i = 0; i < maker->layouts.count; i++) {
        json_array_append_new(layouts, json_string(maker->layouts.items[i]));
    }
    json_t *chip = json_pack("{s:o}", "families", families);
    if (maker->layouts.count > 0) {
        json_object_set(chip, "layouts", layouts);
    }
    json_decref(layouts);
    return chip;
}

static json_t *images_part(const struct new_release *release)
{
    json_t *list = json_array();
    for (size_t i = 0; i < release->image_count; i++) {
        const struct new_image *image = &release->images[i];
        char address[16];
        json_t *object = json_pack("{s:s}", "file", image->name);
        snprintf(address, sizeof address, "0x%08" PRIx32, image->addr);
        if (image->is_binary) {
            json_object_set_new(object, "address", json_string(address));
        }
        release_parts_set_file(object, &image->content);
        json_array_append_new(list, object);
    }
    return list;
}

/* The steps, each with its text. */
static json_t *enter_part(const struct new_release *release)
{
    json_t *steps = json_array();
    json_t *texts = release_texts_items(&release->arguments->maker.enter, &release->languages);
    if (json_array_size(texts) == 0) {
        json_array_append_new(
            texts, release_texts_placeholder("how the customer brings the device into DFU mode, step by step.",
                                             &release->languages));
    }
    for (size_t i = 0; i < json_array_size(texts); i++) {
        json_array_append_new(steps, json_pack("{s:O}", "text", json_array_get(texts, i)));
    }
    json_decref(texts);
    return steps;
}

static json_t *or_placeholder(const struct new_release *release, const struct text_list *typed, const char *what)
{
    json_t *text = release_texts_one(typed, &release->languages);
    return text != NULL ? text : release_texts_placeholder(what, &release->languages);
}

static json_t *boot0_part(const struct new_release *release)
{
    const struct maker_arguments *maker = &release->arguments->maker;
    return json_pack(
        "{s:o, s:o}", "hold", or_placeholder(release, &maker->hold, "one sentence: how BOOT0 is held on your device."),
        "release", or_placeholder(release, &maker->let_go, "one sentence: that BOOT0 is to be let go now."));
}

static json_t *lost_part(const struct new_release *release)
{
    json_t *texts = release_texts_items(&release->arguments->maker.lost, &release->languages);
    if (json_array_size(texts) == 0) {
        json_array_append_new(texts, release_texts_placeholder("what the customer loses, such as: your saved settings.",
                                                               &release->languages));
    }
    return texts;
}

static json_t *contact_part(const struct new_release *release)
{
    const struct maker_arguments *maker = &release->arguments->maker;
    const struct {
        const char *name;
        const struct text_list *typed;
    } ways[] = {{"email", &maker->email}, {"phone", &maker->phone}, {"web", &maker->web}};
    const char *name = maker_text(&maker->contact);
    json_t *contact = json_pack("{s:s}", "name", name != NULL ? name : RELEASE_PLACEHOLDER "your name.");
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (ways[i].typed->count > 0) {
            json_object_set_new(contact, ways[i].name, json_string(maker_text(ways[i].typed)));
        }
    }
    if (json_object_size(contact) == 1) {
        json_object_set_new(contact, "email", json_string(RELEASE_PLACEHOLDER_EMAIL));
    }
    return contact;
}

/* "1209:0001" */
static json_t *application_part(const char *ids)
{
    size_t vendor = strcspn(ids, ":");
    return json_pack("{s:s%, s:s}", "vendor", ids, vendor, "product", ids + vendor + (ids[vendor] == ':'));
}

static void set_if(json_t *object, const char *name, json_t *value)
{
    if (value != NULL) {
        json_object_set_new(object, name, value);
    }
}

static json_t *languages_part(const struct new_release *release)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < release->languages.count; i++) {
        json_array_append_new(list, json_string(release->languages.items[i]));
    }
    return list;
}

static json_t *head_part(const struct new_release *release)
{
    const struct maker_arguments *maker = &release->arguments->maker;
    char expires[TIME_TEXT_BYTES];
    json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:I, s:o}", "format", "relock-release-1", "name", release->name,
                             "product", maker_text(&maker->product), "version", maker_text(&maker->version), "sequence",
                             (json_int_t)release->sequence, "created", maker_now());
    times_write(expires, release->expires_s);
    set_if(root, "expires", release->expires_s != 0 ? json_string(expires) : NULL);
    return root;
}

json_t *release_parts_build(const struct new_release *release)
{
    const struct arguments *arguments = release->arguments;
    const struct maker_arguments *maker = &arguments->maker;
    json_t *root = head_part(release);
    set_if(root, "languages", languages_part(release));
    set_if(root, "notes", release_texts_one(&maker->notes, &release->languages));
    set_if(root, "chip", chip_part(release));
    set_if(root, "images", images_part(release));
    set_if(root, "end", json_string(maker_text(&maker->end)));
    set_if(root, "options", json_incref(release->options));
    set_if(root, "return", json_string(rlk_way_back_name(arguments->way_back)));
    set_if(root, "enter", enter_part(release));
    set_if(root, "boot0", arguments->way_back == RLK_WAY_BACK_BOOT0 ? boot0_part(release) : NULL);
    set_if(root, "lost", lost_part(release));
    set_if(root, "after", maker->after.count > 0 ? release_texts_items(&maker->after, &release->languages) : NULL);
    set_if(root, "application",
           maker->application.count > 0 ? application_part(maker_text(&maker->application)) : NULL);
    set_if(root, "contact", contact_part(release));
    return root;
}

json_t *release_parts_channel(const char *name, uint32_t sequence)
{
    return json_pack("{s:s, s:s, s:i, s:I, s:[], s:o}", "format", "relock-channel-1", "name", name, "edition", 1,
                     "current", (json_int_t)sequence, "withdrawn", "created", maker_now());
}
