// @ts-check
// What the page does over WebUSB, told once: usb.test.mjs tells it to a fake navigator.usb on the host, and
// tests/real-stack/page.test.mjs to the real one of a real Chromium. A desk is a page, its devices, and their hands.
import assert from 'node:assert/strict';
import { CONFIRM, FLASH_IN_WORK, answerToPlan, inState, journalOf, pause, press } from './support.mjs';

/**
 * A device, a person's hands on it, and what only the simulator can know of it.
 * @typedef {object} Hands
 * @property {() => Promise<unknown>} unplug
 * @property {() => Promise<unknown>} plug
 * @property {(isHeld: boolean) => Promise<unknown>} replug with BOOT0 held or not
 * @property {() => Promise<{level: number, regressions: number, violations: unknown[], isOnBus: boolean}>} truth
 * @property {(offset: number, length: number) => Promise<Uint8Array>} flash
 * @property {() => Promise<unknown>} loseAnswer the next transfer is never answered
 */

/**
 * @typedef {object} Desk
 * @property {import('playwright-core').Page} page
 * @property {string[]} problems what went wrong in the page's scripts
 * @property {number} slowness 1 on a computer, more where one is emulated: by how much longer things may take
 * @property {(profile: string, options?: {serial?: string | null}) => Promise<Hands>} plugIn serial: the profile's own
 * if left out, null for none
 * @property {(open: () => Promise<unknown>, chooser?: 'refuse' | 'first') => Promise<void>} pick takes the first device
 * of the chooser that `open` opens, unless that turns out not to be needed, or turns it down
 * @property {() => Promise<number>} granted how many devices the page may use now
 * @property {boolean} isManaged the devices are granted by a policy, which nobody can give back
 * @property {(name: string) => Promise<void>} picture
 * @property {() => Promise<void>} reload
 * @property {() => Promise<void>} kill the browser loses its power, is started again, and shows the page
 * @property {() => Promise<() => Promise<void>>} forbid the system does not let the browser open devices, until what is
 * returned is called
 * @property {() => Promise<void>} [goOffline] the host of the page is gone, for good
 * @property {() => Promise<() => Promise<void>>} occupy another program holds it, until what is returned is called
 */

/** @typedef {{name: string, isManaged?: boolean, path?: string, run: (desk: Desk) => Promise<void>}} Scenario */

const CONNECT = 'Connect a device';
const ASKED = '.instruction h3';
const LOOK_MS = 100;

/** @param {Desk} desk @param {string} name @param {number} [limitMs] */
const until = ({ page, slowness }, name, limitMs = 20000) => inState(page, name, limitMs * slowness);

/** @param {Desk} desk @param {string} name of a button that may open a chooser @param {'refuse' | 'first'} [chooser] */
const choose = ({ page, pick }, name, chooser) => pick(() => press(page, name), chooser);

/** @param {Desk} desk */
const stateOf = ({ page }) => page.getAttribute('body', 'data-state');

/** @param {Desk} desk */
const asked = ({ page }) => page.locator(ASKED).first().innerText({ timeout: 200 }).catch(() => '');

/** @param {Desk} desk */
const endingText = ({ page }) => page.locator('#step-ending').innerText();

/**
 * Does what the page asks for until it has come to an ending.
 * @param {Desk} desk @param {Hands} device
 */
async function help(desk, device) {
    let done = '';
    for (;;) {
        await pause(LOOK_MS);
        const state = await stateOf(desk);
        const words = await asked(desk);
        if (state === 'ending') {
            return;
        }
        if (state !== 'waiting') {
            done = '';
        } else if (await desk.page.locator('#reconnect').isVisible() && (await device.truth()).isOnBus) {
            await choose(desk, 'Choose the device again');
        } else if (words !== done && /plug/i.test(words)) {
            done = words;
            await device.replug(true);
        }
    }
}

/**
 * Waits until the device itself is being written: what the page shows of it may last for a moment only.
 * @param {Desk} desk @param {Hands} device
 */
async function untilWriting({ slowness }, device) {
    const deadline = performance.now() + 30000 * slowness;
    while ((await device.truth()).regressions === 0 || (await device.flash(FLASH_IN_WORK, 1))[0] === 0xff) {
        assert.ok(performance.now() < deadline, 'the device is not being written');
        await pause(5);
    }
}

