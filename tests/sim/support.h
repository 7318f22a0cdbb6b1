/* Small helpers to speak DFU with a simulated device, and nothing of the engine. */
#ifndef TESTS_SIM_SUPPORT_H
#define TESTS_SIM_SUPPORT_H

#include "sim/sim.h"

enum { IDLE = 2, SYNC = 3, BUSY = 4, DNLOAD_IDLE = 5, MANIFEST_SYNC = 6, MANIFEST = 7, UPLOAD_IDLE = 9, ERROR = 10 };
enum { OK = 0, ERR_TARGET = 1, ERR_FIRMWARE = 10, ERR_VENDOR = 11, ERR_UNKNOWN = 14 };

#define FLASH      0x08000000U
#define TIMEOUT_MS 60000U

struct answer {
    enum sim_outcome outcome;
    uint8_t status;
    uint32_t poll_ms;
    uint8_t state;
};

/* The device of the running test: a megabyte is too much for a stack. */
struct sim_device *device_of(const char *profile, unsigned level, bool boot0);
struct sim_device *open_device(const char *profile); /* level 0, BOOT0 high, normalised to dfuIDLE */
struct sim_device *locked_device(const char *profile);

enum sim_outcome class_out(struct sim_device *device, uint8_t request, uint16_t value, const uint8_t *data,
                           uint16_t length);
enum sim_outcome class_in(struct sim_device *device, uint8_t request, uint16_t value, uint8_t *data, uint16_t length,
                          size_t *actual);
enum sim_outcome standard_in(struct sim_device *device, uint16_t value, uint16_t index, uint8_t *data, uint16_t length,
                             size_t *actual);
enum sim_outcome set_interface(struct sim_device *device, uint16_t alternate);

struct answer get_status(struct sim_device *device);
uint8_t get_state(struct sim_device *device);
void normalise(struct sim_device *device); /* to dfuIDLE */

enum sim_outcome download(struct sim_device *device, uint16_t block, const uint8_t *data, uint16_t length);
enum sim_outcome upload(struct sim_device *device, uint16_t block, uint8_t *data, uint16_t length, size_t *actual);
/* DNLOAD and GETSTATUS #1, the announced sleep (stalls are retried), GETSTATUS #2. */
struct answer settle(struct sim_device *device);
struct answer command(struct sim_device *device, const uint8_t *bytes, uint16_t length);
struct answer command_at(struct sim_device *device, uint8_t opcode, uint32_t address);
struct answer write_block(struct sim_device *device, uint16_t block, const uint8_t *data, uint16_t length);
/* Set address, ABORT, UPLOAD of block 2, ABORT. */
enum sim_outcome read_at(struct sim_device *device, uint32_t address, uint8_t *data, uint16_t length, size_t *actual);
/* 0x92 and its first GETSTATUS. */
struct answer unprotect(struct sim_device *device);
/* Option block write and its first GETSTATUS. */
struct answer write_options(struct sim_device *device, uint32_t address, const uint8_t *data, uint16_t length);
/* The device's stored options with another RDP byte (and complements). */
uint16_t options_with_rdp(const struct sim_device *device, uint8_t rdp, uint8_t *out);
uint32_t option_address(const struct sim_device *device);

void wait_for_bus(struct sim_device *device);
void assert_clean(const struct sim_device *device);
void assert_judged(const struct sim_device *device, const char *text); /* exactly this one violation */
void assert_answer(struct answer answer, uint8_t status, uint8_t state);

#endif
