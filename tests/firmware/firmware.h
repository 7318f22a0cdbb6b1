/* What the parts of the test firmware share. */
#ifndef FIRMWARE_H
#define FIRMWARE_H

#include <stdint.h>

int main(void);
void systick_handler(void);

/* A checksum over the program's tables, so that none is dropped by the linker. */
uint32_t tables_checksum(void);

uint32_t crc32_update(uint32_t crc, const uint8_t *bytes, uint32_t count);
void xtea_encrypt(uint32_t block[2], const uint32_t key[4]);
uint32_t square_root(uint32_t value);
int32_t sine_q15(uint32_t turn_q16);
void sort_words(uint32_t *words, uint32_t count);
uint32_t format_decimal(char *text, uint32_t value);
void sha256_block(uint32_t state[8], const uint8_t block[64]);

#endif
