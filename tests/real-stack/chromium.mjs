// @ts-check
/**
 * Debian's full Chromium in the guest, on a screen of its own, driven over DevTools; the page is served in the guest,
 * at the same origin as at home, because only a trustworthy origin may use WebUSB.
 */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { OUTPUT, ROOT, pause } from './guest.mjs';

/** Two origins of the same page: a policy may grant devices to the one, and the other has the chooser. */
export const MANAGED_ORIGIN = 'http://localhost:8000';
export const ORIGIN = 'http://127.0.0.1:8000';
const SCREEN = ':7';
const DEVTOOLS = 9222;
const POLICY = '/etc/chromium/policies/managed/relock.json';
const START_MS = 90000;
const SCREEN_PIXELS = '1280x960';

/** What a company's administrator may grant without a click. */
const GRANTED = {
    WebUsbAllowDevicesForUrls: [{ devices: [{ vendor_id: 0x0483, product_id: 0xdf11 }], urls: [MANAGED_ORIGIN] }],
};

const QUIET = ['--no-first-run', '--no-default-browser-check', '--disable-background-networking', '--disable-sync',
    '--disable-component-update', '--disable-extensions', '--disable-gpu', '--password-store=basic',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1', '--window-position=0,0',
    `--window-size=${SCREEN_PIXELS.replace('x', ',')}`];

/** @typedef {import('./guest.mjs').Guest} Guest */

/**
 * The guest's screen and page server, once per guest.
 * @param {Guest} guest @param {string} [site] the folder of the page
 */
export async function startDesk(guest, site = `${ROOT}/build/wasm/site`) {
    const screen = guest.start(['Xvfb', SCREEN, '-screen', '0', `${SCREEN_PIXELS}x24`, '-nolisten', 'tcp', '-ac']);
    const server = guest.start([process.execPath, `${ROOT}/scripts/serve.mjs`, site]);
    await server.until('Relock is at');
    await guest.forwardDevtools(DEVTOOLS);
    return {
        stopServer: () => server.signal('SIGKILL'),
        close: () => Promise.all([screen, server].map((running) => running.signal('SIGKILL'))),
    };
}

/** The guest's screen as a PNG in build/real-stack/output. @param {Guest} guest @param {string} name */
export async function photograph(guest, name) {
    const path = `/tmp/${name}.png`;
    const shot = await guest.run(['scrot', '--overwrite', path], { env: { DISPLAY: SCREEN } });
    assert.equal(shot.code, 0, shot.output);
    writeFileSync(`${OUTPUT}/${name}.png`, await guest.read(path));
}

/**
 * Clicks at a place of the guest's screen, as a hand would.
 * @param {Guest} guest @param {number} x @param {number} y
 */
export async function clickAt(guest, x, y) {
    const hand = ['xdotool', 'mousemove', String(x), String(y), 'sleep', '0.3', 'click', '1'];
    const click = await guest.run(hand, { env: { DISPLAY: SCREEN } });
    assert.equal(click.code, 0, click.output);
}

/** @param {Guest} guest @param {string} key as xdotool names it */
export async function pressKey(guest, key) {
    const press = await guest.run(['xdotool', 'key', key], { env: { DISPLAY: SCREEN } });
    assert.equal(press.code, 0, press.output);
}

/** A running Chromium. */
export class GuestChromium {
    /**
     * @param {Guest} guest
     * @param {{ isGranted?: boolean, profile?: string }} [options] isGranted: to MANAGED_ORIGIN, by policy. profile:
     * a name; the same one again finds what the last one left behind. It runs as a plain user, in its sandbox.
     */
    static async start(guest, { isGranted = false, profile = 'profile' } = {}) {
        await guest.write(POLICY, JSON.stringify(isGranted ? GRANTED : {}));
        const browser = new GuestChromium(guest, { isGranted, profile });
        browser.process = guest.start(['chromium', ...QUIET, `--remote-debugging-port=${DEVTOOLS}`,
            `--user-data-dir=/home/customer/${profile}`, 'about:blank'], { user: 'customer', env: { DISPLAY: SCREEN } });
        await browser.connect();
        return browser;
    }

    /** @param {Guest} guest @param {{ isGranted: boolean, profile: string }} options */
    constructor(guest, options) {
        this.guest = guest;
        this.options = options;
        /** @type {import('./guest.mjs').GuestProcess | null} */
        this.process = null;
        /** @type {import('playwright-core').Browser | null} */
        this.browser = null;
        /** @type {import('playwright-core').Page | null} */
        this.tab = null;
    }

    async connect() {
        const deadline = Date.now() + START_MS;
        while (this.browser === null) {
            assert.ok(!this.process?.hasEnded && Date.now() < deadline, `Chromium did not start:\n${this.process?.output}`);
            this.browser = await chromium.connectOverCDP(`http://127.0.0.1:${this.guest.devtoolsPort}`, { timeout: 20000 })
                .catch(() => null);
            await pause(this.browser ? 0 : 500);
        }
    }

    /** A page in the browser's own (not incognito) context: a profile's permissions and journal are there. */
    async page() {
        const context = this.browser?.contexts()[0];
        assert.ok(context);
        return context.newPage();
    }

    /** The same page at each call. @param {() => void} script runs before those of each of its documents */
    async onlyPage(script) {
        if (this.tab === null) {
            this.tab = await this.page();
            await this.tab.addInitScript(script);
        }
        return this.tab;
    }

    /** As if the computer had lost power. */
    async kill() {
        await this.process?.signal('SIGKILL');
        await this.process?.end;
        await this.browser?.close().catch(() => {});
        await this.guest.run(['rm', '-f', `/home/customer/${this.options.profile}/SingletonLock`]);
    }

    async close() {
        await this.browser?.close().catch(() => {});
        await this.process?.signal('SIGTERM');
        await this.process?.end;
    }
}
