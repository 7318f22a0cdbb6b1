#include "truth.h"

#include "relock/options.h"

#include <string.h>

bool truth_flip_explains(const char *violation)
{
    static const char *const explained[] = {"CLRSTATUS outside dfuERROR", "ABORT in state",
                                            "UPLOAD longer than wTransferSize", "SET_INTERFACE to alternate"};
    for (size_t i = 0; i < sizeof explained / sizeof explained[0]; i++) {
        if (strncmp(violation, explained[i], strlen(explained[i])) == 0) {
            return true;
        }
    }
    return false;
}

bool truth_options_are_sealed(const struct sim_device *device, const struct rlk_chip *chip)
{
    uint32_t size = 0;
    const uint8_t *options = sim_options(device, &size);
    return rlk_options_check(chip, options, chip->options_bytes) == RLK_OK &&
           options[chip->rdp_read_offset] == chip->rdp_level1;
}
