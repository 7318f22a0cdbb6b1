// @ts-check
// The steps that ask: each shows itself, waits for an answer, and leaves a summary behind.
import { RelockError } from '../wasm-glue/values.js';
import { buttons, chosen, el, facts, radios } from './dom.js';
import { errorBox } from './error-view.js';
import { EVIDENCE, PLAN_STAGES, PROTECTION, TIERS, duration, hex, size } from './texts.js';

/** @typedef {import('./page.js').Page} Page */
/** @typedef {import('../wasm-glue/relock.js').RelockEngine} RelockEngine */
/** @typedef {import('../wasm-glue/values.js').Findings} Findings */
/** @typedef {{name: string, file: Uint8Array, address: number | null}} Firmware */

/** @param {Findings} found @returns {[string, string][]} */
function witnesses(found) {
    const flash = found.flashReadRefused ? 'refused, twice' : found.flashWasRead ? 'answered' : 'not tried';
    const options = found.optionsReadRefused ? 'refused, twice'
        : found.optionsWereRead ? 'answered, twice the same' : 'not tried';
    return [['Reading flash', flash], ['Reading option bytes', options]];
}

/** @param {Findings} found @returns {HTMLElement | null} */
function optionTable(found) {
    if (found.options.length === 0) {
        return null;
    }
    const rows = found.options.map(({ name, value, bits, meaning }) => el('tr', {}, el('th', { scope: 'row' }, name),
        el('td', {}, bits > 1 ? hex(value, Math.ceil(bits / 4)) : String(value)), el('td', {}, meaning)));
    return el('details', {}, el('summary', {}, 'Option bytes'), el('div', { class: 'scroll', tabindex: '0', role: 'region',
        'aria-label': 'Option bytes' }, el('table', {}, el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Field'),
        el('th', { scope: 'col' }, 'Value'), el('th', { scope: 'col' }, 'Meaning'))), el('tbody', {}, ...rows))));
}

/** @param {Findings} found @returns {HTMLElement} the device as a card */
export function deviceCard(found) {
    const evidence = found.evidence.map((kind) => EVIDENCE[kind]).join(', ');
    const serial = found.serial && (found.serialIsUnique ? found.serial : `${found.serial} (shared by many devices)`);
    return el('div', { class: 'card' },
        facts([
            ['Chip', found.devices || found.product || 'unknown'],
            ['Protection', el('strong', {}, PROTECTION[found.protection])],
            ...(found.protection === 'unknown' ? [] : witnesses(found)),
            ['Flash', found.flashBytes > 0 && `${size(found.flashBytes)} in ${found.flashSectors} sectors`],
            ['Serial number', serial],
        ]),
        found.chipIsKnown && el('details', {}, el('summary', {}, 'How well this chip is known'), facts([
            ['Support', TIERS[found.tier]],
            ['Known from', evidence],
            ['Sources', found.sources],
            ['Shown by', `USB ${hex(found.vendorId, 4)}:${hex(found.productId, 4)}, version ${hex(found.bcdDevice, 4)}, memory`
                + ` layout, option bytes' place, transfer size ${found.transferBytes} bytes`],
        ])),
        optionTable(found));
}

/** @param {string} text @returns {number | null} */
function parseAddress(text) {
    const match = /^\s*(?:0x)?([0-9a-f]{1,8})\s*$/i.exec(text);
    return match ? Number.parseInt(match[1], 16) : null;
}

