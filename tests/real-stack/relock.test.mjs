// @ts-check
/** `relock` over the real libusb, udev and kernel: every verb, each family, who may open what, Ctrl-C. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FAST } from './devices.mjs';
import { Guest } from './guest.mjs';
import {
    IMAGE, IMAGE_BYTES, LOCKED, Shell, assertUntouched, assertUpdated, atBench, eventOf,
} from './relock.mjs';

const guest = await Guest.join();
after(() => guest.close());

const OPEN_F405 = { profile: 'stm32f405', level: 0, knobs: FAST };
const READ_BYTES = 8192;
const PADDED_BYTES = Math.ceil(IMAGE_BYTES.length / 16) * 16;
/** Of the firmware, and of what else was in its sector of 16 KiB. */
const BLOCKS = Math.ceil(PADDED_BYTES / 2048) + Math.ceil((16384 - PADDED_BYTES) / 2048);

test('nothing on the bus: list says so, and every other verb ends with exit 3', async () => {
    const shell = await Shell.open(guest);
    assert.equal((await shell.job(['info'])).ending.error.name, 'NO_DEVICE');
    assert.equal((await shell.say(LOCKED)).code, 3);
    assert.match((await shell.say(['list'])).text, /No device/i);
});

test('every verb on an open device', async () => {
    await atBench(guest, [OPEN_F405], async ({ device }) => {
        const shell = await Shell.open(guest);
        const listed = await shell.say(['list', '--json']);
        assert.deepEqual([listed.code, JSON.parse(listed.text.split('\n')[0]).port], [0, '1-1'], listed.text);

        const look = await shell.job(['info']);
        assert.equal(eventOf(look, 'findings').chip.family, 'STM32F405', look.output);
        assert.equal(eventOf(look, 'findings').protection, 'open');
        assert.equal(eventOf(await shell.job(['options']), 'options').bytes.length, 32);

        const before = await device.flash();
        const written = await shell.job(['write', IMAGE, '--yes']);
        assert.equal(written.code, 0, written.output);
        await assertUpdated(device, { level: 0, regressions: 0 });
        assert.ok((await device.flash()).subarray(IMAGE_BYTES.length).equals(before.subarray(IMAGE_BYTES.length)), 'the rest is as before');

        const read = await shell.job(['read', `${shell.folder}/flash.bin`, '--size', String(READ_BYTES)]);
        assert.equal(read.code, 0, read.output);
        const flash = await device.flash();
        assert.ok((await guest.read(`${shell.folder}/flash.bin`)).equals(flash.subarray(0, READ_BYTES)));

        const dry = await shell.job(['update', IMAGE, '--protect', 'on', '--dry-run']);
        assert.equal(dry.ending.job, 'dry-run');
        assert.equal((await device.truth()).level, 0);
        const sealed = await shell.job(['update', IMAGE, '--protect', 'on', '--yes'], device);
        assert.equal(sealed.code, 0, sealed.output);
        await assertUpdated(device, { level: 1, regressions: 0 });
        assert.equal((await device.truth()).counters.blocks_programmed, BLOCKS);
    }, { time: 'virtual' });
});

test('a protected device: info says so, read and write are refused before anything is lost', async () => {
    await atBench(guest, [{ profile: 'stm32f405' }], async ({ device }) => {
        const shell = await Shell.open(guest);
        const before = await device.truth();
        assert.equal(eventOf(await shell.job(['info']), 'findings').protection, 'level 1');
        for (const words of [['read', `${shell.folder}/no.bin`, '--size', '4K'], ['write', IMAGE, '--yes']]) {
            const { code, ending } = await shell.job(words);
            assert.deepEqual([code, ending.error.name], [4, 'PROTECTED']);
        }
        assert.equal(eventOf(await shell.job(['options']), 'options').readable, false);
        const unsaid = await shell.job(LOCKED.filter((word) => !/^--return$|^boot0$/.test(word)));
        assert.deepEqual([unsaid.code, unsaid.ending.error.name], [4, 'NO_WAY_BACK']);
        await assertUntouched(device, before);
    }, { time: 'virtual' });
});

// Where BOOT0 must be held again, or power be cycled, the bench's hands do it when they are asked to.
for (const profile of ['stm32f405', 'stm32f042', 'stm32f072', 'stm32l432', 'stm32l476']) {
    test(`the locked update of an ${profile}, in real time`, async () => {
        await atBench(guest, [{ profile, knobs: FAST }], async ({ device }) => {
            const shell = await Shell.open(guest);
            const { code, output } = await shell.job([...LOCKED, '--wait', '60'], device);
            assert.equal(code, 0, output);
            await assertUpdated(device);
            assert.match(await shell.journal(), /phase=proven/);
        });
    });
}

