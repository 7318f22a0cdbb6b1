// @ts-check
/** options set and restore: read-modify-write of option fields at level 0; and what closes the way back. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Workspace, eventOf } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

/** Profile, family where it must be named, field, value, and the same as bits for the simulator's judge. */
const cases = [
    ['stm32f405', null, 'BOR_LEV', '1', '0:0x0c=0x04'],
    ['stm32f042', null, 'DATA0', '0x5a', '4:0xff=0x5a'],
    ['stm32f072', null, 'nRST_STOP', '0', '2:0x02=0x00'],
    ['stm32l432', 'stm32l4', 'BOR_LEV', '2', '1:0x07=0x02'],
    ['stm32l452', 'stm32l4', 'BOR_LEV', '1', '1:0x07=0x01'],
    ['stm32l476', 'stm32l47x', 'SRAM2_RST', '0', '3:0x02=0x00'],
];

/** @param {string} name @param {(string | null)[]} row */
function makeFor(name, row) {
    return workspace.makeDevice(name, String(row[0]), ['--level', '0', '--allow', String(row[4])]);
}

/** @param {(string | null)[]} row */
const familyOf = (row) => (row[1] === null ? [] : ['--family', String(row[1])]);

for (const words of [
    ['options', 'fly'],
    ['options', 'save'],
    ['options', 'set'],
    ['options', 'set', 'BOR_LEV'],
    ['options', 'set', 'BOR_LEV='],
    ['options', 'set', '=1'],
    ['options', 'set', 'BOR_LEV=1x'],
    ['options', 'set', 'BOR_LEV=-1'],
    ['options', 'set', `${'A'.repeat(32)}=1`],
    ['options', 'set', 'RDP=0xbb'],
    ['options', 'set', ...Array.from({ length: 17 }, (_, index) => `F${index}=1`)],
    ['options', 'restore'],
    ['options', 'restore', 'a', 'b'],
    ['options', '--yes'],
    ['options', 'save', 'x.json', '--dry-run'],
]) {
    test(`usage: relock ${words.join(' ').slice(0, 60)}`, () => {
        const { code, stderr } = workspace.run([...words, '--sim', 'stm32f405']);
        assert.equal(code, 2);
        assert.match(stderr, /relock/);
    });
}

test('set RDP names the verbs that change it', () => {
    assert.match(workspace.run(['options', 'set', 'RDP=0', '--sim', 'stm32f405']).stderr, /relock protect.*unprotect/);
});

for (const row of cases) {
    const [profile, , field, value] = row;
    test(`options set ${field}=${value} on ${profile}, twice: one write`, () => {
        const file = makeFor(`set-${profile}.sim`, row);
        const words = ['options', 'set', `${field}=${value}`, '--yes', ...familyOf(row), '--sim', file];
        const { code, events, ending } = workspace.runJob(words);
        assert.equal(code, 0, JSON.stringify(ending));
        assert.equal(ending?.job, 'options');
        const plan = eventOf(events, 'plan');
        assert.equal(plan?.ends_protected, false);
        assert.equal(plan?.options[0].field, field);
        assert.equal(plan?.options[0].value, Number(value));
        assert.notEqual(plan?.options[0].old, Number(value));
        assert.notEqual(plan?.block.old, plan?.block.new);
        const truth = workspace.truth(file);
        assert.equal(truth.options, plan?.block.new);
        assert.equal(truth.level, 0);
        const again = workspace.runJob(words);
        assert.equal(again.code, 0);
        assert.equal(eventOf(again.events, 'question'), undefined);
        assert.equal(again.ending?.begun, false);
        assert.equal(workspace.truth(file).counters.option_writes, 1);
        assert.deepEqual(workspace.truth(file).violations, []);
    });
}

