// @ts-check
/** A small USB/IP client: what a virtual host controller does to a server of devices, without a kernel. */

import assert from 'node:assert/strict';
import { connect } from 'node:net';

const VERSION = 0x0111;
const REQUEST_LIST = 0x8005;
const REQUEST_IMPORT = 0x8003;
const COMMAND_SUBMIT = 1;
const COMMAND_UNLINK = 2;
const RETURN_SUBMIT = 3;
const RETURN_UNLINK = 4;
const HEADER_BYTES = 48;
const DEVICE_BYTES = 312;
const INTERFACE_BYTES = 4;
const BUS_ID_AT = 256;
const BUS_ID_BYTES = 32;
const PATIENCE_MS = 30000;

export const EPIPE = -32;
export const EPROTO = -71;
export const ECONNRESET = -104;

/** @typedef {{ requestType: number, request: number, value: number, index: number, length: number }} Setup */
/** @typedef {{ sequence: number, command: number, status: number, data: Buffer }} Answer */

/** A connection that is read in pieces of known length. */
class Wire {
    /** @param {number} port @param {string} [host] */
    constructor(port, host = '127.0.0.1') {
        this.socket = connect({ port, host, noDelay: true });
        this.bytes = Buffer.alloc(0);
        this.hasEnded = false;
        this.wake = () => {};
        this.socket.on('data', (bytes) => {
            this.bytes = Buffer.concat([this.bytes, bytes]);
            this.wake();
        });
        const end = () => {
            this.hasEnded = true;
            this.wake();
        };
        this.socket.on('end', end);
        this.socket.on('error', end);
        this.socket.on('close', end);
    }

    /** @param {Buffer} bytes */
    write(bytes) {
        this.socket.write(bytes);
    }

    /** @param {() => boolean} isMet */
    async until(isMet) {
        const deadline = Date.now() + PATIENCE_MS;
        while (!isMet()) {
            assert.ok(Date.now() < deadline, 'the server never answered');
            await new Promise((resolve) => {
                const timer = setTimeout(resolve, 500);
                this.wake = () => {
                    clearTimeout(timer);
                    resolve(undefined);
                };
            });
        }
    }

    /** The next bytes; null if the connection ends before them. @param {number} length */
    async read(length) {
        await this.until(() => this.bytes.length >= length || this.hasEnded);
        if (this.bytes.length < length) {
            return null;
        }
        const taken = this.bytes.subarray(0, length);
        this.bytes = this.bytes.subarray(length);
        return taken;
    }

    close() {
        this.socket.destroy();
    }
}

/** @param {number} code */
function operation(code) {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16BE(VERSION, 0);
    bytes.writeUInt16BE(code, 2);
    return bytes;
}

/** @param {Buffer} bytes */
function parseDevice(bytes) {
    const text = (/** @type {number} */ from, /** @type {number} */ length) =>
        bytes.toString('latin1', from, from + length).split('\0')[0];
    return {
        path: text(0, BUS_ID_AT),
        busId: text(BUS_ID_AT, BUS_ID_BYTES),
        number: (bytes.readUInt32BE(288) << 16) | bytes.readUInt32BE(292),
        speed: bytes.readUInt32BE(296),
        vendor: bytes.readUInt16BE(300),
        product: bytes.readUInt16BE(302),
        interfaces: bytes[311],
    };
}

/** What the server has. @param {number} port */
export async function listDevices(port) {
    const wire = new Wire(port);
    wire.write(operation(REQUEST_LIST));
    const head = await wire.read(12);
    assert.ok(head);
    assert.equal(head.readUInt16BE(0), VERSION);
    assert.equal(head.readUInt16BE(2), 0x0005);
    const devices = [];
    for (let left = head.readUInt32BE(8); left > 0; left--) {
        const bytes = await wire.read(DEVICE_BYTES + INTERFACE_BYTES);
        assert.ok(bytes);
        devices.push({ ...parseDevice(bytes), interfaceClass: bytes[DEVICE_BYTES] });
    }
    wire.close();
    return devices;
}

/** Sends bytes that are no protocol, and waits for the end. @param {number} port @param {Buffer} bytes */
export async function sendRubbish(port, bytes) {
    const wire = new Wire(port);
    wire.write(bytes);
    await wire.until(() => wire.hasEnded);
    wire.close();
}

/** An imported device. */
export class UsbipDevice {
    /** @param {Wire} wire @param {number} number */
    constructor(wire, number) {
        this.wire = wire;
        this.number = number;
        this.sequence = 0;
        /** @type {Answer[]} */
        this.early = [];
    }

