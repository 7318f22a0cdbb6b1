// @ts-check
/** verify, unprotect, protect: the parts of an update as verbs of their own. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Workspace, eventOf, parseEvents, smallBin, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const profiles = ['stm32f405', 'stm32f042', 'stm32f072', 'stm32l432', 'stm32l452', 'stm32l476'];
const unprotect = ['unprotect', '--return', 'boot0', '--yes'];

for (const verb of ['verify', 'unprotect', 'protect', 'erase', 'options']) {
    test(`${verb} --help fits a screen of 80 x 24`, () => {
        const lines = workspace.run([verb, '--help']).stdout.trimEnd().split('\n');
        assert.ok(lines.length <= 24 && lines.length > 5, `${lines.length} lines`);
        assert.deepEqual(lines.filter((line) => line.length > 79), []);
    });
}

for (const words of [
    ['verify'],
    ['verify', smallHex, smallHex],
    ['verify', smallHex, '--yes', '--sim', 'stm32f405'],
    ['unprotect', smallHex],
    ['unprotect', '--protect', 'off'],
    ['unprotect', '--return', 'somehow'],
    ['unprotect', '--any-image', '--sim', 'stm32f405'],
    ['protect', 'on'],
    ['protect', '--poll', 'expected', '--sim', 'stm32f405'],
]) {
    test(`usage: relock ${words.map((word) => word.split('/').pop()).join(' ')}`, () => {
        const { code, stderr } = workspace.run(words);
        assert.equal(code, 2);
        assert.match(stderr, /relock/);
    });
}

/** @param {string} file @param {Record<string, number>} expected */
function assertCounters(file, expected) {
    const truth = workspace.truth(file);
    assert.deepEqual(truth.violations, []);
    for (const [name, value] of Object.entries(expected)) {
        assert.equal(truth.counters[name], value, name);
    }
    return truth;
}

/** The one entry of the journal, as it is. */
function journalOf() {
    const folder = workspace.path('state/relock');
    const names = readdirSync(folder).filter((name) => name.endsWith('.journal'));
    return names.map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
}

for (const profile of profiles) {
    test(`${profile}: unprotect, write, verify, protect, each alone`, () => {
        const file = workspace.makeDevice(`whole-${profile}.sim`, profile);
        const opened = workspace.runJob([...unprotect, '--sim', file]);
        assert.equal(opened.code, 0, JSON.stringify(opened.ending));
        assert.equal(opened.ending?.job, 'unprotect');
        assert.equal(opened.ending?.ending, 'proven');
        const plan = eventOf(opened.events, 'plan');
        assert.equal(plan?.job, 'unprotect');
        assert.equal(plan?.loses_everything, true);
        assert.deepEqual(plan?.stages, ['confirm', 'unprotect', 'open', 'probe', 'blank', 'proven']);
        assert.equal(assertCounters(file, { regressions: 1, option_writes: 0, blocks_programmed: 0 }).level, 0);

        assert.equal(workspace.runJob(['verify', smallHex, '--sim', file]).ending?.error.name, 'FLASH_DIFFERS');
        assert.equal(workspace.runJob(['write', smallHex, '--sim', file, '--yes']).code, 0);
        const equal = workspace.runJob(['verify', smallHex, '--sim', file]);
        assert.equal(equal.code, 0);
        assert.equal(equal.ending?.begun, false);

        const closed = workspace.runJob(['protect', '--return', 'boot0', '--yes', '--sim', file]);
        assert.equal(closed.code, 0, JSON.stringify(closed.ending));
        assert.equal(closed.ending?.next_action, 'RELEASE_BOOT0_AND_REPLUG');
        assert.equal(eventOf(closed.events, 'plan')?.ends_protected, true);
        assert.equal(assertCounters(file, { regressions: 1, option_writes: 1 }).level, 1);
        assert.equal(workspace.runJob(['verify', smallHex, '--sim', file]).ending?.error.name, 'PROTECTED');
    });
}

