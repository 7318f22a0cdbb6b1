// @ts-check
/** `relock update --release`: a good one is proven; any other is refused with its own word, and nothing is erased. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { signatureOf } from '../support/keys.mjs';
import { TestKey, publish, publishKeys, put, sampleRelease, sha256, signFile, swap, visitors } from './maker.mjs';
import { Workspace, eventOf, smallBin, smallHex } from './relock.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const workspace = new Workspace();
after(() => workspace.close());

const { scene, update, ownState, assertRefused } = visitors(workspace);

test('a signed release is proven, and the simulator agrees', () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases);
    const { code, events, ending } = update(folder, device, ['--key', key.public], ownState());
    assert.equal(code, 0, JSON.stringify(ending));
    assert.equal(ending?.ending, 'proven');
    assert.deepEqual(
        [eventOf(events, 'release')?.key, eventOf(events, 'release')?.sequence, eventOf(events, 'plan')?.ends_protected],
        [key.id, 5, true],
    );
    const truth = workspace.truth(device);
    assert.deepEqual([truth.level, truth.counters.regressions, truth.violations], [1, 1, []]);
    const flash = workspace.path('flash.bin');
    assert.equal(workspace.run(['sim', 'read', device, flash]).code, 0);
    const firmware = readFileSync(smallBin);
    assert.ok(readFileSync(flash).subarray(0, firmware.length).equals(firmware));
});

test('the committed sample release is proven with the test key', () => {
    for (const profile of ['stm32f405', 'stm32f072', 'stm32l476']) {
        const { device } = scene(profile);
        const words = ['--key', path.join(root, 'tests/keys/test-key.pub')];
        const { code, ending } = update(path.join(root, 'public/releases/sample'), device, words, ownState());
        assert.equal(code, 0, JSON.stringify(ending));
    }
});

test('several images, one of them raw, end up as one firmware', () => {
    const { releases, device } = scene();
    const raw = Buffer.alloc(100, 0x5a);
    const images = [
        sampleRelease().images[0],
        { file: 'tables.bin', address: '0x08010000', size: raw.length, sha256: sha256(raw) },
    ];
    const { folder, key } = publish(releases, { release: { images } });
    writeFileSync(path.join(folder, 'tables.bin'), raw);
    const { code, ending } = update(folder, device, ['--key', key.public], ownState());
    assert.equal(code, 0, JSON.stringify(ending));
    const flash = workspace.path('flash.bin');
    workspace.run(['sim', 'read', device, flash]);
    assert.ok(readFileSync(flash).subarray(0x10000, 0x10000 + raw.length).equals(raw));
});

test('end and option fields come from the release: open, and with fields', () => {
    const open = scene();
    const first = publish(open.releases, { release: { end: 'open' } });
    assert.equal(update(first.folder, open.device, ['--key', first.key.public], ownState()).code, 0);
    assert.equal(workspace.truth(open.device).level, 0);
    const sealed = scene('stm32f405', ['--allow', '0:0x0c=0x08']);
    const second = publish(sealed.releases, { release: { options: [{ field: 'BOR_LEV', value: 2 }] } });
    const { code, ending } = update(second.folder, sealed.device, ['--key', second.key.public], ownState());
    assert.equal(code, 0, JSON.stringify(ending));
    const { level, violations, options } = workspace.truth(sealed.device);
    assert.deepEqual([level, violations, parseInt(options.slice(0, 2), 16) & 0x0c], [1, [], 0x08]);
});

test('a dry run shows the plan, erases nothing and remembers nothing', () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases);
    const environment = ownState();
    const before = workspace.truth(device).counters;
    const { code, events } = update(folder, device, ['--key', key.public, '--dry-run'], environment);
    assert.equal(code, 0);
    assert.ok(eventOf(events, 'plan'));
    const now = workspace.truth(device).counters;
    assert.deepEqual([now.regressions, now.sectors_erased], [before.regressions, before.sectors_erased]);
    assert.throws(() => readdirSync(path.join(environment.XDG_STATE_HOME, 'relock/seen')));
});

test('for people: product, what is new and what is lost, in UTF-8', () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases, {
        release: { product: 'Lämpchen', notes: { en: 'First line.\nSecond line.' }, lost: [{ en: 'Über-Farben.' }] },
    });
    const words = ['update', '--release', folder, '--sim', device, '--dry-run', '--key', key.public];
    const { stdout } = workspace.run(words, ownState());
    assert.match(stdout, /Product {6}Lämpchen 1\.0/);
    assert.match(stdout, /New {10}First line\.\n {15}Second line\./);
    assert.match(stdout, /Lost {9}Über-Farben\./);
    assert.match(stdout, new RegExp(`by the trusted key ${key.id}`));
});

test('keys: a file, 64 digits, or all of the folder ~/.config/relock/keys', () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases);
    const state = ownState();
    assert.equal(assertRefused(folder, device, [], 'NO_KEY', state).code, 2);
    const keys = workspace.path('config-keys/relock/keys');
    mkdirSync(keys, { recursive: true });
    const environment = { ...state, XDG_CONFIG_HOME: workspace.path('config-keys') };
    assertRefused(folder, device, [], 'NO_KEY', environment);
    new TestKey().write(path.join(keys, 'other.pub'));
    assertRefused(folder, device, [], 'KEY_UNKNOWN', environment);
    key.write(path.join(keys, 'acme.pub'));
    writeFileSync(path.join(keys, 'notes.txt'), 'not a key');
    assert.equal(update(folder, device, ['--dry-run'], environment).code, 0);
    const file = key.write(workspace.path('acme.pub'));
    assert.equal(update(folder, device, ['--dry-run', '--key', file], state).code, 0);
    assertRefused(folder, device, ['--key', smallHex], 'KEY_MALFORMED', state);
    assertRefused(folder, device, ['--key', key.public.slice(1)], 'FILE_UNREADABLE', state);
    writeFileSync(path.join(keys, 'broken.pub'), '{');
    assertRefused(folder, device, [], 'KEY_MALFORMED', environment);
});

test('--unsigned: said plainly, nothing is remembered; without it an unsigned release is refused', () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases);
    rmSync(path.join(folder, 'release.json.sig'));
    const { ending } = assertRefused(folder, device, ['--key', key.public], 'SIGNATURE_MISSING');
    assert.equal(ending?.error.file, path.join(folder, 'release.json.sig'));
    const environment = ownState();
    const { code, events } = update(folder, device, ['--unsigned'], environment);
    assert.equal(code, 0);
    assert.equal(eventOf(events, 'release')?.key, null);
    assert.throws(() => readdirSync(path.join(environment.XDG_STATE_HOME, 'relock/seen')));
    const words = ['update', '--release', folder, '--sim', device, '--dry-run', '--unsigned'];
    assert.match(workspace.run(words).stdout, /NOT CHECKED: --unsigned was said/);
});

test('what comes from the release cannot be said beside it', () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases);
    const said = [
        ['--protect', 'off'],
        ['--return', 'boot0'],
        ['--address', '0x08000000'],
        ['--family', 'stm32f405'],
        [smallHex],
        ['--unsigned'],
        ['--release', folder],
    ];
    for (const words of said) {
        const { code, stderr } = workspace.run([
            ...['update', '--release', folder, '--sim', device, '--yes', '--key', key.public],
            ...words,
        ]);
        assert.equal(code, 2, words.join(' '));
        assert.match(stderr, /^relock: /);
    }
    assert.equal(workspace.run(['update', smallHex, '--key', key.public, '--sim', device]).code, 2);
    assert.equal(workspace.run(['update', smallHex, '--unsigned', '--sim', device]).code, 2);
    assert.equal(workspace.truth(device).counters.transfers, 0);
});

/** @type {[string, string, (published: import('./maker.mjs').Published) => void][]} */
const tampered = [
    ['RELEASE_FILE_CHANGED', 'one digit of the image', ({ folder }) => swap(folder, 'lamp.hex', ':10', ':11')],
    ['RELEASE_FILE_SIZE', 'an image cut off', ({ folder }) => cut(folder, 'lamp.hex', 100)],
    ['RELEASE_FILE_SIZE', 'an image with more at its end', ({ folder }) => cut(folder, 'lamp.hex', -1)],
    ['FILE_UNREADABLE', 'an image that is not there', ({ folder }) => rmSync(path.join(folder, 'lamp.hex'))],
    ['SIGNATURE_WRONG', 'a changed release', ({ folder }) => swap(folder, 'release.json', '"boot0"', '"none"')],
    ['SIGNATURE_WRONG', 'a changed channel', ({ folder }) => swap(folder, 'channel.json', '"edition":3', '"edition":9')],
    ['SIGNATURE_WRONG', 'a release with a blank more', ({ folder }) => cut(folder, 'release.json', -1)],
    ['KEY_UNKNOWN', 'signed by another key', ({ folder }) => signFile(folder, 'release.json', new TestKey())],
    ['KEY_UNKNOWN', 'a channel of another key', ({ folder }) => signFile(folder, 'channel.json', new TestKey())],
    ['SIGNATURE_MISSING', 'no signature', ({ folder }) => rmSync(path.join(folder, 'channel.json.sig'))],
    ['RELEASE_NOT_FOUND', 'no channel', ({ folder }) => rmSync(path.join(folder, 'channel.json'))],
    ['RELEASE_NOT_FOUND', 'no release', ({ folder }) => rmSync(path.join(folder, 'release.json'))],
    ['DOCUMENT_TOO_LARGE', 'a document of 10 MB', ({ folder }) => cut(folder, 'release.json', -10e6)],
    ['DOCUMENT_TOO_LARGE', 'a signature of 10 MB', ({ folder }) => cut(folder, 'release.json.sig', -10e6)],
    ['DOCUMENT_SYNTAX', 'a signature that is none', ({ folder }) => put(folder, 'release.json.sig', '[')],
    ['SIGNATURE_WRONG', "the channel's signature under the release", misplace],
];

