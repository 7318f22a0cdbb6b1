// @ts-check
/** The README's commands do what the README says: each is run, at once instead of at a device's pace. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Workspace } from './relock.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = 'build/release/cli/relock ';

const workspace = new Workspace();
after(() => workspace.close());

/** @param {string} word @returns {string} with paths as they are meant: from the root, outputs in our own folder */
function place(word) {
    if (word.startsWith('/tmp/')) {
        return workspace.path(path.basename(word));
    }
    return word.startsWith('tests/') ? path.join(root, word) : word;
}

const commands = readFileSync(path.join(root, 'README.md'), 'utf8').split('\n').filter((line) => line.startsWith(PROGRAM));

test('the README has commands', () => assert.ok(commands.length > 0));

for (const command of commands) {
    test(command, () => {
        const quoted = command.slice(PROGRAM.length).match(/"[^"]*"|\S+/g) ?? [];
        const words = quoted.map((word) => place(word.replaceAll('"', '')));
        const { code, stdout, stderr } = workspace.run([...words, ...words.includes('--sim') ? ['--sim-speed', '0'] : []]);
        assert.equal(code, 0, stdout + stderr);
    });
}
