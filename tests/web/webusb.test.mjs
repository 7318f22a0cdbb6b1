// @ts-check
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { WebUsbTransport } from '../../wasm-glue/webusb-transport.js';
import { FakeBus } from '../support/fake-bus.mjs';
import { runSession } from '../../web/job/session-loop.js';
import { firmware, newEngine, wasm } from './support.mjs';

const scope = /** @type {any} */ (globalThis);
/** @type {FakeBus} */
let bus = new FakeBus(wasm('sim'));
scope.relockBus = async (/** @type {string} */ method, /** @type {any[]} */ args) => bus.call(method, args);
Object.defineProperty(scope, 'navigator', { value: { userActivation: { isActive: true } }, configurable: true });
await import('../support/fake-usb-page.js');

const NOBODY = { signal: AbortSignal.abort(), waiting: () => {} };
const FIRST = /** @type {any} */ ({ reason: 'first', action: 'NONE', patienceMs: 0 });
/** What every device answers. */
const GET_DESCRIPTOR = /** @type {any} */ ({ requestType: 0x80, request: 6, value: 0x0100, windex: 0, length: 18,
    timeoutMs: 200, data: null });

/** @param {number} ms @returns {Promise<void>} */
const sleep = (ms) => new Promise((resolve) => {
    setTimeout(resolve, ms);
});

/** @type {WebUsbTransport[]} */
const transports = [];

/** @param {'NO_PERMISSION' | 'DRIVER_MISSING'} [openDenied] */
async function chosen(openDenied = 'NO_PERMISSION') {
    const transport = new WebUsbTransport({ sleep, openDenied });
    transports.push(transport);
    await transport.choose();
    return transport;
}

beforeEach(async () => {
    await Promise.all(transports.splice(0).map((transport) => transport.close({ forget: false })));
    bus.close();
    bus = new FakeBus(wasm('sim'));
    scope.navigator.userActivation.isActive = true;
});
after(() => bus.close());

describe('transfers through WebUSB', () => {
    it('opens the device that was chosen and moves bytes', async () => {
        bus.plugIn('stm32f405');
        const transport = await chosen();
        assert.deepEqual(await transport.reopen(FIRST, NOBODY), { kind: 'ok' });
        const { kind, data } = await transport.control(GET_DESCRIPTOR);
        assert.equal(kind, 'ok');
        assert.deepEqual([...data?.subarray(8, 12) ?? []], [0x83, 0x04, 0x11, 0xdf]);
    });

    it('reports a stall as a stall', async () => {
        bus.plugIn('stm32f405');
        const transport = await chosen();
        await transport.reopen(FIRST, NOBODY);
        assert.equal((await transport.control({ ...GET_DESCRIPTOR, value: 0x7700 })).kind, 'stall');
    });

    it('gives up a lost answer at its deadline, and then only reopens', async () => {
        bus.plugIn('stm32f405');
        const transport = await chosen();
        await transport.reopen(FIRST, NOBODY);
        bus.knobs.isMute = true;
        assert.equal((await transport.control(GET_DESCRIPTOR)).kind, 'timeout');
        bus.knobs.isMute = false;
        assert.equal((await transport.control(GET_DESCRIPTOR)).kind, 'gone');
        await transport.reopen(FIRST, NOBODY);
        assert.equal((await transport.control(GET_DESCRIPTOR)).kind, 'ok');
    });

    it('does not count a device that has gone as failed', async () => {
        const device = bus.plugIn('stm32f405');
        const transport = await chosen();
        await transport.reopen(FIRST, NOBODY);
        device.unplug();
        await sleep(200);
        assert.equal((await transport.control(GET_DESCRIPTOR)).kind, 'gone');
        assert.deepEqual(await transport.reopen(FIRST, NOBODY), { kind: 'gone', error: 'NO_DEVICE' });
    });

});