/**
 * Drops bytes from the end; a negative number adds blanks.
 * @param {string} folder @param {string} name @param {number} bytes
 */
function cut(folder, name, bytes) {
    const text = readFileSync(path.join(folder, name), 'latin1');
    put(folder, name, bytes > 0 ? text.slice(0, -bytes) : text + ' '.repeat(-bytes));
}

/** @param {import('./maker.mjs').Published} published */
function misplace({ folder, key }) {
    const bytes = readFileSync(path.join(folder, 'release.json'));
    writeFileSync(path.join(folder, 'release.json.sig'), signatureOf([key], 'relock-channel-v1', bytes));
}

for (const [error, what, tamper] of tampered) {
    test(`${what}: ${error}, and nothing is touched`, () => {
        const { releases, device } = scene();
        const published = publish(releases);
        tamper(published);
        assertRefused(published.folder, device, ['--key', published.key.public], error);
    });
}

const past = { created: '2020-01-01T00:00:00Z', expires: '2021-01-01T00:00:00Z' };
const escapes = [{ file: '../lamp.hex', size: 1, sha256: '0'.repeat(64) }];

/** @type {[string, string, NonNullable<Parameters<typeof publish>[1]>][]} */
const signedButBad = [
    ['RELEASE_OF_ANOTHER_NAME', 'under the name of another product', { folder: 'other' }],
    ['RELEASE_OF_ANOTHER_NAME', 'with the channel of another product', { channel: { name: 'other' } }],
    ['RELEASE_EXPIRED', 'expired', { release: past }],
    ['RELEASE_EXPIRED', 'with an expired channel', { channel: past }],
    ['RELEASE_WITHDRAWN', 'withdrawn', { channel: { withdrawn: [4, 5] } }],
    ['RELEASE_NOT_CURRENT', 'not the current one', { channel: { current: 6 } }],
    ['DOCUMENT_FIELD_VALUE', 'with a path for a file', { release: { images: escapes } }],
    ['DOCUMENT_TEXT', 'with an escape sequence in a text', { release: { product: '\u001b[2J' } }],
    ['DOCUMENT_FIELD_UNKNOWN', 'with an unknown field', { release: { filter: 'x' } }],
    ['DOCUMENT_TOO_DEEP', 'nested deeply', { release: { notes: JSON.parse('['.repeat(20) + ']'.repeat(20)) } }],
    ['DOCUMENT_FIELD_VALUE', 'for an unknown family', { release: { chip: { families: ['STM32F1'] } } }],
    ['DOCUMENT_FORMAT', 'of a newer format', { release: { format: 'relock-release-2' } }],
];

