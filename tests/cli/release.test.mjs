// @ts-check
/** A maker's work: new, refresh, check, sign, verify, inspect, link, withdraw. */

import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
    TEXTS, TestKey, WANTED, editDocument as edit, publish, readDocument as read, sha256,
} from './maker.mjs';
import { Workspace, eventOf, smallBin, smallHex } from './relock.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const picture = path.join(root, 'public/releases/sample/boot0.png');

const workspace = new Workspace();
after(() => workspace.close());

const secret = workspace.path('maker');
const pub = `${secret}.pub`;
workspace.run(['key', 'new', secret]);

let count = 0;
const fresh = () => workspace.path(`lamp-${count++}`);

/** @param {string[]} words */
const run = (words) => workspace.runJson(words);

/** A release of which every text is written. @param {string[]} [more] */
function make(more = []) {
    const folder = fresh();
    const { code, error } = run(['release', 'new', folder, ...WANTED, ...TEXTS, ...more, smallHex]);
    assert.equal(code, 0, String(error));
    return folder;
}

test('new, check, sign, verify, update: from a firmware file to a proven device', () => {
    const folder = make();
    assert.deepEqual(readdirSync(folder).sort(), ['blinky-small.hex', 'channel.json', 'release.json']);
    const checked = run(['release', 'check', folder]);
    assert.equal(checked.code, 0);
    assert.deepEqual(checked.findings.map((finding) => finding.severity), ['warning']);
    assert.equal(run(['release', 'sign', folder, '--key', secret]).code, 0);
    assert.deepEqual(run(['release', 'check', folder, '--key', pub]).findings, []);
    const verified = run(['release', 'verify', folder, '--key', pub]);
    assert.equal(verified.code, 0);
    assert.equal(eventOf(verified.events, 'verified')?.sequence, 7);
    const words = ['update', '--release', folder, '--key', pub, '--sim', 'stm32f405', '--yes'];
    assert.equal(workspace.runJob(words).code, 0);
});

test('a new release says what it was told, in the order of the format', () => {
    const folder = make([
        ...['--language', 'en', '--language', 'de', '--lost', 'de=Ihre Farben.', '--lost', 'The clock.'],
        ...['--expires', '2099-01-31T12:00:00Z', '--layout', '@Internal Flash  /0x08000000/04*016Kg', '--web'],
        ...['https://example.com/help', '--phone', '+49 30 123', '--application', '1209:0001', '--family', 'stm32f07x'],
    ]);
    const release = read(folder);
    assert.deepEqual(Object.keys(release), [
        ...['format', 'name', 'product', 'version', 'sequence', 'created', 'expires', 'languages', 'notes', 'chip'],
        ...['images', 'end', 'return', 'enter', 'boot0', 'lost', 'after', 'application', 'contact'],
    ]);
    assert.deepEqual(release.lost, [{ en: 'Your colours.', de: 'Ihre Farben.' }, { en: 'The clock.' }]);
    assert.deepEqual(release.chip, {
        families: ['STM32F07x', 'STM32F405'],
        layouts: ['@Internal Flash  /0x08000000/04*016Kg'],
    });
    assert.deepEqual(release.images, [
        { file: 'blinky-small.hex', size: readFileSync(smallHex).length, sha256: sha256(readFileSync(smallHex)) },
    ]);
    assert.deepEqual(release.application, { vendor: '1209', product: '0001' });
    assert.deepEqual(Object.keys(release.contact), ['name', 'email', 'phone', 'web']);
    assert.deepEqual([release.name, release.expires], [path.basename(folder), '2099-01-31T12:00:00Z']);
    const { created, ...channel } = read(folder, 'channel.json');
    assert.equal(created, release.created);
    const name = path.basename(folder);
    assert.deepEqual(channel, { format: 'relock-channel-1', name, edition: 1, current: 7, withdrawn: [] });
});

