// @ts-check
import assert from 'node:assert/strict';
import { after, beforeEach, describe, it } from 'node:test';
import { WebUsbTransport } from '../../wasm-glue/webusb-transport.js';
import { FakeBus } from '../support/fake-bus.mjs';
import { wasm } from './support.mjs';

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
