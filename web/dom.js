// @ts-check
// Elements without HTML text: under Trusted Types nothing on this page is ever parsed as markup.
import { t } from './texts.js';

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean | ((event: any) => void) | undefined>} [attributes] a function listens to the
 * event of that name; true sets an empty attribute; false and undefined set none
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === 'function') {
            element.addEventListener(name, value);
        } else if (value !== false && value !== undefined) {
            element.setAttribute(name, value === true ? '' : value);
        }
    }
    element.append(...children.filter(isThere));
    return element;
}

/** @param {Child} child @returns {child is Node | string} */
function isThere(child) {
    return child !== null && child !== undefined && child !== false;
}

/** Names the state that the page is in, for tests and for style. @param {string} name */
export function setState(name) {
    document.body.dataset.state = name;
}

/** @returns {boolean} whether a job has begun on this page: no first screen may be drawn over it */
export function isAtWork() {
    return !byId('work').hidden;
}

/** @param {string} id @returns {HTMLElement} an element of index.html */
export function byId(id) {
    const element = document.getElementById(id);
    if (!element) {
        throw new Error(`index.html has no #${id}`);
    }
    return element;
}

/**
 * A row of buttons; the promise settles with the value of the one that is clicked, within that click, so that what
 * follows may open the browser's device chooser. A click that `may` does not allow changes nothing.
 * @template T
 * @param {{text: string, value: T, look?: 'main' | 'plain' | 'danger', may?: () => boolean}[]} choices
 * @returns {{row: HTMLElement, choice: Promise<T>}}
 */
export function buttons(choices) {
    const row = el('div', { class: 'buttons' });
    /** @type {Promise<T>} */
    const choice = new Promise((resolve) => {
        for (const { text, value, look = 'main', may = () => true } of choices) {
            row.append(el('button', { type: 'button', class: look, click: () => may() && resolve(value) }, text));
        }
    });
    return { row, choice };
}

/**
 * A table of names and values.
 * @param {[string, Child][]} rows a row without a value is left out
 */
export function facts(rows) {
    const list = el('dl', { class: 'facts' });
    for (const [name, value] of rows.filter(([, shown]) => isThere(shown) && shown !== '')) {
        list.append(el('div', {}, el('dt', {}, name), el('dd', {}, value)));
    }
    return list;
}

/**
 * A line to be typed elsewhere, with a button that copies it.
 * @param {string} text
 * @param {string} label what the line is, for the button's name
 */
export function command(text, label) {
    const button = el('button', { type: 'button', class: 'plain small', 'aria-label': t('command.copyWhat', { what: label }) }, t('command.copy'));
    button.addEventListener('click', async () => {
        button.removeAttribute('aria-label'); // what it says from now on is its name
        try {
            await navigator.clipboard.writeText(text);
            button.textContent = t('command.copied');
        } catch {
            button.textContent = t('command.copyByHand');
        }
    });
    return el('div', { class: 'command' },
        el('pre', { dir: 'ltr', tabindex: '0', role: 'region', 'aria-label': label }, el('code', {}, text)), button);
}

/**
 * A radio group.
 * @param {string} name
 * @param {string} legend
 * @param {{value: string, label: string, note?: string, disabled?: boolean}[]} options
 */
export function radios(name, legend, options) {
    const rows = options.map(({ value, label, note, disabled }) => {
        const id = `${name}-${value}`;
        return el('div', { class: disabled ? 'option is-disabled' : 'option' },
            el('input', { type: 'radio', name, id, value, disabled, 'aria-describedby': note ? `${id}-note` : undefined }),
            el('div', {}, el('label', { for: id }, label), note && el('p', { class: 'note', id: `${id}-note` }, note)));
    });
    return el('fieldset', {}, el('legend', {}, legend), ...rows);
}

/** @param {HTMLElement} root @param {string} name @returns {string} the value that is chosen, '' if none */
export function chosen(root, name) {
    const input = /** @type {HTMLInputElement | null} */ (root.querySelector(`input[name="${name}"]:checked`));
    return input?.value ?? '';
}
