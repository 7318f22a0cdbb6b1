// @ts-check
// texts.mjs [--accept LANGUAGE KEY…]: what is missing, stale or unknown in the page's translations; see scripts/texts.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { LANGUAGES } from '../../web/texts/languages.js';
import { readCoreTexts } from './core-texts.mjs';

export const PARTS = ['start', 'link', 'work', 'help', 'tree', 'report', 'errors'];
export const ENGLISH = LANGUAGES[0].tag;
export const TRANSLATED = LANGUAGES.slice(1).map(({ tag }) => tag);

const ROOT = new URL('../../', import.meta.url);
const NOTED = fileURLToPath(new URL('web/texts/translated-from.json', ROOT));
const COUNTS = Array.from({ length: 10000 }, (_, count) => count); // as many as the page ever counts

/** @typedef {Record<string, string>} Texts by key */
/** @typedef {{key: string, what: 'missing' | 'stale' | 'unknown'}} Problem */

/** @param {string} tag @param {string} part @returns {Promise<Texts>} none if there is no such file */
async function readPart(tag, part) {
    const file = fileURLToPath(new URL(`web/texts/${tag}/${part}.js`, ROOT));
    return existsSync(file) ? (await import(pathToFileURL(file).href)).TEXTS : {};
}

/**
 * @param {string} tag of a language; in English the core's sentences count where the page has no words of its own
 * @returns {Promise<Map<string, Texts>>} by part
 */
export async function readTexts(tag) {
    const core = tag === ENGLISH ? readCoreTexts() : {};
    const parts = await Promise.all(PARTS.map(async (part) =>
        /** @type {[string, Texts]} */ ([part, { ...(part === 'errors' ? core : {}), ...await readPart(tag, part) }])));
    return new Map(parts);
}

/** @param {Map<string, Texts>} parts @returns {Texts} */
export function flat(parts) {
    return Object.assign({}, ...parts.values());
}

/** @returns {Record<string, Texts>} of each language: by key, the hash of the English that it was translated from */
export function readNoted() {
    return existsSync(NOTED) ? JSON.parse(readFileSync(NOTED, 'utf8')) : {};
}

/** @param {string} tag @returns {string[]} the plural forms that numbers have in a language */
export function pluralForms(tag) {
    const rules = new Intl.PluralRules(tag);
    return [...new Set(COUNTS.map((count) => rules.select(count)))];
}

/**
 * What a translation has to say.
 * @param {string} tag @param {Texts} english
 * @returns {Map<string, string>} by key, the English that it is translated from; of a plural all forms, in one
 */
export function wantedTexts(tag, english) {
    const wanted = new Map();
    for (const [key, text] of Object.entries(english)) {
        const base = key.replace(/\.(one|other)$/, '');
        if (base !== key && `${base}.one` in english && `${base}.other` in english) {
            for (const form of pluralForms(tag)) {
                wanted.set(`${base}.${form}`, `${english[`${base}.one`]}\n${english[`${base}.other`]}`);
            }
        } else {
            wanted.set(key, text);
        }
    }
    return wanted;
}

/** @param {string} text @returns {string} */
export function shortHash(text) {
    return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/**
 * @param {Map<string, string>} wanted @param {Texts} texts the translation @param {Texts} noted what it was made from
 * @returns {Problem[]}
 */
export function findProblems(wanted, texts, noted) {
    /** @type {Problem[]} */
    const problems = [];
    for (const [key, english] of wanted) {
        if (!(key in texts)) {
            problems.push({ key, what: 'missing' });
        } else if (noted[key] !== shortHash(english)) {
            problems.push({ key, what: 'stale' });
        }
    }
    return [...problems, ...Object.keys(texts).filter((key) => !wanted.has(key)).map((key) =>
        ({ key, what: /** @type {const} */ ('unknown') }))];
}

/**
 * Notes that texts are translations of the present English.
 * @param {string} tag @param {string[]} keys @param {Map<string, string>} wanted @param {Texts} texts
 * @throws {Error} for a key that is none, or that has no translation
 */
function accept(tag, keys, wanted, texts) {
    const noted = readNoted();
    const mine = { ...noted[tag] };
    for (const key of keys) {
        const english = wanted.get(key);
        if (english === undefined || !(key in texts)) {
            throw new Error(`${tag} has no text ${key}`);
        }
        mine[key] = shortHash(english);
    }
    const kept = Object.keys(mine).filter((key) => wanted.has(key)).sort();
    noted[tag] = Object.fromEntries(kept.map((key) => [key, mine[key]]));
    const ordered = TRANSLATED.filter((one) => one in noted).map((one) => [one, noted[one]]);
    writeFileSync(NOTED, `${JSON.stringify(Object.fromEntries(ordered), null, 1)}\n`);
}

/** @param {string[]} words of the command line */
async function main(words) {
    const english = flat(await readTexts(ENGLISH));
    const [flag, tag, ...keys] = words;
    if (flag === '--accept') {
        if (!TRANSLATED.includes(tag) || keys.length === 0) {
            throw new Error(`--accept needs one of ${TRANSLATED.join(', ')}, and keys`);
        }
        accept(tag, keys, wantedTexts(tag, english), flat(await readTexts(tag)));
        return;
    }
    const noted = readNoted();
    let count = 0;
    for (const one of TRANSLATED) {
        const wanted = wantedTexts(one, english);
        for (const { key, what } of findProblems(wanted, flat(await readTexts(one)), noted[one] ?? {})) {
            count += 1;
            console.log(`${one}\t${what}\t${key}\t${(wanted.get(key) ?? '').replace('\n', ' | ')}`);
        }
    }
    console.log(count === 0 ? 'All texts are translated.' : `${count} to do.`);
    process.exitCode = count === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    main(process.argv.slice(2)).catch((error) => {
        console.error(`texts: ${error.message}`);
        process.exitCode = 2;
    });
}
