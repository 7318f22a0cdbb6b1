// @ts-check
// The half of a fake navigator.usb that lives in Node: simulated devices on a bus, and the browser's memory of
// permissions, so that both survive a reload of the page. fake-usb-page.js is the other half.
import { SimDevice } from '../../wasm-glue/sim.js';

const TICK_MS = 10;
const GET_DESCRIPTOR = { requestType: 0x80, request: 6, windex: 0, timeoutMs: 1000 };
const DEVICE_DESCRIPTOR = 0x0100;
const STRING_DESCRIPTOR = 0x0300;
const SERIAL_INDEX_AT = 16; // USB 2.0 §9.6.1
let busCount = 0;

/** @param {SimDevice} device @param {number} value @param {number} [windex] @returns {Uint8Array} */
function descriptor(device, value, windex = 0) {
    return device.control({ ...GET_DESCRIPTOR, value, windex, length: 255 }, null).data;
}

/** @param {SimDevice} device @returns {number} which string is its serial number */
const serialIndex = (device) => descriptor(device, DEVICE_DESCRIPTOR)[SERIAL_INDEX_AT];

/** @param {SimDevice} device @returns {string} */
function serialOf(device) {
    const bytes = descriptor(device, STRING_DESCRIPTOR | serialIndex(device), 0x0409);
    return new TextDecoder('utf-16le').decode(bytes.subarray(2));
}

/** @param {string} text @returns {number[]} as a string descriptor */
function stringDescriptor(text) {
    return [2 + 2 * text.length, 3, ...[...text].flatMap((letter) => [letter.charCodeAt(0), 0])];
}

/**
 * @typedef {object} Plugged
 * @property {SimDevice} device
 * @property {string | null} serial as the browser shows it and the descriptors say it
 * @property {number} serialIndex of the string
 * @property {boolean} isGranted
 * @property {number} grantedArrival
 */

/** The devices on the bus, and the browser's memory of permissions. */
export class FakeBus {
    /** @type {Plugged[]} */
    plugged = [];
    /** What the person does with the chooser, and how the system answers. */
    knobs = { chooser: 'first', openError: '', claimError: '', isMute: false };
    #module;
    #timer;
    /** Devices of two buses are never taken for one another. */
    #firstId = 1000 * busCount++;

    /** @param {WebAssembly.Module} module of sim.wasm */
    constructor(module) {
        this.#module = module;
        let last = performance.now();
        this.#timer = setInterval(() => {
            const now = performance.now();
            this.plugged.forEach(({ device }) => device.sleep(Math.round(now - last)));
            last = now;
        }, TICK_MS).unref(); // a test that fails must not keep the process alive
    }

    close() {
        this.plugged = [];
        clearInterval(this.#timer);
    }

    /**
     * @param {string} profile
     * @param {{serial?: string | null, rdpLevel?: number, boot0?: boolean}} [options] serial: the profile's own if left
     * out; null for none
     * @returns {SimDevice}
     */
    plugIn(profile, { serial, ...state } = {}) {
        const device = new SimDevice(this.#module);
        device.init(profile, state);
        device.sleep(3000);
        const shown = serial === undefined ? serialOf(device) : serial;
        this.plugged.push({ device, serial: shown, serialIndex: serialIndex(device), isGranted: false,
            grantedArrival: 0 });
        return device;
    }

    /** What the page's half may call. @param {string} method @param {any[]} args @returns {any} */
    call(method, args) {
        return /** @type {any} */ ({
            list: () => this.#list(),
            knobs: () => this.knobs,
            grant: (/** @type {number} */ id) => this.#grant(id),
            forget: (/** @type {number} */ id) => {
                this.#entry(id).isGranted = false;
            },
            control: (/** @type {number} */ id, /** @type {number} */ arrival, /** @type {any} */ setup,
                /** @type {number[] | null} */ data) => this.#control(id, arrival, setup, data),
        })[method](...args);
    }

    /** @param {number} id */
    #entry(id) {
        return this.plugged[id - this.#firstId];
    }

    #list() {
        return this.plugged.map(({ device, serial, isGranted, grantedArrival }, index) => ({
            id: this.#firstId + index,
            serial,
            arrival: device.arrival,
            isOnBus: device.isOnBus,
            // Chromium keeps a permission over a return only for devices with a serial number.
            isGranted: isGranted && (serial !== null || grantedArrival === device.arrival),
        }));
    }

    /** @param {number} id */
    #grant(id) {
        const entry = this.#entry(id);
        entry.isGranted = true;
        entry.grantedArrival = entry.device.arrival;
    }

    /** @param {number} id @param {number} arrival @param {any} setup @param {number[] | null} data */
    #control(id, arrival, setup, data) {
        const entry = this.#entry(id);
        if (this.knobs.isMute) {
            return new Promise(() => {});
        }
        if (!entry?.device.isOnBus || entry.device.arrival !== arrival) {
            return { kind: 'gone', data: [] };
        }
        const answer = entry.device.control(setup, data && Uint8Array.from(data));
        return { kind: answer.kind, data: this.#withSerial(entry, setup, [...answer.data]) };
    }

    /**
     * @param {Plugged} entry @param {any} setup
     * @param {number[]} data what the device answers, its serial number apart
     */
    #withSerial({ serial, serialIndex: index }, setup, data) {
        if (setup.requestType !== 0x80 || setup.request !== GET_DESCRIPTOR.request || data.length === 0) {
            return data;
        }
        if (setup.value === DEVICE_DESCRIPTOR && serial === null && data.length > SERIAL_INDEX_AT) {
            data[SERIAL_INDEX_AT] = 0;
        }
        return serial !== null && setup.value === (STRING_DESCRIPTOR | index)
            ? stringDescriptor(serial).slice(0, setup.length) : data;
    }
}
