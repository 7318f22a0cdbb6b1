// @ts-check
// The page's half of a fake navigator.usb: an init script, run before the page's own. It calls globalThis.relockBus,
// which FakeBus answers. It behaves as Chromium on Linux does: interfaceName is null, a stall resolves, a device that
// has gone rejects with NetworkError, connect is fired only for devices whose permission was kept, and the chooser
// needs a gesture.

/** @param {string} method @param {any[]} args @returns {Promise<any>} */
const bus = (method, ...args) => /** @type {any} */ (globalThis).relockBus(method, args);
const TIMEOUT_MS = 5000;
/** @type {Map<string, any>} */
const known = new Map();

class FakeDevice {
    vendorId = 0x0483;
    productId = 0xdf11;
    opened = false;
    /** @type {any} */
    configuration = { configurationValue: 1, interfaces: [{ interfaceNumber: 0, claimed: false, alternate: null,
        alternates: [0, 1, 2, 3].map((alternateSetting) => ({ alternateSetting, interfaceClass: 0xfe,
            interfaceSubclass: 1, interfaceProtocol: 2, interfaceName: null, endpoints: [] })) }] };

    /** @param {{id: number, arrival: number, serial: string | null}} entry */
    constructor({ id, arrival, serial }) {
        this.id = id;
        this.arrival = arrival;
        this.serialNumber = serial ?? undefined;
        this.configuration.interfaces[0].alternate = this.configuration.interfaces[0].alternates[0];
    }

    async open() {
        const { openError } = await bus('knobs');
        if (openError) {
            throw new DOMException('Access denied.', openError);
        }
        await this.checkThere();
        this.opened = true;
    }

    async checkThere() {
        const entry = (await bus('list')).find((/** @type {any} */ candidate) => candidate.id === this.id);
        if (!entry?.isOnBus || entry.arrival !== this.arrival) {
            throw new DOMException('The device was disconnected.', 'NotFoundError');
        }
    }

    async close() {
        this.opened = false;
    }

    async claimInterface() {
        const { claimError } = await bus('knobs');
        if (claimError) {
            throw new DOMException('Unable to claim interface.', claimError);
        }
        await this.checkThere();
    }

    /** @param {number} number @param {number} alternate */
    async selectAlternateInterface(number, alternate) {
        const { kind } = await this.transfer({ requestType: 0x01, request: 0x0b, value: alternate, windex: number,
            length: 0 }, null);
        if (kind !== 'ok') {
            throw new DOMException('Unable to set device interface.', 'NetworkError');
        }
        const [only] = this.configuration.interfaces;
        only.alternate = only.alternates[alternate];
    }

    /** @param {any} setup @param {number[] | null} data */
    async transfer(setup, data) {
        if (!this.opened) {
            throw new DOMException('The device must be opened first.', 'InvalidStateError');
        }
        const answer = await bus('control', this.id, this.arrival, { ...setup, timeoutMs: TIMEOUT_MS }, data);
        if (answer.kind === 'gone' || answer.kind === 'timeout') {
            throw new DOMException('A transfer error has occurred.', 'NetworkError');
        }
        return answer;
    }

    /** @param {any} setup @param {number} direction @param {number} length */
    raw({ requestType, recipient, request, value, index }, direction, length) {
        const bits = direction | (['standard', 'class', 'vendor'].indexOf(requestType) << 5)
            | ['device', 'interface', 'endpoint', 'other'].indexOf(recipient);
        return { requestType: bits, request, value, windex: index, length };
    }

    /** @param {any} setup @param {number} length */
    async controlTransferIn(setup, length) {
        const { kind, data } = await this.transfer(this.raw(setup, 0x80, length), null);
        return kind === 'stall' ? { status: 'stall', data: undefined }
            : { status: 'ok', data: new DataView(Uint8Array.from(data).buffer) };
    }

    /** @param {any} setup @param {Uint8Array} data */
    async controlTransferOut(setup, data) {
        const { kind } = await this.transfer(this.raw(setup, 0, data.length), [...data]);
        return { status: kind, bytesWritten: data.length };
    }

    async forget() {
        await bus('forget', this.id);
    }
}

/** @param {any} entry */
const deviceOf = (entry) => {
    const key = `${entry.id} ${entry.arrival}`;
    if (!known.has(key)) {
        known.set(key, new FakeDevice(entry));
    }
    return known.get(key);
};

class FakeUsb extends EventTarget {
    /** @type {Map<string, any>} */
    #present = new Map();

    constructor() {
        super();
        const watching = /** @type {any} */ (setInterval(() => void this.watch(), 40));
        watching.unref?.(); // in Node it must not keep the process alive
    }

    async watch() {
        const now = new Map((await bus('list')).filter((/** @type {any} */ entry) => entry.isOnBus && entry.isGranted)
            .map((/** @type {any} */ entry) => [`${entry.id} ${entry.arrival}`, deviceOf(entry)]));
        this.#present.forEach((device, key) => now.has(key) || this.tell('disconnect', device));
        now.forEach((device, key) => this.#present.has(key) || this.tell('connect', device));
        this.#present = now;
    }

    /** @param {string} type @param {any} device */
    tell(type, device) {
        device.opened &&= type === 'connect';
        this.dispatchEvent(Object.assign(new Event(type), { device }));
    }

    async getDevices() {
        return (await bus('list')).filter((/** @type {any} */ entry) => entry.isOnBus && entry.isGranted).map(deviceOf);
    }

    async requestDevice() {
        if (!/** @type {any} */ (globalThis.navigator).userActivation.isActive) {
            throw new DOMException('Must be handling a user gesture.', 'SecurityError');
        }
        const { chooser } = await bus('knobs');
        const entry = (await bus('list')).find((/** @type {any} */ candidate) => candidate.isOnBus);
        if (chooser === 'refuse' || !entry) {
            throw new DOMException('No device selected.', 'NotFoundError');
        }
        await bus('grant', entry.id);
        const device = deviceOf(entry);
        this.#present.set(`${entry.id} ${entry.arrival}`, device);
        return device;
    }
}

Object.defineProperty(globalThis.navigator, 'usb', { value: new FakeUsb(), configurable: true });
