// @ts-check
// An error as a box: what happened, where, what to do on this system, and a code for the telephone.
import { command, el } from './dom.js';
import { platform } from './platform.js';
import { actionText, helpFor } from './texts.js';

/** @typedef {import('../wasm-glue/values.js').ErrorText} ErrorText */

/**
 * @param {ErrorText} error
 * @param {{place?: string, isKept?: boolean}} [options] place: where it happened, '' if there is nothing to say;
 * isKept: the job is kept in this browser
 * @returns {HTMLElement}
 */
export function errorBox(error, { place = '', isKept = false } = {}) {
    const help = helpFor(error.name, platform(), { isKept }).flatMap(({ text, command: line, label }) => [el('p', {}, text),
        line ? command(line, label ?? '') : null]);
    return el('div', { class: 'error', 'data-error': error.name },
        el('p', {}, el('strong', {}, error.sentence), place && ` (${place})`),
        error.action.name !== 'NONE' && el('p', {}, actionText(error.action)),
        ...help,
        el('p', { class: 'note' }, `Code ${error.code}`));
}
