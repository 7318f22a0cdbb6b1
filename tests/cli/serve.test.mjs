// @ts-check
/** Simulated devices served by USB/IP: what a kernel would see of them, without a kernel. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { ECONNRESET, EPIPE, EPROTO, UsbipDevice, listDevices, sendRubbish } from '../support/usbip-client.mjs';
import { Workspace, parseEvents } from './relock.mjs';

const FLASH = 0x08000000;
const IDLE = 2;
const BUSY = 4;
const DNLOAD_IDLE = 5;
const UPLOAD_IDLE = 9;

const workspace = new Workspace();
/** @type {import('./relock.mjs').Running[]} */
const servers = [];
after(async () => {
    for (const server of servers) {
        server.child.kill('SIGKILL');
        await server.end;
    }
    workspace.close();
});

/** Starts a server; its port. @param {string[]} files @param {string[]} [more] */
async function serve(files, more = ['--time', 'virtual']) {
    const server = workspace.start(['sim', 'serve', '--usbip', '--port', '0', '--json', ...more, ...files]);
    servers.push(server);
    server.child.stderr.on('data', (bytes) => (server.output += bytes));
    for (let i = 0; i < files.length; i++) {
        await server.until('"ready"');
    }
    await server.until('}\n');
    const events = parseEvents(server.output).filter((event) => event.state === 'ready');
    return { server, port: events[0].port, events };
}

/** @param {import('./relock.mjs').Running} server */
async function stop(server) {
    server.child.kill('SIGTERM');
    return /** @type {{ code: number | null, signal: string | null }} */ (await server.end);
}

/** What a descriptor's request gives: status and bytes. @param {UsbipDevice} device @param {number} type */
async function read(device, type, index = 0, length = 255) {
    const answer = await device.descriptor(type, index, length);
    assert.ok(answer, 'the device is gone');
    return answer;
}

/** @param {UsbipDevice} device @param {number} index */
async function readString(device, index) {
    return (await read(device, 3, index)).data.toString('utf16le', 2);
}

let names = 0;
/** @param {string} profile @param {string[]} more */
function makeDevice(profile, ...more) {
    return workspace.makeDevice(`device-${names++}.sim`, profile, more);
}

/** @param {number} port */
async function importFirst(port) {
    const device = await UsbipDevice.importWhenThere(port, '1-1');
    await device.send(4, 0); // generation A starts in dfuERROR
    return device;
}

/** Waits out what the last DNLOAD asked for; the state at its end. @param {UsbipDevice} device */
async function settle(device) {
    for (let i = 0; i < 50; i++) {
        const status = await device.status();
        if (status !== null && status.state !== BUSY) {
            return status.state;
        }
    }
    return -1;
}

/** @param {UsbipDevice} device @param {number} opcode @param {number} address */
async function command(device, opcode, address) {
    const bytes = Buffer.alloc(5);
    bytes[0] = opcode;
    bytes.writeUInt32LE(address, 1);
    assert.equal((await device.send(1, 0, bytes))?.status, 0);
    return settle(device);
}

test('what can be had is listed, and the tool says where', async () => {
    const files = [makeDevice('stm32f405'), makeDevice('stm32f072', '--boot0', 'low')];
    const { server, port, events } = await serve(files);
    assert.deepEqual(
        events.map((event) => [event.bus_id, event.file, event.address]),
        [
            ['1-1', files[0], '127.0.0.1'],
            ['1-2', files[1], '127.0.0.1'],
        ],
    );
    const devices = await listDevices(port);
    assert.equal(devices.length, 1, 'the other one runs its application');
    assert.equal(devices[0].busId, '1-1');
    assert.equal(devices[0].speed, 2);
    assert.equal(devices[0].vendor, 0x0483);
    assert.equal(devices[0].product, 0xdf11);
    assert.equal(devices[0].interfaceClass, 0xfe);
    assert.equal(await UsbipDevice.import(port, '1-2'), null);
    assert.equal(await UsbipDevice.import(port, '9-9'), null);
    assert.equal((await stop(server)).code, 0);
    assert.equal(existsSync(`${files[0]}.control`), false);
});

