// @ts-check
/**
 * Interrupted and killed jobs: follow only the printed next action, start the same command again, and it converges.
 * By default at every single operation; RELOCK_KILL_STEP=13 takes every 13th, and all around what cannot be undone.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { violationsOf } from '../support/transcript_law.mjs';
import { Workspace, parseEvents, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const ATTEMPTS_MAX = 6;
const NEIGHBOURHOOD = 3;
const step = Number(process.env.RELOCK_KILL_STEP ?? 1);

const locked = ['update', smallHex, '--protect', 'on', '--return', 'boot0', '--yes'];

for (const profile of ['stm32f405', 'stm32f072', 'stm32l432']) {
    test(`SIGINT in the middle of a locked ${profile}: exit 6, then the same command ends proven`, async () => {
        const file = workspace.makeDevice(`int-${profile}.sim`, profile);
        const running = workspace.start([...locked, '--sim', file, '--json', '--sim-speed', profile === 'stm32f405' ? '8' : '2']);
        await running.until('"name":"write"');
        running.child.kill('SIGINT');
        running.child.kill('SIGINT');
        const { code } = await running.end;
        const ending = parseEvents(running.output).at(-1);
        assert.equal(code, 6, JSON.stringify(ending));
        assert.equal(ending?.error.name, 'INTERRUPTED');
        assert.equal(ending?.next_action, 'RUN_AGAIN');
        assert.equal(workspace.truth(file).level, 0);
        const resumed = workspace.runJob([...locked, '--sim', file]);
        assert.equal(resumed.code, 0, JSON.stringify(resumed.ending));
        const truth = workspace.truth(file);
        assert.equal(truth.counters.regressions, 1);
        assert.equal(truth.level, 1);
    });
}

test('SIGTERM before anything was begun: exit 4', async () => {
    const file = workspace.makeDevice('term.sim', 'stm32f405');
    const running = workspace.start(['info', '--sim', file, '--json', '--sim-speed', '1']);
    await running.until('SIMULATED');
    running.child.kill('SIGTERM');
    const { code } = await running.end;
    assert.ok(code === 4 || code === 0, running.output);
    assert.equal(workspace.truth(file).counters.regressions, 0);
});

/**
 * The operations at which a run may be killed: every `step`-th, and all near 0x92, records and resets.
 * @param {string} transcript
 */
function momentsOf(transcript) {
    const operations = transcript.split('\n').filter((line) => /^> (?!done)/.test(line));
    const isDelicate = (/** @type {string} */ line) => /\[92\]|> record|> ask|> reopen|> sleep [0-9]{4}/.test(line);
    const delicate = operations.flatMap((line, index) => (isDelicate(line) ? [index] : []));
    const near = (/** @type {number} */ index) => delicate.some((at) => Math.abs(at - index) <= NEIGHBOURHOOD);
    return operations.map((_, index) => index).filter((index) => index % step === 0 || near(index));
}

/**
 * Runs the job again and again, following the printed next action, until it is proven.
 * @param {string} file @param {string[]} words
 */
function converge(file, words) {
    let last;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        last = workspace.runJob([...words, '--sim', file]);
        if (last.code === 0) {
            return last;
        }
        assert.notEqual(last.code, 2, JSON.stringify(last.ending));
        workspace.run(['sim', 'do', file, last.ending?.next_action ?? 'RUN_AGAIN']);
    }
    return last;
}

const emptyCheck = ['update', smallHex, '--protect', 'on', '--return', 'empty-check', '--yes'];

/**
 * Profile, command, entered by a jump with BOOT0 low, and how often it may be erased: a chip that loads its options at
 * power-on only still looks protected after the kill, and the new question covers a second time.
 * @type {[string, string[], boolean, number][]}
 */
const jobs = [
    ['stm32f405', locked, false, 1],
    ['stm32f042', locked, false, 2],
    ['stm32l432', locked, false, 1],
    ['stm32f042', emptyCheck, true, 2],
    ['stm32l432', [...emptyCheck, '--family', 'stm32l4'], true, 1],
];

/** @param {string} name @param {string} profile @param {boolean} isByJump */
function makeForJob(name, profile, isByJump) {
    const file = workspace.makeDevice(name, profile, isByJump ? ['--boot0', 'low'] : []);
    if (isByJump) {
        workspace.run(['sim', 'jump', file]);
    }
    return file;
}

for (const [profile, words, isByJump, erasuresMax] of jobs) {
    const title = `${profile}, back by ${words[words.indexOf('--return') + 1]}`;
    test(`kill -9 of the locked update of ${title}, then the same command, converges`, () => {
        const name = `${profile}-${isByJump}.sim`;
        const model = makeForJob(`model-${name}`, profile, isByJump);
        const moments = momentsOf(workspace.runJob([...words, '--sim', model]).transcript);
        assert.ok(moments.length > 30);
        for (const moment of moments) {
            const id = `${title}, killed at operation ${moment}`;
            const file = makeForJob(`kill-${name}`, profile, isByJump);
            const trace = workspace.path('killed.txt');
            const killed = workspace.run([...words, '--sim', file, '--new-job', '--trace', trace], {
                RELOCK_SIM_KILL_AT: String(moment),
            });
            assert.equal(killed.signal, 'SIGKILL', id);
            const before = readFileSync(trace, 'utf8');
            assert.deepEqual(violationsOf(before), [], id);
            const last = converge(file, words);
            assert.equal(last?.code, 0, `${id}: ${JSON.stringify(last?.ending)}`);
            const truth = workspace.truth(file);
            assert.equal(truth.level, 1, id);
            assert.deepEqual(truth.violations, [], id);
            assert.ok(truth.counters.regressions <= erasuresMax, `${id}: erased too often`);
        }
    });
}
