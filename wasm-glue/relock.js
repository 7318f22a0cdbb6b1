// @ts-check
// The one class that owns the memory of relock.wasm. It carries values across; it knows nothing of DFU.
import { readFindings, readKept, readPlan } from './readouts.js';
import { RelockError } from './values.js';
import { WasmModule } from './wasm-module.js';

/** @typedef {import('./values.js').Action} Action */
/** @typedef {import('./values.js').ErrorText} ErrorText */
/** @typedef {import('./values.js').Findings} Findings */
/** @typedef {import('./values.js').ImageSummary} ImageSummary */
/** @typedef {import('./values.js').JournalEntry} JournalEntry */
/** @typedef {import('./values.js').KeptRange} KeptRange */
/** @typedef {import('./values.js').Operation} Operation */
/** @typedef {import('./values.js').Outcome} Outcome */
/** @typedef {import('./values.js').Plan} Plan */
/** @typedef {import('./values.js').Wish} Wish */

const NO_ESTIMATE = 0xffffffff;
const BY_CONTENT = 0;

/** One engine: one file, one wish, one session at a time. */
export class RelockEngine {
    #wasm;
    #errors = new Map();

    /** @param {WebAssembly.Module} module of relock.wasm */
    constructor(module) {
        this.#wasm = new WasmModule(module);
        const x = this.#wasm.exports;
        this.#jobs = this.#wasm.names('rlk_glue_job_name');
        this.#wayBacks = this.#wasm.names('rlk_glue_way_back_name');
        this.#polls = this.#wasm.names('rlk_glue_poll_name');
        this.#outcomes = this.#wasm.names('rlk_glue_outcome_name');
        this.#formats = this.#wasm.names('rlk_glue_file_format_name');
        for (let index = 0; x.rlk_glue_error_at(index) !== 0; index += 1) {
            const number = x.rlk_glue_error_at(index);
            this.#errors.set(this.#text(x.rlk_glue_error_name(number)), number);
        }
    }

    #jobs;
    #wayBacks;
    #polls;
    #outcomes;
    #formats;

