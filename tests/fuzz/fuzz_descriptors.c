/* USB descriptors: the same bytes as each of the three kinds. */
#include "fuzz.h"
#include "look.h"
#include "relock/descriptors.h"
#include <string.h>

static bool is_zero(const void *value, size_t bytes)
{
    const uint8_t *at = value;
    for (size_t i = 0; i < bytes; i++) {
        if (at[i] != 0) {
            return false;
        }
    }
    return true;
}

static void check_device(const uint8_t *data, size_t size)
{
    struct rlk_device_descriptor device;
    struct rlk_device_descriptor again;
    if (rlk_device_descriptor_parse(&device, data, size) != RLK_OK) {
        fuzz_demand(is_zero(&device, sizeof device), "a refused device descriptor is empty");
        return;
    }
    fuzz_demand(size >= 18 && device.vendor_id == (data[8] | data[9] << 8), "the vendor is where it belongs");
    fuzz_demand(rlk_device_descriptor_parse(&again, data, 18) == RLK_OK && memcmp(&device, &again, sizeof device) == 0,
                "what follows does not matter");
}

static void check_interface(const uint8_t *data, size_t size)
{
    struct rlk_dfu_interface dfu;
    struct rlk_dfu_interface again;
    size_t total = rlk_configuration_total_length(data, size);
    enum rlk_error error = rlk_dfu_interface_parse(&dfu, data, size);
    fuzz_demand(total == 0 || total >= 9, "a configuration is not shorter than its head");
    if (error != RLK_OK) {
        fuzz_demand(is_zero(&dfu, sizeof dfu), "a refused interface is empty");
        return;
    }
    fuzz_demand(total > 0 && total <= size, "an accepted configuration is complete");
    fuzz_demand(dfu.alternate_count > 0 && dfu.alternate_count <= RLK_ALTERNATES_MAX, "one to eight alternates");
    fuzz_demand(dfu.has_functional || (dfu.transfer_bytes == 0 && dfu.attributes == 0 && dfu.dfu_version == 0),
                "nothing without a functional descriptor");
    fuzz_demand(rlk_dfu_interface_parse(&again, data, total) == RLK_OK && memcmp(&dfu, &again, sizeof dfu) == 0,
                "what follows does not matter");
    fuzz_demand(rlk_dfu_interface_parse(&again, data, total - 1U) != RLK_OK, "a cut configuration is refused");
}

static void check_string(const uint8_t *data, size_t size)
{
    char text[RLK_STRING_TEXT_BYTES];
    memset(text, 'x', sizeof text);
    enum rlk_error error = rlk_string_descriptor_parse(text, data, size);
    const char *end = memchr(text, '\0', sizeof text);
    fuzz_demand(end != NULL, "the text ends");
    fuzz_demand(error == RLK_OK || end == text, "a refused text is empty");
    for (const char *at = text; at < end; at++) {
        fuzz_demand(*at >= ' ' && *at <= '~', "the text is printable");
    }
    fuzz_demand(2U * (size_t)(end - text) + 2U <= size || error != RLK_OK, "no character from beyond");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_device(data, size);
    check_interface(data, size);
    check_string(data, size);
    if (fuzz_is_speaking()) {
        look_at_configuration(data, size);
    }
    return 0;
}