test('what was not typed is left to fill in, and check and sign refuse it', () => {
    const folder = fresh();
    assert.equal(run(['release', 'new', folder, ...WANTED, '--language', 'en', '--language', 'de', smallHex]).code, 0);
    const { code, error, findings } = run(['release', 'check', folder]);
    assert.equal(code, 1);
    assert.equal(error, 'RELEASE_NOT_READY');
    const errors = findings.filter((finding) => finding.severity === 'error').map((finding) => finding.path);
    assert.deepEqual([...new Set(errors)], [
        ...['enter[0].text', 'lost[0]', 'boot0.hold', 'boot0.release', 'contact'],
    ]);
    assert.equal(run(['release', 'sign', folder, '--key', secret]).error, 'RELEASE_NOT_READY');
    assert.ok(!existsSync(path.join(folder, 'release.json.sig')));
    const shown = workspace.run(['release', 'check', folder]).stdout;
    assert.match(shown, /ERROR {4}lost\[0\]: This text is still to be written, in "de"\./);
});

test('raw images bring their addresses along, names become plain ones', () => {
    const folder = fresh();
    const odd = workspace.path('.odd name (1)');
    copyFileSync(smallBin, odd);
    const table = workspace.path('table.bin');
    writeFileSync(table, Buffer.alloc(40, 1));
    const made = run(['release', 'new', folder, ...WANTED, `${odd}@0x08000000`, `${table}@0x08010000`]);
    assert.equal(made.code, 0, JSON.stringify(made.events));
    const images = read(folder).images.map((/** @type {any} */ image) => [image.file, image.address]);
    assert.deepEqual(images, [
        ['-odd-name--1-.bin', '0x08000000'],
        ['table.bin', '0x08010000'],
    ]);
    const other = fresh();
    assert.equal(run(['release', 'new', other, ...WANTED, smallBin, '--address', '0x08000000']).code, 0);
    assert.equal(read(other).images[0].address, '0x08000000');
});

test('the option profile goes into the release', () => {
    const device = workspace.makeDevice('golden.sim', 'stm32f405', ['--level', '0']);
    const profile = workspace.path('profile.json');
    const saved = workspace.run(['options', 'save', profile, '--sim', device]);
    assert.equal(saved.code, 0, saved.stdout + saved.stderr);
    const folder = make(['--options', profile]);
    assert.deepEqual(read(folder).options, JSON.parse(readFileSync(profile, 'utf8')).options);
    assert.ok(read(folder).options.length > 0);
    assert.equal(run(['release', 'check', folder]).code, 0);
    writeFileSync(profile, '{"format":"relock-options-1"}');
    assert.equal(run(['release', 'new', fresh(), ...WANTED, '--options', profile, smallHex]).error, 'DOCUMENT_FIELD_MISSING');
    writeFileSync(profile, '{');
    assert.equal(run(['release', 'new', fresh(), ...WANTED, '--options', profile, smallHex]).error, 'DOCUMENT_SYNTAX');
});

/** @type {[string, string[]][]} */
const usage = [
    ['no images', ['release', 'new', 'lamp', ...WANTED]],
    ['no product', ['release', 'new', 'lamp', ...WANTED.slice(2), smallHex]],
    ['no return', ['release', 'new', 'lamp', ...WANTED.slice(0, -2), smallHex]],
    ['a name that is none', ['release', 'new', 'Lamp_1', ...WANTED, smallHex]],
    ['two products', ['release', 'new', 'lamp', ...WANTED, '--product', 'Lamp', smallHex]],
    ['a sequence of 0', ['release', 'new', 'lamp', ...WANTED.slice(0, 4), '--sequence', '0', ...WANTED.slice(6), smallHex]],
    ['a sequence of 4K', ['release', 'new', 'lamp', ...WANTED.slice(0, 4), '--sequence', '4K', ...WANTED.slice(6), smallHex]],
    ['an expiry that is past', ['release', 'new', 'lamp', ...WANTED, '--expires', '2020-01-01T00:00:00Z', smallHex]],
    ['an expiry that is no time', ['release', 'new', 'lamp', ...WANTED, '--expires', 'tomorrow', smallHex]],
    ['a word that is none', ['release', 'publish', 'lamp']],
    ['no word', ['release']],
    ['no folder', ['release', 'check']],
    ['too many folders', ['release', 'check', 'a', 'b']],
    ['an option of another verb', ['release', 'check', 'a', '--yes']],
    ['a sequence that is none', ['release', 'withdraw', 'lamp', 'x']],
    ['a link without a page', ['release', 'link', 'lamp']],
    ['a link to a page without https', ['release', 'link', 'lamp', '--site', 'http://example.com/']],
    ['a link with a query of its own', ['release', 'link', 'lamp', '--site', 'https://example.com/?a=b']],
    ['a link to a bad name', ['release', 'link', 'Lamp', '--site', 'https://example.com/']],
    ['a link in a bad language', ['release', 'link', 'lamp', '--site', 'https://example.com/', '--language', 'german']],
    ['a link with a bad ticket', ['release', 'link', 'lamp', '--site', 'https://example.com/', '--ticket', 'a b']],
    ['a link with a bad serial', ['release', 'link', 'lamp', '--site', 'https://example.com/', '--serial', 'a-b']],
    ['a key verb without a file', ['key', 'new']],
];

