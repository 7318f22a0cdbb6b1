// @ts-check
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Workspace, eventOf, parseEvents, smallBin, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

/** All that `relock --help` names: "  relock read FILE", "  relock write|verify", "For makers: relock check, key". */
function verbsOfHelp() {
    const { stdout } = workspace.run(['--help']);
    const makers = /^For makers: relock (.*)$/m.exec(stdout)?.[1].split(', ') ?? assert.fail(stdout);
    const shown = [...stdout.matchAll(/^ {2}relock ((?:\w+(?:\||, )?)+)/gm)].map(([, words]) => words.split(/\||, /));
    return [...shown.flat(), ...makers];
}

const verbs = verbsOfHelp();
const helpOf = (/** @type {string} */ verb) => workspace.run([verb, '--help']).stdout;

test('the help names every verb', () => {
    const source = readFileSync(new URL('../../cli/src/verb_list.h', import.meta.url), 'utf8');
    const known = [...source.matchAll(/^VERB\(\w+, (\w+), /gm)].map(([, verb]) => verb);
    assert.deepEqual([...verbs].sort(), known.sort());
});

for (const words of [['--help'], ...verbs.map((verb) => [verb, '--help'])]) {
    test(`${words.join(' ')} fits a screen of 80 x 24`, () => {
        const { code, stdout } = workspace.run(words);
        const lines = stdout.trimEnd().split('\n');
        assert.equal(code, 0);
        assert.ok(lines.length <= 24, `${lines.length} lines`);
        assert.deepEqual(lines.filter((line) => line.length > 79), []);
    });
}

test('help VERB is VERB --help, and help alone the general one', () => {
    assert.deepEqual(workspace.run(['help']), workspace.run(['--help']));
    for (const verb of verbs) {
        assert.deepEqual(workspace.run(['help', verb]), workspace.run([verb, '--help']), verb);
    }
    assert.deepEqual(workspace.run(['help', 'sim', 'make']), workspace.run(['sim', '--help']));
    for (const words of [['help', 'fly'], ['help', 'help'], ['help', 'list', 'x']]) {
        const { code, stdout, stderr } = workspace.run(words);
        assert.deepEqual([code, stdout], [2, ''], words.join(' '));
        assert.match(stderr, /--help/);
    }
});

/**
 * The verbs of an option row in arguments.c.
 * @param {string} sum "ON_LEVELS | ON(VERB_CHECK)"
 * @param {Map<string, string>} groups
 */
function verbsOfSum(sum, groups) {
    /** @type {Set<string>} */
    const all = new Set();
    for (const [, verb, group] of sum.matchAll(/ON\(VERB_(\w+)\)|\b(ON_\w+)/g)) {
        const more = group === undefined ? [verb.toLowerCase()] : verbsOfSum(groups.get(group) ?? '', groups);
        more.forEach((one) => all.add(one));
    }
    return all;
}

test('each option that a verb takes is in its help, or in the general one', () => {
    const source = readFileSync(new URL('../../cli/src/arguments.c', import.meta.url), 'utf8');
    const groups = new Map([...source.matchAll(/^#define (ON_\w+) +(.+)$/gm)].map(([, name, sum]) => [name, sum]));
    const general = workspace.run(['--help']).stdout;
    const rows = [...source.matchAll(/^ {4}\{"([a-z0-9-]+)", (ON[^,]+),/gm)].filter(([, name]) => !general.includes(`--${name}`));
    assert.ok(rows.length > 40);
    const update = helpOf('update');
    const said = (/** @type {string} */ verb) => helpOf(verb).replace(/--sim WHAT.*as for update/, (line) => `${line} ${update.slice(update.indexOf('--sim'))}`);
    const missing = rows.flatMap(([, name, sum]) => [...verbsOfSum(sum, groups)]
        .filter((verb) => !new RegExp(`--${name}\\b`).test(said(verb))).map((verb) => `${verb} --${name}`));
    assert.deepEqual(missing, []);
    for (const verb of ['update', 'unprotect']) {
        assert.match(helpOf(verb), /--return none[^]*--trustzone off/);
    }
});

test('knobs and faults of simulated devices are listed, and taken as listed', () => {
    const file = workspace.makeDevice('knobs.sim', 'stm32f405');
    const named = (/** @type {string} */ list) => workspace.run(['sim', list]).stdout.trimEnd().split('\n')
        .map((line) => /^(\S+): (\S.*)$/.exec(line)?.[1] ?? assert.fail(line));
    const header = readFileSync(new URL('../../sim/include/sim/knob_list.h', import.meta.url), 'utf8');
    assert.equal(named('knobs').length, header.match(/^SIM_KNOB\(/gm)?.length);
    assert.ok(named('faults').includes('stall-after@N'));
    const knobs = named('knobs').flatMap((name) => ['--knob', `${name}=1`]);
    for (let at = 0; at < knobs.length; at += 16) {
        assert.equal(workspace.run(['sim', 'damage', file, ...knobs.slice(at, at + 16)]).stderr, '');
    }
    for (const fault of named('faults')) {
        assert.equal(workspace.run(['sim', 'damage', file, '--fault', fault.replace('@N', '@5')]).stderr, '', fault);
    }
    assert.match(workspace.run(['sim', 'damage', file, '--knob', 'no_such=1']).stderr, /`relock sim knobs` lists them/);
    assert.match(workspace.run(['sim', 'damage', file, '--fault', 'no-such@1']).stderr, /`relock sim faults` lists the kinds/);
});

test('--version', () => {
    const { code, stdout } = workspace.run(['--version']);
    assert.equal(code, 0);
    assert.match(stdout, /^relock \d+\.\d+\.\d+\n$/);
});

for (const words of [
    [],
    ['fly'],
    ['info', '--no-such-option'],
    ['info', '--yes'],
    ['update', smallHex, '--protect', 'maybe'],
    ['update', smallHex, '--protect', 'on', '--return', 'somehow'],
    ['update', '--protect', 'on'],
    ['update', smallHex, smallHex, '--protect', 'on'],
    ['read', 'out.bin'],
    ['read', 'out.bin', '--size', '0'],
    ['write', smallBin, '--address', '0x1000000000'],
    ['info', '--family', 'stm32x'],
    ['sim'],
    ['sim', 'make', 'x'],
    ['sim', 'fly', 'x'],
    ['info', 'x', '--sim', 'stm32f405'],
    ['list', 'x'],
    ['sim', 'show', 'x', 'y'],
    ['sim', 'profiles', 'x'],
    ['info', '--sim=stm32f405', '--js'],
    ['info', '--si', 'stm32f405'],
    ['info', '--sim', 'stm32f405', '--port', '1-1'],
    ['list', '--sim', 'stm32f405', '--serial', 'A'],
    ['update', smallHex, '--protect', 'on', '--protect', 'off', '--sim', 'stm32f405'],
    ['update', smallHex, '--protect', 'on', '--return', 'boot0', '--return', 'none', '--sim', 'stm32f405'],
    ['write', smallBin, '--address', '08000000', '--sim', 'stm32f405'],
]) {
    test(`usage: relock ${words.map((word) => word.split('/').pop()).join(' ')}`, () => {
        const { code, stderr } = workspace.run(words);
        assert.equal(code, 2);
        assert.match(stderr, /relock/);
    });
}

/** What is wrong, and what it says; nothing else. @type {[string[], RegExp][]} */
const SAID = [
    [['info', '--no-such'], /^relock: unrecognized option '--no-such'\nrelock: `relock --help` shows verbs and options\n$/],
    [['info', '--protect'], /^relock: option '--protect' requires an argument\n/],
    [['release'], /^relock: `relock release` goes on with one of: new, refresh, check, .*, withdraw; see `relock release --help`\n$/],
    [['key', 'sell', 'x'], /^relock: `relock key` goes on with one of: new, show, change; see `relock key --help`\n$/],
    [['site', 'sell', 'x'], /^relock: `relock site` goes on with one of: build, check; see `relock site --help`\n$/],
    [['site', 'check', 'x'], /^relock: the form is: relock site check DIR URL\n$/],
    [['sim', 'show', 'nowhere.sim'], /^relock: nowhere\.sim is not a simulated device, .* make it anew with relock sim make\n$/],
];

for (const [words, text] of SAID) {
    test(`said: relock ${words.join(' ')}`, () => {
        const { code, stdout, stderr } = workspace.run(words);
        assert.deepEqual([code, stdout], [2, '']);
        assert.match(stderr, text);
    });
}

test('an option that may be repeated has an end, and says which', () => {
    const often = (/** @type {number} */ times, /** @type {string[]} */ ...option) => Array(times).fill(option).flat();
    for (const [most, option, words] of /** @type {[number, string[], string[]][]} */ ([
        [4, ['--fault', 'stall@3'], ['sim', 'make', 'x', '--profile', 'stm32f405']],
        [16, ['--knob', 'drops_writes=1'], ['sim', 'make', 'x', '--profile', 'stm32f405']],
        [16, ['--allow', '0:0x0c=0x04'], ['sim', 'make', 'x', '--profile', 'stm32f405']],
        [32, ['--key', '0'.repeat(64)], ['release', 'verify', 'nowhere']],
        [128, ['--enter', 'A step.'], ['release', 'check', 'nowhere']],
    ])) {
        assert.equal(workspace.run([...words, ...often(most, ...option)]).stderr, '', option[0]);
        const { code, stdout, stderr } = workspace.run([...words, ...often(most + 1, ...option)]);
        assert.deepEqual([code, stdout, stderr], [2, '', `relock: ${option[0]} can be given ${most} times at most\n`]);
    }
});

test('list shows a simulated device, and exits 3 when there is none', () => {
    const there = workspace.run(['list', '--sim', 'stm32f405', '--json']);
    assert.equal(there.code, 0);
    assert.equal(eventOf(parseEvents(there.stdout), 'device')?.simulated, true);
    const file = workspace.makeDevice('low.sim', 'stm32f405', ['--boot0', 'low']);
    const absent = workspace.run(['list', '--sim', file, '--json']);
    assert.equal(absent.code, 3);
    assert.equal(parseEvents(absent.stdout).at(-1)?.error.name, 'NO_DEVICE');
});

test('list shows the serial number that info shows', () => {
    for (const more of [[], ['--serial', '27182818ABCD'], ['--serial', 'none'], ['--knob', 'serial_shared=1']]) {
        const file = workspace.makeDevice('listed.sim', 'stm32f405', more);
        const listed = eventOf(parseEvents(workspace.run(['list', '--sim', file, '--json']).stdout), 'device');
        const found = eventOf(parseEvents(workspace.run(['info', '--sim', file, '--json']).stdout), 'findings');
        assert.equal(listed?.serial, found?.serial, more.join(' '));
        assert.equal(listed?.serial_is_unique, found?.serial_is_unique, more.join(' '));
    }
    assert.match(workspace.run(['list', '--sim', 'stm32f405']).stdout, / serial 3573365D3433 /);
});

test('list without --sim looks at USB', () => {
    assert.ok([0, 3].includes(workspace.run(['list']).code ?? -1));
});

test('info says chip, evidence and protection with both witnesses', () => {
    const { code, events, ending } = workspace.runJob(['info', '--sim', 'stm32f405']);
    const findings = eventOf(events, 'findings');
    assert.equal(code, 0);
    assert.equal(findings?.chip.family, 'STM32F405');
    assert.equal(findings?.protection, 'level 1');
    assert.equal(findings?.flash_witness, 'refused');
    assert.equal(findings?.options_witness, 'refused');
    assert.ok(findings?.chip.evidence.length > 0);
    assert.equal(ending?.violations, 0);
});

test('a plan tells what a report says of boards of the family', () => {
    const plan = (/** @type {string} */ profile) => workspace.run(['update', smallHex, '--protect', 'on', '--return',
        'boot0', '--sim', profile, '--dry-run']).stdout.replaceAll(/\s+/g, ' ');
    assert.match(plan('stm32f767'), /BOOT_ADD0 and BOOT_ADD1 came back as FFFF after a regression\. Only a debug probe/);
    assert.match(plan('stm32f405'), /EVERYTHING(?!.*debug probe)/);
});

test('info claims no level where only flash can be asked', () => {
    const file = workspace.makeDevice('own-bootloader.sim', 'custom', ['--level', '1']);
    assert.match(workspace.run(['info', '--sim', file]).stdout, /Protection +unknown: reading flash was allowed/);
    assert.equal(eventOf(workspace.runJob(['info', '--sim', file]).events, 'findings')?.protection, 'unknown');
});

test('info changes nothing', () => {
    const file = workspace.makeDevice('info.sim', 'stm32f072', ['--level', '0']);
    const before = workspace.truth(file);
    assert.equal(workspace.runJob(['info', '--sim', file]).code, 0);
    const now = workspace.truth(file);
    assert.equal(now.flash_crc32, before.flash_crc32);
    assert.equal(now.options, before.options);
    assert.equal(now.counters.sectors_erased, 0);
});

test('a wrong --family is refused before anything else', () => {
    const { code, ending } = workspace.runJob(['info', '--sim', 'stm32f405', '--family', 'stm32f07x']);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'CHIP_CONTRADICTS_CLAIM');
});

test('options: raw and decoded on an open device', () => {
    const { code, events } = workspace.runJob(['options', '--sim', 'stm32f405']);
    const options = eventOf(events, 'options');
    assert.equal(code, 0);
    assert.match(options?.bytes, /^[0-9a-f]{32}$/);
    assert.equal(options?.fields[0].name, 'RDP');
});

test('options: at level 1 it is said why they cannot be read', () => {
    const { code, stdout } = workspace.run(['options', '--sim', 'stm32f405', '--level', '1']);
    assert.equal(code, 0);
    assert.match(stdout, /at level 1 this bootloader refuses/);
});

test('read gives the flash of an open device, exactly', () => {
    const file = workspace.makeDevice('read.sim', 'stm32f072', ['--level', '0']);
    assert.equal(workspace.runJob(['write', smallHex, '--sim', file, '--yes']).code, 0);
    const size = readFileSync(smallBin).length;
    const out = workspace.path('out.bin');
    const { code } = workspace.runJob(['read', out, '--size', String(size), '--sim', file]);
    assert.equal(code, 0);
    assert.deepEqual(readFileSync(out), readFileSync(smallBin));
});

test('read of a protected device is refused and leaves no file', () => {
    const out = workspace.path('none.bin');
    const { code, ending } = workspace.runJob(['read', out, '--size', '1K', '--sim', 'stm32f405', '--level', '1']);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'PROTECTED');
    assert.ok(!existsSync(out) && readdirSync(workspace.folder).every((name) => !name.endsWith('.part')));
});

test('read outside flash is a usage error', () => {
    const words = ['read', workspace.path('far.bin'), '--size', '1K', '--address', '0x20000000', '--sim', 'stm32f405'];
    const { code, ending } = workspace.runJob(words);
    assert.equal(code, 2);
    assert.equal(ending?.error.name, 'READ_OUTSIDE_FLASH');
});

test('read into a folder that is not there', () => {
    const { code } = workspace.run(['read', '/no/such/folder/x', '--size', '1K', '--sim', 'stm32f405']);
    assert.equal(code, 1);
});

for (const profile of ['stm32f405', 'stm32f042', 'stm32f072', 'stm32l432', 'stm32l476']) {
    test(`write on an open ${profile}, twice: the second time nothing is written`, () => {
        const file = workspace.makeDevice(`write-${profile}.sim`, profile, ['--level', '0']);
        const first = workspace.runJob(['write', smallHex, '--sim', file, '--yes']);
        assert.equal(first.code, 0, JSON.stringify(first.ending));
        const written = workspace.truth(file).counters.blocks_programmed;
        assert.ok(written > 0);
        const second = workspace.runJob(['write', smallHex, '--sim', file, '--yes']);
        assert.equal(second.code, 0, JSON.stringify(second.ending));
        const truth = workspace.truth(file);
        assert.equal(truth.counters.blocks_programmed, written);
        assert.equal(truth.level, 0);
        assert.deepEqual(truth.violations, []);
    });
}

test('write of a protected device is refused', () => {
    const { code, ending } = workspace.runJob(['write', smallHex, '--sim', 'stm32f405', '--level', '1', '--yes']);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'PROTECTED');
    assert.equal(ending?.next_action, 'USE_UPDATE');
});

test('sim profiles, and the person', () => {
    assert.match(workspace.run(['sim', 'profiles']).stdout, /stm32f405/);
    const file = workspace.makeDevice('person.sim', 'stm32f405', ['--boot0', 'low']);
    assert.equal(workspace.truth(file).on_bus, false);
    workspace.run(['sim', 'press', file]);
    workspace.run(['sim', 'replug', file]);
    assert.equal(workspace.truth(file).boot0, 'high');
    workspace.run(['sim', 'do', file, 'RELEASE_BOOT0_AND_REPLUG']);
    assert.equal(workspace.truth(file).boot0, 'low');
    assert.equal(workspace.run(['sim', 'do', file, 'DANCE']).code, 2);
});

test('sim damage: knobs, faults and flips', () => {
    const file = workspace.makeDevice('damage.sim', 'stm32f405');
    const before = workspace.truth(file);
    assert.equal(workspace.run(['sim', 'damage', file, '--flip', '0x08000004']).code, 0);
    assert.notEqual(workspace.truth(file).flash_crc32, before.flash_crc32);
    assert.equal(workspace.run(['sim', 'damage', file, '--fault', 'stall@3', '--knob', 'drops_writes=1']).code, 0);
    assert.equal(workspace.run(['sim', 'damage', file, '--knob', 'no_such=1']).code, 2);
    assert.equal(workspace.run(['sim', 'damage', file, '--fault', 'earthquake@1']).code, 2);
    assert.equal(workspace.run(['sim', 'damage', file, '--flip', '0x20000000']).code, 2);
});

test('a file that is no simulated device', () => {
    const folder = workspace.path('folder.sim');
    mkdirSync(folder);
    const cut = workspace.path('cut.sim');
    writeFileSync(cut, readFileSync(workspace.makeDevice('whole.sim', 'stm32f405')).subarray(0, 5000));
    const other = workspace.path('other-version.sim');
    const bytes = readFileSync(workspace.path('whole.sim'));
    bytes[4] ^= 0x55;
    writeFileSync(other, bytes);
    for (const file of [smallBin, folder, '/dev/null', cut, other]) {
        const commands = [['info', '--sim', file], ['list', '--sim', file], ['write', smallHex, '--sim', file], ['sim', 'show', file]];
        for (const words of commands) {
            const { code, stderr } = workspace.run(words);
            assert.equal(code, 2, words.join(' '));
            assert.match(stderr, /not a simulated device, or of another version of relock; make it anew/);
        }
    }
    assert.equal(workspace.run(['info', '--sim', workspace.path('nowhere.sim')]).code, 3);
    assert.equal(workspace.run(['sim', 'make', other, '--profile', 'stm32f405']).code, 0);
});

test('sim make replaces simulated devices only', () => {
    const file = workspace.path('precious.txt');
    writeFileSync(file, 'precious');
    for (const place of [file, workspace.folder, '/dev/null']) {
        assert.equal(workspace.run(['sim', 'make', place, '--profile', 'stm32f405']).code, 2, place);
    }
    assert.equal(readFileSync(file, 'utf8'), 'precious');
});
