// @ts-check
// fill-document.mjs PROGRAM DOCUMENT [--check]: puts what PROGRAM prints between the marks in DOCUMENT.
// The last word of a mark is the program's argument: between "list of errors begin" and "… end" goes `PROGRAM errors`.
// Marks that begin with "help" are filled by describe-help.mjs instead, out of the page's own help.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HELP = fileURLToPath(new URL('describe-help.mjs', import.meta.url));
const BLOCK = /(<!-- ([\w ]+) begin -->\n)[\s\S]*?(<!-- \2 end -->)/g;

const [program, name, flag] = process.argv.slice(2);

/** @param {string} mark @returns {string} */
function fill(mark) {
    const topic = /** @type {string} */ (mark.split(' ').at(-1));
    const [file, ...args] = mark.startsWith('help ') ? [process.execPath, HELP, topic] : [program, topic];
    return execFileSync(file, args, { encoding: 'utf8' });
}

const before = readFileSync(name, 'utf8');
const after = before.replace(BLOCK, (_, begin, mark, end) =>
    `${begin}\n${fill(mark)}\n${end}`);
if (!BLOCK.test(before)) {
    console.error(`${name}: has no marks`);
    process.exitCode = 1;
} else if (after === before) {
    console.log(`${name}: up to date`);
} else if (flag === '--check') {
    console.error(`${name}: stale; scripts/docs-errors and scripts/director-graph write it`);
    process.exitCode = 1;
} else {
    writeFileSync(name, after);
    console.log(`${name}: written`);
}
