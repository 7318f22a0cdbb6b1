// @ts-check
/** `relock` and what hands do to the cable: pulled anywhere, moved, exchanged. What it prints is what is done next. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FAST, untilOnBus } from './devices.mjs';
import { Guest, pause } from './guest.mjs';
import {
    LARGE, LARGE_BYTES, LOCKED, Shell, assertUntouched, assertUpdated, atBench, help, yesesIn,
} from './relock.mjs';

const guest = await Guest.join();
after(() => guest.close());

const PULLS = 20;
const RUNS_MAX = 5;
const BACK_MS = 8000;
const PLUG_MS = 1500;
const UNIQUE = '3573365D3433';
const SHARED = 'FFFFFFFEFFFF';

/** @typedef {import('./devices.mjs').Device} Device */

/**
 * What happens in the run whose cable is pulled: nobody is there, and it parks itself, in words for people; or the
 * cable is put back at once; or the user stops it.
 * @typedef {'nobody' | 'hand' | 'stop'} Way
 */
/** @type {Way[]} */
const WAYS = ['nobody', 'hand', 'stop', 'hand', 'stop'];

/** @param {Shell} shell @param {Device} device @param {Way} way */
async function pulledRun(shell, device, way) {
    if (way === 'nobody') {
        return spoken(shell, [...LOCKED, '--wait', '0']);
    }
    const { running, done } = await shell.begin(LOCKED);
    await Promise.all([
        help(running, device, async () => (way === 'stop' ? running.signal('SIGINT') : null)),
        way === 'hand' ? keepPlugged(running, device) : null,
    ]);
    const job = await done;
    return { ...job, action: job.ending.next_action };
}

/**
 * Puts the cable back whenever it is out.
 * @param {import('./guest.mjs').GuestProcess} running @param {Device} device
 */
async function keepPlugged(running, device) {
    while (!running.hasEnded) {
        await device.hand('plug');
        await Promise.race([running.end, pause(PLUG_MS)]);
    }
}

