// @ts-check
// The page's words in the reader's language: texts by key, plurals, numbers, and the core's errors and actions by name.
// What is said is in texts/LANGUAGE/PART.js; docs/translating.md tells how to change it.
import { LANGUAGES } from './texts/languages.js';

export { LANGUAGES };

/** @typedef {import('./texts/languages.js').Language} Language */
/** @typedef {'start' | 'link' | 'work' | 'help' | 'tree' | 'report' | 'errors'} Part one file per language */
/** @typedef {Record<string, string | number>} Values of placeholders */

const BYTES_PER_KIB = 1024;
const [ISOLATE, END_ISOLATE] = ['\u2068', '\u2069'];

/** @param {Language} entry what is needed to speak it, with no texts yet */
const speaker = (entry) => ({
    entry,
    /** @type {Map<string, string>} */
    texts: new Map(),
    plurals: new Intl.PluralRules(entry.tag),
    numbers: new Intl.NumberFormat(entry.tag, { useGrouping: false, maximumFractionDigits: 1 }),
    lists: new Intl.ListFormat(entry.tag, { type: 'conjunction', style: 'narrow' }),
});

let now = speaker(LANGUAGES[0]);
let wanted = LANGUAGES[0].tag;

/** @type {Values} placeholders that every text may have */
const everywhere = { brand: 'Relock' };

/** @type {Set<Part>} what is, or will be, loaded */
const asked = new Set();

/** @param {string} tag @param {Part} part @returns {Promise<{TEXTS: Record<string, string>}>} */
const importPart = (tag, part) => import(`./texts/${tag}/${part}.js`);

/** @param {string} tag @param {Part} part @returns {Promise<Record<string, string>>} English if there is no other */
async function fetchPart(tag, part) {
    const { TEXTS } = await importPart(tag, part).catch((error) => {
        if (tag === LANGUAGES[0].tag) {
            throw error;
        }
        return importPart(LANGUAGES[0].tag, part);
    });
    return TEXTS;
}

/** @param {readonly Part[]} parts @returns {Part[]} those that nobody has asked for before; they are asked for now */
function askFor(parts) {
    const fresh = parts.filter((part) => !asked.has(part));
    fresh.forEach((part) => asked.add(part));
    return fresh;
}

/** @param {ReturnType<typeof speaker>} speaking @param {Record<string, string>[]} loaded */
function learn({ texts }, loaded) {
    loaded.flatMap(Object.entries).forEach(([key, text]) => texts.set(key, unbreakable(text)));
}

/** @param {string} tag @returns {Promise<Record<string, string>[]>} all parts that are asked for by then */
async function fetchAll(tag) {
    for (;;) {
        const parts = [...asked];
        const loaded = await Promise.all(parts.map((part) => fetchPart(tag, part)));
        if (parts.length === asked.size) {
            return loaded;
        }
    }
}

/**
 * Loads parts of a language, once, and speaks it from then on; what was asked for in another one is loaded in this one
 * too. If another language is asked for meanwhile, that one counts, and is waited for.
 * @param {string} tag of one of LANGUAGES
 * @param {readonly Part[]} parts
 * @returns {Promise<void>} rejects if neither they nor the English ones can be loaded; what was spoken is spoken on
 */
export async function loadTexts(tag, parts) {
    const entry = LANGUAGES.find((one) => one.tag === tag) ?? LANGUAGES[0];
    wanted = entry.tag;
    const fresh = askFor(parts);
    try {
        const loaded = await fetchAll(entry.tag);
        if (wanted !== entry.tag) {
            await loadTexts(wanted, []);
            return;
        }
        now = now.entry === entry ? now : speaker(entry);
        learn(now, loaded);
    } catch (error) {
        fresh.forEach((part) => asked.delete(part));
        wanted = now.entry.tag;
        throw error;
    }
}

/**
 * Loads more parts of the language that is spoken, or of the one that is being switched to.
 * @param {readonly Part[]} parts
 * @returns {Promise<void>} rejects as loadTexts does
 */
export function addTexts(parts) {
    return loadTexts(wanted, parts);
}

/**
 * Loads more parts of the language that is spoken now. If another one is on its way, it comes with them; nothing waits
 * for that.
 * @param {readonly Part[]} parts
 * @returns {Promise<void>} rejects as loadTexts does
 */
export async function addTextsNow(parts) {
    const speaking = now;
    const fresh = askFor(parts);
    try {
        learn(speaking, await Promise.all(parts.map((part) => fetchPart(speaking.entry.tag, part))));
    } catch (error) {
        fresh.forEach((part) => asked.delete(part));
        throw error;
    }
}

/** French sets spaces before its marks, and no line may break there. @param {string} text @returns {string} */
function unbreakable(text) {
    return text.replaceAll(/ (?=[:;?!»])|(?<=«) /g, '\u00a0');
}

/** @returns {string} the tag of the language that is spoken */
export function language() {
    return now.entry.tag;
}

