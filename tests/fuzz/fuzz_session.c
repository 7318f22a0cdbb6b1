/*
 * A session whose device and host lie: the input says when, and what is answered instead of the truth. Only the laws
 * (laws.h) are demanded; a device that is lied about cannot be judged by the simulator.
 */
#include "scenario.h"

#include <string.h>

enum { LIES_MAX = 12, ARGUMENTS = 3, LIE_BYTES_MAX = 24, FOR_EVER = 255, UPLOAD = 2, GETSTATUS = 3 };

/* To whom a lie is told. */
enum scope { SCOPE_ALL, SCOPE_STATUS, SCOPE_DATA, SCOPE_HOST, SCOPES };

struct lie {
    uint32_t start; /* the first operation that it may hit */
    uint32_t left;  /* how many it still hits */
    enum scope scope;
    uint32_t kind;
    uint8_t arguments[ARGUMENTS];
    uint8_t bytes[LIE_BYTES_MAX];
    size_t size;
};

struct liar {
    struct lie lies[LIES_MAX];
    size_t count;
    uint32_t operations;
};

static struct host host;

static bool is_in_scope(const struct rlk_operation *operation, enum scope scope)
{
    bool is_in = operation->kind == RLK_OPERATION_CONTROL_IN;
    bool is_class = is_in && operation->request_type == 0xA1;
    switch (scope) {
    case SCOPE_STATUS:
        return is_class && operation->request == GETSTATUS;
    case SCOPE_DATA:
        return is_in && !(is_class && operation->request == GETSTATUS);
    case SCOPE_HOST:
        return operation->kind >= RLK_OPERATION_REOPEN;
    default:
        return true;
    }
}

/* One operation that is lied about. */
struct asked {
    struct host *host;
    const struct rlk_operation *operation;
    uint8_t *buffer; /* NULL where no bytes can come */
    struct rlk_outcome *outcome;
};

/* What would have happened; nothing to tell where only a person could answer. */
static void ask_device(const struct asked *asked)
{
    struct sim_transport *transport = &asked->host->transport;
    switch (asked->operation->kind) {
    case RLK_OPERATION_CONTROL_IN:
    case RLK_OPERATION_CONTROL_OUT:
        sim_transport_control(transport, asked->operation, asked->buffer, asked->outcome);
        break;
    case RLK_OPERATION_SELECT_ALTERNATE:
        sim_transport_select_alternate(transport, asked->operation, asked->outcome);
        break;
    case RLK_OPERATION_REOPEN:
        sim_transport_reopen(transport, asked->operation, asked->outcome);
        break;
    case RLK_OPERATION_FETCH:
        rlk_fetch_from_image(&asked->host->image, asked->operation, asked->buffer, asked->outcome);
        break;
    default:
        break;
    }
}

/* Nothing is carried out, and the outcome is made up. */
static void tell_outcome(const struct lie *lie, const struct asked *asked)
{
    asked->outcome->kind = (enum rlk_outcome_kind)(lie->arguments[0] % RLK_OUTCOMES);
    asked->outcome->error = lie->arguments[1] == 0 ? RLK_OK : rlk_error_at(lie->arguments[1]);
    asked->outcome->is_yes = lie->arguments[2] % 2U != 0;
}

/* It is carried out, and the outcome is made up. */
static void tell_outcome_after(const struct lie *lie, const struct asked *asked)
{
    ask_device(asked);
    tell_outcome(lie, asked);
}

static uint32_t number_in(const struct lie *lie)
{
    return (uint32_t)(lie->arguments[0] | lie->arguments[1] << 8);
}

/* Other bytes come, as many as it likes. */
static void tell_bytes(const struct lie *lie, const struct asked *asked)
{
    size_t bytes = asked->buffer == NULL ? 0 : number_in(lie) % (RLK_BLOCK_BYTES_MAX + 1U);
    ask_device(asked);
    asked->outcome->kind = RLK_OUTCOME_OK;
    for (size_t i = 0; i < bytes; i++) {
        asked->buffer[i] = lie->size > 0 ? lie->bytes[i % lie->size] : lie->arguments[2];
    }
    asked->outcome->data = asked->buffer;
    asked->outcome->bytes = bytes;
}

