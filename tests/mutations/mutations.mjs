// @ts-check
/**
 * Deliberate mistakes, and the tests that must notice them. `find` must be in the file exactly once: a mutation that no
 * longer fits the code is an error, not a pass.
 */

import { QUIRK_MUTATIONS } from './quirks.mjs';

/**
 * @typedef {object} Edit
 * @property {string} file
 * @property {string} find
 * @property {string} replace
 */

/**
 * @typedef {object} Mutation
 * @property {string} name
 * @property {string} says what is wrong then, as a sentence
 * @property {Edit[]} edits
 * @property {string[]} suites ctest's names of suites in C
 * @property {{ file: string, pattern: string }[]} node tests of the command-line tool on the host
 * @property {{ file: string, pattern: string }[]} real tests in the guest, by real programs
 */

/* F4's option block in chip_parts.h, up to what tells it from F7's. */
const F4_BLANKS = ' '.repeat(15) + '\\\n    .options2_addr = (second)\n/* F7';
const F4_LEVELS = `.rdp_level0 = 0xAA, .rdp_level1 = 0xBB, .option_form = RLK_OPTION_FORM_BYTES,${F4_BLANKS}`;

/** @type {Mutation[]} */
export const MUTATIONS = [
    ...QUIRK_MUTATIONS,
    {
        name: 'sim-programs-what-is-not-erased',
        says: 'the simulator lets flash be programmed that was not erased before',
        edits: [{
            file: 'sim/src/commands.c',
            find: 'if (!sim_is_blank(device, address + done, length - done < unit ? length - done : unit)) {',
            replace: 'if (!sim_is_blank(device, address + done, unit) && length == 0) {',
        }],
        suites: ['sim/test_sim_flash'],
        node: [],
        real: [{ file: 'tests/real-stack/dfu-util.test.mjs', pattern: 'all of its work' }],
    },
    {
        name: 'sim-reads-at-level-1',
        says: 'the simulator lets its flash be read at level 1',
        edits: [{
            file: 'sim/src/rom.c',
            find: 'return device->level == 0 || device->knobs.bootloader_in_flash != 0 ||',
            replace: 'return device->level <= 1 || device->knobs.bootloader_in_flash != 0 ||',
        }],
        suites: ['sim/test_sim_protection'],
        node: [],
        real: [{ file: 'tests/real-stack/dfu-util.test.mjs', pattern: 'all of its work' }],
    },
    {
        name: 'sim-addresses-blocks-by-their-length',
        says: 'the simulator finds a block by the length of the request instead of the transfer size',
        edits: [{
            file: 'sim/src/rom.c',
            find: 'uint32_t offset = ((uint32_t)transfer->setup->value - 2U) * sim_row(device)->transfer_bytes;',
            replace: 'uint32_t offset = ((uint32_t)transfer->setup->value - 2U) * transfer->setup->length / 2U;',
        }],
        suites: ['sim/test_sim_flash'],
        node: [],
        real: [{ file: 'tests/real-stack/dfu-util.test.mjs', pattern: 'all of its work' }],
    },
    {
        name: 'engine-ignores-family-ids',
        says: 'the engine writes UF2 files for other chips',
        edits: [{
            file: 'core/src/image/image_family.c',
            find: 'return can_be_told ? RLK_E_IMAGE_OF_ANOTHER_FAMILY : RLK_E_IMAGE_OF_UNKNOWN_FAMILY;',
            replace: 'return can_be_told ? RLK_OK : RLK_E_IMAGE_OF_UNKNOWN_FAMILY;',
        }],
        suites: ['core/test_image_uf2', 'engine/test_session_firmware'],
        node: [{ file: 'tests/cli/images.test.mjs', pattern: 'of another family' }],
        real: [],
    },
    {
        name: 'engine-takes-a-yes-for-another-family',
        says: '--any-image lets the engine write a UF2 file that names other chips',
        edits: [{
            file: 'core/src/engine/stage_identify.c',
            find: 'error == RLK_E_IMAGE_OF_UNKNOWN_FAMILY && wish->accept_any_image;',
            replace: 'error != RLK_OK && wish->accept_any_image;',
        }],
        suites: ['engine/test_session_firmware'],
        node: [{ file: 'tests/cli/images.test.mjs', pattern: 'of another family' }],
        real: [],
    },
    {
        name: 'engine-skips-verify',
        says: 'the engine calls equal whatever it reads back',
        edits: [{
            file: 'core/src/engine/stage_verify.c',
            find: 'const bool is_equal = equal_bytes == block.length;',
            replace: 'const bool is_equal = equal_bytes <= block.length;',
        }],
        suites: [],
        node: [{ file: 'tests/cli/update.test.mjs', pattern: 'acknowledged and dropped' }],
        real: [{ file: 'tests/real-stack/relock.test.mjs', pattern: 'acknowledged and dropped' }],
    },
    {
        name: 'engine-sends-level-2',
        says: 'the engine seals the F405 with level 2, and door and gate have been bribed',
        edits: [{
            file: 'core/src/chip/chip_parts.h',
            find: `.rdp_level1 = 0xBB, .option_form = RLK_OPTION_FORM_BYTES,${F4_BLANKS}`,
            replace: `.rdp_level1 = 0xCC, .option_form = RLK_OPTION_FORM_BYTES,${F4_BLANKS}`,
        }, {
            file: 'core/src/chip/options_level_2.c',
            find: 'offset < length && data[offset] == RLK_RDP_BYTE_LEVEL_2',
            replace: 'offset < length && data[offset] == RLK_RDP_BYTE_LEVEL_2 && offset > length',
        }, {
            file: 'core/src/chip/options.c',
            find: 'if (rdp == RLK_RDP_BYTE_LEVEL_2 && has_level_2(chip)) {',
            replace: 'if (rdp == 0xC3 && has_level_2(chip)) {',
        }],
        suites: ['core/test_gate_exhaustive'],
        node: [{ file: 'tests/cli/update.test.mjs', pattern: 'locked update of stm32f405' }],
        real: [{ file: 'tests/real-stack/relock.test.mjs', pattern: 'locked update of an stm32f405' }],
    },
    {
        name: 'engine-writes-protection-elsewhere',
        says: 'the engine writes the protection byte of the F405 one byte too low',
        edits: [{
            file: 'core/src/chip/chip_parts.h',
            find: `.rdp_write_offset = 1, ${F4_LEVELS}`,
            replace: `.rdp_write_offset = 0, ${F4_LEVELS}`,
        }],
        suites: ['quirks/test_quirks'],
        node: [{ file: 'tests/cli/update.test.mjs', pattern: 'locked update of stm32f405' }],
        real: [{ file: 'tests/real-stack/relock.test.mjs', pattern: 'locked update of an stm32f405' }],
    },
    {
        name: 'engine-forgets-wished-fields',
        says: 'the engine seals without the option fields that the release wishes',
        edits: [{
            file: 'core/src/engine/issue.c',
            find: 'error = rlk_options_apply(chip, wish->options, wish->option_count, session->buffer,',
            replace: 'error = rlk_options_apply(chip, wish->options, 0, session->buffer,',
        }],
        suites: ['engine/test_session_release'],
        node: [],
        real: [],
    },
    {
        name: 'gate-lets-any-block-out',
        says: 'the gate lets out an option block that is not the one that was planned and judged',
        edits: [{
            file: 'core/src/engine/gate.c',
            find: 'if (gate->options == NULL || memcmp(data, gate->options, length) != 0) {',
            replace: 'if (gate->options == NULL) {',
        }],
        suites: ['core/test_gate', 'engine/test_session_release'],
        node: [],
        real: [],
    },
    {
        name: 'engine-takes-any-family',
        says: 'the engine goes on with a device of another family than the release is for',
        edits: [{
            file: 'core/src/engine/stage_identify.c',
            find: 'if (wish->families != 0 && is_known && (findings->candidates & wish->families) == 0) {',
            replace: 'if (wish->families != 0 && !is_known) {',
        }],
        suites: ['engine/test_session_release'],
        node: [],
        real: [],
    },
    {
        name: 'keep-reads-once',
        says: 'what is kept rests on one reading',
        edits: [{
            file: 'core/src/engine/stage_keep.c',
            find: 'if (keep->has_range && !keep->is_second_reading) {',
            replace: 'if (keep->has_range && keep->tries > 9) {',
        }],
        suites: ['engine/test_session_keep_faults'],
        node: [],
        real: [],
    },
    {
        name: 'keep-forgets-the-rest-of-a-flash-word',
        says: 'what completes a flash word of the image is read and not written back',
        edits: [{
            file: 'core/src/engine/stage_flash.c',
            find: '    return kept != NULL ? *kept : session->findings.chip.erased_value;',
            replace: '    return kept == NULL ? 0 : session->findings.chip.erased_value;',
        }],
        suites: ['engine/test_session_keep'],
        node: [],
        real: [],
    },
    {
        name: 'keep-verifies-the-image-only',
        says: 'what is kept among and behind the bytes of the image is not verified',
        edits: [{
            file: 'core/src/engine/stage_flash.c',
            find: 'rlk_kept_byte(session, block.addr + i) == NULL)))',
            replace: 'true)))',
        }],
        suites: ['engine/test_session_keep_faults', 'engine/test_session_keep_cells'],
        node: [],
        real: [],
    },
    {
        name: 'keep-takes-padding-for-firmware',
        says: 'what else is in 16 bytes of which a file gives some only is lost',
        edits: [{
            file: 'core/src/engine/stage_keep.c',
            find: 'if (cell < keep->begin && cell < sector_end) {',
            replace: 'if (cell > sector_end) {',
        }],
        suites: ['engine/test_session_keep_cells'],
        node: [],
        real: [],
    },
    {
        name: 'keep-writes-into-another-device',
        says: 'what was read of one device is written into the one that came in its place',
        edits: [{
            file: 'core/src/engine/stage_blank.c',
            find: '|| holds_other_than_kept(session, &block, result->outcome->data)) {',
            replace: '|| (block.length == 0 && holds_other_than_kept(session, &block, result->outcome->data))) {',
        }],
        suites: ['engine/test_session_keep_faults'],
        node: [],
        real: [],
    },
    {
        name: 'keep-believes-another-device',
        says: 'what was read before a loss is written into whatever comes back',
        edits: [{
            file: 'core/src/engine/stage_keep.c',
            find: '(!session->has_begun || session->evidence',
            replace: '(session->evidence',
        }],
        suites: ['engine/test_session_keep_faults'],
        node: [],
        real: [],
    },
    {
        name: 'keep-misses-repairs',
        says: 'a repair erases a sector that was not looked at',
        edits: [{
            file: 'core/src/engine/stage_keep.c',
            find: 'return ((uint32_t)session->keep.seen_sectors',
            replace: 'return session->repairs > 0 || ((uint32_t)session->keep.seen_sectors',
        }],
        suites: ['engine/test_session_keep_faults'],
        node: [],
        real: [],
    },
    {
        name: 'gate-lets-other-bytes-into-kept-ranges',
        says: 'the gate compares one byte of what is kept',
        edits: [{
            file: 'core/src/engine/gate.c',
            find: 'memcmp(data, bytes, length) == 0;',
            replace: 'memcmp(data, bytes, 1) == 0;',
        }],
        suites: ['core/test_gate_kept'],
        node: [],
        real: [],
    },
    {
        name: 'gate-lets-any-padding-out',
        says: 'the gate does not compare what completes a flash word',
        edits: [{
            file: 'core/src/engine/gate.c',
            find: ' || is_kept(gate, (uint32_t)end, tail, rest)));',
            replace: ' || gate->kept_count > 0));',
        }],
        suites: ['core/test_gate_kept'],
        node: [],
        real: [],
    },
];