test('a device is enumerated as Linux does it', async () => {
    const { server, port } = await serve([makeDevice('stm32f405')]);
    const device = await UsbipDevice.import(port, '1-1');
    assert.ok(device);
    assert.equal(await UsbipDevice.import(port, '1-1'), null, 'taken');
    assert.equal((await read(device, 1, 0, 8)).data.length, 8);
    const descriptor = await read(device, 1, 0, 18);
    assert.equal(descriptor.data.readUInt16LE(8), 0x0483);
    assert.equal(descriptor.data[16], 3);
    assert.equal((await read(device, 6, 0, 10)).status, EPIPE, 'full speed only: no qualifier');
    const length = (await read(device, 2, 0, 9)).data.readUInt16LE(2);
    assert.equal((await read(device, 2, 0, length)).data.length, length);
    assert.equal((await read(device, 3)).data.readUInt16LE(2), 0x0409);
    assert.equal(await readString(device, 3), '3573365D3433');
    assert.match(await readString(device, 4), /^@Internal Flash/);
    assert.equal((await read(device, 3, 99)).status, EPIPE);
    device.close();
    (await UsbipDevice.importWhenThere(port, '1-1')).close();
    await stop(server);
});

test('the standard requests of a host are answered', async () => {
    const { server, port } = await serve([makeDevice('stm32f405')]);
    const device = await importFirst(port);
    /** @type {[number, number, number, number, number][]} requestType, request, value, index, length */
    const requests = [
        [0x00, 9, 1, 0, 0],
        [0x01, 11, 1, 0, 0],
        [0x80, 0, 0, 0, 2],
        [0x81, 0, 0, 0, 2],
        [0x82, 0, 0, 0, 2],
        [0x02, 1, 0, 0x80, 0],
        [0x80, 8, 0, 0, 1],
    ];
    for (const [requestType, request, value, index, expected] of requests) {
        const answer = await device.control({ requestType, request, value, index, length: expected });
        assert.equal(answer?.status, 0, `${requestType} ${request}`);
        assert.equal(answer?.data.length, expected);
    }
    const alternate = await device.control({ requestType: 0x81, request: 10, value: 0, index: 0, length: 1 });
    assert.equal(alternate?.data[0], 1);
    device.submit({ requestType: 0x80, request: 6, value: 0x100, index: 0, length: 18 }, undefined, 1);
    assert.equal((await device.answer())?.status, EPIPE, 'there is no other endpoint');
    device.close();
    await stop(server);
});

test('a device without a serial number, two of the same', async () => {
    const files = [makeDevice('stm32f405', '--serial', 'none'), makeDevice('stm32f405', '--serial', 'TWIN')];
    const { server, port } = await serve(files);
    const [one, two] = [await UsbipDevice.import(port, '1-1'), await UsbipDevice.import(port, '1-2')];
    await server.until('"1-2","state":"attached"');
    assert.equal((await one?.descriptor(1, 0, 18))?.data[16], 0);
    assert.equal((await one?.descriptor(3, 3, 255))?.status, EPIPE);
    assert.equal((await two?.descriptor(3, 3, 255))?.data.toString('utf16le', 2), 'TWIN');
    one?.close();
    two?.close();
    await server.until('"detached"');
    await stop(server);
    assert.equal(workspace.truth(files[1]).serial, 'TWIN');
    assert.equal(workspace.run(['sim', 'make', 'x.sim', '--profile', 'stm32f405', '--serial', 'far too long S']).code, 2);
});

test('erase, write and read back; the flash can be looked at', async () => {
    const file = makeDevice('stm32f405', '--level', '0');
    const { server, port } = await serve([file]);
    const device = await importFirst(port);
    assert.equal(await command(device, 0x41, FLASH), DNLOAD_IDLE);
    assert.equal(await command(device, 0x21, FLASH), DNLOAD_IDLE);
    const block = Buffer.from(Array.from({ length: 2048 }, (_, index) => (index * 7) & 0xff));
    assert.equal((await device.send(1, 2, block))?.actual, 2048);
    assert.equal(await settle(device), DNLOAD_IDLE);
    await device.send(6, 0);
    assert.deepEqual((await device.receive(2, 2, 2048))?.data, block);
    assert.equal((await device.status())?.state, UPLOAD_IDLE);
    const out = workspace.path('flash.bin');
    assert.equal(workspace.run(['sim', 'read', file, out]).code, 0);
    device.close();
    await stop(server);
    assert.equal(statSync(out).size, 1024 * 1024);
    assert.deepEqual(readFileSync(out).subarray(0, 2048), block);
    assert.deepEqual(workspace.truth(file).violations, []);
    assert.equal(workspace.run(['sim', 'read', file, file]).code, 2);
});

