// @ts-check
// The device is let go. The permission that the visitor has given goes with it, unless it is needed or wanted.

/** @typedef {import('./flow.js').Parts} Parts */
/** @typedef {import('./reach.js').Reach} Reach */

/**
 * @param {Parts['journal']} journal @param {string | null} key of the device; null if it is not known
 * @returns {Promise<boolean>} whether a job was begun that needs the device to come back; true if that cannot be told
 */
async function isAwaited(journal, key) {
    try {
        return (await journal.pending()).some((job) => key === null || job.key === key);
    } catch {
        return true;
    }
}

/**
 * One rule for every end: a permission that nobody asked to keep goes, unless a job that was begun needs it.
 * @param {Parts} parts @param {Reach} reach
 * @param {string | null} key of the device in the journal; null if it is not known
 * @param {boolean} [isKept] the visitor wants to keep the permission
 */
export async function letGo({ journal }, { transport, sim }, key, isKept = false) {
    await transport.close({ forget: sim === null && !isKept && !await isAwaited(journal, key) });
}
