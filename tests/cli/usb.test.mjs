// @ts-check
/** The USB half of the tool, on a libusb whose devices are simulated ones (fake_libusb.c). */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { violationsOf } from '../support/transcript_law.mjs';
import { Workspace, binary, parseEvents, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const root = fileURLToPath(new URL('../..', import.meta.url));
const library = workspace.path('fake_libusb.so');
const locked = ['update', smallHex, '--protect', 'on', '--return', 'boot0', '--yes'];

function buildLibrary() {
    const model = path.join(root, 'sim/src');
    const sources = readdirSync(model).filter((name) => name.endsWith('.c')).map((name) => path.join(model, name));
    const include = ['-I', path.join(root, 'sim/include'), '-I', model];
    const own = fileURLToPath(new URL('fake_libusb.c', import.meta.url));
    const words = ['-std=c11', '-D_XOPEN_SOURCE=700', '-O1', '-shared', '-fPIC', '-Wl,-Bsymbolic', ...include];
    const built = spawnSync('cc', [...words, '-o', library, own, ...sources], { encoding: 'utf8' });
    assert.equal(built.status, 0, built.stderr);
}

buildLibrary();

let buses = 0;

/**
 * A bus with devices, and a journal of its own.
 * @param {Record<string, string>} ports @param {Record<string, string>} [more]
 */
function bus(ports, more = {}) {
    const devices = Object.entries(ports).map(([port, file]) => `${port}=${file}`);
    return {
        XDG_STATE_HOME: workspace.path(`state-${buses++}`),
        LD_PRELOAD: library,
        ASAN_OPTIONS: 'verify_asan_link_order=0',
        FAKE_USB: devices.join(' '),
        FAKE_USB_SPEED: '40',
        ...more,
    };
}

/** The test's hands: again until the file is free. @param {string[]} words */
async function hands(...words) {
    for (let attempt = 0; attempt < 100; attempt++) {
        if (spawnSync(binary, ['sim', ...words]).status === 0) {
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.fail(`sim ${words.join(' ')} never got through`);
}

test('list: ports, serial numbers, products', () => {
    const ports = { '1-2.3': workspace.makeDevice('l1.sim', 'stm32f405'), '1-4': workspace.makeDevice('l2.sim', 'stm32f072') };
    const { code, stdout } = workspace.run(['list', '--json'], bus(ports));
    const found = parseEvents(stdout).filter((event) => event.event === 'device');
    assert.equal(code, 0);
    assert.deepEqual(found.map((device) => device.port), ['1-2.3', '1-4']);
    assert.equal(found[0].serial_is_unique, true);
});

test('no device: exit 3, also after waiting', () => {
    const words = ['info', '--wait', '1'];
    const { code, stdout } = workspace.run(words, bus({}));
    assert.equal(code, 3);
    assert.match(stdout, /NO_DEVICE/);
});

test('two devices: refused and listed, until one is named', () => {
    const ports = { '1-2': workspace.makeDevice('t1.sim', 'stm32f405'), '1-3': workspace.makeDevice('t2.sim', 'stm32f405') };
    const refused = workspace.runJob(locked, bus(ports));
    assert.equal(refused.code, 4);
    assert.equal(refused.ending?.error.name, 'SEVERAL_DEVICES');
    assert.equal(refused.events.filter((event) => event.event === 'device').length, 2);
    const named = workspace.runJob([...locked, '--port', '1-3'], bus(ports));
    assert.equal(named.code, 0, JSON.stringify(named.ending));
    assert.equal(workspace.truth(ports['1-2']).counters.regressions, 0);
    assert.equal(workspace.truth(ports['1-3']).level, 1);
});

for (const profile of ['stm32f405', 'stm32l476']) {
    test(`the locked update of ${profile} over libusb is proven, with hands where they are asked for`, async () => {
        const file = workspace.makeDevice(`u-${profile}.sim`, profile);
        const running = workspace.start([...locked, '--json', '--wait', '600'], bus({ '1-2.3': file }));
        const helper = helpWhenAsked(running, file);
        assert.equal((await running.end).code, 0, running.output);
        await helper;
        const truth = workspace.truth(file);
        assert.equal(truth.level, 1);
        assert.deepEqual(truth.violations, []);
        assert.equal(truth.counters.regressions, 1);
    });
}

/** Does what the tool asks the person for. @param {import('./relock.mjs').Running} running @param {string} file */
async function helpWhenAsked(running, file) {
    let seen = 0;
    while (running.child.exitCode === null) {
        const asked = [...running.output.matchAll(/"event":"person".*?"action":"(\w+)"/g)];
        for (; seen < asked.length; seen++) {
            await hands('do', file, asked[seen][1]);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

test('another device appears meanwhile: it is never touched', async () => {
    const mine = workspace.makeDevice('mine.sim', 'stm32f072');
    const other = workspace.makeDevice('other.sim', 'stm32f072', ['--boot0', 'low']);
    const trace = workspace.path('other.txt');
    const words = [...locked, '--json', '--wait', '600', '--trace', trace];
    const running = workspace.start(words, bus({ '1-2': mine, '1-3': other }));
    await running.until('"waiting","reason":"after-unprotect"');
    await hands('unplug', mine);
    await hands('do', other, 'HOLD_BOOT0_AND_REPLUG');
    await running.until('HOLD_BOOT0_AND_REPLUG');
    const helper = helpWhenAsked(running, mine);
    const { code } = await running.end;
    assert.equal(code, 0, running.output + JSON.stringify(workspace.truth(mine)));
    await helper;
    assert.deepEqual(violationsOf(readFileSync(trace, 'utf8')), []);
    assert.equal(workspace.truth(other).counters.regressions, 0);
    assert.equal(workspace.truth(other).counters.blocks_programmed, 0);
    assert.equal(workspace.truth(mine).level, 1);
});

test('a device that never comes back: parked, exit 6; the same command goes on', async () => {
    const file = workspace.makeDevice('lost.sim', 'stm32f405', ['--boot0', 'low']);
    await hands('jump', file);
    const environment = bus({ '1-2': file });
    const parked = workspace.runJob([...locked, '--wait', '20'], environment);
    assert.equal(parked.code, 6, JSON.stringify(parked.ending));
    const absent = workspace.runJob(locked, environment);
    assert.equal(absent.code, 3);
    assert.match(absent.stdout, /waits for its device \(serial-3573365D3433\)/);
    await hands('do', file, parked.ending?.next_action);
    const resumed = workspace.runJob([...locked, '--wait', '20'], environment);
    assert.equal(resumed.code, 0, JSON.stringify(resumed.ending));
    assert.equal(workspace.truth(file).counters.regressions, 1);
});

test('--new-job: entries go when the new job is begun, not before; looking needs no journal', () => {
    const file = workspace.makeDevice('anew.sim', 'stm32f405');
    const environment = bus({ '1-2': file });
    const folder = path.join(environment.XDG_STATE_HOME, 'relock');
    mkdirSync(folder, { recursive: true });
    for (const name of ['serial-3573365D3433.journal', 'port-1-2.journal']) {
        writeFileSync(path.join(folder, name), 'damaged');
    }
    assert.equal(workspace.runJob(['info'], environment).code, 0);
    const refused = workspace.runJob(locked, environment);
    assert.equal(refused.ending?.error.name, 'JOURNAL_MALFORMED');
    assert.equal(refused.ending?.error.file, path.join(folder, 'serial-3573365D3433.journal'));
    const anew = [...locked.filter((word) => word !== '--yes'), '--new-job'];
    assert.equal(workspace.runJob(anew, environment).code, 4);
    assert.equal(readdirSync(folder).length, 2);
    const done = workspace.runJob([...anew, '--yes'], environment);
    assert.equal(done.code, 0, JSON.stringify(done.ending));
    assert.deepEqual(readdirSync(folder), ['serial-3573365D3433.journal']);
});

test('copies that earlier runs have left under the serial number and under the port are named', () => {
    const host = bus({ '1-2': workspace.makeDevice('copies.sim', 'stm32f405', ['--level', '0']) });
    const folder = path.join(host.XDG_STATE_HOME, 'relock');
    mkdirSync(folder, { recursive: true });
    for (const name of ['serial-3573365D3433', 'port-1-2', 'port-1-3']) {
        writeFileSync(path.join(folder, `${name}.kept-1.hex`), readFileSync(smallHex));
    }
    const write = ['write', smallHex, '--dry-run', '--port', '1-2', '--family', 'STM32F405'];
    const { stdout } = workspace.run(write, host);
    const said = stdout.replaceAll(/\s+/g, ' ');
    const command = (/** @type {string} */ name) => `relock write ${folder}/${name}.kept-1.hex --family STM32F405 --port 1-2`;
    assert.match(said, /An earlier run on this device did not.*An earlier run on a device that was at this port/);
    assert.deepEqual(stdout.split('\n').filter((line) => line.startsWith('  relock ')).map((line) => line.trim()),
        [command('serial-3573365D3433'), command('port-1-2')]);
    const refused = workspace.run(['update', smallHex, '--protect', 'on', '--return', 'boot0', '--yes'], host);
    assert.equal(refused.code, 4);
    assert.match(refused.stdout, /RLK-4009 KEPT_NOT_BACK/);
});

test('no permission: exit 3, and the udev rule is named', () => {
    const file = workspace.makeDevice('access.sim', 'stm32f405');
    const { code, stdout } = workspace.run(['info'], bus({ '1-2': file }, { FAKE_USB_REFUSE: 'access -1' }));
    assert.equal(code, 3);
    assert.match(stdout, /NO_PERMISSION/);
    assert.match(stdout, /70-relock-stm32-dfu\.rules/);
});

for (const kind of ['access', 'busy']) {
    test(`a device that cannot be opened at once after its return (${kind}) is opened a little later`, () => {
        const file = workspace.makeDevice(`late-${kind}.sim`, 'stm32f405', ['--boot0', 'low']);
        spawnSync(binary, ['sim', 'press', file]);
        spawnSync(binary, ['sim', 'replug', file]);
        const environment = bus({ '1-2': file }, { FAKE_USB_REFUSE: `${kind} 4` });
        const { code, ending } = workspace.runJob([...locked, '--wait', '20'], environment);
        assert.equal(code, 0, JSON.stringify(ending));
    });
}

test('taken by another program: exit 3', () => {
    const file = workspace.makeDevice('busy.sim', 'stm32f405');
    const { code, ending } = workspace.runJob(['info'], bus({ '1-2': file }, { FAKE_USB_REFUSE: 'busy -1' }));
    assert.equal(code, 3);
    assert.equal(ending?.error.name, 'DEVICE_TAKEN');
});

test('Ctrl-C while the device is awaited: exit 6, and the job goes on', async () => {
    const file = workspace.makeDevice('int.sim', 'stm32f405', ['--boot0', 'low']);
    await hands('jump', file);
    const environment = bus({ '1-2': file });
    const running = workspace.start([...locked, '--json', '--wait', '600'], environment);
    await running.until('HOLD_BOOT0_AND_REPLUG');
    running.child.kill('SIGINT');
    assert.equal((await running.end).code, 6, running.output);
    await hands('do', file, 'HOLD_BOOT0_AND_REPLUG');
    const resumed = workspace.runJob([...locked, '--wait', '20'], environment);
    assert.equal(resumed.code, 0, JSON.stringify(resumed.ending));
});
