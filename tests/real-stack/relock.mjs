// @ts-check
/** `relock` as shipped, in the guest: with a journal of its own, and hands on the bench that do what it asks for. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { violationsOf } from '../support/transcript_law.mjs';
import { Bench } from './devices.mjs';
import { ROOT, pause } from './guest.mjs';

export const RELOCK = `${ROOT}/build/release/cli/relock`;
export const IMAGE = `${ROOT}/tests/firmware/blinky-small.hex`;
export const IMAGE_BYTES = readFileSync(`${ROOT}/tests/firmware/blinky-small.bin`);
/** Its write takes long enough to be disturbed in the middle. */
export const LARGE = `${ROOT}/tests/firmware/blinky-large.hex`;
export const LARGE_BYTES = readFileSync(`${ROOT}/tests/firmware/blinky-large.bin`);
/** The job that all is about. */
export const LOCKED = ['update', IMAGE, '--protect', 'on', '--return', 'boot0', '--yes'];

const RUN_MS = 120000;
const LOOK_MS = 50;
let shells = 0;

/**
 * @typedef {Record<string, any>} Event
 * @typedef {{ code: number | null, output: string, events: Event[], ending: Event, transcript: string }} Job
 * @typedef {import('./guest.mjs').Guest} Guest
 * @typedef {import('./guest.mjs').GuestProcess} GuestProcess
 * @typedef {import('./devices.mjs').Device} Device
 */

/** A user of the guest, with a home for the journal. */
export class Shell {
    /** @param {Guest} guest @param {{ user?: 'customer' }} [options] */
    static async open(guest, { user } = {}) {
        const shell = new Shell(guest, user);
        const made = await guest.run(['install', '-d', '-o', user ?? 'root', shell.folder]);
        assert.equal(made.code, 0, made.output);
        return shell;
    }

    /** @param {Guest} guest @param {'customer' | undefined} user */
    constructor(guest, user) {
        this.guest = guest;
        this.user = user;
        this.folder = `/tmp/relock-${process.pid}-${shells++}`;
        this.traces = 0;
    }

    /** Like Guest.start. @param {string[]} words of `relock` */
    start(words, program = [RELOCK]) {
        return this.guest.start([...program, ...words], {
            cwd: this.folder,
            env: { XDG_STATE_HOME: this.folder, TERM: 'xterm' },
            ...(this.user ? { user: this.user } : {}),
        });
    }

    /** On a terminal of its own, which passes on what is typed: '\x03' is Ctrl-C. @param {string[]} words */
    startOnTerminal(words) {
        const command = `exec ${[RELOCK, ...words].map((word) => `'${word}'`).join(' ')}`;
        return this.start([], ['script', '-qec', command, '/dev/null']);
    }

    /** What it says, in words for people. @param {string[]} words */
    async say(words) {
        const running = this.start(words);
        await running.type(null);
        const { code } = await finish(running);
        return { code, text: running.output };
    }

    /**
     * One job with --json and --trace: every line parses, the last one is the ending, the trace keeps the law.
     * @param {string[]} words @param {Device | null} [device] whose hands do what is asked for meanwhile; null: nobody
     * @returns {Promise<Job>}
     */
    async job(words, device = null) {
        const { running, done } = await this.begin(words);
        await Promise.all([running.end, device ? help(running, device) : null]);
        return done;
    }

    /**
     * The same, to be watched while it runs.
     * @param {string[]} words @returns {Promise<{ running: GuestProcess, done: Promise<Job> }>}
     */
    async begin(words) {
        const trace = `${this.folder}/trace-${this.traces++}.txt`;
        const running = this.start([...words, '--json', '--trace', trace]);
        await running.type(null);
        return { running, done: this.result(running, trace) };
    }

    /** @param {GuestProcess} running @param {string} trace @returns {Promise<Job>} */
    async result(running, trace) {
        const { code } = await finish(running);
        const events = eventsOf(running);
        const transcript = (await this.guest.read(trace)).toString();
        assert.deepEqual(violationsOf(transcript), [], running.output);
        const ending = events.at(-1) ?? {};
        assert.equal(ending.event, 'ending', running.output);
        return { code, output: running.output, events, ending, transcript };
    }

    /** What the journal holds: the words of its entries. */
    async journal() {
        const { stdout } = await this.guest.run(['sh', '-c', `cat ${this.folder}/relock/*.journal 2>/dev/null`]);
        return stdout;
    }
}

/** A process that does not end is ended, and its test with it. @param {GuestProcess} running */
async function finish(running) {
    const limit = setTimeout(() => void running.signal('SIGKILL'), RUN_MS);
    const end = await running.end;
    clearTimeout(limit);
    assert.notEqual(end.signal, 'SIGKILL', `it did not end within ${RUN_MS / 1000} s:\n${running.output}`);
    return end;
}

/** @param {GuestProcess} running @returns {Event[]} the whole lines so far */
export function eventsOf(running) {
    return running.stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line));
}

/** @param {Job} job @param {string} name @returns {Event} */
export function eventOf(job, name) {
    const found = job.events.find(({ event }) => event === name);
    assert.ok(found, job.output);
    return found;
}

/**
 * Does what a person is asked to do, until the process ends.
 * @param {GuestProcess} running @param {Device} device
 * @param {() => Promise<unknown>} [onLost] when the device was lost, before anybody is asked to do something about it
 */
export async function help(running, device, onLost = async () => {}) {
    let done = 0;
    while (!running.hasEnded) {
        const events = eventsOf(running);
        for (; done < events.length; done++) {
            const { event, reason, action } = events[done];
            if (event === 'person') {
                await device.follow(action);
            } else if (event === 'waiting' && reason === 'lost') {
                await onLost();
            }
        }
        await pause(LOOK_MS);
    }
}

/** Answers of yes to the plan: each is good for one READ UNPROTECT. @param {string} transcript */
export const yesesIn = (transcript) => transcript.match(/^> ask confirm-plan .*\n< ok yes/gm)?.length ?? 0;

/**
 * What must be true of a device that was brought to its end by `relock` alone.
 * @param {Device} device @param {{ level?: number, regressions?: number, image?: Buffer }} [wanted]
 */
export async function assertUpdated(device, { level = 1, regressions = 1, image = IMAGE_BYTES } = {}) {
    const truth = await device.truth();
    assert.deepEqual(truth.violations, []);
    assert.equal(truth.level, level);
    assert.equal(truth.counters.regressions, regressions);
    const flash = await device.flash();
    assert.ok(flash.subarray(0, image.length).equals(image), 'the flash is not the image');
}

/** What must be true of a device that nothing was done to. @param {Device} device @param {any} before its truth then */
export async function assertUntouched(device, before) {
    const now = await device.truth();
    assert.deepEqual(now.violations, []);
    assert.equal(now.flash_crc32, before.flash_crc32);
    assert.equal(now.options, before.options);
    assert.equal(now.counters.regressions, before.counters.regressions);
}

/**
 * Devices on the guest's bus for as long as `body` takes, and no longer.
 * @param {Guest} guest @param {import('./devices.mjs').Wanted[]} wanted @param {(bench: Bench) => Promise<void>} body
 * @param {{ time?: 'real' | 'virtual' }} [options]
 */
export async function atBench(guest, wanted, body, options) {
    const bench = await Bench.open(wanted, options);
    try {
        await bench.plugInto(guest);
        await body(bench);
    } finally {
        await bench.close(guest);
    }
}
