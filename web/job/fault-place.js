// @ts-check
// Where something went wrong, in words.
import { hasText, hex, t } from '../texts.js';

/** @typedef {import('../../wasm-glue/relock.js').RelockEngine} RelockEngine */

/** @param {string} stage @returns {string} what is done in it, '' if that goes without saying */
export function stageText(stage) {
    return hasText(`stage.${stage}`) ? t(`stage.${stage}`) : '';
}

/** @param {RelockEngine} engine @returns {string} where the first fault was, '' if nowhere */
export function faultPlace(engine) {
    const fault = engine.fault();
    const where = typeof fault?.addr === 'number' ? t('place.addr', { addr: hex(fault.addr) }) : '';
    if (!fault || fault.error.kind !== 'failed') {
        return where;
    }
    const { field, dfuState: state, dfuStatus: status } = fault;
    const stage = stageText(fault.stage);
    return [stage && t('place.stage', { stage }), where, field && t('place.field', { field }),
        state !== 0xff && t('place.device', { state, status })].filter(Boolean).join(', ');
}
