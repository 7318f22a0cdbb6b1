// @ts-check
// The steps that only a firmware file of the visitor's own needs: which file, and what a release would say of it.
import { RelockError } from '../../wasm-glue/values.js';
import { chosen, el, facts, radios } from '../dom.js';
import { errorBox } from '../job/error-view.js';
import { errorText, hex, size, t } from '../texts.js';
import { whomToAsk } from '../whom-to-ask.js';

/** @typedef {import('../job/page.js').Page} Page */
/** @typedef {import('../../wasm-glue/relock.js').RelockEngine} RelockEngine */
/** @typedef {import('../../wasm-glue/values.js').Findings} Findings */
/** @typedef {{name: string, file: Uint8Array, address: number | null}} Firmware */

/** @param {string} text @returns {number | null} */
function parseAddress(text) {
    const match = /^\s*(?:0x)?([0-9a-f]{1,8})\s*$/i.exec(text);
    return match ? Number.parseInt(match[1], 16) : null;
}

/** @param {import('../../wasm-glue/values.js').ImageSummary} image @returns {string} */
function places(image) {
    const texts = image.segments.slice(0, 4).map(({ addr, bytes }) => t('file.range', { first: hex(addr), last: hex(addr + bytes - 1) }));
    const count = image.segments.length - texts.length;
    const ranges = texts.join(', ');
    return count > 0 ? t('file.more', { ranges, count }) : ranges;
}

/** @param {string} name @param {import('../../wasm-glue/values.js').ImageSummary} image @returns {HTMLElement} */
function fileCard(name, image) {
    return facts([[t('file.name'), name], [t('file.size'), size(image.bytes)], [t('file.addresses'), places(image)],
        [t('file.checksum'), hex(image.crc32)]]);
}

/** @param {unknown} error @param {RelockEngine} engine */
function fileError(error, engine) {
    const { name, place } = error instanceof RelockError ? error : new RelockError('FILE_UNREADABLE');
    const where = [place.line ? t('place.line', { line: place.line }) : '',
        place.offset ? t('place.offset', { offset: place.offset }) : '',
        typeof place.addr === 'number' ? t('place.addr', { addr: hex(place.addr) }) : ''].filter(Boolean);
    return errorBox(engine.error(name), { place: where.join(', ') });
}

/** @param {string} id @returns {{field: HTMLElement, input: HTMLInputElement}} */
function addressField(id) {
    const input = el('input', { type: 'text', id, dir: 'ltr', autocomplete: 'off', spellcheck: 'false', placeholder: '0x08000000',
        'aria-describedby': `${id}-note` });
    const field = el('div', { class: 'field', hidden: true }, el('label', { for: id }, t('file.start')), input,
        el('p', { class: 'note', id: `${id}-note` }, t('file.startNote')));
    return { field, input };
}

/**
 * A file picker that files can be dropped on as well.
 * @param {(file: File) => void} onFile
 */
function picker(onFile) {
    const input = el('input', { type: 'file', id: 'file', accept: '.hex,.ihex,.ihx,.s19,.s28,.s37,.srec,.mot,.elf,.axf,.dfu,.uf2,.bin,.gz', change: () => {
        if (input.files?.[0]) {
            onFile(input.files[0]);
        }
    } });
    const zone = el('div', { class: 'drop' }, el('label', { for: 'file' }, t('file.pick')), input,
        el('p', { class: 'note' }, t('file.drop')));
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

/**
 * @param {ReadableStream<Uint8Array>} stream @param {number} most
 * @returns {Promise<Uint8Array>} all of it
 * @throws {RelockError} FILE_TOO_LARGE beyond `most` bytes
 */
async function readAll(stream, most) {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const parts = [];
    let left = most;
    const reader = stream.getReader();
    for (let { value } = await reader.read(); value; { value } = await reader.read()) {
        left -= value.length;
        if (left < 0) {
            reader.cancel();
            throw new RelockError('FILE_TOO_LARGE');
        }
        parts.push(/** @type {Uint8Array<ArrayBuffer>} */ (value));
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * @param {File} file @param {RelockEngine} engine
 * @returns {Promise<Uint8Array>} its bytes; of gzip, what is compressed in it
 * @throws {RelockError} FILE_TOO_LARGE, GZIP_DAMAGED
 */
async function readFile(file, engine) {
    const most = engine.fileBytesMax();
    if (file.size > most) {
        throw new RelockError('FILE_TOO_LARGE');
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (engine.fileFormat(bytes).name !== 'gzip') {
        return bytes;
    }
    try {
        return await readAll(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')), most);
    } catch (error) {
        throw error instanceof RelockError ? error : new RelockError('GZIP_DAMAGED');
    }
}

/**
 * Asks for the firmware file, until there is one that can be used.
 * @param {Page} page @param {RelockEngine} engine
 * @param {(() => Promise<File>) | null} sample offers this one too
 * @returns {Promise<Firmware>}
 */
export async function askFile(page, engine, sample) {
    const step = page.step('file', t('file.title'));
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
            const isBinary = current.file.length > 0 && engine.fileFormat(current.file).needsAddress;
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
            click: async () => take(await sample()) }, t('file.sample'))), address.field, result);
    });
}

