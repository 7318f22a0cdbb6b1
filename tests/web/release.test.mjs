// @ts-check
// A release on its way to the page: what passes, and every reason why one does not.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RelockError } from '../../wasm-glue/values.js';
import { reviveRelease, verifyAgain } from '../../web/release/load.js';
import { IMAGE, NAME, NOW, PAGE, PICTURE, Visit, jsonBytes, makeDocument, makeFiles, makeKey, sha256, signatureOf,
    trusted } from './release-support.mjs';

const KEY = makeKey();
const OTHER = makeKey();
const SILENCE = { silenceMs: 60, documentMs: 1e6, slowestBytesPerMs: 1e6 };
const SHORT = { silenceMs: 60, documentMs: 250, slowestBytesPerMs: 1e6 };

/** A visit to a site with one good signed release. @param {object} [options] what is different about the release */
function visit(options = {}) {
    const made = new Visit([KEY]);
    made.host.publish(makeFiles({ key: [KEY], ...options }));
    return made;
}

/**
 * @param {Visit} made @param {string} name of the error @param {import('../../wasm-glue/values.js').Place} place
 * @param {object} [options] of the load
 */
async function assertRefused(made, name, place, options) {
    await assert.rejects(made.load(options), (/** @type {any} */ error) => {
        assert.ok(error instanceof RelockError, String(error?.stack));
        const told = { name: error.name, ...error.place, offset: undefined };
        assert.deepEqual(told, { name, ...place, offset: undefined });
        return true;
    });
    assert.deepEqual(made.kept, [], 'nothing of it is kept');
}

/** @param {Visit} made */
const readKinds = (made) => made.read.map(({ kind }) => kind);

/** @param {number} at @returns {(bytes: Uint8Array) => Uint8Array} turns over one bit */
const flip = (at) => (bytes) => {
    bytes[at] ^= 1;
    return bytes;
};

describe('a good release', () => {
    it('comes with its checked bytes, and is kept', async () => {
        const made = visit();
        /** @type {[number, number][]} */
        const progress = [];
        const release = await made.load({ onProgress: (done, total) => progress.push([done, total]) });
        assert.equal(release.signedBy, KEY.id);
        assert.equal(release.document.product, 'Acme Lamp');
        assert.equal(sha256(release.bytes), sha256(jsonBytes(makeDocument())));
        assert.deepEqual(release.images, [{ file: 'lamp.bin', bytes: IMAGE, address: 0x08000000 }]);
        assert.deepEqual([...release.pictures.keys()], ['button.png']);
        const picture = /** @type {Blob} */ (release.pictures.get('button.png'));
        assert.equal(picture.type, 'image/png');
        assert.deepEqual(new Uint8Array(await picture.arrayBuffer()), PICTURE);
        assert.equal(release.from, 'network');
        assert.ok(release.isKept && release.estimateMs > 1000);
        assert.deepEqual(progress.at(-1), [IMAGE.length + PICTURE.length, IMAGE.length + PICTURE.length]);
        assert.equal(made.kept.length, 1);
        assert.deepEqual(await made.seen.release(NAME), { edition: 1, sequence: 7, withdrawn: [] });
    });

    it('is asked for without cookies, redirects and referrer; documents never from a cache', async () => {
        const made = visit();
        await made.load();
        assert.deepEqual(made.host.paths, ['acme-lamp/button.png', 'acme-lamp/channel.json', 'acme-lamp/channel.json.sig',
            'acme-lamp/lamp.bin', 'acme-lamp/release.json', 'acme-lamp/release.json.sig', 'keys.json', 'keys.json.sig']);
        for (const { url, init } of made.host.asked) {
            assert.equal(init.redirect, 'error', url);
            assert.equal(init.credentials, 'omit', url);
            assert.equal(init.referrerPolicy, 'no-referrer', url);
            assert.equal(init.cache, /json/.test(url) ? 'no-store' : 'no-cache', url);
        }
    });

    it('may be unsigned where the site says so, and says it', async () => {
        const made = new Visit([]);
        made.host.publish(makeFiles({}));
        assert.equal((await made.load()).signedBy, null);
        assert.ok(made.host.paths.every((path) => !path.endsWith('.sig') && path !== 'keys.json'));
    });

    it('may be signed by any of several keys', async () => {
        const made = new Visit([makeKey(), KEY]);
        made.host.publish(makeFiles({ key: [OTHER, KEY] }));
        assert.equal((await made.load()).signedBy, KEY.id);
    });
});

