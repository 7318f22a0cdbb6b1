// @ts-check
/**
 * The desk that tests/browser/usb-scenarios.mjs and usb-contract.mjs are told at, with all of it real but the devices
 * and their cable: Chromium on Linux, its chooser, udev's rules.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { GuestChromium, MANAGED_ORIGIN, ORIGIN, clickAt, photograph, pressKey, startDesk } from './chromium.mjs';
import { Bench, FAST, untilOnBus } from './devices.mjs';
import { Guest, ROOT, pause } from './guest.mjs';

/** @typedef {import('../browser/usb-scenarios.mjs').Desk} Desk */
/** @typedef {import('../browser/usb-scenarios.mjs').Hands} Hands */

const RULE = '/etc/udev/rules.d/70-relock-stm32-dfu.rules';
const SLOWNESS = 8;
const CHOOSER_MS = 60000;
const PAGE_MS = 180000;
const LOOK_MS = 100;
const REDRAW_MS = 700;
/** Places on the screen: the first device of the chooser's list, and its button. */
const [FIRST_IN_LIST, CONNECT] = [[224, 151], [503, 487]];
const QUIET_DOCUMENT = '/manifest.webmanifest';

/**
 * Installs the rule that is shipped, or takes it away; what is plugged in follows at once.
 * @param {Guest} guest @param {boolean} isThere
 */
export async function setRule(guest, isThere) {
    // It lets in who sits at the screen, or is in a group: there is no systemd-logind here, and the group is empty.
    const shipped = readFileSync(`${ROOT}/cli/udev/70-relock-stm32-dfu.rules`, 'utf8').trimEnd();
    await guest.write(RULE, isThere ? `${shipped}, MODE="0666"\n` : '');
    const applied = await guest.run(['sh', '-c', `udevadm control --reload
        udevadm trigger --settle --subsystem-match=usb
        ${isThere ? '' : 'chmod 0664 /dev/bus/usb/*/*'}`]);
    assert.equal(applied.code, 0, applied.output);
}

/**
 * All that is real, made ready: the guest, its screen and page, udev's rule, and a Chromium.
 * @param {{site?: string, isGranted?: boolean, profile: string}} options site: the folder of the page; the others are
 * GuestChromium's
 */
export async function sitDown({ site, isGranted, profile }) {
    const guest = await Guest.join();
    const screen = await startDesk(guest, site);
    await setRule(guest, true);
    const chromium = { current: await GuestChromium.start(guest, { isGranted, profile }) };
    return { guest, screen, chromium, leave: async () => {
        await setRule(guest, false);
        await chromium.current.close();
        await screen.close();
        guest.close();
    } };
}

/** @param {import('./devices.mjs').Device} device @returns {Hands} */
const handsOn = (device) => ({
    unplug: () => device.hand('unplug'),
    plug: () => device.hand('plug'),
    replug: async (isHeld) => {
        await device.hand(isHeld ? 'press' : 'release');
        await device.hand('replug');
    },
    truth: async () => {
        const { level, counters, violations, on_bus: isOnBus } = await device.truth();
        return { level, regressions: counters.regressions, violations, isOnBus };
    },
    flash: async (offset, length) => (await device.flash()).subarray(offset, offset + length),
    loseAnswer: () => device.damage('--fault', 'timeout@0'),
});

/** Runs in the page: leaves a mark while the browser's chooser is open, which is no part of the page. */
function markChooser() {
    const { usb } = navigator;
    const ask = usb.requestDevice.bind(usb);
    const mark = (/** @type {string} */ state) => {
        document.documentElement.dataset.chooser = state;
    };
    usb.requestDevice = (options) => {
        mark('open');
        return ask(options).finally(() => mark('closed'));
    };
}

/** Runs in the page: the next test's devices have the same serial numbers, and are no old acquaintances. */
const forgetJobs = () => new Promise((resolve) => {
    const request = indexedDB.deleteDatabase('relock');
    request.onsuccess = resolve;
    request.onerror = resolve;
});

/**
 * One test's page and devices. The browser is shared: see GuestChromium.
 * @implements {Desk}
 */
export class GuestDesk {
    slowness = SLOWNESS;
    /** @type {string[]} */
    problems = [];
    /** @type {Bench[]} */
    benches = [];

    /**
     * @param {Guest} guest @param {{current: GuestChromium}} chromium the one that runs; `kill` changes it
     * @param {{isManaged?: boolean, isQuiet?: boolean, path?: string}} [options] isManaged: a policy grants the
     * devices to this page; isQuiet: a document without scripts; path: of another document
     */
    static async open(guest, chromium, { isManaged = false, isQuiet = false, path = '/' } = {}) {
        const desk = new GuestDesk(guest, chromium, isManaged, isQuiet ? QUIET_DOCUMENT : path);
        await desk.show();
        return desk;
    }

