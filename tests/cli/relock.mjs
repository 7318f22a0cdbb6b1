// @ts-check
/** Starts the real binary for the tests, in a folder of its own and with a journal of its own. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { violationsOf } from '../support/transcript_law.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const binary = process.env.RELOCK_BIN ?? path.join(root, 'build/debug/cli/relock');
export const smallHex = path.join(root, 'tests/firmware/blinky-small.hex');
export const smallBin = path.join(root, 'tests/firmware/blinky-small.bin');
export const largeHex = path.join(root, 'tests/firmware/blinky-large.hex');

const PATIENCE_MS = 60000;

/**
 * @typedef {Record<string, any>} Event
 * @typedef {{ code: number | null, signal: string | null, stdout: string, stderr: string }} Result
 */

/** A temporary folder, with a journal in it, that cleans up behind a test. */
export class Workspace {
    constructor() {
        this.folder = mkdtempSync(path.join(tmpdir(), 'relock-cli-'));
        this.traces = 0;
    }

    /** @param {string} name */
    path(name) {
        return path.join(this.folder, name);
    }

    /** @param {Record<string, string>} [more] */
    environment(more = {}) {
        return { ...process.env, XDG_STATE_HOME: this.path('state'), XDG_CONFIG_HOME: this.path('config'), ...more };
    }

    /**
     * @param {string[]} words
     * @param {Record<string, string>} [environment]
     * @returns {Result}
     */
    run(words, environment = {}) {
        const result = spawnSync(binary, words, {
            cwd: this.folder,
            env: this.environment(environment),
            encoding: 'utf8',
            input: '',
            timeout: PATIENCE_MS,
        });
        return { code: result.status, signal: result.signal, stdout: result.stdout, stderr: result.stderr };
    }

    /** Runs with --json: what it said, by kind. @param {string[]} words */
    runJson(words) {
        const result = this.run([...words, '--json']);
        const events = parseEvents(result.stdout);
        const ending = eventOf(events, 'ending');
        const findings = events.filter(({ event }) => event === 'finding');
        const notices = events.filter(({ event }) => event === 'notice').map(({ text }) => text);
        return { ...result, events, ending, findings, notices, error: ending?.error?.name ?? null };
    }

    /**
     * Runs with --json and --trace: every line must parse, the last must be the ending, the trace must keep the law.
     * @param {string[]} words
     * @param {Record<string, string>} [environment]
     */
    runJob(words, environment = {}) {
        const trace = this.path(`trace-${this.traces++}.txt`);
        const result = this.run([...words, '--json', '--trace', trace], environment);
        const events = parseEvents(result.stdout);
        const transcript = existsSync(trace) ? readFileSync(trace, 'utf8') : '';
        assert.deepEqual(violationsOf(transcript), [], trace);
        return { ...result, events, transcript, ending: events.filter((event) => event.event === 'ending').at(-1) };
    }

    /** @param {string} name @param {string} profile @param {string[]} [more] */
    makeDevice(name, profile, more = []) {
        const file = this.path(name);
        const result = this.run(['sim', 'make', file, '--profile', profile, ...more]);
        assert.equal(result.code, 0, result.stderr);
        return file;
    }

    /** The truth about a simulated device. @param {string} file @returns {Event} */
    truth(file) {
        const result = this.run(['sim', 'show', file, '--json']);
        assert.equal(result.code, 0, result.stderr);
        return JSON.parse(result.stdout);
    }

    /**
     * Starts the binary without waiting for its end.
     * @param {string[]} words
     * @param {Record<string, string>} [environment]
     */
    start(words, environment = {}) {
        return new Running(spawn(binary, words, { cwd: this.folder, env: this.environment(environment) }));
    }

    /** The same on a terminal of its own (util-linux's script). @param {string[]} words @param {string} [program] */
    startOnTerminal(words, program = binary) {
        const command = [program, ...words].map((word) => `'${word}'`).join(' ');
        // One shell everywhere, replaced by the program: a shell that waits may die of a Ctrl-C that is not for it.
        const child = spawn('script', ['-qec', `exec ${command}`, '/dev/null'], {
            cwd: this.folder,
            env: this.environment({ TERM: 'xterm', COLUMNS: '80', SHELL: '/bin/sh' }),
        });
        return new Running(child);
    }

    close() {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** A process that is spoken with while it runs. */
export class Running {
    /** @param {import('node:child_process').ChildProcessWithoutNullStreams} child */
    constructor(child) {
        this.child = child;
        this.output = '';
        this.seen = 0;
        /** @type {(() => void) | null} */
        this.wake = null;
        child.stdout.on('data', (bytes) => {
            this.output += bytes;
            this.wake?.();
        });
        this.end = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
        this.end.then(() => this.wake?.());
    }

    /** Waits until `text` appears behind what was awaited before. @param {string} text */
    async until(text) {
        const deadline = Date.now() + PATIENCE_MS;
        for (;;) {
            const at = this.output.indexOf(text, this.seen);
            if (at >= 0) {
                this.seen = at + text.length;
                return;
            }
            const hasEnded = this.child.exitCode !== null && this.child.stdout.readableEnded;
            assert.ok(!hasEnded && Date.now() < deadline, `"${text}" never came:\n${this.output}`);
            await new Promise((resolve) => {
                const timer = setTimeout(resolve, 200);
                this.wake = () => {
                    clearTimeout(timer);
                    resolve(undefined);
                };
            });
        }
    }

    /** @param {string} text */
    type(text) {
        this.child.stdin.write(text);
    }
}

/** @param {string} text @returns {Event[]} */
export function parseEvents(text) {
    return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
            const event = JSON.parse(line);
            assert.equal(typeof event.event, 'string', line);
            return event;
        });
}

/** @param {Event[]} events @param {string} name */
export function eventOf(events, name) {
    return events.find((event) => event.event === name);
}
