// @ts-check
// check-tree.mjs: what no linter checks: who may include whom, lengths, invisible characters, dead links in documents.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const MAX_LINES = 500;
const FREESTANDING = ['stdint.h', 'stddef.h', 'stdbool.h', 'string.h'];

/** Which headers a folder's C files may include: <system> by name (null: any), "own" by where they are. First match. */
const C_LAYERS = [
    { folder: 'core/', system: FREESTANDING, own: ['core/include', 'core/src'] },
    { folder: 'sim/host/', system: FREESTANDING, own: ['sim/host', 'sim/include', 'core/include'] },
    { folder: 'sim/', system: FREESTANDING, own: ['sim/include', 'sim/src'] },
    { folder: 'cli/', system: null, own: ['cli/src', 'core/include', 'sim/include', 'sim/host'] },
    { folder: 'wasm-glue/', system: FREESTANDING, own: ['wasm-glue', 'core/include', 'sim/include'] },
    { folder: 'examples/', system: FREESTANDING, own: [] },
];

/** Which folders a folder's JavaScript may import from. */
const JS_LAYERS = [
    { folder: 'wasm-glue/', own: ['wasm-glue/'] },
    { folder: 'web/', own: ['web/', 'wasm-glue/'] },
    { folder: 'public/', own: ['public/', 'web/'] },
];

// Zero-width and direction marks, no-break space, byte order mark, control characters: what an editor does not show.
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;
// Signs that comments and messages may use; letters beyond ASCII in code are usually look-alikes.
const NOT_FOR_CODE = /[^\u0000-\u007f§°±²³µ·×ä-ÿÄ-ÜßπΣ–—‘’“”…→←↔≤≥≠≈−✓✗]/u; // eslint-disable-line no-control-regex

const TEXT_FILE = /\.(c|h|js|mjs|css|html|md|json|cmake|txt|py|sh|ld|svg|rules)$|^(scripts|\.ci)\/[^.]*$/;
const COUNTED_FILE = /\.(c|h|js|mjs|css|html|cmake|py|sh|json)$|^scripts\/[^.]*$/;
const CODE_FILE = /\.(c|h|cmake|py|sh|mjs)$|^scripts\/[^.]*$/;

/** @type {string[]} */
const problems = [];

/** @returns {string[]} every file that is, or could be, committed */
function listFiles() {
    const names = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' });
    return names.split('\n').filter((name) => name !== '' && existsSync(name));
}

/** @returns {Set<string>} the files that may be long */
function longFiles() {
    const lines = readFileSync('scripts/lib/long-files', 'utf8').split('\n');
    return new Set(lines.filter((line) => /^[^#].*: ./.test(line)).map((line) => line.split(':')[0]));
}

/**
 * @param {string} name
 * @param {string} text
 */
function checkIncludes(name, text) {
    const layer = C_LAYERS.find((entry) => name.startsWith(entry.folder));
    for (const [, mark, header] of layer ? text.matchAll(/^\s*#\s*include\s*([<"])([^>"]+)[>"]/gm) : []) {
        const allowed = mark === '<'
            ? layer?.system === null || layer?.system.includes(header)
            : [dirname(name), ...(layer?.own ?? [])].some((folder) => existsSync(join(folder, header)));
        if (!allowed) {
            problems.push(`${name}: must not include ${header}`);
        }
    }
}

/**
 * @param {string} name
 * @param {string} text
 */
function checkImports(name, text) {
    const layer = JS_LAYERS.find((entry) => name.startsWith(entry.folder));
    for (const [, target] of layer ? text.matchAll(/\b(?:from\s|import\s|import\()\s*['"]([^'"\s]+)['"]/g) : []) {
        const file = normalize(join(dirname(name), target));
        if (!target.startsWith('.') || !layer?.own.some((folder) => file.startsWith(folder))) {
            problems.push(`${name}: must not import ${target}`);
        }
    }
    if (!/^(#!.*\n)?\/\/ @ts-check\n/.test(text)) {
        problems.push(`${name}: does not begin with // @ts-check`);
    }
}

/**
 * @param {string} name
 * @param {string} text
 */
function checkCharacters(name, text) {
    text.split('\n').forEach((line, index) => {
        const found = INVISIBLE.exec(line) ?? (CODE_FILE.test(name) ? NOT_FOR_CODE.exec(line) : null);
        if (found) {
            const code = found[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
            problems.push(`${name}:${index + 1}: unexpected character U+${code}`);
        }
        if (/[ \t]$/.test(line)) {
            problems.push(`${name}:${index + 1}: space at the end of the line`);
        }
    });
}

/**
 * @param {string} name
 * @param {string} text
 */
function checkLinks(name, text) {
    const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
    for (const [, target] of prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)) {
        const path = decodeURIComponent(target.split(/[#?]/)[0]);
        if (path !== '' && !/^[a-z]+:/i.test(path) && !existsSync(join(dirname(name), path))) {
            problems.push(`${name}: links to ${target}, which is not there`);
        }
    }
}

/**
 * @param {string} name
 * @param {Set<string>} long the files that may be long
 */
function checkFile(name, long) {
    const text = readFileSync(name, 'utf8');
    const lines = text.split('\n').length - 1;
    if (COUNTED_FILE.test(name) && lines > MAX_LINES && !long.has(name)) {
        problems.push(`${name}: ${lines} lines, ${MAX_LINES} are allowed`);
    }
    if (!text.endsWith('\n')) {
        problems.push(`${name}: does not end with a newline`);
    }
    checkCharacters(name, text);
    if (/\.[ch]$/.test(name)) {
        checkIncludes(name, text);
    } else if (/\.m?js$/.test(name)) {
        checkImports(name, text);
    } else if (name.endsWith('.md')) {
        checkLinks(name, text);
    }
}

const files = listFiles().filter((name) => TEXT_FILE.test(name));
const allowed = longFiles();
files.forEach((name) => checkFile(name, allowed));
problems.forEach((problem) => console.error(problem));
console.log(`${files.length} files checked, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
