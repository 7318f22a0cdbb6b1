// @ts-check
// Releases and hosts that lie: nothing is erased, nothing is executed, and the page says which it was and whom to ask.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assertRefused, openLink, openMaker, untilReady } from './link-support.mjs';
import { Release, jsonBytes, makeKey, openSite, releaseDocument, sha256, signatureOf } from './release-server.mjs';
import { LIMIT, assertAccessible, inState, openBrowser, picture } from './support.mjs';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('./release-server.mjs').ReleaseSite} ReleaseSite */
/** @typedef {import('./release-server.mjs').Key} Key */
/** @typedef {{host: ReleaseSite, release: Release, keys: Key[]}} Maker */

const DOCUMENT = 'releases/acme-lamp/release.json';
const MAX_REQUESTED = 2 << 20;

/** Signs and publishes bytes that no good maker would. @param {Maker} maker @param {Buffer} bytes */
function publishRaw({ host, keys }, bytes) {
    host.spoil('acme-lamp/release.json', () => bytes);
    host.spoil('acme-lamp/release.json.sig', () => signatureOf(keys, 'relock-release-v1', bytes));
}

/** @param {object} changes to the document, signed @returns {(maker: Maker) => void} */
const published = (changes) => (maker) => {
    maker.host.publish(new Release({ document: changes, keys: maker.keys }), 'acme-lamp');
};

/** @param {Record<string, unknown>} changes to the channel, signed @returns {(maker: Maker) => void} */
const channelled = (changes) => ({ host, release }) => {
    release.channelChanges = changes;
    host.publish(release);
};

/** @param {string} file @returns {(maker: Maker) => void} a release whose image is called so */
const imageCalled = (file) => {
    const [image] = releaseDocument().images;
    return published({ images: [{ ...image, file }] });
};

/** @param {import('node:http').ServerResponse} response sends half of what it announces */
function cutOff(response) {
    response.writeHead(200, { 'Content-Length': '5000' });
    response.write('{"format":');
    setTimeout(() => response.destroy(), 200);
}

/** @type {{name: string, error: string, spoil: (maker: Maker) => void}[]} */
const LIES = [
    { name: 'a tampered image', error: 'RELEASE_FILE_CHANGED', spoil: ({ host }) => host.spoil('acme-lamp/lamp.hex', (bytes) => {
        bytes[100] ^= 1;
        return bytes;
    }) },
    { name: 'a truncated image', error: 'RELEASE_FILE_SIZE',
        spoil: ({ host }) => host.spoil('acme-lamp/lamp.hex', (bytes) => bytes.subarray(0, 500)) },
    { name: 'an image that is too long', error: 'RELEASE_FILE_SIZE',
        spoil: ({ host }) => host.spoil('acme-lamp/lamp.hex', (bytes) => Buffer.concat([bytes, Buffer.alloc(1 << 20)])) },
    { name: 'a changed release', error: 'SIGNATURE_WRONG', spoil: ({ host }) => host.spoil('acme-lamp/release.json',
        (bytes) => Buffer.from(bytes.toString().replace('"protected"', '"open"'))) },
    { name: 'a changed channel', error: 'SIGNATURE_WRONG', spoil: ({ host }) => host.spoil('acme-lamp/channel.json',
        (bytes) => Buffer.from(bytes.toString().replace('"edition": 1', '"edition": 9'))) },
    { name: 'another key', error: 'KEY_UNKNOWN', spoil: ({ host }) => host.publish(new Release({ keys: [makeKey()] })) },
    { name: 'no signature', error: 'SIGNATURE_MISSING',
        spoil: ({ host }) => rmSync(join(host.folder, `${DOCUMENT}.sig`)) },
    { name: 'another product under the link\'s name', error: 'RELEASE_OF_ANOTHER_NAME', spoil: published({ name: 'acme-heater' }) },
    { name: 'an expired release', error: 'RELEASE_EXPIRED',
        spoil: published({ created: '2020-01-01T00:00:00Z', expires: '2021-01-01T00:00:00Z' }) },
    { name: 'a withdrawn release', error: 'RELEASE_WITHDRAWN', spoil: channelled({ withdrawn: [3, 7] }) },
    { name: 'a release that is not current', error: 'RELEASE_NOT_CURRENT', spoil: channelled({ current: 8 }) },
    { name: 'ten megabytes', error: 'DOCUMENT_TOO_LARGE', spoil: (maker) => publishRaw(maker, Buffer.alloc(10 << 20, ' ')) },
    { name: 'deep nesting', error: 'DOCUMENT_TOO_DEEP',
        spoil: (maker) => publishRaw(maker, Buffer.from('['.repeat(20000) + ']'.repeat(20000))) },
    { name: 'the same field twice', error: 'DOCUMENT_DUPLICATE_KEY', spoil: (maker) => publishRaw(maker,
        Buffer.from(jsonBytes(releaseDocument()).toString().replace('"end"', '"\\u0065nd": "open", "end"'))) },
    { name: 'an unknown field', error: 'DOCUMENT_FIELD_UNKNOWN', spoil: published({ protect: 'level-2' }) },
    { name: 'a path to elsewhere', error: 'DOCUMENT_FIELD_VALUE', spoil: (maker) => publishRaw(maker,
        jsonBytes(releaseDocument({ images: [{ ...releaseDocument().images[0], file: '../../site.json' }] }))) },
    { name: 'an image of a foreign origin', error: 'DOCUMENT_FIELD_VALUE', spoil: (maker) => publishRaw(maker,
        jsonBytes(releaseDocument({ images: [{ ...releaseDocument().images[0], file: 'https://evil.example/x.hex' }] }))) },
    { name: 'an image that is not there', error: 'RELEASE_NOT_FOUND', spoil: imageCalled('nowhere.hex') },
    { name: 'control characters', error: 'DOCUMENT_TEXT', spoil: published({ product: 'Lamp\u001b[2J\u0000' }) },
    { name: 'text that runs backwards', error: 'DOCUMENT_TEXT', spoil: published({ product: 'Lamp \u202egnp.exe' }) },
    { name: 'a download that breaks off', error: 'RELEASE_NOT_REACHED',
        spoil: ({ host }) => host.answers.set(DOCUMENT, (_, response) => cutOff(response)) },
];

