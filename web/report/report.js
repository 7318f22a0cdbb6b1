// @ts-check
// A report of what happened: for the maker, without firmware. docs/report-format.md is its specification.
import { RelockError } from '../../wasm-glue/values.js';
import { errorText, hasText, t } from '../texts.js';

/** @typedef {import('../job/transcript.js').Session} Session */
/** @typedef {import('../job/transcript.js').Transcript} Transcript */

export const FORMAT = 'relock-report-1';
export const REPORT_BYTES_MAX = 16 * 1024 * 1024;
const LINES_MAX = 60000;
const SEND_MS = 30000;
const STRING_DESCRIPTOR = 768;
const USUAL_SERIAL_INDEX = 3;
const SERIAL_INDEX_AT = 16;

/**
 * What a report is made of, besides the transcript.
 * @typedef {object} Circumstances
 * @property {Date} now
 * @property {{version: string, wasm: string, address: string}} page '' for what is not known
 * @property {{platform: string, agent: string}} browser
 * @property {string} language
 * @property {boolean} isSimulated
 * @property {string} ticket
 * @property {ReleaseFacts | null} release null if a file was written
 * @property {import('../../wasm-glue/values.js').ErrorText} [error] that no session has met: none began, or it stands
 * before the next one
 * @property {Record<string, string>} english texts of errors, by key; where there is none, the reader's language does
 */
/**
 * @typedef {object} ReleaseFacts
 * @property {string} name
 * @property {string} product
 * @property {string} version
 * @property {number} sequence
 * @property {string | null} key that it is signed with; null if it is not signed
 * @property {string} sha256 of release.json
 */

/** @typedef {Record<string, any>} Report as JSON holds it */

/** @param {Session} session @returns {Report} */
function deviceOf({ end }) {
    const found = end?.found;
    return found ? {
        family: found.chipIsKnown ? found.chip : '', devices: found.devices, product: found.product, serial: found.serial,
        usb: { vendor: found.vendorId, product: found.productId, version: found.bcdDevice },
        flash: { addr: found.flashAddr, bytes: found.flashBytes, layout: found.flashString },
        transfer_bytes: found.transferBytes,
    } : {};
}

/** @param {Session} session @returns {Report} */
const sessionFacts = ({ job, begun, lines, stages, end }) => ({
    job, begun, ending: end?.ending ?? '', protection: end?.found.protection ?? 'unknown',
    options: end?.found.options.map(({ name, value }) => ({ field: name, value })) ?? [],
    steps: stages.map(({ stage, startMs, endMs }) => ({ stage, start_ms: startMs, end_ms: endMs })),
    lines: lines.map(([ms, line]) => `${ms} ${line}`),
});

/**
 * @param {import('../../wasm-glue/values.js').ErrorText} error @param {number | null} session its index; null: none
 * @param {Record<string, string>} english
 * @returns {Report}
 */
const errorFacts = (error, session, english) => ({ session, code: error.code, name: error.name,
    sentence: english[`error.${error.name}`] ?? errorText(error), action: error.action.name });

/** @param {Session} session @param {number} index @param {Record<string, string>} english @returns {Report[]} */
function errorsOf({ end }, index, english) {
    if (!end?.error) {
        return [];
    }
    const { fault } = end;
    const place = fault?.error.name === end.error.name
        ? { stage: fault.stage, addr: fault.addr ?? 0, field: fault.field, dfu_state: fault.dfuState,
            dfu_status: fault.dfuStatus } : {};
    return [{ ...errorFacts(end.error, index, english), ...place }];
}

/** @param {Session[]} sessions @returns {Session[]} the last one, and those before it as there is room for them */
function lastOf(sessions) {
    const [last, ...older] = [...sessions].reverse();
    let lines = last?.lines.length ?? 0;
    const end = older.findIndex((session) => {
        lines += session.lines.length;
        return session.isDropped || lines > LINES_MAX;
    });
    return sessions.slice(end < 0 ? 0 : older.length - end);
}

/**
 * @param {Session[]} sessions
 * @returns {{before: string, after: string}} a look changes nothing, so it tells of before
 */
function protectionOf(sessions) {
    const found = (/** @type {Session | undefined} */ session) => session?.end?.found.protection ?? 'unknown';
    const [first] = sessions;
    return { before: first?.job === 'look' ? found(first) : 'unknown', after: found(sessions[sessions.length - 1]) };
}

/**
 * @param {Transcript} transcript
 * @param {Circumstances} circumstances
 * @returns {Report} with the device's serial number
 */
export function makeReport(transcript, { now, page, browser, language, isSimulated, ticket, release, error, english }) {
    const sessions = lastOf(transcript.sessions);
    const last = sessions[sessions.length - 1];
    return {
        format: FORMAT, created: now.toISOString(), language, simulated: isSimulated, page, browser, ticket, release,
        device: last ? deviceOf(last) : {},
        protection: protectionOf(transcript.sessions),
        ending: last?.end?.ending ?? '',
        errors: [...sessions.flatMap((session, index) => errorsOf(session, index, english)),
            ...(error ? [errorFacts(error, null, english)] : [])],
        cut: transcript.isCut || sessions.length < transcript.sessions.length,
        sessions: sessions.map(sessionFacts),
    };
}

