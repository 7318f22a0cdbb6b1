// @ts-check
// A transport over WebUSB: the only file that names navigator.usb.
//
// Invariants: while a session runs exactly one granted bootloader is present, or the work stops, because serial numbers
// are no identity; one that was here beside ours is never taken for ours; after a timeout the handle is dead, and only
// reopen() makes a new one.
import { RelockError } from './values.js';
import { failed, gone } from './transport.js';

/** @typedef {import('./transport.js').Operation} Operation */
/** @typedef {import('./transport.js').Outcome} Outcome */
/** @typedef {import('./transport.js').Person} Person */

const VENDOR_ID = 0x0483;
const PRODUCT_ID = 0xdf11; // ST's system bootloader (AN2606)
const DFU_CLASS = 0xfe;
const DFU_DNLOAD = 1;
const DFU_SUBCLASS = 0x01;
const DFU_MODE_PROTOCOL = 0x02; // DFU 1.1 §4.2.3
const LOOK_EVERY_MS = 250;
const SETTLE_MS = 300; // a transfer may fail before the browser has noticed that the device has gone
const PULLED_MS = 2000; // a device that is away for so long in the middle of the work does not come back by itself
const UNRECOGNISED_MS = 15000; // after that even a device with a serial number may be back without its permission
const PERMISSION_GRACE_MS = 6000; // the system may still be setting up the device's permissions after a return
const CLOSE_MS = 1000;
const REQUEST_TYPES = /** @type {USBRequestType[]} */ (['standard', 'class', 'vendor']);
const RECIPIENTS = /** @type {USBRecipient[]} */ (['device', 'interface', 'endpoint', 'other']);

/** @returns {boolean} true if this browser can reach USB devices at all */
export function hasWebUsb() {
    return globalThis.navigator !== undefined && 'usb' in navigator;
}

/**
 * Lets the person choose a device of these ids, and gives it back at once; must be called in a click.
 * @param {number} vendorId @param {number} productId
 * @returns {Promise<boolean>} true if one was there and was chosen; a no may have any reason
 */
export async function seesDevice(vendorId, productId) {
    try {
        const device = await navigator.usb.requestDevice({ filters: [{ vendorId, productId }] });
        await device.forget?.();
        return true;
    } catch {
        return false;
    }
}

/** @param {USBDevice} device */
function isBootloader(device) {
    return device.vendorId === VENDOR_ID && device.productId === PRODUCT_ID;
}

/** @param {Operation} operation @returns {USBControlTransferParameters} */
function setupOf(operation) {
    return {
        requestType: REQUEST_TYPES[(operation.requestType >> 5) & 3],
        recipient: RECIPIENTS[operation.requestType & 0x1f],
        request: operation.request,
        value: operation.value,
        index: operation.windex,
    };
}

/** @param {USBDevice} device @returns {number | null} the number of its DFU interface */
function dfuInterfaceOf(device) {
    const found = device.configuration?.interfaces.find((entry) => entry.alternates.some((alternate) =>
        alternate.interfaceClass === DFU_CLASS && alternate.interfaceSubclass === DFU_SUBCLASS
        && alternate.interfaceProtocol === DFU_MODE_PROTOCOL));
    return found?.interfaceNumber ?? null;
}

/** A device in ST's USB bootloader, reached through the browser. */
export class WebUsbTransport {
    /** @type {USBDevice | null} */
    #device = null;
    #interface = 0;
    #isUsable = false;
    /** @type {WeakSet<USBDevice>} a device that comes back is another object, so one that has left is dead for ever */
    #left = new WeakSet();
    /** @type {WeakSet<USBDevice>} devices that were here while ours was here, too */
    #strangers = new WeakSet();
    #isCrowded = false;
    #usb;
    #sleep;
    #openDenied;
    /** @type {Set<() => void>} */
    #wakers = new Set();

    /**
     * @param {object} options
     * @param {import('./transport.js').Sleep} options.sleep
     * @param {'NO_PERMISSION' | 'DRIVER_MISSING'} options.openDenied what a refused open means on this system
     */
    constructor({ sleep, openDenied }) {
        this.#usb = navigator.usb;
        this.#sleep = sleep;
        this.#openDenied = openDenied;
        this.#usb.addEventListener('connect', this.#noteArrival);
        this.#usb.addEventListener('disconnect', this.#noteLeaving);
    }