describe('reopening through WebUSB', () => {
    const LOST = /** @type {any} */ ({ reason: 'lost', action: 'HOLD_BOOT0_AND_REPLUG', patienceMs: 10000 });

    /** A person who notes what is said, and does `help` at the first call. @param {() => void} help */
    function noting(help) {
        /** @type {boolean[]} */
        const late = [];
        return { late, signal: new AbortController().signal, waiting: (/** @type {{isLate: boolean}} */ { isLate }) => {
            late.push(isLate);
            if (late.length === 1) {
                help();
            }
        } };
    }

    it('takes a lost device that is still here, with a handle that was opened anew', async () => {
        bus.plugIn('stm32f405');
        const transport = await chosen();
        await transport.reopen(FIRST, NOBODY);
        bus.knobs.isMute = true;
        assert.equal((await transport.control(GET_DESCRIPTOR)).kind, 'timeout');
        bus.knobs.isMute = false;
        const person = noting(() => {});
        assert.deepEqual(await transport.reopen(LOST, person), { kind: 'ok' });
        assert.deepEqual(person.late, []);
        assert.equal((await transport.control(GET_DESCRIPTOR)).kind, 'ok');
    });

    it('never takes the dead handle of a device that was pulled', async () => {
        const device = bus.plugIn('stm32f405');
        const transport = await chosen();
        await transport.reopen(FIRST, NOBODY);
        device.unplug();
        assert.notEqual((await transport.control(GET_DESCRIPTOR)).kind, 'ok');
        const person = noting(() => device.plug());
        assert.deepEqual(await transport.reopen(LOST, person), { kind: 'ok' });
        assert.ok(person.late.length > 0);
        assert.equal((await transport.control(GET_DESCRIPTOR)).kind, 'ok');
    });

    it('waits for one that was sent away to leave, before it takes it back', async () => {
        const device = bus.plugIn('stm32f405');
        const transport = await chosen();
        await transport.reopen(FIRST, NOBODY);
        const { arrival } = device;
        const person = noting(() => {
            device.unplug();
            device.sleep(500);
            device.plug();
        });
        const cycle = /** @type {any} */ ({ reason: 'power-cycle', action: 'REPLUG', patienceMs: 0 });
        assert.deepEqual(await transport.reopen(cycle, person), { kind: 'ok' });
        assert.ok(person.late.every(Boolean));
        assert.notEqual(device.arrival, arrival);
        assert.equal((await transport.control(GET_DESCRIPTOR)).kind, 'ok');
    });
});

/** @param {object} [state] */
function plugInGranted(state) {
    const device = bus.plugIn('stm32f072', { boot0: true, ...state });
    bus.plugged[1].isGranted = true;
    return device;
}

describe('a second bootloader that is granted', () => {
    const SEVERAL = { kind: 'failed', error: 'SEVERAL_DEVICES' };
    const SECTOR_ERASE = /** @type {any} */ ({ requestType: 0x21, request: 1, value: 0, windex: 0, length: 5,
        timeoutMs: 500, data: new Uint8Array([0x41, 0, 0, 0, 8]) });
    const POWER_CYCLE = /** @type {any} */ ({ reason: 'power-cycle', action: 'REPLUG', patienceMs: 0 });

    it('stops every transfer until ours alone is left', async () => {
        bus.plugIn('stm32f072', { boot0: true });
        const transport = await chosen();
        await transport.reopen(FIRST, NOBODY);
        const second = plugInGranted();
        await sleep(200);
        assert.deepEqual(await transport.control(GET_DESCRIPTOR), SEVERAL);
        const select = /** @type {any} */ ({ alternate: 0, timeoutMs: 500 });
        assert.deepEqual(await transport.selectAlternate(select), SEVERAL);
        assert.deepEqual(await transport.checkAlone(), SEVERAL);
        assert.deepEqual(await transport.reopen(POWER_CYCLE, NOBODY), SEVERAL);
        second.unplug();
        await sleep(200);
        assert.deepEqual(await transport.reopen(FIRST, NOBODY), { kind: 'ok' });
        assert.equal((await transport.control(GET_DESCRIPTOR)).kind, 'ok');
    });

    it('stops what would change the device, before the browser tells of it', async () => {
        const first = bus.plugIn('stm32f072', { rdpLevel: 0, boot0: true });
        const transport = await chosen();
        await transport.reopen(FIRST, NOBODY);
        const before = first.truth().transfers;
        plugInGranted();
        assert.deepEqual(await transport.control(SECTOR_ERASE), SEVERAL);
        assert.equal(first.truth().transfers, before);
    });

    it('is never taken for ours, even when ours has left', async () => {
        const first = bus.plugIn('stm32f072', { boot0: true });
        const transport = await chosen();
        await transport.reopen(FIRST, NOBODY);
        plugInGranted();
        await sleep(200);
        first.unplug();
        await sleep(200);
        assert.deepEqual(await transport.control(GET_DESCRIPTOR), SEVERAL);
        const person = { signal: new AbortController().signal, waiting: () => {} };
        assert.deepEqual(await transport.reopen(POWER_CYCLE, person), SEVERAL);
    });

});

