#include "site/site_brand.h"
#include <math.h>
#include <stdlib.h>

#define STYLES         "brand.css"
#define CHANNELS       3
#define TONE_STEPS     16
#define CONTRAST_LEAST 4.5 /* WCAG 2.2, 1.4.3 */

struct color {
    double channels[CHANNELS]; /* 0 to 255 */
};

static struct color color_of(const char *text)
{
    unsigned long value = strtoul(text + 1, NULL, 16);
    return (struct color){{(double)(value >> 16U & 0xFFU), (double)(value >> 8U & 0xFFU), (double)(value & 0xFFU)}};
}

/* `share` of one colour, the rest of the other. */
static struct color mix(struct color one, struct color other, double share)
{
    struct color result = {{0}};
    for (size_t i = 0; i < CHANNELS; i++) {
        result.channels[i] = round(one.channels[i] * share + other.channels[i] * (1 - share));
    }
    return result;
}

static double luminance(struct color color)
{
    static const double weights[CHANNELS] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (size_t i = 0; i < CHANNELS; i++) {
        double value = color.channels[i] / 255;
        sum += weights[i] * (value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(struct color one, struct color other)
{
    double first = luminance(one) + 0.05;
    double second = luminance(other) + 0.05;
    return first > second ? first / second : second / first;
}

static void put_color(FILE *stream, const char *name, struct color color)
{
    fprintf(stream, "    --%s: #%02x%02x%02x;\n", name, (unsigned)color.channels[0], (unsigned)color.channels[1],
            (unsigned)color.channels[2]);
}

/* A scheme's colours of style.css, and how much of the accent its wash takes. */
static const struct scheme {
    const char *begin, *end, *card, *ink;
    double wash;
} schemes[] = {
    {"\n:root {\n", "}\n", "#ffffff", "#1d2528", 0.1},
    {"\n@media (prefers-color-scheme: dark) {\n    :root {\n", "    }\n}\n", "#1c2326", "#e6ecea", 0.15},
};

/* The accent as letters are written in: as near to it as they can be read on its wash. */
static struct color tone_of(struct color accent, struct color wash, struct color ink)
{
    struct color tone = accent;
    for (int step = 1; step <= TONE_STEPS && contrast(tone, wash) < CONTRAST_LEAST; step++) {
        tone = mix(ink, accent, (double)step / TONE_STEPS);
    }
    return tone;
}

static void put_scheme(FILE *stream, const struct scheme *scheme, const char *accent_text, const char *ink_text)
{
    struct color accent = color_of(accent_text);
    struct color wash = mix(accent, color_of(scheme->card), scheme->wash);
    fputs(scheme->begin, stream);
    put_color(stream, "accent", accent);
    put_color(stream, "accent-ink", color_of(ink_text));
    put_color(stream, "accent-wash", wash);
    put_color(stream, "accent-tone", tone_of(accent, wash, color_of(scheme->ink)));
    fputs(scheme->end, stream);
}

enum rlk_error site_brand_colors(struct site_files *files, struct output *output, const struct site_config *config)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    if (stream == NULL) {
        return site_refuse(output, "No memory is left.");
    }
    fputs("/* The colours of site.json; `relock site build` writes this file. */\n", stream);
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        const char *const *pair = &config->colors[2 * i];
        if (pair[0] != NULL) {
            put_scheme(stream, &schemes[i], pair[0], pair[1]);
        }
    }
    if (fclose(stream) != 0 || !site_files_put(files, STYLES, text, length)) {
        return site_refuse(output, "No memory is left.");
    }
    return RLK_OK;
}