test('writes that are acknowledged and dropped: exit 1, never a success', async () => {
    await atBench(guest, [{ profile: 'stm32l476', level: 0, knobs: { drops_writes: 1 } }], async () => {
        const shell = await Shell.open(guest);
        const { code, ending } = await shell.job(['write', IMAGE, '--yes']);
        assert.deepEqual([code, ending.ending, ending.error.name], [1, 'not-done', 'VERIFY_DIFFERS']);
    }, { time: 'virtual' });
});

test('two equal devices: both listed and refused, then told apart by port', async () => {
    const twin = { profile: 'stm32f072', serial: 'FFFFFFFEFFFF', knobs: FAST };
    await atBench(guest, [twin, twin], async ({ devices: [first, second] }) => {
        const shell = await Shell.open(guest);
        const before = await first.truth();
        const refused = await shell.job(LOCKED);
        assert.deepEqual([refused.code, refused.ending.error.name], [4, 'SEVERAL_DEVICES']);
        const ports = refused.events.filter(({ event }) => event === 'device').map(({ port }) => port);
        assert.deepEqual(ports.sort(), ['1-1', '1-2']);
        const bySerial = await shell.job([...LOCKED, '--serial', 'FFFFFFFEFFFF']);
        assert.equal(bySerial.ending.error.name, 'SEVERAL_DEVICES');
        const named = await shell.job([...LOCKED, '--port', '1-2', '--wait', '60'], second);
        assert.equal(named.code, 0, named.output);
        await assertUpdated(second);
        await assertUntouched(first, before);
    }, { time: 'virtual' });
});

test('the interface is held by another program: exit 3, and afterwards it works', async () => {
    await atBench(guest, [OPEN_F405], async () => {
        const shell = await Shell.open(guest);
        const words = ['-a', '0', '-s', '0x08000000:262144', '-U', `${shell.folder}/other.bin`];
        const other = guest.start(['stdbuf', '-o0', 'dfu-util', ...words]);
        await other.until('Upload');
        await other.signal('SIGSTOP');
        const held = await shell.job(['info']);
        assert.deepEqual([held.code, held.ending.error.name], [3, 'DEVICE_TAKEN']);
        assert.equal(held.ending.next_action, 'CLOSE_OTHER_PROGRAM');
        await other.signal('SIGKILL');
        await other.end;
        const free = await shell.job(['info']);
        assert.equal(free.code, 0, free.output);
    }, { time: 'virtual' });
});

test('Ctrl-C at the question: exit 4, nothing was changed', async () => {
    await atBench(guest, [{ profile: 'stm32f405' }], async ({ device }) => {
        const shell = await Shell.open(guest);
        const before = await device.truth();
        const running = shell.startOnTerminal(LOCKED.slice(0, -1));
        await running.until('Type yes');
        await running.type('\x03');
        await running.until('NOT DONE');
        assert.equal((await running.end).code, 4, running.output);
        await assertUntouched(device, before);
    }, { time: 'virtual' });
});

// An STM32F07x is at level 1 until power-on, also after 0x92: stopped there, it is asked about and erased anew.
const MOMENTS = [
    { moment: 'in the middle of the write', sign: '"stage","name":"write"', profile: 'stm32l476', regressions: 1 },
    { moment: 'while a person is awaited', sign: '"event":"person"', profile: 'stm32f072', regressions: 2 },
];
for (const { moment, sign, profile, regressions } of MOMENTS) {
    test(`Ctrl-C ${moment}: exit 6, and the same command goes on`, async () => {
        await atBench(guest, [{ profile }], async ({ device }) => {
            const shell = await Shell.open(guest);
            const { running, done } = await shell.begin([...LOCKED, '--wait', '60']);
            await running.until(sign);
            await running.signal('SIGINT');
            const stopped = await done;
            assert.deepEqual([stopped.code, stopped.ending.error.name], [6, 'INTERRUPTED'], stopped.output);
            assert.equal(stopped.ending.next_action, 'RUN_AGAIN');
            const resumed = await shell.job([...LOCKED, '--wait', '60'], device);
            assert.equal(resumed.code, 0, resumed.output);
            await assertUpdated(device, { regressions });
        });
    });
}
