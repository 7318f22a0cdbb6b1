/* What the fields are, for the schemas. */
#include "document/document_rules.h"
#include <string.h>

static const struct {
    const char *parent; /* the field that holds the object, or the kind of the document */
    const char *field;
    const char *text;
} rows[] = {
    {"release", "format", "This format."},
    {"release", "name", "That of the release's folder and of the link: a-z, 0-9 and dashes."},
    {"release", "product", "The product, for people."},
    {"release", "version", "The version, for people."},
    {"release", "sequence", "Rises with each release of this name."},
    {"release", "created", "When it was made, in UTC."},
    {"release", "expires", "From then on it is refused. After `created`."},
    {"release", "languages", "Languages of the texts; the first is the one that each text must have."},
    {"release", "notes", "What is new."},
    {"release", "chip", "Which devices it is for."},
    {"release", "images", "Together they make one image."},
    {"release", "end", "How the device ends: readout-protected or open. It comes from here and nowhere else."},
    {"release", "options", "Option fields that are set together with the protection."},
    {"release", "return", "How the device gets back into the bootloader after it erased itself."},
    {"release", "enter", "How to enter DFU mode, step by step."},
    {"release", "boot0", "Shown at the second when BOOT0 is to be held and released."},
    {"release", "lost", "What the customer loses, such as saved settings."},
    {"release", "after", "What to do afterwards."},
    {"release", "application", "The application on USB, if its appearance is the customer's proof."},
    {"release", "contact", "Who helps: shown with every dead end."},
    {"chip", "families", "As `relock update --family` takes them."},
    {"chip", "layouts", "Memory layout strings of the flash, byte for byte."},
    {"images", "file", "A file beside this one: .hex (Intel HEX) or .bin (raw)."},
    {"images", "address", "Where a .bin belongs: with .bin only, and always."},
    {"images", "size", "Of the file, in bytes."},
    {"images", "sha256", "Of the file."},
    {"options", "field", "The reference manual's name. Never RDP."},
    {"options", "value", "It must fit the field."},
    {"enter", "text", "What to do."},
    {"enter", "pictures", "A picture for each language; together with `alt`."},
    {"enter", "alt", "What the picture shows, for those who do not see it."},
    {"pictures", "file", "A file beside this one: PNG, JPEG or WebP."},
    {"pictures", "size", "Of the file, in bytes."},
    {"pictures", "sha256", "Of the file."},
    {"boot0", "hold", "One sentence."},
    {"boot0", "release", "One sentence."},
    {"application", "vendor", "Its USB vendor id."},
    {"application", "product", "Its USB product id."},
    {"contact", "name", "Who it is."},
    {"contact", "email", "At least one of email, phone and web."},
    {"contact", "phone", "Digits, with single blanks or dashes between."},
    {"contact", "web", "An https address without user, query and fragment."},
    {"channel", "format", "This format."},
    {"channel", "name", "As in the release."},
    {"channel", "edition", "Rises with each change of this file."},
    {"channel", "current", "The sequence number of the current release."},
    {"channel", "withdrawn", "Sequence numbers of releases that are not to be used any more."},
    {"channel", "created", "When it was made, in UTC."},
    {"channel", "expires", "From then on it is refused. After `created`."},
    {"keys", "format", "This format."},
    {"keys", "edition", "Rises with each change of this file."},
    {"keys", "created", "When it was made, in UTC."},
    {"keys", "keys", "They replace the trusted keys."},
    {"keys", "id", "The first eight bytes of the SHA-256 of the public key's 32 bytes."},
    {"keys", "public", "The Ed25519 public key."},
    {"keys", "expires", "From then on it is not trusted."},
    {"signature", "format", "This format."},
    {"signature", "signatures", "One of them, by a trusted key, is enough."},
    {"signatures", "key", "The id of the key."},
    {"signatures", "signature", "Ed25519, over a prefix and the exact bytes of the document."},
    {"site", "format", "This format."},
    {"site", "brand", "The name that the page bears."},
    {"site", "logo", "A file beside this one: SVG, PNG or WebP."},
    {"site", "colors", "Of buttons and links, on light and on dark pages."},
    {"site", "languages", "Of the page; the first is used if the visitor's is not among them."},
    {"site", "keys", "Trusted keys."},
    {"site", "unsigned", "What is done with a release that is not signed; with keys only \"refuse\"."},
    {"site", "contact", "Who helps: shown with every dead end."},
    {"site", "releases", "Where releases are: beside the page, or elsewhere; tried in this order."},
    {"site", "report", "Where reports are sent if the visitor agrees."},
    {"site", "files", "Whether the page also takes a firmware file of the visitor's own."},
    {"colors", "accent", "On light pages."},
    {"colors", "accentText", "On `accent`, with a contrast of 4.5 or more."},
    {"colors", "accentDark", "On dark pages."},
    {"colors", "accentTextDark", "On `accentDark`, with a contrast of 4.5 or more."},
};

const char *rlk_field_text(const char *parent, const char *field)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].parent, parent) == 0 && strcmp(rows[i].field, field) == 0) {
            return rows[i].text;
        }
    }
    return NULL;
}
