// @ts-check
// The transcript of a visit: what was sent and answered, and when. Of firmware it holds lengths and checksums only.
import { el } from '../dom.js';
import { saveFile } from '../browser/save-file.js';
import { t } from '../texts.js';

const LINES_MAX = 200000;

/**
 * What a session came to.
 * @typedef {object} SessionEnd
 * @property {string} ending
 * @property {import('../../wasm-glue/values.js').ErrorText | null} error
 * @property {import('../../wasm-glue/values.js').Fault | null} fault
 * @property {import('../../wasm-glue/values.js').Findings} found
 */

/**
 * One session with a device.
 * @typedef {object} Session
 * @property {string} job
 * @property {string} begun as ISO 8601 writes it
 * @property {[number, string][]} lines each with its time in ms since the session began
 * @property {{stage: string, startMs: number, endMs: number}[]} stages in the order in which they came
 * @property {SessionEnd | null} end null if it has none yet
 * @property {boolean} isDropped its lines made room for later ones
 */

/** @returns {HTMLElement} beside the button that saves it: what somebody who passes it on should know */
export const transcriptNote = () => el('p', { class: 'note' }, t('step.transcriptHolds'));

/** Lines of all sessions since the page was opened. */
export class Transcript {
    /** @type {Session[]} */
    sessions = [];
    #since = 0;
    #count = 0;
    #isFull = false;
    /** Whether the end of a session is missing. */
    isCut = false;

    /**
     * @param {string[]} lines
     * @param {string} stage that they belong to, '' if none
     */
    add(lines, stage) {
        const session = this.sessions[this.sessions.length - 1];
        const ms = Math.round(performance.now() - this.#since);
        this.#enter(session, stage, ms);
        this.#makeRoom(lines.length);
        const room = LINES_MAX - this.#count;
        this.#isFull ||= lines.length > room; // a session has no gap: what came later is left out, too
        this.isCut ||= this.#isFull;
        if (!this.#isFull) {
            this.#count += lines.length;
            session.lines.push(...lines.map((line) => /** @type {[number, string]} */ ([ms, line])));
        }
    }

    /** The earliest sessions give way to the present one. @param {number} count of lines */
    #makeRoom(count) {
        for (const old of this.sessions.slice(0, -1).filter(({ isDropped }) => !isDropped)) {
            if (this.#count + count <= LINES_MAX) {
                return;
            }
            this.#count -= old.lines.length;
            Object.assign(old, { lines: [], isDropped: true });
        }
    }

    /** @param {Session} session @param {string} stage @param {number} ms */
    #enter({ stages }, stage, ms) {
        const last = stages[stages.length - 1];
        if (last) {
            last.endMs = ms;
        }
        if (stage !== '' && last?.stage !== stage) {
            stages.push({ stage, startMs: ms, endMs: ms });
        }
    }

    /** @param {string} job of a session */
    begin(job) {
        this.#since = performance.now();
        const begun = new Date().toISOString();
        this.sessions.push({ job, begun, lines: [], stages: [], end: null, isDropped: false });
        this.#isFull = false;
    }

    /**
     * The session that was begun last is over.
     * @param {import('../../wasm-glue/relock.js').RelockEngine} engine
     * @param {Pick<SessionEnd, 'ending' | 'error'>} ending
     */
    end(engine, { ending, error }) {
        const session = this.sessions[this.sessions.length - 1];
        session.end = { ending, error, fault: engine.fault(), found: engine.findings() };
    }

    /** @returns {string} */
    text() {
        return this.sessions.flatMap(({ job, begun, lines }) => [`# ${job}, ${begun}`, ...lines.map(([, line]) => line)])
            .map((line) => `${line}\n`).join('');
    }

    /** Hands the transcript to the browser as a file. */
    save() {
        saveFile(this.text(), 'relock-transcript.txt', 'text/plain');
    }
}