for (const [what, words] of usage) {
    test(`${what}: exit 2, with a word about it`, () => {
        const { code, stdout, stderr } = workspace.run(words);
        assert.equal(code, 2);
        assert.equal(stdout, '');
        assert.match(stderr, /^relock: /);
        assert.ok(!existsSync(workspace.path('lamp')));
    });
}

test('a release that cannot be is not begun: images, texts, a folder that has one', () => {
    const folder = fresh();
    const text = workspace.path('text.hex');
    writeFileSync(text, ':nonsense');
    const attempts = /** @type {[string, string[]][]} */ ([
        ['FILE_UNREADABLE', ['/nowhere.hex']],
        ['BINARY_WITHOUT_ADDRESS', [smallBin]],
        ['IMAGE_OVERLAP', [smallHex, `${smallBin}@0x08000000`]],
        ['DOCUMENT_TEXT', ['--notes', 'x'.repeat(2001), smallHex]],
        ['DOCUMENT_TEXT', ['--notes', '\u001b[31m', smallHex]],
        ['DOCUMENT_FIELD_VALUE', ['--email', 'nobody', smallHex]],
        ['DOCUMENT_FIELD_VALUE', ['--application', '12:1', smallHex]],
        ['DOCUMENT_FIELD_VALUE', ['--language', 'English', smallHex]],
    ]);
    for (const [error, words] of attempts) {
        const { code, error: found } = run(['release', 'new', folder, ...WANTED, ...words]);
        assert.equal(found, error, words.join(' ').slice(0, 60));
        assert.notEqual(code, 0);
        assert.ok(!existsSync(folder));
    }
    const there = make();
    assert.equal(run(['release', 'new', there, ...WANTED, smallHex]).error, 'RELEASE_FOLDER_TAKEN');
});

/** @type {[string, string, (folder: string) => void][]} */
const notReady = [
    ['images', 'linked for another address', (folder) => edit(folder, { images: rawAt(folder, '0x20000000') })],
    ['images', 'no vector table', (folder) => edit(folder, { images: rawAt(folder, '0x08000000') })],
    ['images[0]', 'an image that is not there', (folder) => rmSync(path.join(folder, 'blinky-small.hex'))],
    ['blinky-small.hex', 'another image', (folder) => writeFileSync(path.join(folder, 'blinky-small.hex'), 'x')],
    ['return', 'a way back that is none', (folder) => edit(folder, { return: 'none' })],
    ['chip.layouts[0]', 'a layout that is none', (folder) => layout(folder, '@Internal Flash')],
    ['chip.layouts[0]', 'a flash too small', (folder) => layout(folder, '@Internal Flash  /0x08000000/01*001Kg')],
    ['options', 'fields that close the door', (folder) => edit(folder, closedDoor)],
    ['enter', 'no steps', (folder) => edit(folder, { enter: [] })],
    ['name', 'the name of another', (folder) => edit(folder, { name: 'other' })],
    ['channel.json', 'a channel of another sequence', (folder) => edit(folder, { sequence: 8 })],
    ['channel.json', 'no channel', (folder) => rmSync(path.join(folder, 'channel.json'))],
    ['expires', 'expired', (folder) => edit(folder, longAgo)],
    ['channel.json', 'an expired channel', (folder) => put(folder, { ...read(folder, 'channel.json'), ...longAgo })],
    ['release.json', 'an unknown field', (folder) => edit(folder, { filter: 1 })],
    ['enter[0].pictures.en', 'a picture that is none', (folder) => pictured(folder, smallHex)],
];

