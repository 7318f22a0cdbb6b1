// @ts-check
// The half of a fake navigator.usb that lives in Node: simulated devices on a bus, and the browser's memory of
// permissions, so that both survive a reload of the page. fake-usb-page.js is the other half.
import { SimDevice } from '../../wasm-glue/sim.js';

const TICK_MS = 10;
const NOTICE_MS = 60; // real ones: transfers fail 0.1 to 0.3 s before the browser hears of it (in an emulated computer)
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
 * @property {{isOnBus: boolean, arrival: number}} seen what the browser has noticed of it
 * @property {number} staleMs for how long that has not been true
 */

/** The devices on the bus, and the browser's memory of permissions. */
export class FakeBus {
    /** @type {Plugged[]} */
    plugged = [];
    /** What the person does with the chooser, and how the system answers. */
    knobs = { chooser: 'first', openError: '', claimError: '', isMute: false };
    /** @type {{vendorId: number, productId: number} | null} what runs on the bus beside the bootloaders, if anything */
    application = null;
    /** A policy grants all devices. */
    isManaged = false;
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
            const ms = Math.round(now - last);
            this.plugged.forEach((entry) => {
                entry.device.sleep(ms);
                FakeBus.#notice(entry, ms);
            });
            last = now;
        }, TICK_MS).unref(); // a test that fails must not keep the process alive
    }

    /**
     * The browser notices late what happens on the bus, and of each return the leaving first.
     * @param {Plugged} entry @param {number} ms
     */
    static #notice(entry, ms) {
        const { device: { isOnBus, arrival }, seen } = entry;
        const isStale = isOnBus !== seen.isOnBus || (isOnBus && arrival !== seen.arrival);
        entry.staleMs = isStale ? entry.staleMs + ms : 0;
        if (entry.staleMs >= NOTICE_MS) {
            entry.seen = seen.isOnBus ? { ...seen, isOnBus: false } : { isOnBus, arrival };
            entry.staleMs = 0;
        }
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
            grantedArrival: 0, seen: { isOnBus: device.isOnBus, arrival: device.arrival }, staleMs: 0 });
        return device;
    }

    /** What the page's half may call. @param {string} method @param {any[]} args @returns {any} */
    call(method, args) {
        return /** @type {any} */ ({
            list: () => this.#list(),
            knobs: () => this.knobs,
            application: () => this.application,
            grant: (/** @type {number} */ id) => this.#grant(id),
            forget: (/** @type {number} */ id) => {
                this.#entry(id).isGranted = false;
            },
            isThere: (/** @type {number} */ id, /** @type {number} */ arrival) => this.#isThere(id, arrival),
            control: (/** @type {number} */ id, /** @type {number} */ arrival, /** @type {any} */ setup,
                /** @type {number[] | null} */ data) => this.#control(id, arrival, setup, data),
        })[method](...args);
    }

    /** @param {number} id */
    #entry(id) {
        return this.plugged[id - this.#firstId];
    }

    #list() {
        return this.plugged.map(({ serial, isGranted, grantedArrival, seen: { isOnBus, arrival } }, index) => ({
            id: this.#firstId + index,
            serial,
            arrival,
            isOnBus,
            isManaged: this.isManaged,
            // Chromium keeps a permission over a return only for devices with a serial number; a policy keeps all.
            isGranted: this.isManaged || (isGranted && (serial !== null || grantedArrival === arrival)),
        }));
    }

    /** @param {number} id */
    #grant(id) {
        const entry = this.#entry(id);
        entry.isGranted = true;
        entry.grantedArrival = entry.seen.arrival;
    }

    /** @param {number} id @param {number} arrival @returns {boolean} really, whatever the browser has noticed */
    #isThere(id, arrival) {
        const device = this.#entry(id)?.device;
        return device !== undefined && device.isOnBus && device.arrival === arrival;
    }

    /** @param {number} id @param {number} arrival @param {any} setup @param {number[] | null} data */
    #control(id, arrival, setup, data) {
        const entry = this.#entry(id);
        if (this.knobs.isMute) {
            return new Promise(() => {}); // what has no answer stays pending until its handle is closed
        }
        if (!this.#isThere(id, arrival)) {
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
