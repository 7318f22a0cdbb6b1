#!/usr/bin/env python3
"""make_tables.py small|large: prints the C tables of a test firmware, the same ones every time."""

import math
import sys

SEED = 0x52656C6B


def noise(count):
    """Marsaglia's xorshift32: `count` 32-bit numbers."""
    state = SEED
    for _ in range(count):
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        yield state


def crc_step(crc, polynomial):
    return crc >> 1 ^ (polynomial if crc & 1 else 0)


def crc_tables(polynomial, slices):
    """The tables of a CRC that is computed `slices` bytes at a time."""
    first = []
    for value in range(256):
        for _ in range(8):
            value = crc_step(value, polynomial)
        first.append(value)
    tables = [first]
    for _ in range(slices - 1):
        tables.append([first[value & 0xFF] ^ value >> 8 for value in tables[-1]])
    return [value for table in tables for value in table]


def primes(limit):
    sieve = bytearray([1]) * limit
    for number in range(2, limit):
        if sieve[number]:
            yield number
            sieve[number * number :: number] = bytes(len(range(number * number, limit, number)))


def sine(points):
    return [round(32767 * math.sin(2 * math.pi * (i + 0.5) / points)) & 0xFFFF for i in range(points)]


def roots(count):
    """Fractional bits of the square roots of the primes, as SHA-2 takes its constants."""
    return [math.isqrt(prime << 64) & 0xFFFFFFFF for prime in list(primes(32768))[:count]]


def sha256_constants():
    def cube_root(number):
        guess = round(number ** (1 / 3))
        while guess**3 > number:
            guess -= 1
        while (guess + 1) ** 3 <= number:
            guess += 1
        return guess

    return [cube_root(prime << 96) & 0xFFFFFFFF for prime in list(primes(312))[:64]]


def tables(size):
    yield "uint32_t", "sha256_constants", sha256_constants()
    yield "uint16_t", "sine_table", sine(1024 if size == "small" else 4096)
    yield "uint32_t", "crc_table", crc_tables(0xEDB88320, 1 if size == "small" else 16)
    if size == "large":
        yield "uint32_t", "castagnoli_table", crc_tables(0x82F63B78, 16)
        yield "uint16_t", "prime_table", list(primes(65536))
        yield "uint32_t", "root_table", roots(3000)
        yield "uint16_t", "logarithm_table", [round(4096 * math.log2(1 + i)) & 0xFFFF for i in range(4096)]
        yield "uint32_t", "dither_table", list(noise(6144))


def main():
    print("#include <stdint.h>")
    for c_type, name, values in tables(sys.argv[1]):
        body = ", ".join(f"{value}U" for value in values)
        print(f"static const {c_type} {name}[] = {{{body}}};")


main()