const longAgo = { created: '2019-01-01T00:00:00Z', expires: '2020-01-01T00:00:00Z' };

/** @param {string} folder @param {Record<string, any>} channel */
const put = (folder, channel) => writeFileSync(path.join(folder, 'channel.json'), JSON.stringify(channel));

const closedDoor = {
    chip: { families: ['STM32L4'] },
    options: [
        { field: 'nSWBOOT0', value: 0 },
        { field: 'nBOOT0', value: 1 },
    ],
};

/** @param {string} folder @param {string} text */
const layout = (folder, text) => edit(folder, { chip: { families: ['STM32F405'], layouts: [text] } });

/** @param {string} folder @param {string} address */
function rawAt(folder, address) {
    const bytes = Buffer.alloc(64, 0x11);
    writeFileSync(path.join(folder, 'raw.bin'), bytes);
    return [{ file: 'raw.bin', address, size: bytes.length, sha256: sha256(bytes) }];
}

/** A first step with a picture. @param {string} folder @param {string} file */
function pictured(folder, file) {
    const bytes = readFileSync(file);
    writeFileSync(path.join(folder, 'step.png'), bytes);
    const en = { file: 'step.png', size: bytes.length, sha256: sha256(bytes) };
    edit(folder, { enter: [{ text: { en: 'Hold.' }, pictures: { en }, alt: { en: 'A hand.' } }] });
}

for (const [place, what, spoil] of notReady) {
    test(`check finds ${what}, sign signs nothing`, () => {
        const folder = make();
        spoil(folder);
        const { code, error, findings } = run(['release', 'check', folder]);
        assert.equal(code, 1);
        assert.equal(error, 'RELEASE_NOT_READY');
        const errors = findings.filter((finding) => finding.severity === 'error');
        assert.ok(errors.some((finding) => finding.path === place), JSON.stringify(findings));
        assert.equal(run(['release', 'sign', folder, '--key', secret]).code, 1);
        assert.ok(!readdirSync(folder).some((name) => name.endsWith('.sig')));
    });
}

/** @type {[string, string, (folder: string) => void][]} */
const warned = [
    ['end', 'an open end', (folder) => edit(folder, { end: 'open' })],
    ['notes', 'no notes', (folder) => edit(folder, { notes: undefined })],
    ['lost', 'nothing lost', (folder) => edit(folder, { lost: [] })],
    ['boot0', 'no words about BOOT0', (folder) => edit(folder, { boot0: undefined })],
    ['lost[0]', 'a language that is missing', (folder) => edit(folder, { languages: ['en', 'de'] })],
    ['expires', 'an expiry that is near', (folder) => edit(folder, { expires: soon() })],
];

const soon = () => new Date(Date.now() + 5 * 86400e3).toISOString().replace(/\.\d+Z/, 'Z');

for (const [place, what, spoil] of warned) {
    test(`check warns of ${what}, and lets it pass`, () => {
        const folder = make();
        spoil(folder);
        const { code, findings } = run(['release', 'check', folder]);
        assert.equal(code, 0, JSON.stringify(findings));
        assert.ok(findings.some((finding) => finding.severity === 'warning' && finding.path === place));
    });
}