/** @returns {'ltr' | 'rtl'} of its script */
export function direction() {
    return now.entry.direction;
}

/** @param {string} brand whose page this is; texts that are on the screen already stay as they are */
export function setBrand(brand) {
    everywhere.brand = brand;
}

/** @param {string} key @returns {boolean} whether there is such a text, in the parts that are loaded */
export function hasText(key) {
    return now.texts.has(key);
}

/**
 * A text in the reader's language.
 * @param {string} key `area.what`
 * @param {Values} [values] of its placeholders `{name}` but {brand}; numbers are written as the language writes them
 * @returns {string} the key itself if there is no such text: a mistake of ours, and told on the console
 * @throws {Error} instead, where there is no page: in tests
 */
export function t(key, values = {}) {
    const text = now.texts.get(key);
    const known = { ...everywhere, ...values };
    return text === undefined ? missing(key)
        : text.replaceAll(/\{(\w+)\}/g, (_, name) => (name in known ? shown(known[name]) : missing(`${key}{${name}}`)));
}

/**
 * A text that depends on a number.
 * @param {string} key of which there are `key.one`, `key.other`, and what else the language needs
 * @param {number} count also the placeholder `{count}`
 * @param {Values} [values]
 * @returns {string} as t
 */
export function tn(key, count, values = {}) {
    const exact = `${key}.${now.plurals.select(count)}`;
    return t(hasText(exact) ? exact : `${key}.other`, { count, ...values });
}

/** @param {string} key @param {string} [instead] @returns {string} what is shown in its place */
function missing(key, instead = key) {
    if (typeof document === 'undefined') {
        throw new Error(`There is no text ${key} in ${language()}; is its part loaded?`);
    }
    console.error(`no text: ${key}`);
    return instead;
}

/** Names and addresses keep their own direction in a right-to-left text. @param {string | number} value */
function shown(value) {
    const text = typeof value === 'number' ? now.numbers.format(value) : value;
    return direction() === 'rtl' ? `${ISOLATE}${text}${END_ISOLATE}` : text;
}

/** @param {readonly string[]} items @returns {string} as one enumeration */
export function list(items) {
    return now.lists.format(items);
}

/** @param {string} kind @param {string} name @returns {string} the name itself if there are no words for it */
const coreText = (kind, name) => now.texts.get(`${kind}.${name}`) ?? missing(`${kind}.${name}`, name);

/** @param {{name: string}} error of the core @returns {string} what happened */
export const errorText = ({ name }) => coreText('error', name);

/** @param {{name: string}} action of the core @returns {string} what to do next, in words for this page */
export const actionText = ({ name }) => coreText('action', name);

/** @param {Part} part @returns {Promise<Record<string, string>>} in English, by key. Rejects if they cannot be had */
export const readEnglish = (part) => fetchPart(LANGUAGES[0].tag, part);

/** @param {string} tag @returns {string} language and script, so that zh-CN is zh-Hans and zh-TW is not */
function likely(tag) {
    try {
        const { language: name, script } = new Intl.Locale(tag).maximize();
        return `${name}-${script}`;
    } catch {
        return ''; // not a tag
    }
}

/**
 * @param {string | null} ask of the link, if it asks
 * @param {readonly string[]} siteLanguages tags that the site offers, its own first
 * @param {readonly string[]} preferred by the browser, as navigator.languages
 * @returns {string} the tag of one of LANGUAGES: English if the site offers none of them
 */
export function chooseLanguage(ask, siteLanguages, preferred) {
    const known = LANGUAGES.map(({ tag }) => tag);
    const offered = siteLanguages.flatMap((tag) => known.find((one) => likely(one) === likely(tag)) ?? []);
    const wishes = [...(ask === null ? [] : [ask]), ...preferred];
    const found = wishes.map((wish) => offered.find((tag) => likely(tag) === likely(wish))).find(Boolean);
    return found ?? offered[0] ?? LANGUAGES[0].tag;
}

/** @param {number} ms @returns {string} a time for people, rounded so that it does not jitter */
export function duration(ms) {
    const all = Math.ceil(ms / 1000);
    if (all < 60) {
        return tn('duration.seconds', all);
    }
    const minutes = Math.floor(all / 60);
    const seconds = Math.floor((all % 60) / 10) * 10;
    return seconds > 0 ? t('duration.minutesSeconds', { minutes, seconds }) : t('duration.minutes', { minutes });
}

/** @param {number} bytes @returns {string} */
export function size(bytes) {
    if (bytes < BYTES_PER_KIB) {
        return tn('size.bytes', bytes);
    }
    const kib = bytes / BYTES_PER_KIB;
    return kib < BYTES_PER_KIB || kib % BYTES_PER_KIB !== 0 ? t('size.kib', { number: kib })
        : t('size.mib', { number: kib / BYTES_PER_KIB });
}

/** @param {number} number @param {number} [digits] @returns {string} the same in every language */
export function hex(number, digits = 8) {
    return `0x${number.toString(16).toUpperCase().padStart(digits, '0')}`;
}
