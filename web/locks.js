// @ts-check
// One tab at work: all tabs and windows of this page share one place; a tab that is closed or crashes gives it back.
import { RelockError } from '../wasm-glue/values.js';

const NAME = 'relock-work';
const NOTHING = () => {};

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
