// @ts-check
/** What else is in the sectors that a write or update erases: kept, with a copy on disk; or lost, if that was said. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Workspace, binary, eventOf, smallBin } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const firmware = readFileSync(smallBin);

/** Profile, and the bytes of its first sectors. @type {[string, number][]} */
const profiles = [['stm32f405', 16384], ['stm32l476', 2048]];

/** The true flash. @param {string} file */
function flashOf(file) {
    const out = workspace.path('flash.bin');
    assert.equal(workspace.run(['sim', 'read', file, out]).code, 0);
    return readFileSync(out);
}

/** An open device, and a part of a sector as a file. @param {string} name @param {string} profile */
function prepare(name, profile) {
    const device = workspace.makeDevice(`${name}.sim`, profile, ['--level', '0']);
    const part = workspace.path(`${name}.bin`);
    writeFileSync(part, firmware.subarray(0, 1024));
    const words = ['write', part, '--address', '0x08000100', '--any-image', '--yes', '--sim', device];
    return { device, before: flashOf(device), words };
}

/** The copies that are there. */
function copies() {
    const folder = workspace.path('state/relock');
    return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.hex')).map((name) => `${folder}/${name}`) : [];
}

/** Kills a run between the first erase and the first block. @param {string[]} words that end with the device */
function killBetween(words) {
    const [device] = words.slice(-1);
    const trial = `${device}.trial`;
    copyFileSync(device, trial);
    const before = copies();
    const { transcript } = workspace.runJob([...words.slice(0, -1), trial], { XDG_STATE_HOME: workspace.path('state-of-trials') });
    const operations = transcript.split('\n').filter((line) => /^> /.test(line));
    const erase = operations.findIndex((line) => /\[41 /.test(line));
    const first = operations.findIndex((line, index) => index > erase && /^> out 21 1 [1-9]/.test(line));
    assert.ok(erase > 0 && first > erase);
    assert.equal(workspace.run(words, { RELOCK_SIM_KILL_AT: String(first) }).signal, 'SIGKILL');
    const made = copies().filter((copy) => !before.includes(copy));
    assert.equal(made.length, 1);
    return made[0];
}

/** The commands that are printed, each in a line of its own, as they are. @param {string} output */
function commandsIn(output) {
    return output.split('\n').filter((line) => line.startsWith('  relock ')).map((line) => line.trim());
}

/** Types it. @param {string} command */
function type(command) {
    const script = `relock() { "${binary}" "$@"; }; ${command}`;
    const { status, stdout } = spawnSync('sh', ['-c', script], { cwd: workspace.folder, env: workspace.environment(), encoding: 'utf8' });
    return { code: status, stdout };
}

/** @param {string} text */
const inOneLine = (text) => text.replaceAll(/\s+/g, ' ');

/** @param {Buffer} before */
function expected(before) {
    const flash = Buffer.from(before);
    firmware.copy(flash, 0x100, 0, 1024);
    return flash;
}

for (const [profile, sector] of profiles) {
    test(`write of a part of a sector of an ${profile}: the rest is as before, and the copy is gone`, () => {
        const { device, before, words } = prepare(`part-${profile}`, profile);
        const { code, events, ending } = workspace.runJob(words);
        assert.equal(code, 0, JSON.stringify(ending));
        assert.ok(flashOf(device).equals(expected(before)));
        const plan = eventOf(events, 'plan');
        assert.equal(plan?.keeps_rest, true);
        assert.equal(plan?.loses_sectors, false);
        assert.deepEqual(eventOf(events, 'kept')?.ranges, [
            { addr: '0x08000000', bytes: 0x100 },
            { addr: '0x08000500', bytes: sector - 0x500 },
        ]);
        assert.deepEqual(copies(), []);
    });

    test(`killed between erase and write, ${profile}: the copy is there, and brings the rest back`, () => {
        const { device, before, words } = prepare(`kill-${profile}`, profile);
        const copy = killBetween(words);
        assert.ok(flashOf(device).subarray(0, sector).every((byte) => byte === 0xff));
        assert.equal(statSync(copy).mode & 0o77, 0);

        const again = workspace.runJob(words);
        assert.equal(again.code, 0);
        const notices = again.events.filter(({ event }) => event === 'notice').map(({ text }) => text);
        assert.ok(notices.some((text) => text.includes(copy)), notices.join());
        assert.deepEqual(copies(), [copy]);
        assert.ok(!flashOf(device).equals(expected(before)));

        const back = workspace.runJob(['write', copy, '--yes', '--sim', device]);
        assert.equal(back.code, 0, JSON.stringify(back.ending));
        assert.ok(flashOf(device).equals(expected(before)));
        assert.deepEqual(copies(), []);
        const said = back.events.filter(({ event }) => event === 'notice').map(({ text }) => text);
        assert.ok(said.some((text) => text.includes('the copy was removed')), said.join());
        assert.ok(!said.some((text) => text.includes('An earlier run')), said.join());
    });

    test(`an update that is to protect, killed between erase and write, ${profile}: what is printed mends it`, () => {
        const { device, before, words: [, part] } = prepare(`seal-${profile}`, profile);
        const words = ['update', part, '--address', '0x08000100', '--any-image', '--protect', 'on', '--return', 'boot0', '--yes',
            '--sim', device];
        const copy = killBetween(words);
        for (const refused of [words, [...words.slice(0, -2), '--dry-run', '--sim', device],
            ['protect', '--yes', '--sim', device]]) {
            const { code, ending } = workspace.runJob(refused);
            assert.equal(code, 4, JSON.stringify(ending));
            assert.equal(ending?.error?.name, 'KEPT_NOT_BACK');
            assert.equal(ending?.next_action, 'BRING_BACK_FIRST');
        }
        assert.ok(flashOf(device).subarray(0, sector).every((byte) => byte === 0xff));
        const { stdout } = workspace.run(words);
        assert.match(inOneLine(stdout), /First bring it back with what is printed above, then start the same job/);
        const commands = commandsIn(stdout);
        assert.deepEqual(commands.map((command) => command.includes(copy)), [true]);

        const back = type(commands[0]);
        assert.equal(back.code, 0, back.stdout);
        assert.deepEqual(copies(), []);
        const again = workspace.runJob(words);
        assert.equal(again.code, 0, JSON.stringify(again.ending));
        assert.equal(workspace.truth(device).level, 1);
        assert.ok(flashOf(device).equals(expected(before)));
        assert.deepEqual(copies(), []);
    });

    test(`a copy that is left does not stop one who says that it may be lost, ${profile}; at level 1 it is of before`, () => {
        const { device, before, words: [, part] } = prepare(`lost-${profile}`, profile);
        const words = ['update', part, '--address', '0x08000100', '--any-image', '--protect', 'on', '--return', 'boot0', '--yes',
            '--sim', device];
        const copy = killBetween(words);
        assert.equal(workspace.runJob([...words, '--whole-sectors']).code, 0);
        assert.equal(workspace.truth(device).level, 1);
        assert.ok(!flashOf(device).equals(expected(before)));
        const other = workspace.path('other.bin');
        writeFileSync(other, firmware.subarray(0, 2048));
        const { code, stdout } = workspace.run(['update', other, '--address', '0x08000000', '--protect', 'on', '--return', 'boot0',
            '--yes', '--sim', device]);
        assert.equal(code, 0, stdout);
        assert.deepEqual(commandsIn(stdout), []);
        assert.match(inOneLine(stdout), /A protected device cannot take it back, so the file may be removed/);
        assert.ok(stdout.includes(copy));
        rmSync(copy);
    });

    test(`--whole-sectors, ${profile}: the rest is lost, as was said`, () => {
        const { device, before, words } = prepare(`whole-${profile}`, profile);
        const { code, events } = workspace.runJob([...words, '--whole-sectors']);
        assert.equal(code, 0);
        assert.equal(eventOf(events, 'plan')?.loses_sectors, true);
        assert.equal(eventOf(events, 'plan')?.keeps_rest, false);
        assert.equal(eventOf(events, 'kept'), undefined);
        const flash = flashOf(device);
        assert.ok(flash.subarray(0x500, sector).every((byte) => byte === 0xff));
        assert.ok(flash.subarray(sector).equals(before.subarray(sector)));
    });
}

/** Words of 32 bytes, of which the firmware has half of the last one. */
test('killed between erase and write, stm32h743: the copy has the whole of the word that the firmware has begun', () => {
    const device = workspace.makeDevice('h743.sim', 'stm32h743', ['--level', '0']);
    const before = flashOf(device);
    const part = workspace.path('h743.bin');
    writeFileSync(part, firmware.subarray(0, 1024 + 16));
    const words = ['write', part, '--address', '0x08000100', '--any-image', '--yes', '--family', 'STM32H74X', '--sim', device];
    const whole = Buffer.from(before);
    firmware.copy(whole, 0x100, 0, 1024 + 16);

    const trial = workspace.path('trial-h743.sim');
    copyFileSync(device, trial);
    const { code, events, ending } = workspace.runJob([...words.slice(0, -1), trial]);
    assert.equal(code, 0, JSON.stringify(ending));
    assert.ok(flashOf(trial).equals(whole));
    assert.deepEqual(eventOf(events, 'kept')?.ranges.slice(0, 2), [
        { addr: '0x08000000', bytes: 0x100 },
        { addr: '0x08000510', bytes: 16 },
    ]);
    killBetween(words);
    const { stdout } = workspace.run(words);
    assert.ok(!flashOf(device).equals(whole));
    const [command, ...more] = commandsIn(stdout);
    assert.deepEqual(more, []);
    const back = type(command);
    assert.equal(back.code, 0, back.stdout);
    assert.ok(flashOf(device).equals(whole));
    assert.deepEqual(copies(), []);
});

test('pieces that touch are printed as one', () => {
    const device = workspace.makeDevice('h743-text.sim', 'stm32h743', ['--level', '0']);
    const part = workspace.path('h743-text.bin');
    writeFileSync(part, firmware.subarray(0, 1024 + 16));
    const { stdout } = workspace.run(['write', part, '--address', '0x08000100', '--any-image', '--yes', '--family', 'STM32H74X', '--sim', device]);
    assert.match(stdout, /Kept {9}0x08000000 to 0x080000ff, .*\n {15}0x08000510 to 0x0801ffff, .*\n {2}Copy/);
});

test('an update that ends open keeps the rest, too; the words say so', () => {
    const device = workspace.makeDevice('update.sim', 'stm32f405', ['--level', '0']);
    const before = flashOf(device);
    const { code, stdout } = workspace.run(['update', smallBin, '--address', '0x08000000', '--protect', 'off', '--return', 'boot0',
        '--yes', '--sim', device]);
    assert.equal(code, 0, stdout);
    const flash = flashOf(device);
    assert.ok(flash.subarray(0, firmware.length).equals(firmware));
    assert.ok(flash.subarray(firmware.length).equals(before.subarray(firmware.length)));
    const said = inOneLine(stdout);
    assert.match(said, /Only what the firmware replaces in 1 flash sector\. What else is in it is read first and/);
    assert.ok(said.includes(`So a copy is put into ${workspace.path('state/relock')} before`), said);
    assert.match(said, /Kept 0x0800/);
    assert.match(said, /was written back and compared equal, too; its copy was removed\. PROVEN/);
    assert.ok(!said.includes('From then on nobody can read the flash'));
});

test('an update that protects says that what it keeps is locked in, too', () => {
    const device = workspace.makeDevice('locked-in.sim', 'stm32f405', ['--level', '0']);
    const { stdout } = workspace.run(['update', smallBin, '--address', '0x08000000', '--protect', 'on', '--return', 'boot0',
        '--dry-run', '--sim', device]);
    assert.match(inOneLine(stdout), /From then on nobody can read the flash, and removing the protection again/);
    const locked = workspace.makeDevice('locked.sim', 'stm32f405');
    const { stdout: erased } = workspace.run(['update', smallBin, '--address', '0x08000000', '--protect', 'on', '--return', 'boot0',
        '--dry-run', '--sim', locked]);
    assert.ok(!inOneLine(erased).includes('From then on'));
});

test('all copies of a device are named, the earliest first, and a new one comes behind them', () => {
    const { device, words } = prepare('several', 'stm32f405');
    const first = killBetween(words);
    const second = first.replace('.kept-1.', '.kept-7.');
    copyFileSync(first, second);
    const named = commandsIn(workspace.run([...words.slice(0, -2), '--dry-run', '--sim', device]).stdout);
    assert.deepEqual(named.map((command) => command.match(/kept-\d+/)?.[0]), ['kept-1', 'kept-7']);
    const more = workspace.path('several-more.bin');
    writeFileSync(more, firmware.subarray(1024, 2048));
    const third = killBetween(['write', more, '--address', '0x08004100', '--any-image', '--yes', '--sim', device]);
    assert.match(third, /kept-8\.hex$/);
    const back = workspace.run(['write', second, '--yes', '--sim', device]);
    assert.equal(back.code, 0, back.stdout);
    assert.deepEqual(commandsIn(back.stdout).map((command) => command.match(/kept-\d+/)?.[0]), ['kept-1', 'kept-8']);
    [first, third].forEach((copy) => rmSync(copy));
});

test('a copy needs no --any-image, and one of another device stays; any other file needs it', () => {
    const device = workspace.makeDevice('mine.sim', 'stm32f405', ['--level', '0']);
    const part = workspace.path('mine.bin');
    writeFileSync(part, firmware.subarray(0, 1024));
    const copy = killBetween(['write', part, '--address', '0x08000000', '--yes', '--sim', device]);
    const other = copy.replace(/sim-\w+/, 'sim-0123');
    const elsewhere = workspace.path('elsewhere.kept-1.hex');
    copyFileSync(copy, other);
    copyFileSync(copy, elsewhere);
    assert.equal(workspace.runJob(['write', elsewhere, '--yes', '--sim', device]).ending?.error?.name, 'IMAGE_NOT_BOOTABLE');
    const { code, stdout } = workspace.run(['write', other, '--yes', '--sim', device]);
    assert.equal(code, 0, stdout);
    assert.match(inOneLine(stdout), /The file stays: by its name it is of another device/);
    assert.deepEqual(copies().sort(), [copy, other].sort());
    [copy, other].forEach((file) => rmSync(file));
});

/** Pieces of 16 bytes, every 64 bytes. @param {number} count @param {number} from which piece */
function inPieces(count, from) {
    const lines = Array.from({ length: count }, (_, index) => {
        const offset = (from + index) * 64;
        const bytes = [16, offset >> 8, offset & 0xff, 0, ...firmware.subarray(offset, offset + 16)];
        const sum = bytes.reduce((total, byte) => total + byte, 0);
        return `:${Buffer.from([...bytes, -sum & 0xff]).toString('hex').toUpperCase()}`;
    });
    return [':020000040800F2', ...lines, ':00000001FF', ''].join('\n');
}

test('more pieces than can be kept: refused, and written in parts instead, as is said', () => {
    const device = workspace.makeDevice('pieces.sim', 'stm32f405', ['--level', '0']);
    const before = flashOf(device);
    /** @param {string} name @param {number} count @param {number} from */
    const write = (name, count, from) => {
        const file = workspace.path(name);
        writeFileSync(file, inPieces(count, from));
        return workspace.runJob(['write', file, '--any-image', '--yes', '--sim', device]);
    };
    const { code, ending } = write('whole.hex', 40, 0);
    assert.equal(code, 4);
    assert.equal(ending?.error?.name, 'SECTOR_SHARED');
    assert.match(ending?.error?.sentence, /more than 32 pieces/);
    assert.match(ending?.next_sentence ?? JSON.stringify(ending), /Write the firmware in parts/);
    assert.ok(flashOf(device).equals(before));
    assert.equal(write('first.hex', 20, 0).code, 0);
    assert.equal(write('second.hex', 20, 20).code, 0);
    const wanted = Buffer.from(before);
    for (let offset = 0; offset < 40 * 64; offset += 64) {
        firmware.copy(wanted, offset, offset, offset + 16);
    }
    assert.ok(flashOf(device).equals(wanted));
});

test('of a simulated device that is in memory only there is no copy, and none is offered to it', () => {
    const words = ['write', smallBin, '--address', '0x08000000', '--sim', 'stm32f072', '--level', '0', '--sim-speed', '0', '--yes'];
    const before = copies();
    assert.equal(workspace.run(words, { RELOCK_SIM_KILL_AT: '60' }).signal, 'SIGKILL');
    assert.deepEqual(copies(), before);
    const { code, events } = workspace.runJob(words);
    assert.equal(code, 0);
    assert.equal(eventOf(events, 'plan')?.keeps_rest, true);
    assert.equal(eventOf(events, 'kept'), undefined);
    assert.ok(!events.some(({ event, text }) => event === 'notice' && text.includes('earlier run')));
});

test('where no copy can be made nothing is erased', () => {
    const { device, before, words } = prepare('nowhere', 'stm32f405');
    const { code, stdout } = workspace.run(words, { XDG_STATE_HOME: smallBin });
    assert.equal(code, 4, stdout);
    assert.match(stdout, /RLK-7018 COPY_NOT_WRITTEN/);
    assert.match(inOneLine(stdout), /kept-1\.hex: The copy of what else is in the flash sectors cannot be written/);
    assert.ok(flashOf(device).equals(before));
});

test('stopped after the erase: it is said where the copy is', async () => {
    const { device, before: full, words } = prepare('stopped', 'stm32f405');
    const before = copies();
    const running = workspace.start([...words, '--sim-speed', '1']);
    await running.until('Copy');
    await running.until('Write the firmware');
    running.child.kill('SIGINT');
    await running.end;
    assert.equal(workspace.truth(device).counters.sectors_erased, 1);
    const made = copies().filter((copy) => !before.includes(copy));
    assert.equal(made.length, 1, running.output);
    const commands = commandsIn(running.output);
    assert.deepEqual(commands.map((command) => command.includes(made[0])), [true], running.output);
    assert.match(inOneLine(running.output), /First bring it back, which removes the copy; then start the same command/);
    assert.equal(type(commands[0]).code, 0);
    assert.equal(workspace.run(words).code, 0);
    assert.ok(flashOf(device).equals(expected(full)));
});
