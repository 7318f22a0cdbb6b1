// @ts-check
// One tab at work: all tabs and windows of this page share one place; a tab that is closed or crashes gives it back.
import { RelockError } from '../../wasm-glue/values.js';

const NAME = 'relock-work';
const NOTHING = () => {};

/** A page that is being reloaded may hold its place for a moment longer. */
const LEAVING_MS = 500;

/** @param {LockManager} locks @returns {Promise<boolean>} */
const isHeld = async (locks) => (await locks.query()).held?.some(({ name }) => name === NAME) ?? false;

/**
 * @param {LockManager | undefined} [locks]
 * @returns {Promise<boolean>} whether another tab is at work, asked by a page that is not; false if that cannot be told
 */
export async function isWorkElsewhere(locks = navigator.locks) {
    try {
        if (!locks || !await isHeld(locks)) {
            return false;
        }
        await new Promise((resolve) => {
            setTimeout(resolve, LEAVING_MS);
        });
        return await isHeld(locks);
    } catch {
        return false;
    }
}

/**
 * Takes the place at work. A browser that has no locks, or does not let this page have any, hands it out unasked: the
 * device itself can still be open in one tab only.
 * @param {LockManager | undefined} [locks]
 * @returns {Promise<() => void>} gives the place back
 * @throws {RelockError} WORK_IN_ANOTHER_TAB
 */
export async function takeWork(locks = navigator.locks) {
    if (!locks) {
        return NOTHING;
    }
    return new Promise((resolve, reject) => {
        locks.request(NAME, { ifAvailable: true }, (lock) => {
            if (!lock) {
                reject(new RelockError('WORK_IN_ANOTHER_TAB'));
                return undefined;
            }
            return new Promise((giveBack) => {
                resolve(() => giveBack(undefined));
            });
        }).catch(() => resolve(NOTHING));
    });
}
