// @ts-check
// fill-document.mjs PROGRAM DOCUMENT [--check]: puts what PROGRAM prints between the marks in DOCUMENT.
// The last word of a mark is the program's argument: between "list of errors begin" and "… end" goes `PROGRAM errors`.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const BLOCK = /(<!-- ([\w ]+) begin -->\n)[\s\S]*?(<!-- \2 end -->)/g;

const [program, name, flag] = process.argv.slice(2);

const before = readFileSync(name, 'utf8');
const after = before.replace(BLOCK, (_, begin, mark, end) =>
    `${begin}\n${execFileSync(program, [mark.split(' ').at(-1)], { encoding: 'utf8' })}\n${end}`);
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
