// @ts-check
/** A maker's second release: what is there is never lost, and a sequence number never means two things. */

import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { TEXTS, WANTED, editDocument as edit, readDocument as read, sha256 } from './maker.mjs';
import { Workspace, largeHex, smallBin, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const secret = workspace.path('maker');
workspace.run(['key', 'new', secret]);

let count = 0;
const fresh = () => workspace.path(`lamp-${count++}`);

/** @param {string[]} words */
const run = (words) => workspace.runJson(words);

/** All bytes of a folder, by name. @param {string} folder */
const bytesOf = (folder) => Object.fromEntries(
    readdirSync(folder).sort().map((name) => [name, readFileSync(path.join(folder, name), 'latin1')]));

const wanted = [...WANTED, ...TEXTS];

/** A release, signed. */
function signed() {
    const folder = fresh();
    assert.equal(run(['release', 'new', folder, ...wanted, smallHex]).code, 0);
    sign(folder);
    return folder;
}

/** @param {string} folder */
const sign = (folder) => assert.equal(run(['release', 'sign', folder, '--key', secret]).code, 0);

/** @param {string} folder */
const otherFirmware = (folder) => copyFileSync(largeHex, path.join(folder, 'blinky-small.hex'));

for (const left of ['release.json', 'channel.json', 'release.json.sig', 'channel.json.sig']) {
    test(`new: a folder in which ${left} is left stays as it is, and the way on is named`, () => {
        const folder = signed();
        edit(folder, { edition: 9 }, 'channel.json');
        for (const name of readdirSync(folder)) {
            if (name !== left) {
                rmSync(path.join(folder, name));
            }
        }
        const before = bytesOf(folder);
        const { code, ending } = run(['release', 'new', folder, ...wanted, largeHex]);
        assert.equal(code, 2);
        assert.deepEqual([ending?.error.name, ending?.error.code], ['RELEASE_FOLDER_TAKEN', 8042]);
        assert.equal(ending?.error.file, path.join(folder, left));
        assert.match(ending?.next_sentence, /relock release refresh/);
        assert.deepEqual(bytesOf(folder), before);
    });
}

test('new: a folder that holds other things only is taken', () => {
    const folder = fresh();
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'notes.txt'), 'mine');
    assert.equal(run(['release', 'new', folder, ...wanted, smallHex]).code, 0);
    assert.deepEqual(readdirSync(folder).sort(), ['blinky-small.hex', 'channel.json', 'notes.txt', 'release.json']);
});

test('the second release, as the documents say: other firmware, a higher sequence, refresh, check, sign', () => {
    const folder = signed();
    const words = ['update', '--release', folder, '--key', `${secret}.pub`, '--yes', '--sim', 'stm32f405'];
    assert.equal(workspace.runJob(words).code, 0);
    otherFirmware(folder);
    edit(folder, { sequence: 8, version: '2.1' });
    assert.equal(run(['release', 'refresh', folder]).code, 0);
    assert.equal(read(folder).images[0].sha256, sha256(readFileSync(largeHex)));
    const channel = read(folder, 'channel.json');
    assert.deepEqual([channel.edition, channel.current], [2, 8]);
    assert.equal(run(['release', 'check', folder]).code, 0);
    sign(folder);
    assert.equal(workspace.runJob(words).code, 0);
});

test('refresh: a lower sequence than the channel names is refused, also by check, and nothing is changed', () => {
    for (const make of [signed, () => {
        const folder = fresh();
        assert.equal(run(['release', 'new', folder, ...wanted, smallHex]).code, 0);
        return folder;
    }]) {
        const folder = make();
        edit(folder, { sequence: 6 });
        const before = bytesOf(folder);
        const { code, ending } = run(['release', 'refresh', folder]);
        assert.equal(code, 1);
        assert.deepEqual([ending?.error.name, ending?.error.code], ['RELEASE_SEQUENCE_NOT_RAISED', 8043]);
        assert.deepEqual([ending?.error.file, ending?.error.path], [path.join(folder, 'release.json'), 'sequence']);
        assert.match(ending?.next_sentence, /raise the sequence number in release\.json/);
        assert.deepEqual(bytesOf(folder), before);
        const { error, findings } = run(['release', 'check', folder]);
        assert.equal(error, 'RELEASE_NOT_READY');
        assert.ok(findings.some((finding) => finding.severity === 'error' && finding.path === 'channel.json'));
    }
});

test('refresh: other firmware under a sequence that was signed is refused, until it is raised', () => {
    const folder = signed();
    otherFirmware(folder);
    const before = bytesOf(folder);
    assert.equal(run(['release', 'refresh', folder]).error, 'RELEASE_SEQUENCE_NOT_RAISED');
    assert.deepEqual(bytesOf(folder), before);
    edit(folder, { sequence: 8 });
    assert.equal(run(['release', 'refresh', folder]).code, 0);
    assert.equal(read(folder).images[0].sha256, sha256(readFileSync(largeHex)));
});

