// @ts-check
// What Chromium's navigator.usb does, as far as the page relies on it: one list of observations, made on the real one
// by tests/real-stack/page.test.mjs, and on the fake one by usb.test.mjs, so that the fake stays honest.
import assert from 'node:assert/strict';

/** @typedef {import('./usb-scenarios.mjs').Desk} Desk */
/** @typedef {import('./usb-scenarios.mjs').Hands} Hands */
/** @typedef {{name: string, isManaged: boolean, run: (desk: Desk) => Promise<void>}} Clause */

const EVENT_MS = 10000;
const UNTOLD_MS = 500; // for the chooser to drop a device of which the page is told nothing

/** Runs in the page: names devices by the order in which they were seen, and notes what happens. */
function install() {
    const scope = /** @type {any} */ (globalThis);
    /** @type {Map<USBDevice, number>} */
    const numbers = new Map();
    const number = (/** @type {USBDevice} */ device) => {
        numbers.set(device, numbers.get(device) ?? numbers.size + 1);
        return numbers.get(device);
    };
    /** @param {any} value */
    const told = (value) => (value?.status ? `${value.status} ${value.data?.byteLength ?? value.bytesWritten}` : value);
    /** @param {() => Promise<any>} deed */
    const attempt = (deed) => deed().then(told, (error) => error.name);
    const getStatus = /** @type {const} */ ({ requestType: 'class', recipient: 'interface', request: 3, value: 0, index: 0 });
    /** @type {string[]} */
    const noted = [];
    scope.probe = {
        attempt, number, events: noted,
        descriptor: { requestType: 'standard', recipient: 'device', request: 6, value: 0x0100, index: 0 },
        getStatus,
        list: async () => (await navigator.usb.getDevices()).map(number),
        first: async () => (await navigator.usb.getDevices())[0],
        take: async () => {
            scope.device = (await navigator.usb.getDevices())[0];
            await scope.device.open();
            await scope.device.claimInterface(0);
        },
        ask: () => navigator.usb.requestDevice({ filters: [{ vendorId: 0x0483, productId: 0xdf11 }] }).then(number,
            (error) => error.name),
        untilGone: async () => {
            for (;;) {
                const said = await attempt(() => scope.device.controlTransferIn(getStatus, 6));
                if (said !== 'ok 6') {
                    return [said, scope.device.opened, noted.length];
                }
            }
        },
    };
    for (const type of ['connect', 'disconnect']) {
        navigator.usb.addEventListener(/** @type {'connect'} */ (type), ({ device }) =>
            noted.push(`${type} ${number(device)}${device.opened ? ' opened' : ''}`));
    }
}

/** @param {Desk} desk @param {number} count @returns {Promise<string[]>} the events, once there are so many */
async function events({ page, slowness }, count) {
    await page.waitForFunction((wanted) => /** @type {any} */ (globalThis).probe.events.length >= wanted, count,
        { timeout: EVENT_MS * slowness });
    return page.evaluate(() => /** @type {any} */ (globalThis).probe.events);
}

/** @param {Desk} desk @returns {Promise<number[]>} the devices that the page may use */
const list = ({ page }) => page.evaluate(() => /** @type {any} */ (globalThis).probe.list());

/** @param {Desk} desk opens and claims the device */
const take = ({ page }) => page.evaluate(() => /** @type {any} */ (globalThis).probe.take());

/** @param {Desk} desk @param {'first' | 'refuse'} chooser @returns {Promise<unknown>} which device, or why not */
async function ask(desk, chooser) {
    await desk.pick(() => desk.page.evaluate(() => {
        const scope = /** @type {any} */ (globalThis);
        scope.asked = scope.probe.ask();
        return 0; // not the promise, which the hand on the chooser settles
    }), chooser);
    return desk.page.evaluate(() => /** @type {any} */ (globalThis).asked);
}