test('done already: nothing is asked, nothing is sent', () => {
    for (const [verb, level] of [['protect', '1'], ['unprotect', '0']]) {
        const file = workspace.makeDevice(`done-${verb}.sim`, 'stm32l432', ['--level', level]);
        const { code, events, ending } = workspace.runJob([verb, '--sim', file]);
        assert.equal(code, 0, JSON.stringify(ending));
        assert.equal(eventOf(events, 'question'), undefined);
        assert.equal(ending?.next_action, null);
        assert.equal(ending?.begun, false);
        assertCounters(file, { regressions: 0, option_writes: 0 });
        assert.match(workspace.run([verb, '--sim', file]).stdout, /already.*Nothing was changed/s);
    }
});

test('a dry run of each shows its plan and changes nothing', () => {
    for (const [verb, level] of [['protect', '0'], ['unprotect', '1']]) {
        const file = workspace.makeDevice(`dry-${verb}.sim`, 'stm32f072', ['--level', level]);
        const { code, events, ending } = workspace.runJob([verb, '--return', 'boot0', '--dry-run', '--sim', file]);
        assert.equal(code, 0, JSON.stringify(ending));
        assert.equal(ending?.job, 'dry-run');
        assert.equal(eventOf(events, 'plan')?.job, verb);
        assert.equal(assertCounters(file, { regressions: 0, option_writes: 0 }).level, Number(level));
    }
});

test('without a yes nothing is changed', () => {
    for (const [verb, level] of [['protect', '0'], ['unprotect', '1']]) {
        const file = workspace.makeDevice(`no-${verb}.sim`, 'stm32f405', ['--level', level]);
        const { code, ending } = workspace.runJob([verb, '--return', 'boot0', '--sim', file]);
        assert.equal(code, 4);
        assert.equal(ending?.error.name, 'NO_CONSENT');
        assertCounters(file, { regressions: 0, option_writes: 0 });
    }
});

test('unprotect without a way back is refused', () => {
    for (const [more, error] of [
        [[], 'NO_WAY_BACK'],
        [['--return', 'none'], 'WAY_BACK_IS_NONE'],
        [['--return', 'empty-check'], 'NO_EMPTY_CHECK'],
    ]) {
        const { code, ending } = workspace.runJob(['unprotect', ...more, '--yes', '--sim', 'stm32f405']);
        assert.equal(code, 4);
        assert.equal(ending?.error.name, error);
    }
});

test('unprotect by the empty check', () => {
    const file = workspace.makeDevice('empty.sim', 'stm32f042', ['--boot0', 'low']);
    workspace.run(['sim', 'jump', file]);
    const { code, events } = workspace.runJob(['unprotect', '--return', 'empty-check', '--yes', '--sim', file]);
    assert.equal(code, 0);
    assert.equal(eventOf(events, 'person')?.action, 'REPLUG');
    assertCounters(file, { regressions: 1 });
});

test('verify: the first difference is named, a binary needs its address', () => {
    const file = workspace.makeDevice('differs.sim', 'stm32f072', ['--level', '0']);
    workspace.runJob(['write', smallHex, '--sim', file, '--yes']);
    const written = workspace.truth(file).counters.blocks_programmed;
    workspace.run(['sim', 'damage', file, '--flip', '0x08000123']);
    workspace.run(['sim', 'damage', file, '--flip', '0x08000200']);
    const { code, ending } = workspace.runJob(['verify', smallHex, '--sim', file]);
    assert.equal(code, 1);
    assert.equal(ending?.error.addr, '0x08000123');
    assert.equal(ending?.next_action, 'WRITE_THE_FIRMWARE');
    assert.equal(workspace.runJob(['verify', smallBin, '--sim', file]).ending?.error.name, 'BINARY_WITHOUT_ADDRESS');
    const byBinary = workspace.runJob(['verify', smallBin, '--address', '0x08000000', '--sim', file]);
    assert.equal(byBinary.ending?.error.addr, '0x08000123');
    assertCounters(file, { blocks_programmed: written });
});

