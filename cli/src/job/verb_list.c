#include "device/transport.h"
#include "verbs.h"

int verb_list(const struct arguments *arguments, struct output *output)
{
    int count = arguments->sim != NULL ? sim_list(arguments, output) : usb_list(arguments, output);
    if (count < 0) {
        return end_early(output, (enum rlk_error)count, NULL);
    }
    return end_early(output, count > 0 ? RLK_OK : RLK_E_NO_DEVICE, NULL);
}
