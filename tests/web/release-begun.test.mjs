// @ts-check
// A release in the middle: of a job that was begun with it, and of its publication.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkSigner } from '../../web/job/release-job.js';
import { reviveRelease } from '../../web/release/load.js';
import { IMAGE, NAME, PAGE, Visit, jsonBytes, makeDocument, makeFiles, makeKey, trusted } from './release-support.mjs';

const KEY = makeKey();
const OTHER = makeKey();

/** A visit to a site with one good signed release. */
function visit() {
    const made = new Visit([KEY]);
    made.host.publish(makeFiles({ key: [KEY] }));
    return made;
}

/** @param {number} at @returns {(bytes: Uint8Array) => Uint8Array} turns over one bit */
const flip = (at) => (bytes) => {
    bytes[at] ^= 1;
    return bytes;
};

describe('a release of the journal', () => {
    /** @param {Visit} made @param {Partial<import('../../web/release/load.js').Begun>} [changes] of what was kept */
    async function signer(made, changes = {}) {
        const { bytes, images, proof } = await visit().load();
        return (await reviveRelease({ bytes, images, proof, ...changes },
            { documents: made.documents, site: made.site, seen: made.seen })).signedBy;
    }

    it('is signed only if a key of this site signed it', async () => {
        assert.equal(await signer(new Visit([KEY])), KEY.id);
        assert.equal(await signer(new Visit([KEY]), { proof: null }), null);
        assert.equal(await signer(new Visit([OTHER])), null, 'another site of this origin took it');
        assert.equal(await signer(new Visit([])), null, 'this one has no key');
        const bytes = Uint8Array.from(jsonBytes(makeDocument({ version: '6.6.6' })));
        assert.equal(await signer(new Visit([KEY]), { bytes }), null);
        assert.equal(await signer(new Visit([KEY]), { proof: Uint8Array.from(jsonBytes([])) }), null);
    });

    it('stays signed when its key has expired since', async () => {
        const made = new Visit([]);
        made.site.keys = [trusted(KEY, '2026-11-22T10:00:00Z')];
        assert.equal(await signer(made), KEY.id);
    });

    it('may be signed by a key that this site has changed to', async () => {
        const made = new Visit([OTHER]);
        await made.seen.raiseKeys({ builtWith: OTHER.id, edition: 1, sha256: '', keys: [trusted(KEY)] });
        assert.equal(await signer(made), KEY.id);
        const broken = { ...made.seen, keys: async () => {
            throw new DOMException('no', 'UnknownError');
        } };
        made.seen = broken;
        assert.equal(await signer(made), null, 'what cannot be told is not signed');
    });

    it('goes on unsigned only where a device may be empty, if the site refuses such ones', async () => {
        const release = await visit().load();
        const judge = (/** @type {string} */ phase, /** @type {string} */ protection, /** @type {object} */ site,
            /** @type {string | null} */ signedBy = null) => {
            const engine = { decodeJournal: () => ({ phase }), findings: () => ({ protection }) };
            checkSigner(/** @type {any} */ (engine), { ...release, signedBy }, /** @type {any} */ (site), phase && 'a line');
        };
        const strict = { keys: [trusted(KEY)], unsigned: 'refuse' };
        const refused = { name: 'SIGNATURE_MISSING', place: { file: 'release.json' } };
        for (const [phase, protection] of [['erasing', 'level-1'], ['empty', 'level-1'], ['proven', 'level-1'],
            ['none', 'open']]) {
            assert.throws(() => judge(phase, protection, strict), refused, `${phase} ${protection}`);
            assert.throws(() => judge(phase, protection, { keys: [], unsigned: 'refuse' }), refused);
            judge(phase, protection, { keys: [], unsigned: 'say' });
            judge(phase, protection, strict, KEY.id);
        }
        for (const [phase, protection] of [['erasing', 'open'], ['empty', 'open'], ['sealing', 'open'], ['sealing', 'level-1']]) {
            judge(phase, protection, strict);
        }
    });
});

describe('a host in the middle of a publication', () => {
    const NEXT = makeFiles({ key: [KEY], document: { sequence: 8 }, channel: { edition: 2 } });

    /** @param {string[]} late files that come a moment later, below the release's folder */
    function publishing(late) {
        const made = visit();
        const early = Object.entries(NEXT).filter(([path]) => !late.includes(path));
        early.forEach(([path, bytes]) => made.host.replace(path, bytes));
        late.forEach((path) => {
            const before = /** @type {Uint8Array<ArrayBuffer>} */ (made.host.files.get(`${PAGE}releases/${path}`));
            made.host.replace(path, () => {
                made.host.publish(NEXT);
                return new Response(Uint8Array.from(before));
            });
        });
        return made;
    }

    it('is asked once more', async () => {
        for (const late of [['release.json.sig'], ['channel.json.sig'], ['release.json', 'release.json.sig'],
            ['channel.json', 'channel.json.sig']]) {
            const made = publishing(late.map((file) => `${NAME}/${file}`));
            assert.equal((await made.load()).document.sequence, 8, late.join());
            assert.deepEqual(await made.seen.release(NAME), { edition: 2, sequence: 8, withdrawn: [] });
        }
        for (const spoiled of [flip(0)(IMAGE.slice()), IMAGE.slice(1)]) {
            const made = visit();
            made.host.replace(`${NAME}/lamp.bin`, () => {
                made.host.publish(makeFiles({ key: [KEY] }));
                return new Response(Uint8Array.from(spoiled));
            });
            assert.ok((await made.load()).isKept);
        }
    });

    it('is not asked for ever', async () => {
        const made = visit();
        made.host.spoil(`${NAME}/release.json`, flip(9));
        await assert.rejects(made.load(), { name: 'SIGNATURE_WRONG', place: { file: 'release.json' } });
        assert.deepEqual(made.kept, []);
        assert.equal(made.host.paths.filter((path) => path === `${NAME}/release.json`).length, 2);
    });
});
