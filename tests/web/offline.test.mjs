// @ts-check
// Where a page cannot be kept. Where it can is tests/browser/offline.test.mjs's.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepPage } from '../../web/browser/offline.js';

/** @param {{isSecure: boolean, container?: object}} browser @param {() => Promise<void>} work */
async function within({ isSecure, container }, work) {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    Object.defineProperty(globalThis, 'navigator', { value: { serviceWorker: container }, configurable: true });
    Object.assign(globalThis, { isSecureContext: isSecure });
    try {
        await work();
    } finally {
        Reflect.deleteProperty(globalThis, 'isSecureContext');
        Reflect.deleteProperty(globalThis, 'navigator');
        if (before) {
            Object.defineProperty(globalThis, 'navigator', before);
        }
    }
}

/** @param {string} state of the worker that the browser comes up with */
function containerOf(state) {
    const worker = Object.assign(new EventTarget(), { state, postMessage: () => {} });
    let count = 0;
    return { get count() {
        return count;
    }, register: async () => {
        count += 1;
        return { active: null, waiting: null, installing: worker };
    } };
}

describe('a page that cannot be kept', () => {
    it('was not opened by https: no worker is registered', async () => {
        const container = containerOf('activated');
        await within({ isSecure: false, container }, async () => assert.equal(await keepPage('en'), false));
        assert.equal(container.count, 0);
    });

    it('is in a browser without service workers, or that does not let it have one', async () => {
        await within({ isSecure: true }, async () => assert.equal(await keepPage('en'), false));
        const container = { register: async () => {
            throw new DOMException('no', 'SecurityError');
        } };
        await within({ isSecure: true, container }, async () => assert.equal(await keepPage('en'), false));
    });

    it('could not be installed', async () => {
        const container = containerOf('redundant');
        await within({ isSecure: true, container }, async () => assert.equal(await keepPage('en'), false));
        assert.equal(container.count, 1);
    });

    it('has a worker that does not answer', { timeout: 5000 }, async (test) => {
        test.mock.timers.enable(/** @type {any} */ ({ apis: ['setTimeout'] }));
        await within({ isSecure: true, container: containerOf('activated') }, async () => {
            const answer = keepPage('en');
            await new Promise((resolve) => setImmediate(resolve));
            test.mock.timers.tick(60000);
            assert.equal(await answer, false);
        });
    });
});