    #wake = () => {
        this.#wakers.forEach((wake) => wake());
    };

    #noteArrival = (/** @type {USBConnectionEvent} */ { device }) => {
        if (isBootloader(device) && this.#isHere && device !== this.#device) {
            this.#strangers.add(device);
            this.#isCrowded = true;
        }
        this.#wake();
    };

    #noteLeaving = (/** @type {USBConnectionEvent} */ { device }) => {
        this.#left.add(device);
        if (device === this.#device) {
            this.#isUsable = false;
        }
        this.#wake();
    };

    /**
     * Opens the browser's chooser; must be called in a click.
     * @throws {RelockError} NO_DEVICE if nothing was chosen, NO_PERMISSION if the browser forbids USB here
     */
    async choose() {
        try {
            this.#device = await this.#usb.requestDevice({ filters: [{ vendorId: VENDOR_ID, productId: PRODUCT_ID }] });
        } catch (error) {
            throw new RelockError(/** @type {Error} */ (error).name === 'SecurityError' ? 'NO_PERMISSION' : 'NO_DEVICE');
        }
        this.#wake();
    }

    /** Takes the one device that this page may use already, or opens the chooser; must be called in a click. */
    async chooseOrUseGranted() {
        if ((await this.#present()).length === 0) {
            await this.choose();
        }
    }

    /**
     * Gives the device back and opens the chooser for another one; must be called in a click.
     * @throws {RelockError} as choose()
     */
    async chooseAnother() {
        await this.#close();
        await this.#device?.forget?.().catch(() => {});
        this.#device = null;
        await this.choose();
    }

    /** @returns {Promise<USBDevice[]>} bootloaders that are plugged in and granted */
    async #present() {
        return (await this.#usb.getDevices()).filter((device) => isBootloader(device) && !this.#left.has(device));
    }

    get #hasGone() {
        return this.#device !== null && this.#left.has(this.#device);
    }

    get #isHere() {
        return this.#device !== null && !this.#left.has(this.#device);
    }

    /**
     * Looks who is on the bus. Once there were several, all is well again only when ours alone is left of them: when
     * ours has gone, nobody can tell which one is back.
     * @returns {Promise<USBDevice[]>}
     */
    async #survey() {
        const present = await this.#present();
        const others = present.filter((device) => device !== this.#device);
        if (this.#isHere && present.length > others.length) {
            others.forEach((device) => this.#strangers.add(device));
            this.#isCrowded = others.length > 0;
        } else {
            this.#isCrowded ||= others.length > 1 || others.some((device) => this.#strangers.has(device));
        }
        return present;
    }

    /** @returns {Promise<Outcome>} failed with SEVERAL_DEVICES while ours is not the only one, otherwise ok */
    async checkAlone() {
        await this.#survey();
        return this.#isCrowded ? failed('SEVERAL_DEVICES') : { kind: 'ok' };
    }

    /** @param {Operation} operation @returns {Promise<Outcome>} */
    async control(operation) {
        const isIn = (operation.requestType & 0x80) !== 0;
        if (!isIn && operation.request === DFU_DNLOAD && operation.length > 0) {
            await this.#survey(); // it may change the device, and the browser's event may be late
        }
        return this.#transfer(operation.timeoutMs, async (device) => {
            const setup = setupOf(operation);
            const result = isIn ? await device.controlTransferIn(setup, operation.length)
                : await device.controlTransferOut(setup, operation.data ?? new Uint8Array(0));
            if (result.status !== 'ok') {
                return result.status === 'stall' ? { kind: 'stall' } : failed();
            }
            const view = 'data' in result ? result.data : undefined;
            const data = view ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : undefined;
            return { kind: 'ok', data };
        });
    }

    /** @param {Operation} operation @returns {Promise<Outcome>} */
    async selectAlternate(operation) {
        return this.#transfer(operation.timeoutMs, async (device) => {
            try {
                await device.selectAlternateInterface(this.#interface, operation.alternate);
            } catch (error) {
                // Some systems refuse what is selected already; a device that is gone fails in the next transfer.
                if (this.#activeAlternate(device) !== operation.alternate) {
                    throw error;
                }
            }
            return { kind: 'ok' };
        });
    }

    /** @param {USBDevice} device */
    #activeAlternate(device) {
        const found = device.configuration?.interfaces.find((entry) => entry.interfaceNumber === this.#interface);
        return found?.alternate.alternateSetting;
    }

    /**
     * WebUSB has no deadlines of its own, and a lost answer would hang for ever.
     * @param {number} timeoutMs
     * @param {(device: USBDevice) => Promise<Outcome>} work
     * @returns {Promise<Outcome>}
     */
    async #transfer(timeoutMs, work) {
        const device = this.#device;
        if (this.#isCrowded && (await this.checkAlone()).kind !== 'ok') {
            return failed('SEVERAL_DEVICES');
        }
        if (!device || !this.#isUsable) {
            return gone();
        }
        const deadline = this.#sleep(timeoutMs).then(() => /** @type {Outcome} */ ({ kind: 'timeout' }));
        const outcome = await Promise.race([work(device).catch((error) => this.#outcomeOf(error)), deadline]);
        if (outcome.kind === 'timeout') {
            this.#isUsable = false;
        }
        return outcome;
    }

    /** @param {unknown} error @returns {Outcome} */
    #outcomeOf(error) {
        const { name } = /** @type {DOMException} */ (error);
        const isGone = this.#hasGone || name === 'NotFoundError' || name === 'InvalidStateError';
        return isGone ? gone() : failed();
    }

    /** @param {number} ms */
    async sleep(ms) {
        await this.#sleep(ms);
    }

    /** @param {Operation} operation @param {Person} person @returns {Promise<Outcome>} */
    async reopen(operation, person) {
        const hadSerial = Boolean(this.#device?.serialNumber);
        await this.#close();
        if (operation.reason === 'first') {
            this.#strangers = new WeakSet();
            this.#isCrowded = false;
            return this.#openOnly(0);
        }
        await this.#survey();
        await this.#awaitLeaving(operation, person);
        return this.#isCrowded ? failed('SEVERAL_DEVICES') : this.#awaitReturn(operation, person, hadSerial);
    }

    /**
     * Opens the one device that is there.
     * @param {number} patienceMs how long to try; each time with a handle that was opened anew
     * @returns {Promise<Outcome>}
     */
    async #openOnly(patienceMs) {
        const present = await this.#survey();
        if (this.#isCrowded || present.length > 1) {
            return failed('SEVERAL_DEVICES');
        }
        if (present.length === 0) {
            return gone('NO_DEVICE');
        }
        this.#device = present[0];
        const until = performance.now() + patienceMs;
        for (;;) {
            const outcome = await this.#open(this.#device);
            if (this.#hasGone) {
                return gone();
            }
            if ((await this.checkAlone()).kind !== 'ok') {
                await this.#close();
                return failed('SEVERAL_DEVICES');
            }
            if (outcome.kind === 'ok' || performance.now() >= until) {
                return outcome;
            }
            await this.#pause(LOOK_EVERY_MS);
            await this.#close();
        }
    }

    /** @param {USBDevice} device @returns {Promise<Outcome>} */
    async #open(device) {
        let refusal = this.#openDenied === 'DRIVER_MISSING' ? 'DRIVER_MISSING' : undefined;
        if (device.opened) {
            return failed(); // it could not be closed, so what is open still is the dead handle
        }
        try {
            await device.open();
            refusal = 'DEVICE_TAKEN';
            if (!device.configuration) {
                await device.selectConfiguration(1);
            }
            const number = dfuInterfaceOf(device);
            if (number === null) {
                return failed('DESCRIPTOR_NO_DFU');
            }
            await device.claimInterface(number);
            this.#interface = number;
            this.#isUsable = true;
            return { kind: 'ok' };
        } catch (error) {
            const { name } = /** @type {DOMException} */ (error);
            const isGone = this.#hasGone || name === 'NotFoundError';
            return isGone ? gone() : failed(name === 'SecurityError' ? this.#openDenied : refusal);
        }
    }

    /**
     * A device that was sent away stays in the browser's list until it resets or a person pulls the plug: only one that
     * has left can come back. One that was lost may be here still.
     * @param {Operation} operation @param {Person} person
     */
    async #awaitLeaving(operation, person) {
        const since = performance.now();
        const elapsedMs = () => performance.now() - since;
        const isSentAway = operation.reason !== 'lost';
        while (this.#isHere && !this.#isCrowded && !person.signal.aborted && (isSentAway || elapsedMs() < SETTLE_MS)) {
            if (isSentAway) {
                person.waiting({ isLate: elapsedMs() >= operation.patienceMs, reconnect: null });
            }
            await this.#pause(LOOK_EVERY_MS);
            await this.#survey();
        }
    }

    /**
     * @param {Operation} operation @param {Person} person
     * @param {boolean} hadSerial browsers keep a permission over a reset only for devices that have a serial number
     * @returns {Promise<Outcome>}
     */
    async #awaitReturn(operation, person, hadSerial) {
        const since = performance.now();
        const reconnect = () => this.choose();
        const patienceMs = operation.reason === 'lost' ? Math.min(operation.patienceMs, PULLED_MS) : operation.patienceMs;
        while (!person.signal.aborted) {
            const outcome = await this.#openOnly(PERMISSION_GRACE_MS);
            if (outcome.kind !== 'gone') {
                return outcome;
            }
            const elapsedMs = performance.now() - since;
            const mayBeUnrecognised = !hadSerial || elapsedMs >= Math.max(operation.patienceMs, UNRECOGNISED_MS);
            person.waiting({ isLate: elapsedMs >= patienceMs, reconnect: mayBeUnrecognised ? reconnect : null });
            await this.#pause(LOOK_EVERY_MS);
        }
        return gone('INTERRUPTED');
    }

    /** A pause that a change on the bus cuts short. @param {number} ms */
    async #pause(ms) {
        /** @type {() => void} */
        let wake = () => {};
        const woken = new Promise((resolve) => {
            wake = () => resolve(undefined);
        });
        this.#wakers.add(wake);
        await Promise.race([this.#sleep(ms), woken]);
        this.#wakers.delete(wake);
    }

    async #close() {
        this.#isUsable = false;
        const closing = this.#device?.opened ? this.#device.close().catch(() => {}) : Promise.resolve();
        await Promise.race([closing, this.#sleep(CLOSE_MS)]);
    }

    /** @param {{forget: boolean}} options */
    async close({ forget }) {
        this.#usb.removeEventListener('connect', this.#noteArrival);
        this.#usb.removeEventListener('disconnect', this.#noteLeaving);
        await this.#close();
        if (forget) {
            await this.#device?.forget?.().catch(() => {});
        }
    }
}
