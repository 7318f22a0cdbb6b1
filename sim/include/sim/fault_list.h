/*
 * What can happen to one transfer: SIM_FAULT_KIND(constant, name, what). `what` is one line of `relock sim faults`.
 * New ones belong at the end: files of simulated devices hold the numbers.
 * Include with SIM_FAULT_KIND defined; it is undefined here.
 */

SIM_FAULT_KIND(STALL, "stall", "answered with STALL, and not carried out")
SIM_FAULT_KIND(TIMEOUT, "timeout", "lost before the device sees it")
SIM_FAULT_KIND(TIMEOUT_AFTER, "timeout-after", "carried out, and the answer is lost")
SIM_FAULT_KIND(GONE, "gone", "the cable is pulled before it, power too")
SIM_FAULT_KIND(GONE_AFTER, "gone-after", "carried out, then the cable is pulled")
SIM_FAULT_KIND(FAILED, "failed", "the host reports a failure; the device saw nothing")
SIM_FAULT_KIND(SHORT, "short", "an IN transfer returns half of its bytes")
SIM_FAULT_KIND(FLIP_ONE, "flip-one", "one bit of an IN transfer is flipped")
SIM_FAULT_KIND(FLIP_TWO, "flip-two", "two bits of an IN transfer are flipped")
SIM_FAULT_KIND(LATE, "late", "the answer comes after 3/4 of the host's timeout")
SIM_FAULT_KIND(POWER_CUT, "power-cut", "power fails in the middle; N counts writes and erases")
SIM_FAULT_KIND(STALL_AFTER, "stall-after", "carried out, then answered with STALL")

#undef SIM_FAULT_KIND
