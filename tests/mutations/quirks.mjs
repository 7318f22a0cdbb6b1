// @ts-check
/**
 * For each quirk of relock/quirk_list.h: the engine without its answer, which the quirk's scene must notice. Quirks
 * that no line of the engine answers by itself are listed with the reason.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LIST = fileURLToPath(new URL('../../core/include/relock/quirk_list.h', import.meta.url));
const ENGINE = 'core/src/engine';
const CHIP = 'core/src/chip';

/** @typedef {import('./mutations.mjs').Mutation} Mutation */

/**
 * The engine without the answer to one quirk: file, what stands there, what shall stand there; more of them in threes.
 * @param {string} quirk @param {string} says @param {string[]} texts @returns {Mutation}
 */
function without(quirk, says, ...texts) {
    const edits = [];
    for (let i = 0; i < texts.length; i += 3) {
        edits.push({ file: texts[i], find: texts[i + 1], replace: texts[i + 2] });
    }
    return { name: `quirk-${quirk.toLowerCase().replaceAll('_', '-')}`, says, edits, suites: ['quirks/test_quirks'],
        node: [], real: [] };
}

/** @type {Record<string, string>} */
const ANSWERED_BY_NOTHING = {
    NO_FUNCTIONAL_DESCRIPTOR: 'nothing asks for it',
    EMPTY_FLAG_CLEARED: 'nothing resets the device',
    OPTIONS_TYPED_ERASABLE: 'nothing erases them, and the gate would not let it',
    RDP_AT_OFFSET_1: 'engine-writes-protection-elsewhere is it',
};