test('refresh: one more image under a sequence that was signed is other firmware, too', () => {
    const folder = signed();
    writeFileSync(path.join(folder, 'table.bin'), Buffer.alloc(64, 1));
    const table = { file: 'table.bin', address: '0x08010000', size: 1, sha256: '0'.repeat(64) };
    edit(folder, { images: [...read(folder).images, table] });
    assert.equal(run(['release', 'refresh', folder]).error, 'RELEASE_SEQUENCE_NOT_RAISED');
});

test('refresh: a text may be changed meanwhile; that it was signed is not forgotten', () => {
    const folder = signed();
    edit(folder, { notes: { en: 'Brighter, and warmer.' } });
    assert.equal(run(['release', 'refresh', folder]).code, 0);
    assert.ok(!readdirSync(folder).includes('release.json.sig'));
    otherFirmware(folder);
    assert.equal(run(['release', 'refresh', folder]).error, 'RELEASE_SEQUENCE_NOT_RAISED');
});

test('refresh: a withdrawn release does not come back as another one', () => {
    const folder = signed();
    assert.equal(run(['release', 'withdraw', folder, '7']).code, 0);
    otherFirmware(folder);
    assert.equal(run(['release', 'refresh', folder]).error, 'RELEASE_SEQUENCE_NOT_RAISED');
});

test('refresh: a draft that nobody signed takes other firmware freely', () => {
    const folder = fresh();
    assert.equal(run(['release', 'new', folder, ...wanted, smallHex]).code, 0);
    otherFirmware(folder);
    assert.equal(run(['release', 'refresh', folder]).code, 0);
    assert.equal(read(folder).images[0].sha256, sha256(readFileSync(largeHex)));
    assert.equal(read(folder, 'channel.json').edition, 1);
});

/** @param {string} name @param {string} from */
function copyAs(name, from) {
    const file = workspace.path(name);
    mkdirSync(path.dirname(file), { recursive: true });
    copyFileSync(from, file);
    return file;
}

/** The names that a new release gives its images. @param {string[]} words */
function namesOf(words) {
    const folder = fresh();
    const made = run(['release', 'new', folder, ...wanted, ...words]);
    assert.equal(made.code, 0, made.stdout);
    const images = read(folder).images;
    for (const image of images) {
        assert.equal(sha256(readFileSync(path.join(folder, image.file))), image.sha256, image.file);
    }
    return images.map((/** @type {any} */ image) => image.file);
}

for (const [length, base] of [[60, 60], [61, 60], [200, 60]]) {
    test(`new: a firmware name of ${length} letters before .hex keeps its ending`, () => {
        const name = 'f'.repeat(length);
        assert.deepEqual(namesOf([copyAs(`${name}.hex`, smallHex)]), [`${name.slice(0, base)}.hex`]);
        assert.deepEqual(namesOf([copyAs(`${name}.hex.old`, smallHex)]), [`${`${name}.hex.old`.slice(0, base)}.hex`]);
    });
}

test('new: two files of one name, in any case of letters, are kept apart', () => {
    const table = workspace.path('table.bin');
    writeFileSync(table, Buffer.alloc(40, 1));
    const long = 'f'.repeat(100);
    assert.deepEqual(namesOf([
        `${copyAs('a/lamp.bin', smallBin)}@0x08000000`,
        `${copyAs('b/Lamp.bin', table)}@0x08010000`,
        `${copyAs('c/lamp.bin', table)}@0x08020000`,
    ]), ['lamp.bin', 'Lamp-2.bin', 'lamp-3.bin']);
    assert.deepEqual(namesOf([
        `${copyAs(`${long}1.bin`, smallBin)}@0x08000000`,
        `${copyAs(`${long}2.bin`, table)}@0x08010000`,
    ]), [`${'f'.repeat(60)}.bin`, `${'f'.repeat(58)}-2.bin`]);
});

test('sign: a secret key that others can read is named, and used', () => {
    const folder = signed();
    const open = copyAs('open-key', secret);
    for (const [mode, isNamed] of /** @type {[number, boolean][]} */ ([
        [0o600, false], [0o400, false], [0o640, true], [0o604, true], [0o644, true]])) {
        chmodSync(open, mode);
        const { code, notices } = run(['release', 'sign', folder, '--key', open]);
        assert.equal(code, 0);
        const named = notices.filter((text) => text.includes(open) && /Others on this computer can read/.test(text));
        assert.equal(named.length, isNamed ? 1 : 0, `${mode.toString(8)} ${notices.join(' ')}`);
    }
    const changed = run(['key', 'change', path.dirname(folder), '--key', open, '--to', `${secret}.pub`]);
    assert.equal(changed.code, 0);
    assert.ok(changed.notices.some((text) => text.includes(open)));
    rmSync(workspace.path('keys.json'));
    renameSync(workspace.path('keys.json.sig'), workspace.path('gone'));
});