describe('a release that is here', () => {
    it('is compared once more before it is used', async () => {
        const release = await visit().load();
        await verifyAgain(release);
        release.images[0].bytes[4999] ^= 1;
        await assert.rejects(verifyAgain(release), { name: 'RELEASE_FILE_CHANGED', place: { file: 'lamp.bin' } });
        release.images[0].bytes = release.images[0].bytes.slice(1);
        await assert.rejects(verifyAgain(release), { name: 'RELEASE_FILE_SIZE' });
        await assert.rejects(verifyAgain({ ...release, images: [] }), { name: 'RELEASE_FILE_CHANGED' });
        const [image] = release.images;
        await assert.rejects(verifyAgain({ ...release, images: [{ ...image, file: 'other.bin' }] }),
            { name: 'RELEASE_FILE_CHANGED', place: { file: 'other.bin', path: 'images[0]' } });
    });

    it('comes back out of the journal, whatever became of it since', async () => {
        const made = visit({ document: { expires: '2026-11-22T10:00:01Z' } });
        const { bytes, images, proof } = await made.load();
        const options = { documents: made.documents, site: made.site, seen: made.seen };
        const revived = await reviveRelease({ bytes, images, proof }, options);
        assert.deepEqual(revived.images, images);
        assert.equal(revived.signedBy, KEY.id);
        assert.equal(revived.document.name, NAME);
        const damaged = [{ file: 'lamp.bin', bytes: flip(0)(IMAGE.slice()) }];
        await assert.rejects(reviveRelease({ bytes, images: /** @type {any} */ (damaged), proof }, options),
            { name: 'RELEASE_FILE_CHANGED' });
    });
});

describe('a signature', () => {
    it('that is not there', async () => {
        for (const file of ['release.json.sig', 'channel.json.sig']) {
            const made = visit();
            made.host.files.delete(`${PAGE}releases/${NAME}/${file}`);
            await assertRefused(made, 'SIGNATURE_MISSING', { file });
            assert.deepEqual(readKinds(made).filter((kind) => kind === 'release'), []);
        }
    });

    it('is wanted where the site refuses unsigned ones, even if it has no key', async () => {
        const made = new Visit([], { unsigned: 'refuse' });
        made.host.publish(makeFiles({ key: [KEY] }));
        await assertRefused(made, 'SIGNATURE_MISSING', { file: 'release.json' });
    });

    it('over other bytes, at any place of either document, is found before the document is read', async () => {
        for (const kind of ['release', 'channel']) {
            const { length } = /** @type {Uint8Array} */ (makeFiles({ key: [KEY] })[`${NAME}/${kind}.json`]);
            for (const at of [0, length >> 1, length - 1]) {
                const made = visit();
                made.host.spoil(`${NAME}/${kind}.json`, flip(at));
                await assertRefused(made, 'SIGNATURE_WRONG', { file: `${kind}.json` });
                assert.deepEqual(readKinds(made).filter((read) => read !== 'signature'), []);
                assert.equal(made.memory.entries.size, 0);
            }
        }
    });

    it('of another kind of document does not do', async () => {
        const made = visit();
        const release = /** @type {Uint8Array} */ (made.host.files.get(`${PAGE}releases/${NAME}/release.json`));
        for (const prefix of ['relock-channel-v1', 'relock-keys-v1', 'relock-release-v2', '']) {
            made.host.replace(`${NAME}/release.json.sig`, signatureOf([KEY], prefix, release));
            await assertRefused(made, 'SIGNATURE_WRONG', { file: 'release.json' });
        }
    });
});

