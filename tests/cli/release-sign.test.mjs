// @ts-check
/** What is signed is what was checked; and `check` says nothing good of a signature that does not fit. */

import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { TestKey, publish, publishKeys, sampleRelease, sha256, signFile } from './maker.mjs';
import { Workspace } from './relock.mjs';

const PASSPHRASE = 'correct horse';

const workspace = new Workspace();
after(() => workspace.close());

let count = 0;

/** A secret key's file, and the key as the tests name it. @param {string} [file] */
function makeKey(file = workspace.path(`key-${count++}`)) {
    assert.equal(workspace.run(['key', 'new', file]).code, 0);
    const { id, public: digits } = JSON.parse(readFileSync(`${file}.pub`, 'utf8'));
    return { file, pub: `${file}.pub`, as: /** @type {TestKey} */ (/** @type {unknown} */ ({ id, public: digits })) };
}

const signer = makeKey();

/** A release without signatures, in a folder of releases of its own. @param {Parameters<typeof publish>[1]} [wanted] */
function draft(wanted = {}) {
    const release = { notes: { en: 'New.' }, boot0: { hold: { en: 'Hold it.' }, release: { en: 'Let go.' } } };
    const { releases, folder } = publish(workspace.path(`releases-${count++}`), { release, ...wanted });
    rmSync(path.join(folder, 'release.json.sig'));
    rmSync(path.join(folder, 'channel.json.sig'));
    return { releases, folder };
}

/** @param {string[]} words */
function run(words) {
    const { code, findings, error } = workspace.runJson(words);
    return { code, findings, error };
}

/** @param {string} folder @param {string[]} more */
const sign = (folder, ...more) => run(['release', 'sign', folder, '--key', signer.file, ...more]);

/** @param {string} folder @param {string[]} more */
const check = (folder, ...more) => run(['release', 'check', folder, ...more]);

/** @param {string} folder @param {string} name @param {(text: string) => string} change */
function rewrite(folder, name, change) {
    const file = path.join(folder, name);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** @param {string} folder @param {string} name */
const read = (folder, name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));

/** @param {string} folder */
const isSigned = (folder) => ['release', 'channel'].map((kind) => existsSync(path.join(folder, `${kind}.json.sig`)));

