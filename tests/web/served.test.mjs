// @ts-check
// What is served is what is in the repository, without comments and indentation.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { readCoreTexts } from '../../scripts/lib/core-texts.mjs';
import { stripComments } from '../../scripts/lib/strip-comments.mjs';
import { SITE } from './support.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMPLETED = 'texts/en/errors.js';
const FOLDERS = [['web', 'web'], ['wasm-glue', 'wasm-glue'], ['public', '.']];

/** @param {string} folder @returns {string[]} the scripts below it */
function scripts(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory()
        ? scripts(join(folder, entry.name)).map((name) => join(entry.name, name))
        : entry.name.endsWith('.js') ? [entry.name] : []));
}

/** @param {string} source @returns {string} the program alone */
function program(source) {
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true };
    return ts.transpileModule(source, { compilerOptions }).outputText;
}

describe('every script of the page', () => {
    for (const [from, to] of FOLDERS) {
        it(`in ${from} is served as the same program`, () => {
            const names = scripts(join(ROOT, from));
            assert.ok(names.length > 0);
            for (const name of names.filter((one) => one !== COMPLETED)) {
                const served = readFileSync(join(SITE, to, name), 'utf8');
                assert.equal(program(served), program(readFileSync(join(ROOT, from, name), 'utf8')), name);
                assert.doesNotMatch(served, /^\s*\/[/*]/m, name);
            }
        });
    }
});

describe('the English errors', () => {
    it('are served with the core’s sentences, but where the page has its own', async () => {
        const [served, own] = await Promise.all([`${SITE}/web/${COMPLETED}`, `${ROOT}/web/${COMPLETED}`].map(async (file) =>
            (await import(pathToFileURL(file).href)).TEXTS));
        assert.deepEqual(served, { ...readCoreTexts(), ...own });
    });
});

describe('comments', () => {
    it('go, and code behind them stays', () => {
        assert.equal(stripComments('// a\n/** b */\n/**\n * c\n */\nconst d = 1; // e\n\n    /** f */ (g)();\n    h(/** @type {i} */ (j));\n'),
            'const d = 1; // e\n(g)();\nh((j));\n');
    });
});

/** @param {string} path @param {Set<string>} found what it imports, directly or not, before it runs */
function follow(path, found) {
    if (!found.has(path)) {
        found.add(path);
        for (const [, target] of readFileSync(join(ROOT, path), 'utf8').matchAll(/^(?:import|export)[^;]*?from '([^']+)';/gm)) {
            follow(join(dirname(path), target), found);
        }
    }
    return found;
}

describe('index.html', () => {
    it('names all that the first screen imports, so that nothing waits for its importer', () => {
        const page = readFileSync(join(SITE, 'index.html'), 'utf8');
        const named = [...page.matchAll(/<link rel="modulepreload" href="([^"]+)">/g)].map((match) => match[1]);
        assert.deepEqual(['web/main.js', ...named], [...follow('web/main.js', new Set())]);
    });
});
