// @ts-check
// The simulator's host of the native tests (sim/host/sim_host.c, tests/support/workbench.c) once more, for the wasm
// files: the same person, the same patience, so that the same scenario must give the same transcript.

/** @typedef {import('../../wasm-glue/values.js').Operation} Operation */
/** @typedef {import('../../wasm-glue/values.js').Outcome} Outcome */

/**
 * @typedef {object} Scenario
 * @property {number} seed
 * @property {string} profile
 * @property {number} level
 * @property {number} boot0
 * @property {number} runs
 * @property {boolean} isHelpful
 * @property {'look' | 'read' | 'write' | 'update'} job
 * @property {boolean} endProtected
 * @property {string} wayBack
 * @property {'by-row' | 'announced' | 'expected'} poll
 * @property {string} family
 * @property {boolean} allowExperimental
 * @property {boolean} trustzoneIsOff
 * @property {number} addr
 * @property {number} offset
 * @property {number} bytes
 * @property {number} failsRecord
 * @property {number} failsFetch
 * @property {object | null} release
 * @property {string} [serial]
 * @property {[string, number][]} knobs
 * @property {[string, number][]} faults
 * @property {Record<string, 'yes' | 'no' | 'stale' | 'cancelled'>} answers
 */

const POLL_MS = 100;
const UNPLUGGED_MS = 1000;
const ENTER_DFU = ['ENTER_DFU', 'ENTER_DFU_AND_RUN_AGAIN'];
const WITH_BOOT0 = ['HOLD_BOOT0_AND_REPLUG', 'HOLD_BOOT0_REPLUG_AND_RUN_AGAIN', ...ENTER_DFU];
const WITHOUT_BOOT0 = ['RELEASE_BOOT0_AND_REPLUG'];
const AS_IT_IS = ['REPLUG', 'REPLUG_AND_RUN_AGAIN', 'POWER_CYCLE_AND_RUN_AGAIN', 'USE_USB2_HUB'];
const SET_INTERFACE = { requestType: 0x01, request: 0x0b, windex: 0, length: 0 };

/** One scenario on one simulated device. */
export class ParityHost {
    #arrival = 0;
    #isOpen = false;
    #records = 0;
    #fetches = 0;
    /** @type {string | undefined} the newest durable journal line */
    journal;

    /**
     * @param {import('../../wasm-glue/relock.js').RelockEngine} engine
     * @param {import('../../wasm-glue/sim.js').SimDevice} device
     * @param {Scenario} scenario
     */
    constructor(engine, device, scenario) {
        this.engine = engine;
        this.device = device;
        this.scenario = scenario;
        device.init(scenario.profile, { rdpLevel: scenario.level, boot0: true });
        device.boot0 = scenario.boot0 !== 0;
        scenario.knobs.forEach(([name, value]) => device.setKnob(name, value));
        scenario.faults.forEach(([kind, at]) => device.addFault(kind, at));
        if (scenario.release) {
            engine.loadRelease(new TextEncoder().encode(JSON.stringify(scenario.release)));
        }
    }

    /** @param {string} action what a person does when told so */
    personDoes(action) {
        const isHeld = WITH_BOOT0.includes(action);
        if (isHeld || WITHOUT_BOOT0.includes(action)) {
            this.device.boot0 = isHeld;
        } else if (!AS_IT_IS.includes(action)) {
            return;
        }
        this.device.unplug();
        this.device.sleep(UNPLUGGED_MS);
        this.device.plug();
        if (ENTER_DFU.includes(action) && this.device.isRunningApplication) {
            this.device.jump();
        }
    }

    /** @param {string} reason */
    #isThere(reason) {
        const mustBeNew = reason !== 'first' && reason !== 'lost';
        return this.device.isOnBus && (!mustBeNew || this.device.arrival !== this.#arrival);
    }