test('the difference is shown in words, and a dry run changes nothing', () => {
    const file = makeFor('words.sim', cases[0]);
    const { code, stdout } = workspace.run(['options', 'set', 'BOR_LEV=1', 'WDG_SW=1', '--dry-run', '--sim', file]);
    assert.equal(code, 0);
    assert.match(stdout, /BOR_LEV +0x3 -> 0x1 /);
    assert.match(stdout, /0x1fffc000 +ed -> e5/);
    assert.doesNotMatch(stdout, /WDG_SW +0x/);
    assert.equal(workspace.truth(file).counters.option_writes, 0);
});

test('what cannot be set is refused with the reason', () => {
    const file = workspace.makeDevice('refused.sim', 'stm32l432', ['--level', '0']);
    for (const [word, error] of [
        ['FOO=1', 'OPTION_FIELD_UNKNOWN'],
        ['DUALBANK=1', 'OPTION_FIELD_UNKNOWN'],
        ['BOR_LEV=8', 'OPTION_VALUE_TOO_LARGE'],
        ['nBOOT1=0', 'OPTIONS_CLOSE_DOOR'],
        ['WRP1A_STRT=0', 'OPTIONS_CLOSE_DOOR'],
    ]) {
        const words = ['options', 'set', word, '--yes', '--family', 'stm32l4', '--sim', file];
        const { code, events, ending } = workspace.runJob(words);
        assert.equal(code, 4, JSON.stringify(ending));
        assert.equal(ending?.error.name, error);
        assert.equal(ending?.next_action, 'CHOOSE_OTHER_FIELDS');
        assert.equal(ending?.error.field, word.split('=')[0]);
        const said = events.filter((event) => event.event === 'notice').map((event) => event.text).join('\n');
        assert.equal(said.includes('Fields of STM32L4 that can be set: BOR_LEV'), error === 'OPTION_FIELD_UNKNOWN', said);
    }
    const twice = workspace.runJob(['options', 'set', 'BOR_LEV=1', 'BOR_LEV=2', '--yes', '--family', 'stm32l4', '--sim', file]);
    assert.equal(twice.ending?.error.name, 'OPTION_WISH_CONTRADICTORY');
    assert.equal(workspace.runJob(['options', 'set', 'BOR_LEV=1', '--yes', '--sim', file]).ending?.error.name, 'AMBIGUOUS_CHIP');
    assert.equal(workspace.truth(file).counters.option_writes, 0);
});

for (const [profile, family, words, refused] of /** @type {[string, string, string[], string | null][]} */ ([
    ['stm32l476', 'stm32l47x', ['PCROP1_STRT=0', 'PCROP1_END=0x100'], 'PCROP1_STRT'],
    ['stm32l432', 'stm32l4', ['PCROP1_END=0xFFFF'], 'PCROP1_STRT'],
    ['stm32l432', 'stm32l4', ['PCROP1_STRT=0xFFFF', 'PCROP1_END=0'], null],
    ['stm32f722', 'stm32f72x', ['PCROP=1'], 'PCROP'],
    ['stm32f722', 'stm32f72x', ['PCROP=0'], null],
])) {
    test(`proprietary code, which nothing could read or write again: ${profile} ${words.join(' ')}`, () => {
        const file = workspace.makeDevice(`pcrop-${words.join('-')}.sim`, profile, ['--level', '0']);
        const { code, ending } = workspace.runJob(['options', 'set', ...words, '--yes', '--family', family, '--sim', file]);
        assert.equal(code, refused === null ? 0 : 4, JSON.stringify(ending));
        assert.deepEqual([ending?.error?.name ?? null, ending?.error?.field ?? null],
            refused === null ? [null, null] : ['OPTIONS_CLOSE_DOOR', refused]);
        assert.equal(workspace.truth(file).counters.option_writes, 0);
    });
}

test('the way back that must stay open can be named', () => {
    const row = ['stm32f042', null, 'nBOOT0', '0', '2:0x08=0x00'];
    const byBoot0 = makeFor('way-boot0.sim', row);
    const words = ['options', 'set', 'nBOOT0=0', '--yes'];
    assert.equal(workspace.runJob([...words, '--sim', byBoot0]).code, 0);
    const both = workspace.runJob([...words, 'BOOT_SEL=0', '--return', 'empty-check', '--sim', byBoot0]);
    assert.equal(both.code, 4);
    assert.equal(both.ending?.error.name, 'OPTIONS_CLOSE_DOOR');
});

