// @ts-check
// A release without a network, and trusted keys that change.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NAME, NOW, PAGE, Visit, changeOfKeys, makeFiles, makeKey, trusted } from './release-support.mjs';

const KEY = makeKey();
const NEXT = makeKey();
const THIRD = makeKey();
const DOCUMENTS = ['channel.json', 'channel.json.sig', 'release.json', 'release.json.sig'];
const FILES = ['lamp.bin', 'button.png'];
const address = (/** @type {string} */ file) => `https://kept.invalid/${file}`;

/** A visit that has got the release, and whose network is down now. @param {object} [options] of the release */
async function keptVisit(options = {}) {
    const made = new Visit([KEY]);
    made.host.publish(makeFiles({ key: [KEY], ...options }));
    assert.ok((await made.load()).isKept);
    made.host.isDown = true;
    return made;
}

/** @param {Visit} made @returns {Map<string, Uint8Array>} the one kept release */
function only(made) {
    assert.equal(made.kept.length, 1);
    return /** @type {Map<string, Uint8Array>} */ (made.caches.all.get(made.kept[0]));
}

/** @param {Visit} made @param {string} name of the error @param {object} place */
async function assertRefused(made, name, place) {
    await assert.rejects(made.load(), (/** @type {any} */ error) => {
        assert.deepEqual({ name: error.name, ...error.place, path: undefined }, { name, ...place, path: undefined });
        return true;
    });
}

describe('a kept release', () => {
    it('serves when no place can be reached', async () => {
        const made = await keptVisit();
        const release = await made.load();
        assert.equal(release.from, 'cache');
        assert.equal(release.signedBy, KEY.id);
        assert.ok(release.isKept && release.images[0].bytes.length === 5000 && release.pictures.has('button.png'));
    });

    it('serves when every place has trouble, but not when one has no such release', async () => {
        const made = await keptVisit();
        made.host.isDown = false;
        made.host.replace(`${NAME}/channel.json`, () => new Response('', { status: 503 }));
        assert.equal((await made.load()).from, 'cache');
        made.host.files.clear();
        await assertRefused(made, 'RELEASE_NOT_FOUND', { file: 'channel.json', status: 404 });
    });

    it('does not serve in the place of a refused one', async () => {
        const made = await keptVisit();
        made.host.isDown = false;
        made.host.spoil(`${NAME}/release.json`, (bytes) => bytes.reverse());
        await assertRefused(made, 'SIGNATURE_WRONG', { file: 'release.json' });
        assert.equal(made.kept.length, 1, 'and is no worse for it');
    });

    it('does not serve in the place of a newer one that got lost on its way', async () => {
        const made = await keptVisit();
        made.host.isDown = false;
        made.host.publish(makeFiles({ key: [KEY], document: { sequence: 8 }, channel: { edition: 2 } }))
            .replace(`${NAME}/lamp.bin`, () => new Response('', { status: 503 }));
        only(made).delete(address('lamp.bin'));
        await assertRefused(made, 'RELEASE_NOT_REACHED', { file: 'lamp.bin', status: 503 });
        assert.equal(made.kept.length, 1);
    });
});

describe('a kept release that is not as it was kept', () => {
    it('that was changed is refused and removed, and that is said', async () => {
        for (const file of [...DOCUMENTS, ...FILES]) {
            const made = await keptVisit();
            const entries = only(made);
            const bytes = Uint8Array.from(/** @type {Uint8Array} */ (entries.get(address(file))));
            bytes[bytes.length >> 1] ^= 1;
            entries.set(address(file), bytes);
            await assert.rejects(made.load(), (/** @type {any} */ { name, place }) =>
                /^(SIGNATURE_WRONG|RELEASE_FILE_CHANGED|DOCUMENT_|KEY_UNKNOWN)/.test(name) && place.isKept, file);
            assert.deepEqual(made.kept, [], file);
            await assertRefused(made, 'RELEASE_NOT_REACHED', { file: 'channel.json' });
        }
    });

    it('of which a file was exchanged for a longer or shorter one, or for another document', async () => {
        for (const [file, bytes, name] of /** @type {const} */ ([
            ['lamp.bin', new Uint8Array(4999), 'RELEASE_FILE_SIZE'], ['lamp.bin', new Uint8Array(5001), 'RELEASE_FILE_SIZE'],
            ['release.json', new Uint8Array(70000), 'DOCUMENT_TOO_LARGE']])) {
            const made = await keptVisit();
            only(made).set(address(file), bytes);
            const place = name === 'DOCUMENT_TOO_LARGE' ? { offset: 65536 } : {};
            await assertRefused(made, name, { file, isKept: true, ...place });
        }
        const made = await keptVisit();
        const other = makeFiles({ key: [NEXT], document: { version: '6.6.6' } });
        DOCUMENTS.forEach((file) => only(made).set(address(file), other[`${NAME}/${file}`]));
        await assertRefused(made, 'KEY_UNKNOWN', { file: 'channel.json', isKept: true });
    });

    it('that is not signed is at least the one that was kept', async () => {
        const made = new Visit([]);
        made.host.publish(makeFiles({}));
        await made.load();
        made.host.isDown = true;
        assert.equal((await made.load()).from, 'cache');
        only(made).set(address('release.json'), makeFiles({ document: { version: '6.6.6' } })[`${NAME}/release.json`]);
        await assertRefused(made, 'RELEASE_FILE_CHANGED', { file: 'release.json', isKept: true });
    });

    it('of which something is missing is no release', async () => {
        for (const file of [...DOCUMENTS, ...FILES]) {
            const made = await keptVisit();
            only(made).delete(address(file));
            const name = file.endsWith('.sig') ? 'SIGNATURE_MISSING' : 'RELEASE_NOT_FOUND';
            await assertRefused(made, name, { file, isKept: true });
            assert.deepEqual(made.kept, []);
        }
        const half = await keptVisit();
        only(half).delete(address('.whole'));
        await assertRefused(half, 'RELEASE_NOT_REACHED', { file: 'channel.json' });
    });
});