describe('a release that lies', () => {
    for (const { name, error, spoil } of LIES) {
        it(`with ${name} is refused`, LIMIT, async (test) => {
            const maker = await openMaker(test);
            spoil(maker);
            const { page, bus, changes, problemsNow } = await openLink(browser, test, 'about:blank');
            const device = bus.plugIn('stm32f405');
            bus.isManaged = true;
            const { transfers } = device.truth();
            await page.goto(maker.host.link());
            await assertRefused(page, error, /Acme Service Desk/);
            await assertAccessible(page);
            assert.equal(device.truth().transfers, transfers, 'the device was not even looked at');
            assert.deepEqual(changes, []);
            assert.deepEqual(problemsNow(), []);
        });
    }
});

describe('a host that lies', () => {
    it('with a redirect is refused, and the other place is not asked', LIMIT, async (test) => {
        const maker = await openMaker(test);
        const other = await openMaker(test);
        maker.host.answers.set(DOCUMENT, (_, response) => {
            response.writeHead(302, { Location: `${other.host.url}${DOCUMENT}` }).end();
        });
        const { page, changes } = await openLink(browser, test, maker.host.link());
        await assertRefused(page, 'RELEASE_NOT_REACHED', /Acme Service Desk/);
        await picture(page, '10-link-not-reached');
        assert.deepEqual([other.host.asked, changes], [[], []]);
    });

    it('with an endless answer is not listened to for ever', LIMIT, async (test) => {
        const maker = await openMaker(test);
        let sent = 0;
        maker.host.answers.set(DOCUMENT, (_, response) => {
            response.writeHead(200, { 'Content-Type': 'application/json' });
            const more = () => {
                while (!response.destroyed && response.write(Buffer.alloc(65536, ' '))) {
                    sent += 65536;
                }
            };
            response.on('drain', more);
            more();
        });
        const { page } = await openLink(browser, test, maker.host.link());
        await assertRefused(page, 'DOCUMENT_TOO_LARGE', /Acme Service Desk/);
        const sentUntilThen = sent;
        await page.waitForTimeout(500);
        assert.equal(sent, sentUntilThen);
        assert.ok(sent < MAX_REQUESTED * 8, `${sent} bytes`);
    });

    it('with an older release than it served before is refused', LIMIT, async (test) => {
        const { host, release } = await openMaker(test);
        release.channelChanges = { edition: 5 };
        host.publish(release);
        const { page, bus, changes } = await openLink(browser, test, host.link());
        bus.plugIn('stm32f405');
        await untilReady(page);
        release.document = releaseDocument({ sequence: 6, version: '2.0.0' });
        host.publish(release);
        await page.reload();
        await assertRefused(page, 'RELEASE_OLDER', /Acme Service Desk/);
        assert.deepEqual(changes, []);
    });

    it('with an expired key is refused', LIMIT, async (test) => {
        const key = makeKey();
        const host = await openSite(test, { keys: [key], site: { keys: [{ id: key.id, public: key.public,
            expires: '2021-01-01T00:00:00Z' }] } });
        host.publish(new Release({ keys: [key] }));
        const { page } = await openLink(browser, test, host.link());
        await assertRefused(page, 'KEY_EXPIRED', /Acme Service Desk/);
    });
});