/** @param {Desk} desk @param {number} slot @param {string} profile @param {object} [options] granted, and told of */
async function arrive(desk, slot, profile, options) {
    const device = await desk.plugIn(profile, options);
    const deadline = performance.now() + EVENT_MS * desk.slowness;
    while ((await list(desk)).length !== slot) {
        assert.ok(performance.now() < deadline, 'the browser does not know of the device');
    }
    return device;
}

/** @param {Desk} desk @returns {Promise<Record<string, unknown>>} each deed with a device that has left */
const deedsWithLeft = ({ page }) => page.evaluate(async () => {
    const { device, probe } = /** @type {any} */ (globalThis);
    return {
        transfer: await probe.attempt(() => device.controlTransferIn(probe.descriptor, 18)),
        alternate: await probe.attempt(() => device.selectAlternateInterface(0, 1)),
        claim: await probe.attempt(() => device.claimInterface(0)),
        open: await probe.attempt(() => device.open()),
        close: await probe.attempt(() => device.close()),
    };
});
const ALL_NOT_FOUND = { transfer: 'NotFoundError', alternate: 'NotFoundError', claim: 'NotFoundError',
    open: 'NotFoundError', close: 'NotFoundError' };

/** @param {Desk} desk a device is one object, and does not say its interfaces' names */
async function describes(desk) {
    assert.deepEqual(await desk.page.evaluate(async () => {
        const { probe } = /** @type {any} */ (globalThis);
        const device = await probe.first();
        const [only] = device.configuration.interfaces;
        return { isSame: device === await probe.first(), serial: device.serialNumber, opened: device.opened,
            claimed: only.claimed, selected: only.alternate.alternateSetting,
            alternates: only.alternates.map((/** @type {USBAlternateInterface} */ one) =>
                [one.alternateSetting, one.interfaceClass, one.interfaceSubclass, one.interfaceProtocol,
                    one.interfaceName, one.endpoints.length]) };
    }), { isSame: true, serial: '3573365D3433', opened: false, claimed: false, selected: 0,
        alternates: [0, 1, 2, 3].map((setting) => [setting, 0xfe, 1, 2, null, 0]) });
}

/** @param {Desk} desk @returns {Promise<unknown>} what is said before a device is opened, and before it is claimed */
const tooEarly = ({ page }) => page.evaluate(async () => {
    const scope = /** @type {any} */ (globalThis);
    const { probe } = scope;
    const device = await probe.first();
    const deeds = () => Promise.all([
        () => device.controlTransferIn(probe.descriptor, 18), () => device.controlTransferIn(probe.getStatus, 6),
        () => device.selectAlternateInterface(0, 1),
    ].map(probe.attempt));
    const closed = [await probe.attempt(() => device.claimInterface(0)), ...await deeds(),
        await probe.attempt(() => device.close())];
    await device.open();
    await device.open();
    return { closed, unclaimed: [await probe.attempt(() => device.claimInterface(7)), ...await deeds()] };
});

/** @param {Desk} desk what is not open, claimed or there rejects, each by its own name */
async function opens(desk) {
    const invalid = 'InvalidStateError';
    assert.deepEqual(await tooEarly(desk), { closed: [invalid, invalid, invalid, invalid, undefined],
        unclaimed: ['NotFoundError', 'ok 18', invalid, invalid] });
    await take(desk);
}

/** @param {Desk} desk a stall resolves */
async function transfers(desk) {
    assert.deepEqual(await desk.page.evaluate(async () => {
        const { device, probe } = /** @type {any} */ (globalThis);
        const { attempt, descriptor, getStatus } = probe;
        const [only] = device.configuration.interfaces;
        const set = (/** @type {number} */ setting) => attempt(() => device.selectAlternateInterface(0, setting));
        return { claimed: only.claimed,
            short: await attempt(() => device.controlTransferIn(descriptor, 255)),
            stallIn: await attempt(() => device.controlTransferIn({ ...descriptor, value: 0x7700 }, 18)),
            stallOut: await attempt(() => device.controlTransferOut({ ...getStatus, request: 0x55 },
                new Uint8Array(3))),
            noInterface: await attempt(() => device.controlTransferIn({ ...getStatus, index: 3 }, 6)),
            setInterface: await attempt(() => device.controlTransferOut({ ...getStatus, requestType: 'standard',
                request: 11 })),
            alternates: [await set(1), only.alternate.alternateSetting, await set(1), await set(9), await set(0)] };
    }), { claimed: true, short: 'ok 18', stallIn: 'stall 0', stallOut: 'stall 3', noInterface: 'NotFoundError',
        setInterface: 'SecurityError', alternates: [undefined, 1, undefined, 'NotFoundError', undefined] });
}

