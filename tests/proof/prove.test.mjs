// @ts-check
/** scripts/prove-on-hardware on simulated devices, where it stops, and what becomes of recordings that were changed. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { proofHex, proofSegments } from '../../scripts/lib/prove/image.mjs';
import { NOTES } from '../../scripts/lib/prove/questions.mjs';
import { sha256 } from '../../scripts/lib/prove/recording.mjs';
import { sanitise } from '../../scripts/lib/prove/talk.mjs';
import { Running, Workspace, binary } from '../cli/relock.mjs';
import { violationsOf } from '../support/transcript_law.mjs';
import { PATIENCE_MS, kept, play, player, root, script, transcriptOf } from './proving.mjs';

const imageFile = path.join(root, 'tests/proof/proof-image.hex');
const KEPT = ['stm32f405', 'stm32f042', 'stm32f072', 'stm32l432', 'stm32l452', 'stm32l476', 'stm32l552'];

const workspace = new Workspace();
after(() => workspace.close());

/** @param {Record<string, string>} [more] */
function environment(more = {}) {
    return workspace.environment({ RELOCK_BIN: binary, TMPDIR: workspace.folder, ...more });
}

/** @param {string[]} words @param {Record<string, string>} [more] of the environment */
function prove(words, more = {}) {
    const result = spawnSync(script, words, {
        cwd: workspace.folder,
        env: environment(more),
        encoding: 'utf8',
        input: '',
        timeout: PATIENCE_MS,
    });
    return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** A changed recording with the hash that it would have; its file. @param {(text: string) => string} change */
function forge(change) {
    const text = readFileSync(path.join(kept, 'stm32f405.txt'), 'utf8');
    const body = text.slice(0, text.lastIndexOf('sha256: '));
    const changed = change(body);
    assert.notEqual(changed, body, 'the change changed nothing');
    const file = workspace.path(`forged-${readdirSync(workspace.folder).length}.txt`);
    writeFileSync(file, `${changed}sha256: ${sha256(changed)}\n`);
    return file;
}

/** The number of the first line that is like this. @param {string} file @param {RegExp} pattern */
function lineOf(file, pattern) {
    const at = readFileSync(file, 'utf8').split('\n').findIndex((line) => pattern.test(line));
    assert.ok(at >= 0, String(pattern));
    return at + 1;
}

test('a serial number is replaced wherever it stands, and the recording still plays', () => {
    const device = workspace.makeDevice('serial.sim', 'stm32f405', ['--serial', '31415926ABCD']);
    assert.equal(prove(['--sim', device, '--return', 'boot0', '--family', 'stm32f405', '--yes-erase', 'serial.txt']).code, 0);
    const text = readFileSync(workspace.path('serial.txt'), 'utf8');
    const wide = [...'31415926ABCD'].map((digit) => `${digit.charCodeAt(0).toString(16)} 00`).join(' ');
    assert.match(text, /^serial: replaced$/m);
    assert.doesNotMatch(text, /31415926ABCD/);
    assert.ok(!text.includes(wide));
    assert.equal(play('replay', workspace.path('serial.txt')).code, 0);
});

test('a recording holds no byte of any firmware', () => {
    const text = readFileSync(path.join(kept, 'stm32f405.txt'), 'utf8');
    const bytes = proofSegments()[0].bytes.subarray(0x300, 0x308);
    assert.ok(!text.includes([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')));
    assert.match(text, / > out 21 1 2 0 2048 bytes crc [0-9a-f]{8}\n/);
});

test('a run that fails is recorded as far as it came, and plays back', () => {
    const device = workspace.makeDevice('drops.sim', 'stm32f405', ['--level', '0', '--knob', 'drops_writes=1']);
    workspace.run(['sim', 'damage', device, '--knob', 'drops_writes=1']);
    const result = prove(['--sim', device, '--return', 'boot0', '--family', 'stm32f405', '--yes-erase', 'drops.txt']);
    assert.equal(result.code, 1, result.stdout + result.stderr);
    assert.match(result.stdout, /The proof stopped: update ended with exit code 1, not-done VERIFY_DIFFERS/);
    const goOn = /XDG_STATE_HOME=(\S+) \\/.exec(result.stdout);
    assert.ok(goOn !== null && existsSync(path.join(goOn[1], 'relock')), 'the journal to go on with is there');
    const file = workspace.path('drops.txt');
    assert.match(readFileSync(file, 'utf8'), /^result: stopped\nreason: update ended/m);
    assert.match(play('replay', file).text, /plays back: STM32F405, simulated, stopped/);
});

test('a host that lost its device, and one that contradicts the claim: recorded, and they play back', () => {
    const device = workspace.makeDevice('gone.sim', 'stm32f405');
    workspace.run(['sim', 'damage', device, '--fault', 'gone@120']);
    const gone = prove(['--sim', device, '--return', 'boot0', '--family', 'stm32f405', '--yes-erase', 'gone.txt']);
    assert.match(gone.stdout, /shows just what happened here/, gone.stdout);
    assert.equal(play('replay', workspace.path('gone.txt')).code, 0);
    const other = prove(['--sim', 'stm32f405', '--return', 'boot0', '--family', 'stm32l4', '--yes-erase', 'other.txt']);
    assert.equal(other.code, 1);
    assert.match(readFileSync(workspace.path('other.txt'), 'utf8'), /^family: not known$/m);
    assert.match(play('replay', workspace.path('other.txt')).text, /a chip that is not known, simulated, stopped/);
});

test('relock that is killed in the middle: what was said until then is recorded, and plays back', () => {
    const device = workspace.makeDevice('killed.sim', 'stm32f405');
    const words = ['--sim', device, '--return', 'boot0', '--family', 'stm32f405', '--yes-erase', 'killed.txt'];
    const result = prove(words, { RELOCK_SIM_KILL_AT: '120' });
    assert.equal(result.code, 1, result.stdout);
    assert.match(readFileSync(workspace.path('killed.txt'), 'utf8'), /^exit: SIGKILL\nending: none$/m);
    assert.match(play('replay', workspace.path('killed.txt')).text, /stopped$/m);
});

test('what goes on with a job says all that the job was told', () => {
    const device = workspace.makeDevice('goes-on.sim', 'stm32l552');
    const words = ['--sim', device, '--return', 'boot0', '--family', 'stm32l5', '--trustzone', 'off', '--yes-erase', 'goes-on.txt'];
    const { stdout } = prove(words, { RELOCK_SIM_KILL_AT: '200' });
    assert.match(readFileSync(workspace.path('goes-on.txt'), 'utf8'), /^reason: update ended with exit code SIGKILL/m);
    const command = /XDG_STATE_HOME=\S+ \\\n.*$/m.exec(stdout)?.[0] ?? 'false';
    const result = spawnSync('sh', ['-c', `${command} --sim-speed 0 --yes`], { encoding: 'utf8', timeout: PATIENCE_MS });
    assert.equal(result.status, 0, command + result.stdout + result.stderr);
    assert.match(result.stdout, /PROVEN/);
    assert.equal(workspace.truth(device).level, 1);
});

test('whether TrustZone was ever on is settled before anything is done', () => {
    const device = workspace.makeDevice('trustzone.sim', 'stm32l552', ['--level', '0']);
    const words = ['--sim', device, '--return', 'boot0', '--family', 'stm32l5', '--yes-erase', 'trustzone.txt'];
    const result = prove(words);
    assert.equal(result.code, 1);
    assert.doesNotMatch(result.stdout, /Step 2 of 5/);
    const reason = /^reason: nobody said that TrustZone was never switched on \(--trustzone off\)$/m;
    assert.match(readFileSync(workspace.path('trustzone.txt'), 'utf8'), reason);
    assert.equal(workspace.truth(device).counters.option_writes, 0);
});

/** A relock that adds a simulated device of its own accord: what calls it sees a real one. @param {string} device */
function disguise(device) {
    const folder = workspace.path(`disguise-${readdirSync(workspace.folder).length}`);
    mkdirSync(path.join(folder, 'cli'), { recursive: true });
    mkdirSync(path.join(folder, 'tests'));
    symlinkSync(player, path.join(folder, 'tests/proof'));
    const lines = ['#!/bin/sh', `case $1 in info | update) set -- "$@" --sim '${device}' --sim-speed 0 ;; esac`, `exec '${binary}' "$@"`];
    writeFileSync(path.join(folder, 'cli/relock'), `${lines.join('\n')}\n`, { mode: 0o755 });
    return path.join(folder, 'cli/relock');
}

// Once a real STM32F405 was proven, this needs another family.
test('a device that is not simulated: the recording says real, and is evidence that its row must name', () => {
    const device = workspace.makeDevice('real.sim', 'stm32f405', ['--serial', '16180339ABCD']);
    const folder = workspace.path('evidence');
    mkdirSync(folder);
    const file = path.join(folder, 'f405.txt');
    const words = ['--return', 'boot0', '--family', 'stm32f405', '--yes-erase', file];
    const result = prove(words, { RELOCK_BIN: disguise(device) });
    assert.equal(result.code, 0, result.stdout + result.stderr);
    assert.match(result.stdout.replace(/\s+/g, ' '), /Then open an issue in Relock's repository/);
    assert.doesNotMatch(result.stdout, /THE DEVICE IS SIMULATED/);
    const text = readFileSync(file, 'utf8');
    assert.match(text, /^device: real$/m);
    assert.match(text, /^times: milliseconds since each run began/m);
    assert.doesNotMatch(text, /16180339ABCD/);
    assert.match(play('kept', file).text, /plays back: STM32F405, real, whole/);
    const evidence = play('evidence', folder);
    assert.equal(evidence.code, 1);
    assert.match(evidence.text, /f405\.txt is a whole recording of STM32F405, whose row lacks RLK_EVIDENCE_TRANSCRIPT/);
});

test('no device at all: exit code 3, and no file', () => {
    const words = ['--return', 'boot0', '--family', 'stm32f405', '--yes-erase', 'absent.txt'];
    const result = prove(words, { RELOCK_BIN: disguise(workspace.path('nowhere.sim')) });
    assert.equal(result.code, 3);
    assert.match(result.stdout, /No device in DFU mode was found\. \(RLK-3001\)/);
    assert.match(result.stdout, /Nothing was recorded: info ended with exit code 3/);
    assert.ok(!existsSync(workspace.path('absent.txt')));
});

test('a family that was not named stops before anything is changed', () => {
    const device = workspace.makeDevice('unnamed.sim', 'stm32f405');
    const result = prove(['--sim', device, '--return', 'boot0', '--yes-erase', 'unnamed.txt']);
    assert.equal(result.code, 1);
    assert.match(result.stdout.replaceAll('\n', ' '), /can be one of these: STM32F405, STM32F412, STM32F2\./);
    assert.equal(workspace.truth(device).counters.regressions, 0);
    assert.equal(play('replay', workspace.path('unnamed.txt')).code, 0);
});

test('what cannot work is said with exit code 2, and nothing is written', () => {
    const all = ['--sim', 'stm32f405', '--return', 'boot0', '--yes-erase'];
    writeFileSync(workspace.path('there.txt'), 'mine');
    for (const [words, wanted] of /** @type {[string[], RegExp][]} */ ([
        [all, /where shall the recording go/],
        [[...all, 'there.txt'], /is there already/],
        [[...all, 'nowhere/x.txt'], /no folder/],
        [['--sim', 'stm32f405', '--yes-erase', 'x.txt'], /--return must say/],
        [['--sim', 'stm32f405', '--return', 'none', '--yes-erase', 'x.txt'], /boot0 or empty-check/],
        [['--sim', 'stm32f405', '--return', 'boot0', 'x.txt'], /no terminal/],
        [['--sim', 'nothing.sim', '--return', 'boot0', '--yes-erase', 'x.txt'], /neither a profile/],
        [[...all, '--trustzone', 'on', 'x.txt'], /--trustzone wants off/],
        [[...all, '--frobnicate', 'x.txt'], /unknown argument/],
        [[...all, 'x.txt', 'y.txt'], /unknown argument/],
        [[...all, 'x.txt', '--family'], /--family wants a value/],
    ])) {
        const result = prove(words);
        assert.equal(result.code, 2, words.join(' '));
        assert.match(result.stdout + result.stderr, wanted);
    }
    assert.equal(readFileSync(workspace.path('there.txt'), 'utf8'), 'mine');
    assert.ok(!existsSync(workspace.path('x.txt')));
});

/** The script on a terminal of its own. @param {string[]} words */
function startProving(words) {
    const command = [script, ...words].map((word) => `'${word}'`).join(' ');
    return new Running(spawn('script', ['-qec', `exec ${command}`, '/dev/null'], {
        cwd: workspace.folder,
        env: environment({ TERM: 'xterm', COLUMNS: '80', SHELL: '/bin/sh' }),
    }));
}

test('on a terminal: any other words than those asked for end it, and nothing is done', async () => {
    const device = workspace.makeDevice('words.sim', 'stm32f405');
    const running = startProving(['--sim', device, 'words.txt']);
    await running.until('type the words  erase everything');
    running.type('yes\n');
    await running.until('Nothing was done.');
    assert.equal((await running.end).code, 4);
    assert.equal(workspace.truth(device).counters.transfers, 0);
    assert.ok(!existsSync(workspace.path('words.txt')));
});

test('on a terminal: everything is asked, and what was typed is in the recording', async () => {
    const device = workspace.makeDevice('asked.sim', 'stm32f405', ['--serial', '27182818ABCD']);
    const running = startProving(['--sim', device, 'asked.txt']);
    /** @param {[string, string][]} talk */
    const go = async (talk) => {
        for (const [prompt, answer] of talk) {
            await running.until(prompt);
            running.type(`${answer}\n`);
        }
    };
    await go([
        ['type the words  erase everything', 'erase everything'], ['Type b or e', 'b'],
        ['full marking', 'STM32F405RGT6\u001b[2J Käfer'], ['The board', ''], ['gets into DFU', 'button'], ['Computer', 'my pc'],
        ['USB:', 'USB 2 hub'], ['Anything else', ''],
        ['Press Enter to go on', ''], ['Family:', 'stm32l4'], ['None of these', 'stm32f405'], ['Go on? Type yes', 'yes'],
        ['Press Enter to go on', ''], ['Press Enter to only look', ''],
        ['Press Enter to go on', ''], ['Go on? Type yes', 'yes'],
        ['Press Enter to go on', ''], ['or type keep', 'keep'],
    ]);
    await running.until('shows just what happened here');
    assert.equal((await running.end).code, 0);
    const text = readFileSync(workspace.path('asked.txt'), 'utf8');
    assert.match(text, /^chip: STM32F405RGT6\?\[2J Kafer\nboard: not said\nenters-dfu: button\ncomputer: my pc\n/m);
    assert.match(text, /^candidates: STM32F405, STM32F412, STM32F2$/m);
    assert.match(text, /^serial: as the device gave it$/m);
    assert.match(text, / serial=27182818ABCD /);
    assert.match(text, /^result: whole$/m);
});

test('on a terminal: TrustZone is asked about, and the answer goes with the job', async () => {
    const device = workspace.makeDevice('asked-trustzone.sim', 'stm32l552');
    const running = startProving(['--sim', device, '--family', 'stm32l5', '--return', 'boot0', 'asked-trustzone.txt']);
    await running.until('type the words');
    running.type(`erase everything\n${'\n'.repeat(NOTES.length)}`);
    for (const [prompt, answer] of [
        ['Press Enter to go on', ''], ['type the words', 'TrustZone was never on'], ['type the words', 'this board may be lost'],
        ['Go on? Type yes', ''], ['Press Enter to replace', ''],
    ]) {
        await running.until(prompt);
        running.type(`${answer}\n`);
    }
    assert.equal((await running.end).code, 1);
    const text = readFileSync(workspace.path('asked-trustzone.txt'), 'utf8');
    assert.match(text, /^wish: update protected boot0 trustzone-off STM32L5$/m);
    assert.match(text, /^reason: update ended with exit code 4, not-done NO_CONSENT$/m);
});

test('on a terminal: who leaves at a question of Relock leaves a recording of a refusal', async () => {
    const device = workspace.makeDevice('left.sim', 'stm32f405');
    const running = startProving(['--sim', device, '--family', 'stm32f405', '--return', 'boot0', 'left.txt']);
    await running.until('type the words');
    running.type(`erase everything\n${'\n'.repeat(NOTES.length)}`);
    await running.until('Press Enter to go on');
    running.type('\n');
    await running.until('Go on? Type yes');
    running.type('\n');
    await running.until('Press Enter to replace');
    running.type('\n');
    assert.equal((await running.end).code, 1);
    assert.match(readFileSync(workspace.path('left.txt'), 'utf8'), /^reason: update ended with exit code 4, not-done NO_CONSENT$/m);
    assert.equal(workspace.truth(device).counters.regressions, 0);
    assert.equal(play('replay', workspace.path('left.txt')).code, 0);
});

test('on a terminal: Ctrl-C ends the run of relock, and what was recorded is written', async () => {
    const device = workspace.makeDevice('ctrl-c.sim', 'stm32f405');
    const running = startProving(['--sim', device, '--family', 'stm32f405', '--return', 'boot0', 'ctrl-c.txt']);
    await running.until('type the words');
    running.type(`erase everything\n${'\n'.repeat(NOTES.length)}`);
    await running.until('Press Enter to go on');
    running.type('\n');
    await running.until('Go on? Type yes');
    running.type('\u0003');
    await running.until('Press Enter to replace');
    running.type('\n');
    assert.equal((await running.end).code, 1);
    assert.match(readFileSync(workspace.path('ctrl-c.txt'), 'utf8'), /^reason: update ended with exit code 4, /m);
    assert.equal(workspace.truth(device).counters.regressions, 0);
    assert.equal(play('replay', workspace.path('ctrl-c.txt')).code, 0);
});

test('one changed answer is found, with its line', () => {
    const pattern = /^[0-9]+ < ok \[00 21 41 92\]$/m;
    const file = forge((text) => text.replace(pattern, (line) => line.replace('21 41 92', '21 41')));
    const result = play('replay', file);
    assert.equal(result.code, 1);
    // A list without 0x92 is asked for once more: the engine goes on otherwise right behind it.
    const changed = lineOf(file, /< ok \[00 21 41\]$/);
    const both = 'the recording: {2}> in a1 2 2 0 16\n {4}the engine: {5}> out 21 6 0 0\n';
    assert.match(result.text, new RegExp(`:${changed + 1}: info:\n {4}${both}`));
});

test('another content of one verified block is found, with its line', () => {
    const at = (/** @type {string} */ text) => text.lastIndexOf('< ok 2048 bytes crc ');
    const file = forge((text) => `${text.slice(0, at(text))}< ok 2048 bytes crc 00000000${text.slice(at(text) + 28)}`);
    const result = play('replay', file);
    assert.equal(result.code, 1);
    assert.match(result.text, new RegExp(`:${lineOf(file, /crc 00000000$/) + 1}: update-from-level-1:`));
});

test('forged recordings are refused, with what is wrong and where', () => {
    const cut = (/** @type {string} */ text) => {
        const begin = text.indexOf('\nsection update-again\n');
        return text.slice(0, begin) + text.slice(text.indexOf('\nsection update-from-level-1\n'));
    };
    for (const [change, wanted] of /** @type {[(text: string) => string, RegExp][]} */ ([
        [cut, /: the conversations say "stopped", not "whole"/],
        [(text) => cut(text).replace('result: whole', 'result: stopped'), /plays back: STM32F405, simulated, stopped/],
        [(text) => text.replace(/^[0-9]+ > done .*\n/m, ''), /an empty line and a section belong here/],
        [(text) => text.replace('lines: ', 'lines: 99'), /there are not so many lines/],
        [(text) => text.replace('lines: ', 'lines: -'), /there are not so many lines/],
        [(text) => text.replace('family: STM32F405', 'family: STM32F2'), /:6: the conversations say "STM32F405", not "STM32F2"/],
        [(text) => text.replace(/^image: ./m, 'image: x'), /:13: the conversations say/],
        [(text) => text.replace('relock-proof 1', 'relock-proof 2'), /:1: does not begin with "relock-proof 1"/],
        [(text) => text.replace('return: boot0\n', ''), /:12: "return: " belongs here/],
        [(text) => text.replace('ending: proven OK', 'ending: not-done OK'), /the ending that is played is "proven OK"/],
        [(text) => text.replace('exit: 0', 'exit: 1'), /exit code and ending do not agree/],
        [(text) => text.replace('wish: look STM32F405', 'wish: read all'), /this wish means nothing/],
        [(text) => text.replace('journal: relock-journal-1 phase=proven', 'journal: relock-journal-1 phase=empty'), /no journal entry/],
        [(text) => text.replace('wish: update protected boot0', 'wish: update boot0'), /the recording: /],
        [(text) => text.replace('device: simulated', 'device: imagined'), /a device is "real" or "simulated"/],
        [(text) => text.replace(' < ok yes ', ' < ok no '), /the recording: /],
        [(text) => text.replace(/ < ok\n/, ' < ok [00]\n'), /this can be no answer/],
        [(text) => text.replace(/^([0-9]+) > select-alternate 0$/m, '0 > select-alternate 1'), /the engine: {5}> select-alternate 0/],
        [(text) => text.replaceAll('\n', '\r\n'), /byte 0x0d is no plain text/],
        [(text) => text.replace('hub: not said', 'hub: \u001b[2J'), /byte 0x1b is no plain text/],
    ])) {
        const file = forge(change);
        assert.match(play('replay', file).text, wanted, String(change));
    }
});

test('times that run backwards are refused', () => {
    const file = forge((text) => text.replace(/^[0-9]+ (> reopen first .*)$/m, '99999999 $1'));
    assert.match(play('replay', file).text, /no line with a time that follows/);
});

test('a wrong hash, a cut file, an empty one and none are refused', () => {
    const text = readFileSync(path.join(kept, 'stm32f405.txt'), 'utf8');
    for (const [content, wanted] of /** @type {[string, RegExp][]} */ ([
        [text.replace('remarks: not said', 'remarks: not sand'), /it was changed on its way/],
        [text.slice(0, text.length / 2), /it was cut off/],
        [text.slice(0, -1), /it was cut off/],
        ['', /it was cut off/],
        ['sha256: \n', /it was cut off/],
        [`sha256: ${sha256('')}\n`, /:1: does not begin/],
    ])) {
        const file = workspace.path('broken.txt');
        writeFileSync(file, content);
        const result = play('replay', file);
        assert.equal(result.code, 1);
        assert.match(result.text, wanted);
    }
    assert.match(play('replay', workspace.path('nowhere.txt')).text, /cannot be read/);
});

// Once a real STM32F405 was proven, this needs another family.
test('evidence: a whole recording of a real device needs the word of its row; a simulated one has no place there', () => {
    const folder = workspace.path('kept');
    mkdirSync(folder);
    assert.match(play('evidence', folder).text, /0 recordings, and the chip rows agree/);
    const real = forge((text) => text.replace('device: simulated stm32f405', 'device: real'));
    writeFileSync(path.join(folder, 'f405.txt'), readFileSync(real));
    const result = play('evidence', folder);
    assert.equal(result.code, 1);
    assert.match(result.text, /whole recording of STM32F405, whose row lacks RLK_EVIDENCE_TRANSCRIPT/);
    writeFileSync(path.join(folder, 'f405.txt'), readFileSync(path.join(kept, 'stm32f405.txt')));
    assert.match(play('evidence', folder).text, /belongs into the folder "simulated"/);
    mkdirSync(workspace.path('simulated'));
    writeFileSync(workspace.path('simulated/f405.txt'), readFileSync(real));
    assert.match(play('kept', workspace.path('simulated/f405.txt')).text, /is of a real device/);
});

test('recordings of simulated devices are kept, and the law of transcripts holds in all that are', () => {
    const names = readdirSync(kept);
    assert.deepEqual(KEPT.filter((profile) => !names.includes(`${profile}.txt`)), []);
    const real = readdirSync(path.join(root, 'tests/proof')).filter((name) => name.endsWith('.txt'));
    for (const file of [...names.map((name) => path.join(kept, name)), ...real.map((name) => path.join(root, 'tests/proof', name))]) {
        assert.deepEqual(violationsOf(transcriptOf(readFileSync(file, 'utf8'))), [], file);
    }
});

test('the test firmware is what its generator makes, and what the README says', () => {
    const hex = readFileSync(imageFile, 'utf8');
    assert.equal(hex, proofHex());
    assert.ok(readFileSync(path.join(root, 'tests/proof/README.md'), 'utf8').includes(sha256(hex)));
});

test('what was typed becomes one line of printable ASCII', () => {
    assert.equal(sanitise(null), 'not said');
    assert.equal(sanitise('   '), 'not said');
    assert.equal(sanitise('Gerät  n°5\r'), 'Gerat n?5?');
    assert.equal(sanitise('x'.repeat(500)).length, 200);
});
