// @ts-check
// A report for the maker: saved by one click; what is in it, and all else that can be done with it, is folded away.
// What makes it is got once a device is chosen, while there is a network.
import { el } from '../dom.js';
import { fetchReport, lateFold, notWhole } from '../job/later.js';
import { t } from '../texts.js';

/** @typedef {import('./report-view.js').ReportView} ReportView */

/**
 * Offers a report. It is made when it is asked for, once.
 * @param {import('../job/flow.js').Parts} parts @param {import('./report-view.js').About} about
 * @returns {HTMLElement}
 */
export function reportPart(parts, about) {
    void fetchReport();
    /** @type {Promise<ReportView | null> | null} */
    let making = null;
    const make = async () => {
        making ??= fetchReport().then((made) => made && made.openReport(parts, about));
        const view = await making;
        making = view && making; // what cannot be had now is tried again
        return view;
    };
    const said = el('div', { role: 'status' });
    const save = el('button', { type: 'button', class: 'plain', click: async () => {
        const view = await make();
        said.replaceChildren(view ? view.save() : notWhole());
    } }, t('report.save'));
    return el('div', { class: 'report-offer' }, el('div', { class: 'buttons' }, save), said,
        lateFold(t('report.title'), async () => (await make())?.body ?? null));
}
