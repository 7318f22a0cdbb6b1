// @ts-check
// Families of tier experimental belong to the command line: the page's engine changes none, because the page never says
// that it may.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ParityHost } from '../support/parity_host.mjs';
import { firmware, newDevice, newEngine } from './support.mjs';

const WEB = new URL('../../web/', import.meta.url);

/** A locked update of an STM32G431, which is named. @param {boolean} allowExperimental */
function lockedUpdate(allowExperimental) {
    const engine = newEngine();
    const device = newDevice();
    engine.loadFile(firmware('blinky-small.bin'), 0x08000000);
    /** @type {import('../support/parity_host.mjs').Scenario} */
    const scenario = {
        seed: 0, profile: 'stm32g431', level: 1, boot0: 1, runs: 1, isHelpful: true, job: 'update', endProtected: true,
        wayBack: 'boot0', poll: 'by-row', family: 'STM32G431', allowExperimental, trustzoneIsOff: false, addr: 0,
        offset: 0, bytes: 0, failsRecord: 0, failsFetch: 0, release: null, knobs: [], faults: [],
        answers: { 'confirm-plan': 'yes' },
    };
    const last = new ParityHost(engine, device, scenario).runAll().at(-1);
    return { last, truth: device.truth() };
}

describe('an experimental family', () => {
    it('is not changed unless the host allows it', () => {
        const { last, truth } = lockedUpdate(false);
        assert.equal(last, '> done not-done CHIP_EXPERIMENTAL');
        assert.equal(truth.regressions, 0);
    });

    it('is, if it does', () => {
        const { last, truth } = lockedUpdate(true);
        assert.equal(last, '> done proven OK');
        assert.equal(truth.regressions, 1);
    });

    it('is allowed by no module of the page', () => {
        const modules = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
        assert.ok(modules.length > 20);
        for (const name of modules) {
            assert.doesNotMatch(readFileSync(new URL(name, WEB), 'utf8'), /allowExperimental|trustzoneIsOff/, name);
        }
    });
});