test('a protected device, and a run without a yes', () => {
    const locked = workspace.runJob(['options', 'set', 'BOR_LEV=1', '--yes', '--sim', 'stm32f405', '--level', '1']);
    assert.equal(locked.code, 4);
    assert.equal(locked.ending?.error.name, 'PROTECTED');
    const file = makeFor('no.sim', cases[0]);
    assert.equal(workspace.runJob(['options', 'set', 'BOR_LEV=1', '--sim', file]).ending?.error.name, 'NO_CONSENT');
    assert.equal(workspace.truth(file).counters.option_writes, 0);
});

test('save, change, restore: the fields are as they were', () => {
    const row = ['stm32f405', null, 'BOR_LEV', '1', '0:0x0c=0x04'];
    const file = makeFor('restore.sim', row);
    const profile = workspace.path('golden.json');
    assert.equal(workspace.runJob(['options', 'save', profile, '--sim', file]).code, 0);
    assert.equal(workspace.runJob(['options', 'restore', profile, '--sim', file]).code, 0);
    assert.equal(workspace.truth(file).counters.option_writes, 0);
    const changed = JSON.parse(readFileSync(profile, 'utf8'));
    changed.options.find((/** @type {any} */ item) => item.field === 'BOR_LEV').value = 1;
    writeFileSync(profile, JSON.stringify(changed));
    const { code, events, ending } = workspace.runJob(['options', 'restore', profile, '--yes', '--sim', file]);
    assert.equal(code, 0, JSON.stringify(ending));
    assert.equal(eventOf(events, 'plan')?.options.length, changed.options.length);
    const truth = workspace.truth(file);
    assert.equal(truth.counters.option_writes, 1);
    assert.deepEqual(truth.violations, []);
    const other = workspace.runJob(['options', 'restore', profile, '--yes', '--sim', 'stm32f072']);
    assert.equal(other.code, 4);
    assert.equal(other.ending?.error.name, 'CHIP_CONTRADICTS_CLAIM');
    assert.ok(other.events.some((event) => event.text === 'The profile is one of STM32F405.'));
    const claimed = ['options', 'restore', profile, '--family', 'stm32f2', '--sim', file];
    assert.equal(workspace.runJob(claimed).ending?.error.name, 'CHIP_CONTRADICTS_CLAIM');
});

for (const [what, text] of [
    ['is empty', ''],
    ['is no JSON', '{'],
    ['is an array', '[]'],
    ['has another format', '{"format":"relock-options-2","family":"STM32F405","options":[{"field":"BOR_LEV","value":1}]}'],
    ['has an unknown family', '{"format":"relock-options-1","family":"STM32X","options":[{"field":"BOR_LEV","value":1}]}'],
    ['has no fields', '{"format":"relock-options-1","family":"STM32F405","options":[]}'],
    ['has an unknown field', '{"format":"relock-options-1","family":"STM32F405","options":[{"field":"FOO","value":1}]}'],
    ['has no number', '{"format":"relock-options-1","family":"STM32F405","options":[{"field":"BOR_LEV","value":"1"}]}'],
    ['has a number too large', '{"format":"relock-options-1","family":"STM32F405","options":[{"field":"BOR_LEV","value":4294967297}]}'],
    ['has too many', JSON.stringify({ format: 'relock-options-1', family: 'STM32F405', options: Array(17).fill({ field: 'BOR_LEV', value: 1 }) })],
    ['is too large', ' '.repeat(70000)],
]) {
    test(`a profile that ${what} is refused`, () => {
        const file = workspace.path('bad.json');
        writeFileSync(file, text);
        const { code, ending } = workspace.runJob(['options', 'restore', file, '--yes', '--sim', 'stm32f405']);
        assert.equal(code, 2, JSON.stringify(ending));
        assert.equal(ending?.error.name, 'OPTIONS_PROFILE_BAD');
    });
}

