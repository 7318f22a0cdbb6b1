// @ts-check
// What `relock options` and its kin show of blocks that are there, and say of those that are not.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Workspace, eventOf, smallBin } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const FACTORY = Buffer.from('edaaffffffffffffff0f', 'hex');
/** Where the sixteen bits of nWRP stand. */
const NWRP = 8;

/**
 * An STM32F42x whose sector 12 is write-protected: the last copy of the factory's block is the second block.
 * @param {string} name
 */
function withClosedBank(name) {
    const file = workspace.makeDevice(name, 'stm32f427', ['--level', '0']);
    const bytes = readFileSync(file);
    bytes[bytes.lastIndexOf(FACTORY) + NWRP] = 0xfe;
    writeFileSync(file, bytes);
    return file;
}

/** One line, however it was wrapped. @param {string} text */
const unwrapped = (text) => text.replace(/\s+/g, ' ');

/** @param {any[]} events */
const doorsOf = (events) => events.filter((event) => event.event === 'door');

test('the second block of an open device is shown and judged', () => {
    const open = eventOf(workspace.runJob(['options', '--sim', 'stm32f427', '--level', '0']).events, 'options');
    assert.deepEqual([open?.second_block.readable, open?.second_block.addr], [true, '0x1ffec000']);
    assert.deepEqual(open?.second_block.fields,
        [{ name: 'nWRP12', value: 0xfff, bits: 12, meaning: 'sectors 12 to 23: none write-protected' }]);
    const file = withClosedBank('bank.sim');
    const { events } = workspace.runJob(['options', '--sim', file]);
    assert.equal(eventOf(events, 'options')?.second_block.fields[0].value, 0xffe);
    assert.deepEqual(doorsOf(events).map((door) => [door.way, door.open, door.closed_by]),
        [['boot0', false, ['nWRP12']], ['empty-check', false, ['way back', 'nWRP12']]]);
    const { stdout } = workspace.run(['options', '--sim', file]);
    const shown = ['Second option block', '  0x1ffec000   edaaffff ffffffff fe0fffff ffffffff',
        '  nWRP12         0xffe       sectors 12 to 23: some write-protected', ''];
    assert.ok(stdout.includes(shown.join('\n')), stdout);
    assert.match(unwrapped(stdout), /boot0 closed by nWRP12 = 0xffe \(sectors 12 to 23: some write-protected\)/);
});

test('a write-protected sector in the second bank is found before anything is asked or lost', () => {
    const file = withClosedBank('update.sim');
    const update = ['update', smallBin, '--address', '0x08000000', '--return', 'boot0', '--protect', 'on'];
    for (const verb of [update, ['protect']]) {
        const { code, events, ending } = workspace.runJob([...verb, '--yes', '--sim', file]);
        assert.deepEqual([code, ending?.error.code, ending?.error.field], [4, 6003, 'nWRP12']);
        assert.equal(eventOf(events, 'question'), undefined);
    }
    const { counters, violations } = workspace.truth(file);
    assert.deepEqual([counters.sectors_erased, counters.blocks_programmed, counters.option_writes], [0, 0, 0]);
    assert.deepEqual(violations, []);
    const check = eventOf(workspace.runJob(['check', '--sim', file]).events, 'check');
    const item = check?.items.find((/** @type {any} */ one) => one.name === 'write protection');
    assert.deepEqual([check?.answer, item.text], ['no', 'Sectors are write-protected or under PCROP: nWRP12.']);
});

test('a second block that is not announced is not judged, and that is said', () => {
    for (const profile of ['stm32l476', 'stm32l432']) {
        const { events } = workspace.runJob(['options', '--sim', profile, '--level', '0']);
        const second = eventOf(events, 'options')?.second_block;
        assert.deepEqual([second.readable, second.reason, second.addr], [false, 'not-announced', '0x1ffff800']);
        assert.match(unwrapped(workspace.run(['options', '--sim', profile, '--level', '0']).stdout),
            /Second block at 0x1ffff800: not judged\. .* does not announce it/);
    }
    const { stdout } = workspace.run(['options', '--sim', 'stm32f405', '--level', '0']);
    assert.doesNotMatch(stdout, /[Ss]econd/);
});

