// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { familyOf } from '../support/simulated_families.mjs';
import { countUnprotects } from '../support/transcript_law.mjs';
import { Workspace, eventOf, parseEvents, smallBin } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

/** @type {Map<string, any>} */
const chips = new Map(parseEvents(workspace.run(['chips', '--json']).stdout).map((chip) => [chip.family, chip]));
const profiles = workspace.run(['sim', 'profiles']).stdout.trim().split('\n').map((line) => line.split(/\s/)[0]);

test('every family has a simulated device, and every simulated device a family', () => {
    assert.equal(chips.size, 41);
    assert.equal(profiles.length, 45);
    for (const profile of profiles) {
        assert.ok(chips.has(familyOf(profile)), profile);
    }
    assert.deepEqual(new Set(profiles.map(familyOf)), new Set(chips.keys()));
});

for (const profile of profiles) {
    test(`${profile} is recognised, and settled by its family's name`, () => {
        const file = workspace.makeDevice(`look-${profile}.sim`, profile);
        const family = familyOf(profile);
        const unnamed = workspace.runJob(['info', '--sim', file]);
        const could = eventOf(unnamed.events, 'findings')?.candidates.map((/** @type {any} */ one) => one.family);
        assert.ok(could.includes(family), `${profile} could be ${could}`);
        const { code, events, ending } = workspace.runJob(['info', '--sim', file, '--family', family.toLowerCase()]);
        if (family === 'STM32N6') {
            assert.equal(ending?.error.name, 'CHIP_HAS_NO_FLASH');
            assert.equal(code, 4);
            return;
        }
        assert.equal(code, 0, JSON.stringify(ending));
        const { chip } = eventOf(events, 'findings') ?? {};
        assert.equal(chip.family, family);
        assert.equal(chip.tier, chips.get(family).tier);
        assert.deepEqual(workspace.truth(file).violations, []);
    });
}

/* --- chips --- */

test('one family in full, by any spelling of its name', () => {
    for (const name of ['STM32F105', 'stm32f105', 'Stm32F105']) {
        const { code, stdout } = workspace.run(['chips', name]);
        assert.equal(code, 0);
        assert.match(stdout, /level 0 is 0xA5/);
        assert.match(stdout, /slow-return:/);
    }
    const { code, stdout } = workspace.run(['chips', 'dfuse', '--json']);
    assert.equal(code, 0);
    const [chip, ...more] = parseEvents(stdout);
    assert.deepEqual(more, []);
    assert.equal(chip.tier, 'write-only');
    assert.equal(chip.refusal, 'CHIP_WRITE_ONLY');
    assert.equal(chip.options, null);
});

test('a family that there is not: exit 2, and where to look', () => {
    for (const words of [['chips', 'STM32F303'], ['chips', ''], ['info', '--sim', 'stm32f405', '--family', 'F405']]) {
        const { code, stderr } = workspace.run(words);
        assert.equal(code, 2, words.join(' '));
        assert.match(stderr, /relock chips/);
    }
});

/* --- layouts --- */

/** "Name|0x08000000 4*16384 g; ...", as the data file has it. @param {any} layout */
function reading({ name, groups }) {
    const letter = (/** @type {any} */ group) =>
        'abcdefg'[(group.readable ? 1 : 0) + (group.erasable ? 2 : 0) + (group.writable ? 4 : 0) - 1];
    const text = groups.map((/** @type {any} */ group) =>
        `0x${group.addr.slice(2).toUpperCase()} ${group.count}*${group.sector_bytes} ${letter(group)}`);
    return `${name}|${text.join('; ')}`;
}

/** Text, what it means or where it is wrong. @type {string[][]} */
const layouts = readFileSync(path.join(fileURLToPath(new URL('..', import.meta.url)), 'core/data/layout-strings.tsv'),
    'utf8').split('\n').slice(1).filter((line) => line !== '').map((line) => line.split('\t'));

const WORDS_MAX = 17;

