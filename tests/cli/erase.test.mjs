// @ts-check
/** erase: whole sectors of an open device, read back. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Workspace, eventOf, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const profiles = ['stm32f405', 'stm32f042', 'stm32f072', 'stm32l432', 'stm32l452', 'stm32l476'];

for (const words of [
    ['erase'],
    ['erase', 'x', '--all'],
    ['erase', '--all', '--size', '16K'],
    ['erase', '--all', '--address', '0x08000000'],
    ['erase', '--address', '0x08000000'],
    ['erase', '--size', '16K'],
    ['erase', '--all', '--protect', 'on'],
    ['write', smallHex, '--all'],
]) {
    test(`usage: relock ${words.map((word) => word.split('/').pop()).join(' ')}`, () => {
        const { code, stderr } = workspace.run([...words, '--sim', 'stm32f405']);
        assert.equal(code, 2);
        assert.match(stderr, /relock/);
    });
}

/** The true flash. @param {string} file */
function flashOf(file) {
    const out = workspace.path('flash.bin');
    assert.equal(workspace.run(['sim', 'read', file, out]).code, 0);
    return readFileSync(out);
}

/** @param {Uint8Array} bytes */
const isBlank = (bytes) => bytes.every((byte) => byte === 0xff);

for (const profile of profiles) {
    test(`erase --all of an open ${profile}, twice: the second time nothing is erased`, () => {
        const file = workspace.makeDevice(`all-${profile}.sim`, profile, ['--level', '0']);
        const { code, events, ending } = workspace.runJob(['erase', '--all', '--yes', '--sim', file]);
        assert.equal(code, 0, JSON.stringify(ending));
        assert.equal(ending?.job, 'erase');
        assert.equal(eventOf(events, 'plan')?.job, 'erase');
        assert.equal(eventOf(events, 'plan')?.loses_sectors, true);
        assert.ok(isBlank(flashOf(file)));
        const { counters } = workspace.truth(file);
        assert.equal(counters.sectors_erased_blank, 0);
        assert.equal(counters.blocks_programmed, 0);
        assert.equal(workspace.runJob(['erase', '--all', '--yes', '--sim', file]).code, 0);
        const truth = workspace.truth(file);
        assert.equal(truth.counters.sectors_erased, counters.sectors_erased);
        assert.equal(truth.counters.blocks_programmed, 0);
        assert.equal(truth.counters.option_writes, 0);
        assert.equal(truth.level, 0);
        assert.deepEqual(truth.violations, []);
    });
}

test('a range: its sectors, and no others', () => {
    const file = workspace.makeDevice('range.sim', 'stm32f405', ['--level', '0']);
    const before = flashOf(file);
    const words = ['erase', '--address', '0x08004000', '--size', '48K', '--yes', '--sim', file];
    const { code, ending } = workspace.runJob(words);
    assert.equal(code, 0, JSON.stringify(ending));
    const now = flashOf(file);
    assert.ok(isBlank(now.subarray(0x4000, 0x10000)));
    assert.deepEqual(now.subarray(0, 0x4000), before.subarray(0, 0x4000));
    assert.deepEqual(now.subarray(0x10000), before.subarray(0x10000));
    assert.deepEqual(workspace.truth(file).violations, []);
});

for (const [address, size, suggestion] of [
    ['0x08000100', '20K', '--address 0x08000000 --size 32768'],
    ['0x08004000', '100K', '--address 0x08004000 --size 114688'],
    ['0x08000000', '1', '--address 0x08000000 --size 16384'],
    ['0x080E0000', '256K', ''],
    ['0x20000000', '1K', ''],
    ['0xFFFFFFFF', '0xFFFFFFFF', ''],
]) {
    test(`a range that is no whole sectors: ${address}, ${size}`, () => {
        const file = workspace.makeDevice('unaligned.sim', 'stm32f405', ['--level', '0']);
        const words = ['erase', '--address', address, '--size', size, '--yes', '--sim', file];
        const { code, events, ending } = workspace.runJob(words);
        assert.equal(code, 2, JSON.stringify(ending));
        assert.equal(ending?.error.name, 'ERASE_RANGE');
        const said = events.filter((event) => event.event === 'notice').map((event) => event.text).join('\n');
        assert.ok(said.includes(suggestion), said);
        assert.equal(workspace.truth(file).counters.sectors_erased, 0);
    });
}

/** @param {any[]} events */
const saidIn = (events) => events.filter(({ event }) => event === 'notice').map(({ text }) => text).join('\n');

for (const [profile, begin, size, kept] of /** @type {[string, string, string | null, number][]} */ ([
    ['custom', '0x0800c000', null, 48 * 1024],
    ['at32f437', '0x08008000', '2064384', 32 * 1024],
])) {
    test(`erase --all of ${profile}: all that can be erased, and the plan names what cannot`, () => {
        const file = workspace.makeDevice(`head-${profile}.sim`, profile, ['--level', '0']);
        const before = flashOf(file);
        let { code, events, ending } = workspace.runJob(['erase', '--all', '--yes', '--sim', file]);
        assert.deepEqual(eventOf(events, 'plan')?.leaves_out, [{ addr: '0x08000000', bytes: kept }]);
        if (size !== null) {
            // More flash is announced than is there.
            assert.ok(saidIn(events).includes(`--address ${begin} --size ${size}`), saidIn(events));
            ({ code, events, ending } = workspace.runJob(['erase', '--address', begin, '--size', size, '--yes', '--sim', file]));
            assert.deepEqual(eventOf(events, 'plan')?.leaves_out, []);
        }
        assert.equal(code, 0, JSON.stringify(ending));
        assert.ok(isBlank(flashOf(file).subarray(kept)));
        assert.deepEqual(flashOf(file).subarray(0, kept), before.subarray(0, kept));
        assert.deepEqual(workspace.truth(file).violations, []);
    });
}

