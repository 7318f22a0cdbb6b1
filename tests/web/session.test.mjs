// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSession } from '../../web/job/session-loop.js';
import { hex } from '../../web/texts.js';
import { uf2File } from '../formats/uf2-writer.mjs';
import { countUnprotects, violationsOf } from '../support/transcript_law.mjs';
import { absent, firmware, helpful, newEngine, simulate, update } from './support.mjs';

const IMAGE = firmware('blinky-small.bin');
const HEX = firmware('blinky-small.hex');
// What shows of an L4 does not tell its lines apart; the way back by the empty check needs to know.
const CLAIMED = { wayBack: 'empty-check', family: 'STM32L4' };

/** @param {string} profile @param {object} [state] */
function setUp(profile, state) {
    const engine = newEngine();
    engine.loadFile(HEX, null);
    return { engine, ...simulate(profile, state) };
}

/** @param {import('../../wasm-glue/sim.js').SimDevice} device */
function assertHolds(device) {
    assert.deepEqual(device.flash(0, IMAGE.length), IMAGE);
}

describe('the locked update through wasm', () => {
    for (const [profile, wayBack] of [['stm32f405', 'boot0'], ['stm32f042', 'boot0'], ['stm32f072', 'boot0'],
        ['stm32l432', 'boot0'], ['stm32l476', 'boot0']]) {
        it(`ends proven on ${profile} by ${wayBack}`, async () => {
            const parts = setUp(profile);
            const { ending, error, lines, records } = await update(parts, { wayBack });
            assert.equal(error, null);
            assert.equal(ending, 'proven');
            const truth = parts.device.truth();
            assert.deepEqual(truth.violations, []);
            assert.equal(truth.rdpLevel, 1);
            assert.equal(truth.regressions, 1);
            assertHolds(parts.device);
            assert.deepEqual(violationsOf(lines.join('\n')), []);
            assert.equal(countUnprotects(lines.join('\n')), 1);
            assert.equal(parts.engine.decodeJournal(records.at(-1) ?? '').phase, 'proven');
        });
    }
});

describe('looking', () => {
    it('tells chip and protection and changes nothing', async () => {
        const { engine, transport, device } = setUp('stm32f405');
        const { error } = await runSession({ engine, transport, wish: { job: 'look' },
            host: { ask: async () => assert.fail('it asked'), record: async () => assert.fail('it recorded'),
                person: helpful(transport, 'boot0') } });
        const found = engine.findings();
        assert.equal(error, null);
        assert.equal(found.chip, 'STM32F405');
        assert.equal(found.protection, 'level-1');
        assert.ok(found.flashReadRefused);
        assert.equal(found.flashBytes, 1024 * 1024);
        assert.equal(device.truth().regressions, 0);
    });

    it('reads the option bytes of an open device', async () => {
        const { engine, transport } = setUp('stm32f405', { rdpLevel: 0 });
        await runSession({ engine, transport, wish: { job: 'look' },
            host: { ask: async () => false, record: async () => {}, person: helpful(transport, 'boot0') } });
        assert.equal(engine.findings().protection, 'open');
        assert.equal(engine.findings().options[0].name, 'RDP');
    });
});

describe('nothing is lost', () => {
    for (const [family, name] of /** @type {[number, string][]} */ ([[0x647824b6, 'IMAGE_OF_ANOTHER_FAMILY'],
        [0x1c5f21b0, 'IMAGE_OF_UNKNOWN_FAMILY']])) {
        it(`when a UF2 file is for the family ${hex(family)}`, async () => {
            const parts = setUp('stm32f405');
            parts.engine.loadFile(uf2File(0x08000000, IMAGE, family), null);
            const { ending, error } = await update(parts, {}, { ask: async () => assert.fail('it asked') });
            assert.deepEqual([ending, error?.name], ['not-done', name]);
            assert.equal(parts.device.truth().regressions, 0);
            assert.equal(parts.engine.fault()?.addr, null);
        });
    }

    it('when the firmware is linked at address 0, and the address is told', async () => {
        const parts = setUp('stm32f405');
        parts.engine.loadFile(IMAGE, 0);
        const { error } = await update(parts, {}, { ask: async () => assert.fail('it asked') });
        assert.equal(error?.name, 'IMAGE_OUTSIDE_FLASH');
        assert.equal(parts.engine.fault()?.addr, 0);
    });

    it('when the answer is no', async () => {
        const parts = setUp('stm32f405');
        const { ending, error } = await update(parts, {}, { ask: async () => false });
        assert.deepEqual([ending, error?.name], ['not-done', 'NO_CONSENT']);
        assert.equal(parts.device.truth().regressions, 0);
    });

    it('when the journal cannot be written', async () => {
        const parts = setUp('stm32f405');
        const { ending, error } = await update(parts, {}, { record: async () => {
            throw new Error('disk full');
        } });
        assert.deepEqual([ending, error?.name], ['not-done', 'JOURNAL_FAILED']);
        assert.equal(parts.device.truth().regressions, 0);
    });

    it('with what helps this very device and job, not just anyone', async () => {
        const parts = setUp('stm32f303', { level: 0 });
        const claimed = await update(parts, { family: 'STM32F105' });
        assert.deepEqual([claimed.error?.name, claimed.error?.action.name], ['CHIP_CONTRADICTS_CLAIM', 'GIVE_FAMILY']);
    });

    it('when there is no way back', async () => {
        const parts = setUp('stm32f405');
        const { ending, error } = await update(parts, { wayBack: 'none' });
        assert.deepEqual([ending, error?.name], ['not-done', 'WAY_BACK_IS_NONE']);
        assert.equal(parts.device.truth().regressions, 0);
    });

    it('when the family has no empty check', async () => {
        const parts = setUp('stm32f405');
        const { error } = await update(parts, { wayBack: 'empty-check' });
        assert.equal(error?.name, 'NO_EMPTY_CHECK');
        assert.equal(parts.device.truth().regressions, 0);
    });
});

/** Runs until the device has to come back for the first time, then gives up. @param {ReturnType<typeof setUp>} parts */
async function interrupt({ engine, transport }) {
    const first = await update({ engine, transport }, CLAIMED, { person: (operation) =>
        (operation.reason === 'first' ? helpful(transport, 'empty-check')(operation) : absent()) });
    assert.deepEqual([first.ending, first.error?.kind], ['not-done', 'parked']);
    transport.replug(false);
    return first.records.at(-1);
}

describe('a job by the empty check', () => {
    it('goes on by its journal, is written but not proven, and is proven once BOOT0 is held', async () => {
        const parts = setUp('stm32l432');
        const journal = await interrupt(parts);
        const second = await update(parts, { ...CLAIMED, journal });
        assert.deepEqual([second.ending, second.error?.name], ['not-proven', 'PROOF_MISSING']);
        parts.transport.replug(true);
        const third = await update(parts, { ...CLAIMED, journal: second.records.at(-1) });
        assert.deepEqual([third.ending, third.error], ['proven', null]);
        assert.equal(parts.device.truth().regressions, 1);
        assert.deepEqual(parts.device.truth().violations, []);
        assertHolds(parts.device);
    });

    it('is never weaker than it was begun', async () => {
        const parts = setUp('stm32l432');
        const journal = await interrupt(parts);
        const { error } = await update(parts, { ...CLAIMED, journal, endProtected: false });
        assert.equal(error?.name, 'WEAKER_THAN_BEGUN');
        assert.equal(parts.device.truth().regressions, 1);
    });
});
