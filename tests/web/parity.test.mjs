// @ts-check
// The same random scenarios through the native engine and through the shipped wasm files give the same transcripts,
// byte for byte; and the law of transcripts holds in all of them. RELOCK_PARITY names another native program, and
// RELOCK_PARITY_SEED one scenario that is run alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ParityHost } from '../support/parity_host.mjs';
import { countUnprotects, violationsOf } from '../support/transcript_law.mjs';
import { firmware, newDevice, newEngine, wasm } from './support.mjs';

const PROGRAM = process.env.RELOCK_PARITY
    ?? fileURLToPath(new URL('../../build/debug/tests/parity', import.meta.url));
const ONLY = process.env.RELOCK_PARITY_SEED;
const SCENARIOS = ONLY ? 1 : 4000;
const CHUNK = 250;
/** Devices whose protection no job may change. */
const NEVER_RELOCKED = ['apm32f103', 'at32f437', 'custom', 'gd32f303', 'stm32c562', 'stm32h563', 'stm32h7s3', 'stm32n657'];

/**
 * @param {number} first
 * @param {number} count
 * @returns {{scenario: import('../support/parity_host.mjs').Scenario, lines: string[]}[]} as the native engine ran them
 */
function runNatively(first, count) {
    const text = execFileSync(PROGRAM, [`${first}`, `${count}`], { encoding: 'utf8', maxBuffer: 1 << 28 });
    return text.split(/^= /m).slice(1).map((part) => {
        const [scenario, ...lines] = part.trimEnd().split('\n');
        return { scenario: JSON.parse(scenario), lines };
    });
}

/** @param {string[]} ours @param {string[]} theirs @param {number} seed */
function assertSame(ours, theirs, seed) {
    const at = theirs.findIndex((line, index) => line !== ours[index]);
    assert.equal(ours[at], theirs[at], `seed ${seed}, line ${at + 1}, after\n${theirs.slice(Math.max(0, at - 8), at).join('\n')}`);
    assert.equal(ours.length, theirs.length, `seed ${seed}`);
}

describe('native and shipped wasm', () => {
    const engine = newEngine();
    const device = newDevice();
    const image = firmware('blinky-large.bin');
    const counts = { lines: 0, unprotects: 0, proven: 0, releases: 0, fieldsProven: 0 };
    /** @type {Map<string, number>} how often each device was unprotected and ended proven */
    const relocked = new Map();

    it('have no imports', () => {
        assert.deepEqual(['relock', 'sim'].flatMap((name) => WebAssembly.Module.imports(wasm(name))), []);
    });

    it(`give the same transcripts in ${SCENARIOS} scenarios, and keep the law`, () => {
        for (let first = 0; first < SCENARIOS; first += CHUNK) {
            for (const { scenario, lines } of runNatively(Number(ONLY ?? first), Math.min(CHUNK, SCENARIOS))) {
                engine.loadFile(image.slice(scenario.offset, scenario.offset + scenario.bytes), scenario.addr);
                assertSame(new ParityHost(engine, device, scenario).runAll(), lines, scenario.seed);
                const text = lines.join('\n');
                assert.deepEqual(violationsOf(text), [], `seed ${scenario.seed}`);
                counts.lines += lines.length;
                const unprotects = countUnprotects(text);
                counts.unprotects += unprotects;
                const proven = lines.filter((line) => line === '> done proven OK').length;
                counts.proven += proven;
                const isRelocked = unprotects > 0 && proven > 0;
                relocked.set(scenario.profile, (relocked.get(scenario.profile) ?? 0) + (isRelocked ? 1 : 0));
                counts.releases += scenario.release ? 1 : 0;
                counts.fieldsProven += (/** @type {any} */ (scenario.release))?.options ? proven : 0;
            }
        }
    });

    it('met what they were made for', { skip: ONLY !== undefined }, (context) => {
        context.diagnostic(`${counts.lines} lines, ${counts.unprotects} times 0x92, ${counts.proven} jobs proven,`
            + ` ${counts.releases} releases, ${counts.fieldsProven} jobs proven with option fields`);
        assert.ok(counts.lines > 100000 && counts.unprotects > 500 && counts.proven > 1000);
        assert.ok(counts.releases > 800 && counts.fieldsProven > 80);
        const without = [...relocked].filter(([, count]) => count === 0).map(([name]) => name);
        assert.deepEqual([...relocked.keys()].sort(), device.everyProfile().sort(), 'each device was there');
        assert.deepEqual(without.sort(), NEVER_RELOCKED);
    });
});
