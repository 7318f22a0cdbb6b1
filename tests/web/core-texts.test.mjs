// @ts-check
// The core's English sentences as the page's build reads them are those that the core itself says; RELOCK_DESCRIBE
// names another program that prints them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ACTION_LIST, ERROR_LIST, readCoreTexts, sentencesOf } from '../../scripts/lib/core-texts.mjs';
import { newEngine } from './support.mjs';

const PROGRAM = process.env.RELOCK_DESCRIBE
    ?? fileURLToPath(new URL('../../build/debug/tests/describe', import.meta.url));
const ERROR_ROW = /^\| RLK-\d+ \| `(\w+)` \| (.*) \| `\w+` \| [^|]* \|$/gm;
const ACTION_ROW = /^\| `(\w+)` \| (.*) \|$/gm;

/** @param {string} topic @param {string} kind @param {RegExp} row @returns {[string, string][]} as the core says it */
function saidBy(topic, kind, row) {
    const text = execFileSync(PROGRAM, [topic], { encoding: 'utf8' });
    return [...text.matchAll(row)].map(([, name, sentence]) => [`${kind}.${name}`, sentence]);
}

describe('the core’s sentences', () => {
    it('are read as the core says them, each', () => {
        const said = Object.fromEntries([...saidBy('errors', 'error', ERROR_ROW), ...saidBy('actions', 'action', ACTION_ROW)]);
        assert.deepEqual(readCoreTexts(), said);
    });

    it('are there for each error and action of the wasm file', () => {
        const engine = newEngine();
        assert.deepEqual(Object.keys(readCoreTexts()), [...engine.errorNames().map((name) => `error.${name}`),
            ...engine.actions().map(({ name }) => `action.${name}`)]);
    });
});

describe('a list of sentences', () => {
    it('may have comments, line breaks, and a text in several parts', () => {
        const source = '/* one */\nRLK_ERROR(A, 1001, USAGE,\n          RUN_AGAIN, "It \\"is\\" "\n  "so.") /* two */\nRLK_ERROR(B, 2, X, Y, "(b),")\n';
        assert.deepEqual(sentencesOf(source, ERROR_LIST), { 'error.A': 'It "is" so.', 'error.B': '(b),' });
        assert.deepEqual(sentencesOf('RLK_ACTION(A, "b")', ACTION_LIST), { 'action.A': 'b' });
    });

    for (const source of ['RLK_ERROR(A, 1, B, C)', 'RLK_ERROR(A, 1, B, "c")', 'RLK_ERROR(A, 1, B, C, "d", "e")', 'RLK_ERROR(A, 1, B, C, D "e")',
        'RLK_ACTION(A, "b")', 'RLK_ERROR(A, 1, B, C, "d"', 'RLK_ERROR(A, 1, B, C, "d"))', 'RLK_ERROR(A, 1, B, C, "d\\n")', '#define X',
        'RLK_ERROR(A, -1, B, C, "d")', 'RLK_ERROR(A, 1, B, C, "d")\nRLK_ERROR(A, 2, B, C, "d")', 'RLK_ERROR(A, 1, B, C, "d', '/* RLK_ERROR', 'A']) {
        it(`is not ${source.replaceAll('\n', ' ')}`, () => {
            assert.throws(() => sentencesOf(source, ERROR_LIST));
        });
    }
});