describe('a kept release in time', () => {
    it('expires, and stays for a clock that is put right', async () => {
        const made = await keptVisit({ document: { expires: '2026-12-01T00:00:00Z' } });
        made.nowMs = Date.parse('2026-12-01T00:00:00Z');
        await assertRefused(made, 'RELEASE_EXPIRED', { file: 'release.json', isKept: true });
        made.nowMs = NOW;
        assert.equal((await made.load()).from, 'cache');
    });

    it('that was withdrawn since is refused without a network too', async () => {
        const made = await keptVisit();
        made.host.isDown = false;
        made.host.publish(makeFiles({ key: [KEY], channel: { edition: 2, withdrawn: [7] } }));
        await assertRefused(made, 'RELEASE_WITHDRAWN', { file: 'channel.json' });
        made.host.isDown = true;
        await assertRefused(made, 'RELEASE_WITHDRAWN', { file: 'channel.json', isKept: true });
        assert.deepEqual(made.kept, []);
    });

    it('is replaced by the next one', async () => {
        const made = await keptVisit();
        const [before] = made.kept;
        made.host.isDown = false;
        made.host.publish(makeFiles({ key: [KEY], document: { sequence: 8 }, channel: { edition: 2 } }));
        await made.load();
        assert.equal(made.kept.length, 1);
        assert.notEqual(made.kept[0], before);
        made.host.isDown = true;
        assert.equal((await made.load()).document.sequence, 8);
    });

    it('follows its channel', async () => {
        const made = await keptVisit();
        made.host.isDown = false;
        made.host.publish(makeFiles({ key: [KEY], channel: { edition: 2 } }));
        assert.ok((await made.load()).isKept);
        made.host.isDown = true;
        assert.equal((await made.load()).from, 'cache', 'with the edition that was seen last');
    });

    it('spares the next visit the download of what has not changed', async () => {
        const made = await keptVisit();
        const before = only(made);
        made.host.isDown = false;
        made.host.asked = [];
        const release = await made.load();
        assert.ok(release.from === 'network' && release.isKept);
        assert.ok(made.host.paths.every((path) => path.includes('.json')), made.host.paths.join());
        assert.equal(made.caches.all.get(made.kept[0]), before, 'nor is it written again');
        only(made).set(address('lamp.bin'), new Uint8Array(5000));
        made.host.asked = [];
        const mended = await made.load();
        assert.equal(mended.images[0].bytes[1], 7, 'a spoiled file is got again');
        assert.deepEqual(made.host.paths.filter((path) => !path.includes('.json')), ['acme-lamp/lamp.bin']);
        made.host.isDown = true;
        assert.equal((await made.load()).images[0].bytes[1], 7);
    });
});

describe('a release that is hard to keep', () => {
    it('is not kept by halves when there is no room', async () => {
        const made = new Visit([KEY]);
        made.host.publish(makeFiles({ key: [KEY] }));
        made.caches.room.bytes = 4000;
        assert.equal((await made.load()).isKept, false);
        assert.deepEqual(made.kept, []);
    });

    it('leaves those of other names alone', async () => {
        const made = await keptVisit();
        made.host.isDown = false;
        made.host.publish(makeFiles({ key: [KEY], document: { name: 'acme' }, name: 'acme' }));
        await made.load({ name: 'acme' });
        assert.equal(made.kept.length, 2);
        made.host.isDown = true;
        assert.equal((await made.load()).document.name, NAME);
        assert.equal((await made.load({ name: 'acme' })).document.name, 'acme');
    });

    it('counts whatever a channel has against its release: what it withdrew beside is not taken later', async () => {
        const made = await keptVisit();
        made.host.isDown = false;
        const older = { document: { sequence: 6 }, channel: { edition: 2, withdrawn: [7] } };
        made.host.publish(makeFiles({ key: [KEY], ...older }));
        await assertRefused(made, 'RELEASE_OLDER', { file: 'release.json' });
        made.host.publish(makeFiles({ key: [KEY] }));
        await assertRefused(made, 'RELEASE_WITHDRAWN', { file: 'channel.json' });
    });

    it('is not trusted if nothing can be remembered', async () => {
        for (const broken of ['release', 'raise', 'keys']) {
            const made = new Visit([KEY]);
            made.host.publish(makeFiles({ key: [KEY] }));
            const store = { ...made.seen, [broken]: async () => {
                throw new DOMException('no', 'UnknownError');
            } };
            await assert.rejects(made.load({ seen: store }), { name: 'RELEASE_MEMORY_DAMAGED' }, broken);
            assert.deepEqual(made.kept, []);
        }
    });
});

