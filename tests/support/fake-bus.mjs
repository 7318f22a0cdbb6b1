// @ts-check
// The half of a fake navigator.usb that lives in Node: simulated devices on a bus, and the browser's memory of
// permissions, so that both survive a reload of the page. fake-usb-page.js is the other half.
import { SimDevice } from '../../wasm-glue/sim.js';

const TICK_MS = 10;

/**
 * @typedef {object} Plugged
 * @property {SimDevice} device
 * @property {string | null} serial as the browser shows it
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

    /** @param {WebAssembly.Module} module of sim.wasm */
    constructor(module) {
        this.#module = module;
        let last = performance.now();
        this.#timer = setInterval(() => {
            const now = performance.now();
            this.plugged.forEach(({ device }) => device.sleep(Math.round(now - last)));
            last = now;
        }, TICK_MS);
    }

    close() {
        clearInterval(this.#timer);
    }

    /**
     * @param {string} profile
     * @param {{serial?: string | null, rdpLevel?: number, boot0?: boolean}} [options] serial: null for none
     * @returns {SimDevice}
     */
    plugIn(profile, { serial = 'A1B2C3D4E5F6', ...state } = {}) {
        const device = new SimDevice(this.#module);
        device.init(profile, state);
        device.sleep(3000);
        this.plugged.push({ device, serial, isGranted: false, grantedArrival: 0 });
        return device;
    }

    /** What the page's half may call. @param {string} method @param {any[]} args @returns {any} */
    call(method, args) {
        return /** @type {any} */ ({
            list: () => this.#list(),
            knobs: () => this.knobs,
            grant: (/** @type {number} */ id) => this.#grant(id),
            forget: (/** @type {number} */ id) => {
                this.plugged[id].isGranted = false;
            },
            control: (/** @type {number} */ id, /** @type {number} */ arrival, /** @type {any} */ setup,
                /** @type {number[] | null} */ data) => this.#control(id, arrival, setup, data),
        })[method](...args);
    }

    #list() {
        return this.plugged.map(({ device, serial, isGranted, grantedArrival }, id) => ({
            id,
            serial,
            arrival: device.arrival,
            isOnBus: device.isOnBus,
            // Chromium keeps a permission over a return only for devices with a serial number.
            isGranted: isGranted && (serial !== null || grantedArrival === device.arrival),
        }));
    }

    /** @param {number} id */
    #grant(id) {
        const entry = this.plugged[id];
        entry.isGranted = true;
        entry.grantedArrival = entry.device.arrival;
    }

    /** @param {number} id @param {number} arrival @param {any} setup @param {number[] | null} data */
    #control(id, arrival, setup, data) {
        const { device } = this.plugged[id];
        if (this.knobs.isMute) {
            return new Promise(() => {});
        }
        if (!device.isOnBus || device.arrival !== arrival) {
            return { kind: 'gone', data: [] };
        }
        const answer = device.control(setup, data && Uint8Array.from(data));
        return { kind: answer.kind, data: [...answer.data] };
    }
}