/** @param {Desk} desk @param {number} count waits until the browser knows of so many devices that the page may use */
async function untilGranted({ slowness, granted }, count) {
    const deadline = performance.now() + 5000 * slowness;
    while (await granted() !== count) {
        assert.ok(performance.now() < deadline, `the page may not use ${count} devices`);
        await pause(LOOK_MS);
    }
}

/** @param {Desk} desk from the start to the work */
async function toWork(desk) {
    await choose(desk, CONNECT);
    await answerToPlan(desk.page);
    await press(desk.page, CONFIRM);
}

/** @param {Desk} desk @param {Hands} device after one erase it is protected, and was never treated badly */
async function assertProven(desk, device) {
    assert.match(await endingText(desk), /Proven/);
    const { level, regressions, violations } = await device.truth();
    assert.deepEqual({ level, regressions, violations }, { level: 1, regressions: 1, violations: [] });
}

/** @param {Desk} desk @param {Hands} device the page has looked at it: all of the rest */
async function finish(desk, device) {
    await answerToPlan(desk.page);
    await press(desk.page, CONFIRM);
    await help(desk, device);
    await assertProven(desk, device);
    const [entry] = await journalOf(desk.page);
    assert.deepEqual([entry.phase, entry.job], ['proven', null]);
    assert.equal(await desk.granted(), desk.isManaged ? 1 : 0, 'the permission is given back at the end');
    assert.deepEqual(desk.problems, []);
}

/** @param {string} profile @returns {Scenario} */
export const lockedUpdate = (profile) => ({
    name: `the locked update of an ${profile} ends proven, keeps the journal line and drops the file`,
    run: async (desk) => {
        const device = await desk.plugIn(profile);
        await choose(desk, CONNECT);
        await finish(desk, device);
    },
});

/**
 * @param {string} profile @param {string} question @param {string} button its answer
 * @returns {Scenario}
 */
export const finishedAlready = (profile, question, button) => ({
    name: `asks before it does a finished device again: ${question}`,
    run: async (desk) => {
        const device = await desk.plugIn(profile);
        await toWork(desk);
        await help(desk, device);
        await press(desk.page, 'Start again');
        await until(desk, 'start');
        await choose(desk, CONNECT);
        await answerToPlan(desk.page, {}, question);
        await desk.picture(`4-${question}`);
        await press(desk.page, button);
        await until(desk, 'ending');
        await assertProven(desk, device);
    },
});

/** @param {string} profile @returns {Scenario} */
export const withoutSerial = (profile) => ({
    name: `an ${profile} without a serial number loses its permission: one button gives it back`,
    run: async (desk) => {
        const device = await desk.plugIn(profile, { serial: null });
        await toWork(desk);
        await desk.page.locator('#reconnect').waitFor({ timeout: 20000 * desk.slowness });
        await desk.picture('6-reconnect');
        await choose(desk, 'Choose the device again', 'refuse');
        await desk.page.getByText('No device was chosen').waitFor();
        await help(desk, device);
        await assertProven(desk, device);
    },
});

/** @param {string} profile @returns {Scenario} */
export const unplugged = (profile) => ({
    name: `an ${profile} that was unplugged in the middle is gone on with`,
    run: async (desk) => {
        const device = await desk.plugIn(profile);
        await toWork(desk);
        await untilWriting(desk, device);
        await device.unplug();
        await desk.page.getByText('The device is gone. Looking for it').waitFor({ timeout: 2000 * desk.slowness });
        await desk.page.locator(ASKED).waitFor({ timeout: 4000 * desk.slowness });
        assert.equal(await desk.page.locator(ASKED).innerText(),
            'The device is gone: plug it in again, with BOOT0 held');
        assert.ok(await desk.page.locator('#reconnect').isHidden());
        await desk.picture('7-unplugged');
        await device.plug();
        // It may be at work for a moment only: what counts is that it waits no longer.
        await desk.page.waitForFunction(() => document.body.dataset.state !== 'waiting', undefined,
            { timeout: 20000 * desk.slowness });
        await help(desk, device);
        await assertProven(desk, device);
    },
});