/** @type {Mutation[]} */
export const QUIRK_MUTATIONS = [
    without('FIRST_CONTACT_ERROR', 'the engine never clears an error',
        `${ENGINE}/exchange.c`, '(is_error_state(x->rom_state) || is_busy_state(x->rom_state)) && x->clears',
        'is_busy_state(x->rom_state) && x->clears'),
    without('SET_ADDRESS_REFUSED', 'the engine believes what it reads although the address was refused',
        `${ENGINE}/stage_probe.c`,
        'if (result->verdict == RLK_VERDICT_OK || session->address_refused) {',
        'if (result->verdict == RLK_VERDICT_OK) {'),
    without('SLOW_HOSTS_ONLY', 'the engine takes failing transfers for protection',
        `${ENGINE}/stage_probe.c`, 'is_noise ? RLK_E_TRANSPORT_UNSTABLE :', 'is_noise ? RLK_E_PROTECTED :'),
    without('SHARED_SERIAL', 'the engine takes any serial number for an identity',
        `${ENGINE}/stage_confirm.c`, 'bool is_unique = rlk_serial_is_unique(session->findings.fingerprint.serial);',
        'bool is_unique = session->findings.fingerprint.serial[0] != 0;'),
    without('STRICT_STATES', 'the engine clears first and asks afterwards',
        `${ENGINE}/exchange.c`, 'x->step = is_error_state(x->rom_state) ? STEP_CLEAR : STEP_STATUS;',
        'x->step = x->clears == 0 ? STEP_CLEAR : STEP_STATUS;'),
    without('DOUBLE_CLRSTATUS', 'the engine clears once',
        `${ENGINE}/exchange.c`, 'enum { CLEARS_MAX = 3,', 'enum { CLEARS_MAX = 1,'),
    without('EARLY_POLL_STALLS', 'the engine soon gives up a device that stalls while it works',
        `${ENGINE}/exchange.c`, 'bool may_be_working = x->step == STEP_EXECUTE || x->step == STEP_RESULT;',
        'bool may_be_working = x->step == STEP_COUNT;'),
    without('SHORT_POLL_TIMES', 'the engine waits no longer than announced',
        `${ENGINE}/issue.c`, 'request->busy_typical_ms = generation == RLK_ROM_A_FS ? typical_ms + 1U : 0U;',
        'request->busy_typical_ms = 0;'),
    without('STATUS_HELD', 'the engine gives the second GETSTATUS no more time than any transfer',
        `${ENGINE}/exchange.c`, 'bool may_be_held = x->step == STEP_EXECUTE || x->step == STEP_RESULT ||',
        'bool may_be_held = x->step == STEP_EXECUTE ||'),
    without('MASS_ERASE_UNDERSTATED', 'the engine gives a mass erase no more time than a block',
        `${ENGINE}/issue.c`, '.busy_max_ms = session->findings.chip.mass_erase_max_ms};',
        '.busy_max_ms = command_busy_max_ms(session)};',
        `${ENGINE}/stage_open.c`, 'chip->mass_erase_max_ms + chip->return_max_ms + settle_ms',
        'chip->return_typical_ms + settle_ms'),
    without('FIRST_STATUS_LASTS', 'the engine takes a reset that it asked for, and that came early, for a loss',
        `${ENGINE}/session.c`, '(session->is_resetting && !is_early);', '(session->is_resetting && is_early);'),
    without('BUSY_FOR_EVER', 'the engine waits for ever',
        `${ENGINE}/exchange.c`, 'return x->waited_ms > 2U * x->request.busy_max_ms;',
        'return x->waited_ms > 2000U * x->request.busy_max_ms;'),
    without('SECOND_BANK_ERASE', 'the engine believes every erase',
        `${ENGINE}/stage_erase.c`, '.quirks & RLK_QUIRK_BIT(SECOND_BANK_ERASE)) != 0;', '.quirks) == 0;'),
    without('NO_BUSY_STATE', 'the engine waits although all is done',
        `${ENGINE}/exchange.c`, 'x->request.kind == RLK_EXCHANGE_WRITE && x->rom_state == STATE_DNLOAD_IDLE',
        'x->request.kind == RLK_EXCHANGE_WRITE && x->rom_state == STATE_IDLE'),
    without('SLOW_RETURN', 'the engine waits five seconds for an F105',
        `${CHIP}/chip_rows_full.c`, '.return_max_ms = 35000,', '.return_max_ms = 5000,'),
    without('VENDOR_ERROR_FOR_ALL', 'the engine takes a failed erase for protection',
        `${ENGINE}/stage_erase.c`, 'fail_erase(session, is_refusal ? RLK_E_ERASE_REFUSED :',
        'fail_erase(session, is_refusal ? RLK_E_PROTECTED :'),
    without('REFUSAL_IN_STATE_15', 'the engine knows no refusal but in dfuERROR',
        `${ENGINE}/issue.c`, '.quirks & RLK_QUIRK_BIT(REFUSAL_IN_STATE_15)) != 0;', '.quirks) == 0;'),
    without('WRITE_PROTECTION_IS_SILENT', 'the engine calls equal whatever it reads back',
        `${ENGINE}/stage_verify.c`,
        'const bool is_equal = equal_bytes == block.length;', 'const bool is_equal = equal_bytes <= block.length;'),
    without('DROPS_WRITES_AT_LEVEL_1', 'the engine writes to protected devices',
        `${ENGINE}/director_rows.h`, '.job = READ | WRITE | VERIFY | OPTIONS, .protection = LEVEL_1)',
        '.job = READ | VERIFY | OPTIONS, .protection = LEVEL_1)'),
    without('LEAVES_IN_OTHER_STATES', 'the engine takes nothing but a loss for having left',
        `${ENGINE}/stage_levels.c`, 'session->evidence.has_left = true;',
        'session->evidence.has_left = result->verdict == RLK_VERDICT_LOST;'),
    without('BLOCKS_OF_1024', 'the engine sends blocks of 2048 bytes, whatever is announced',
        `${ENGINE}/stage_identify.c`, 'findings->transfer_bytes = findings->fingerprint.dfu.transfer_bytes;',
        'findings->transfer_bytes = RLK_BLOCK_BYTES_MAX;'),
    without('LONG_BLOCKS_REFUSED', 'the engine gives up a block that was not taken',
        `${ENGINE}/exchange.c`, 'end(x, is_not_taken(x) ? RLK_VERDICT_NOT_TAKEN : verdict_of_error(x));',
        'end(x, is_not_taken(x) ? RLK_VERDICT_NONSENSE : verdict_of_error(x));'),
    without('UNEVEN_BLOCKS_CORRUPTED', 'the engine sends blocks of any even length',
        `${ENGINE}/blocks.c`, '(image_bytes + unit - 1U) / unit * unit', 'image_bytes + 0U * unit',
        'core/include/relock/image.h', '#define RLK_IMAGE_ALIGNMENT_BYTES   16U',
        '#define RLK_IMAGE_ALIGNMENT_BYTES   2U'),
    without('ERASE_MOVES_POINTER', 'the engine believes that an erase leaves the address where it was',
        `${ENGINE}/gate.c`, ' newer ones do not move it. */\n    rlk_gate_forget_pointer(gate);',
        ' newer ones do not move it. */\n    gate->pointer_addr = gate->chip->flash_addr;',
        `${ENGINE}/blocks.c`, 'memset(&session->cursor, 0, sizeof session->cursor);',
        'memset(&session->cursor, 0, sizeof session->cursor);\n'
        + '    session->cursor.address_is_set = session->gate.may_write_flash && session->gate.pointer_is_known;'),
    without('ERASED_IS_ZERO', 'the engine takes FF for erased everywhere',
        `${ENGINE}/stage_flash.c`, 'data[i] == session->findings.chip.erased_value',
        'data[i] == (session->findings.chip.erased_value | 0xFFU)'),
    without('NO_EMPTY_CHECK', 'the engine trusts in an empty check that the chip does not have',
        `${ENGINE}/stage_confirm.c`,
        'way_back == RLK_WAY_BACK_EMPTY_CHECK && !session->findings.chip.has_empty_check',
        'way_back == RLK_WAY_BACK_EMPTY_CHECK && session->findings.opcode_count == 0'),
    without('UNPROTECT_NEEDS_POWER_CYCLE', 'the engine asks for no power cycle after 0x92',
        `${ENGINE}/director_rows.h`, '.protection = LEVEL_1, .consent = SPENT, .is_power_cycled = NO)',
        '.protection = LEVEL_1, .consent = SPENT, .is_power_cycled = YES)'),
    without('DEAD_UNTIL_POWER_CYCLE', 'the engine waits for what will not come by itself',
        `${ENGINE}/stage_open.c`, 'bool is_dead = chip->power_cycle_after_seal == RLK_POWER_CYCLE_YES;',
        'bool is_dead = chip->return_max_ms == 0;'),
    without('LEVEL_0_IS_A5', 'the engine takes AA for level 0 everywhere',
        `${CHIP}/chip_rows_full.c`, 'OPTIONS_F1(0xA5),', 'OPTIONS_F1(0xAA),'),
    without('OPTIONS_RESET_BY_UNPROTECT', 'the engine seals with the block of before the regression',
        `${ENGINE}/stage_levels.c`, 'memcpy(findings->options, session->first_read, bytes);',
        'memmove(findings->options, findings->options[1] != 0 ? findings->options : session->first_read, bytes);'),
    without('WRITE_PROTECTION_STOPS_UNPROTECT', 'the engine seals F4 with write-protected sectors',
        `${CHIP}/options_door.c`, '{RLK_FAMILIES_F4 & ~(FAMILY(F401) | FAMILY(F413)), BY_ANY,',
        '{RLK_FAMILIES_F4 & ~(FAMILY(F401) | FAMILY(F413)), 0,'),
    without('PCROP_SURVIVES', 'the engine seals L4 and G4 with a PCROP area',
        `${CHIP}/options_door.c`, '{L4_G4, "PCROP1_STRT"}', '{0, "PCROP1_STRT"}'),
    without('BOOT_ADD_LOST', 'the engine seals F7 with any boot address',
        `${CHIP}/options_door.c`, '{RLK_FAMILIES_F7, BY_BOOT0, "BOOT_ADD1",', '{RLK_FAMILIES_F7, 0, "BOOT_ADD1",'),
    without('BOOT0_IGNORED', 'the engine seals G0, C0 and U0 although BOOT0 is ignored',
        `${CHIP}/options_door.c`, '{G0_U0, BY_BOOT0, "nBOOT_SEL",', '{G0_U0, 0, "nBOOT_SEL",'),
    without('TWO_OPTION_BLOCKS', 'the engine does not judge the second block',
        `${ENGINE}/issue.c`, 'if (error == RLK_OK && findings->second_options_were_read) {',
        'if (error == RLK_OK && findings->options_bytes == 0) {'),
    without('OPTIONS_SHORTER_THAN_ANNOUNCED', 'the engine reads as many option bytes as G431 announces',
        `${CHIP}/chip_rows_experimental.c`, 'OPTIONS_L4(0x1FFF7800U, 0, 40, 40), /* "01*40Be"',
        'OPTIONS_L4(0x1FFF7800U, 0, 48, 48), /* "01*40Be"'),
    without('OPTIONS_NOT_ANNOUNCED', 'the engine looks for option bytes among the alternates only',
        `${CHIP}/chip_match.c`, 'return rlk_fingerprint_flash_alternate(fingerprint, chip);', 'return -1;'),
    without('EQUAL_ALTERNATES', 'the engine knows no flash where three alternates carry its string',
        `${CHIP}/chip_match.c`,
        'return fingerprint->layout_count > 0 && is_flash_at(&fingerprint->layouts[0], chip) ? 0 : -1;',
        'return only_alternate(fingerprint, chip, is_flash_at);'),
    without('OPTIONS_INVALID_AFTER_UNPROTECT', 'the engine takes the words of L1 as they are',
        `${CHIP}/options_apply.c`, '(chip->quirks & RLK_QUIRK_BIT(OPTIONS_INVALID_AFTER_UNPROTECT)) != 0;',
        'chip->quirks == 0;'),
    without('SPLIT_REGISTERS', 'the engine programs the stale words of H7',
        `${CHIP}/options.c`, 'const bool is_split = chip->option_form == RLK_OPTION_FORM_REGISTER_PAIRS;',
        'const bool is_split = chip->options_write_bytes == 0;'),
    without('KEYS_IN_THE_BLOCK', 'the engine writes all that U5 announces',
        `${CHIP}/chip_parts.h`, '.options_bytes = (bytes), .options_write_bytes = 48, .rdp_level0 = 0xAA,',
        '.options_bytes = (bytes), .options_write_bytes = (bytes), .rdp_level0 = 0xAA,'),
    without('TRUSTZONE', 'the engine regresses whatever TrustZone may be',
        `${ENGINE}/stage_confirm.c`, 'may_have_trustzone(session) ? RLK_E_CHIP_TRUSTZONE',
        'may_have_trustzone(session) && chip->tier == RLK_TIER_REFUSED ? RLK_E_CHIP_TRUSTZONE'),
    without('PRODUCT_STATE', 'the engine updates families without a level 1',
        `${ENGINE}/stage_identify.c`, 'return touches_options(job) ? chip->refusal : RLK_OK;',
        'return touches_options(job) && job != RLK_JOB_UPDATE ? chip->refusal : RLK_OK;'),
];

/** Each quirk has a mutation or a reason, and no more. @throws if not */
export function checkQuirks() {
    const quirks = [...readFileSync(LIST, 'utf8').matchAll(/^RLK_QUIRK\((\w+),/gm)].map(([, quirk]) => quirk);
    const known = new Set([...QUIRK_MUTATIONS.map(({ name }) => name),
        ...Object.keys(ANSWERED_BY_NOTHING).map((quirk) => without(quirk, '').name)]);
    const missing = quirks.filter((quirk) => !known.has(without(quirk, '').name));
    if (missing.length > 0 || known.size !== quirks.length) {
        throw new Error(`mutations of quirks: ${missing.join(' ') || 'one that is no quirk'}`);
    }
}
