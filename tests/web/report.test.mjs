// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCoreTexts } from '../../scripts/lib/core-texts.mjs';
import { makeReport, reportFile, reportName, reportText, sendReport, withoutSerial } from '../../web/report/report.js';
import { TEXTS as GERMAN } from '../../web/texts/de/errors.js';
import { TEXTS } from '../../web/texts/en/report.js';
import { loadTexts } from '../../web/texts.js';
import { Transcript } from '../../web/job/transcript.js';
import { CIRCUMSTANCES, updateWithReport } from '../support/reports.mjs';
import { firmware, newEngine } from './support.mjs';

const WINDOW = 8;
const OWN_WORDS = Object.values(TEXTS).join('\n');

/** @param {string} text @returns {string} its hexadecimal digits, whatever stands between bytes */
const digitsOf = (text) => text.replaceAll(/[\s,:[\]]+(?=[0-9a-f]{2}\b)/gi, '').toLowerCase();

/**
 * @param {Uint8Array} bytes @param {string} file
 * @returns {number[]} where 8 bytes of it stand in the file, in whatever form
 */
function leaks(bytes, file) {
    const [raw, packed, lower] = [Buffer.from(file, 'utf8'), digitsOf(file), file.toLowerCase()];
    const found = [];
    for (let at = 0; at + WINDOW <= bytes.length; at += 1) {
        const part = Buffer.from(bytes.subarray(at, at + WINDOW));
        // Blank and table bytes tell nothing, and the page's own words are not the firmware's.
        const isTelling = new Set(part).size > 3 && !OWN_WORDS.includes(part.toString('latin1'));
        const hex = part.toString('hex');
        // The inner characters of base64: the first and last depend on neighbours. Three phases are three windows.
        const base64 = part.subarray(0, 6).toString('base64');
        if (isTelling && (raw.includes(part) || packed.includes(hex) || lower.includes(hex) || file.includes(base64))) {
            found.push(at);
        }
    }
    return found;
}

/** @param {string} hexFile @returns {Uint8Array} the bytes of the image */
function imageBytes(hexFile) {
    return new Uint8Array(Buffer.from(firmware(hexFile)));
}

/** @param {...number} counts of the lines of each session @returns {Transcript} */
function transcriptOf(...counts) {
    const transcript = new Transcript();
    counts.forEach((count, index) => {
        transcript.begin(index === 0 ? 'look' : 'update');
        for (let left = count; left > 0; left -= 1000) {
            transcript.add(Array.from({ length: Math.min(left, 1000) }, () => `> sleep ${index}`), '');
        }
    });
    return transcript;
}

describe('a report of a long transcript', () => {
    /** @type {[string, number[], number[], boolean][]} what a session's lines came to */
    const CASES = [
        ['holds all sessions if there is room', [10, 20, 30000], [10, 20, 30000], false],
        ['leaves out the earliest', [10, 40000, 30000, 20], [30000, 20], true],
        ['always holds the last one', [10, 20, 70000], [70000], true],
        ['holds the beginning of one that is longer than a transcript', [10, 201500], [200000], true],
        ['holds the last one, whatever came before', [199000, 199000, 30], [30], true],
        ['holds a last one without a line', [70000, 0], [0], true],
    ];
    for (const [title, counts, kept, isCut] of CASES) {
        it(title, () => {
            const report = makeReport(transcriptOf(...counts), CIRCUMSTANCES);
            assert.deepEqual(report.sessions.map((/** @type {any} */ { lines }) => lines.length), kept);
            assert.equal(report.cut, isCut);
            const last = report.sessions[report.sessions.length - 1].lines;
            assert.ok(last.every((/** @type {string} */ line) => line.endsWith(`> sleep ${counts.length - 1}`)));
        });
    }
});

describe('a report', () => {
    it('tells what was done, found and met', async () => {
        const { report } = await updateWithReport('stm32f405');
        assert.equal(report.format, 'relock-report-1');
        assert.equal(report.ending, 'proven');
        assert.deepEqual(report.protection, { before: 'level-1', after: 'level-1' });
        assert.equal(report.device.family, 'STM32F405');
        assert.deepEqual(report.errors, []);
        assert.equal(report.cut, false);
        assert.deepEqual(report.sessions.map((/** @type {any} */ { job }) => job), ['look', 'update']);
        const [, session] = report.sessions;
        const stages = session.steps.map((/** @type {any} */ step) => step.stage);
        for (const stage of ['open', 'unprotect', 'write', 'verify', 'options', 'prove']) {
            assert.ok(stages.includes(stage), stage);
        }
        assert.ok(session.lines.every((/** @type {string} */ line) => /^\d+ [<>] /.test(line)));
        assert.ok(session.lines.some((/** @type {string} */ line) => line.includes('[92]')));
    });

    it('says what the protection was before only if a look came before', async () => {
        const { transcript } = await updateWithReport('stm32f072');
        transcript.sessions.shift();
        assert.deepEqual(makeReport(transcript, CIRCUMSTANCES).protection, { before: 'unknown', after: 'level-1' });
    });

    it('names the error, and where', async () => {
        const { report } = await updateWithReport('stm32f072', {}, { host: { ask: async () => false } });
        assert.equal(report.ending, 'not-done');
        assert.equal(report.errors[0].name, 'NO_CONSENT');
        assert.match(report.errors[0].code, /^RLK-4001$/);
        assert.equal(report.errors[0].session, 1);
        assert.equal(report.errors[0].sentence, readCoreTexts()['error.NO_CONSENT']);
    });

    it('says what happened in the reader’s words if the English ones cannot be had', async () => {
        const { transcript } = await updateWithReport('stm32f072', {}, { host: { ask: async () => false } });
        await loadTexts('de', ['errors']);
        const { errors: [error] } = makeReport(transcript, { ...CIRCUMSTANCES, english: {} });
        await loadTexts('en', []);
        assert.equal(error.sentence, GERMAN['error.NO_CONSENT']);
    });
});