for (const [error, what, wanted] of signedButBad) {
    test(`signed, but ${what}: ${error}, and nothing is touched`, () => {
        const { releases, device } = scene();
        const { folder, key } = publish(releases, wanted);
        assertRefused(folder, device, ['--key', key.public], error);
    });
}

test('a document that is wrong is named with its place', () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases, { release: { images: escapes } });
    const { ending } = assertRefused(folder, device, ['--key', key.public], 'DOCUMENT_FIELD_VALUE');
    assert.equal(ending?.error.file, path.join(folder, 'release.json'));
    assert.equal(ending?.error.path, 'images[0].file');
    assert.ok(ending?.error.offset > 0);
    const words = ['update', '--release', folder, '--sim', device, '--key', key.public];
    assert.match(workspace.run(words).stdout, /Field\s+images\[0\]\.file/);
});

test('an image whose content is no firmware, though hash and signature fit', () => {
    const { releases, device } = scene();
    const bytes = Buffer.from('not Intel HEX\n');
    const images = [{ file: 'bad.hex', size: bytes.length, sha256: sha256(bytes) }];
    const { folder, key } = publish(releases, { release: { images } });
    writeFileSync(path.join(folder, 'bad.hex'), bytes);
    assertRefused(folder, device, ['--key', key.public], 'HEX_SYNTAX');
});