describe('the key of a signature', () => {
    it('by a key that is not trusted', async () => {
        await assertRefused(visit({ key: [OTHER] }), 'KEY_UNKNOWN', { file: 'channel.json' });
    });

    it('by another key under the id of a trusted one', async () => {
        const thief = { ...OTHER, id: KEY.id };
        await assertRefused(visit({ key: [thief] }), 'SIGNATURE_WRONG', { file: 'channel.json' });
        assert.equal((await visit({ key: [thief, KEY] }).load()).signedBy, KEY.id, 'a good one beside it counts');
    });

    it('by a key that has expired, to the second', async () => {
        const made = visit();
        made.site.keys = [trusted(KEY, '2026-11-22T10:00:00Z')];
        await assertRefused(made, 'KEY_EXPIRED', { file: 'channel.json' });
        made.nowMs = NOW - 1;
        assert.equal((await made.load()).signedBy, KEY.id);
    });

    it('with a malformed document around it', async () => {
        const made = visit();
        made.host.replace(`${NAME}/channel.json.sig`, jsonBytes({ format: 'relock-signature-1', signatures: [] }));
        await assert.rejects(made.load(), (/** @type {any} */ error) =>
            error.name.startsWith('DOCUMENT_') && error.place.file === 'channel.json.sig');
        made.host.replace(`${NAME}/channel.json.sig`, new TextEncoder().encode('<!doctype html>'));
        await assertRefused(made, 'DOCUMENT_SYNTAX', { file: 'channel.json.sig', path: '' });
    });
});

describe('a signature that cannot be checked', () => {
    it('by a browser without Ed25519', async (test) => {
        test.mock.method(crypto.subtle, 'importKey', async () => {
            throw new DOMException('Unrecognized name', 'NotSupportedError');
        });
        await assertRefused(visit(), 'SIGNATURE_NOT_CHECKED', { file: 'channel.json' });
    });

    it('of a site whose key does not have its own id', async () => {
        const made = visit();
        made.site.keys = [{ ...trusted(OTHER), id: KEY.id }];
        await assertRefused(made, 'KEY_MALFORMED', { file: 'site.json', path: 'keys[0].id' });
    });
});

describe('what the documents say', () => {
    it('another name, in either of them, however well signed', async () => {
        const other = makeFiles({ key: [KEY], document: { name: 'acme-oven' }, name: NAME });
        const made = new Visit([KEY]);
        made.host.publish(other);
        await assertRefused(made, 'RELEASE_OF_ANOTHER_NAME', { file: 'channel.json', path: 'name' });
        const channel = makeFiles({ key: [KEY] });
        made.host.publish({ [`${NAME}/channel.json`]: channel[`${NAME}/channel.json`],
            [`${NAME}/channel.json.sig`]: channel[`${NAME}/channel.json.sig`] });
        await assertRefused(made, 'RELEASE_OF_ANOTHER_NAME', { file: 'release.json', path: 'name' });
    });

    it('that it has expired, to the second', async () => {
        const expires = '2026-11-22T10:00:00Z';
        await assertRefused(visit({ document: { expires } }), 'RELEASE_EXPIRED', { file: 'release.json', path: 'expires' });
        await assertRefused(visit({ channel: { expires } }), 'RELEASE_EXPIRED', { file: 'channel.json', path: 'expires' });
        const made = visit({ document: { expires }, channel: { expires } });
        made.nowMs = NOW - 1;
        await made.load();
    });

    it('that it was withdrawn, which is remembered', async () => {
        const made = visit({ channel: { edition: 4, withdrawn: [3, 7] } });
        await assertRefused(made, 'RELEASE_WITHDRAWN', { file: 'channel.json', path: 'withdrawn' });
        made.host.publish(makeFiles({ key: [KEY] }));
        await assertRefused(made, 'RELEASE_WITHDRAWN', { file: 'channel.json', path: 'withdrawn' });
        made.host.publish(makeFiles({ key: [KEY], channel: { edition: 5 } }));
        assert.equal((await made.load()).document.sequence, 7, 'until its maker takes that back');
    });

    it('that another one is current', async () => {
        await assertRefused(visit({ channel: { current: 8 } }), 'RELEASE_NOT_CURRENT',
            { file: 'channel.json', path: 'current' });
    });
});

