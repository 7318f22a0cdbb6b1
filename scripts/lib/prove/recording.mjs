// @ts-check
/** The file that scripts/prove-on-hardware writes. Format: tests/proof/README.md. */

import { createHash, randomBytes } from 'node:crypto';

export const FORMAT = 'relock-proof 1';
const UNKNOWN = 'not known';
const REAL_TIMES = 'milliseconds since each run began, about 10 ms coarse';
const SIMULATED_TIMES = 'milliseconds, of no meaning: a simulated device passes its time at once';
const CRC_POLYNOMIAL = 0xedb88320;

/**
 * @typedef {{ ms: number, text: string }} Line
 * @typedef {{
 *   name: string, wish: string, journal: string, exit: number | string, tookMs: number, lines: Line[],
 *   protection?: string,
 * }} Section `protection`: of a look, what it found
 * @typedef {Record<string, any>} Findings of `relock info --json`
 * @typedef {{
 *   recorded: string, relock: string, revision: string, device: string, imageHash: string, way: string, reason: string,
 *   serial: string, findings: Findings | null, candidates: string[], notes: Record<string, string>,
 * }} About
 */

/** What a whole recording consists of, in this order; each must end proven. */
export const SECTIONS = ['info', 'update', 'update-again', 'update-from-level-1', 'info-again'];

/** @param {string} text */
export function sha256(text) {
    return createHash('sha256').update(text).digest('hex');
}

/** As zlib's. @param {string} text ASCII */
function crc32(text) {
    let crc = 0xffffffff;
    for (const byte of Buffer.from(text, 'latin1')) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) {
            crc = (crc >>> 1) ^ (crc & 1 ? CRC_POLYNOMIAL : 0);
        }
    }
    return (~crc >>> 0).toString(16).padStart(8, '0');
}

/** "proven OK", or "none" if relock itself was ended. @param {Section} section */
export function endingOf(section) {
    return /^> done (\S+ \S+)$/.exec(section.lines.at(-1)?.text ?? '')?.[1] ?? 'none';
}

/** @param {Section} section */
export function isProven(section) {
    return section.exit === 0 && endingOf(section).startsWith('proven ');
}

/** The journal's last entry that was kept, or "none". @param {Section[]} sections */
export function lastJournal(sections) {
    const lines = sections.flatMap((section) => section.lines.map((line) => line.text));
    const kept = lines.filter((line, index) => line.startsWith('> record ') && lines[index + 1] === '< ok');
    return kept.at(-1)?.slice('> record '.length) ?? 'none';
}

/** A serial number as a string descriptor spells it. @param {string} serial */
function asDescriptor(serial) {
    return [...Buffer.from(serial, 'utf16le')].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** @param {string} entry a journal entry, whose last word is the CRC of all before it */
function withNewCrc(entry) {
    const body = entry.slice(0, entry.lastIndexOf(' crc='));
    return `${body} crc=${crc32(body)}`;
}

/**
 * Other digits of the same length in place of the serial number, wherever it stands. They are drawn by lot: nobody can
 * get back from them.
 * @param {Section[]} sections
 * @param {string} serial
 */
export function replaceSerial(sections, serial) {
    const other = randomBytes(serial.length).toString('hex').toUpperCase().slice(0, serial.length);
    const replaceWord = (/** @type {string} */ text) =>
        text.includes(` serial=${serial} `) ? withNewCrc(text.replace(` serial=${serial} `, ` serial=${other} `)) : text;
    for (const section of sections) {
        section.journal = replaceWord(section.journal);
        for (const line of section.lines) {
            line.text = line.text.startsWith('> record ')
                ? `> record ${replaceWord(line.text.slice('> record '.length))}`
                : line.text.replaceAll(asDescriptor(serial), asDescriptor(other));
        }
    }
}

/** @param {Section[]} sections @param {string} family */
function isWhole(sections, family) {
    const names = sections.map((section) => (isProven(section) ? section.name : 'not proven'));
    const main = sections.find((section) => section.name === 'update-from-level-1');
    const unprotects = main?.lines.filter((line) => line.text === '> out 21 1 0 0 [92]').length;
    const isProtected = sections.at(-1)?.protection === 'level 1';
    return family !== UNKNOWN && unprotects === 1 && isProtected && names.join() === SECTIONS.join();
}

/** @param {Findings | null} findings */
function describeDevice(findings) {
    if (findings === null) {
        return { family: UNKNOWN, tier: UNKNOWN, rom: UNKNOWN, transferBytes: UNKNOWN, layout: UNKNOWN };
    }
    return {
        family: findings.candidates.length === 1 ? findings.chip.family : UNKNOWN,
        tier: findings.chip.tier,
        rom: `0x${findings.rom_version.toString(16).padStart(4, '0')}`,
        transferBytes: findings.transfer_bytes,
        layout: findings.layout,
    };
}

/** @param {About} about @param {Section[]} sections @returns {[string, string | number][]} */
function header(about, sections) {
    const { notes } = about;
    const { family, tier, rom, transferBytes, layout } = describeDevice(about.findings);
    return [
        ['recorded', about.recorded],
        ['relock', about.relock],
        ['revision', about.revision],
        ['device', about.device],
        ['family', family],
        ['candidates', about.candidates.join(', ') || 'none'],
        ['tier', tier],
        ['rom-version', rom],
        ['transfer-bytes', transferBytes],
        ['layout', layout],
        ['return', about.way],
        ['image', about.imageHash],
        ['serial', about.serial],
        ['times', about.device === 'real' ? REAL_TIMES : SIMULATED_TIMES],
        ['result', isWhole(sections, family) ? 'whole' : 'stopped'],
        ['reason', about.reason],
        ['chip', notes.chip],
        ['board', notes.board],
        ['enters-dfu', notes.entersDfu],
        ['computer', notes.computer],
        ['hub', notes.hub],
        ['remarks', notes.remarks],
    ];
}

/** @param {About} about @param {Section[]} sections @returns {string} the whole file */
export function writeRecording(about, sections) {
    const parts = sections.map((section) => {
        const head = [
            `section ${section.name}`,
            `wish: ${section.wish}`,
            `journal: ${section.journal}`,
            `exit: ${section.exit}`,
            `ending: ${endingOf(section)}`,
            `took: ${(section.tookMs / 1000).toFixed(1)} s`,
            `lines: ${section.lines.length}`,
        ];
        return `\n${[...head, ...section.lines.map(({ ms, text }) => `${ms} ${text}`)].join('\n')}\n`;
    });
    const lines = header(about, sections).map(([key, value]) => `${key}: ${value}`);
    const whole = `${FORMAT}\n${lines.join('\n')}\n${parts.join('')}`;
    return `${whole}sha256: ${sha256(whole)}\n`;
}
