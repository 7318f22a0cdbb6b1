// @ts-check
// `relock check` and `relock options save`: questions that a maker asks a sample board. Nothing is ever changed.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Workspace, eventOf } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

/** @param {string} file */
function assertUntouched(file) {
    const truth = workspace.truth(file);
    assert.deepEqual(truth.violations, []);
    for (const name of ['regressions', 'option_writes', 'sectors_erased', 'blocks_programmed']) {
        assert.equal(truth.counters[name], 0, name);
    }
}

/** @typedef {{ verdict: string, text: string }} Item */

/**
 * @param {string[]} words
 * @returns {{ code: number | null, answer: string, items: Record<string, Item>, ending: any }}
 */
function check(words) {
    const { code, events, ending } = workspace.runJob(['check', ...words]);
    const found = eventOf(events, 'check');
    assert.match(found?.layout ?? '@Internal Flash', /^@Internal Flash/);
    const items = Object.fromEntries((found?.items ?? []).map((/** @type {any} */ item) => [item.name, item]));
    return { code, answer: found?.answer, items, ending };
}

const PROFILES = ['stm32f405', 'stm32f042', 'stm32f072', 'stm32l432', 'stm32l452', 'stm32l476'];
const FAMILIES = { stm32l432: 'stm32l4', stm32l452: 'stm32l4', stm32l476: 'stm32l47x' };

/** @param {string} profile */
const claim = (profile) => profile in FAMILIES ? ['--family', FAMILIES[/** @type {'stm32l432'} */ (profile)]] : [];

for (const profile of PROFILES) {
    test(`check: yes for an open ${profile} as the factory makes it`, () => {
        const file = workspace.makeDevice(`open-${profile}.sim`, profile, ['--level', '0']);
        const { code, answer, items, ending } = check(['--sim', file, ...claim(profile)]);
        assert.equal(code, 0);
        assert.equal(answer, 'yes');
        assert.equal(ending.error, null);
        assert.equal(items.boot0.verdict, 'fine');
        assert.equal(items.unprotect.verdict, 'fine');
        assert.equal(items['write protection'].verdict, 'fine');
        assert.equal(items['transfer size'].text, 'Blocks of 2048 bytes.');
                const hasEmptyCheck = ['stm32f042', 'stm32l432', 'stm32l452'].includes(profile);
        assert.equal(items['empty-check'].verdict, hasEmptyCheck ? 'fine' : 'note');
        assertUntouched(file);
    });

    test(`check: not known for a protected ${profile}, whose option bytes cannot be read`, () => {
        const file = workspace.makeDevice(`locked-${profile}.sim`, profile, ['--level', '1']);
        const { code, answer, items, ending } = check(['--sim', file, ...claim(profile)]);
        assert.equal(code, 4);
        assert.equal(answer, 'unknown');
        assert.equal(ending.error.name, 'PROTECTED');
        assert.equal(ending.next_action, 'MEND_WHAT_IS_LISTED');
        assert.equal(items.boot0.verdict, 'unknown');
        assert.equal(items['write protection'].verdict, 'unknown');
        assertUntouched(file);
    });
}

test('check: a way that the family does not have is no way', () => {
    const { code, answer, ending } = check(['--sim', 'stm32f405', '--level', '0', '--return', 'empty-check']);
    assert.deepEqual([code, answer, ending.error.name], [1, 'no', 'CUSTOMERS_CANNOT']);
    assert.equal(check(['--sim', 'stm32f405', '--level', '0', '--return', 'boot0']).code, 0);
    assert.equal(check(['--sim', 'stm32f405', '--level', '0', '--return', 'none']).code, 1);
    assert.equal(check(['--sim', 'stm32f405', '--level', '1', '--return', 'empty-check']).answer, 'no');
});

/** The items that stand in the way, by name. @param {Record<string, any>} items */
const obstacles = (items) => Object.keys(items).filter((name) => items[name].verdict === 'obstacle');