/** @param {RelockEngine} engine @param {Firmware} firmware @param {HTMLElement} result @param {() => void} use */
function showFile(engine, firmware, result, use) {
    try {
        const image = engine.loadFile(firmware.file, firmware.address);
        const go = el('button', { type: 'button', class: 'main', click: use }, t('file.use'));
        result.replaceChildren(el('div', { class: 'card' }, fileCard(firmware.name, image)), el('div', { class: 'buttons' }, go));
    } catch (error) {
        result.replaceChildren(fileError(error, engine));
    }
}

/** @param {boolean} hasEmptyCheck @param {RelockEngine} engine */
function wayBackOptions(hasEmptyCheck, engine) {
    return [
        { value: 'boot0', label: t('wishes.way.boot0'), note: t('wishes.way.boot0Note') },
        { value: 'empty-check', label: t('wishes.way.empty-check'), disabled: !hasEmptyCheck,
            note: hasEmptyCheck ? t('wishes.way.empty-checkNote') : errorText(engine.error('NO_EMPTY_CHECK')) },
        { value: 'none', label: t('wishes.way.none'), note: t('wishes.way.noneNote') },
    ];
}

const endStates = () => ['protected', 'open'].map((value) =>
    ({ value, label: t(`wishes.end.${value}`), note: t(`wishes.end.${value}Note`) }));

/** @param {import('../../wasm-glue/values.js').Family[]} candidates */
function familyOptions(candidates) {
    return [...candidates.map(({ name, devices }) => ({ value: name, label: devices })),
        { value: '', label: t('wishes.familyUnknown'), note: t('wishes.familyUnknownNote') }];
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
    const step = page.step('wishes', t('wishes.title'));
    const candidates = engine.families().filter(({ isCandidate }) => isCandidate);
    // Where they need the same treatment, nobody is asked which it is.
    const families = candidates.some(({ hasEmptyCheck }) => hasEmptyCheck !== candidates[0].hasEmptyCheck)
        ? radios('family', t('wishes.family'), familyOptions(candidates)) : null;
    const ending = radios('end', t('wishes.end'), endStates());
    const wayBack = wayBackGroup(found, candidates, families, engine);
    const problem = el('div', { 'aria-live': 'assertive' });
    return new Promise((resolve) => {
        const go = () => {
            const end = chosen(ending, 'end');
            const wishes = { endProtected: end === 'protected', wayBack: chosen(wayBack, 'way'),
                family: families ? chosen(families, 'family') : found.claim ?? '' };
            const missing = missingIn(wishes, end);
            if (missing) {
                const who = missing === WAY_ERRORS.none ? whomToAsk() : null;
                problem.replaceChildren(errorBox(engine.error(missing)), who ?? '');
                return;
            }
            step.finish(facts([[t('wishes.shallEnd'), t(`wishes.end.${end}`)],
                [t('wishes.comesBack'), t(`wishes.way.${wishes.wayBack}`)], [t('device.chip'), wishes.family]]));
            resolve(wishes);
        };
        step.show(families, ending, wayBack, problem, el('div', { class: 'buttons' },
            el('button', { type: 'button', class: 'main', click: go }, t('wishes.showPlan'))));
    });
}

/**
 * The ways back that the chip has, or that the one which is chosen has.
 * @param {Findings} found @param {import('../../wasm-glue/values.js').Family[]} candidates
 * @param {HTMLElement | null} families where the chip is chosen, if it has to be @param {RelockEngine} engine
 * @returns {HTMLElement}
 */
function wayBackGroup(found, candidates, families, engine) {
    const legend = t(found.protection === 'level-1' ? 'wishes.wayErased' : 'wishes.way');
    const group = el('div');
    const draw = () => {
        const family = candidates.find(({ name }) => families && name === chosen(families, 'family'));
        group.replaceChildren(radios('way', legend, wayBackOptions(family?.hasEmptyCheck ?? found.hasEmptyCheck, engine)));
    };
    families?.addEventListener('change', draw);
    draw();
    return group;
}
