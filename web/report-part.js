// @ts-check
// "A report for the maker", closed. What makes it is no part of a first visit: it is got once a device is chosen, while
// there is a network.
import { el } from './dom.js';
import { t } from './texts.js';

/** @type {Promise<typeof import('./report-view.js') | null> | null} */
let view = null;

/** @returns {Promise<typeof import('./report-view.js') | null>} what makes reports, got once; null if that failed */
export function fetchReport() {
    view ??= import('./report-view.js').catch(() => null);
    return view;
}

/**
 * Offers a report. It is made when it is opened.
 * @param {import('./flow.js').Parts} parts @param {import('./report-view.js').About} about
 * @returns {HTMLElement}
 */
export function reportPart(parts, about) {
    void fetchReport();
    const fold = el('details', { class: 'help', id: 'report' }, el('summary', {}, t('report.title')));
    fold.addEventListener('toggle', async () => {
        const made = await fetchReport();
        fold.append(made ? await made.openReport(parts, about) : el('p', { class: 'error' }, t('page.broken')));
    }, { once: true });
    return fold;
}