describe('what was seen before', () => {
    it('is the least that is taken', async () => {
        const made = visit({ channel: { edition: 3 } });
        await made.load();
        made.caches.all.clear();
        made.host.publish(makeFiles({ key: [KEY], channel: { edition: 2 } }));
        await assertRefused(made, 'RELEASE_OLDER', { file: 'channel.json', path: 'edition' });
        made.host.publish(makeFiles({ key: [KEY], document: { sequence: 6 }, channel: { edition: 4 } }));
        await assertRefused(made, 'RELEASE_OLDER', { file: 'release.json', path: 'sequence' });
        assert.deepEqual(await made.seen.release(NAME), { edition: 4, sequence: 7, withdrawn: [] });
    });

    it('does not count for another name', async () => {
        const made = visit({ channel: { edition: 9 } });
        await made.load();
        made.host.publish(makeFiles({ key: [KEY], document: { name: 'acme-oven', sequence: 1 }, name: 'acme-oven' }));
        assert.equal((await made.load({ name: 'acme-oven' })).document.sequence, 1);
    });

    it('is not remembered before all of it was checked', async () => {
        const made = visit();
        made.host.spoil(`${NAME}/lamp.bin`, flip(17));
        await assertRefused(made, 'RELEASE_FILE_CHANGED', { file: 'lamp.bin' });
        assert.equal(made.memory.entries.size, 0);
    });
});

describe('documents of a hostile maker', () => {
    it('cannot lead anywhere: no path, no other origin', async () => {
        for (const file of ['../other/lamp.bin', '/lamp.bin', 'https://evil.example/lamp.bin', '//evil.example/lamp.bin', '.bin',
            'a\\b.bin', 'data:,lamp.bin', 'lamp.bin?x.bin', 'lamp.bin#.bin', '%2e%2e.bin', 'lämp.bin', '']) {
            const [image] = makeDocument().images;
            const made = new Visit([]);
            made.host.publish(makeFiles({ document: { images: [{ ...image, file }] } }));
            await assert.rejects(made.load(), (/** @type {any} */ error) => error.name.startsWith('DOCUMENT_')
                && error.place.path === 'images[0].file' && error.place.file === 'release.json', file);
            assert.deepEqual(made.host.paths, ['acme-lamp/channel.json', 'acme-lamp/release.json']);
        }
    });

    it('must be strict: not deep, not large, no field that is not known', async () => {
        const deep = new TextEncoder().encode(`${'['.repeat(9)}${']'.repeat(9)}`);
        const made = new Visit([]);
        made.host.publish(makeFiles({})).replace(`${NAME}/channel.json`, deep);
        await assertRefused(made, 'DOCUMENT_TOO_DEEP', { file: 'channel.json', path: '' });
        made.host.publish(makeFiles({ document: { protection: 'off' } }));
        await assertRefused(made, 'DOCUMENT_FIELD_UNKNOWN', { file: 'release.json', path: 'protection' });
    });
});

/** @param {number} bytes in pieces of 16 KiB @param {{bytes: number, isCancelled: boolean}} sent what was taken */
function endless(bytes, sent) {
    return new Response(new ReadableStream({
        pull: (controller) => {
            controller.enqueue(new Uint8Array(16384).fill(0x20));
            sent.bytes += 16384;
            if (sent.bytes >= bytes) {
                controller.close();
            }
        },
        cancel: () => {
            sent.isCancelled = true;
        },
    }, { highWaterMark: 0 }));
}

