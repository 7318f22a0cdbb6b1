// @ts-check
/** scripts/prove-on-hardware walks every simulated device that Relock updates to the end; two at a time. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { Workspace, binary, parseEvents } from '../cli/relock.mjs';
import { familyOf } from '../support/simulated_families.mjs';
import { violationsOf } from '../support/transcript_law.mjs';
import { PATIENCE_MS, play, script, transcriptOf } from './proving.mjs';

const AT_A_TIME = 2;
// Protected again only by a release that names option fields.
const NOT_PROVABLE = 'STM32L1';

const workspace = new Workspace();
after(() => workspace.close());

/** @type {Map<string, any>} */
const chips = new Map(parseEvents(workspace.run(['chips', '--json']).stdout).map((chip) => [chip.family, chip]));
const profiles = workspace.run(['sim', 'profiles']).stdout.trim().split('\n').map((line) => line.split(/\s/)[0]);
const updatable = profiles.filter((profile) => ['full', 'experimental'].includes(chips.get(familyOf(profile)).tier));

/** @param {string[]} words @returns {Promise<{ code: number, stdout: string, stderr: string }>} */
function prove(words) {
    const options = {
        cwd: workspace.folder,
        env: workspace.environment({ RELOCK_BIN: binary, TMPDIR: workspace.folder }),
        timeout: PATIENCE_MS,
    };
    return new Promise((resolve) => {
        const child = execFile(script, words, options, (error, stdout, stderr) => {
            resolve({ code: Number(error?.code ?? 0), stdout, stderr });
        });
        child.stdin?.end();
    });
}

/** @param {string} profile @param {string} way */
async function walk(profile, way) {
    const family = familyOf(profile);
    const out = `${profile}-${way}.txt`;
    const trustzone = chips.get(family).quirks.includes('trustzone') ? ['--trustzone', 'off'] : [];
    const words = ['--sim', profile, '--family', family.toLowerCase(), '--return', way, ...trustzone, '--yes-erase', out];
    const result = await prove(words);
    assert.equal(result.code, 0, result.stdout + result.stderr);
    assert.match(result.stdout, /EVERYTHING IN THE CHIP WILL BE LOST[^]*Step 1 of 5/);
    assert.match(result.stdout, /shows just what happened here/);
    const text = readFileSync(workspace.path(out), 'utf8');
    assert.match(text, new RegExp(`^device: simulated ${profile}$`, 'm'));
    assert.match(text, new RegExp(`^family: ${family}$`, 'm'));
    assert.match(text, /^result: whole$/m);
    assert.equal(/ trustzone-off /.test(text), trustzone.length > 0);
    assert.deepEqual(violationsOf(transcriptOf(text)), []);
    assert.match(play('kept', workspace.path(out)).text, /belongs into the folder "simulated"/);
    assert.match(play('replay', workspace.path(out)).text, new RegExp(`plays back: ${family}, simulated, whole`));
}

describe('the whole walk, and its recording plays back', { concurrency: AT_A_TIME }, () => {
    for (const profile of updatable.filter((one) => familyOf(one) !== NOT_PROVABLE)) {
        const ways = chips.get(familyOf(profile)).has_empty_check ? ['boot0', 'empty-check'] : ['boot0'];
        for (const way of ways) {
            test(`${profile}, ${way}`, () => walk(profile, way));
        }
    }
});

test('a family that cannot be proven this way is told so, with what can be recorded, before anything is done', async () => {
    const device = workspace.makeDevice('l1.sim', 'stm32l152', ['--level', '1']);
    const result = await prove(['--sim', device, '--family', NOT_PROVABLE, '--return', 'boot0', '--yes-erase', 'l1.txt']);
    assert.equal(result.code, 1, result.stdout + result.stderr);
    assert.doesNotMatch(result.stdout, /Step 2 of 5/);
    const { regressions, option_writes: optionWrites, sectors_erased: erased } = workspace.truth(device).counters;
    assert.deepEqual([regressions, optionWrites, erased], [0, 0, 0]);
    assert.match(readFileSync(workspace.path('l1.txt'), 'utf8'), /^result: stopped\nreason: STM32L1 cannot be proven this way$/m);
    const [, command] = /\n {2}\S+relock (update .* TRACE\.txt)\n/.exec(result.stdout) ?? [];
    const { code, stdout } = workspace.run([...command.split(' '), '--sim', device, '--yes']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /PROVEN/);
    assert.equal(workspace.truth(device).counters.regressions, 1);
});