/** @param {Record<string, Uint8Array>} change of keys, beside a release that the next key signed */
function changed(change, key = [NEXT]) {
    const made = new Visit([KEY]);
    made.host.publish({ ...makeFiles({ key }), ...change });
    return made;
}

describe('trusted keys', () => {
    it('are replaced by what an old one signed', async () => {
        const made = changed(changeOfKeys([NEXT], [KEY]));
        assert.equal((await made.load()).signedBy, NEXT.id);
        assert.equal((await made.load()).signedBy, NEXT.id, 'the same keys.json, though its signer is not trusted now');
        made.host.publish(makeFiles({ key: [KEY] }));
        await assertRefused(made, 'KEY_UNKNOWN', { file: 'channel.json' });
    });

    it('stay replaced when the host leaves the change out', async () => {
        const made = changed(changeOfKeys([NEXT], [KEY]));
        await made.load();
        made.host.files.delete(`${PAGE}releases/keys.json`);
        assert.equal((await made.load()).signedBy, NEXT.id);
        made.host.publish(makeFiles({ key: [KEY] }));
        await assertRefused(made, 'KEY_UNKNOWN', { file: 'channel.json' });
    });

    it('stay replaced if the release was refused for it, and the change is held back then', async () => {
        const made = changed(changeOfKeys([NEXT], [KEY]), [KEY]);
        await assertRefused(made, 'KEY_UNKNOWN', { file: 'channel.json' });
        made.host.files.delete(`${PAGE}releases/keys.json`);
        await assertRefused(made, 'KEY_UNKNOWN', { file: 'channel.json' });
        made.host.publish(makeFiles({ key: [NEXT] }));
        assert.equal((await made.load()).signedBy, NEXT.id);
    });

    it('change again, by the new ones only', async () => {
        const made = changed(changeOfKeys([NEXT], [KEY]));
        await made.load();
        made.host.publish({ ...makeFiles({ key: [KEY] }), ...changeOfKeys([KEY], [KEY], 2) });
        await assertRefused(made, 'KEY_UNKNOWN', { file: 'keys.json' });
        made.host.publish({ ...makeFiles({ key: [THIRD] }), ...changeOfKeys([THIRD], [NEXT], 2) });
        assert.equal((await made.load()).signedBy, THIRD.id);
        assert.equal((await made.seen.keys(KEY.id))?.edition, 2);
    });

    it('never go back to an edition before', async () => {
        const made = changed(changeOfKeys([NEXT], [KEY], 5));
        await made.load();
        made.host.publish(changeOfKeys([NEXT, KEY], [NEXT], 4));
        await assertRefused(made, 'RELEASE_OLDER', { file: 'keys.json' });
    });
});

describe('trusted keys and who may change them', () => {
    it('are not changed by strangers, nor by a bad signature', async () => {
        await assertRefused(changed(changeOfKeys([NEXT], [NEXT])), 'KEY_UNKNOWN', { file: 'keys.json' });
        await assertRefused(changed(changeOfKeys([NEXT], [{ ...NEXT, id: KEY.id }])), 'SIGNATURE_WRONG', { file: 'keys.json' });
        const { 'keys.json': unsigned } = changeOfKeys([NEXT], [KEY]);
        await assertRefused(changed({ 'keys.json': unsigned }), 'SIGNATURE_MISSING', { file: 'keys.json.sig' });
        const { 'keys.json': other } = changeOfKeys([THIRD], [KEY]);
        await assertRefused(changed({ ...changeOfKeys([NEXT], [KEY]), 'keys.json': other }), 'SIGNATURE_WRONG',
            { file: 'keys.json' });
        const liar = { ...NEXT, id: THIRD.id };
        await assertRefused(changed(changeOfKeys([liar], [KEY])), 'KEY_MALFORMED', { file: 'keys.json' });
    });

    it('are those of the site again once it was built with others', async () => {
        const made = changed(changeOfKeys([NEXT], [KEY], 5));
        await made.load();
        made.site.keys = [trusted(THIRD)];
        made.host.files.delete(`${PAGE}releases/keys.json`);
        made.host.publish(makeFiles({ key: [THIRD] }));
        assert.equal((await made.load()).signedBy, THIRD.id);
    });

    it('hold without a network as they were seen last', async () => {
        const made = changed(changeOfKeys([NEXT], [KEY]));
        await made.load();
        made.host.isDown = true;
        const release = await made.load();
        assert.ok(release.from === 'cache' && release.signedBy === NEXT.id);
    });
});