test('refresh: a picture and a new firmware are taken in, old signatures go, the channel follows', () => {
    const folder = make();
    assert.equal(run(['release', 'sign', folder, '--key', secret]).code, 0);
    copyFileSync(picture, path.join(folder, 'step.png'));
    const unknown = { file: 'step.png', size: 1, sha256: '0'.repeat(64) };
    edit(folder, {
        enter: [{ text: { en: 'Hold.' }, pictures: { en: unknown }, alt: { en: 'A hand.' } }],
        sequence: 8,
        version: '2.1',
    });
    assert.equal(run(['release', 'refresh', folder]).code, 0);
    assert.deepEqual(read(folder).enter[0].pictures.en, {
        file: 'step.png',
        size: readFileSync(picture).length,
        sha256: sha256(readFileSync(picture)),
    });
    const channel = read(folder, 'channel.json');
    assert.deepEqual([channel.edition, channel.current], [2, 8]);
    assert.ok(!readdirSync(folder).some((name) => name.endsWith('.sig')));
    assert.equal(run(['release', 'check', folder]).code, 0);
    assert.equal(run(['release', 'refresh', folder]).code, 0);
    assert.equal(read(folder, 'channel.json').edition, 2);
    rmSync(path.join(folder, 'step.png'));
    assert.equal(run(['release', 'refresh', folder]).error, 'FILE_UNREADABLE');
});

test('withdraw: a new edition to be signed, which verify and update then refuse', () => {
    const folder = make();
    assert.equal(run(['release', 'sign', folder, '--key', secret]).code, 0);
    assert.equal(run(['release', 'withdraw', folder, '7']).code, 0);
    const channel = read(folder, 'channel.json');
    assert.deepEqual([channel.edition, channel.withdrawn], [2, [7]]);
    assert.equal(run(['release', 'verify', folder, '--key', pub]).error, 'SIGNATURE_MISSING');
    assert.equal(run(['release', 'sign', folder, '--key', secret]).code, 0);
    assert.equal(run(['release', 'verify', folder, '--key', pub]).error, 'RELEASE_WITHDRAWN');
    assert.equal(run(['release', 'withdraw', folder, '7']).code, 0);
    assert.equal(read(folder, 'channel.json').edition, 2);
    assert.equal(run(['release', 'withdraw', fresh(), '7']).error, 'RELEASE_NOT_FOUND');
});

test('sign: several keys, a key that is public, one that is none, none at all', () => {
    const folder = make();
    const other = workspace.path('second-maker');
    workspace.run(['key', 'new', other]);
    assert.match(workspace.run(['release', 'sign', folder]).stderr, /^relock: `release sign` wants --key: the file of the secret key/);
    assert.equal(run(['release', 'sign', folder, '--key', pub]).error, 'KEY_MALFORMED');
    assert.equal(run(['release', 'sign', folder, '--key', smallHex]).error, 'KEY_MALFORMED');
    assert.equal(run(['release', 'sign', folder, '--key', '/nowhere']).error, 'FILE_UNREADABLE');
    assert.equal(run(['release', 'sign', folder, '--key', secret, '--key', other]).code, 0);
    for (const key of [pub, `${other}.pub`]) {
        assert.equal(run(['release', 'verify', folder, '--key', key]).code, 0);
    }
    assert.equal(run(['release', 'verify', folder, '--key', new TestKey().public]).error, 'KEY_UNKNOWN');
    assert.equal(run(['release', 'verify', folder]).error, 'NO_KEY');
});

test('what the tool signs holds for another implementation of Ed25519', () => {
    const folder = make();
    assert.equal(run(['release', 'sign', folder, '--key', secret]).code, 0);
    const { id, public: digits } = JSON.parse(readFileSync(pub, 'utf8'));
    const x = Buffer.from(digits, 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    for (const [name, prefix] of [['release.json', 'relock-release-v1\0'], ['channel.json', 'relock-channel-v1\0']]) {
        const { signatures } = read(folder, `${name}.sig`);
        assert.deepEqual(signatures.map((/** @type {any} */ one) => one.key), [id]);
        const message = Buffer.concat([Buffer.from(prefix, 'latin1'), readFileSync(path.join(folder, name))]);
        assert.ok(verify(null, message, key, Buffer.from(signatures[0].signature, 'hex')));
    }
});

test('verify looks at pictures, and remembers nothing', () => {
    const folder = make();
    pictured(folder, picture);
    run(['release', 'sign', folder, '--key', secret]);
    assert.equal(run(['release', 'verify', folder, '--key', pub]).code, 0);
    const bytes = readFileSync(path.join(folder, 'step.png'));
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path.join(folder, 'step.png'), bytes);
    assert.equal(run(['release', 'verify', folder, '--key', pub]).error, 'RELEASE_FILE_CHANGED');
    assert.ok(!existsSync(workspace.path('state/relock/seen')) || !readdirSync(workspace.path('state/relock/seen')).includes(path.basename(folder)));
});