/** Does release.json.sig hold for these bytes? @param {string} folder @param {Buffer} bytes @param {string} digits */
function holds(folder, bytes, digits) {
    const x = Buffer.from(digits, 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const { signature } = read(folder, 'release.json.sig').signatures[0];
    const message = Buffer.concat([Buffer.from('relock-release-v1\0', 'latin1'), bytes]);
    return verify(null, message, key, Buffer.from(signature, 'hex'));
}

const spoil = (/** @type {string} */ text) => text.replace('"return":"boot0"', '"return":"none"');

test('the passphrase is asked for before anything is read: a change behind the prompt is checked too', async () => {
    const file = workspace.path('locked');
    const making = workspace.startOnTerminal(['key', 'new', file]);
    await making.until('Passphrase for the new secret key');
    making.type(`${PASSPHRASE}\n`);
    await making.until('The same again');
    making.type(`${PASSPHRASE}\n`);
    assert.equal((await making.end).code, 0, making.output);
    const { public: digits } = JSON.parse(readFileSync(`${file}.pub`, 'utf8'));
    const { folder } = draft();
    for (const [change, code] of /** @type {[(text: string) => string, number][]} */ ([
        [spoil, 1],
        [(text) => text.replace('"return":"none"', '"return":"boot0"').replace('Your colours', 'Your scenes'), 0],
    ])) {
        const running = workspace.startOnTerminal(['release', 'sign', folder, '--key', file]);
        await running.until('Passphrase of the secret key');
        rewrite(folder, 'release.json', change);
        running.type(`${PASSPHRASE}\n`);
        assert.equal((await running.end).code, code, running.output);
        assert.deepEqual(isSigned(folder), code === 0 ? [true, true] : [false, false]);
    }
    assert.ok(holds(folder, readFileSync(path.join(folder, 'release.json')), digits));
});

test('keys come first: without one that opens, nothing is said of the release', () => {
    const { folder } = draft();
    rewrite(folder, 'release.json', spoil);
    const { error, findings } = run(['release', 'sign', folder, '--key', '/nowhere']);
    assert.deepEqual([error, findings], ['FILE_UNREADABLE', []]);
    assert.equal(sign(folder).error, 'RELEASE_NOT_READY');
});

test('a release that changes all the time is signed as it was checked, or not at all', async () => {
    const tables = Buffer.alloc(800 * 1024, 0x5a); // takes a while to check
    const raw = { file: 'tables.bin', address: '0x08010000', size: tables.length, sha256: sha256(tables) };
    const { folder } = draft({ release: { images: [sampleRelease().images[0], raw] } });
    writeFileSync(path.join(folder, 'tables.bin'), tables);
    const file = path.join(folder, 'release.json');
    const [good, bad, fresh] = ['good', 'bad', 'fresh'].map((name) => workspace.path(`${name}.json`));
    copyFileSync(file, good);
    copyFileSync(file, bad);
    rewrite(workspace.folder, 'bad.json', spoil);
    for (let round = 0; round < 8; round++) {
        const running = workspace.start(['release', 'sign', folder, '--key', signer.file]);
        let hasEnded = false;
        void running.end.then(() => { hasEnded = true; });
        for (let turn = 0; !hasEnded; turn++) {
            copyFileSync(turn % 2 === 0 ? bad : good, fresh);
            renameSync(fresh, file);
            await new Promise((resolve) => setTimeout(resolve, 1));
        }
        const { code } = await running.end;
        assert.equal(isSigned(folder)[0], code === 0);
        if (code === 0) {
            assert.ok(holds(folder, readFileSync(good), signer.as.public));
            rmSync(`${file}.sig`);
        }
    }
});

test('check looks at signatures by --key, and without a key says that it did not', () => {
    const { folder } = draft();
    assert.deepEqual(check(folder).findings.map(({ path: place, text }) => [place, text]), [['release.json', 'It is not signed yet.']]);
    assert.equal(sign(folder).code, 0);
    const unlooked = check(folder);
    assert.deepEqual(unlooked.findings.map(({ severity, path: place }) => [severity, place]), [['warning', 'release.json.sig']]);
    assert.match(unlooked.findings[0].text, /not looked at/);
    assert.deepEqual(check(folder, '--key', signer.pub), { code: 0, findings: [], error: null });
    assert.match(check(folder, '--key', makeKey().pub).findings[0].text, /KEY_UNKNOWN/);
    assert.equal(check(folder, '--key', '/nowhere').error, 'RELEASE_NOT_READY');
});

for (const name of ['release.json', 'channel.json']) {
    test(`a signature that does not fit ${name} any more is an error, until it is signed again`, () => {
        const { folder } = draft();
        assert.equal(sign(folder).code, 0);
        rewrite(folder, name, (text) => `${text}\n`);
        const { code, error, findings } = check(folder, '--key', signer.pub);
        assert.deepEqual([code, error], [1, 'RELEASE_NOT_READY']);
        assert.deepEqual(findings.map(({ path: place }) => place), [`${name}.sig`]);
        assert.match(findings[0].text, /SIGNATURE_WRONG/);
        assert.deepEqual(sign(folder), { code: 0, findings: [], error: null });
        assert.deepEqual(check(folder, '--key', signer.pub).findings, []);
        writeFileSync(path.join(folder, `${name}.sig`), '{}');
        assert.match(check(folder).findings.at(-1)?.text, /DOCUMENT_FIELD_MISSING/);
        assert.equal(check(folder).code, 1);
    });
}

test('the keys.json above counts: for check, and for who may sign', () => {
    const { releases, folder } = draft();
    const [owner, other] = [new TestKey(), makeKey()];
    publishKeys(releases, [other.as], [owner]);
    const refused = sign(folder);
    assert.deepEqual([refused.error, refused.findings.map(({ path: place }) => place)], ['RELEASE_NOT_READY', ['keys.json']]);
    assert.deepEqual(isSigned(folder), [false, false]);
    assert.equal(sign(folder, '--key', other.file).code, 0);
    assert.deepEqual(check(folder), { code: 0, findings: [], error: null });
    const ownerFile = owner.write(workspace.path('owner.pub'));
    assert.deepEqual(check(folder, '--key', ownerFile).findings, []);
    const stranger = check(folder, '--key', makeKey().pub);
    assert.match(stranger.findings[0].text, /KEY_UNKNOWN/);
    publishKeys(releases, [owner], [owner], 2);
    assert.deepEqual(check(folder).findings.map(({ path: place }) => place), ['release.json.sig', 'channel.json.sig']);
    rmSync(path.join(releases, 'keys.json.sig'));
    assert.match(check(folder).findings[0].text, /SIGNATURE_MISSING/);
    publishKeys(releases, [signer.as], [owner], 3);
    rewrite(releases, 'keys.json', (text) => text.replace('"public":', '"expires":"2021-01-01T00:00:00Z","public":'));
    signFile(releases, 'keys.json', owner);
    assert.equal(sign(folder).error, 'RELEASE_NOT_READY', 'its key has expired there');
    writeFileSync(path.join(releases, 'keys.json'), '{');
    assert.match(sign(folder).findings[0].text, /DOCUMENT_SYNTAX/);
});

test('of a withdrawn release the channel is signed, and a signature of other bytes does not stay', () => {
    const { folder } = draft();
    assert.equal(sign(folder).code, 0);
    assert.equal(run(['release', 'withdraw', folder, '5']).code, 0);
    assert.equal(sign(folder).code, 0);
    assert.deepEqual(isSigned(folder), [true, true]);
    rewrite(folder, 'release.json', (text) => `${text}\n`);
    assert.equal(run(['release', 'sign', folder, '--key', makeKey().file]).code, 0);
    assert.deepEqual(isSigned(folder), [true, true], 'of another key nothing is known');
    assert.equal(sign(folder).code, 0);
    assert.deepEqual(isSigned(folder), [false, true]);
    const { releases, folder: last } = draft({ channel: { withdrawn: [5] } });
    publishKeys(releases, [new TestKey()], [new TestKey()]);
    assert.equal(sign(last).error, 'RELEASE_NOT_READY');
});
