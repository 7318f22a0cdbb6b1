// @ts-check
/** Questions, on a terminal of their own. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Workspace, binary, smallBin, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

test('everything is asked: end state, way back, plan; typed answers go through', async () => {
    const file = workspace.makeDevice('asked.sim', 'stm32f405');
    const running = workspace.startOnTerminal(['update', smallHex, '--sim', file]);
    await running.until('protected or open');
    running.type('p\n');
    await running.until('Type b, e or j');
    running.type('b\n');
    await running.until('EVERYTHING');
    await running.until('Type yes');
    running.type('yes\n');
    await running.until('PROVEN');
    assert.equal((await running.end).code, 0);
    assert.equal(workspace.truth(file).level, 1);
});

test('Enter alone leaves all as it is', async () => {
    const file = workspace.makeDevice('enter.sim', 'stm32f405');
    const running = workspace.startOnTerminal(['update', smallHex, '--protect', 'on', '--return', 'boot0', '--sim', file]);
    await running.until('Type yes');
    running.type('y\n');
    await running.until('Type yes');
    running.type('\n');
    await running.until('NOT DONE');
    assert.equal((await running.end).code, 4);
    assert.equal(workspace.truth(file).counters.regressions, 0);
});

test('a jump alone is refused with the reason', async () => {
    const running = workspace.startOnTerminal(['update', smallHex, '--protect', 'on', '--sim', 'stm32f405']);
    await running.until('Type b, e or j');
    running.type('j\n');
    await running.until('WAY_BACK_IS_NONE');
    assert.equal((await running.end).code, 4);
});

test('Ctrl-C at the question: exit 4, nothing was changed', async () => {
    const file = workspace.makeDevice('ctrl-c.sim', 'stm32f405');
    const running = workspace.startOnTerminal(['update', smallHex, '--protect', 'on', '--return', 'boot0', '--sim', file]);
    await running.until('Type yes');
    running.type('\u0003');
    await running.until('NOT DONE');
    assert.equal((await running.end).code, 4);
    assert.equal(workspace.truth(file).counters.regressions, 0);
});

test('a firmware that is not there is said before anything is asked; Ctrl-C at the first question is exit 4', async () => {
    const missing = workspace.startOnTerminal(['update', 'nowhere.hex', '--sim', 'stm32f405']);
    assert.equal((await missing.end).code, 2);
    assert.match(missing.output, /nowhere\.hex: /);
    assert.doesNotMatch(missing.output, /protected or open/);
    const running = workspace.startOnTerminal(['update', smallHex, '--sim', 'stm32f405']);
    await running.until('protected or open');
    running.type('\u0003');
    await running.until('INTERRUPTED');
    assert.equal((await running.end).code, 4);
});

test('no bar on a narrow terminal, percent lines instead', async () => {
    const words = [binary, 'update', smallHex, '--protect', 'on', '--return', 'boot0', '--yes', '--sim', 'stm32f072'];
    const running = workspace.startOnTerminal(['-c', `stty cols 50; ${words.join(' ')}`], 'sh');
    assert.equal((await running.end).code, 0);
    assert.match(running.output, /\n +\d+ %, /);
    assert.ok(!running.output.includes('\u001b[K'));
});

test('an odd image: asked, and refused by Enter', async () => {
    const words = ['update', smallBin, '--address', '0x08000004', '--protect', 'on', '--return', 'boot0'];
    const running = workspace.startOnTerminal([...words, '--sim', 'stm32f405']);
    await running.until('vector table');
    await running.until('Type yes');
    running.type('\n');
    await running.until('IMAGE_NOT_BOOTABLE');
    assert.equal((await running.end).code, 4);
});

test('a finished device: look again by Enter, redo only when typed', async () => {
    const file = workspace.makeDevice('again.sim', 'stm32f405');
    const words = ['update', smallHex, '--protect', 'on', '--return', 'boot0', '--sim', file];
    assert.equal(workspace.run([...words, '--yes']).code, 0);
    const looks = workspace.startOnTerminal(words);
    await looks.until('type redo');
    looks.type('\n');
    await looks.until('PROVEN');
    assert.equal((await looks.end).code, 0);
    assert.equal(workspace.truth(file).counters.regressions, 1);
    const redoes = workspace.startOnTerminal(words);
    await redoes.until('type redo');
    redoes.type('redo\n');
    await redoes.until('Type yes');
    redoes.type('yes\n');
    await redoes.until('PROVEN');
    assert.equal((await redoes.end).code, 0);
    assert.equal(workspace.truth(file).counters.regressions, 2);
});

test('the bar is one line that is drawn over, and is gone at the end', async () => {
    const words = ['update', smallHex, '--protect', 'on', '--return', 'boot0', '--yes'];
    const running = workspace.startOnTerminal([...words, '--sim', 'stm32f072', '--sim-speed', '4']);
    await running.until('\r\u001b[K  [');
    await running.until(' % ');
    await running.until('PROVEN');
    const bars = running.output.match(/\[[#.]{30}\] +\d+ % .*?(?=\r)/g) ?? [];
    assert.ok(bars.length > 3);
    assert.ok(bars.every((bar) => bar.length < 78));
    assert.equal((await running.end).code, 0);
});
