// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isWorkElsewhere, takeWork } from '../../web/browser/locks.js';

/** Locks as a browser has them, for all tabs of a page. @returns {any} */
function fakeLocks() {
    /** @type {Set<string>} */
    const held = new Set();
    return {
        held,
        query: async () => ({ held: [...held].map((name) => ({ name })) }),
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

    it('is seen to be taken, but not if the one who has it is just leaving', async () => {
        const locks = fakeLocks();
        assert.equal(await isWorkElsewhere(locks), false);
        const giveBack = await takeWork(locks);
        assert.equal(await isWorkElsewhere(locks), true);
        const answer = isWorkElsewhere(locks);
        await settle();
        giveBack();
        assert.equal(await answer, false);
    });

    it('is not called taken where that cannot be told', async () => {
        assert.equal(await isWorkElsewhere(/** @type {any} */ (null)), false);
        assert.equal(await isWorkElsewhere(/** @type {any} */ ({ query: async () => {
            throw new DOMException('no', 'SecurityError');
        } })), false);
    });

    it('is handed out unasked where there are no locks, or this page may have none', async () => {
        (await takeWork(/** @type {any} */ (null)))();
        (await takeWork(/** @type {any} */ ({ request: async () => {
            throw new DOMException('no', 'SecurityError');
        } })))();
    });
});
