// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { higher, newer, seenStore } from '../../web/seen.js';
import { memoryDatabase } from './release-support.mjs';

describe('what was seen', () => {
    it('only rises, each number for itself', () => {
        const one = { edition: 5, sequence: 3, withdrawn: [2] };
        const other = { edition: 4, sequence: 9, withdrawn: [] };
        const both = { edition: 5, sequence: 9, withdrawn: [2] };
        assert.deepEqual(higher(one, other), both);
        assert.deepEqual(higher(other, one), both);
    });

    it('keeps the list of the newest channel, also of one with the same edition', () => {
        const one = { edition: 5, sequence: 3, withdrawn: [1, 2] };
        assert.deepEqual(higher(one, { ...one, withdrawn: [1] }).withdrawn, [1]);
        assert.deepEqual(higher(one, { ...one, edition: 6, withdrawn: [] }).withdrawn, []);
    });

    it('keeps the newest keys of a site, and starts anew with a site that was built with others', () => {
        const old = { builtWith: 'aa', edition: 2, sha256: '1', keys: [] };
        assert.equal(newer(old, { ...old, edition: 1 }), old);
        assert.equal(newer(old, { ...old, edition: 3 }).edition, 3);
        assert.equal(newer(old, { ...old, builtWith: 'bb', edition: 1 }).builtWith, 'bb');
        assert.equal(newer(null, old), old);
    });
});

describe('sites that share an origin', () => {
    /** A browser's memory, and the sites in two folders of one host. */
    function twoSites() {
        const { change } = memoryDatabase();
        return { lamps: seenStore('/lamps/', change), ovens: seenStore('/ovens/', change) };
    }

    const NAME = 'update';
    const KEYS = { edition: 4, sha256: '1', keys: [] };

    it('have a memory each of the same name', async () => {
        const { lamps, ovens } = twoSites();
        await lamps.raise(NAME, { edition: 5, sequence: 3, withdrawn: [2] });
        assert.deepEqual(await ovens.release(NAME), { edition: 0, sequence: 0, withdrawn: [] });
        await ovens.raise(NAME, { edition: 1, sequence: 1, withdrawn: [] });
        assert.deepEqual(await lamps.release(NAME), { edition: 5, sequence: 3, withdrawn: [2] });
    });

    it('do not take each other\'s change of keys away', async () => {
        const { lamps, ovens } = twoSites();
        await lamps.raiseKeys({ ...KEYS, builtWith: 'aa' });
        await ovens.raiseKeys({ ...KEYS, builtWith: 'bb', edition: 1 });
        assert.equal((await lamps.keys('aa'))?.edition, 4);
        assert.equal((await ovens.keys('bb'))?.edition, 1);
        assert.equal(await lamps.keys('cc'), null);
    });
});