test('check: the empty check, where a device of another family passes for this one and lacks it', () => {
    const folder = fresh();
    const families = (/** @type {string[]} */ ...names) => names.flatMap((name) => ['--family', name]);
    const words = wanted.filter((word, index) => ![word, wanted[index - 1]].some((it) => it === '--family' || it === '--return'));
    assert.equal(run(['release', 'new', folder, ...words, ...families('stm32l4'), '--return', 'empty-check', smallHex]).code, 0);
    const warned = run(['release', 'check', folder]).findings.filter(({ path: where }) => where === 'return');
    assert.deepEqual(warned.map(({ severity }) => severity), ['warning']);
    assert.match(warned[0].text, /STM32L47x cannot be told from one with an STM32L4 and would not come back/);
    const byPin = fresh();
    assert.equal(run(['release', 'new', byPin, ...words, ...families('stm32l4'), '--return', 'boot0', smallHex]).code, 0);
    assert.deepEqual(run(['release', 'check', byPin]).findings.filter(({ path: where }) => where === 'return'), []);
});

test('check: families that nothing tells apart, of one release, and beside it', () => {
    const words = wanted.filter((word, index) => ![word, wanted[index - 1]].includes('--family'));
    const check = (/** @type {string[]} */ ...names) => {
        const folder = fresh();
        assert.equal(run(['release', 'new', folder, ...words, ...names.flatMap((name) => ['--family', name]), smallHex]).code, 0);
        const { code, findings } = run(['release', 'check', folder]);
        return { code, folder, said: findings.filter(({ path: where }) => where === 'chip.families')
            .map(({ severity, text }) => `${severity}: ${text.split(':')[0]}`) };
    };
    const both = check('stm32f105', 'stm32f30x', 'stm32f37x');
    assert.equal(both.code, 1);
    assert.deepEqual(both.said, ['STM32F30x', 'STM32F37x'].map((other) =>
        `error: STM32F105 and ${other} cannot be told apart and need different treatment`));
    for (const profile of ['stm32f303', 'stm32f105']) {
        const device = workspace.makeDevice(`both-${profile}.sim`, profile);
        const { code, ending } = workspace.runJob(['update', '--release', both.folder, '--unsigned', '--yes', '--sim', device]);
        assert.deepEqual([code, ending?.error.name, ending?.next_action], [4, 'AMBIGUOUS_CHIP', 'ASK_MAKER']);
    }
    const one = check('stm32f105');
    assert.deepEqual(one.said, ['STM32F30x', 'STM32F37x'].map((other) =>
        `warning: A device with an ${other} cannot be told from one with an STM32F105 and needs different treatment`));
    assert.equal(check('stm32f30x', 'stm32f37x').said.length, 2);
    assert.deepEqual(check('stm32f405', 'stm32f412').said, []);
});

test('check: firmware that is larger than any device of the family', () => {
    const folder = fresh();
    const binary = path.join(folder, '..', 'large.bin');
    writeFileSync(binary, Buffer.alloc(33 * 1024, 0x55));
    const words = wanted.filter((word, index) => ![word, wanted[index - 1]].includes('--family'));
    assert.equal(run(['release', 'new', folder, ...words, '--family', 'stm32f04x', '--address', '0x08000000', binary]).code, 0);
    const { findings } = run(['release', 'check', folder]);
    assert.ok(findings.some(({ severity, text }) => severity === 'error' && /STM32F04x, 0x08008000: .* outside the device/.test(text)), JSON.stringify(findings));
});

test('check: a family of which one board lost its boot addresses', () => {
    const words = wanted.filter((word, index) => ![word, wanted[index - 1]].includes('--family'));
    for (const [family, warnings] of /** @type {[string, number][]} */ ([['stm32f76x', 1], ['stm32f405', 0]])) {
        const folder = fresh();
        assert.equal(run(['release', 'new', folder, ...words, '--family', family, smallHex]).code, 0);
        const warned = run(['release', 'check', folder]).findings.filter(({ path: where }) => where === 'chip.families');
        assert.equal(warned.length, warnings, family);
        assert.ok(warned.every(({ severity, text }) => severity === 'warning' && /BOOT_ADD1 came back as FFFF/.test(text)));
    }
});