test('a parked unprotect: exit 6, then the same command ends it and closes the journal', () => {
    const file = workspace.makeDevice('parked.sim', 'stm32f405', ['--boot0', 'low']);
    workspace.run(['sim', 'press', file]);
    workspace.run(['sim', 'replug', file]);
    workspace.run(['sim', 'release', file]);
    const words = [...unprotect, '--sim', file];
    const parked = workspace.runJob([...words, '--sim-person', 'absent']);
    // With BOOT0 let go the model holds it against the host that said it was held: only the parking counts here.
    assert.equal(parked.code, 6, JSON.stringify(parked.ending));
    assert.equal(parked.ending?.error.name, 'DEVICE_NOT_BACK');
    assert.match(journalOf().join(''), /phase=erasing .*end=open .*size=0/);
    workspace.run(['sim', 'do', file, parked.ending?.next_action]);
    const resumed = workspace.runJob(words);
    assert.equal(resumed.code, 0, JSON.stringify(resumed.ending));
    assert.equal(eventOf(resumed.events, 'question'), undefined);
    assert.equal(workspace.truth(file).counters.regressions, 1);
    assert.match(workspace.run(words).stdout, /already/);
});

test('a begun update that ends protected is not unprotected, and its own command goes on', async () => {
    const file = workspace.makeDevice('begun.sim', 'stm32f072');
    const update = ['update', smallHex, '--protect', 'on', '--return', 'boot0', '--yes', '--sim', file];
    const killed = workspace.run([...update], { RELOCK_SIM_KILL_AT: '70' });
    assert.equal(killed.signal, 'SIGKILL');
    for (const words of [unprotect, ['options', 'set', 'DATA0=1', '--yes']]) {
        const { code, ending } = workspace.runJob([...words, '--sim', file]);
        const isThere = words === unprotect && workspace.truth(file).level === 0;
        assert.equal(code, isThere ? 0 : 4, JSON.stringify(ending));
        assert.equal(ending?.error?.name, isThere ? undefined : 'WEAKER_THAN_BEGUN');
    }
    assert.equal(workspace.runJob(update).code, 0);
    assert.equal(workspace.truth(file).counters.regressions, 1);
});

/** @param {string[]} words @param {string[]} more */
function killEverywhere(words, more) {
    const model = workspace.makeDevice('model.sim', 'stm32f042', more);
    const transcript = workspace.runJob([...words, '--sim', model]).transcript;
    const operations = transcript.split('\n').filter((line) => /^> (?!done)/.test(line)).length;
    for (let moment = 0; moment < operations; moment += moment < 90 ? 3 : 11) {
        const file = workspace.makeDevice('killed.sim', 'stm32f042', more);
        const killed = workspace.run([...words, '--new-job', '--sim', file], { RELOCK_SIM_KILL_AT: String(moment) });
        assert.equal(killed.signal, 'SIGKILL');
        let last;
        for (let attempt = 0; attempt < 4 && last?.code !== 0; attempt++) {
            last = workspace.runJob([...words, '--sim', file]);
            workspace.run(['sim', 'do', file, last.ending?.next_action ?? 'RUN_AGAIN']);
        }
        assert.equal(last?.code, 0, `killed at operation ${moment}: ${JSON.stringify(last?.ending)}`);
        const truth = workspace.truth(file);
        assert.deepEqual(truth.violations, [], `killed at operation ${moment}`);
        assert.ok(truth.counters.option_writes <= 1 && truth.counters.regressions <= 2);
    }
}

test('kill -9 of unprotect, then the same command, converges', () => killEverywhere(unprotect, []));
test('kill -9 of protect, then the same command, converges', () =>
    killEverywhere(['protect', '--return', 'boot0', '--yes'], ['--level', '0']));

