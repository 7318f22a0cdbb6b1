// @ts-check
// "A report for the maker", closed. What makes it is got once a device is chosen, while there is a network.
import { fetchReport, lateFold } from '../job/later.js';
import { t } from '../texts.js';

/**
 * Offers a report. It is made when it is opened.
 * @param {import('../job/flow.js').Parts} parts @param {import('./report-view.js').About} about
 * @returns {HTMLElement}
 */
export function reportPart(parts, about) {
    void fetchReport();
    return lateFold(t('report.title'), async () => {
        const made = await fetchReport();
        return made && made.openReport(parts, about);
    }, 'report');
}