test('layout says what each known string means, or where it is wrong', () => {
    assert.ok(layouts.length > 100);
    for (let at = 0; at < layouts.length; at += WORDS_MAX) {
        const some = layouts.slice(at, at + WORDS_MAX);
        const { code, stdout } = workspace.run(['layout', ...some.map(([text]) => text), '--json']);
        const events = parseEvents(stdout);
        const said = events.map((layout) =>
            (layout.error === null ? reading(layout) : `${layout.error}@${layout.place}`));
        assert.deepEqual(said, some.map(([, expected]) => expected));
        assert.equal(code, some.some(([, expected]) => expected.startsWith('LAYOUT_')) ? 1 : 0);
    }
});

test('layout: exit 1 if any is unusable, in words too, and none is left out in silence', () => {
    const [good] = layouts.find(([, expected]) => !expected.startsWith('LAYOUT_')) ?? [];
    const [bad] = layouts.find(([, expected]) => expected.startsWith('LAYOUT_')) ?? [];
    assert.ok(good !== undefined && bad !== undefined);
    assert.equal(workspace.run(['layout', good]).code, 0);
    assert.equal(workspace.run(['layout', bad]).code, 1);
    assert.equal(workspace.run(['layout', ...Array(WORDS_MAX - 1).fill(good), bad]).code, 1);
    assert.equal(workspace.run(['layout', bad, good]).code, 1);
    const tooMany = workspace.run(['layout', ...Array(WORDS_MAX).fill(good), bad]);
    assert.equal(tooMany.code, 2);
    assert.match(tooMany.stderr, /too many words/);
    assert.equal(workspace.run(['layout']).code, 2);
});

/* --- what a device could be --- */

test('a device that could be several is named with the reasons for each: exit 4, GIVE_FAMILY', () => {
    const file = workspace.makeDevice('several.sim', 'stm32f303');
    const { code, events, ending } = workspace.runJob(['info', '--sim', file]);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'AMBIGUOUS_CHIP');
    assert.equal(ending?.next_action, 'GIVE_FAMILY');
    const found = eventOf(events, 'findings');
    assert.equal(found?.chip, null);
    assert.deepEqual(found?.candidates.map((/** @type {any} */ one) => one.family),
        ['STM32F105', 'STM32F30x', 'STM32F37x']);
    assert.ok(found?.candidates.every((/** @type {any} */ { reasons }) => reasons.length >= 3));
    const { stdout } = workspace.run(['info', '--sim', file]);
    assert.match(stdout, /STM32F105 or STM32F30x or STM32F37x; its bootloader does not/);
    assert.match(stdout, /STM32F37x +USB 0483:DF11/);
    const other = workspace.runJob(['info', '--sim', file, '--family', 'stm32f405']);
    assert.equal(other.code, 4);
    assert.equal(other.ending?.error.name, 'CHIP_CONTRADICTS_CLAIM');
    assert.deepEqual(workspace.truth(file).counters.blocks_programmed, 0);
});

/* --- jobs --- */

const locked = ['update', smallBin, '--address', '0x08000000', '--protect', 'on', '--return', 'boot0', '--yes'];

test('an experimental family is changed only if it is named', () => {
    const file = workspace.makeDevice('experimental.sim', 'stm32g474');
    const { code, ending } = workspace.runJob([...locked, '--sim', file]);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'CHIP_EXPERIMENTAL');
    assert.equal(workspace.truth(file).counters.regressions, 0);
    assert.equal(workspace.runJob([...locked, '--sim', file, '--family', 'STM32G47x']).code, 0);
    assert.equal(workspace.truth(file).level, 1);
});

