// @ts-check
// core-texts.mjs FILE: puts the core's English sentences into the served texts/en/errors.js; what stands there already,
// for this page, counts.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const LISTS = new URL('../../core/include/relock/', import.meta.url);
const TOKEN = /\s+|\/\*[\s\S]*?\*\/|(?<word>\w+)|"(?<text>(?:[^"\\\n]|\\["\\])*)"|(?<mark>[(),])/gy;

/** What stands between the brackets of a call, by token: w a word, t a text. */
export const ERROR_LIST = { macro: 'RLK_ERROR', kind: 'error', shape: /^w,w,w,w,t+$/ };
export const ACTION_LIST = { macro: 'RLK_ACTION', kind: 'action', shape: /^w,t+$/ };

/** @typedef {typeof ERROR_LIST} List */
/** @typedef {{kind: 'w' | 't' | 'm', text: string}} Token */

/** @param {string} source @returns {Token[]} without comments @throws {Error} at what is none */
function tokensOf(source) {
    const tokens = [];
    let end = 0;
    for (const { 0: all, index, groups } of source.matchAll(TOKEN)) {
        end = index + all.length;
        const { word, text, mark } = groups ?? {};
        if (word !== undefined) {
            tokens.push({ kind: /** @type {const} */ ('w'), text: word });
        } else if (text !== undefined) {
            tokens.push({ kind: /** @type {const} */ ('t'), text: text.replaceAll(/\\(.)/g, '$1') });
        } else if (mark !== undefined) {
            tokens.push({ kind: /** @type {const} */ ('m'), text: mark });
        }
    }
    if (end !== source.length) {
        throw new Error(`line ${source.slice(0, end).split('\n').length} is neither a comment nor a call`);
    }
    return tokens;
}

/**
 * @param {string} source of error_list.h or action_list.h @param {List} list
 * @returns {Record<string, string>} sentences by key, `error.NAME`
 * @throws {Error} for anything but comments and calls of the list's macro
 */
export function sentencesOf(source, { macro, kind, shape }) {
    const tokens = tokensOf(source);
    /** @type {Record<string, string>} */
    const found = {};
    while (tokens.length > 0) {
        const close = tokens.findIndex(({ kind: one, text }) => one === 'm' && text === ')');
        const [name, open, ...inside] = tokens.splice(0, close + 1).slice(0, -1);
        const form = inside.map((token) => (token.kind === 'm' ? token.text : token.kind)).join('');
        const key = `${kind}.${inside[0]?.text}`;
        if (name?.text !== macro || open?.text !== '(' || !shape.test(form) || key in found) {
            throw new Error(`${key} is not a call of ${macro} like the others`);
        }
        found[key] = inside.filter((token) => token.kind === 't').map(({ text }) => text).join('');
    }
    return found;
}

/** @returns {Record<string, string>} what the core says of its errors and actions, by key */
export function readCoreTexts() {
    const read = (/** @type {string} */ name) => readFileSync(new URL(name, LISTS), 'utf8');
    return { ...sentencesOf(read('error_list.h'), ERROR_LIST), ...sentencesOf(read('action_list.h'), ACTION_LIST) };
}

/** @param {string} file a part in English */
async function complete(file) {
    const { TEXTS } = await import(pathToFileURL(file).href);
    const lines = Object.entries({ ...readCoreTexts(), ...TEXTS })
        .map(([key, text]) => `${JSON.stringify(key)}: ${JSON.stringify(text)},\n`);
    writeFileSync(file, `export const TEXTS = {\n${lines.join('')}};\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    await complete(process.argv[2]);
}
