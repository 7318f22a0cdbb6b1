// @ts-check
// The transcript of a visit: what was sent and answered. Of firmware it holds lengths and checksums only.
import { el } from './dom.js';

const LINES_MAX = 200000;

/** Lines of all sessions since the page was opened. */
export class Transcript {
    /** @type {string[]} */
    #lines = [];

    /** @param {string[]} lines */
    add(lines) {
        if (this.#lines.length < LINES_MAX) {
            this.#lines.push(...lines);
        }
    }

    /** @param {string} title of a session */
    begin(title) {
        this.add([`# ${title}, ${new Date().toISOString()}`]);
    }

    /** @returns {string} */
    text() {
        return `${this.#lines.join('\n')}\n`;
    }

    /** Hands the transcript to the browser as a file. */
    save() {
        const url = URL.createObjectURL(new Blob([this.text()], { type: 'text/plain' }));
        el('a', { href: url, download: 'relock-transcript.txt' }).click();
        setTimeout(() => URL.revokeObjectURL(url), 10000);
    }
}
