#include "hex_writer.h"
#include <assert.h>
#include <string.h>

void hex_clear(struct hex_text *hex)
{
    hex->length = 0;
}

void hex_add_text(struct hex_text *hex, const char *text)
{
    const size_t length = strlen(text);
    assert(hex->length + length <= sizeof hex->text);
    memcpy(&hex->text[hex->length], text, length);
    hex->length += length;
}

/* Appends one byte as two digits and gives it back for the checksum. */
static uint8_t add_byte(struct hex_text *hex, uint8_t byte)
{
    static const char digits[] = "0123456789ABCDEF";
    const char text[3] = {digits[byte >> 4], digits[byte & 15], '\0'};
    hex_add_text(hex, text);
    return byte;
}

void hex_add(struct hex_text *hex, unsigned type, uint16_t offset, const uint8_t *data, uint8_t length)
{
    unsigned sum = 0;
    hex_add_text(hex, ":");
    sum += add_byte(hex, length);
    sum += add_byte(hex, (uint8_t)(offset >> 8));
    sum += add_byte(hex, (uint8_t)offset);
    sum += add_byte(hex, (uint8_t)type);
    for (size_t i = 0; i < length; i++) {
        sum += add_byte(hex, data[i]);
    }
    add_byte(hex, (uint8_t)(0x100U - (sum & 0xFFU)));
    hex_add_text(hex, "\n");
}

void hex_add_base(struct hex_text *hex, unsigned type, uint16_t base)
{
    const uint8_t bytes[2] = {(uint8_t)(base >> 8), (uint8_t)base};
    hex_add(hex, type, 0, bytes, sizeof bytes);
}

void hex_add_at(struct hex_text *hex, uint32_t addr, const uint8_t *data, uint8_t length)
{
    hex_add_base(hex, HEX_LINEAR, (uint16_t)(addr >> 16));
    hex_add(hex, HEX_DATA, (uint16_t)addr, data, length);
}

void hex_add_end(struct hex_text *hex)
{
    hex_add(hex, HEX_END, 0, NULL, 0);
}