/** @param {Desk} desk @param {Hands} hands a lost answer is waited for without end, until the handle is closed */
async function losesAnswer(desk, hands) {
    await hands.loseAnswer();
    assert.deepEqual(await desk.page.evaluate(async () => {
        const { device, probe } = /** @type {any} */ (globalThis);
        const lost = probe.attempt(() => device.controlTransferIn(probe.getStatus, 6));
        const late = new Promise((resolve) => {
            setTimeout(() => resolve('no answer'), 1500);
        });
        return [await Promise.race([lost, late]), await probe.attempt(() => device.close()), await lost, device.opened];
    }), ['no answer', undefined, 'AbortError', false]);
    await take(desk);
    assert.equal(await desk.page.evaluate(() => {
        const { device, probe } = /** @type {any} */ (globalThis);
        return probe.attempt(() => device.controlTransferIn(probe.getStatus, 6));
    }), 'ok 6');
}

/** @param {Desk} desk what a policy grants nobody can give back */
async function staysGranted(desk) {
    assert.deepEqual(await desk.page.evaluate(async () => {
        const { device, probe } = /** @type {any} */ (globalThis);
        return [await probe.attempt(() => device.forget()), device.opened, await probe.list(),
            await probe.attempt(() => device.controlTransferIn(probe.getStatus, 6))];
    }), [undefined, true, [1], 'ok 6']);
}

/** @type {Clause} */
const using = {
    name: 'a stall resolves, a lost answer is waited for without end, and whatever is not possible rejects by its name',
    isManaged: true,
    run: async (desk) => {
        const hands = await arrive(desk, 1, 'stm32f405');
        await describes(desk);
        await opens(desk);
        await transfers(desk);
        await losesAnswer(desk, hands);
        await staysGranted(desk);
    },
};

/** @param {Desk} desk @returns {Promise<any[]>} */
const unprotect = ({ page }) => page.evaluate(async () => {
    const { device, probe } = /** @type {any} */ (globalThis);
    const dnload = { ...probe.getStatus, request: 1 };
    await device.controlTransferOut({ ...probe.getStatus, request: 4 }); // these ROMs begin in dfuERROR
    return [await probe.attempt(() => device.controlTransferOut(dnload, new Uint8Array([0x92]))),
        await probe.attempt(() => device.controlTransferIn(probe.getStatus, 6)), await probe.untilGone()];
});

/**
 * How the last transfer with a device that has just left fails: before the browser has noticed, always in the fake; a
 * real browser in a busy computer may have noticed between two transfers.
 * @param {Desk} desk @param {any} seen what probe.untilGone() answers @param {number} before events until then
 */
function failsAsGone(desk, seen, before) {
    const isNoticed = desk.slowness > 1 && seen[0] === 'NotFoundError';
    assert.deepEqual(isNoticed ? seen.slice(0, 2) : seen,
        isNoticed ? ['NotFoundError', false] : ['NetworkError', true, before]);
}

