// @ts-check
// A device that is not the one that a release, or its link, means: what was found, and what is wanted.
import { facts } from '../dom.js';
import { chipText } from './steps.js';
import { list, t } from '../texts.js';

/** @typedef {import('../../wasm-glue/values.js').Findings} Findings */

/**
 * Which device is meant.
 * @typedef {object} Wanted
 * @property {import('../release/load.js').Release} release
 * @property {string} serial '' if any will do
 * @property {string} [ticket] of the job that is gone on with; otherwise that of the link counts
 */

/** @param {import('../../wasm-glue/relock.js').RelockEngine} engine @param {string[]} names @returns {string} */
function devicesOf(engine, names) {
    return list(engine.families().filter(({ name }) => names.includes(name)).map(({ devices }) => devices));
}

/** @type {Record<string, (found: Findings, wanted: Wanted, engine: import('../../wasm-glue/relock.js').RelockEngine) =>
 * [string, string, string]>} which property, how it was found, how it is wanted */
const DIFFERENCES = {
    WRONG_CHIP: (found, { release }, engine) => [t('device.chip'), chipText(found),
        devicesOf(engine, release.document.chip.families)],
    WRONG_LAYOUT: (found, { release }) => [t('link.wrong.layout'), found.flashString, release.document.chip.layouts.join('\n')],
    WRONG_SERIAL: (found, { serial }) => [t('link.wrong.serial'), found.serial || t('device.unknown'), serial],
};

/** @param {string} error @returns {boolean} */
export function isWrongDevice(error) {
    return Object.hasOwn(DIFFERENCES, error);
}

/**
 * @param {string} error one of the above
 * @param {Findings} found @param {Wanted} wanted @param {import('../../wasm-glue/relock.js').RelockEngine} engine
 * @returns {HTMLElement}
 */
export function differenceCard(error, found, wanted, engine) {
    const [property, here, there] = DIFFERENCES[error](found, wanted, engine);
    return facts([[t('link.wrong.property'), property], [t('link.wrong.found'), here], [t('link.wrong.wanted'), there]]);
}