    get #x() {
        return this.#wasm.exports;
    }

    /** @param {number} address */
    #text(address) {
        return this.#wasm.text(address);
    }

    /** @param {string} text ASCII, cut to the buffer's size */
    #giveText(text) {
        const bytes = new TextEncoder().encode(text).subarray(0, this.#x.rlk_glue_text_bytes() - 1);
        const buffer = this.#wasm.view(this.#x.rlk_glue_text(), bytes.length + 1);
        buffer.set(bytes);
        buffer[bytes.length] = 0;
        return bytes.length;
    }

    /** @returns {string[]} the names of all errors, in the order of the list */
    errorNames() {
        return [...this.#errors.keys()];
    }

    /**
     * @param {string} name
     * @returns {ErrorText} of INTERNAL if there is no such name
     */
    error(name) {
        const number = this.#errors.get(name) ?? this.#errors.get('INTERNAL');
        return this.#errorText(number) ?? { name, code: '', kind: 'failed', action: this.#action(0) };
    }

    /**
     * @param {number} number
     * @returns {ErrorText | null} null for success
     */
    #errorText(number) {
        const x = this.#x;
        return number === 0 ? null : {
            name: this.#text(x.rlk_glue_error_name(number)),
            code: `RLK-${-number}`,
            kind: this.#text(x.rlk_glue_error_class(number)),
            action: this.#action(x.rlk_glue_error_action(number)),
        };
    }

    /** @param {number} index @returns {Action} */
    #action(index) {
        return { name: this.#text(this.#x.rlk_glue_action_name(index)) };
    }

    /** @returns {Action[]} every action there is */
    actions() {
        return this.#wasm.names('rlk_glue_action_name').map((name) => ({ name }));
    }

    /** @returns {import('./values.js').Family[]} the families that can be claimed */
    families() {
        const x = this.#x;
        const devices = this.#wasm.names('rlk_glue_family_devices');
        return this.#wasm.names('rlk_glue_family_name').map((name, index) => ({
            name,
            devices: devices[index],
            hasEmptyCheck: x.rlk_glue_family_has_empty_check(index) !== 0,
            isCandidate: x.rlk_glue_family_is_candidate(index) !== 0,
        }));
    }

    /** @returns {number} the largest file that is accepted, in bytes */
    fileBytesMax() {
        return this.#x.rlk_glue_file_bytes_max() >>> 0;
    }

    /**
     * Files lie where the session's image lies.
     * @throws {RelockError} INTERNAL
     */
    #refuseWhileRunning() {
        if (this.#x.rlk_glue_session_is_running() !== 0) {
            throw new RelockError('INTERNAL');
        }
    }

    /**
     * Drops the file that was loaded. Not between begin() and done.
     * @param {Uint8Array} file
     * @throws {RelockError} INTERNAL while a session runs
     * @returns {{name: string, needsAddress: boolean}} what it is by its content: 'intel-hex', 'gzip', 'binary' …
     */
    fileFormat(file) {
        this.#dropFile();
        const format = this.#x.rlk_glue_file_format(this.#placeFile(file), file.length);
        return { name: this.#formats[format], needsAddress: this.#x.rlk_glue_file_needs_addr(format) !== 0 };
    }

    #dropFile() {
        this.#refuseWhileRunning();
        this.#check(this.#x.rlk_glue_file_drop());
    }

    /** @param {Uint8Array} file @returns {number} where its copy begins */
    #placeFile(file) {
        this.#wasm.reserve(file.length);
        this.#wasm.view(this.#wasm.arenaStart, file.length).set(file);
        return this.#wasm.arenaStart;
    }

    /**
     * Loads a firmware file; it replaces the one before. Not between begin() and done.
     * @param {Uint8Array} file of any format but gzip, which the browser inflates
     * @param {number | null} address where a raw binary belongs
     * @returns {ImageSummary}
     * @throws {RelockError} with the place in the file; INTERNAL while a session runs
     */
    loadFile(file, address) {
        this.#dropFile();
        const needed = this.#roomFor({ file, address }, BY_CONTENT);
        const start = this.#wasm.arenaStart;
        this.#check(this.#x.rlk_glue_file_load(start, file.length, BY_CONTENT, address === null ? 0 : 1, address ?? 0,
            this.#imageStart(start, file.length, needed), needed));
        return this.imageSummary();
    }

    /** Room for the image behind the file. @param {number} start @param {number} length @param {number} capacity */
    #imageStart(start, length, capacity) {
        const offset = Math.ceil(length / 16) * 16;
        this.#wasm.reserve(offset + capacity);
        return start + offset;
    }

    /**
     * Loads several firmware files as one image; it replaces what was loaded before. Not between begin() and done.
     * @param {{file: Uint8Array, address: number | null}[]} files raw bytes where there is an address, Intel HEX else
     * @returns {ImageSummary}
     * @throws {RelockError} with the place: `index` is the file's; INTERNAL while a session runs
     */
    loadFiles(files) {
        this.#dropFile();
        const needs = files.map((part, index) => this.#inFile(index, () =>
            this.#roomFor(part, part.address === null ? BY_CONTENT : this.#formatOf(part))));
        const total = Math.ceil(needs.reduce((sum, need) => sum + need, 0) / 16) * 16;
        this.#wasm.reserve(total);
        this.#check(this.#x.rlk_glue_files_begin(this.#wasm.arenaStart, total));
        files.forEach((part, index) => this.#inFile(index, () => this.#addFile(part, needs[index], total)));
        return this.imageSummary();
    }

    /**
     * @template T
     * @param {number} index
     * @param {() => T} action
     * @returns {T}
     * @throws {RelockError} with the file's index; no image is left
     */
    #inFile(index, action) {
        try {
            return action();
        } catch (error) {
            this.#dropFile();
            throw error instanceof RelockError ? new RelockError(error.name, { ...error.place, index }) : error;
        }
    }

    /** A release says what it is, by the address. @param {{address: number | null}} part @returns {number} */
    #formatOf({ address }) {
        return this.#formats.indexOf(address === null ? 'intel-hex' : 'binary');
    }

    /**
     * What the file will need as an image. It lies at the arena's start afterwards.
     * @param {{file: Uint8Array, address: number | null}} part
     * @param {number} format
     * @returns {number}
     */
    #roomFor({ file, address }, format) {
        if (file.length > this.fileBytesMax()) {
            throw new RelockError('FILE_TOO_LARGE');
        }
        const needed = this.#x.rlk_glue_file_measure(this.#placeFile(file), file.length, format,
            address === null ? 0 : 1, address ?? 0);
        this.#check(needed);
        return needed;
    }

    /**
     * Behind the image of all files lie one file and the image of it.
     * @param {{file: Uint8Array, address: number | null}} part
     * @param {number} needed
     * @param {number} offset
     */
    #addFile({ file, address }, needed, offset) {
        const room = Math.ceil(file.length / 16) * 16;
        this.#wasm.reserve(offset + room + needed);
        const start = this.#wasm.arenaStart + offset;
        this.#wasm.view(start, file.length).set(file);
        this.#check(this.#x.rlk_glue_files_add(start, file.length, this.#formatOf({ address }), address ?? 0,
            start + room, needed));
    }

    /** @param {number} number */
    #check(number) {
        if (number < 0) {
            const x = this.#x;
            throw new RelockError(this.#text(x.rlk_glue_error_name(number)),
                { line: x.rlk_glue_file_line() >>> 0, offset: x.rlk_glue_file_offset() >>> 0,
                    addr: x.rlk_glue_file_has_addr() ? x.rlk_glue_file_addr() >>> 0 : null });
        }
    }

    /**
     * Reads and judges a release.json for wishes with `withRelease`; it replaces the one before. Its signature is not
     * judged here. Not between begin() and done.
     * @param {Uint8Array} document
     * @throws {RelockError} with path and offset in the document, and then there is no release; INTERNAL while a
     * session runs
     */
    loadRelease(document) {
        const x = this.#x;
        this.#refuseWhileRunning();
        const bytes = document.subarray(0, x.rlk_glue_release_buffer_bytes());
        this.#wasm.view(x.rlk_glue_release_buffer(), bytes.length).set(bytes);
        const error = x.rlk_glue_release_load(bytes.length);
        if (error < 0) {
            throw new RelockError(this.#text(x.rlk_glue_error_name(error)),
                { path: this.#text(x.rlk_glue_release_path()), offset: x.rlk_glue_release_offset() >>> 0 });
        }
    }

    /** @returns {ImageSummary} of the file that was loaded last */
    imageSummary() {
        const x = this.#x;
        const segments = Array.from({ length: x.rlk_glue_image_segments() }, (_, index) => ({
            addr: x.rlk_glue_image_segment_addr(index) >>> 0,
            bytes: x.rlk_glue_image_segment_bytes(index) >>> 0,
        }));
        return { bytes: x.rlk_glue_image_bytes() >>> 0, crc32: x.rlk_glue_image_crc32() >>> 0, segments };
    }

    /**
     * @param {string} line as a record operation gave it
     * @returns {JournalEntry}
     * @throws {RelockError} JOURNAL_MALFORMED
     */
    decodeJournal(line) {
        const x = this.#x;
        this.#check(x.rlk_glue_journal_decode(this.#giveText(line)));
        return {
            phase: this.#text(x.rlk_glue_journal_phase()),
            family: this.#text(x.rlk_glue_journal_family()),
            endProtected: x.rlk_glue_journal_end_protected() !== 0,
            wayBack: this.#text(x.rlk_glue_journal_way_back()),
            imageBytes: x.rlk_glue_journal_image_bytes() >>> 0,
            serial: this.#text(x.rlk_glue_journal_serial()),
        };
    }

    /**
     * Starts a session.
     * @param {Wish} wish
     * @throws {RelockError} UNKNOWN_CHIP for a family that is none, JOURNAL_MALFORMED, WRONG_SERIAL for one that no
     * device can have, INTERNAL for a release that was not loaded, or one beside what it decides alone
     */
    begin(wish) {
        const x = this.#x;
        x.rlk_glue_wish_begin(this.#jobs.indexOf(wish.job));
        x.rlk_glue_wish_end_protected(wish.endProtected ? 1 : 0);
        x.rlk_glue_wish_way_back(Math.max(0, this.#wayBacks.indexOf(wish.wayBack ?? 'unsaid')));
        x.rlk_glue_wish_poll(Math.max(0, this.#polls.indexOf(wish.poll ?? 'by-row')));
        if (wish.family) {
            this.#giveText(wish.family);
            this.#check(x.rlk_glue_wish_family());
        }
        x.rlk_glue_wish_allowances(wish.allowExperimental ? 1 : 0, wish.trustzoneIsOff ? 1 : 0);
        if (wish.withRelease) {
            this.#wishRelease(wish);
        }
        if (wish.serial !== undefined) {
            this.#check(x.rlk_glue_wish_serial(this.#giveText(wish.serial)));
        }
        if (wish.nonce) {
            x.rlk_glue_wish_nonce(wish.nonce[0], wish.nonce[1]);
        }
        if (wish.withImage) {
            x.rlk_glue_wish_image();
        }
        if (wish.journal) {
            this.decodeJournal(wish.journal);
            x.rlk_glue_wish_journal();
        }
        x.rlk_glue_session_begin();
    }

    /** @param {Wish} wish */
    #wishRelease({ endProtected, wayBack, family }) {
        if (endProtected !== undefined || wayBack !== undefined || family !== undefined) {
            throw new RelockError('INTERNAL');
        }
        this.#check(this.#x.rlk_glue_wish_release());
    }

    /** @returns {Operation} what to do now: the same until it is completed */
    next() {
        const x = this.#x;
        x.rlk_glue_session_next();
        const kind = this.#text(x.rlk_glue_operation_kind());
        const length = x.rlk_glue_operation_length();
        const data = x.rlk_glue_operation_data();
        return {
            kind,
            index: x.rlk_glue_operation_index() >>> 0,
            timeoutMs: x.rlk_glue_operation_timeout_ms() >>> 0,
            requestType: x.rlk_glue_operation_request_type(),
            request: x.rlk_glue_operation_request(),
            value: x.rlk_glue_operation_value(),
            windex: x.rlk_glue_operation_windex(),
            length,
            data: kind === 'control-out' && data !== 0 ? this.#wasm.copy(data, length) : null,
            alternate: x.rlk_glue_operation_alternate(),
            durationMs: x.rlk_glue_operation_duration_ms() >>> 0,
            reason: this.#text(x.rlk_glue_operation_reason()),
            meanwhile: this.#text(x.rlk_glue_operation_meanwhile()),
            action: this.#text(x.rlk_glue_operation_action()),
            patienceMs: x.rlk_glue_operation_patience_ms() >>> 0,
            question: this.#text(x.rlk_glue_operation_question()),
            digest: [x.rlk_glue_operation_digest_low() >>> 0, x.rlk_glue_operation_digest_high() >>> 0],
            entry: kind === 'record' ? this.#text(x.rlk_glue_operation_entry()) : '',
            offset: x.rlk_glue_operation_offset() >>> 0,
            bytes: x.rlk_glue_operation_bytes() >>> 0,
            ending: this.#text(x.rlk_glue_operation_ending()),
            error: this.#errorText(x.rlk_glue_operation_error()),
        };
    }

    /**
     * Notes how the operation went; complete() then moves the machine.
     * @param {Outcome} outcome
     */
    setOutcome(outcome) {
        const x = this.#x;
        const data = (outcome.data ?? new Uint8Array(0)).subarray(0, x.rlk_glue_outcome_data_bytes_max());
        this.#wasm.view(x.rlk_glue_outcome_data(), data.length).set(data);
        x.rlk_glue_outcome_set(this.#outcomes.indexOf(outcome.kind), data.length, Math.round(outcome.elapsedMs ?? 0),
            outcome.error ? this.#errors.get(outcome.error) ?? 0 : 0);
        if (outcome.digest) {
            x.rlk_glue_outcome_answer(outcome.isYes ? 1 : 0, ...outcome.digest);
        }
    }

    /** Notes the outcome of a fetch: from the file that was loaded. */
    setFetched() {
        this.#x.rlk_glue_outcome_fetch();
    }

    /** @returns {[string, string]} operation and outcome as lines of a transcript; after setOutcome */
    transcriptLines() {
        return [this.#text(this.#x.rlk_glue_operation_line()), this.#text(this.#x.rlk_glue_outcome_line())];
    }

    /** @returns {string} the current operation as a line of a transcript */
    transcriptOperation() {
        return this.#text(this.#x.rlk_glue_operation_line());
    }

    /** Moves the machine by the outcome that was set. */
    complete() {
        this.#x.rlk_glue_session_complete();
    }

    /** @returns {Findings} what was found out so far */
    findings() {
        return readFindings(this.#wasm);
    }

    /** @returns {Plan} what would be done from here */
    plan() {
        return readPlan(this.#wasm);
    }

    /** @returns {KeptRange[]} what else is in the sectors that are about to be erased; asked for during 'keep' */
    kept() {
        return readKept(this.#wasm);
    }

    /** @returns {{stage: string, permille: number, leftMs: number | null}} leftMs is null while a person is awaited */
    progress() {
        const x = this.#x;
        const leftMs = x.rlk_glue_progress_left_ms() >>> 0;
        return {
            stage: this.#text(x.rlk_glue_progress_stage()),
            permille: x.rlk_glue_progress_permille(),
            leftMs: leftMs === NO_ESTIMATE ? null : leftMs,
        };
    }

    /**
     * @returns {import('./values.js').Fault | null} the first fault
     */
    fault() {
        const x = this.#x;
        const error = this.#errorText(x.rlk_glue_fault_error());
        return error && {
            error,
            stage: this.#text(x.rlk_glue_fault_stage()),
            addr: x.rlk_glue_fault_has_addr() ? x.rlk_glue_fault_addr() >>> 0 : null,
            dfuState: x.rlk_glue_fault_dfu_state(),
            dfuStatus: x.rlk_glue_fault_dfu_status(),
            field: this.#text(x.rlk_glue_fault_field()),
        };
    }

    /** @returns {Action} what a person does last, after done */
    nextAction() {
        return this.#action(this.#x.rlk_glue_next_action());
    }
}