test('check: a no names what stands in the way, and a yes or an unknown names nothing', () => {
    const closed = withOptions('named.sim', 'stm32l432', L4_BLOCK,
        [0xaa, 0xf8, 0x7f, 0xf3, 0x55, 0x07, 0x80, 0x0c, ...L4_BLOCK.slice(8)]);
    /** @type {[string[], string, string[]][]} */
    const rows = [
        [['stm32f405', '--level', '0'], 'yes', []],
        [['stm32f405', '--level', '0', '--return', 'boot0'], 'yes', []],
        [['stm32f405', '--level', '0', '--return', 'empty-check'], 'no', ['empty-check']],
        [['stm32f405', '--level', '1', '--return', 'empty-check'], 'no', ['empty-check']],
        [['stm32f405', '--level', '1'], 'unknown', []],
        [['stm32f405', '--level', '0', '--return', 'none'], 'no', ['none']],
        [['stm32f405', '--level', '1', '--return', 'none'], 'no', ['none']],
        [[closed, '--family', 'stm32l4'], 'no', ['boot0', 'empty-check']],
        [[closed, '--family', 'stm32l4', '--return', 'boot0'], 'no', ['boot0']],
        [[closed, '--family', 'stm32l4', '--return', 'empty-check'], 'no', ['empty-check']],
    ];
    for (const [words, wanted, named] of rows) {
        const { answer, items } = check(['--sim', ...words]);
        assert.deepEqual([answer, obstacles(items)], [wanted, named], words.join(' '));
    }
});

test('check: a bootloader that does not offer 0x92', () => {
    const file = workspace.makeDevice('short.sim', 'stm32f405', ['--level', '0']);
    workspace.run(['sim', 'damage', file, '--knob', 'get_list_short=1']);
    const { code, answer, items } = check(['--sim', file]);
    assert.deepEqual([code, answer, items.unprotect.verdict], [1, 'no', 'obstacle']);
    assertUntouched(file);
});

/**
 * A stored device with other option bytes: what is stored and what is in force are the same bytes.
 * @param {string} name
 * @param {string} profile
 * @param {number[]} before the first bytes of the factory's block
 * @param {number[]} afterwards
 */
function withOptions(name, profile, before, afterwards) {
    const file = workspace.makeDevice(name, profile, ['--level', '0']);
    const bytes = readFileSync(file);
    const wanted = Buffer.from(before);
    let count = 0;
    for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length)) {
        bytes.set(afterwards, at);
        count += 1;
    }
    assert.ok(count >= 2, 'the stored block, the loaded one, and where there is one the second');
    writeFileSync(file, bytes);
    return file;
}

