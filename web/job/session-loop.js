// @ts-check
// The loop over a session: what rlk_drive is for a blocking host. Held to it by identical transcripts.
//
// The engine runs on the page's own thread: one operation costs microseconds, devices can be named only here, and the
// sleeps, which are what a hidden tab would slow down, come from a worker.
import { failed } from '../../wasm-glue/transport.js';

/** @typedef {import('../../wasm-glue/values.js').Operation} Operation */
/** @typedef {import('../../wasm-glue/values.js').Outcome} Outcome */
/** @typedef {import('../../wasm-glue/values.js').ErrorText} ErrorText */
/** @typedef {import('../../wasm-glue/transport.js').Transport} Transport */
/** @typedef {import('../../wasm-glue/transport.js').Person} Person */

/**
 * The host's half that is not the transport.
 * @typedef {object} Host
 * @property {(operation: Operation) => Promise<boolean>} ask
 * @property {(operation: Operation) => Person} person who is to bring the device back
 * @property {(line: string) => Promise<void>} record settles when the line is durable
 * @property {(kept: import('../../wasm-glue/values.js').KeptRange[]) => Promise<void>} [keep] settles when what is
 * about to be erased is durable; without it there is no place but the memory in which it is already
 * @property {(lines: string[]) => void} [observe] sees the transcript's lines of each operation
 */

/**
 * @typedef {object} Ending
 * @property {'proven' | 'not-proven' | 'not-done'} ending
 * @property {ErrorText | null} error
 */

/** @typedef {{engine: import('../../wasm-glue/relock.js').RelockEngine, transport: Transport, host: Host}} Parts */

/** @type {Record<string, (parts: Parts, operation: Operation) => Promise<Outcome>>} */
const HANDLERS = {
    'control-out': ({ transport }, operation) => transport.control(operation),
    'control-in': ({ transport }, operation) => transport.control(operation),
    'select-alternate': ({ transport }, operation) => transport.selectAlternate(operation),
    sleep: async ({ transport }, { durationMs }) => {
        await transport.sleep(durationMs);
        return { kind: 'ok' };
    },
    reopen: ({ transport, host }, operation) => transport.reopen(operation, host.person(operation)),
    ask: async ({ transport, host }, operation) => {
        // The answer took its time: what was asked about must still be the only device that can be meant.
        const isYes = await host.ask(operation);
        const alone = await transport.checkAlone();
        return alone.kind === 'ok' ? { kind: 'ok', isYes, digest: operation.digest } : alone;
    },
    record: async ({ host }, { entry }) => {
        await host.record(entry);
        return { kind: 'ok' };
    },
    keep: async ({ engine, host }) => {
        await host.keep?.(engine.kept());
        return { kind: 'ok' };
    },
};

/** @type {Record<string, string>} what an exception of the host's own means */
const OWN_FAILURES = { record: 'JOURNAL_FAILED' };

/**
 * @param {Parts} parts @param {Operation} operation
 * @returns {Promise<Outcome>} what was set
 */
async function perform(parts, operation) {
    if (operation.kind === 'fetch') {
        parts.engine.setFetched();
        return { kind: 'ok' };
    }
    const since = performance.now();
    /** @type {Outcome} */
    let outcome;
    try {
        outcome = await HANDLERS[operation.kind](parts, operation);
    } catch {
        outcome = failed(OWN_FAILURES[operation.kind]);
    }
    parts.engine.setOutcome({ ...outcome, elapsedMs: performance.now() - since });
    return outcome;
}

/**
 * A question that could not be asked is no refusal of the person's: the reason is the host's.
 * @param {ErrorText | null} error @param {ErrorText | null} hostError
 */
function reasonOf(error, hostError) {
    return error?.name === 'NO_CONSENT' && hostError ? hostError : error;
}

/**
 * Runs one session to its end.
 * @param {Parts & {wish: import('../../wasm-glue/values.js').Wish}} options
 * @returns {Promise<Ending>}
 */
export async function runSession({ wish, ...parts }) {
    const { engine, host } = parts;
    /** @type {ErrorText | null} */
    let hostError = null;
    engine.begin({ nonce: crypto.getRandomValues(new Uint32Array(2)), ...wish });
    for (;;) {
        const operation = engine.next();
        if (operation.kind === 'done') {
            host.observe?.([engine.transcriptOperation()]);
            const ending = /** @type {Ending['ending']} */ (operation.ending);
            const error = operation.error && { ...operation.error, action: engine.nextAction() };
            return { ending, error: reasonOf(error, hostError) };
        }
        const outcome = await perform(parts, operation);
        if (operation.kind === 'ask' && outcome.error) {
            hostError = engine.error(outcome.error);
        }
        host.observe?.(engine.transcriptLines());
        engine.complete();
    }
}
