// @ts-check
// The page's half of a fake navigator.usb: an init script, run before the page's own. It calls globalThis.relockBus,
// which FakeBus answers. It behaves as Chromium 156 on Linux does: tests/browser/usb-contract.mjs holds both to one
// list of observations, and tests/real-stack/DIFFERENCES.md tells where they had differed.

/** @param {string} method @param {any[]} args @returns {Promise<any>} */
const bus = (method, ...args) => /** @type {any} */ (globalThis).relockBus(method, args);
const BOOTLOADER = { vendorId: 0x0483, productId: 0xdf11 };
const TIMEOUT_MS = 60000; // a browser has no deadlines of its own
const LOOK_MS = 40;
const LOOKS = 250; // and then the person gives up
const [STANDARD, INTERFACE] = [0, 1];
const SET_INTERFACE = 0x0b;
/** @type {Map<string, any>} */
const known = new Map();

/** @param {string} name @param {string} message */
const refuse = (name, message) => {
    throw new DOMException(message, name);
};

class FakeDevice {
    vendorId = BOOTLOADER.vendorId;
    productId = BOOTLOADER.productId;
    opened = false;
    /** @type {any} */
    configuration = { configurationValue: 1, interfaces: [{ interfaceNumber: 0, claimed: false, alternate: null,
        alternates: [0, 1, 2, 3].map((alternateSetting) => ({ alternateSetting, interfaceClass: 0xfe,
            interfaceSubclass: 1, interfaceProtocol: 2, interfaceName: null, endpoints: [] })) }] };
    /** The browser has told that it has left, or its permission was given back. */
    isDead = false;
    /** @type {Set<(error: DOMException) => void>} of the transfers under way */
    pending = new Set();

    /** @param {{id: number, arrival: number, serial: string | null, isManaged: boolean}} entry */
    constructor({ id, arrival, serial, isManaged }) {
        this.id = id;
        this.arrival = arrival;
        this.isManaged = isManaged;
        this.serialNumber = serial;
        this.only.alternate = this.only.alternates[0];
    }

    get only() {
        return this.configuration.interfaces[0];
    }

    /** @param {boolean} [mustBeOpen] */
    checkUsable(mustBeOpen = true) {
        if (this.isDead) {
            refuse('NotFoundError', 'The device was disconnected.');
        }
        if (mustBeOpen && !this.opened) {
            refuse('InvalidStateError', 'The device must be opened first.');
        }
    }

    /** @param {number} number */
    checkInterface(number) {
        if (number !== 0) {
            refuse('NotFoundError', 'The interface number provided is not supported by the device.');
        }
    }

    checkClaimed() {
        if (!this.only.claimed) {
            refuse('InvalidStateError', 'The specified interface has not been claimed.');
        }
    }

    async open() {
        this.checkUsable(false);
        const { openError } = await bus('knobs');
        if (openError || !await this.isThere()) {
            refuse(openError || 'SecurityError', 'Access denied.');
        }
        this.opened = true;
    }

    /** @returns {Promise<boolean>} false too while the browser has not noticed yet that it has left */
    isThere() {
        return bus('isThere', this.id, this.arrival);
    }

    async close() {
        this.checkUsable(false);
        this.pending.forEach((reject) => reject(new DOMException('The transfer was cancelled.', 'AbortError')));
        this.shut();
    }

    shut() {
        this.opened = false;
        this.only.claimed = false;
    }

    /** @param {number} number */
    async claimInterface(number) {
        this.checkUsable();
        this.checkInterface(number);
        const { claimError } = await bus('knobs');
        if (claimError || !await this.isThere()) {
            refuse(claimError || 'NetworkError', 'Unable to claim interface.');
        }
        this.only.claimed = true;
    }

    /** @param {number} number @param {number} alternate */
    async selectAlternateInterface(number, alternate) {
        this.checkUsable();
        this.checkInterface(number);
        this.checkClaimed();
        if (!this.only.alternates[alternate]) {
            refuse('NotFoundError', 'The alternate setting provided is not supported by the device.');
        }
        const { kind } = await this.send({ requestType: 0x01, request: SET_INTERFACE, value: alternate, windex: 0,
            length: 0 }, null);
        if (kind !== 'ok') {
            refuse('NetworkError', 'Unable to set device interface.');
        }
        this.only.alternate = this.only.alternates[alternate];
    }

    /** @param {any} setup @param {number[] | null} data @returns {Promise<any>} */
    send(setup, data) {
        return new Promise((resolve, reject) => {
            this.pending.add(reject);
            bus('control', this.id, this.arrival, { ...setup, timeoutMs: TIMEOUT_MS }, data).then((answer) => {
                this.pending.delete(reject);
                resolve(answer);
            }, reject);
        });
    }

