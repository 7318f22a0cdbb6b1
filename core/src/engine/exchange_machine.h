/* The exchange as a machine: asked by the session only. */
#ifndef RELOCK_EXCHANGE_MACHINE_H
#define RELOCK_EXCHANGE_MACHINE_H

#include "relock/session.h"

/* A fresh device: nothing is believed of its state. */
void rlk_exchange_reset(struct rlk_exchange *exchange, uint8_t interface_number);

/* Begins an exchange. */
void rlk_exchange_begin(struct rlk_exchange *exchange, const struct rlk_exchange_request *request);

/* Fills in the operation to do now; only while the verdict is NONE. */
void rlk_exchange_operation(const struct rlk_exchange *exchange, struct rlk_operation *operation);

/* Takes the outcome of that operation. The verdict may be set afterwards. */
void rlk_exchange_outcome(struct rlk_exchange *exchange, const struct rlk_outcome *outcome);

#endif