const L4_BLOCK = [0xaa, 0xf8, 0xff, 0xff, 0x55, 0x07, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff];
const F4_BLOCK = [0xed, 0xaa, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
const F0_BLOCK = [0xaa, 0x55, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00];

test('check: names all fields that close the door', () => {
    // nBOOT1 0, nSWBOOT0 0, nBOOT0 0
    const l4 = withOptions('l4.sim', 'stm32l432', L4_BLOCK,
        [0xaa, 0xf8, 0x7f, 0xf3, 0x55, 0x07, 0x80, 0x0c, ...L4_BLOCK.slice(8)]);
    const closed = check(['--sim', l4, '--family', 'stm32l4']);
    assert.deepEqual([closed.code, closed.answer], [1, 'no']);
    assert.match(closed.items.boot0.text, /no way back: nBOOT1, nSWBOOT0\.$/);
    assert.match(closed.items['empty-check'].text, /no way back: nBOOT0\.$/);
    // Only nSWBOOT0 0: the empty check is still a way, and BOOT0 none.
    const pinless = withOptions('pinless.sim', 'stm32l432', L4_BLOCK,
        [0xaa, 0xf8, 0xff, 0xfb, 0x55, 0x07, 0x00, 0x04, ...L4_BLOCK.slice(8)]);
    assert.equal(check(['--sim', pinless, '--family', 'stm32l4']).answer, 'yes');
    assert.equal(check(['--sim', pinless, '--family', 'stm32l4', '--return', 'boot0']).answer, 'no');
    assertUntouched(pinless);
});

test('check: write protection is an obstacle on every way', () => {
    const f4 = withOptions('wrp.sim', 'stm32f405', F4_BLOCK, [...F4_BLOCK.slice(0, 8), 0xfe, 0x0f]);
    const { code, items } = check(['--sim', f4]);
    assert.equal(code, 1);
    assert.equal(items['write protection'].verdict, 'obstacle');
    assert.match(items['write protection'].text, /nWRP/);
    const f0 = withOptions('wrp0.sim', 'stm32f042', F0_BLOCK, [...F0_BLOCK.slice(0, 8), 0xfe, 0x01]);
    assert.match(check(['--sim', f0]).items['write protection'].text, /WRP0/);
});

test('check: families that cannot be told apart must be named, and a wrong name is refused', () => {
    const { code, items } = check(['--sim', 'stm32l432', '--level', '0']);
    assert.deepEqual([code, items.chip.verdict], [0, 'note']);
    const wrong = check(['--sim', 'stm32f405', '--level', '0', '--family', 'stm32l4']);
    assert.deepEqual([wrong.code, wrong.answer], [4, undefined]);
    assert.equal(wrong.ending.error.name, 'CHIP_CONTRADICTS_CLAIM');
});

test('check: in words, on a screen', () => {
    const open = workspace.run(['check', '--sim', 'stm32f405', '--level', '0']);
    assert.equal(open.code, 0);
    assert.match(open.stdout, /Can your customers update boards like this one\?/);
    assert.match(open.stdout, /Yes: as far as the board shows it/);
    assert.deepEqual(open.stdout.split('\n').filter((line) => line.length > 79), []);
    const refused = workspace.run(['check', '--sim', 'stm32f405', '--level', '0', '--return', 'none']);
    assert.match(refused.stdout, /No: customers could not update/);
    assert.match(refused.stdout, /^ {2}obstacle {2}none {14}The device erases itself/m);
    assert.match(refused.stdout, /RLK-8053/);
    assert.match(workspace.run(['check', '--sim', 'stm32f405', '--level', '1']).stdout, /Not known: this board/);
});

for (const profile of PROFILES) {
    test(`options save: the profile of an open ${profile}`, () => {
        const file = workspace.makeDevice(`golden-${profile}.sim`, profile, ['--level', '0']);
        const out = workspace.path(`${profile}.json`);
        const { code, events } = workspace.runJob(['options', 'save', out, '--sim', file, ...claim(profile)]);
        assert.equal(code, 0);
        assert.match(events.map(({ text }) => text).join('\n'), /option profile of this/);
        const saved = JSON.parse(readFileSync(out, 'utf8'));
        const shown = eventOf(workspace.runJob(['options', '--sim', file, ...claim(profile)]).events, 'options');
        assert.equal(saved.format, 'relock-options-1');
        assert.equal(saved.block, shown?.bytes);
        assert.match(saved.layout, /^@Internal Flash/);
        assert.ok(saved.options.length > 3 && saved.options.length <= 16);
        for (const { field, value } of saved.options) {
            assert.equal(shown?.fields.find((/** @type {any} */ one) => one.name === field).value, value);
            assert.doesNotMatch(field, /RDP|WRP|PCROP|DUALBANK/);
        }
        assertUntouched(file);
    });
}

test('options save: says that protections are left out', () => {
    const file = withOptions('wrp-golden.sim', 'stm32f405', F4_BLOCK, [...F4_BLOCK.slice(0, 8), 0xfe, 0x0f]);
    const { code, events } = workspace.runJob(['options', 'save', workspace.path('wrp.json'), '--sim', file]);
    assert.equal(code, 0);
    assert.match(events.map(({ text }) => text).join('\n'), /write protection or PCROP set/);
});

/** @type {[string, string[], string, number][]} */
const refusals = [
    ['a protected board', ['--sim', 'stm32f405', '--level', '1'], 'PROTECTED', 4],
    ['a board that may be of two families', ['--sim', 'stm32l432', '--level', '0'], 'AMBIGUOUS_CHIP', 4],
];
for (const [what, words, name, exit] of refusals) {
    test(`options save: no file from ${what}`, () => {
        const out = workspace.path(`${name}.json`);
        const { code, ending } = workspace.runJob(['options', 'save', out, ...words]);
        assert.deepEqual([code, ending?.error.name], [exit, name]);
        assert.ok(!existsSync(out));
    });
}

test('options save: a place that cannot be written', () => {
    const { code, ending } = workspace.runJob(['options', 'save', workspace.path('no/where.json'), '--sim', 'stm32f405']);
    assert.deepEqual([code, ending?.error.name], [1, 'FILE_NOT_WRITTEN']);
});

for (const words of [['options', 'save'], ['options', 'keep', 'x'], ['options', 'save', 'x', 'y'], ['check', 'x'],
    ['check', '--yes'], ['check', '--return', 'soon']]) {
    test(`usage: relock ${words.join(' ')}`, () => {
        assert.equal(workspace.run([...words, '--sim', 'stm32f405']).code, 2);
    });
}

test('sim make --allow: option bits that a maker wishes to change, and no others', () => {
    for (const value of ['1:0xff=0xbb', '99:1=1', '0:1', '0:1=', '0:256=1', '0:1=1x', ':1=1', '']) {
        const words = ['sim', 'make', workspace.path('never.sim'), '--profile', 'stm32f405', '--allow', value];
        assert.equal(workspace.run(words).code, 2, value);
    }
    assert.ok(!existsSync(workspace.path('never.sim')));
    assertUntouched(workspace.makeDevice('allowed.sim', 'stm32f405', ['--allow', '0:0x0c=0x04', '--allow', '0:64=0']));
});
