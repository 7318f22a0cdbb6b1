// @ts-check
/**
 * The page in Debian's Chromium over its real WebUSB: a plain user, the sandbox, udev's rules, the browser's chooser.
 * The same scenarios are told to a fake navigator.usb on the host by tests/browser/usb.test.mjs; the contract says
 * what that fake owes to this one.
 */

import { after, before, describe, it } from 'node:test';
import { CONTRACT, prepare } from '../browser/usb-contract.mjs';
import * as scenarios from '../browser/usb-scenarios.mjs';
import { GuestDesk, sitDown } from './page-desk.mjs';

const LIMIT = { timeout: 300000 };

/** @type {Awaited<ReturnType<typeof sitDown>>} */
let seat;
before(async () => {
    // What an earlier run left in a guest that was kept is none of this one's.
    seat = await sitDown({ isGranted: true, profile: `profile-${process.pid}` });
}, LIMIT);
after(() => seat?.leave(), LIMIT);

/** @typedef {import('../browser/usb-scenarios.mjs').Scenario} Scenario */

/** @param {Scenario} scenario @param {boolean} [isQuiet] */
const tell = ({ name, isManaged = false, run }, isQuiet = false) => it(name, LIMIT, async (test) => {
    const desk = await GuestDesk.open(seat.guest, seat.chromium, { isManaged, isQuiet });
    test.after(async () => {
        if (!isQuiet) {
            await desk.picture(`end-${name.replace(/[^a-z0-9]+/gi, '-').slice(0, 60)}`);
        }
        await desk.close();
    });
    await run(desk);
});

/** @param {Scenario} scenario @returns {Scenario} */
const managed = (scenario) => ({ ...scenario, isManaged: true });

describe('navigator.usb', () => {
    CONTRACT.forEach(({ run, ...clause }) => tell({ ...clause, run: async (desk) => {
        await prepare(desk);
        await run(desk);
    } }, true));
});

describe('the page, granted by a policy', () => {
    tell(managed(scenarios.closedDoor('NO_PERMISSION', 'forbid')));
    tell(managed(scenarios.interrupted('stm32f405', 'reload', 'kill')));
    tell(scenarios.twoDevices);
});

describe('the page, granted by the chooser', () => {
    tell(scenarios.unplugged('stm32l476'));
    tell(scenarios.withoutSerial('stm32f072'));
});
