// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { higher, newer } from '../../web/seen.js';

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
