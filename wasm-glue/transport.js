// @ts-check
// What a transport is: the half of a host that moves bytes. Two fulfil it: webusb-transport.js and sim-transport.js.

/** @typedef {import('./values.js').Operation} Operation */
/** @typedef {import('./values.js').Outcome} Outcome */

/**
 * @typedef {object} Transport
 * @property {(operation: Operation) => Promise<Outcome>} control
 * @property {(operation: Operation) => Promise<Outcome>} selectAlternate
 * @property {(ms: number) => Promise<void>} sleep
 * @property {() => Promise<Outcome>} checkAlone failed with SEVERAL_DEVICES if more than one device could be meant
 * @property {(operation: Operation, person: Person) => Promise<Outcome>} reopen waits as long as the person wants to
 * @property {(options: {forget: boolean}) => Promise<void>} close lets the device go; forget gives the permission back
 */

/**
 * The person at the device, as a transport sees one.
 * @typedef {object} Person
 * @property {(state: Waiting) => void} waiting called often while the device is awaited
 * @property {AbortSignal} signal aborted when the person gives up
 */

/**
 * @typedef {object} Waiting
 * @property {boolean} isLate it should have come by itself by now
 * @property {(() => Promise<void>) | null} reconnect call it in a click if the browser needs a gesture; else null
 */

/** @typedef {(ms: number) => Promise<void>} Sleep */

/**
 * @param {string} [error] the name of a reason
 * @returns {Outcome}
 */
export function gone(error) {
    return error ? { kind: 'gone', error } : { kind: 'gone' };
}

/**
 * @param {string} [error] the name of a reason
 * @returns {Outcome}
 */
export function failed(error) {
    return error ? { kind: 'failed', error } : { kind: 'failed' };
}