/** @param {string} line of a transcript @returns {string[]} what stands between its brackets */
const bytesIn = (line) => /\[([0-9a-f ]*)\]/.exec(line)?.[1].split(' ') ?? [];

/** @param {string} line an answer that is a string descriptor @returns {string} with each of its characters an X */
function blotted(line) {
    const bytes = bytesIn(line);
    return line.replace(/\[.*\]/, `[${bytes.map((byte, at) => (at < 2 ? byte : at % 2 === 0 ? '58' : '00')).join(' ')}]`);
}

/** @param {string[]} lines each with its time @returns {string[]} without the serial number */
function withoutSerialIn(lines) {
    let [index, asked] = [USUAL_SERIAL_INDEX, ''];
    return lines.map((line) => {
        if (line.includes(' > ')) {
            asked = line.slice(line.indexOf('> '));
            return asked.startsWith('> record ') ? line.replace(/ serial=\S*/, ' serial=-').replace(/ crc=\S*/, ' crc=-') : line;
        }
        const bytes = bytesIn(line);
        if (asked === '> in 80 6 256 0 18' && bytes.length > SERIAL_INDEX_AT) {
            index = Number.parseInt(bytes[SERIAL_INDEX_AT], 16);
        }
        return asked.startsWith(`> in 80 6 ${STRING_DESCRIPTOR + index} `) ? blotted(line) : line;
    });
}

/** @param {Report} report @returns {Report} the same without the serial number of the device */
export function withoutSerial(report) {
    return { ...report, device: { ...report.device, serial: '' },
        sessions: report.sessions.map((/** @type {Report} */ session) =>
            ({ ...session, lines: withoutSerialIn(session.lines) })) };
}

/** @param {string} stage @returns {string} in the reader's words */
const stageWords = (stage) => (hasText(`stage.${stage}`) ? t(`stage.${stage}`) : stage);

/** @param {number} ms @returns {string} 12.3 s: short, and the same in every language */
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** @param {string} protection */
const protectionWords = (protection) => t(`device.protection.${protection}`);

/** @param {ReleaseFacts | null} release @returns {string[]} */
function releaseLines(release) {
    return release ? [t('report.text.release', { product: release.product, version: release.version, sequence: release.sequence }),
        release.key ? t('report.text.signed', { key: release.key }) : t('report.text.unsigned')] : [];
}

/**
 * The report for people, in the language that is spoken.
 * @param {Report} report
 * @returns {string[]} lines
 */
export function reportText(report) {
    const { page, device, protection, sessions } = report;
    const unknown = t('report.text.unknown');
    return [
        t('report.text.head'), ...(report.simulated ? [t('report.text.simulated')] : []),
        t('report.text.created', { time: report.created }), ...releaseLines(report.release),
        ...(report.ticket ? [t('report.text.ticket', { ticket: report.ticket })] : []),
        t('report.text.page', { version: page.version || unknown, wasm: page.wasm.slice(0, 16) || unknown }),
        t('report.text.browser', { agent: report.browser.agent }),
        t('report.text.device', { chip: device.devices || device.product || unknown }),
        ...(device.serial ? [t('report.text.serial', { serial: device.serial })] : []),
        t('report.text.protection', { before: protectionWords(protection.before), after: protectionWords(protection.after) }),
        ...sessions.flatMap((/** @type {Report} */ session) => session.steps.map((/** @type {Report} */ step) =>
            t('report.text.step', { time: seconds(step.start_ms), stage: stageWords(step.stage) }))),
        ...report.errors.map((/** @type {Report} */ { code, name, sentence }) => t('report.text.error', { code, name, sentence })),
        report.ending ? t('report.text.ending', { ending: report.ending }) : t('report.text.noEnding'),
    ];
}

/** @param {Report} report @returns {string} the file: the text for people first */
export function reportFile(report) {
    return `${JSON.stringify({ format: report.format, summary: reportText(report), ...report }, null, 1)}\n`;
}

/** @param {Report} report @returns {string} a name for the file */
export function reportName({ release, created }) {
    return `relock-report-${release ? `${release.name}-` : ''}${created.slice(0, 19).replaceAll(/[^0-9T]/g, '')}.json`;
}

/**
 * Sends a report to the maker. Only after the visitor has agreed to this one.
 * @param {string} address as the site fixes it
 * @param {string} file
 * @param {typeof globalThis.fetch} [fetch]
 * @throws {RelockError} REPORT_NOT_SENT; nothing is known of what arrived
 */
export async function sendReport(address, file, fetch = globalThis.fetch.bind(globalThis)) {
    const body = new Blob([file], { type: 'application/json' });
    if (body.size > REPORT_BYTES_MAX) {
        throw new RelockError('REPORT_NOT_SENT');
    }
    try {
        const answer = await fetch(address, { method: 'POST', body, mode: 'cors', credentials: 'omit', redirect: 'error',
            referrerPolicy: 'no-referrer', cache: 'no-store', signal: AbortSignal.timeout(SEND_MS) });
        if (!answer.ok) {
            throw new RelockError('REPORT_NOT_SENT', { status: answer.status });
        }
    } catch (error) {
        throw error instanceof RelockError ? error : new RelockError('REPORT_NOT_SENT');
    }
}
