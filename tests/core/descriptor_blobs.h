/*
 * Descriptors of an STM32F405-class ROM as bytes, written by hand: 0483:DF11, bcdDevice 21.00 (dfu-util's log of an
 * F407), four alternates, functional descriptor after the last one, wTransferSize 2048, DFU version 1.1a, bmAttributes
 * 0x0B (AN3156 and published descriptor dumps). String indices and maximum power are stand-ins.
 */
#ifndef RELOCK_TESTS_DESCRIPTOR_BLOBS_H
#define RELOCK_TESTS_DESCRIPTOR_BLOBS_H

#include <stdint.h>

static const uint8_t f407_device[] = {
    0x12, 0x01,                         /* bLength, DEVICE */
    0x00, 0x02,                         /* bcdUSB 2.00 */
    0x00, 0x00, 0x00, 0x40,             /* class at the interface, bMaxPacketSize0 64 */
    0x83, 0x04, 0x11, 0xDF, 0x00, 0x21, /* idVendor, idProduct, bcdDevice */
    0x01, 0x02, 0x03,                   /* iManufacturer, iProduct, iSerialNumber */
    0x01,                               /* bNumConfigurations */
};

static const uint8_t f407_configuration[] = {
    0x09, 0x02, 0x36, 0x00, 0x01, 0x01, 0x00, 0xC0, 0x32, /* 54 bytes, 1 interface, value 1, self-powered, 100 mA */
    0x09, 0x04, 0x00, 0x00, 0x00, 0xFE, 0x01, 0x02, 0x04, /* interface 0, alternate 0, DFU mode: internal flash */
    0x09, 0x04, 0x00, 0x01, 0x00, 0xFE, 0x01, 0x02, 0x05, /* alternate 1: option bytes */
    0x09, 0x04, 0x00, 0x02, 0x00, 0xFE, 0x01, 0x02, 0x06, /* alternate 2: OTP memory */
    0x09, 0x04, 0x00, 0x03, 0x00, 0xFE, 0x01, 0x02, 0x07, /* alternate 3: device feature */
    0x09, 0x21, 0x0B, 0xFF, 0x00, 0x00, 0x08, 0x1A, 0x01, /* functional: 255 ms, 2048 bytes, version 1.1a */
};

/* "@Device Feature/0xFFFF0000/01*004 e" */
static const uint8_t f407_feature_string[] = {
    0x48, 0x03, '@', 0, 'D', 0, 'e', 0, 'v', 0, 'i', 0, 'c', 0, 'e', 0, ' ', 0, 'F', 0, 'e', 0, 'a', 0,
    't',  0,    'u', 0, 'r', 0, 'e', 0, '/', 0, '0', 0, 'x', 0, 'F', 0, 'F', 0, 'F', 0, 'F', 0, '0', 0,
    '0',  0,    '0', 0, '0', 0, '/', 0, '0', 0, '1', 0, '*', 0, '0', 0, '0', 0, '4', 0, ' ', 0, 'e', 0,
};

#endif
