// @ts-check
// write-schemas.mjs PROGRAM FOLDER [--check]: writes FOLDER/KIND.schema.json for each kind of document that
// `PROGRAM schema` names. --check: changes nothing; fails if one is stale, or if there is one of no kind.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [program, folder, flag] = process.argv.slice(2);

/** @param {string[]} words */
const describe = (...words) => execFileSync(program, ['schema', ...words], { encoding: 'utf8' });

mkdirSync(folder, { recursive: true });
const names = describe().trim().split('\n').map((kind) => `${kind}.schema.json`);
for (const name of names) {
    const file = join(folder, name);
    const schema = describe(name.split('.')[0]);
    if (existsSync(file) && readFileSync(file, 'utf8') === schema) {
        console.log(`${file}: up to date`);
    } else if (flag === '--check') {
        console.error(`${file}: stale; scripts/docs-schema writes it`);
        process.exitCode = 1;
    } else {
        writeFileSync(file, schema);
        console.log(`${file}: written`);
    }
}
for (const name of readdirSync(folder).filter((found) => !names.includes(found))) {
    console.error(`${join(folder, name)}: is the schema of nothing`);
    process.exitCode = 1;
}