test('virtual time: a mass erase of sixteen seconds, and a regression, pass at once', async () => {
    const file = makeDevice('stm32f405', '--level', '1');
    const { server, port } = await serve([file]);
    let device = await importFirst(port);
    const before = Date.now();
    assert.equal((await device.send(1, 0, Buffer.from([0x92])))?.status, 0);
    assert.equal((await device.status())?.state, BUSY, 'the earned answer comes before the end');
    assert.equal(await device.answer(), null, 'then it is gone');
    device = await importFirst(port);
    await device.send(1, 0, Buffer.from([0x41]));
    assert.equal(await settle(device), DNLOAD_IDLE);
    assert.ok(Date.now() - before < 10000);
    device.close();
    await stop(server);
    const truth = workspace.truth(file);
    assert.equal(truth.level, 0);
    assert.equal(truth.counters.regressions, 1);
    assert.equal(truth.counters.sectors_erased, 12);
    assert.deepEqual(truth.violations, ['mass erase 0x41 alone']);
});

test('real time: an early poll is held until the work is done; others go on; one that is given up is not answered', async () => {
    const files = [makeDevice('stm32f405', '--level', '0'), makeDevice('stm32f405')];
    const { server, port } = await serve(files, ['--time', 'real']);
    const device = await importFirst(port);
    const other = await UsbipDevice.import(port, '1-2');
    await device.send(1, 0, Buffer.from([0x41, 0, 0, 0, 8])); // 400 ms
    const before = Date.now();
    assert.equal((await device.status())?.state, BUSY);
    const setup = { requestType: 0xa1, request: 3, value: 0, index: 0, length: 6 };
    const given = device.submit(setup);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const up = device.unlink(given);
    const unlinked = await device.answer();
    assert.deepEqual([unlinked?.command, unlinked?.sequence, unlinked?.status], [4, up, ECONNRESET]);
    device.submit(setup);
    assert.equal((await other?.descriptor(1, 0, 18))?.status, 0);
    assert.ok(Date.now() - before < 350, 'the other device does not wait');
    assert.equal((await device.answer())?.data[4], DNLOAD_IDLE);
    assert.ok(Date.now() - before >= 390);
    device.unlink(given);
    assert.equal((await device.answer())?.status, 0, 'what was answered cannot be given up');
    device.close();
    other?.close();
    await stop(server);
    assert.equal(workspace.truth(files[0]).counters.early_polls, 2);
});

test('cable, buttons and damage reach a served device', async () => {
    const file = makeDevice('stm32f072');
    const { server, port } = await serve([file], []);
    const words = (/** @type {string[]} */ ...more) => {
        const result = workspace.run(['sim', more[0], file, ...more.slice(1), '--json']);
        assert.equal(result.code, 0, result.stderr);
        return JSON.parse(result.stdout);
    };
    const device = await importFirst(port);
    assert.equal(words('show').on_bus, true);
    assert.equal(words('unplug').on_bus, false);
    assert.equal(await device.answer(), null);
    assert.deepEqual(await listDevices(port), []);
    assert.equal(words('release').boot0, 'low');
    assert.equal(words('plug').runs_application, true);
    assert.equal(words('do', 'HOLD_BOOT0_AND_REPLUG').boot0, 'high');
    const again = await importFirst(port);
    assert.equal(words('damage', '--fault', 'failed@0', '--knob', 'drops_writes=1').level, 1);
    assert.equal((await again.descriptor(1, 0, 18))?.status, EPROTO);
    assert.equal((await again.descriptor(1, 0, 18))?.status, 0);
    words('reset');
    assert.equal(await again.answer(), null);
    assert.equal(workspace.run(['sim', 'damage', file, '--knob', 'no_such=1']).code, 2);
    assert.equal(workspace.run(['sim', 'do', file, 'NOTHING_KNOWN']).code, 2);
    assert.equal(workspace.run(['info', '--sim', file]).code, 3, 'held by the server');
    assert.equal(workspace.run(['sim', 'make', file, '--profile', 'stm32f072']).code, 3);
    await stop(server);
    assert.match(server.output, /"attached"/);
    assert.match(server.output, /"absent"/);
});

