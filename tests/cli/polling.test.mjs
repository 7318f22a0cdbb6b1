// @ts-check
/** --poll: what it spares, where it has no effect, and what ends it. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { smallHex, Workspace } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const UPDATE = ['update', smallHex, '--protect', 'on', '--return', 'boot0', '--yes'];

/** @param {string} transcript @returns {number} milliseconds that were slept */
function slept(transcript) {
    return [...transcript.matchAll(/^> sleep (\d+)$/gm)].reduce((sum, [, ms]) => sum + Number(ms), 0);
}

/** @param {string} transcript */
function transfers(transcript) {
    return transcript.match(/^> (in|out) .*$/gm);
}

/** @param {import('./relock.mjs').Event[]} events @returns {string[]} what was said of status requests */
function saidOfPolling(events) {
    return events.filter(({ event, text }) => event === 'notice' && /announced time/.test(text)).map(({ text }) => text);
}

/** @param {string} profile @param {string[]} words */
function update(profile, words) {
    const job = workspace.runJob([...UPDATE, '--sim', profile, ...words]);
    assert.equal(job.code, 0, JSON.stringify(job.ending));
    return job;
}

test('expected spares waiting on an F405, and nothing else changes', () => {
    const announced = update('stm32f405', []);
    const expected = update('stm32f405', ['--poll', 'expected']);
    const said = update('stm32f405', ['--poll', 'announced']);
    assert.equal(slept(said.transcript), slept(announced.transcript));
    assert.deepEqual(transfers(expected.transcript), transfers(announced.transcript));
    assert.ok(slept(expected.transcript) < slept(announced.transcript));
    assert.deepEqual(saidOfPolling(expected.events), []);
});

for (const profile of ['stm32f072', 'stm32l452']) {
    test(`expected has no effect on ${profile}, and that is said once`, () => {
        const announced = update(profile, []);
        const expected = update(profile, ['--poll', 'expected']);
        assert.equal(slept(expected.transcript), slept(announced.transcript));
        assert.deepEqual(saidOfPolling(announced.events), []);
        assert.equal(saidOfPolling(expected.events).length, 1);
        assert.match(saidOfPolling(expected.events)[0], /--poll expected has no effect/);
    });
}

test('the first STALL ends it, and that is said once', () => {
    const file = workspace.makeDevice('stalls.sim', 'stm32f405',
        ['--knob', 'early_poll_stalls=1', '--knob', 'typical_percent=150']);
    const { events, transcript } = update(file, ['--poll', 'expected']);
    assert.equal(transcript.match(/^> sleep 33$/gm)?.length, 1);
    assert.equal(saidOfPolling(events).length, 1);
    assert.match(saidOfPolling(events)[0], /From here on/);
});

test('words that cannot be meant', () => {
    const { code, stderr } = workspace.run([...UPDATE, '--sim', 'stm32f405', '--poll', 'soon']);
    assert.equal(code, 2);
    assert.match(stderr, /--poll wants announced or expected, once, not "soon"/);
    assert.equal(workspace.run([...UPDATE, '--poll', 'expected', '--poll', 'announced']).code, 2);
    assert.match(workspace.run(['info', '--poll', 'expected']).stderr, /`info` has no option --poll/);
});