/** @type {Clause} */
const leaving = {
    name: 'transfers fail before the browser tells that a device has left, pulled or reset; it returns as another one',
    isManaged: true,
    run: async (desk) => {
        const hands = await arrive(desk, 1, 'stm32f405', { serial: null }); // what a policy grants needs none
        const before = (await events(desk, 0)).length;
        await take(desk);
        const pulled = desk.page.evaluate(() => /** @type {any} */ (globalThis).probe.untilGone());
        await hands.unplug();
        failsAsGone(desk, await pulled, before);
        assert.deepEqual((await events(desk, before + 1)).slice(before), ['disconnect 1']);
        assert.deepEqual(await deedsWithLeft(desk), ALL_NOT_FOUND);
        assert.deepEqual(await list(desk), []);
        await hands.plug();
        assert.deepEqual((await events(desk, before + 2)).slice(before + 1), ['connect 2']);
        assert.deepEqual(await list(desk), [2]);
        await take(desk);
        const [sent, started, gone] = await unprotect(desk);
        assert.deepEqual([sent, started], ['ok 1', 'ok 6']);
        failsAsGone(desk, gone, before + 2);
        assert.deepEqual((await events(desk, before + 4)).slice(before + 2), ['disconnect 2', 'connect 3']);
    },
};

/** @param {Desk} desk a device with a serial number keeps its permission over a return; forget() takes it back */
async function choosesKnown(desk) {
    const hands = await desk.plugIn('stm32f405');
    assert.deepEqual(await list(desk), []);
    assert.equal(await ask(desk, 'refuse'), 'NotFoundError');
    assert.equal(await ask(desk, 'first'), 1);
    assert.deepEqual(await list(desk), [1]);
    await hands.replug(true);
    assert.deepEqual(await events(desk, 2), ['disconnect 1', 'connect 2']);
    await take(desk);
    assert.deepEqual(await desk.page.evaluate(async () => {
        const { device, probe } = /** @type {any} */ (globalThis);
        return [await probe.attempt(() => device.forget()), device.opened];
    }), [undefined, true]);
    assert.deepEqual(await list(desk), []);
    assert.deepEqual(await deedsWithLeft(desk), ALL_NOT_FOUND);
    await hands.unplug();
    await desk.page.waitForTimeout(UNTOLD_MS);
}

/** @param {Desk} desk one without loses it when it leaves, and its return is not told; neither is the one forgotten */
async function choosesNameless(desk) {
    const before = (await events(desk, 2)).length;
    assert.equal(before, 2);
    const hands = await desk.plugIn('stm32f072', { serial: null });
    assert.equal(await ask(desk, 'first'), 3);
    assert.equal(await desk.page.evaluate(async () => {
        const { serialNumber } = await /** @type {any} */ (globalThis).probe.first();
        return serialNumber;
    }), null);
    await hands.replug(true);
    assert.deepEqual((await events(desk, before + 1)).slice(before), ['disconnect 3']);
    assert.equal(await ask(desk, 'first'), 4);
    assert.deepEqual((await events(desk, before + 1)).slice(before), ['disconnect 3']);
}

/** @type {Clause} */
const choosing = {
    name: 'the chooser gives a permission that only devices with a serial number keep, and forget() takes it back',
    isManaged: false,
    run: async (desk) => {
        await choosesKnown(desk);
        await choosesNameless(desk);
    },
};

/** @param {Desk} desk @returns {Promise<unknown>} */
const tryToTake = ({ page }) => page.evaluate(async () => {
    const { probe } = /** @type {any} */ (globalThis);
    const device = await probe.first();
    return [await probe.attempt(() => device.open()), await probe.attempt(() => device.claimInterface(0)),
        device.opened];
});

/** @type {Clause} */
const refused = {
    name: 'a system that forbids it is a SecurityError of open(), another program a NetworkError of claimInterface()',
    isManaged: true,
    run: async (desk) => {
        const allow = await desk.forbid();
        await arrive(desk, 1, 'stm32f405');
        assert.deepEqual(await tryToTake(desk), ['SecurityError', 'InvalidStateError', false]);
        await allow();
        const release = await desk.occupy();
        assert.deepEqual(await tryToTake(desk), [undefined, 'NetworkError', true]);
        await release();
        assert.deepEqual(await tryToTake(desk), [undefined, undefined, true]);
    },
};

/** All that the page relies on. */
export const CONTRACT = [using, leaving, choosing, refused];

/** @param {Desk} desk at any document of the page's origin */
export const prepare = ({ page }) => page.evaluate(install);
