/* Blinks a variable: a small loop that uses every routine, paced by SysTick. */
#include "firmware.h"

#define SYST_CSR (*(volatile uint32_t *)0xE000E010UL)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014UL)

#define SYST_ON_WITH_INTERRUPT 0x7UL
#define TICKS_PER_BLINK        500U

static const char greeting[] = "Relock test firmware: it blinks, it sorts, it counts. Tick ";

static volatile uint32_t ticks;
static volatile uint32_t led = 1;
static uint32_t samples[64];
static uint32_t state[8];
static char line[96];

void systick_handler(void)
{
    ticks++;
}

static uint32_t compose_line(uint32_t number)
{
    uint32_t length = 0;
    while (greeting[length] != '\0') {
        line[length] = greeting[length];
        length++;
    }
    return length + format_decimal(&line[length], number);
}

static uint32_t do_work(uint32_t number)
{
    static const uint32_t key[4] = {0x243F6A88U, 0x85A308D3U, 0x13198A2EU, 0x03707344U};
    uint32_t block[2] = {number, tables_checksum()};
    for (uint32_t i = 0; i < 64; i++) {
        xtea_encrypt(block, key);
        samples[i] = block[0] ^ (uint32_t)sine_q15(block[1]);
    }
    sort_words(samples, 64);
    state[0] += square_root(number);
    sha256_block(state, (const uint8_t *)samples);
    return crc32_update(state[0], (const uint8_t *)line, compose_line(number));
}

int main(void)
{
    SYST_RVR = 7999U;
    SYST_CSR = SYST_ON_WITH_INTERRUPT;
    for (uint32_t number = 0;; number++) {
        uint32_t result = do_work(number);
        while (ticks < TICKS_PER_BLINK) {
        }
        ticks = 0;
        led ^= result | 1U;
    }
}
