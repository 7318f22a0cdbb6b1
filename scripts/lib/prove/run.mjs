// @ts-check
/** One run of relock, on the person's own terminal, with each line of its trace and when it came. */

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import path from 'node:path';

const LOOK_MS = 5;
const CHUNK_BYTES = 65536;

/** @typedef {import('./recording.mjs').Line} Line */

/** Reads a growing file line by line. */
class Tail {
    /** @param {string} file */
    constructor(file) {
        this.file = file;
        this.began = performance.now();
        /** @type {number | null} */
        this.handle = null;
        this.rest = '';
        /** @type {Line[]} */
        this.lines = [];
    }

    tookMs() {
        return Math.round(performance.now() - this.began);
    }

    look() {
        if (this.handle === null && existsSync(this.file)) {
            this.handle = openSync(this.file, 'r');
        }
        const chunk = Buffer.alloc(CHUNK_BYTES);
        const ms = this.tookMs();
        while (this.handle !== null) {
            const count = readSync(this.handle, chunk, 0, CHUNK_BYTES, null);
            if (count === 0) {
                return;
            }
            const texts = (this.rest + chunk.toString('latin1', 0, count)).split('\n');
            this.rest = texts.pop() ?? '';
            this.lines.push(...texts.map((text) => ({ ms, text })));
        }
    }

    close() {
        this.look();
        if (this.handle !== null) {
            closeSync(this.handle);
        }
    }
}

/** relock, with a journal of its own. */
export class Relock {
    /** @param {string} binary @param {string} folder for traces and journal */
    constructor(binary, folder) {
        this.binary = binary;
        this.folder = folder;
        this.traces = 0;
        this.environment = { ...process.env, XDG_STATE_HOME: path.join(folder, 'state') };
    }

    /** Something short that speaks to no real device; null if it failed. @param {string[]} words */
    try(words) {
        const result = spawnSync(this.binary, words, { env: this.environment, encoding: 'utf8' });
        return result.status === 0 ? result.stdout : null;
    }

    /** The same where nothing can fail but we. @param {string[]} words */
    short(words) {
        const stdout = this.try(words);
        if (stdout === null) {
            throw new Error(`relock ${words.join(' ')} failed`);
        }
        return stdout;
    }

    /**
     * A run with a trace. With `isShown`, relock has the terminal; otherwise its output is returned.
     * @param {string[]} words
     * @param {boolean} isShown
     * @returns {Promise<{ exit: number | string, stdout: string, tookMs: number, lines: Line[] }>}
     */
    async run(words, isShown) {
        const trace = path.join(this.folder, `trace-${++this.traces}.txt`);
        const tail = new Tail(trace);
        const child = spawn(this.binary, [...words, '--trace', trace], {
            env: this.environment,
            stdio: ['inherit', isShown ? 'inherit' : 'pipe', 'inherit'],
        });
        const timer = setInterval(() => tail.look(), LOOK_MS);
        let stdout = '';
        child.stdout?.on('data', (bytes) => {
            stdout += bytes;
        });
        /** @type {number | string} */
        const exit = await new Promise((resolve) => {
            child.on('close', (code, signal) => resolve(code ?? signal ?? 'none'));
            child.on('error', (error) => resolve(error.message));
        });
        clearInterval(timer);
        tail.close();
        return { exit, stdout, tookMs: tail.tookMs(), lines: tail.lines };
    }
}
