// @ts-check
/** What the tests of scripts/prove-on-hardware share. */

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { binary } from '../cli/relock.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const script = path.join(root, 'scripts/prove-on-hardware');
export const player = path.join(path.dirname(binary), '../tests/proof');
export const kept = path.join(root, 'tests/proof/simulated');
export const PATIENCE_MS = 120000;

/** @param {string} command @param {string} file */
export function play(command, file) {
    const result = spawnSync(player, [command, file], { encoding: 'utf8', timeout: PATIENCE_MS });
    return { code: result.status, text: result.stdout + result.stderr };
}

/** The conversations without their times. @param {string} text */
export function transcriptOf(text) {
    return text.split('\n').map((line) => line.replace(/^[0-9]+ (?=[<>] )/, '')).join('\n');
}