/** @param {import('../wasm-glue/values.js').ImageSummary} image @returns {string} */
function places(image) {
    const texts = image.segments.slice(0, 4).map(({ addr, bytes }) => `${hex(addr)} to ${hex(addr + bytes - 1)}`);
    const more = image.segments.length - texts.length;
    return texts.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** @param {string} name @param {import('../wasm-glue/values.js').ImageSummary} image @returns {HTMLElement} */
function fileCard(name, image) {
    return facts([['File', name], ['Size', size(image.bytes)], ['Addresses', places(image)],
        ['CRC-32', hex(image.crc32)]]);
}

/** @param {unknown} error @param {RelockEngine} engine */
function fileError(error, engine) {
    const { name, place } = error instanceof RelockError ? error : new RelockError('FILE_UNREADABLE');
    const where = [place.line ? `line ${place.line}` : '', place.addr ? `address ${hex(place.addr)}` : ''].filter(Boolean);
    return errorBox(engine.error(name), { place: where.join(', ') });
}

/** @param {string} id @returns {{field: HTMLElement, input: HTMLInputElement}} */
function addressField(id) {
    const input = el('input', { type: 'text', id, autocomplete: 'off', spellcheck: 'false', placeholder: '0x08000000',
        'aria-describedby': `${id}-note` });
    const field = el('div', { class: 'field', hidden: true }, el('label', { for: id }, 'Start address of this binary file'), input,
        el('p', { class: 'note', id: `${id}-note` }, 'A raw binary does not say where it belongs; its maker does.'
            + ' The flash of all supported chips begins at 0x08000000.'));
    return { field, input };
}

/**
 * A file picker that files can be dropped on as well.
 * @param {(file: File) => void} onFile
 */
function picker(onFile) {
    const input = el('input', { type: 'file', id: 'file', accept: '.hex,.ihex,.ihx,.bin', change: () => {
        if (input.files?.[0]) {
            onFile(input.files[0]);
        }
    } });
    const zone = el('div', { class: 'drop' }, el('label', { for: 'file' }, 'Firmware file (.hex or .bin)'), input,
        el('p', { class: 'note' }, 'Or drop it here. It stays on this computer.'));
    zone.addEventListener('dragover', (event) => {
        event.preventDefault();
        zone.classList.add('is-over');
    });
    zone.addEventListener('dragleave', () => zone.classList.remove('is-over'));
    zone.addEventListener('drop', (event) => {
        event.preventDefault();
        zone.classList.remove('is-over');
        if (event.dataTransfer?.files[0]) {
            onFile(event.dataTransfer.files[0]);
        }
    });
    return zone;
}

/** @param {File} file @param {RelockEngine} engine @returns {Promise<Uint8Array>} */
async function readFile(file, engine) {
    if (file.size > engine.fileBytesMax()) {
        throw new RelockError('FILE_TOO_LARGE');
    }
    return new Uint8Array(await file.arrayBuffer());
}

/**
 * Asks for the firmware file, until there is one that can be used.
 * @param {Page} page @param {RelockEngine} engine
 * @param {(() => Promise<File>) | null} sample offers this one too
 * @returns {Promise<Firmware>}
 */
export async function askFile(page, engine, sample) {
    const step = page.step('file', 'The firmware file');
    const address = addressField('address');
    const result = el('div', { 'aria-live': 'polite' });
    return new Promise((resolve) => {
        /** @type {{name: string, file: Uint8Array} | null} */
        let current = null;
        let [sequence, isDone] = [0, false];
        const judge = () => {
            if (!current || isDone) {
                return;
            }
            const isBinary = current.file.length > 0 && !engine.fileIsHex(current.file);
            address.field.hidden = !isBinary;
            const firmware = { ...current, address: isBinary ? parseAddress(address.input.value) : null };
            showFile(engine, firmware, result, () => {
                isDone = true;
                step.finish(fileCard(firmware.name, engine.imageSummary()));
                resolve(firmware);
            });
        };
        // Reading takes its time: only the file that was chosen last counts, and none after the choice was made.
        const take = async (/** @type {File} */ file) => {
            sequence += 1;
            const mine = sequence;
            current = null;
            result.replaceChildren();
            try {
                const bytes = await readFile(file, engine);
                if (mine === sequence) {
                    current = { name: file.name, file: bytes };
                    judge();
                }
            } catch (error) {
                if (mine === sequence) {
                    result.replaceChildren(fileError(error, engine));
                }
            }
        };
        address.input.addEventListener('input', judge);
        step.show(picker(take), sample && el('p', {}, el('button', { type: 'button', class: 'plain',
            click: async () => take(await sample()) }, 'Use the sample firmware')), address.field, result);
    });
}

/** @param {RelockEngine} engine @param {Firmware} firmware @param {HTMLElement} result @param {() => void} use */
function showFile(engine, firmware, result, use) {
    try {
        const image = engine.loadFile(firmware.file, firmware.address);
        const go = el('button', { type: 'button', class: 'main', click: use }, 'Use this file');
        result.replaceChildren(el('div', { class: 'card' }, fileCard(firmware.name, image)), el('div', { class: 'buttons' }, go));
    } catch (error) {
        result.replaceChildren(fileError(error, engine));
    }
}

const NO_WAY = 'Then this page must not erase it: afterwards it could not be reached any more. Ask its maker how BOOT0 is reached,'
    + ' or use an SWD programmer.';

/** @param {boolean} hasEmptyCheck @param {RelockEngine} engine */
function wayBackOptions(hasEmptyCheck, engine) {
    return [
        { value: 'boot0', label: 'BOOT0 is held, and I can keep it held until I am told otherwise',
            note: 'A button, a jumper or a switch that was set while the device was plugged in.' },
        { value: 'empty-check', label: 'I will unplug it and plug it in again when I am told to', disabled: !hasEmptyCheck,
            note: hasEmptyCheck ? 'This chip starts its bootloader when it is switched on with empty flash.'
                : engine.error('NO_EMPTY_CHECK').sentence },
        { value: 'none', label: 'Its own firmware has started the bootloader; BOOT0 cannot be reached', note: NO_WAY },
    ];
}

const END_STATES = [
    { value: 'protected', label: 'Protected (RDP level 1)',
        note: 'The firmware cannot be read out again over USB or SWD without erasing it.' },
    { value: 'open', label: 'Open (RDP level 0)', note: 'Anybody with the device can read its firmware.' },
];

/** @param {import('../wasm-glue/values.js').Family[]} candidates */
function familyOptions(candidates) {
    return [...candidates.map(({ name, devices }) => ({ value: name, label: devices })),
        { value: '', label: 'I do not know', note: 'Then it is treated as the most demanding of them.' }];
}

/** @typedef {{endProtected: boolean, wayBack: string, family: string}} Wishes */

/** @type {Record<string, string>} ways back that are none */
const WAY_ERRORS = { '': 'NO_WAY_BACK', none: 'WAY_BACK_IS_NONE' };

/** @param {Wishes} wishes @param {string} end @returns {string} the error that says what is missing, '' if none */
function missingIn(wishes, end) {
    return end === '' ? 'PROTECT_NOT_SAID' : WAY_ERRORS[wishes.wayBack] ?? '';
}

/**
 * Asks how the device shall end, and how it gets back into its bootloader.
 * @param {Page} page @param {Findings} found @param {RelockEngine} engine
 * @returns {Promise<Wishes>}
 */
export async function askWishes(page, found, engine) {
    const step = page.step('wishes', 'How it shall end, and how it comes back');
    const candidates = engine.families().filter(({ isCandidate }) => isCandidate);
    const families = candidates.length > 1
        ? radios('family', 'Which chip is it? It could be', familyOptions(candidates)) : null;
    const ending = radios('end', 'When all is done the device shall be', END_STATES);
    const wayBack = wayBackGroup(found, candidates, families, engine);
    const problem = el('div', { 'aria-live': 'assertive' });
    return new Promise((resolve) => {
        const go = () => {
            const end = chosen(ending, 'end');
            const wishes = { endProtected: end === 'protected', wayBack: chosen(wayBack, 'way'),
                family: families ? chosen(families, 'family') : '' };
            const missing = missingIn(wishes, end);
            if (missing) {
                problem.replaceChildren(errorBox(engine.error(missing)));
                return;
            }
            step.finish(facts([['Shall end', END_STATES.find(({ value }) => value === end)?.label],
                ['Comes back', wayBackOptions(true, engine).find(({ value }) => value === wishes.wayBack)?.label],
                ['Chip', wishes.family]]));
            resolve(wishes);
        };
        step.show(families, ending, wayBack, problem, el('div', { class: 'buttons' },
            el('button', { type: 'button', class: 'main', click: go }, 'Show me the plan')));
    });
}

/**
 * The ways back that the chip has, or that the one which is chosen has.
 * @param {Findings} found @param {import('../wasm-glue/values.js').Family[]} candidates
 * @param {HTMLElement | null} families where the chip is chosen, if it has to be @param {RelockEngine} engine
 * @returns {HTMLElement}
 */
function wayBackGroup(found, candidates, families, engine) {
    const legend = found.protection === 'level-1'
        ? 'After the erase the device starts anew, with nothing in it. How does it get back into its bootloader?'
        : 'When the device restarts, how does it get back into its bootloader?';
    const group = el('div');
    const draw = () => {
        const family = candidates.find(({ name }) => families && name === chosen(families, 'family'));
        group.replaceChildren(radios('way', legend, wayBackOptions(family?.hasEmptyCheck ?? found.hasEmptyCheck, engine)));
    };
    families?.addEventListener('change', draw);
    draw();
    return group;
}

/** @param {import('../wasm-glue/values.js').Plan} plan @returns {string} what will be lost */
function losses(plan) {
    if (plan.losesEverything) {
        return 'Everything in the device is erased: its firmware, its settings, its data. It cannot be brought back.';
    }
    return plan.losesSectors ? `What ${plan.sectorsTouched} sectors of the flash hold now is replaced.`
        : 'Nothing that is in the device now is lost.';
}

/** @param {import('../wasm-glue/values.js').Plan} plan @returns {string} the button names the loss */
function confirmText(plan) {
    const verb = plan.losesEverything ? 'Erase everything' : plan.losesSectors ? `Replace ${plan.sectorsTouched} sectors` : 'Go on';
    return `${verb}, write${plan.endsProtected ? ' and protect' : ''}`;
}

/** @param {import('../wasm-glue/values.js').Plan} plan @returns {string} '' if nothing but waiting */
function yourPart(plan) {
    return [plan.needsPerson && 'You will be asked to unplug the device and plug it in again.',
        plan.needsPowerCycle && 'At the end you may be asked to take all power from the device (USB and battery) for a moment.']
        .filter(Boolean).join(' ');
}

/**
 * Shows plan, time and losses, and asks.
 * @param {Page} page @param {RelockEngine} engine @param {boolean} isSimulated
 * @returns {Promise<{isYes: boolean, keepPermission: boolean}>}
 */
export async function askPlan(page, engine, isSimulated) {
    const step = page.step('plan', 'The plan');
    const plan = engine.plan();
    const stages = plan.stages.filter((stage) => stage in PLAN_STAGES).map((stage) => el('li', {}, PLAN_STAGES[stage]));
    const keep = el('input', { type: 'checkbox', id: 'keep' });
    const danger = plan.losesEverything ? 'danger' : 'main';
    const { row, choice } = buttons([{ text: confirmText(plan), value: true, look: danger },
        { text: 'Cancel', value: false, look: 'plain' }]);
    step.show(el('ol', { class: 'plan' }, ...stages),
        facts([['Time', `about ${duration(plan.estimateMs)}`], ['Lost', el('strong', {}, losses(plan))],
            ['Your part', yourPart(plan)]]),
        ...(isSimulated ? [] : [
            el('p', { class: 'note' }, 'While the job runs, the firmware file is kept in this browser, so that a reload or a crash'
                + ' can be mended. It is removed at the end.'),
            el('div', { class: 'check' }, keep, el('label', { for: 'keep' },
                'Let this page use the device without asking next time'))]), row);
    const isYes = await choice;
    step.finish(facts([['Time', `about ${duration(plan.estimateMs)}`], ['Lost', losses(plan)],
        ['Your answer', isYes ? confirmText(plan) : 'Cancelled']]));
    return { isYes, keepPermission: keep.checked };
}

/**
 * main: yes is the safe answer
 * @type {Record<string, {title: string, text: string, yes: string, no: string, main: boolean}>}
 */
const QUESTIONS = {
    'look-again': {
        title: 'This device is finished already',
        text: 'This browser remembers that this device has this firmware and that the protection was proven. Looking again changes nothing.',
        yes: 'Only look again', no: 'Do it all again', main: true,
    },
    'same-device': {
        title: 'Is this the device that is finished already?',
        text: 'This browser remembers a device of this kind as finished with this firmware. Chips of this family have no serial'
            + ' number of their own, so only you can tell whether this is that very device.',
        yes: 'It is that one: only look', no: 'It is another one', main: false,
    },
    'odd-image': {
        title: 'This does not look like firmware for this chip',
        text: 'The first words of the file are not a vector table that this chip could start from. It may be meant for another device,'
            + ' or belong behind a bootloader.',
        yes: 'Use it all the same', no: 'Stop', main: false,
    },
};

/** @param {Page} page @param {string} question @returns {Promise<boolean>} */
export async function askQuestion(page, question) {
    const { title, text, yes, no, main } = QUESTIONS[question];
    const step = page.step(question, title);
    const { row, choice } = buttons([{ text: yes, value: true, look: main ? 'main' : 'plain' },
        { text: no, value: false, look: main ? 'plain' : 'main' }]);
    step.show(el('p', {}, text), row);
    const isYes = await choice;
    step.finish(el('p', {}, isYes ? yes : no));
    return isYes;
}