test('the plan in words, and what would do, where the beginning cannot be erased', () => {
    const file = workspace.makeDevice('head.sim', 'custom', ['--level', '0']);
    const { stdout } = workspace.run(['erase', '--all', '--dry-run', '--sim', file]);
    assert.match(stdout, /Leaves out {3}0x08000000 to 0x0800bfff, 48 KiB: cannot be erased/);
    const refused = workspace.runJob(['erase', '--address', '0x08000000', '--size', '64K', '--yes', '--sim', file]);
    assert.equal(refused.ending?.error.name, 'ERASE_RANGE');
    assert.match(saidIn(refused.events), /can be erased: 0x0800c000 to 0x0800ffff, 0x08010000 to 0x0801ffff, /);
});

test('a range that reaches beyond the flash that is there ends with where that is', () => {
    const file = workspace.makeDevice('beyond.sim', 'gd32f303', ['--level', '0']);
    const { code, events, ending } = workspace.runJob(['erase', '--all', '--yes', '--sim', file]);
    assert.deepEqual([code, ending?.error.name, ending?.error.addr, ending?.next_action],
        [1, 'READ_REFUSED', '0x08040000', 'CHOOSE_ANOTHER_RANGE']);
    const [, ...words] = /(--address) (\S+) (--size) (\S+)/.exec(saidIn(events)) ?? [];
    assert.deepEqual(words, ['--address', '0x08000000', '--size', '262144']);
    assert.equal(workspace.runJob(['erase', ...words, '--yes', '--sim', file]).code, 0);
    assert.ok(isBlank(flashOf(file)));
    const read = workspace.runJob(['read', workspace.path('all.bin'), '--size', '1M', '--sim', file]);
    assert.deepEqual([read.ending?.error.addr, read.ending?.next_action], ['0x08040000', 'CHOOSE_ANOTHER_RANGE']);
    const outside = workspace.runJob(['erase', '--address', '0x08040000', '--size', '2K', '--yes', '--sim', file]);
    assert.notEqual(outside.code, 0);
    assert.equal(outside.ending?.next_action, 'CHOOSE_ANOTHER_RANGE');
    assert.doesNotMatch(saidIn(outside.events), /nothing can be read|--size/);
});

test('a dry run, and a run without a yes, erase nothing', () => {
    const file = workspace.makeDevice('dry.sim', 'stm32l432', ['--level', '0']);
    const dry = workspace.run(['erase', '--all', '--dry-run', '--sim', file]);
    assert.equal(dry.code, 0);
    assert.match(dry.stdout, /Erases {7}0x08000000 to 0x0803ffff, 256 KiB/);
    assert.doesNotMatch(dry.stdout, /Write the firmware|vector table/);
    assert.equal(workspace.runJob(['erase', '--all', '--sim', file]).ending?.error.name, 'NO_CONSENT');
    assert.equal(workspace.truth(file).counters.sectors_erased, 0);
});

test('a protected device is not erased', () => {
    const { code, ending } = workspace.runJob(['erase', '--all', '--yes', '--sim', 'stm32l476', '--level', '1']);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'PROTECTED');
});

test('no device', () => {
    const file = workspace.makeDevice('gone.sim', 'stm32f405', ['--level', '0', '--boot0', 'low']);
    const { code, ending } = workspace.runJob(['erase', '--all', '--yes', '--sim', file, '--sim-person', 'absent']);
    assert.equal(code, 3);
    assert.equal(ending?.error.name, 'NO_DEVICE');
});

test('a device that drops what it is told is no success', () => {
    const file = workspace.makeDevice('drops.sim', 'stm32f405', ['--level', '0', '--knob', 'drops_writes=1']);
    const { code } = workspace.runJob(['write', smallHex, '--yes', '--sim', file]);
    assert.equal(code, 1);
    const erased = workspace.runJob(['erase', '--address', '0x08000000', '--size', '16K', '--yes', '--sim', file]);
    assert.equal(erased.code === 0, isBlank(flashOf(file).subarray(0, 0x4000)), JSON.stringify(erased.ending));
});

test('killed anywhere: the same command goes on', () => {
    const words = ['erase', '--address', '0x08000000', '--size', '4K', '--yes'];
    const model = workspace.makeDevice('model.sim', 'stm32f042', ['--level', '0']);
    const operations = workspace.runJob([...words, '--sim', model]).transcript.split('\n').filter((line) => line.startsWith('> '));
    for (let moment = 0; moment < operations.length - 2; moment += 4) {
        const file = workspace.makeDevice('killed.sim', 'stm32f042', ['--level', '0']);
        workspace.run([...words, '--sim', file], { RELOCK_SIM_KILL_AT: String(moment) });
        let last = workspace.runJob([...words, '--sim', file]);
        if (last.code !== 0) {
            // A chip at work does not answer: what is printed is done.
            workspace.run(['sim', 'do', file, last.ending?.next_action]);
            last = workspace.runJob([...words, '--sim', file]);
        }
        assert.equal(last.code, 0, `killed at operation ${moment}: ${JSON.stringify(last.ending)}`);
        assert.ok(isBlank(flashOf(file).subarray(0, 4096)));
        assert.deepEqual(workspace.truth(file).violations, []);
    }
});
