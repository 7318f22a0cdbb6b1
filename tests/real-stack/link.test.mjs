// @ts-check
/**
 * One whole run from a link: a built site with a signed release, in Debian's Chromium with its service worker, its
 * WebCrypto, its chooser and its real WebUSB.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fromLink } from '../browser/usb-scenarios.mjs';
import { ROOT } from './guest.mjs';
import { GuestDesk, sitDown } from './page-desk.mjs';

const LIMIT = { timeout: 600000 };
const FOLDER = `${ROOT}/build/real-stack/link`;
const RELOCK = `${ROOT}/build/debug/cli/relock`;

/** @type {Awaited<ReturnType<typeof sitDown>>} */
let seat;

/** A maker's site with the sample release and the key that signed it. @returns {string} its folder */
function buildSite() {
    const { id, public: key } = JSON.parse(readFileSync(`${ROOT}/tests/keys/test-key.pub`, 'utf8'));
    const site = { format: 'relock-site-1', brand: 'Sample maker', languages: ['en', 'de'], keys: [{ id, public: key }],
        unsigned: 'refuse', contact: { name: 'Sample maker', email: 'support@example.com' }, releases: ['releases/'],
        files: false };
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(`${FOLDER}/site.json`, JSON.stringify(site));
    execFileSync(RELOCK, ['site', 'build', `${FOLDER}/built`, '--site', `${FOLDER}/site.json`, '--page',
        `${ROOT}/build/wasm/site`, '--releases', `${ROOT}/public/releases`]);
    return `${FOLDER}/built`;
}

before(async () => {
    seat = await sitDown({ site: buildSite(), profile: `link-${process.pid}` });
}, LIMIT);
after(() => seat?.leave(), LIMIT);

describe('the page that a link opens', () => {
    const { name, path, run } = fromLink('stm32f405');
    it(name, LIMIT, async (test) => {
        const desk = await GuestDesk.open(seat.guest, seat.chromium, { path });
        test.after(async () => {
            await desk.picture('end-link');
            await desk.close();
        });
        const stop = async () => void await seat.screen.stopServer();
        await run(Object.assign(desk, { goOffline: stop }));
    });
});
