// @ts-check
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { countUnprotects } from '../support/transcript_law.mjs';
import { Workspace, eventOf, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const locked = ['update', smallHex, '--protect', 'on', '--return', 'boot0'];

for (const profile of ['stm32f405', 'stm32f042', 'stm32f072', 'stm32l432', 'stm32l452', 'stm32l476']) {
    test(`the locked update of ${profile} is proven, and the simulator agrees`, () => {
        const file = workspace.makeDevice(`${profile}.sim`, profile);
        const { code, events, ending, transcript } = workspace.runJob([...locked, '--sim', file, '--yes']);
        assert.equal(code, 0, JSON.stringify(ending));
        assert.equal(ending?.ending, 'proven');
        const truth = workspace.truth(file);
        assert.equal(truth.level, 1);
        assert.equal(truth.counters.regressions, 1);
        assert.deepEqual(truth.violations, []);
        assert.equal(countUnprotects(transcript), 1);
        assert.equal(eventOf(events, 'plan')?.loses_everything, true);
        assert.equal(eventOf(events, 'question')?.answer, 'yes');
        const done = events.filter((event) => event.event === 'progress').map((event) => event.done_permille);
        assert.deepEqual(done, [...done].sort((a, b) => a - b));
    });
}

test('--protect off leaves the device open, written and proven', () => {
    const file = workspace.makeDevice('open.sim', 'stm32f405');
    const words = ['update', smallHex, '--protect', 'off', '--return', 'boot0', '--sim', file, '--yes'];
    assert.equal(workspace.runJob(words).code, 0);
    assert.equal(workspace.truth(file).level, 0);
});

test('an open device is updated and protected without a regression', () => {
    const file = workspace.makeDevice('level0.sim', 'stm32f072', ['--level', '0']);
    const { code, transcript } = workspace.runJob([...locked, '--sim', file, '--yes']);
    assert.equal(code, 0);
    assert.equal(countUnprotects(transcript), 0);
    assert.equal(workspace.truth(file).level, 1);
});

test('without --protect and without a terminal: exit 2', () => {
    const { code, ending } = workspace.runJob(['update', smallHex, '--sim', 'stm32f405', '--yes']);
    assert.equal(code, 2);
    assert.equal(ending?.error.name, 'PROTECT_NOT_SAID');
    assert.equal(ending?.next_action, 'SAY_PROTECTION');
});

test('without --yes and without a terminal: exit 4, nothing is lost', () => {
    const file = workspace.makeDevice('no-yes.sim', 'stm32f405');
    const { code, ending, events } = workspace.runJob([...locked, '--sim', file]);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'NO_CONSENT');
    assert.equal(ending?.next_action, 'CONFIRM_OR_SAY_YES');
    assert.equal(eventOf(events, 'question')?.answer, 'no');
    assert.equal(workspace.truth(file).counters.regressions, 0);
});

test('without --return a protected device is refused: exit 4', () => {
    const words = ['update', smallHex, '--protect', 'on', '--sim', 'stm32f405', '--yes'];
    const { code, ending } = workspace.runJob(words);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'NO_WAY_BACK');
});

test('--return none is refused with the reason', () => {
    const words = ['update', smallHex, '--protect', 'on', '--return', 'none', '--sim', 'stm32f405', '--yes'];
    const { code, ending } = workspace.runJob(words);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'WAY_BACK_IS_NONE');
});

test('--return empty-check is refused on a family without it', () => {
    const words = ['update', smallHex, '--protect', 'on', '--return', 'empty-check', '--sim', 'stm32f405', '--yes'];
    const { code, ending } = workspace.runJob(words);
    assert.equal(code, 4);
    assert.equal(ending?.error.name, 'NO_EMPTY_CHECK');
});

test('--dry-run shows the plan and changes nothing', () => {
    const file = workspace.makeDevice('dry.sim', 'stm32f405');
    const before = workspace.truth(file);
    const { code, events, ending, transcript } = workspace.runJob([...locked, '--sim', file, '--dry-run', '--yes']);
    assert.equal(code, 0);
    assert.equal(ending?.job, 'dry-run');
    assert.ok(eventOf(events, 'plan')?.stages.includes('unprotect'));
    assert.doesNotMatch(transcript, /> record/);
    const now = workspace.truth(file);
    assert.equal(now.flash_crc32, before.flash_crc32);
    assert.equal(now.level, 1);
});

test('a finished device is looked at again, and done again with --new-job', () => {
    const file = workspace.makeDevice('finished.sim', 'stm32f405');
    assert.equal(workspace.runJob([...locked, '--sim', file, '--yes']).code, 0);
    const again = workspace.runJob([...locked, '--sim', file, '--yes']);
    assert.equal(again.code, 0, JSON.stringify(again.ending));
    assert.equal(countUnprotects(again.transcript), 0);
    assert.equal(workspace.truth(file).counters.regressions, 1);
    const anew = workspace.runJob([...locked, '--sim', file, '--yes', '--new-job']);
    assert.equal(anew.code, 0, JSON.stringify(anew.ending));
    assert.match(anew.stdout, /is not used/);
    assert.equal(workspace.truth(file).counters.regressions, 2);
});

test('a new job that is not confirmed leaves the journal as it was', () => {
    const own = new Workspace();
    try {
        const file = own.makeDevice('kept.sim', 'stm32f405');
        assert.equal(own.runJob([...locked, '--sim', file, '--yes']).code, 0);
        const folder = own.path('state/relock');
        const read = () => readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
        const before = read();
        assert.equal(own.runJob([...locked, '--sim', file, '--new-job']).code, 4);
        assert.deepEqual(read(), before);
    } finally {
        own.close();
    }
});

