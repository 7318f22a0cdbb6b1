// @ts-check
// Reports of updates of simulated devices, made by the page's own modules.
import { readCoreTexts } from '../../scripts/lib/core-texts.mjs';
import { makeReport } from '../../web/report/report.js';
import { loadTexts } from '../../web/texts.js';
import { Transcript } from '../../web/job/transcript.js';
import { runSession } from '../../web/job/session-loop.js';
import { absent, firmware, newEngine, simulate, update } from '../web/support.mjs';

export const CIRCUMSTANCES = {
    now: new Date('2026-11-22T10:00:00Z'), language: 'en', isSimulated: true, ticket: 'T-4711',
    page: { version: '5ca1ab1e0ddba11f', wasm: 'ab'.repeat(32), address: 'https://updates.example/' },
    browser: { platform: 'linux', agent: 'Test/1.0' },
    release: { name: 'acme-lamp', product: 'Acme Lamp', version: '2.1', sequence: 7, key: '0011223344556677',
        sha256: 'cd'.repeat(32) },
    english: readCoreTexts(),
};

/**
 * @param {string} profile
 * @param {Partial<import('../../wasm-glue/values.js').Wish>} [wish]
 * @param {{state?: object, image?: string, host?: object}} [options]
 */
export async function updateWithReport(profile, wish = {}, { state, image = 'blinky-small.hex', host = {} } = {}) {
    await loadTexts('en', ['start', 'work', 'help', 'errors', 'report']);
    const engine = newEngine();
    const { device, transport } = simulate(profile, state);
    const transcript = new Transcript();
    const observe = (/** @type {string[]} */ lines) => transcript.add(lines, engine.progress().stage);
    transcript.begin('look');
    transcript.end(engine, await runSession({ engine, transport, wish: { job: 'look' },
        host: { ask: async () => false, person: absent, record: async () => {}, observe } }));
    engine.loadFile(firmware(image), null);
    transcript.begin('update');
    const ending = await update({ engine, transport }, wish,
        { observe, ...host });
    transcript.end(engine, ending);
    return { engine, device, ending, transcript, report: makeReport(transcript, CIRCUMSTANCES) };
}
