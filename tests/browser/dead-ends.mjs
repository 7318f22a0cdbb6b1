// @ts-check
// A dead end, wherever the page comes to one: whom to ask is named, and there is a code that can be read over a
// telephone. states.test.mjs looks for both in every state.
import assert from 'node:assert/strict';

/** @typedef {import('playwright-core').Page} Page */

/** Where nobody can be asked: the site could not be read. */
const NOBODY_KNOWN = ['site-refused', 'site-not-loaded'];
/** Where an error is no end: another choice on the spot mends it. */
const NO_END = ['file-error'];

/**
 * What a dead end must be in, so that the rule cannot pass for want of one. The name of the state, and whose contact:
 * the release's once it is known, else the site's.
 * @type {Record<string, 'Acme Support' | 'Acme Service Desk'>}
 */
export const DEAD_ENDS = {
    framed: 'Acme Service Desk', broken: 'Acme Service Desk', insecure: 'Acme Service Desk', 'no-journal': 'Acme Service Desk',
    'link-no-usb': 'Acme Support', 'start-no-usb': 'Acme Service Desk', 'check-no-usb': 'Acme Service Desk',
    'no-device': 'Acme Support', 'start-no-device': 'Acme Service Desk', 'check-no-device': 'Acme Service Desk',
    'resume-no-device': 'Acme Service Desk', 'job-changed': 'Acme Service Desk', elsewhere: 'Acme Service Desk',
    'other-device': 'Acme Support', damaged: 'Acme Support', 'damaged-job': 'Acme Service Desk', 'way-none': 'Acme Service Desk',
};

/**
 * What is seen of errors. Runs in the page.
 * @returns {{codes: string[], contacts: string[]}} codes: of each error, '' if it has none
 */
function readDeadEnd() {
    const seen = (/** @type {string} */ selector) => [...document.querySelectorAll(selector)]
        .filter((element) => element.checkVisibility());
    // The innermost ones only: a box may stand in another.
    const boxes = seen('.error, [data-error]').filter((box) => box.parentElement?.closest('.error, [data-error]') === null);
    return { codes: boxes.map((box) => /RLK-\d{4}/.exec(/** @type {HTMLElement} */ (box).innerText)?.[0] ?? ''),
        contacts: seen('.contact').map((contact) => /** @type {HTMLElement} */ (contact).innerText) };
}

/** @param {Page} page in a state @param {string} name of the state @returns {Promise<void>} */
export async function assertHelpAtDeadEnd(page, name) {
    const place = name === 'framed' ? page.frames()[1] : page;
    if (name in DEAD_ENDS) {
        await place.locator('.contact').filter({ visible: true }).first().waitFor();
    }
    const { codes, contacts } = await place.evaluate(readDeadEnd);
    assert.ok(codes.every(Boolean), `${name} shows an error without a code`);
    if (name in DEAD_ENDS) {
        assert.ok(codes.length > 0, `${name} shows no error`);
        assert.ok(contacts.some((text) => text.includes(DEAD_ENDS[name])), `${name} does not name ${DEAD_ENDS[name]}`);
    }
    const isNamed = contacts.length > 0 || NOBODY_KNOWN.includes(name) || NO_END.includes(name);
    assert.ok(codes.length === 0 || isNamed, `${name} does not say whom to ask`);
}
