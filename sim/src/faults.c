/* Planned faults: which one hits this transfer or this write. */
#include "internal.h"

bool sim_fault_add(struct sim_device *device, struct sim_fault fault)
{
    if (device->fault_count >= SIM_FAULTS_MAX || fault.kind >= SIM_FAULT_KINDS) {
        return false;
    }
    device->faults[device->fault_count++] = fault;
    return true;
}

void sim_faults_clear(struct sim_device *device)
{
    device->fault_count = 0;
    device->fault_transfers = 0;
    device->fault_writes = 0;
}

const char *sim_fault_kind_name(unsigned kind)
{
    static const char *const names[SIM_FAULT_KINDS] = {
        [SIM_FAULT_NONE] = "none",
#define SIM_FAULT_KIND(constant, name, what) [SIM_FAULT_##constant] = (name),
#include "sim/fault_list.h"
    };
    return kind < SIM_FAULT_KINDS ? names[kind] : NULL;
}

uint32_t sim_fault_take(struct sim_device *device)
{
    uint32_t place = device->fault_transfers++;
    for (uint32_t i = 0; i < device->fault_count; i++) {
        if (device->faults[i].at == place && device->faults[i].kind != SIM_FAULT_POWER_CUT) {
            return device->faults[i].kind;
        }
    }
    return SIM_FAULT_NONE;
}

bool sim_fault_cuts_write(struct sim_device *device)
{
    uint32_t place = device->fault_writes++;
    for (uint32_t i = 0; i < device->fault_count; i++) {
        if (device->faults[i].at == place && device->faults[i].kind == SIM_FAULT_POWER_CUT) {
            return true;
        }
    }
    return false;
}

/* The place is spread over the data but the same for the same transfer number, so that a failing case can be replayed.
 * The two bits are never the same one. */
void sim_fault_flip(struct sim_device *device, uint8_t *data, size_t length, unsigned bits)
{
    uint32_t total = (uint32_t)length * 8U;
    for (unsigned i = 0; i < bits && total != 0; i++) {
        uint32_t bit = (device->fault_transfers * 2654435761U + i * (total / 2U + 1U)) % total;
        data[bit / 8U] = (uint8_t)(data[bit / 8U] ^ (1U << (bit % 8U)));
    }
}