/** @type {[string, import('./maker.mjs').Document, string[]][]} */
const wrongDevices = [
    ['WRONG_CHIP', { chip: { families: ['STM32L4'] } }, []],
    ['WRONG_LAYOUT', { chip: { families: ['STM32F405'], layouts: ['@Internal Flash  /0x08000000/01*016Kg'] } }, []],
    ['WRONG_SERIAL', {}, ['--serial', 'NOTTHISONE']],
    ['WAY_BACK_IS_NONE', { return: 'none' }, []],
];

for (const [error, release, words] of wrongDevices) {
    test(`a device that is not meant: ${error}, and nothing is erased`, () => {
        const { releases, device } = scene();
        const { folder, key } = publish(releases, { release });
        const before = workspace.truth(device);
        const { code, ending } = update(folder, device, ['--key', key.public, ...words], ownState());
        assert.equal(ending?.error?.name, error, JSON.stringify(ending));
        assert.equal(code, 4);
        const now = workspace.truth(device);
        assert.equal(now.flash_crc32, before.flash_crc32);
        const { regressions, sectors_erased: erased, option_writes: written } = now.counters;
        assert.deepEqual([regressions, erased, written], [0, 0, 0]);
    });
}

test('keys.json: a new key signed by the trusted one; and every way in which it can be wrong', () => {
    const { releases, device } = scene();
    const [old, fresh, stranger] = [new TestKey(), new TestKey(), new TestKey()];
    const environment = ownState();
    const { folder } = publish(releases, { key: fresh });
    const words = ['--key', old.public];
    assertRefused(folder, device, words, 'KEY_UNKNOWN', environment);
    publishKeys(releases, [fresh], [stranger]);
    assertRefused(folder, device, words, 'KEY_UNKNOWN', environment);
    publishKeys(releases, [fresh], [old], 4);
    assert.equal(update(folder, device, words, environment).code, 0);
    publish(releases, { key: old });
    assertRefused(folder, device, words, 'KEY_UNKNOWN', environment);
    publish(releases, { key: fresh });
    publishKeys(releases, [old], [fresh], 3);
    assertRefused(folder, device, words, 'RELEASE_OLDER', environment);
    publishKeys(releases, [fresh], [fresh], 5);
    swap(releases, 'keys.json', fresh.id, stranger.id);
    assertRefused(folder, device, words, 'SIGNATURE_WRONG', environment);
    signFile(releases, 'keys.json', fresh);
    assertRefused(folder, device, words, 'KEY_MALFORMED', environment);
});