test('a profile that sets the protection is refused', () => {
    const file = workspace.path('rdp.json');
    writeFileSync(file, '{"format":"relock-options-1","family":"STM32F405","options":[{"field":"RDP","value":204}]}');
    const { code, ending } = workspace.runJob(['options', 'restore', file, '--yes', '--sim', 'stm32f405']);
    assert.notEqual(code, 0);
    assert.ok(['OPTIONS_PROFILE_BAD', 'OPTION_FIELD_UNKNOWN'].includes(ending?.error.name));
});

test('options shows what would close the way back, for each way', () => {
    const open = workspace.runJob(['options', '--sim', 'stm32f042']);
    const doors = open.events.filter((event) => event.event === 'door');
    assert.deepEqual(doors.map((door) => [door.way, door.open, door.closed_by]), [['boot0', true, []], ['empty-check', true, []]]);
    const none = workspace.runJob(['options', '--sim', 'stm32f405']).events.filter((event) => event.event === 'door');
    assert.deepEqual(none.map((door) => [door.way, door.open]), [['boot0', true], ['empty-check', false]]);
    assert.match(workspace.run(['options', '--sim', 'stm32f405']).stdout, /empty-check +this family does not return/);
    assert.equal(workspace.runJob(['options', '--sim', 'stm32f042', '--level', '1']).events.filter((event) => event.event === 'door').length, 0);
});

test('options names each field that closes a way', () => {
    const file = makeFor('closed.sim', ['stm32f042', null, 'BOOT_SEL', '0', '2:0x80=0x00']);
    assert.equal(workspace.runJob(['erase', '--all', '--yes', '--sim', file]).code, 0);
    const words = ['options', 'set', 'BOOT_SEL=0', '--return', 'empty-check', '--yes', '--sim', file];
    const { code, ending } = workspace.runJob(words);
    assert.equal(code, 0, JSON.stringify(ending));
    const doors = workspace.runJob(['options', '--sim', file]).events.filter((event) => event.event === 'door');
    assert.deepEqual(doors.map((door) => [door.way, door.closed_by]), [['boot0', ['BOOT_SEL']], ['empty-check', []]]);
    const shown = workspace.run(['options', '--sim', file]).stdout;
    assert.match(shown, /boot0 +closed by BOOT_SEL = 0x0 \(/);
    assert.match(shown, /empty-check +open/);
    assert.deepEqual(workspace.truth(file).violations, []);
});

test('killed anywhere: the same command goes on', () => {
    const row = cases[1];
    const words = ['options', 'set', 'DATA0=0x5a', '--yes'];
    const model = makeFor('model.sim', row);
    const operations = workspace.runJob([...words, '--sim', model]).transcript.split('\n').filter((line) => line.startsWith('> '));
    for (let moment = 0; moment < operations.length - 1; moment += 2) {
        const file = makeFor('killed.sim', row);
        workspace.run([...words, '--sim', file], { RELOCK_SIM_KILL_AT: String(moment) });
        const { code, ending } = workspace.runJob([...words, '--sim', file]);
        assert.equal(code, 0, `killed at operation ${moment}: ${JSON.stringify(ending)}`);
        const truth = workspace.truth(file);
        assert.equal(truth.counters.option_writes, 1);
        assert.deepEqual(truth.violations, []);
    }
});

test('SIGINT before the write changes nothing, after it the same command proves it', async () => {
    const file = makeFor('int.sim', cases[0]);
    const words = ['options', 'set', 'BOR_LEV=1', '--yes', '--sim', file];
    const running = workspace.start([...words, '--json', '--sim-speed', '1']);
    await running.until('"reason":"after-seal"');
    running.child.kill('SIGINT');
    const { code } = await running.end;
    assert.ok(code === 5 || code === 6 || code === 0, running.output);
    assert.equal(workspace.runJob(words).code, 0);
    assert.equal(workspace.truth(file).counters.option_writes, 1);
});