/* What came is cut, or changed in one place. */
static void tell_damaged(const struct lie *lie, const struct asked *asked)
{
    struct rlk_outcome *outcome = asked->outcome;
    ask_device(asked);
    if (outcome->data == NULL || outcome->bytes == 0) {
        return;
    }
    if (lie->arguments[2] == 0) {
        outcome->bytes = number_in(lie) % outcome->bytes;
    } else {
        asked->buffer[number_in(lie) % outcome->bytes] ^= lie->arguments[2];
    }
}

/* A GETSTATUS answer: state, status, poll time. Other transfers are carried out as they are. */
static void tell_status(const struct lie *lie, const struct asked *asked)
{
    const uint8_t answer[] = {lie->arguments[1], lie->arguments[2], 0, 0, lie->arguments[0], 0};
    ask_device(asked);
    if (is_in_scope(asked->operation, SCOPE_STATUS)) {
        memcpy(asked->buffer, answer, sizeof answer);
        asked->outcome->kind = RLK_OUTCOME_OK;
        asked->outcome->data = asked->buffer;
        asked->outcome->bytes = sizeof answer;
    }
}

/* Somebody touches the device; then all goes on. */
static void touch(const struct lie *lie, const struct asked *asked)
{
    struct sim_device *device = &asked->host->device;
    sim_set_boot0(device, lie->arguments[0] % 2U != 0);
    if (lie->arguments[1] % 4U == 1U) {
        sim_press_reset(device);
    } else if (lie->arguments[1] % 4U > 1U) {
        sim_unplug(device);
        sim_sleep(device, lie->arguments[2]);
    }
    if (lie->arguments[1] % 4U == 2U) {
        sim_plug(device);
    }
    ask_device(asked);
}

/* Another device is there from now on. */
static void swap(const struct lie *lie, const struct asked *asked)
{
    host_change_device(asked->host, scenario_profile(lie->arguments[0]), lie->arguments[1] % 3U, true);
    asked->host->device.serial[0] ^= lie->arguments[2];
    ask_device(asked);
}

static void (*const tell[])(const struct lie *, const struct asked *) = {
    tell_outcome, tell_outcome_after, tell_bytes, tell_damaged, tell_status, touch, swap};

#define LIE_KINDS (sizeof tell / sizeof tell[0])

static bool lie_to(struct host *lied_to, const struct rlk_operation *operation, uint8_t *buffer,
                   struct rlk_outcome *outcome)
{
    struct liar *liar = lied_to->lie_context;
    struct asked asked = {.host = lied_to, .operation = operation, .outcome = outcome};
    uint32_t now = liar->operations++;
    asked.buffer = buffer;
    for (size_t i = 0; i < liar->count; i++) {
        struct lie *lie = &liar->lies[i];
        if (now >= lie->start && lie->left > 0 && is_in_scope(operation, lie->scope)) {
            lie->left--;
            outcome->digest = operation->digest;
            tell[lie->kind](lie, &asked);
            return true;
        }
    }
    return false;
}

static void take_lies(struct fuzz_input *input, struct liar *liar)
{
    uint32_t start = 0;
    while (input->left > 0 && liar->count < LIES_MAX) {
        struct lie *lie = &liar->lies[liar->count++];
        uint32_t head = 0;
        start += fuzz_take(input, 1);
        head = fuzz_take(input, 1);
        lie->start = start;
        lie->scope = (enum scope)(head / 64U % SCOPES);
        lie->kind = head % 64U % LIE_KINDS;
        lie->left = fuzz_take(input, 1);
        lie->left = lie->left == FOR_EVER ? UINT32_MAX : lie->left + 1U;
        (void)fuzz_take_bytes(input, lie->arguments, sizeof lie->arguments);
        if (tell[lie->kind] == tell_bytes) {
            lie->size = fuzz_take_bytes(input, lie->bytes, fuzz_take_below(input, LIE_BYTES_MAX + 1U));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct liar liar;
    struct fuzz_input input = {data, size};
    memset(&liar, 0, sizeof liar);
    struct scenario scenario = scenario_take(&input, &host);
    scenario_take_journal(&input, &host);
    take_lies(&input, &liar);
    host.lie = lie_to;
    host.lie_context = &liar;
    for (unsigned i = 0; i < scenario.runs; i++) {
        host_run(&host);
        sim_person_do(&host.device, rlk_session_next_action(&host.session));
    }
    return 0;
}