test('a change of keys that was seen counts on: held back, taken back, passed on', () => {
    const { releases, device } = scene();
    const [old, fresh, third] = [new TestKey(), new TestKey(), new TestKey()];
    const environment = ownState();
    const { folder } = publish(releases, { key: fresh });
    const words = ['--key', old.public];
    publishKeys(releases, [fresh], [old], 4);
    assert.equal(update(folder, device, words, environment).code, 0);
    rmSync(path.join(releases, 'keys.json'));
    assert.equal(update(folder, device, words, environment).code, 0);
    publish(releases, { key: old });
    assertRefused(folder, device, words, 'KEY_UNKNOWN', environment);
    publishKeys(releases, [old], [old], 6);
    assertRefused(folder, device, words, 'KEY_UNKNOWN', environment);
    publish(releases, { key: third });
    publishKeys(releases, [third], [fresh], 5);
    assert.equal(update(folder, device, words, environment).code, 0);
    assert.equal(update(folder, device, ['--key', third.public], environment).ending?.error?.name, 'KEY_UNKNOWN');
    const seen = path.join(environment.XDG_STATE_HOME, 'relock/seen');
    const memory = readdirSync(seen).find((name) => name.startsWith('lamp.keys-')) ?? '';
    swap(seen, memory, '"edition":5', '"edition":1');
    const { ending } = assertRefused(folder, device, words, 'RELEASE_MEMORY_DAMAGED', environment);
    assert.equal(ending?.error.file, path.join(seen, memory));
});

test('an expired key no longer signs, several signatures need one good one', () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases);
    const expired = key.write(workspace.path('expired.pub'), '2021-01-01T00:00:00Z');
    assertRefused(folder, device, ['--key', expired], 'KEY_EXPIRED');
    for (const name of ['release.json', 'channel.json']) {
        signFile(folder, name, new TestKey(), new TestKey(), key);
    }
    assert.equal(update(folder, device, ['--dry-run', '--key', key.public], ownState()).code, 0);
});

test('an interrupted update goes on with the same command, also when the release was withdrawn meanwhile', async () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases);
    const environment = ownState();
    const words = ['update', '--release', folder, '--key', key.public, '--yes', '--json'];
    const running = workspace.start([...words, '--sim', device, '--sim-speed', '8'], environment);
    await running.until('"name":"write"');
    running.child.kill('SIGINT');
    assert.equal(/** @type {any} */ (await running.end).code, 6);
    publish(releases, { key, channel: { edition: 4, withdrawn: [5] } });
    const other = workspace.makeDevice('other-device.sim', 'stm32f405');
    const before = workspace.truth(other).flash_crc32;
    const refused = update(folder, other, ['--key', key.public], environment);
    assert.equal(refused.ending?.error?.name, 'RELEASE_WITHDRAWN');
    assert.equal(refused.code, 4);
    assert.equal(workspace.truth(other).flash_crc32, before);
    const { code, ending } = update(folder, device, ['--key', key.public], environment);
    assert.equal(code, 0, JSON.stringify(ending));
    assert.equal(workspace.truth(device).level, 1);
    assert.equal(update(folder, device, ['--key', key.public], environment).ending?.error?.name, 'RELEASE_WITHDRAWN');
});