/** @param {Desk} desk goes on with the job that the page remembers */
async function goOn(desk) {
    await until(desk, 'resume');
    assert.match(await desk.page.locator('#resume').innerText(), /Your device is empty now, that is expected/);
    await desk.picture('8-resume');
    await choose(desk, 'Go on');
    await desk.page.locator(['plan', 'work', 'waiting', 'ending'].map((state) => `body[data-state="${state}"]`).join()).waitFor();
    // It asks once more only where something would be lost.
    if (await stateOf(desk) === 'plan') {
        const held = desk.page.locator('#boot0-held');
        if (await held.isVisible()) {
            await held.check();
        }
        await desk.page.locator('#step-plan button').first().click();
    }
}

/** @param {string} profile @param {('reload' | 'kill')[]} accidents one after the other @returns {Scenario} */
export const interrupted = (profile, ...accidents) => ({
    name: `a job with an ${profile} goes on after ${accidents.join(' and ')} in the middle, without a second erase`,
    run: async (desk) => {
        const device = await desk.plugIn(profile);
        await toWork(desk);
        for (const accident of accidents) {
            await untilWriting(desk, device);
            await desk[accident]();
            await goOn(desk);
        }
        await help(desk, device);
        await assertProven(desk, device);
    },
});

/** @param {string} profile @returns {Scenario} the sample release, from its link to the proof */
export const fromLink = (profile) => ({
    name: `a link updates an ${profile}: the host goes away, the page is reloaded in the middle, and it ends proven`,
    path: '/?release=sample#ticket=17',
    run: async (desk) => {
        const { page } = desk;
        const device = await desk.plugIn(profile);
        await page.getByText('Everything is on this computer now').waitFor({ timeout: 30000 * desk.slowness });
        await desk.picture('10-link');
        await desk.goOffline?.();
        await choose(desk, 'Connect the device');
        await until(desk, 'plan');
        await page.check('#boot0-held');
        await desk.picture('11-link-plan');
        await press(page, CONFIRM);
        await untilWriting(desk, device);
        await desk.reload();
        await goOn(desk);
        await help(desk, device);
        await assertProven(desk, device);
        assert.match(await endingText(desk), /The light blinks/, 'what the maker says last');
        await desk.picture('12-link-ending');
        assert.deepEqual(desk.problems, []);
    },
});

/** @type {Scenario} */
export const twoDevices = {
    name: 'two devices are refused, and one of them is not',
    isManaged: true,
    run: async (desk) => {
        const first = await desk.plugIn('stm32f405', { serial: 'AAAAAAAAAAAA' });
        const second = await desk.plugIn('stm32f405', { serial: 'BBBBBBBBBBBB' });
        await choose(desk, CONNECT);
        await desk.page.locator('[data-error="SEVERAL_DEVICES"]').waitFor();
        await desk.picture('9-two-devices');
        await second.unplug();
        await untilGranted(desk, 1);
        await choose(desk, 'Try again');
        await until(desk, 'file');
        assert.equal((await first.truth()).regressions + (await second.truth()).regressions, 0);
    },
};

/** @type {Scenario} */
export const refusedChooser = {
    name: 'a refused chooser is explained on the spot',
    run: async (desk) => {
        await choose(desk, CONNECT, 'refuse');
        await desk.page.locator('#start-problem [data-error="NO_DEVICE"]').waitFor();
    },
};

/**
 * @param {string} error the page's name of it @param {'forbid' | 'occupy'} how
 * @returns {Scenario}
 */
export const closedDoor = (error, how) => ({
    name: `${error} is explained, and cured: then the locked update ends proven`,
    run: async (desk) => {
        const device = await desk.plugIn('stm32f405');
        const cure = await desk[how]();
        await choose(desk, CONNECT);
        await desk.page.locator(`[data-error="${error}"]`).waitFor();
        await desk.picture(`9-${error.toLowerCase().replaceAll('_', '-')}`);
        await cure();
        await choose(desk, 'Try again');
        await finish(desk, device);
    },
});

/** @type {Scenario} */
export const setUpTest = {
    name: '"Test my set-up" looks and changes nothing',
    run: async (desk) => {
        const device = await desk.plugIn('stm32f405');
        await press(desk.page, 'Test my set-up');
        await choose(desk, 'Choose the device');
        await until(desk, 'checked');
        await desk.picture('9-checked');
        assert.equal((await device.truth()).regressions, 0);
        assert.deepEqual(await journalOf(desk.page), []);
    },
};