    /** @param {any} setup @param {number} direction @param {number} length @param {number[] | null} data */
    async transfer({ requestType, recipient, request, value, index }, direction, length, data) {
        this.checkUsable();
        const type = ['standard', 'class', 'vendor'].indexOf(requestType);
        const to = ['device', 'interface', 'endpoint', 'other'].indexOf(recipient);
        if (to === INTERFACE) {
            this.checkInterface(index & 0xff);
            this.checkClaimed();
        }
        if (type === STANDARD && direction === 0 && request === SET_INTERFACE) {
            refuse('SecurityError', 'The transfer was not allowed.');
        }
        const raw = { requestType: direction | (type << 5) | to, request, value, windex: index, length };
        const answer = await this.send(raw, data);
        if (answer.kind === 'timeout') {
            return new Promise((_, reject) => this.pending.add(reject)); // without end
        }
        if (answer.kind === 'gone') {
            refuse('NetworkError', 'A transfer error has occurred.');
        }
        return answer;
    }

    /** @param {any} setup @param {number} length */
    async controlTransferIn(setup, length) {
        const { kind, data } = await this.transfer(setup, 0x80, length, null);
        return { status: kind, data: new DataView(Uint8Array.from(kind === 'ok' ? data : []).buffer) };
    }

    /** @param {any} setup @param {Uint8Array} [data] */
    async controlTransferOut(setup, data = new Uint8Array(0)) {
        const { kind } = await this.transfer(setup, 0, data.length, [...data]);
        return { status: kind, bytesWritten: data.length };
    }

    /** What a policy grants stays granted, and open. */
    async forget() {
        if (!this.isManaged) {
            await bus('forget', this.id);
            this.isDead = true;
            known.delete(keyOf(this));
        }
    }
}

/** @param {{id: number, arrival: number}} entry each arrival is another device */
const keyOf = ({ id, arrival }) => `${id} ${arrival}`;

/** @param {any} entry */
const deviceOf = (entry) => {
    const key = keyOf(entry);
    if (!known.has(key)) {
        known.set(key, new FakeDevice(entry));
    }
    return known.get(key);
};

class FakeUsb extends EventTarget {
    /** @type {Set<any> | null} null: nobody has looked yet */
    #present = null;

    constructor() {
        super();
        const watching = /** @type {any} */ (setInterval(() => void this.watch(), LOOK_MS));
        watching.unref?.(); // in Node it must not keep the process alive
    }

    /** @returns {Promise<any[]>} what is granted and, as far as the browser knows, on the bus */
    async watch() {
        const here = (await bus('list')).filter((/** @type {any} */ entry) => entry.isOnBus && entry.isGranted);
        const now = new Set(here.map(deviceOf));
        const before = this.#present ?? now;
        this.#present = now;
        before.forEach((device) => now.has(device) || device.isDead || this.tellLeaving(device));
        now.forEach((device) => before.has(device) || this.tell('connect', device));
        return [...now];
    }

    /** @param {any} device */
    tellLeaving(device) {
        device.shut();
        device.isDead = true;
        this.tell('disconnect', device);
    }

    /** @param {string} type @param {any} device */
    tell(type, device) {
        this.dispatchEvent(Object.assign(new Event(type), { device }));
    }

    /** No answer is older than the events before it. */
    getDevices() {
        return this.watch();
    }

    /** @returns {Promise<any>} what the person chose: the chooser stays open while there is nothing to choose */
    async pick() {
        for (let looks = 0; looks < LOOKS && (await bus('knobs')).chooser !== 'refuse'; looks += 1) {
            const entry = (await bus('list')).find((/** @type {any} */ candidate) => candidate.isOnBus);
            if (entry) {
                return entry;
            }
            await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        }
        return null;
    }

    /**
     * What is no bootloader can be chosen, and given back.
     * @param {{vendorId: number, productId: number}} filter
     */
    async requestApplication({ vendorId, productId }) {
        const application = await bus('application');
        if ((await bus('knobs')).chooser === 'refuse' || application?.vendorId !== vendorId
            || application.productId !== productId) {
            refuse('NotFoundError', 'No device selected.');
        }
        return { vendorId, productId, forget: async () => {} };
    }

    /** @param {{filters: {vendorId: number, productId: number}[]}} options */
    async requestDevice({ filters }) {
        if (!/** @type {any} */ (globalThis.navigator).userActivation.isActive) {
            refuse('SecurityError', 'Must be handling a user gesture to show a permission request.');
        }
        if (filters[0].vendorId !== BOOTLOADER.vendorId) {
            return this.requestApplication(filters[0]);
        }
        const entry = await this.pick();
        if (!entry) {
            refuse('NotFoundError', 'No device selected.');
        }
        await bus('grant', entry.id);
        const device = deviceOf(entry);
        this.#present?.add(device);
        return device;
    }
}

Object.defineProperty(globalThis.navigator, 'usb', { value: new FakeUsb(), configurable: true });