describe('a host', () => {
    it('that sends 10 MB for a document is stopped at 64 KiB', async () => {
        for (const file of ['release.json', 'channel.json', 'release.json.sig']) {
            const made = visit();
            const sent = { bytes: 0, isCancelled: false };
            made.host.replace(`${NAME}/${file}`, () => endless(10e6, sent));
            await assertRefused(made, 'DOCUMENT_TOO_LARGE', { file });
            assert.ok(sent.isCancelled && sent.bytes <= 65536 + 16384, `${sent.bytes} bytes were read`);
        }
    });

    it('that cuts off, prolongs or changes a file', async () => {
        for (const file of ['lamp.bin', 'button.png']) {
            const made = visit();
            made.host.spoil(`${NAME}/${file}`, (bytes) => bytes.subarray(1));
            await assertRefused(made, 'RELEASE_FILE_SIZE', { file });
            made.host.publish(makeFiles({ key: [KEY] })).spoil(`${NAME}/${file}`, (bytes) => new Uint8Array([...bytes, 0]));
            await assertRefused(made, 'RELEASE_FILE_SIZE', { file });
            made.host.publish(makeFiles({ key: [KEY] })).spoil(`${NAME}/${file}`, flip(150));
            await assertRefused(made, 'RELEASE_FILE_CHANGED', { file });
            made.host.publish(makeFiles({ key: [KEY] })).replace(`${NAME}/${file}`, new Uint8Array(0));
            await assertRefused(made, 'RELEASE_FILE_SIZE', { file });
        }
    });

    it('that sends an image without end is stopped at its size', async () => {
        const made = visit();
        const sent = { bytes: 0, isCancelled: false };
        made.host.replace(`${NAME}/lamp.bin`, () => endless(Infinity, sent));
        await assertRefused(made, 'RELEASE_FILE_SIZE', { file: 'lamp.bin' });
        assert.equal(made.host.paths.filter((path) => path.endsWith('lamp.bin')).length, 2, 'it may have been half a release');
        assert.ok(sent.isCancelled && sent.bytes === 2 * 16384);
    });

    it('that says another length than it sends is not believed', async () => {
        const made = visit();
        const headers = { 'Content-Length': String(IMAGE.length) };
        made.host.replace(`${NAME}/lamp.bin`, () => new Response(IMAGE.slice(0, 100), { headers }));
        await assertRefused(made, 'RELEASE_FILE_SIZE', { file: 'lamp.bin' });
    });
});