describe('a second bootloader at the question', () => {
    for (const rdpLevel of [0, 1]) {
        it(`ends the job, at level ${rdpLevel}`, { timeout: 30000 }, async () => {
            const first = bus.plugIn('stm32f072', { rdpLevel: 1, boot0: true });
            const transport = await chosen();
            const engine = newEngine();
            engine.loadFile(firmware('blinky-small.hex'), null);
            /** @type {ReturnType<typeof plugInGranted>[]} */
            const second = [];
            const host = { record: async () => assert.fail('it recorded'), person: () => NOBODY, ask: async () => {
                second.push(plugInGranted({ rdpLevel }));
                return true;
            } };
            const { ending, error } = await runSession({ engine, transport, host,
                wish: { job: 'update', withImage: true, endProtected: true, wayBack: 'boot0' } });
            assert.deepEqual([ending, error?.name], ['not-done', 'SEVERAL_DEVICES']);
            assert.deepEqual([first.truth().regressions, second[0].truth().regressions], [0, 0]);
        });
    }
});

describe('opening through WebUSB', () => {
    it('stops while two devices are granted', async () => {
        bus.plugIn('stm32f405', { serial: 'A' });
        const transport = await chosen();
        bus.plugIn('stm32f405', { serial: 'B' });
        bus.plugged[1].isGranted = true;
        assert.deepEqual(await transport.reopen(FIRST, NOBODY), { kind: 'failed', error: 'SEVERAL_DEVICES' });
    });

    it('names a refused open after the system, and a refused claim', async () => {
        bus.plugIn('stm32f405');
        bus.knobs.openError = 'SecurityError';
        assert.equal((await (await chosen()).reopen(FIRST, NOBODY)).error, 'NO_PERMISSION');
        assert.equal((await (await chosen('DRIVER_MISSING')).reopen(FIRST, NOBODY)).error, 'DRIVER_MISSING');
        bus.knobs.openError = '';
        bus.knobs.claimError = 'NetworkError';
        assert.equal((await (await chosen()).reopen(FIRST, NOBODY)).error, 'DEVICE_TAKEN');
    });

    it('explains a refused chooser and a missing gesture', async () => {
        bus.plugIn('stm32f405');
        bus.knobs.chooser = 'refuse';
        await assert.rejects(chosen(), { name: 'NO_DEVICE' });
        scope.navigator.userActivation.isActive = false;
        await assert.rejects(chosen(), { name: 'NO_PERMISSION' });
    });

    it('gives the permission back when asked to', async () => {
        bus.plugIn('stm32f405');
        const transport = await chosen();
        await transport.reopen(FIRST, NOBODY);
        await transport.close({ forget: true });
        assert.equal(bus.plugged[0].isGranted, false);
    });
});
