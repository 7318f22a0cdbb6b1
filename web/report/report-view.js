// @ts-check
// The report on the screen: what is in it, saved by one click, sent only if the maker's site takes reports and the
// visitor agrees to this one.
import { el } from '../dom.js';
import { errorBox } from '../job/error-view.js';
import { runningVersion } from '../browser/offline.js';
import { platform } from '../browser/platform.js';
import { sha256 } from '../release/signature.js';
import { makeReport, reportFile, reportName, reportText, sendReport, withoutSerial } from './report.js';
import { saveFile } from '../browser/save-file.js';
import { language, readEnglish, t } from '../texts.js';
import { wasmDigest } from '../wasm-files.js';

/** @typedef {import('../job/flow.js').Parts} Parts */
/** @typedef {import('./report.js').Report} Report */

/**
 * What the report is about.
 * @typedef {object} About
 * @property {import('../release/load.js').Release | null} release null if a file was written, or nothing yet
 * @property {string} ticket '' if there is none
 * @property {boolean} isSimulated
 * @property {import('../../wasm-glue/values.js').ErrorText} [error] that no session with a device has met
 */

/** @param {About['release']} release @returns {Promise<import('./report.js').ReleaseFacts | null>} */
async function releaseFacts(release) {
    if (!release) {
        return null;
    }
    const { name, product, version, sequence } = release.document;
    return { name, product, version, sequence, key: release.signedBy, sha256: await sha256(release.bytes) };
}

/** @param {Parts} parts @param {About} about @returns {Promise<Report>} with the serial number */
async function collect({ transcript }, { release, ticket, isSimulated, error }) {
    const wasm = await wasmDigest('relock');
    return makeReport(transcript, {
        now: new Date(), language: language(), isSimulated, ticket, error, release: await releaseFacts(release),
        page: { version: await runningVersion(wasm), wasm, address: `${location.origin}${location.pathname}` },
        browser: { platform: platform(), agent: navigator.userAgent },
        english: await readEnglish('errors').catch(() => ({})),
    });
}

/**
 * @param {string} id @param {string} label @param {string} [note]
 * @returns {{row: HTMLElement, box: HTMLInputElement}}
 */
function tick(id, label, note) {
    const box = el('input', { type: 'checkbox', id, 'aria-describedby': note ? `${id}-note` : undefined });
    const row = el('div', { class: 'option' }, box,
        el('div', {}, el('label', { for: id }, label), note && el('p', { class: 'note', id: `${id}-note` }, note)));
    return { row, box };
}

/** @param {string} text @param {string} look @param {() => void} click */
const button = (text, look, click) => el('button', { type: 'button', class: look, click }, text);

/** One report, from the moment that it is asked for. */
export class ReportView {
    #status = el('div', { role: 'status' });
    #text = el('code', {});
    #serial = tick('report-serial', t('report.serial'), t('report.serialNote'));

    /** @param {Parts} parts @param {Report} report with the serial number @param {boolean} isSimulated */
    constructor(parts, report, isSimulated) {
        this.parts = parts;
        this.full = report;
        this.#serial.box.addEventListener('change', () => this.#fill());
        const parting = [
            el('p', {}, t('report.about')), report.device.serial ? this.#serial.row : null,
            el('details', {}, el('summary', {}, t('report.show')),
                el('pre', { tabindex: '0', role: 'region', 'aria-label': t('report.title') }, this.#text)),
            el('div', { class: 'buttons' }, button(t('report.copy'), 'plain', () => void this.#copy())),
            this.#sendPart(isSimulated), this.#status];
        this.body = el('div', { class: 'report' }, ...parting);
        this.#fill();
    }

    /** @returns {Report} as the visitor wants it */
    get report() {
        return this.#serial.box.checked ? this.full : withoutSerial(this.full);
    }

    #fill() {
        this.#text.textContent = reportText(this.report).join('\n');
    }

    /** Gives it to the browser as a file. @returns {string} what is to be said of that */
    save() {
        const file = reportName(this.full);
        saveFile(reportFile(this.report), file, 'application/json');
        return t('report.saved', { file });
    }

    async #copy() {
        try {
            await navigator.clipboard.writeText(reportText(this.report).join('\n'));
            this.#status.textContent = t('report.copied');
        } catch {
            this.#status.textContent = t('report.copyFailed');
        }
    }

    /** @param {boolean} isSimulated what was tried out is no maker's business @returns {HTMLElement | null} */
    #sendPart(isSimulated) {
        const { report: address } = this.parts.site;
        if (!address || isSimulated) {
            return null;
        }
        const agree = tick('report-agree', t('report.agree', { host: new URL(address).host }));
        const send = button(t('report.send'), 'plain', () => void this.#send(address, agree.box, send));
        return el('div', {}, agree.row, el('div', { class: 'buttons' }, send));
    }

    /** @param {string} address @param {HTMLInputElement} agree spent by one report @param {HTMLButtonElement} send */
    async #send(address, agree, send) {
        if (!agree.checked) {
            this.#status.textContent = t('report.agreeFirst');
            return;
        }
        agree.checked = false;
        send.disabled = true;
        this.#status.textContent = t('report.sending');
        try {
            await sendReport(address, reportFile(this.report));
            const { ticket } = this.full;
            this.#status.textContent = ticket ? t('report.sent', { ticket }) : t('report.sentPlain');
        } catch {
            this.#status.replaceChildren(errorBox(this.parts.engine.error('REPORT_NOT_SENT')));
        } finally {
            send.disabled = false;
        }
    }
}

/**
 * Makes a report of what has happened up to now.
 * @param {Parts} parts @param {About} about
 * @returns {Promise<ReportView>} what shows it, saves it, and may send it
 */
export async function openReport(parts, about) {
    return new ReportView(parts, await collect(parts, about), about.isSimulated);
}