    /** The device, or null if the server refuses. @param {number} port @param {string} busId */
    static async import(port, busId) {
        const wire = new Wire(port);
        const bus = Buffer.alloc(BUS_ID_BYTES);
        bus.write(busId, 'latin1');
        wire.write(Buffer.concat([operation(REQUEST_IMPORT), bus]));
        const head = await wire.read(8);
        if (head === null || head.readUInt32BE(4) !== 0) {
            wire.close();
            return null;
        }
        const bytes = await wire.read(DEVICE_BYTES);
        assert.ok(bytes);
        return new UsbipDevice(wire, parseDevice(bytes).number);
    }

    /** Imports as soon as the server lets. @param {number} port @param {string} busId */
    static async importWhenThere(port, busId) {
        const deadline = Date.now() + PATIENCE_MS;
        for (;;) {
            const device = await UsbipDevice.import(port, busId);
            if (device !== null) {
                return device;
            }
            assert.ok(Date.now() < deadline, `${busId} never came back`);
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }

    /** @param {number} command @param {boolean} isIn @param {number} [endpoint] */
    header(command, isIn, endpoint = 0) {
        const bytes = Buffer.alloc(HEADER_BYTES);
        bytes.writeUInt32BE(command, 0);
        bytes.writeUInt32BE(++this.sequence, 4);
        bytes.writeUInt32BE(this.number, 8);
        bytes.writeUInt32BE(isIn ? 1 : 0, 12);
        bytes.writeUInt32BE(endpoint, 16);
        return bytes;
    }

    /** Sends a transfer; its sequence number. @param {Setup} setup @param {Buffer} [data] @param {number} [endpoint] */
    submit(setup, data = Buffer.alloc(0), endpoint = 0) {
        const isIn = (setup.requestType & 0x80) !== 0;
        const bytes = this.header(COMMAND_SUBMIT, isIn, endpoint);
        bytes.writeUInt32BE(setup.length, 24);
        bytes[40] = setup.requestType;
        bytes[41] = setup.request;
        bytes.writeUInt16LE(setup.value, 42);
        bytes.writeUInt16LE(setup.index, 44);
        bytes.writeUInt16LE(setup.length, 46);
        this.wire.write(isIn ? bytes : Buffer.concat([bytes, data]));
        return this.sequence;
    }

    /** Gives a transfer up; the sequence number of that. @param {number} sequence */
    unlink(sequence) {
        const bytes = this.header(COMMAND_UNLINK, false);
        bytes.writeUInt32BE(sequence, 20);
        this.wire.write(bytes);
        return this.sequence;
    }

    /** The next thing that the server says, or null if it has hung up. @param {boolean} hasData */
    async answer(hasData = true) {
        const head = await this.wire.read(HEADER_BYTES);
        if (head === null) {
            return null;
        }
        const command = head.readUInt32BE(0);
        assert.ok(command === RETURN_SUBMIT || command === RETURN_UNLINK, `command ${command}`);
        const length = command === RETURN_SUBMIT && hasData ? head.readUInt32BE(24) : 0;
        const data = (await this.wire.read(length)) ?? Buffer.alloc(0);
        return {
            command,
            sequence: head.readUInt32BE(4),
            status: head.readInt32BE(20),
            actual: head.readUInt32BE(24),
            data: Buffer.from(data),
        };
    }

    /** One whole transfer; null if the device is gone. @param {Setup} setup @param {Buffer} [data] */
    async control(setup, data) {
        const sequence = this.submit(setup, data);
        const answer = await this.answer((setup.requestType & 0x80) !== 0);
        assert.ok(answer === null || answer.sequence === sequence);
        return answer;
    }

    /** @param {number} type @param {number} index @param {number} length */
    descriptor(type, index, length) {
        const setup = { requestType: 0x80, request: 6, value: (type << 8) | index, index: 0, length };
        return this.control(type === 3 && index > 0 ? { ...setup, index: 0x0409 } : setup);
    }

    /**
     * DFU: a class request with data for the device.
     * @param {number} request
     * @param {number} value
     * @param {Buffer} [data]
     */
    send(request, value, data = Buffer.alloc(0)) {
        return this.control({ requestType: 0x21, request, value, index: 0, length: data.length }, data);
    }

    /** DFU: a class request for data. @param {number} request @param {number} value @param {number} length */
    receive(request, value, length) {
        return this.control({ requestType: 0xa1, request, value, index: 0, length });
    }

    /** DFU_GETSTATUS, or null if the device is gone. */
    async status() {
        const answer = await this.receive(3, 0, 6);
        if (answer === null || answer.status !== 0) {
            return null;
        }
        return { status: answer.data[0], pollMs: answer.data.readUIntLE(1, 3), state: answer.data[4] };
    }

    close() {
        this.wire.close();
    }
}