    /** @param {string} reason @param {number} patienceMs */
    #waitForDevice(reason, patienceMs) {
        for (let waitedMs = 0; !this.#isThere(reason) && waitedMs < patienceMs; waitedMs += POLL_MS) {
            this.device.sleep(POLL_MS);
        }
        return this.#isThere(reason);
    }

    /** @param {Operation} operation */
    #isBack({ patienceMs, reason, action }) {
        if (this.#waitForDevice(reason, patienceMs)) {
            return true;
        }
        if (!this.scenario.isHelpful) {
            return false;
        }
        this.personDoes(action);
        const comingMs = this.device.msUntilOnBus;
        return comingMs !== Infinity && this.#waitForDevice(reason, comingMs + POLL_MS);
    }

    /** @param {Operation} operation @returns {Outcome} */
    #reopen(operation) {
        this.#isOpen = this.#isBack(operation);
        this.#arrival = this.device.arrival;
        return { kind: this.#isOpen ? 'ok' : 'timeout' };
    }

    /** @param {Operation} operation @returns {Outcome} */
    #control(operation) {
        const isAlive = this.#isOpen && this.device.arrival === this.#arrival;
        return isAlive ? this.device.control(operation, operation.data) : { kind: 'gone' };
    }

    /** @param {Operation} operation @returns {Outcome} */
    #ask({ question, digest: [low, high] }) {
        const answer = this.scenario.answers[question];
        const digest = /** @type {[number, number]} */ ([answer === 'stale' ? (low ^ 1) >>> 0 : low, high]);
        return { kind: answer === 'cancelled' ? 'failed' : 'ok', isYes: answer !== 'no', digest };
    }

    /** @param {Operation} operation @returns {Outcome} */
    #record({ entry }) {
        this.#records += 1;
        if (this.#records === this.scenario.failsRecord) {
            return { kind: 'failed' };
        }
        this.journal = entry;
        return { kind: 'ok' };
    }

    /** @param {Operation} operation @returns {Outcome | null} null: from the engine's own image */
    #do(operation) {
        switch (operation.kind) {
            case 'reopen': return this.#reopen(operation);
            case 'ask': return this.#ask(operation);
            case 'record': return this.#record(operation);
            case 'select-alternate':
                return this.#control({ ...operation, ...SET_INTERFACE, value: operation.alternate, data: null });
            case 'keep': return { kind: 'ok' };
            case 'sleep':
                this.device.sleep(operation.durationMs);
                return { kind: 'ok' };
            case 'fetch':
                this.#fetches += 1;
                return this.#fetches === this.scenario.failsFetch ? { kind: 'failed' } : null;
            default: return this.#control(operation);
        }
    }

    /** @returns {string[]} the transcript of one run of the command */
    run() {
        const { engine, scenario } = this;
        /** @type {string[]} */
        const lines = [];
        this.#isOpen = false;
        this.#records = 0;
        this.#fetches = 0;
        const { job, poll, serial, endProtected, wayBack, family, allowExperimental, trustzoneIsOff } = scenario;
        const settled = scenario.release ? { withRelease: true } : { endProtected, wayBack, family };
        engine.begin({ job, poll, serial, allowExperimental, trustzoneIsOff, withImage: true, journal: this.journal,
            ...settled });
        for (let operation = engine.next(); operation.kind !== 'done'; operation = engine.next()) {
            const outcome = this.#do(operation);
            if (outcome === null) {
                engine.setFetched();
            } else {
                engine.setOutcome(outcome);
            }
            lines.push(...engine.transcriptLines());
            engine.complete();
        }
        lines.push(engine.transcriptOperation());
        return lines;
    }

    /** @returns {string[]} the transcripts of all runs, with what is said to do done after each */
    runAll() {
        const lines = [];
        for (let count = 0; count < this.scenario.runs; count += 1) {
            lines.push(...this.run());
            this.personDoes(this.engine.nextAction().name);
        }
        return lines;
    }
}
