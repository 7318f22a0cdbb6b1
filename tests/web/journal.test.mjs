// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Journal, journalKey } from '../../web/journal.js';

const JOB = { name: 'a.hex', file: new Uint8Array([1]), address: null, endProtected: true, wayBack: 'boot0', family: '' };

/** A store that forgets with the test. */
function memoryStore() {
    /** @type {Map<string, import('../../web/journal.js').Entry>} */
    const entries = new Map();
    return {
        entries,
        get: async (/** @type {string} */ key) => entries.get(key),
        put: async (/** @type {import('../../web/journal.js').Entry} */ entry) => void entries.set(entry.key, entry),
        remove: async (/** @type {string} */ key) => void entries.delete(key),
        all: async () => [...entries.values()],
    };
}

/** A line here is its phase. */
const decode = (/** @type {string} */ line) => ({ phase: line });

describe('the journal', () => {
    it('keys by serial only where that tells devices apart', () => {
        assert.equal(journalKey({ serial: '355A33793339', serialIsUnique: true }), '355A33793339');
        assert.equal(journalKey({ serial: 'FFFFFFFEFFFF', serialIsUnique: false }), 'single');
    });

    it('keeps the file while the job is pending and drops it at the end', async () => {
        const store = memoryStore();
        const journal = new Journal(store, decode);
        for (const phase of ['erasing', 'empty', 'sealing']) {
            await journal.record('k', phase, JOB);
            assert.deepEqual((await journal.pending()).map(({ job }) => job), [JOB]);
        }
        await journal.record('k', 'proven', JOB);
        assert.deepEqual(await journal.pending(), []);
        assert.equal(store.entries.get('k')?.job, null);
        assert.equal((await journal.entry('k'))?.line, 'proven');
    });

    it('keeps what else was in the sectors while the job is pending, and no longer', async () => {
        const kept = [{ addr: 0x08000000, bytes: new Uint8Array([1]) }];
        const store = memoryStore();
        const journal = new Journal(store, decode);
        await journal.record('k', 'erasing', JOB, kept);
        assert.deepEqual((await journal.entry('k'))?.kept, kept);
        await journal.record('k', 'proven', JOB, kept);
        assert.equal((await journal.entry('k'))?.kept, undefined);
    });

    it('refuses a line that is damaged, and keeps the old one', async () => {
        const store = memoryStore();
        const journal = new Journal(store, (line) => {
            if (line === 'damaged') {
                throw new Error('damaged');
            }
            return { phase: line };
        });
        await journal.record('k', 'empty', JOB);
        await assert.rejects(journal.record('k', 'damaged', JOB));
        assert.equal((await journal.entry('k'))?.line, 'empty');
    });

    it('forgets on demand', async () => {
        const journal = new Journal(memoryStore(), decode);
        await journal.record('k', 'empty', JOB);
        await journal.forget('k');
        assert.deepEqual(await journal.pending(), []);
    });
});