test('SIGINT in the middle of unprotect: exit 6, then the same command ends proven', async () => {
    const file = workspace.makeDevice('int.sim', 'stm32f405');
    const running = workspace.start([...unprotect, '--sim', file, '--json', '--sim-speed', '4']);
    await running.until('"reason":"after-unprotect"');
    running.child.kill('SIGINT');
    const { code } = await running.end;
    assert.equal(code, 6, running.output);
    assert.equal(parseEvents(running.output).at(-1)?.error.name, 'INTERRUPTED');
    assert.equal(workspace.runJob([...unprotect, '--sim', file]).code, 0);
    assert.equal(workspace.truth(file).counters.regressions, 1);
});

/** Refused before any loss: exit code 4, and nothing is asked. @param {string[]} words @param {string} name */
function assertRefused(words, name) {
    const { code, events, ending } = workspace.runJob(words);
    assert.equal(ending?.error?.name, name, words.join(' '));
    assert.equal(code, 4, words.join(' '));
    assert.equal(ending?.begun, false);
    assert.equal(eventOf(events, 'question'), undefined);
    return ending;
}

test('protect: what would close the door is named, and nothing is written', () => {
    const file = workspace.makeDevice('short-list.sim', 'stm32f405', ['--level', '0', '--knob', 'get_list_short=1']);
    assertRefused(['protect', '--yes', '--sim', file], 'NO_READ_UNPROTECT');
    const none = ['protect', '--return', 'none', '--yes', '--sim', 'stm32f405', '--level', '0'];
    assert.equal(assertRefused(none, 'WAY_BACK_IS_NONE').next_action, 'SWD_ONLY');
    assertCounters(file, { option_writes: 0 });
});

test('a way that does not lead back is refused at every level, and the same is said', () => {
    const update = ['update', smallHex, '--protect', 'on'];
    for (const [profile, way, name, action] of [
        ['stm32f405', 'empty-check', 'NO_EMPTY_CHECK', 'SAY_WAY_BACK'],
        ['stm32f405', 'none', 'WAY_BACK_IS_NONE', 'SWD_ONLY'],
        ['stm32l432', 'empty-check', 'AMBIGUOUS_CHIP', 'GIVE_FAMILY'],
    ]) {
        const jobs = [['0', ...update], ['1', ...update], ['0', 'protect'], ['1', 'unprotect'], ['0', 'options', 'set', 'BOR_LEV=1']];
        for (const [level, ...words] of jobs) {
            const said = [...words, '--return', way, '--yes', '--sim', profile, '--level', level];
            assert.equal(assertRefused(said, name).next_action, action);
        }
    }
    const named = ['protect', '--return', 'empty-check', '--family', 'STM32L4', '--yes', '--sim', 'stm32l432', '--level', '0'];
    assert.equal(workspace.runJob(named).code, 0);
});

test('a job that ends open, and one of an open device, need no way back', () => {
    for (const words of [['update', smallHex, '--protect', 'off', '--return', 'none'], ['update', smallHex, '--protect', 'on'], ['protect']]) {
        const { code, ending } = workspace.runJob([...words, '--yes', '--sim', 'stm32f405', '--level', '0']);
        assert.equal(code, 0, JSON.stringify(ending));
    }
});

test('a door that would close: exit 4 before any loss, exit 1 after it, and again', () => {
    const file = workspace.makeDevice('door.sim', 'stm32l432', ['--level', '0', '--allow', '3:4=0']);
    const by = (/** @type {string} */ way) => ['--return', way, '--family', 'STM32L4', '--yes', '--sim', file];
    assert.equal(workspace.runJob(['options', 'set', 'nSWBOOT0=0', ...by('empty-check')]).code, 0);
    assert.equal(assertRefused(['protect', ...by('boot0')], 'DOOR_WOULD_CLOSE').error.field, 'nSWBOOT0');
    assert.equal(workspace.runJob(['protect', ...by('empty-check')]).code, 0);
    for (const stage of ['options', 'confirm']) {
        const { code, ending } = workspace.runJob(['update', smallHex, '--protect', 'on', ...by('boot0')]);
        assert.equal(ending?.error?.name, 'DOOR_WOULD_CLOSE');
        assert.equal(ending?.error?.stage, stage);
        assert.equal(ending?.begun, true);
        assert.equal(code, 1);
    }
    assertCounters(file, { regressions: 1, option_writes: 2 });
});

