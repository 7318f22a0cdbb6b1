// @ts-check
/** What `relock update --release` has seen of a release's name: it is kept, and older than that is refused. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { TestKey, publish, publishKeys, swap, visitors } from './maker.mjs';
import { Workspace } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const { scene, update, ownState, assertRefused } = visitors(workspace);

test('older than what was seen is refused: sequence, edition; a damaged memory too', () => {
    const { releases, device } = scene();
    const key = new TestKey();
    const words = ['--key', key.public];
    const environment = ownState();
    const { folder } = publish(releases, { key, release: { sequence: 7 }, channel: { current: 7, edition: 9 } });
    assert.equal(update(folder, device, words, environment).code, 0);
    publish(releases, { key, release: { sequence: 6 }, channel: { current: 6, edition: 10 } });
    assertRefused(folder, device, words, 'RELEASE_OLDER', environment);
    publish(releases, { key, release: { sequence: 7 }, channel: { current: 7, edition: 8 } });
    assertRefused(folder, device, words, 'RELEASE_OLDER', environment);
    publish(releases, { key, release: { sequence: 7 }, channel: { current: 7, edition: 9 } });
    assertRefused(folder, device, words, 'RELEASE_OLDER', environment);
    publish(releases, { key, release: { sequence: 7 }, channel: { current: 7, edition: 10 } });
    assert.equal(update(folder, device, words, environment).code, 0);
    const seen = path.join(environment.XDG_STATE_HOME, 'relock/seen/lamp');
    assert.match(readFileSync(seen, 'utf8'), /^relock-seen-1 edition 10 sequence 7 crc [0-9a-f]{8}\n$/);
    swap(path.dirname(seen), 'lamp', 'sequence 7', 'sequence 1');
    const { ending } = assertRefused(folder, device, words, 'RELEASE_MEMORY_DAMAGED', environment);
    assert.equal(ending?.error.file, seen);
});

test('a withdrawal that was seen stays: an older channel does not take it back, whatever else is wrong', () => {
    const key = new TestKey();
    const words = ['--key', key.public];
    for (const isComplete of [true, false]) {
        const { releases, device } = scene();
        const environment = ownState();
        const seen = path.join(environment.XDG_STATE_HOME, 'relock/seen/lamp');
        const { folder } = publish(releases, { key, channel: { edition: 4, withdrawn: [5] } });
        if (!isComplete) {
            rmSync(path.join(folder, 'lamp.hex'));
        }
        const error = isComplete ? 'RELEASE_WITHDRAWN' : 'FILE_UNREADABLE';
        assertRefused(folder, device, [...words, '--dry-run'], error, environment);
        assert.ok(!existsSync(seen));
        assertRefused(folder, device, words, error, environment);
        assert.match(readFileSync(seen, 'utf8'), /^relock-seen-1 edition 4 sequence 0 crc/);
        publish(releases, { key, channel: { edition: 3 } });
        assertRefused(folder, device, words, 'RELEASE_OLDER', environment);
        assert.match(readFileSync(seen, 'utf8'), /^relock-seen-1 edition 4 sequence 0 crc/);
        publish(releases, { key, channel: { edition: 5 } });
        assert.equal(update(folder, device, words, environment).code, 0);
        assert.match(readFileSync(seen, 'utf8'), /^relock-seen-1 edition 5 sequence 5 crc/);
    }
});

test('what is refused raises no sequence, and lowers nothing', () => {
    const { releases, device } = scene();
    const key = new TestKey();
    const words = ['--key', key.public];
    const environment = ownState();
    const seen = path.join(environment.XDG_STATE_HOME, 'relock/seen/lamp');
    const { folder } = publish(releases, { key, channel: { edition: 4 } });
    assert.equal(update(folder, device, words, environment).code, 0);
    publish(releases, { key, release: { sequence: 9 }, channel: { current: 5, edition: 6 } });
    assertRefused(folder, device, words, 'RELEASE_NOT_CURRENT', environment);
    assert.match(readFileSync(seen, 'utf8'), /^relock-seen-1 edition 6 sequence 5 crc/);
    publish(releases, { key, release: { name: 'other', sequence: 9 }, channel: { edition: 8 } });
    assertRefused(folder, device, words, 'RELEASE_OF_ANOTHER_NAME', environment);
    assert.match(readFileSync(seen, 'utf8'), /^relock-seen-1 edition 6 sequence 5 crc/);
});

test('neither HOME nor XDG_STATE_HOME: refused, and it is said that there is no place', () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases);
    const nowhere = { XDG_STATE_HOME: '', HOME: '' };
    assertRefused(folder, device, ['--key', key.public], 'RELEASE_MEMORY_DAMAGED', nowhere);
    const words = ['update', '--release', folder, '--sim', device, '--key', key.public, '--yes'];
    assert.match(workspace.run(words, nowhere).stdout, /no place to remember releases in: neither XDG_STATE_HOME/);
    const damaged = ownState();
    mkdirSync(path.join(damaged.XDG_STATE_HOME, 'relock/seen/lamp'), { recursive: true });
    const { stdout } = workspace.run(words, damaged);
    assert.match(stdout, /RELEASE_MEMORY_DAMAGED/);
    assert.doesNotMatch(stdout, /no place/);
});

test('what cannot be remembered is not begun', () => {
    const { releases, device } = scene();
    const { folder, key } = publish(releases);
    const state = workspace.path('state-blocked');
    mkdirSync(path.join(state, 'relock'), { recursive: true });
    writeFileSync(path.join(state, 'relock/seen'), 'a file where the folder should be');
    assertRefused(folder, device, ['--key', key.public], 'RELEASE_MEMORY_DAMAGED', { XDG_STATE_HOME: state });
});

test('a key that was revoked stays so, also if the release was refused for it, and the change is held back', () => {
    const { releases, device } = scene();
    const [old, fresh] = [new TestKey(), new TestKey()];
    const words = ['--key', old.public];
    const environment = ownState();
    const { folder } = publish(releases, { key: old });
    publishKeys(releases, [fresh], [old], 4);
    assertRefused(folder, device, [...words, '--dry-run'], 'KEY_UNKNOWN', environment);
    assert.ok(!existsSync(path.join(environment.XDG_STATE_HOME, 'relock/seen')));
    assertRefused(folder, device, words, 'KEY_UNKNOWN', environment);
    rmSync(path.join(releases, 'keys.json'));
    assertRefused(folder, device, words, 'KEY_UNKNOWN', environment);
    publish(releases, { key: fresh });
    assert.equal(update(folder, device, words, environment).code, 0);
});

test('keys of the folder: the key of another maker takes no revocation back; naming a key trusts anew', () => {
    const { releases, device } = scene();
    const [old, fresh] = [new TestKey(), new TestKey()];
    const config = path.join(releases, 'config');
    const environment = { ...ownState(), XDG_CONFIG_HOME: config };
    mkdirSync(path.join(config, 'relock/keys'), { recursive: true });
    old.write(path.join(config, 'relock/keys/acme.pub'));
    const { folder } = publish(releases, { key: fresh });
    publishKeys(releases, [fresh], [old], 4);
    assert.equal(update(folder, device, [], environment).code, 0);
    assert.ok(existsSync(path.join(environment.XDG_STATE_HOME, 'relock/seen/lamp.keys-folder')));
    rmSync(path.join(releases, 'keys.json'));
    publish(releases, { key: old });
    new TestKey().write(path.join(config, 'relock/keys/bolt.pub'));
    assertRefused(folder, device, [], 'KEY_UNKNOWN', environment);
    assert.equal(update(folder, device, ['--dry-run', '--key', old.public], environment).code, 0);
    publish(releases, { key: fresh });
    assert.equal(update(folder, device, [], environment).code, 0);
});
