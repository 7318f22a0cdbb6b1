/*
 * Contrast as WCAG 2.2 defines it, in whole numbers: 1.0 is ONE. Errors stay below 10 of ONE's parts, while the nearest
 * that two colours come to 4.5 is far more, so the answer is that of exact arithmetic.
 */
#include "document/document_rules.h"

#define ONE (UINT64_C(1) << 30)

enum {
    BITS = 30,
    CHANNELS = 3,
    CHANNEL_MAX = 255,
    LINEAR_MAX = 10, /* 0.04045 of 255: below, the curve is a line */
    PER_MILLE = 1000,
    HUNDRED = 100
};

static uint64_t times(uint64_t a, uint64_t b)
{
    return a * b >> BITS;
}

/* The largest r with r^5 <= value; value is at most ONE. */
static uint64_t fifth_root(uint64_t value)
{
    uint64_t root = 0;
    for (uint64_t bit = ONE; bit > 0; bit >>= 1U) {
        uint64_t tried = root | bit;
        uint64_t square = times(tried, tried);
        if (tried <= ONE && times(times(square, square), tried) <= value) {
            root = tried;
        }
    }
    return root;
}

/* ((c + 0.055) / 1.055) ^ 2.4, the power as square times fifth root of the square. */
static uint64_t linear(unsigned channel)
{
    if (channel <= LINEAR_MAX) {
        return channel * ONE * HUNDRED / (CHANNEL_MAX * UINT64_C(1292));
    }
    uint64_t base = (channel * UINT64_C(1000) + 55U * CHANNEL_MAX) * ONE / (CHANNEL_MAX * UINT64_C(1055));
    uint64_t square = times(base, base);
    return times(square, fifth_root(square));
}

/* Relative luminance of "#rrggbb". */
static uint64_t luminance(const char *color)
{
    static const uint64_t weights[CHANNELS] = {2126, 7152, 722};
    uint64_t sum = 0;
    for (size_t i = 0; i < CHANNELS; i++) {
        const char pair[] = {color[1U + 2U * i], color[2U + 2U * i], '\0'};
        sum += weights[i] * linear(rlk_hex_number(pair));
    }
    return sum / (HUNDRED * HUNDRED);
}

bool rlk_colors_are_readable(const char *one, const char *other)
{
    uint64_t a = luminance(one) + ONE * 50U / PER_MILLE;
    uint64_t b = luminance(other) + ONE * 50U / PER_MILLE;
    uint64_t lighter = a > b ? a : b;
    uint64_t darker = a > b ? b : a;
    return lighter * 2U >= darker * 9U;
}