/** @param {Shell} shell @param {string[]} words */
async function spoken(shell, words) {
    const trace = `${shell.folder}/spoken.txt`;
    const { code, text } = await shell.say([...words, '--trace', trace]);
    const action = /Next: [^[]*\[(\w+)\]/.exec(text)?.[1];
    return { code, action, output: text, transcript: (await guest.read(trace)).toString() };
}

/**
 * Runs the job until it is proven, doing what each ending says.
 * @param {Shell} shell @param {Device} device @param {Way} way of the first run
 */
async function converge(shell, device, way) {
    let yeses = 0;
    for (let runs = 1; runs <= RUNS_MAX; runs++) {
        const { code, action, output, transcript } = await pulledRun(shell, device, runs === 1 ? way : 'hand');
        yeses += yesesIn(transcript);
        if (code === 0) {
            return { runs, yeses };
        }
        assert.ok(action, output);
        await device.follow(action);
        // It may be pulled again by now: then the next run says so.
        await untilOnBus(guest, 1, action === 'RUN_AGAIN' ? 0 : BACK_MS).catch(() => {});
    }
    return assert.fail(`not proven after ${RUNS_MAX} runs`);
}

test('the cable is pulled at twenty points of the job, and following what is printed ends it proven', async (t) => {
    await atBench(guest, [{ profile: 'stm32l476' }], async ({ device }) => {
        const count = async () => (await device.truth()).counters;
        const begin = await count();
        assert.equal((await (await Shell.open(guest)).job([...LOCKED, '--wait', '60'], device)).code, 0);
        const transfers = (await count()).transfers - begin.transfers;
        for (let pull = 0; pull < PULLS; pull++) {
            const at = Math.floor((pull + 0.5) * transfers / PULLS);
            const fault = `${pull % 2 ? 'gone-after' : 'gone'}@${at}`;
            await t.test(`${fault} of ${transfers}`, async () => {
                const shell = await Shell.open(guest);
                const before = await count();
                await device.damage('--fault', fault);
                const { runs, yeses } = await converge(shell, device, WAYS[pull % WAYS.length]);
                const regressions = (await count()).regressions - before.regressions;
                assert.ok(regressions <= yeses, `${regressions} regressions, ${yeses} yeses`);
                await assertUpdated(device, { regressions: before.regressions + 1 });
                assert.match(await shell.journal(), /phase=(sealing|proven)/);
                t.diagnostic(`${fault}: ${runs} run(s), ${yeses} yes(es)`);
            });
        }
    }, { time: 'virtual' });
});

test('under another bus address in the middle of the write: the same run goes on', async () => {
    await atBench(guest, [{ profile: 'stm32l476' }], async ({ device, port }) => {
        const shell = await Shell.open(guest);
        const address = async () => (await guest.read('/sys/bus/usb/devices/1-1/devnum')).toString();
        const { running, done } = await shell.begin(['update', LARGE, ...LOCKED.slice(2), '--wait', '60']);
        const helping = help(running, device);
        await running.until('"stage","name":"write"');
        const before = await address();
        await guest.unplug(port);
        await guest.plug(port);
        const { code, output } = await done;
        await helping;
        assert.equal(code, 0, output);
        assert.match(output, /"waiting","reason":"lost"/);
        assert.notEqual(await address(), before);
        await assertUpdated(device, { image: LARGE_BYTES });
    }, { time: 'virtual' });
});

/**
 * Runs until a person is asked for, who then does `deed`.
 * @param {Shell} shell @param {string[]} words @param {() => Promise<void>} deed
 */
async function whenAsked(shell, words, deed) {
    const { running, done } = await shell.begin([...LOCKED, ...words]);
    await running.until('"event":"person"');
    await deed();
    return { running, done };
}

test('in another socket: found again by its own serial number', async () => {
    const wanted = [{ profile: 'stm32f405', serial: '203433485931', level: 0 }, { profile: 'stm32f072', serial: UNIQUE }];
    await atBench(guest, wanted, async ({ port, devices: [other, mine] }) => {
        const shell = await Shell.open(guest);
        const before = await other.truth();
        const { running, done } = await whenAsked(shell, ['--port', '1-2', '--wait', '60'], async () => {
            await guest.unplug(port, '1-2');
            await guest.unplug(port, '1-1');
            await guest.plug(port, '1-2');
            await mine.hand('replug');
        });
        const [{ code, output }] = await Promise.all([done, help(running, mine)]);
        assert.equal(code, 0, output);
        await assertUpdated(mine);
        await assertUntouched(other, before);
    });
});

for (const [what, serial] of [['its own serial number', UNIQUE], ['the serial number of its whole family', SHARED]]) {
    test(`a stranger in its socket, with ${what}: refused, and nothing is done to it`, async () => {
        const wanted = [{ profile: 'stm32f072', serial: SHARED }, { profile: 'stm32f072', serial }];
        await atBench(guest, wanted, async ({ port, devices: [mine, stranger] }) => {
            const shell = await Shell.open(guest);
            await guest.unplug(port, '1-2');
            await untilOnBus(guest, 1);
            const before = await stranger.truth();
            const { running, done } = await whenAsked(shell, ['--wait', '15'], async () => {
                await guest.unplug(port, '1-1');
                await untilOnBus(guest, 0);
                await guest.plug(port, '1-2');
            });
            const [{ code, ending, output }] = await Promise.all([done, help(running, stranger)]);
            assert.equal((await guest.read('/sys/bus/usb/devices/1-1/serial')).toString().trim(), serial);
            assert.equal(code, 1, output);
            assert.match(ending.error.name, /^(WRONG_DEVICE|STILL_PROTECTED)$/);
            await assertUntouched(stranger, before);
            await guest.unplug(port, '1-2');
            await mine.follow(ending.next_action);
            await guest.plug(port, '1-1');
            await untilOnBus(guest, 1);
            const again = await shell.job([...LOCKED, '--wait', '60'], mine);
            assert.equal(again.code, 0, again.output);
            await assertUpdated(mine);
        });
    });
}

test('with another serial number after the erase: taken for another device, and nothing more is done', async () => {
    await atBench(guest, [{ profile: 'stm32f405', knobs: { ...FAST, serial_changes: 1 } }], async ({ device }) => {
        const shell = await Shell.open(guest);
        const stopped = await shell.job([...LOCKED, '--wait', '20'], device);
        assert.deepEqual([stopped.code, stopped.ending.error.name], [6, 'WRONG_DEVICE'], stopped.output);
        assert.equal((await device.truth()).counters.blocks_programmed, 0);
        await device.damage('--knob', 'serial_changes=0');
        const again = await shell.job([...LOCKED, '--wait', '20'], device);
        assert.equal(again.code, 0, again.output);
        await assertUpdated(device);
    });
});
