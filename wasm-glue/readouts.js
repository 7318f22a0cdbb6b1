// @ts-check
// What relock.wasm says of a device and of a plan, as plain values.

/** @typedef {import('./values.js').KeptRange} KeptRange */
/** @typedef {import('./values.js').Findings} Findings */
/** @typedef {import('./values.js').Plan} Plan */
/** @typedef {import('./wasm-module.js').WasmModule} WasmModule */

/**
 * @param {WasmModule} wasm
 * @returns {Findings}
 */
export function readFindings(wasm) {
    const x = wasm.exports;
    return {
        vendorId: x.rlk_glue_found_vendor_id(),
        productId: x.rlk_glue_found_product_id(),
        bcdDevice: x.rlk_glue_found_bcd_device(),
        product: wasm.text(x.rlk_glue_found_product()),
        serial: wasm.text(x.rlk_glue_found_serial()),
        serialIsUnique: x.rlk_glue_found_serial_is_unique() !== 0,
        chipIsKnown: x.rlk_glue_found_chip_is_known() !== 0,
        chip: wasm.text(x.rlk_glue_found_chip()),
        devices: wasm.text(x.rlk_glue_found_devices()),
        candidates: wasm.names('rlk_glue_family_devices').filter((_, index) => x.rlk_glue_family_is_candidate(index) !== 0),
        tier: wasm.text(x.rlk_glue_found_tier()),
        refusal: wasm.text(x.rlk_glue_found_refusal()),
        evidence: wasm.names('rlk_glue_found_evidence').filter((name) => name !== ''),
        hasEmptyCheck: x.rlk_glue_found_has_empty_check() !== 0,
        flashBytes: x.rlk_glue_found_flash_bytes() >>> 0,
        flashSectors: x.rlk_glue_found_flash_sectors() >>> 0,
        flashAddr: x.rlk_glue_found_flash_addr() >>> 0,
        flashString: wasm.text(x.rlk_glue_found_flash_string()),
        transferBytes: x.rlk_glue_found_transfer_bytes() >>> 0,
        ...witnesses(wasm),
        options: options(wasm),
        imageIsPlausible: x.rlk_glue_image_is_plausible() !== 0,
    };
}

/** @param {WasmModule} wasm */
function witnesses(wasm) {
    const x = wasm.exports;
    return {
        flashReadRefused: x.rlk_glue_found_flash_read_refused() !== 0,
        flashWasRead: x.rlk_glue_found_flash_was_read() !== 0,
        optionsReadRefused: x.rlk_glue_found_options_read_refused() !== 0,
        optionsWereRead: x.rlk_glue_found_options_were_read() !== 0,
        protection: /** @type {'unknown' | 'open' | 'level-1'} */ (wasm.text(x.rlk_glue_found_protection())),
    };
}

/** @param {WasmModule} wasm */
function options(wasm) {
    const x = wasm.exports;
    const fields = [];
    for (let index = 0; x.rlk_glue_option_select(index) !== 0; index += 1) {
        fields.push({
            name: wasm.text(x.rlk_glue_option_name()),
            value: x.rlk_glue_option_value() >>> 0,
            bits: x.rlk_glue_option_bits(),
            meaning: wasm.text(x.rlk_glue_option_meaning()),
        });
    }
    return fields;
}

/**
 * @param {WasmModule} wasm
 * @returns {Plan}
 */
export function readPlan(wasm) {
    const x = wasm.exports;
    x.rlk_glue_plan_make();
    return {
        stages: wasm.names('rlk_glue_plan_stage'),
        estimateMs: x.rlk_glue_plan_estimate_ms() >>> 0,
        imageBytes: x.rlk_glue_plan_image_bytes() >>> 0,
        sectorsTouched: x.rlk_glue_plan_sectors_touched() >>> 0,
        losesEverything: x.rlk_glue_plan_loses_everything() !== 0,
        keepsRest: x.rlk_glue_plan_keeps_rest() !== 0,
        endsProtected: x.rlk_glue_plan_ends_protected() !== 0,
        needsPerson: x.rlk_glue_plan_needs_person() !== 0,
        needsPowerCycle: x.rlk_glue_plan_needs_power_cycle() !== 0,
        options: wasm.names('rlk_glue_plan_option').map((field, index) => ({
            field,
            value: x.rlk_glue_plan_option_value(index) >>> 0,
        })),
    };
}

/**
 * @param {WasmModule} wasm
 * @returns {KeptRange[]} copies, of what is about to be erased
 */
export function readKept(wasm) {
    const x = wasm.exports;
    const ranges = [];
    for (let index = 0; x.rlk_glue_kept_bytes(index) !== 0; index += 1) {
        const length = x.rlk_glue_kept_bytes(index);
        const bytes = Uint8Array.from({ length }, (_, offset) => x.rlk_glue_kept_byte(index, offset));
        ranges.push({ addr: x.rlk_glue_kept_addr(index) >>> 0, bytes });
    }
    return ranges;
}