describe('a copy that was tampered with in the browser', () => {
    it('is refused without a network, too', LIMIT, async (test) => {
        const { host } = await openMaker(test, { isOffline: true });
        const { page, bus, changes } = await openLink(browser, test, host.link());
        const device = bus.plugIn('stm32f405');
        await untilReady(page);
        await page.getByText('Everything is on this computer now').waitFor();
        const count = await page.evaluate(async () => {
            let poisoned = 0;
            for (const name of (await caches.keys()).filter((one) => one.startsWith('relock-release-'))) {
                const cache = await caches.open(name);
                for (const request of (await cache.keys()).filter(({ url }) => url.endsWith('lamp.hex'))) {
                    const kept = await (await cache.match(request))?.arrayBuffer();
                    const bytes = new Uint8Array(kept ?? new ArrayBuffer(0));
                    bytes[100] ^= 1;
                    await cache.put(request, new Response(bytes));
                    poisoned += 1;
                }
            }
            return poisoned;
        });
        assert.equal(count, 1);
        host.isDown = true;
        await page.reload();
        await assertRefused(page, 'RELEASE_FILE_CHANGED', /Acme Service Desk/);
        assert.deepEqual(changes, []);
        assert.equal(device.truth().regressions, 0);
    });
});

describe('texts with markup in them', () => {
    const SCRIPT = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script> {count}';

    it('are shown as text, in every field', LIMIT, async (test) => {
        const script = { en: SCRIPT };
        const bytes = Buffer.from('not a picture');
        const { host, release } = await openMaker(test, { document: { languages: ['en'], product: SCRIPT.slice(0, 110),
            version: '<b>1</b>', notes: script, lost: [script], after: [script], boot0: { hold: script, release: script },
            enter: [{ text: script, alt: { en: `Picture: ${SCRIPT}` },
                pictures: { en: { file: 'x.png', size: bytes.length, sha256: sha256(bytes) } } }],
            contact: { name: '<i>Acme</i>', email: 'a@acme.example' } }, site: { brand: '<u>Acme</u>' } });
        release.files.set('x.png', bytes);
        host.publish(release);
        const { page, bus, changes, problemsNow } = await openLink(browser, test, host.link());
        bus.plugIn('stm32f405');
        await untilReady(page);
        const text = await page.locator('#link').innerText();
        assert.ok(text.split('<script>').length > 4, text);
        assert.equal(await page.locator('.top .name').innerText(), '<u>Acme</u>');
        assert.equal(await page.locator('#link script, #link b, #link i, #link [onerror]').count(), 0);
        await assertAccessible(page);
        await page.getByRole('button', { name: 'Connect the device' }).click();
        await inState(page, 'plan');
        assert.match(await page.locator('#step-plan').innerText(), /<script>/);
        await assertAccessible(page);
        assert.doesNotMatch(await page.title(), /^owned/);
        assert.deepEqual(changes, []);
        assert.deepEqual(problemsNow(), []);
    });
});
