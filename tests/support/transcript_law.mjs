// @ts-check
/**
 * The law of transcripts: no `out … [92]` (READ UNPROTECT) without an earlier `ask … yes` of the same digest and a
 * completed `record` after it; one yes is good for one 92, and a lost connection voids it.
 *
 * As a program: `node transcript_law.mjs FILE...` prints what is wrong and exits 1.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const UNPROTECT = /^> out 21 1 0 0 \[92\]$/;
const QUESTION = /^> ask confirm-plan ([0-9a-f]{16})$/;
const YES = /^< ok yes ([0-9a-f]{16})$/;
const RECORD = /^> record /;
const REOPEN = /^> reopen /;

/**
 * @param {string} text a transcript, one line per operation and per outcome
 * @returns {string[]} the violations, empty if the law holds
 */
export function violationsOf(text) {
    /** @type {string[]} */
    const problems = [];
    const lines = text.split('\n');
    let hasConsent = false;
    let hasRecord = false;
    lines.forEach((line, index) => {
        const next = lines[index + 1] ?? '';
        const asked = QUESTION.exec(line);
        if (asked) {
            hasConsent = YES.exec(next)?.[1] === asked[1];
            hasRecord = false;
        } else if (RECORD.test(line)) {
            hasRecord = hasConsent && next === '< ok';
        } else if (REOPEN.test(line)) {
            hasConsent = false;
        } else if (UNPROTECT.test(line)) {
            if (!hasConsent) {
                problems.push(`line ${index + 1}: 92 without a yes to this plan`);
            } else if (!hasRecord) {
                problems.push(`line ${index + 1}: 92 without a completed record`);
            }
            hasConsent = false;
        }
    });
    return problems;
}

/** @param {string} text */
export function countUnprotects(text) {
    return text.split('\n').filter((line) => UNPROTECT.test(line)).length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    let isBroken = false;
    for (const file of process.argv.slice(2)) {
        for (const problem of violationsOf(readFileSync(file, 'utf8'))) {
            console.error(`${file}: ${problem}`);
            isBroken = true;
        }
    }
    process.exitCode = isBroken ? 1 : 0;
}
