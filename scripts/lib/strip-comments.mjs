// @ts-check
// strip-comments.mjs FOLDER: takes comments and indentation out of every script below FOLDER: half of what a visitor
// would load. Comments at the end of a line stay. tests/web/served.test.mjs compares the programs.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WHOLE_LINE = /^\s*\/\//;
const BLOCK_BEGIN = /^\s*\/\*/;
const BLOCK_END = /^.*?\*\/\s*/;
const CAST = /\/\*\* @(?:type|param) [^*]*\*\/ /g; // JSDoc in the middle of a line

/**
 * @param {string} source of a script, in the style of this project: no text has several lines, or a comment in it
 * @returns {string} the same program
 */
export function stripComments(source) {
    let isInside = false;
    const kept = source.split('\n').flatMap((line) => {
        isInside ||= BLOCK_BEGIN.test(line);
        if (isInside && !BLOCK_END.test(line)) {
            return [];
        }
        const rest = (isInside ? line.replace(BLOCK_END, '') : line).replaceAll(CAST, '').trimStart();
        isInside = false;
        return rest === '' || WHOLE_LINE.test(rest) ? [] : [rest];
    });
    return `${kept.join('\n')}\n`;
}

/** @param {string} folder */
function stripFolder(folder) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
            stripFolder(path);
        } else if (entry.name.endsWith('.js')) {
            const source = readFileSync(path, 'utf8');
            const stripped = stripComments(source);
            if (stripped !== source) {
                writeFileSync(path, stripped);
            }
        }
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    stripFolder(process.argv[2]);
}
