/* Ordinary embedded routines, for ordinary code bytes. */
#include "firmware.h"

uint32_t crc32_update(uint32_t crc, const uint8_t *bytes, uint32_t count)
{
    crc = ~crc;
    for (uint32_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (0xEDB88320U & (0U - (crc & 1U)));
        }
    }
    return ~crc;
}

void xtea_encrypt(uint32_t block[2], const uint32_t key[4])
{
    uint32_t sum = 0;
    for (int round = 0; round < 32; round++) {
        block[0] += (((block[1] << 4) ^ (block[1] >> 5)) + block[1]) ^ (sum + key[sum & 3U]);
        sum += 0x9E3779B9U;
        block[1] += (((block[0] << 4) ^ (block[0] >> 5)) + block[0]) ^ (sum + key[(sum >> 11) & 3U]);
    }
}

uint32_t square_root(uint32_t value)
{
    uint32_t root = 0;
    for (uint32_t bit = 1UL << 30; bit != 0; bit >>= 2) {
        uint32_t trial = root + bit;
        root >>= 1;
        if (value >= trial) {
            value -= trial;
            root += bit;
        }
    }
    return root;
}

/* Bhaskara's approximation: 4x(π-x) / (5π²/4 - x(π-x)), with half a turn as 32768. */
int32_t sine_q15(uint32_t turn_q16)
{
    uint32_t x = turn_q16 & 0x7FFFU;
    uint32_t product = (x * (0x8000U - x)) >> 15;
    int32_t value = (int32_t)((product << 17) / (40960U - product));
    return (turn_q16 & 0x8000U) ? -value : value;
}

static void sift_down(uint32_t *words, uint32_t root, uint32_t count)
{
    uint32_t value = words[root];
    for (uint32_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && words[child + 1] > words[child]) {
            child++;
        }
        if (words[child] <= value) {
            break;
        }
        words[root] = words[child];
        root = child;
    }
    words[root] = value;
}

void sort_words(uint32_t *words, uint32_t count)
{
    for (uint32_t root = count / 2; root > 0; root--) {
        sift_down(words, root - 1, count);
    }
    for (uint32_t end = count; end > 1; end--) {
        uint32_t largest = words[0];
        words[0] = words[end - 1];
        words[end - 1] = largest;
        sift_down(words, 0, end - 1);
    }
}

uint32_t format_decimal(char *text, uint32_t value)
{
    uint32_t length = 1;
    for (uint32_t rest = value; rest >= 10; rest /= 10) {
        length++;
    }
    for (uint32_t at = length; at > 0; at--) {
        text[at - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return length;
}
