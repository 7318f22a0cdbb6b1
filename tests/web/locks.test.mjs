// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { takeWork } from '../../web/locks.js';

/** Locks as a browser has them, for all tabs of a page. @returns {any} */
function fakeLocks() {
    /** @type {Set<string>} */
    const held = new Set();
    return {
        held,
        request: async (/** @type {string} */ name, /** @type {{ifAvailable: boolean}} */ { ifAvailable },
            /** @type {(lock: object | null) => Promise<void> | undefined} */ work) => {
            assert.ok(ifAvailable, 'nobody waits for the other tab');
            if (held.has(name)) {
                return work(null);
            }
            held.add(name);
            await work({ name });
            return held.delete(name);
        },
    };
}

const settle = () => new Promise((resolve) => {
    setImmediate(resolve);
});

describe('the place at work', () => {
    it('is one tab\'s until that gives it back', async () => {
        const locks = fakeLocks();
        const giveBack = await takeWork(locks);
        await assert.rejects(takeWork(locks), { name: 'WORK_IN_ANOTHER_TAB' });
        giveBack();
        await settle();
        assert.equal(locks.held.size, 0);
        (await takeWork(locks))();
    });

    it('is handed out unasked where there are no locks, or this page may have none', async () => {
        (await takeWork(/** @type {any} */ (null)))();
        (await takeWork(/** @type {any} */ ({ request: async () => {
            throw new DOMException('no', 'SecurityError');
        } })))();
    });
});
