// @ts-check
// A transport over a simulated device, at the pace of a real one.
import { gone } from './transport.js';

/** @typedef {import('./transport.js').Operation} Operation */
/** @typedef {import('./transport.js').Outcome} Outcome */
/** @typedef {import('./transport.js').Person} Person */

const STEP_MS = 50;
const FIRST_OPEN_MS = 10000;
const WORTH_WAITING_MS = 12; // shorter waits are gathered: timers are not finer

/** The simulated device on its simulated cable, with hands for the person's part. */
export class SimTransport {
    #arrival = 0;
    #isOpen = false;
    #powerCycles = 0;
    #pacedMs;
    #sleep;
    #speed;

    /**
     * @param {import('./sim.js').SimDevice} device
     * @param {object} options
     * @param {import('./transport.js').Sleep} options.sleep
     * @param {number} [options.speed] how much faster than a real device; Infinity does not wait at all
     */
    constructor(device, { sleep, speed = 1 }) {
        this.device = device;
        this.#sleep = sleep;
        this.#speed = speed;
        this.#pacedMs = device.nowMs;
    }

    /** Lets real time pass as virtual time did. */
    async #pace() {
        const aheadMs = (this.device.nowMs - this.#pacedMs) / this.#speed;
        if (aheadMs > WORTH_WAITING_MS || this.#speed === Infinity) {
            this.#pacedMs = this.device.nowMs;
            await (aheadMs > 0 ? this.#sleep(aheadMs) : undefined);
        }
    }

    #isReachable() {
        return this.#isOpen && this.device.isOnBus && this.device.arrival === this.#arrival;
    }

    /** @returns {Promise<Outcome>} its cable has one end */
    async checkAlone() {
        return { kind: 'ok' };
    }

    /** @param {Operation} operation @returns {Promise<Outcome>} */
    async control(operation) {
        if (!this.#isReachable()) {
            return gone();
        }
        const outcome = this.device.control(operation, operation.data);
        this.#isOpen = outcome.kind !== 'timeout';
        await this.#pace();
        return outcome;
    }

    /** @param {Operation} operation @returns {Promise<Outcome>} */
    async selectAlternate(operation) {
        const setInterface = { requestType: 0x01, request: 0x0b, value: operation.alternate, windex: 0, length: 0 };
        return this.control({ ...operation, ...setInterface });
    }

    /** @param {number} ms of virtual time */
    async sleep(ms) {
        this.device.sleep(ms);
        await this.#pace();
    }

    /** @param {Operation} operation @param {Person} person @returns {Promise<Outcome>} */
    async reopen(operation, person) {
        this.#isOpen = false;
        const start = { ms: this.device.nowMs, powerCycles: this.#powerCycles };
        const patienceMs = operation.reason === 'first' ? FIRST_OPEN_MS : operation.patienceMs;
        while (!this.#isBack(operation, start.powerCycles)) {
            const isLate = this.device.msUntilOnBus === Infinity || this.device.nowMs - start.ms >= patienceMs;
            if (person.signal.aborted || (isLate && operation.reason === 'first')) {
                return gone(person.signal.aborted ? 'INTERRUPTED' : 'NO_DEVICE');
            }
            person.waiting({ isLate, reconnect: null });
            await this.sleep(STEP_MS);
        }
        this.#arrival = this.device.arrival;
        this.#isOpen = true;
        return { kind: 'ok' };
    }

    /** @param {Operation} operation @param {number} powerCyclesBefore */
    #isBack(operation, powerCyclesBefore) {
        const isCycled = operation.reason !== 'power-cycle' || this.#powerCycles > powerCyclesBefore;
        // One that was sent away must have gone and come back, not just be still here.
        const wasSentAway = operation.reason !== 'first' && operation.reason !== 'lost';
        const hasLeft = !wasSentAway || this.device.arrival !== this.#arrival;
        return this.device.isOnBus && isCycled && hasLeft;
    }

    /** The person's hands: unplugs, holds or releases BOOT0 if told to, and plugs in again. @param {boolean} [boot0] */
    replug(boot0 = this.device.boot0) {
        this.device.unplug();
        this.device.sleep(500);
        this.device.boot0 = boot0;
        this.device.plug();
        this.#powerCycles += 1;
    }

    async close() {
        this.#isOpen = false;
    }
}
