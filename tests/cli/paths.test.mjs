// @ts-check
/** Files that the tool writes: never over something else, never half, and never a success that was not stored. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, linkSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Workspace, binary, parseEvents, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());

const rest = ['--size', '64K', '--sim', 'stm32f072'];

/** Runs the tool behind a shell that sets the scene. @param {string} scene @param {string[]} words */
function runIn(scene, words) {
    const options = { cwd: workspace.folder, env: workspace.environment(), encoding: /** @type {const} */ ('utf8') };
    return spawnSync('bash', ['-c', scene, binary, ...words], options);
}

const leftovers = () => readdirSync(workspace.folder).filter((name) => name.endsWith('.part'));

test('read replaces regular files only, and says so before it reads', () => {
    const folder = workspace.path('folder');
    mkdirSync(folder);
    const target = workspace.path('target');
    writeFileSync(target, 'old');
    const link = workspace.path('link');
    symlinkSync(target, link);
    for (const place of [folder, link, '/dev/null']) {
        const { code, ending, events } = workspace.runJob(['read', place, ...rest]);
        assert.equal(code, 1, place);
        assert.equal(ending?.error.name, 'FILE_NOT_WRITTEN');
        assert.equal(ending?.error.file, place);
        assert.equal(events.length, 1);
    }
    assert.ok(lstatSync(link).isSymbolicLink() && lstatSync('/dev/null').isCharacterDevice());
    assert.equal(readFileSync(target, 'utf8'), 'old');
    assert.equal(workspace.runJob(['read', target, ...rest]).code, 0);
    assert.equal(readFileSync(target).length, 65536);
    assert.deepEqual(leftovers(), []);
});

test("somebody's FILE.part stays as it is", () => {
    const part = workspace.path('mine.part');
    writeFileSync(part, 'mine');
    assert.equal(workspace.runJob(['read', workspace.path('mine'), ...rest]).code, 0);
    assert.equal(workspace.runJob(['read', workspace.path('mine'), ...rest, '--level', '1']).code, 4);
    assert.equal(readFileSync(part, 'utf8'), 'mine');
});

test('what cannot be stored has one ending, and it is no success', () => {
    const out = workspace.path('too-large');
    const { status, stdout } = runIn('trap "" XFSZ; ulimit -f 1; exec "$0" "$@"', ['read', out, ...rest, '--json']);
    const endings = parseEvents(stdout).filter((event) => event.event === 'ending');
    assert.equal(status, 1);
    assert.equal(endings.length, 1);
    assert.equal(endings[0].error.name, 'FILE_NOT_WRITTEN');
    assert.equal(endings[0].next_action, 'CHOOSE_ANOTHER_OUTPUT');
    assert.ok(!existsSync(out));
    assert.deepEqual(leftovers().filter((name) => name.startsWith('too-large')), []);
});

test('--trace never names a file that the command needs', () => {
    const firmware = workspace.path('firmware.hex');
    writeFileSync(firmware, readFileSync(smallHex));
    linkSync(firmware, workspace.path('same.hex'));
    const device = workspace.makeDevice('traced.sim', 'stm32f072', ['--level', '0']);
    const before = workspace.truth(device).flash_crc32;
    /** @type {string[][]} */
    const commands = [
        ['write', firmware, '--sim', device, '--yes', '--trace', './firmware.hex'],
        ['write', firmware, '--sim', device, '--yes', '--trace', 'same.hex'],
        ['write', firmware, '--sim', device, '--yes', '--trace', device],
        ['read', 'new.bin', '--size', '1K', '--sim', device, '--trace', './new.bin'],
        ['read', device, '--size', '1K', '--sim', device],
    ];
    for (const words of commands) {
        assert.equal(workspace.run(words).code, 2, words.join(' '));
    }
    assert.deepEqual(readFileSync(firmware), readFileSync(smallHex));
    assert.equal(workspace.truth(device).flash_crc32, before);
    assert.ok(!existsSync(workspace.path('new.bin')));
});

test('output that cannot be written is no success', () => {
    const { status, stderr } = runIn('exec "$0" "$@" >/dev/full', ['info', '--sim', 'stm32f072']);
    assert.equal(status, 1);
    assert.match(stderr, /standard output cannot be written/);
    const traced = workspace.run(['info', '--sim', 'stm32f072', '--trace', '/dev/full']);
    assert.equal(traced.code, 1);
    assert.match(traced.stderr, /trace cannot be written/);
});

test('JSON passes UTF-8 on, and nothing else that is not ASCII', () => {
    const endingOf = (/** @type {string} */ word) =>
        parseEvents(runIn(`exec "$0" write $'${word}' --sim stm32f072 --json`, []).stdout).at(-1)?.error.file;
    assert.equal(endingOf('gr\\xc3\\xbcn-\\xf0\\x9f\\x94\\x92'), 'gr\u00fcn-\u{1f512}');
    assert.equal(endingOf('a\\xff\\xc3-\\xed\\xa0\\x80-\\xc0\\xaf'), 'a??-???-??');
    assert.equal(endingOf('a\\tb\\e\\xc2\\x9b'), 'a\tb\u001b??');
});
