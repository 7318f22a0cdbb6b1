// @ts-check
/** Keys: made, shown, locked with a passphrase, changed. A secret never leaves its file. */

import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { TestKey, publish, sha256 } from './maker.mjs';
import { Workspace, eventOf } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

/** @param {string[]} words */
function run(words) {
    const result = workspace.runJson(words);
    return { ...result, key: eventOf(result.events, 'key') };
}

/** @param {string} file */
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

let count = 0;
const fresh = () => workspace.path(`key-${count++}`);

test('a new key: two files, the secret one for its owner alone, and they belong together', () => {
    const file = fresh();
    const { code, key } = run(['key', 'new', file, '--expires', '2099-01-01T00:00:00Z']);
    assert.equal(code, 0);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const [secret, open] = [read(file), read(`${file}.pub`)];
    assert.deepEqual(Object.keys(secret), ['format', 'id', 'public', 'expires', 'seed']);
    assert.deepEqual(open, {
        format: 'relock-key-1',
        id: secret.id,
        public: secret.public,
        expires: '2099-01-01T00:00:00Z',
    });
    const pkcs8 = Buffer.from(`302e020100300506032b657004220420${secret.seed}`, 'hex');
    const derived = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
    assert.equal(Buffer.from(derived.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex'), secret.public);
    assert.equal(sha256(Buffer.from(secret.public, 'hex')).slice(0, 16), secret.id);
    assert.deepEqual([key?.id, key?.secret, key?.locked], [secret.id, true, false]);
    const other = fresh();
    run(['key', 'new', other]);
    assert.notEqual(read(other).seed, secret.seed);
});

test('what is there is never replaced, and then nothing is made', () => {
    const file = fresh();
    writeFileSync(file, 'mine');
    assert.equal(run(['key', 'new', file]).error, 'FILE_NOT_WRITTEN');
    assert.equal(readFileSync(file, 'utf8'), 'mine');
    assert.ok(!existsSync(`${file}.pub`));
    const second = fresh();
    writeFileSync(`${second}.pub`, 'mine');
    assert.equal(run(['key', 'new', second]).error, 'FILE_NOT_WRITTEN');
    assert.ok(!existsSync(second));
    const link = fresh();
    symlinkSync(workspace.path('elsewhere'), link);
    assert.equal(run(['key', 'new', link]).error, 'FILE_NOT_WRITTEN');
    assert.ok(!existsSync(workspace.path('elsewhere')));
    assert.equal(workspace.run(['key', 'new', fresh(), '--expires', '2020-01-01T00:00:00Z']).code, 2);
});

test('show: either file, never the secret, with the line for site.json', () => {
    const file = fresh();
    run(['key', 'new', file]);
    const { seed, id, public: bytes } = read(file);
    for (const name of [file, `${file}.pub`]) {
        const { code, stdout } = workspace.run(['key', 'show', name]);
        assert.equal(code, 0);
        assert.ok(stdout.includes(`{"id": "${id}", "public": "${bytes}"}`));
        assert.ok(!stdout.includes(seed) && !workspace.run(['key', 'show', name, '--json']).stdout.includes(seed));
    }
    const expired = new TestKey().write(workspace.path('expired.pub'), '2021-01-01T00:00:00Z');
    assert.equal(run(['key', 'show', expired]).key?.expired, true);
});

const good = { format: 'relock-key-1', id: '', public: '' };
const testKey = new TestKey();
Object.assign(good, { id: testKey.id, public: testKey.public });
const sealed = { salt: '0'.repeat(32), nonce: '0'.repeat(48), box: '0'.repeat(96) };

/** @type {[string, string | Record<string, any>][]} */
const broken = [
    ['empty', ''],
    ['no JSON', 'ssh-ed25519 AAAA'],
    ['an array', '[]'],
    ['another format', { ...good, format: 'relock-key-2' }],
    ['no format', { ...good, format: undefined }],
    ['an id that is not its own', { ...good, id: '0'.repeat(16) }],
    ['large letters', { ...good, public: testKey.public.toUpperCase() }],
    ['a public key that is too short', { ...good, public: testKey.public.slice(2) }],
    ['a field that is not known', { ...good, comment: 'x' }],
    ['a number', { ...good, expires: 5 }],
    ['a date that is none', { ...good, expires: '2026-02-30T00:00:00Z' }],
    ['a seed in a public key', { ...good, seed: '0'.repeat(64) }],
    ['a secret key with a foreign seed', { ...good, format: 'relock-secret-key-1', seed: '0'.repeat(64) }],
    ['a secret key without a seed', { ...good, format: 'relock-secret-key-1' }],
    ['a seed and a lock', { ...good, format: 'relock-secret-key-1', seed: '0'.repeat(64), ...sealed }],
    ['the same field twice', JSON.stringify(good).replace('{', '{"id":"00",')],
    ['10 MB', ' '.repeat(10e6)],
];

for (const [what, content] of broken) {
    test(`${what} is no key`, () => {
        const file = fresh();
        writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
        const { code, error } = run(['key', 'show', file]);
        assert.equal(error, 'KEY_MALFORMED');
        assert.equal(code, 2);
    });
}

test('a file that is not there, a folder', () => {
    assert.equal(run(['key', 'show', '/nowhere']).error, 'FILE_UNREADABLE');
    assert.equal(run(['key', 'show', workspace.folder]).error, 'FILE_UNREADABLE');
});

const PASSPHRASE = 'correct horse';

/** Types the answers to the prompts that come. @param {string[]} words @param {[string, string][]} talk */
async function converse(words, talk) {
    const running = workspace.startOnTerminal(words);
    for (const [prompt, answer] of talk) {
        await running.until(prompt);
        running.type(`${answer}\n`);
    }
    const { code } = /** @type {any} */ (await running.end);
    return { code, output: running.output };
}

test('a passphrase: asked for twice, never shown, needed to sign', async () => {
    const file = fresh();
    const made = await converse(['key', 'new', file], [
        ['Passphrase for the new secret key', PASSPHRASE],
        ['The same again', PASSPHRASE],
    ]);
    assert.equal(made.code, 0, made.output);
    assert.ok(!made.output.includes(PASSPHRASE));
    assert.deepEqual(Object.keys(read(file)), ['format', 'id', 'public', 'salt', 'nonce', 'box']);
    assert.equal(run(['key', 'show', file]).key?.locked, true);
    const releases = workspace.path('releases');
    const { folder } = publish(releases);
    assert.equal(run(['release', 'sign', folder, '--key', file]).error, 'KEY_LOCKED');
    const sign = ['release', 'sign', folder, '--key', file];
    assert.match(workspace.run(['release', 'sign', folder, '--key', file]).stdout.replace(/\s+/g, ' '),
        /passphrase of this secret key is missing or wrong; it is asked for on a terminal only/);
    const wrong = await converse(sign, [['Passphrase of the secret key', 'wrong']]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.output, /RLK-8027 KEY_LOCKED/);
    const right = await converse(sign, [['Passphrase of the secret key', PASSPHRASE]]);
    assert.equal(right.code, 0, right.output);
    assert.ok(!right.output.includes(PASSPHRASE));
    assert.equal(run(['release', 'verify', folder, '--key', `${file}.pub`]).code, 0);
});

test('two different passphrases make no key; an empty one, or --no-passphrase, makes one without', async () => {
    const file = fresh();
    const differs = await converse(['key', 'new', file], [
        ['Passphrase for the new secret key', 'one'],
        ['The same again', 'two'],
    ]);
    assert.equal(differs.code, 2);
    assert.match(differs.output, /The two passphrases differ; no key was made\./);
    assert.ok(!existsSync(file) && !existsSync(`${file}.pub`));
    const empty = await converse(['key', 'new', file], [['Passphrase for the new secret key', '']]);
    assert.equal(empty.code, 0, empty.output);
    assert.equal(run(['key', 'show', file]).key?.locked, false);
    assert.equal((await converse(['key', 'new', fresh(), '--no-passphrase'], [])).code, 0);
});

test('change: a chain of keys, each edition signed by an earlier one', () => {
    const [first, second, third] = [fresh(), fresh(), fresh()];
    [first, second, third].forEach((file) => run(['key', 'new', file]));
    const releases = workspace.path('chain');
    const { folder } = publish(releases);
    const verify = (/** @type {string} */ key) => run(['release', 'verify', folder, '--key', `${key}.pub`]).error;
    assert.equal(run(['release', 'sign', folder, '--key', second]).code, 0);
    assert.equal(verify(first), 'KEY_UNKNOWN');
    assert.equal(run(['key', 'change', releases, '--key', first, '--to', `${second}.pub`]).code, 0);
    assert.deepEqual([read(path.join(releases, 'keys.json')).edition, verify(first)], [1, null]);
    const change = ['key', 'change', releases, '--key', first, '--key', second];
    assert.equal(run([...change, '--to', third, '--to', testKey.public]).code, 0);
    const keys = read(path.join(releases, 'keys.json'));
    const ids = keys.keys.map((/** @type {any} */ key) => key.id);
    assert.deepEqual([keys.edition, ids], [2, [read(third).id, testKey.id]]);
    assert.deepEqual([verify(first), verify(second)], ['KEY_UNKNOWN', 'KEY_UNKNOWN']);
    assert.equal(run(['release', 'sign', folder, '--key', third]).code, 0);
    assert.deepEqual([verify(first), verify(second), verify(third)], [null, null, 'KEY_UNKNOWN']);
});

test('change: what it refuses', () => {
    const [file, expired] = [fresh(), fresh()];
    run(['key', 'new', file]);
    run(['key', 'new', expired]);
    const old = { ...read(expired), expires: '2021-01-01T00:00:00Z' };
    writeFileSync(expired, JSON.stringify(old));
    const folder = workspace.path('to-change');
    mkdirSync(folder);
    const change = ['key', 'change', folder];
    assert.equal(workspace.run([...change, '--key', file]).code, 2);
    const five = Array(5).fill(['--key', file]).flat();
    assert.match(workspace.run([...change, ...five, '--to', `${file}.pub`]).stderr, /signed with 4 keys at most; --key was given 5 times/);
    assert.match(workspace.run([...change, '--to', `${file}.pub`]).stderr, /^relock: `key change` wants --key: the file of the secret key/);
    assert.equal(run([...change, '--key', expired, '--to', `${file}.pub`]).error, 'KEY_EXPIRED');
    assert.equal(run([...change, '--key', file, '--to', '/nowhere']).error, 'FILE_UNREADABLE');
    const nine = Array.from({ length: 9 }, () => ['--to', new TestKey().public]).flat();
    assert.equal(run([...change, '--key', file, ...nine]).error, 'DOCUMENT_TOO_MANY');
    assert.ok(!existsSync(path.join(folder, 'keys.json')));
    writeFileSync(path.join(folder, 'keys.json'), '{}');
    assert.equal(run([...change, '--key', file, '--to', `${file}.pub`]).error, 'DOCUMENT_FIELD_MISSING');
    assert.equal(readFileSync(path.join(folder, 'keys.json'), 'utf8'), '{}');
    const gone = ['key', 'change', workspace.path('not-there'), '--key', file, '--to', `${file}.pub`];
    assert.equal(run(gone).error, 'FILE_NOT_WRITTEN');
});