test('planned faults: stall, lost answers, a pulled cable, another serial number at each arrival', async () => {
    const faults = ['--fault', 'stall@1', '--fault', 'timeout@2', '--fault', 'gone@3', '--knob', 'serial_changes=1'];
    const file = makeDevice('stm32f405', ...faults);
    const { server, port } = await serve([file]);
    const device = await UsbipDevice.importWhenThere(port, '1-1');
    assert.equal((await device.descriptor(3, 3, 255))?.data.toString('utf16le', 2), '3573365D3433');
    assert.equal((await device.descriptor(1, 0, 18))?.status, EPIPE);
    const lost = device.submit({ requestType: 0x80, request: 6, value: 0x100, index: 0, length: 18 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    device.unlink(lost);
    assert.equal((await device.answer())?.status, ECONNRESET);
    assert.equal(await device.descriptor(1, 0, 18), null);
    workspace.run(['sim', 'plug', file]);
    const again = await UsbipDevice.importWhenThere(port, '1-1');
    assert.equal((await again.descriptor(3, 3, 255))?.data.toString('utf16le', 2), '4573365D3433');
    again.close();
    await stop(server);
});

test('rubbish ends its own connection and nothing else', async () => {
    const { server, port } = await serve([makeDevice('stm32f405')]);
    const device = await UsbipDevice.import(port, '1-1');
    assert.ok(device);
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\x01\x11\x80\x99\0\0\0\0', '\x01\x11\x80\x03\0\0\0\0' + 'x'.repeat(40)]) {
        await sendRubbish(port, Buffer.from(bytes, 'latin1'));
    }
    const second = (await serve([makeDevice('stm32f405')])).port;
    /** @type {[number, number][]} where in the header, what */
    const lies = [[0, 9], [8, 77], [12, 7], [16, 99], [24, 0x7fffffff], [24, 4], [32, 3]];
    for (const [at, value] of lies) {
        const victim = await UsbipDevice.importWhenThere(second, '1-1');
        const header = victim.header(1, false);
        header.writeUInt32BE(value, at);
        victim.wire.write(header);
        assert.equal(await victim.answer(), null, `${at}`);
        victim.close();
    }
    const flood = await UsbipDevice.importWhenThere(second, '1-1');
    flood.wire.write(Buffer.concat(Array.from({ length: 64 }, () => flood.header(1, false))));
    flood.close();
    (await UsbipDevice.importWhenThere(second, '1-1')).close();
    assert.equal((await device.descriptor(1, 0, 18))?.status, 0);
    device.close();
    assert.equal((await stop(server)).code, 0);
    assert.match(server.output, /not USB\/IP, or another version than 1\.1\.1; connection closed/);
});

test('what cannot be served is said', async () => {
    const file = makeDevice('stm32f405');
    const { server, port } = await serve([file]);
    const other = makeDevice('stm32f405');
    const taken = workspace.run(['sim', 'serve', '--usbip', '--port', `${port}`, other]);
    assert.equal(taken.code, 1);
    assert.match(taken.stderr, /cannot listen at port \d+: Address already in use; --port/);
    assert.equal(workspace.run(['sim', 'serve', '--usbip', '--port', '0', file]).code, 3);
    await stop(server);
    const text = workspace.path('text');
    writeFileSync(text, 'no device');
    const many = Array.from({ length: 9 }, () => file);
    const usages = [[], [file], ['--usbip'], ['--usbip', text], ['--usbip', '--port', '70000', file], ['--usbip', ...many]];
    for (const words of [...usages, ['--usbip', '--bind', 'nowhere', file], ['--usbip', '--time', 'slow', file]]) {
        assert.equal(workspace.run(['sim', 'serve', ...words]).code, 2, words.join(' '));
    }
});

test('a socket that a killed server left behind is no obstacle, and never followed', async () => {
    const file = makeDevice('stm32f405');
    const first = await serve([file]);
    first.server.child.kill('SIGKILL');
    await first.server.end;
    assert.equal(existsSync(`${file}.control`), true);
    assert.equal(workspace.run(['sim', 'press', file]).code, 0);
    const second = await serve([file]);
    assert.equal(workspace.run(['sim', 'show', file]).code, 0);
    assert.equal(statSync(`${file}.control`).mode & 0o777, 0o600);
    await stop(second.server);
    writeFileSync(`${file}.control`, 'somebody else');
    assert.equal(workspace.run(['sim', 'serve', '--usbip', '--port', '0', file]).code, 1);
    assert.equal(readFileSync(`${file}.control`, 'utf8'), 'somebody else');
});

test('the state that a host left is in the file', async () => {
    const file = makeDevice('stm32f405');
    const { server, port } = await serve([file]);
    const device = await importFirst(port);
    assert.equal((await device.status())?.state, IDLE);
    device.close();
    await stop(server);
    assert.equal(workspace.truth(file).counters.transfers, 2);
});