test('whether an empty flash brings it back is not certain of every L4', () => {
    const unnamed = workspace.runJob(['options', '--sim', 'stm32l432', '--level', '0']).events;
    const [boot0, empty] = doorsOf(unnamed);
    assert.deepEqual([boot0.open, empty.open, empty.closed_by], [true, null, []]);
    assert.match(empty.reason, /does not tell STM32L4, which returns .*, from STM32L47x, which does not; --family/);
    assert.match(unwrapped(workspace.run(['options', '--sim', 'stm32l432', '--level', '0']).stdout), /empty-check not certain: /);
    const named = workspace.runJob(['options', '--sim', 'stm32l432', '--level', '0', '--family', 'stm32l4']).events;
    assert.deepEqual(doorsOf(named).map((door) => door.open), [true, true]);
    const other = workspace.run(['options', '--sim', 'stm32l476', '--level', '0', '--family', 'stm32l47x']).stdout;
    assert.match(unwrapped(other), /empty-check this family does not return because its flash is empty/);
    const asked = ['check', '--sim', 'stm32l432', '--level', '0', '--return', 'empty-check'];
    const { code, events, ending } = workspace.runJob(asked);
    assert.deepEqual([code, eventOf(events, 'check')?.answer, ending?.error.name], [4, 'unknown', 'AMBIGUOUS_CHIP']);
    assert.equal(workspace.runJob([...asked, '--family', 'stm32l4']).code, 0);
});

const NEVER_READ = {
    gd32f303: 'CHIP_WRITE_ONLY', at32f437: 'CHIP_WRITE_ONLY', apm32f103: 'CHIP_WRITE_ONLY', custom: 'CHIP_WRITE_ONLY',
    stm32h563: 'CHIP_HAS_NO_LEVEL_1', stm32h7s3: 'CHIP_HAS_NO_LEVEL_1', stm32c562: 'CHIP_HAS_NO_LEVEL_1',
};

for (const [profile, refusal] of Object.entries(NEVER_READ)) {
    test(`${profile}: its option bytes are never read, and nothing is promised`, () => {
        for (const level of refusal === 'CHIP_WRITE_ONLY' ? ['0', '1'] : ['0']) {
            const device = ['--sim', profile, '--level', level];
            const { code, events } = workspace.runJob(['options', ...device]);
            const options = eventOf(events, 'options');
            assert.deepEqual([code, options?.readable, options?.reason], [0, false, 'not-of-this-family']);
            assert.match(options?.sentence, /^Relock does not read the option bytes of this family\. .*never touches/);
            const { stdout } = workspace.run(['options', ...device]);
            assert.match(unwrapped(stdout), /Relock does not read the option bytes of this family/);
            assert.doesNotMatch(unwrapped(stdout), /once the protection is removed|could not be read/);
            const kept = workspace.path(`${profile}.json`);
            const saved = workspace.runJob(['options', 'save', kept, ...device]);
            assert.deepEqual([saved.code, saved.ending?.error.name], [4, refusal]);
            assert.notEqual(saved.ending?.next_action, 'USE_UPDATE');
            assert.ok(!existsSync(kept));
            const check = eventOf(workspace.runJob(['check', ...device]).events, 'check');
            const texts = check?.items.map((/** @type {any} */ item) => item.text).join('\n');
            assert.doesNotMatch(texts, /Check one at level 0|while the board is protected/);
        }
    });
}

test('options save: a block that can be read at level 1 is no golden unit\'s', () => {
    const file = workspace.path('u5.json');
    const device = ['--sim', 'stm32u585', '--family', 'stm32u5'];
    assert.equal(eventOf(workspace.runJob(['options', ...device, '--level', '1']).events, 'options')?.readable, true);
    const { code, ending } = workspace.runJob(['options', 'save', file, ...device, '--level', '1']);
    assert.deepEqual([code, ending?.error.name, existsSync(file)], [4, 'PROTECTED', false]);
    assert.equal(workspace.runJob(['options', 'save', file, ...device, '--level', '0']).code, 0);
});