    /**
     * @param {Guest} guest @param {{current: GuestChromium}} chromium @param {boolean} isManaged
     * @param {string} path of the document that it shows
     */
    constructor(guest, chromium, isManaged, path) {
        this.guest = guest;
        this.chromium = chromium;
        this.isManaged = isManaged;
        this.url = `${isManaged ? MANAGED_ORIGIN : ORIGIN}${path}`;
        /** @type {import('playwright-core').Page} */
        this.page = /** @type {any} */ (null);
    }

    /** Shows the page in the browser's one tab, which is cheaper than a new one. */
    async show() {
        const page = await this.chromium.current.onlyPage(markChooser);
        page.on('dialog', (dialog) => void dialog.accept().catch(() => {}));
        page.on('pageerror', (error) => this.problems.push(String(error)));
        page.setDefaultTimeout(PAGE_MS);
        await page.goto(this.url);
        await page.locator('body:not([data-state="loading"])').waitFor();
        this.page = page;
    }

    /** @type {Desk['plugIn']} */
    plugIn = async (profile, { serial } = {}) => {
        const bench = await Bench.open([{ profile, knobs: FAST, serial: serial === null ? 'none' : serial }]);
        this.benches.push(bench);
        await this.guest.plug(bench.port);
        await untilOnBus(this.guest, (await this.truths()).filter((truth) => truth.on_bus).length);
        return handsOn(bench.device);
    };

    /** @type {Desk['pick']} */
    pick = async (open, chooser = 'first') => {
        await this.page.evaluate(() => document.documentElement.removeAttribute('data-chooser'));
        const before = await this.pageState();
        await open();
        if (this.isManaged) {
            return;
        }
        const deadline = Date.now() + CHOOSER_MS;
        while (await this.chooserState() !== 'closed') {
            if (await this.chooserState() === undefined && await this.pageState() !== before) {
                return; // it may use the device already, and went on
            }
            assert.ok(Date.now() < deadline, `the chooser is ${await this.chooserState()}; ${await this.busState()}`);
            await (await this.chooserState() === 'open' ? this.handle(chooser) : pause(LOOK_MS));
        }
    };

    truths() {
        return Promise.all(this.benches.map(({ device }) => device.truth()));
    }

    /** For the message of a test that failed. */
    async busState() {
        const truths = await this.truths();
        const { stdout } = await this.guest.run(['sh', '-c', 'cat /sys/devices/platform/vhci_hcd.0/status']);
        return `on the bus: ${truths.map((truth) => truth.on_bus)}; the guest's ports in use:\n${stdout.split('\n')
            .filter((line) => !/ 00000000 /.test(line)).join('\n')}`;
    }

    /** @returns {Promise<string | undefined>} */
    chooserState() {
        return this.page.evaluate(() => document.documentElement.dataset.chooser);
    }

    /** @returns {Promise<string | undefined>} */
    pageState() {
        return this.page.evaluate(() => document.body.dataset.state);
    }

    /** @param {'first' | 'refuse'} chooser as a hand at the mouse; nothing happens while the list is empty */
    async handle(chooser) {
        await pause(REDRAW_MS);
        if (chooser === 'refuse') {
            await pressKey(this.guest, 'Escape');
        } else {
            await clickAt(this.guest, FIRST_IN_LIST[0], FIRST_IN_LIST[1]);
            await pause(REDRAW_MS / 2);
            await this.picture('chooser');
            await clickAt(this.guest, CONNECT[0], CONNECT[1]);
        }
        await pause(REDRAW_MS);
    }

    granted = () => this.page.evaluate(async () => (await navigator.usb.getDevices()).length);

    /** @type {Desk['picture']} */
    picture = (name) => photograph(this.guest, `page-${name}`);

    reload = async () => {
        await this.page.reload();
    };

    kill = async () => {
        await this.chromium.current.kill();
        this.chromium.current = await GuestChromium.start(this.guest, this.chromium.current.options);
        await this.show();
    };

    forbid = async () => {
        await setRule(this.guest, false);
        return () => setRule(this.guest, true);
    };

    occupy = async () => {
        const other = await this.chromium.current.page();
        await other.goto(`${MANAGED_ORIGIN}${QUIET_DOCUMENT}`);
        await other.evaluate(async () => {
            const [device] = await navigator.usb.getDevices();
            await device.open();
            await device.claimInterface(0);
        });
        return () => other.close();
    };

    async close() {
        await this.page?.goto(new URL(QUIET_DOCUMENT, this.url).href).catch(() => {});
        await this.page?.evaluate(forgetJobs).catch(() => {});
        this.page?.removeAllListeners();
        for (const bench of this.benches) {
            await bench.close(this.guest);
        }
    }
}