describe('a host that does not give what was asked for', () => {
    it('that redirects is not followed', async () => {
        const made = visit();
        made.host.replace(`${NAME}/release.json`, async ({ redirect }) => {
            if (redirect === 'error') {
                throw new TypeError('Failed to fetch');
            }
            return new Response(Uint8Array.from(jsonBytes(makeDocument())));
        });
        await assertRefused(made, 'RELEASE_NOT_REACHED', { file: 'release.json' });
    });

    it('that lacks one file is not asked for all the others', async () => {
        const pictures = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${index}.png`, PICTURE]));
        const enter = Object.keys(pictures).map((file) => ({ text: { en: 'Look.' }, alt: { en: 'A picture' },
            pictures: { en: { file, size: PICTURE.length, sha256: sha256(PICTURE) } } }));
        const made = visit({ document: { enter } });
        Object.entries(pictures).slice(1).forEach(([file, bytes]) => made.host.replace(`${NAME}/${file}`, bytes));
        await assertRefused(made, 'RELEASE_NOT_FOUND', { file: '0.png', status: 404 });
        await new Promise((resolve) => setTimeout(resolve, 50));
        assert.ok(made.host.paths.filter((path) => path.endsWith('.png')).length < 6, made.host.paths.join());
    });

    it('that does not have it', async () => {
        for (const status of [403, 404, 410]) {
            const made = visit();
            made.host.replace(`${NAME}/release.json`, () => new Response('', { status }));
            await assertRefused(made, 'RELEASE_NOT_FOUND', { file: 'release.json', status });
        }
        await assertRefused(new Visit([KEY]), 'RELEASE_NOT_FOUND', { file: 'channel.json', status: 404 });
        const made = visit();
        made.host.files.delete(`${PAGE}releases/${NAME}/lamp.bin`);
        await assertRefused(made, 'RELEASE_NOT_FOUND', { file: 'lamp.bin', status: 404 });
    });

    it('that has trouble, or answers oddly', async () => {
        for (const status of [500, 503, 429, 401, 206, 203]) {
            const made = visit();
            made.host.replace(`${NAME}/lamp.bin`, () => new Response('', { status }));
            await assertRefused(made, 'RELEASE_NOT_REACHED', { file: 'lamp.bin', status });
        }
        const made = visit();
        made.host.replace(`${NAME}/lamp.bin`, () => new Response(null, { status: 204 }));
        await assertRefused(made, 'RELEASE_NOT_REACHED', { file: 'lamp.bin', status: 204 });
    });

    it('that goes away in the middle', async () => {
        const made = visit();
        made.host.replace(`${NAME}/lamp.bin`, () => new Response(new ReadableStream({
            pull: (controller) => controller.error(new TypeError('network error')) })));
        await assertRefused(made, 'RELEASE_NOT_REACHED', { file: 'lamp.bin' });
    });
});

describe('a host that takes its time', () => {
    it('that says nothing is not waited for', { timeout: 5000 }, async () => {
        const made = visit();
        /** @type {(init: RequestInit) => Promise<Response>} */
        const silent = ({ signal }) => new Promise((_, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason));
        });
        made.host.replace(`${NAME}/release.json`, silent);
        await assertRefused(made, 'RELEASE_NOT_REACHED', { file: 'release.json' }, { patience: SILENCE });
    });

    it('that falls silent or drips is not waited for', { timeout: 5000 }, async () => {
        for (const [everyMs, patience] of /** @type {const} */ ([[1e6, SILENCE], [20, SHORT]])) {
            const made = visit();
            /** @type {ReturnType<typeof setInterval> | undefined} */
            let drip;
            made.host.replace(`${NAME}/release.json`, ({ signal }) => new Response(new ReadableStream({
                start: (controller) => {
                    controller.enqueue(new Uint8Array([0x20]));
                    drip = setInterval(() => controller.enqueue(new Uint8Array([0x20])), everyMs);
                    signal?.addEventListener('abort', () => {
                        clearInterval(drip);
                        controller.error(signal.reason);
                    });
                } })));
            await assertRefused(made, 'RELEASE_NOT_REACHED', { file: 'release.json' }, { patience });
        }
    });
});

describe('several places', () => {
    const MIRROR = 'https://mirror.example/acme/';

    /** @param {object} [first] the release of the first place @param {object} [second] that of the mirror */
    function twoPlaces(first, second = {}) {
        const made = new Visit([KEY], { releases: ['releases/', MIRROR] });
        if (first) {
            made.host.publish(makeFiles({ key: [KEY], ...first }));
        }
        made.host.publish(makeFiles({ key: [KEY], ...second }), MIRROR);
        return made;
    }

    it('the first one that is good counts, and the others are not asked', async () => {
        const made = twoPlaces({});
        assert.equal((await made.load()).signedBy, KEY.id);
        assert.ok(made.host.asked.every(({ url }) => url.startsWith(PAGE)));
    });

    it('whatever is wrong at one, the next one is asked', async () => {
        const spoiled = twoPlaces({});
        spoiled.host.spoil(`${NAME}/lamp.bin`, flip(1));
        for (const [made, name] of /** @type {const} */ ([[twoPlaces(), 'RELEASE_NOT_FOUND'], [spoiled, 'RELEASE_FILE_CHANGED'],
            [twoPlaces({ key: [OTHER] }), 'KEY_UNKNOWN'], [twoPlaces({ channel: { current: 9 } }), 'RELEASE_NOT_CURRENT']])) {
            await assert.rejects(made.load({ site: { ...made.site, releases: ['releases/'] } }), { name });
            assert.equal((await made.load()).signedBy, KEY.id);
        }
    });

    it('one cannot undo what another one has shown just before', async () => {
        const withdrawn = twoPlaces({ channel: { edition: 5, withdrawn: [7] } });
        await assertRefused(withdrawn, 'RELEASE_WITHDRAWN', { file: 'channel.json', path: 'withdrawn' });
        const newer = twoPlaces({ document: { sequence: 8 }, channel: { edition: 5 } });
        newer.host.spoil(`${NAME}/lamp.bin`, flip(1));
        await assertRefused(newer, 'RELEASE_FILE_CHANGED', { file: 'lamp.bin' });
    });

    it('if none is good, the error that says most is told', async () => {
        const made = twoPlaces(undefined, { key: [OTHER] });
        await assertRefused(made, 'KEY_UNKNOWN', { file: 'channel.json' });
        made.host.isDown = true;
        await assertRefused(made, 'RELEASE_NOT_REACHED', { file: 'channel.json' });
    });
});
