// @ts-check
// check-wasm.mjs FILE...: fails if a wasm file imports anything or exports nothing of its own.
import { readFile } from 'node:fs/promises';

const RUNTIME_EXPORTS = new Set(['memory', '_initialize']);

/**
 * @param {string} path a wasm file
 * @returns {Promise<string[]>} what is wrong with it, one line each
 */
async function problems(path) {
    const module = new WebAssembly.Module(Uint8Array.from(await readFile(path)));
    const found = WebAssembly.Module.imports(module).map((entry) => `imports ${entry.module}.${entry.name}`);
    const own = WebAssembly.Module.exports(module).filter((entry) => !RUNTIME_EXPORTS.has(entry.name));
    return own.length > 0 ? found : [...found, 'exports nothing of its own'];
}

for (const path of process.argv.slice(2)) {
    for (const problem of await problems(path)) {
        console.error(`${path}: ${problem}`);
        process.exitCode = 1;
    }
}