test('nobody brings the device back: parked, exit 6; the same command goes on', () => {
    const file = workspace.makeDevice('parked.sim', 'stm32f405', ['--boot0', 'low']);
    workspace.run(['sim', 'jump', file]);
    const words = [...locked, '--sim', file, '--yes'];
    const parked = workspace.runJob([...words, '--sim-person', 'absent']);
    assert.equal(parked.code, 6, JSON.stringify(parked.ending));
    assert.equal(parked.ending?.error.name, 'DEVICE_NOT_BACK');
    workspace.run(['sim', 'do', file, parked.ending?.next_action]);
    const resumed = workspace.runJob(words);
    assert.equal(resumed.code, 0, JSON.stringify(resumed.ending));
    assert.equal(workspace.truth(file).level, 1);
    assert.equal(workspace.truth(file).counters.regressions, 1);
});

test('a chip that is dead until a power cycle after sealing, and nobody there: exit 5', () => {
    const file = workspace.makeDevice('dead.sim', 'stm32l432', ['--knob', 'dead_after_seal=1']);
    const words = [...locked, '--sim', file, '--yes'];
    const first = workspace.runJob([...words, '--sim-person', 'absent']);
    assert.equal(first.code, 5, JSON.stringify(first.ending));
    assert.equal(first.ending?.ending, 'not-proven');
    workspace.run(['sim', 'do', file, first.ending?.next_action]);
    const second = workspace.runJob(words);
    assert.equal(second.code, 0, JSON.stringify(second.ending));
    assert.equal(workspace.truth(file).counters.regressions, 1);
});

test('writes that are acknowledged and dropped: exit 1, never a success', () => {
    const file = workspace.makeDevice('drops.sim', 'stm32f405', ['--knob', 'drops_writes=1']);
    const { code, ending } = workspace.runJob([...locked, '--sim', file, '--yes']);
    assert.equal(code, 1);
    assert.equal(ending?.error.name, 'VERIFY_DIFFERS');
    assert.equal(workspace.truth(file).level, 0);
});

test('a bootloader that refuses 0x92: exit 1 and SWD_ONLY', () => {
    const file = workspace.makeDevice('refuses.sim', 'stm32f405', ['--knob', 'unprotect_refused=1']);
    const { code, ending } = workspace.runJob([...locked, '--sim', file, '--yes']);
    assert.equal(code, 1);
    assert.equal(ending?.next_action, 'SWD_ONLY');
});

test('false signs of protection: exit 4, nothing is lost', () => {
    const file = workspace.makeDevice('usb3.sim', 'stm32f072', ['--level', '0', '--knob', 'level1_looks_dead_on_usb3=1']);
    const { code, ending } = workspace.runJob([...locked, '--sim', file, '--yes']);
    assert.ok(code === 4 || code === 1, JSON.stringify(ending));
    assert.equal(ending?.next_action, 'USE_USB2_HUB');
    assert.equal(workspace.truth(file).counters.regressions, 0);
});

test('the journal is private, one line per device, and damage to it is refused', () => {
    const own = new Workspace();
    try {
        const file = own.makeDevice('journal.sim', 'stm32f405');
        assert.equal(own.runJob([...locked, '--sim', file, '--yes']).code, 0);
        const folder = own.path('state/relock');
        const names = readdirSync(folder);
        assert.equal(names.length, 1);
        assert.equal(statSync(folder).mode & 0o777, 0o700);
        const entry = `${folder}/${names[0]}`;
        assert.match(readFileSync(entry, 'utf8'), /^relock-journal-1 phase=proven .*\n$/);
        writeFileSync(entry, 'nonsense\n');
        const { code, ending, stdout } = own.runJob([...locked, '--sim', file, '--yes']);
        assert.equal(code, 4);
        assert.equal(ending?.error.name, 'JOURNAL_MALFORMED');
        assert.equal(ending?.error.file, entry);
        assert.match(stdout, /--new-job/);
        for (const words of [['info'], ['list'], ['options']]) {
            assert.equal(own.run([...words, '--sim', file]).code, 0, words[0]);
        }
        assert.equal(own.runJob([...locked, '--sim', file, '--yes', '--new-job']).code, 0);
    } finally {
        own.close();
    }
});

test('a journal that cannot be written: exit 4, nothing is lost', () => {
    const own = new Workspace();
    try {
        writeFileSync(own.path('state'), 'a file where the folder should be');
        const file = own.makeDevice('unwritable.sim', 'stm32f405');
        const { code, ending } = own.runJob([...locked, '--sim', file, '--yes']);
        assert.equal(code, 4, JSON.stringify(ending));
        assert.equal(ending?.error.name, 'JOURNAL_FAILED');
        assert.equal(own.truth(file).counters.regressions, 0);
    } finally {
        own.close();
    }
});

test('two processes never share a simulated device', async () => {
    const file = workspace.makeDevice('shared.sim', 'stm32f405');
    const first = workspace.start([...locked, '--sim', file, '--yes', '--sim-speed', '8']);
    await first.until('Remove the protection');
    const second = workspace.runJob(['info', '--sim', file]);
    assert.equal(second.code, 3);
    assert.equal(second.ending?.error.name, 'DEVICE_TAKEN');
    assert.equal((await first.end).code, 0);
});

test('plain text without a terminal: no carriage returns, one clear ending', () => {
    const { code, stdout } = workspace.run([...locked, '--sim', 'stm32f405', '--yes']);
    assert.equal(code, 0);
    assert.ok(!stdout.includes('\r') && !stdout.includes('\u001b'));
    assert.match(stdout, /\nPROVEN\n/);
    assert.match(stdout, /RELEASE_BOOT0_AND_REPLUG/);
    assert.deepEqual(stdout.split('\n').filter((line) => line.length > 79), []);
});