test('protect without its proof: exit 5, then the same command ends it', () => {
    const file = workspace.makeDevice('dead.sim', 'stm32f405', ['--level', '0', '--knob', 'dead_after_seal=1']);
    const words = ['protect', '--return', 'boot0', '--yes', '--sim', file];
    const first = workspace.runJob([...words, '--sim-person', 'absent']);
    assert.equal(first.code, 5, JSON.stringify(first.ending));
    assert.equal(first.ending?.error.name, 'OPTIONS_NOT_SHOWN');
    workspace.run(['sim', 'do', file, first.ending?.next_action]);
    assert.equal(workspace.runJob(words).code, 0);
    assertCounters(file, { option_writes: 1 });
});

test('on a terminal unprotect asks for the way back, then for the yes', async () => {
    const running = workspace.startOnTerminal(['unprotect', '--sim', 'stm32f405']);
    await running.until('Type b, e or j:');
    running.type('b\n');
    await running.until('EVERYTHING');
    await running.until('Go on?');
    running.type('yes\n');
    await running.until('PROVEN');
    await running.until('it is empty');
    assert.equal((await running.end).code, 0);
});

for (const [profile, wrong, right] of [['stm32f303', 'STM32F105', 'STM32F30x'], ['stm32f105', 'STM32F30x', 'STM32F105'],
    ['stm32f373', 'STM32F105', 'STM32F37x']]) {
    const words = ['--return', 'boot0', '--yes', '--sim'];

    test(`protect: an open ${profile} is not taken for an ${wrong}`, () => {
        const file = workspace.makeDevice(`claim-open-${profile}.sim`, profile, ['--level', '0']);
        const { code, events, ending } = workspace.runJob(['protect', '--family', wrong, ...words, file]);
        assert.equal(code, 4, JSON.stringify(ending));
        assert.equal(ending?.error.name, 'CHIP_CONTRADICTS_CLAIM');
        assert.equal(ending?.next_action, 'GIVE_FAMILY');
        assert.ok(!eventOf(events, 'plan'));
        const could = eventOf(events, 'findings')?.candidates.map((/** @type {any} */ one) => one.family);
        assert.ok(could.includes(right) && !could.includes(wrong), `${could}`);
        assertCounters(file, { option_writes: 0, regressions: 0 });
        assert.equal(workspace.runJob(['protect', '--family', right, ...words, file]).code, 0);
        assert.equal(workspace.truth(file).level, 1);
    });

    test(`update: a locked ${profile} that was opened as an ${wrong} is protected under its own name`, () => {
        const file = workspace.makeDevice(`claim-locked-${profile}.sim`, profile);
        const update = ['update', smallHex, '--any-image', '--protect', 'on', ...words, file];
        const { code, events, ending } = workspace.runJob([...update, '--family', wrong]);
        assert.equal(code, 6, JSON.stringify(ending));
        assert.equal(ending?.error.name, 'CHIP_CONTRADICTS_CLAIM');
        assert.equal(ending?.next_action, 'GIVE_FAMILY');
        const said = events.filter((event) => event.event === 'notice').map((event) => event.text).join('\n');
        assert.match(said, new RegExp(`it is: .*${right}`));
        assertCounters(file, { option_writes: 0, regressions: 1 });
        const again = workspace.runJob([...update, '--family', right]);
        assert.equal(again.code, 0, JSON.stringify(again.ending));
        assert.equal(assertCounters(file, { option_writes: 1, regressions: 1 }).level, 1);
    });
}