describe('a report of an error that no session has met', () => {
    it('tells it, for programs and for people', async () => {
        await loadTexts('en', ['work', 'errors', 'report']);
        const error = newEngine().error('NO_DEVICE');
        const report = makeReport(new Transcript(), { ...CIRCUMSTANCES, error });
        assert.deepEqual(report.errors, [{ session: null, code: 'RLK-3001', name: 'NO_DEVICE',
            sentence: 'No device in DFU mode was found.', action: 'ENTER_DFU_AND_RUN_AGAIN' }]);
        assert.deepEqual([report.sessions, report.device, report.ending, report.cut], [[], {}, '', false]);
        assert.deepEqual(withoutSerial(report).errors, report.errors);
        assert.match(reportText(report).join('\n'), /RLK-3001 \(NO_DEVICE\): No device in DFU mode was found/);
    });

    it('has it beside those of its sessions', async () => {
        const host = { ask: async () => false };
        const { engine, transcript, report } = await updateWithReport('stm32f405', {}, { host });
        const error = engine.error('JOURNAL_FAILED');
        const names = (/** @type {any} */ { errors }) =>
            errors.map((/** @type {any} */ { name, session }) => [name, session]);
        assert.deepEqual(names(report), [['NO_CONSENT', 1]]);
        assert.deepEqual(names(makeReport(transcript, { ...CIRCUMSTANCES, error })),
            [['NO_CONSENT', 1], ['JOURNAL_FAILED', null]]);
    });
});

describe('what a report must not hold', () => {
    for (const profile of ['stm32f405', 'stm32f042', 'stm32l432']) {
        it(`is firmware: ${profile}`, async () => {
            const { report } = await updateWithReport(profile, { wayBack: 'boot0' });
            assert.notEqual(report.ending, 'not-done');
            const file = reportFile(report);
            assert.deepEqual(leaks(imageBytes('blinky-small.bin'), file), []);
            assert.match(file, /bytes crc [0-9a-f]{8}/);
        });
    }

    it('would be caught if it were there', () => {
        const bytes = imageBytes('blinky-small.bin').subarray(600, 632);
        const other = Buffer.from(bytes);
        for (const shown of [other.toString('hex'), [...other].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
            other.toString('base64')]) {
            assert.ok(leaks(bytes, `{"lines": ["12 > out [${shown}]"]}`).length > 0, shown);
        }
    });

    it('is the serial number, unless it shall be there', async () => {
        const { report } = await updateWithReport('stm32f405');
        const { serial } = report.device;
        assert.ok(serial.length >= 8);
        const utf16 = [...serial].map((letter) => `${letter.charCodeAt(0).toString(16)} 00`).join(' ');
        const [full, without] = [reportFile(report), reportFile(withoutSerial(report))];
        assert.ok(full.includes(serial) && full.includes(utf16));
        assert.ok(!without.includes(serial) && !without.includes(utf16));
        assert.ok(!/crc=[0-9a-f]/.test(without), 'the checksum of a line with the number in it could tell it');
        assert.match(without, /\[1a 03 (58 00 ?)+\]/);
        assert.equal(withoutSerial(report).sessions[0].lines.length, report.sessions[0].lines.length);
    });

});

describe('the file of a report', () => {
    it('is first for people, then for programs', async () => {
        const { report } = await updateWithReport('stm32f405');
        const file = JSON.parse(reportFile(withoutSerial(report)));
        assert.deepEqual(Object.keys(file).slice(0, 2), ['format', 'summary']);
        assert.ok(file.summary.some((/** @type {string} */ line) => line.includes('Acme Lamp')));
        assert.ok(file.summary.some((/** @type {string} */ line) => line.includes('T-4711')));
        assert.deepEqual(file.summary, reportText(withoutSerial(report)));
        assert.equal(reportName(report), 'relock-report-acme-lamp-20261122T100000.json');
    });
});

describe('sending a report', () => {
    const ADDRESS = 'https://maker.example/reports';

    it('asks for nothing back, carries no cookies, and follows nowhere', async () => {
        /** @type {any[]} */
        const calls = [];
        await sendReport(ADDRESS, '{"a": 1}', /** @type {any} */ (async (/** @type {any} */ ...args) => {
            calls.push(args);
            return new Response('', { status: 202 });
        }));
        const [[address, options]] = calls;
        assert.equal(address, ADDRESS);
        assert.equal(calls.length, 1);
        assert.deepEqual([options.method, options.credentials, options.redirect, options.referrerPolicy],
            ['POST', 'omit', 'error', 'no-referrer']);
        assert.equal(options.body.type, 'application/json');
        assert.equal(await options.body.text(), '{"a": 1}');
        assert.ok(options.signal instanceof AbortSignal);
    });

    for (const [title, answer] of /** @type {[string, () => Promise<Response>][]} */ ([
        ['a refusal', async () => new Response('', { status: 403 })],
        ['a broken server', async () => new Response('', { status: 500 })],
        ['no network', async () => {
            throw new TypeError('Failed to fetch');
        }],
    ])) {
        it(`says that it was not sent: ${title}`, async () => {
            await assert.rejects(sendReport(ADDRESS, '{}', /** @type {any} */ (answer)), { name: 'REPORT_NOT_SENT' });
        });
    }

    it('sends none that is too large', async () => {
        const file = ' '.repeat(16 * 1024 * 1024 + 1);
        await assert.rejects(sendReport(ADDRESS, file, /** @type {any} */ (assert.fail)), { name: 'REPORT_NOT_SENT' });
    });
});