for (const [profile, ...more] of [['stm32f105', '--family', 'stm32f105'], ['stm32f427'], ['stm32f767'],
    ['stm32g0b1', '--family', 'stm32g0b1'], ['stm32h743', '--family', 'stm32h74x'],
    ['stm32u585', '--family', 'stm32u5'], ['stm32l552', '--family', 'stm32l5', '--trustzone', 'off']]) {
    test(`the locked update of ${profile} is proven, and the simulator agrees`, () => {
        const file = workspace.makeDevice(`${profile}.sim`, profile);
        const { code, ending, transcript } = workspace.runJob([...locked, ...more, '--sim', file]);
        assert.equal(code, 0, JSON.stringify(ending));
        assert.equal(ending?.ending, 'proven');
        const truth = workspace.truth(file);
        assert.equal(truth.level, 1);
        assert.equal(truth.counters.regressions, 1);
        assert.equal(truth.counters.option_writes, 1);
        assert.deepEqual(truth.violations, []);
        assert.equal(countUnprotects(transcript), 1);
    });
}

test('without a word about TrustZone an L5 is left alone', () => {
    const file = workspace.makeDevice('trustzone.sim', 'stm32l552');
    const { code, ending } = workspace.runJob([...locked, '--family', 'stm32l5', '--sim', file]);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'CHIP_TRUSTZONE');
    assert.equal(workspace.truth(file).counters.regressions, 0);
});

test('an L1, whose option bytes the erase loses, is refused before it, and does what it is told then', () => {
    const file = workspace.makeDevice('l1.sim', 'stm32l152');
    const words = ['update', smallBin, '--address', '0x08000000', '--return', 'boot0', '--yes', '--family', 'STM32L1', '--sim', file];
    for (const more of [[], ['--dry-run']]) {
        const { code, events, ending } = workspace.runJob([...words, '--protect', 'on', ...more]);
        assert.equal(code, 4);
        assert.equal(ending?.error.code, 6018);
        assert.equal(ending?.error.name, 'OPTIONS_LOST');
        assert.equal(ending?.error.field, 'BOR_LEV');
        assert.equal(ending?.next_action, 'LET_IT_END_OPEN');
        assert.equal(ending?.begun, false);
        assert.equal(eventOf(events, 'question'), undefined);
    }
    assert.equal(workspace.truth(file).counters.regressions, 0);
    assert.equal(workspace.runJob([...words, '--protect', 'off']).code, 0);
    assert.equal(workspace.truth(file).counters.regressions, 1);
});

test("a product's own bootloader is written at level 1, and never updated", () => {
    const file = workspace.makeDevice('custom.sim', 'custom');
    const refused = workspace.runJob([...locked, '--sim', file]);
    assert.equal(refused.code, 4);
    assert.equal(refused.ending?.error.name, 'CHIP_WRITE_ONLY');
    assert.equal(refused.ending?.next_action, 'WRITE_ONLY');
    const write = ['write', smallBin, '--yes', '--any-image', '--sim', file];
    const head = workspace.runJob([...write, '--address', '0x08000000']);
    assert.equal(head.code, 2);
    assert.equal(head.ending?.error.name, 'IMAGE_HITS_READ_ONLY_FLASH');
    assert.equal(head.ending?.error.addr, '0x08000000');
    const written = workspace.runJob([...write, '--address', '0x0800c000']);
    assert.equal(written.code, 0, JSON.stringify(written.ending));
    const truth = workspace.truth(file);
    assert.equal(truth.level, 1);
    assert.equal(truth.counters.regressions + truth.counters.option_writes, 0);
    assert.deepEqual(truth.violations, []);
});

test('families without a level 1 are written while they are open, and refused for protection', () => {
    const file = workspace.makeDevice('h5.sim', 'stm32h563', ['--level', '0']);
    const refused = workspace.runJob([...locked, '--sim', file]);
    assert.equal(refused.code, 4);
    assert.equal(refused.ending?.error.name, 'CHIP_HAS_NO_LEVEL_1');
    const write = ['write', smallBin, '--address', '0x08000000', '--yes', '--any-image', '--sim', file];
    assert.equal(workspace.runJob(write).code, 0);
    assert.equal(workspace.truth(file).counters.option_writes, 0);
});
