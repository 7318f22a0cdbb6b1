// @ts-check
// What a link says: which release, in which language, for which case of support. Nothing else counts: no protection,
// family, address, origin or device.
import { RelockError } from '../wasm-glue/values.js';

/**
 * What a link says.
 * @typedef {object} Link
 * @property {string | null} release the name of a release; null if the link names none
 * @property {string} ticket support's mark of the case, '' if there is none
 * @property {string} serial the serial number that the device must have, '' if any may
 */

/** What each known parameter may hold. */
const QUERY = { release: /^[a-z0-9-]{1,64}$/, lang: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/ };
const FRAGMENT = { ticket: /^[A-Za-z0-9._-]{1,64}$/, serial: /^[A-Za-z0-9]{1,32}$/ };

/**
 * @param {string} text 'name=value&…'
 * @param {Record<string, RegExp>} known
 * @returns {Record<string, string | null>} the known ones; null for one that is not there
 */
function take(text, known) {
    const found = new URLSearchParams(text);
    return Object.fromEntries(Object.entries(known).map(([name, pattern]) => {
        const values = found.getAll(name);
        if (values.length > 1 || values.some((value) => !pattern.test(value))) {
            throw new RelockError('LINK_MALFORMED', { path: name });
        }
        return [name, values[0] ?? null];
    }));
}

/**
 * Reads a link. Unknown parameters are ignored. The fragment is never sent to a host by the browser; it stays in the
 * address bar, so that a reload knows it too.
 * @param {string} url of the page
 * @returns {Link}
 * @throws {RelockError} LINK_MALFORMED: a known parameter is malformed or there twice; its name is in `place.path`
 */
export function parseLink(url) {
    const { search, hash } = new URL(url);
    const { release } = take(search, QUERY);
    const { ticket, serial } = take(hash.slice(1), FRAGMENT);
    return { release, ticket: ticket ?? '', serial: serial ?? '' };
}

/**
 * Which language a link asks for, whatever else is wrong with it: also what is malformed is explained in it.
 * @param {string} url of the page
 * @returns {string | null} null if it does not say, or not clearly
 */
export function languageOf(url) {
    const asked = new URLSearchParams(new URL(url).search).getAll('lang');
    return asked.length === 1 && QUERY.lang.test(asked[0]) ? asked[0] : null;
}