test('inspect shows all of it, as text and as JSON, from the folder or its release.json', () => {
    const folder = make(['--language', 'en', '--language', 'de', '--notes', 'de=Heller.']);
    const { code, events } = run(['release', 'inspect', folder]);
    assert.equal(code, 0);
    const shown = eventOf(events, 'inspected');
    assert.deepEqual(shown?.document, read(folder));
    assert.deepEqual(shown?.segments[0].addr, '0x08000000');
    assert.ok(shown?.estimate_ms > 1000);
    const text = workspace.run(['release', 'inspect', path.join(folder, 'release.json')]).stdout;
    for (const line of ['Product      Lamp 2.0', 'Segment      0x08000000', 'Heller.', 'Return       boot0', 'help@example.com']) {
        assert.ok(text.includes(line), `${line}\n${text}`);
    }
    assert.equal(run(['release', 'inspect', fresh()]).error, 'RELEASE_NOT_FOUND');
    writeFileSync(path.join(folder, 'release.json'), '{"format":"relock-release-1","format":1}');
    assert.equal(run(['release', 'inspect', folder]).error, 'DOCUMENT_DUPLICATE_KEY');
    writeFileSync(path.join(folder, 'release.json'), ' '.repeat(10e6));
    assert.equal(run(['release', 'inspect', folder]).error, 'DOCUMENT_TOO_LARGE');
});

test('link: what the page understands, and nothing else', () => {
    const words = ['release', 'link', 'acme-lamp', '--site', 'https://update.example/lamps'];
    assert.equal(workspace.run(words).stdout, 'https://update.example/lamps/?release=acme-lamp\n');
    const all = [...words, '--language', 'zh-Hans', '--ticket', 'T-1.2_3', '--serial', '3573365D3433'];
    const { events } = run(all);
    const url = new URL(eventOf(events, 'link')?.url);
    assert.equal(url.href, 'https://update.example/lamps/?release=acme-lamp&lang=zh-Hans#ticket=T-1.2_3&serial=3573365D3433');
    const local = workspace.run(['release', 'link', 'a', '--site', 'http://localhost:8080', '--serial', 'A1']);
    assert.equal(local.stdout, 'http://localhost:8080/?release=a#serial=A1\n');
});

test('a folder of somebody else: what is no file is not read as a document', () => {
    const { folder } = publish(workspace.path(`releases-${count++}`));
    const file = path.join(folder, 'release.json');
    rmSync(file);
    mkdirSync(file);
    const { code, error, ending } = run(['release', 'inspect', folder]);
    assert.deepEqual([code, error, ending?.error.file], [2, 'FILE_UNREADABLE', file]);
});

test('an address that is not fetched: it is said which ones are', () => {
    const { code, error, notices } = run(['release', 'verify', 'http://update.example/lamp', '--key', pub]);
    assert.deepEqual([code, error], [4, 'LINK_MALFORMED']);
    assert.match(notices.join(), /Only https:\/\/ addresses are fetched/);
});

test('sign: at most four keys', () => {
    const folder = make();
    const keys = Array(5).fill(['--key', secret]).flat();
    const { code, stdout, stderr } = workspace.run(['release', 'sign', folder, ...keys]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.equal(stderr, 'relock: a document is signed with 4 keys at most; --key was given 5 times\n');
    assert.equal(run(['release', 'sign', folder, ...keys.slice(2)]).code, 0);
});
