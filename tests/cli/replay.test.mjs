// @ts-check
// `relock replay`: reports that the page's own modules made, reports by hand, and what is none.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Transcript } from '../../web/job/transcript.js';
import { makeReport, reportFile, withoutSerial } from '../../web/report/report.js';
import { CIRCUMSTANCES, updateWithReport } from '../support/reports.mjs';
import { newEngine } from '../web/support.mjs';
import { Workspace, eventOf, parseEvents, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());
let count = 0;

/** @param {string | Uint8Array} content @returns {string} the file's path */
function store(content) {
    const file = workspace.path(`report-${count += 1}.json`);
    writeFileSync(file, content);
    return file;
}

/**
 * @param {string} file
 * @returns {{code: number | null, events: any[], ending: any, comparison: any, replayed: any[]}}
 */
function replay(file) {
    const { code, stdout, stderr } = workspace.run(['replay', file, '--json']);
    assert.equal(stderr, '');
    const events = parseEvents(stdout);
    return { code, events, ending: eventOf(events, 'ending'), comparison: eventOf(events, 'comparison'),
        replayed: events.filter(({ event }) => event === 'replayed') };
}

const PROFILES = /** @type {[string, string][]} */ ([['stm32f405', 'STM32F405'], ['stm32f042', 'STM32F04x'],
    ['stm32f072', 'STM32F07x'], ['stm32l432', 'STM32L4'], ['stm32l476', 'STM32L47x']]);

for (const [profile, family] of PROFILES) {
    for (const image of profile === 'stm32f042' ? ['blinky-small.hex'] : ['blinky-small.hex', 'blinky-large.hex']) {
        test(`the simulator answers a report of its own alike: ${profile}, ${image}`, async () => {
            const { report } = await updateWithReport(profile, { family }, { image });
            assert.equal(report.ending, 'proven');
            const { code, events, comparison, replayed, ending } = replay(store(reportFile(withoutSerial(report))));
            assert.equal(code, 0);
            assert.equal(ending.error, null);
            assert.equal(eventOf(events, 'report')?.profile, profile);
            assert.deepEqual([comparison.different, comparison.other_time], [0, 0]);
            assert.ok(comparison.same > 100);
            const lines = report.sessions.flatMap((/** @type {any} */ session) => session.lines);
            assert.equal(replayed.length, lines.filter((/** @type {string} */ line) => line.includes(' > ')).length);
            assert.ok(replayed.some(({ meaning }) => meaning.startsWith('READ UNPROTECT')));
            assert.ok(replayed.some(({ meaning }) => / bytes of firmware$/.test(meaning)));
        });
    }
}

test('an open device is replayed with the option bytes that it had', async () => {
    const { report } = await updateWithReport('stm32f405', { endProtected: false }, { state: { rdpLevel: 0 } });
    assert.equal(report.protection.before, 'open');
    const text = reportFile(report);
    const [block] = /\[(?:[0-9a-f]{2} ){15}[0-9a-f]{2}\]/.exec(text) ?? assert.fail('no option bytes in it');
    const other = block.replace(/^\[../, '[e3'); // another brown-out level
    assert.notEqual(other, block);
    for (const options of [block, other]) {
        const { comparison } = replay(store(text.replaceAll(block, options)));
        assert.equal(comparison.different, 0, options);
    }
});

test('a ROM that behaves otherwise is seen, and where', async () => {
    const { report } = await updateWithReport('stm32f405');
    const [{ lines }] = report.sessions;
    const at = lines.findIndex((/** @type {string} */ line) => line.includes('[00 21 41 92]'));
    lines[at] = lines[at].replace('[00 21 41 92]', '[00 21 41]');
    const { code, comparison, replayed } = replay(store(reportFile(report)));
    assert.equal(code, 0);
    assert.equal(comparison.different, 1);
    const found = replayed.find(({ verdict }) => verdict === 'different');
    assert.equal(found.meaning, 'which commands are there?');
    assert.equal(found.simulated, '4 bytes');
    assert.equal(found.answer_meaning, '3 bytes');
});

test('another announced time is no other answer', async () => {
    const { report } = await updateWithReport('stm32f405');
    const lines = report.sessions[1].lines;
    const at = lines.findIndex((/** @type {string} */ line) => line.endsWith('< ok [00 68 00 00 04 00]'));
    lines[at] = lines[at].replace('[00 68 00 00 04 00]', '[00 69 00 00 04 00]');
    const { comparison, replayed } = replay(store(reportFile(report)));
    assert.deepEqual([comparison.different, comparison.other_time], [0, 1]);
    const found = replayed.find(({ verdict }) => verdict === 'other-time');
    assert.equal(found.answer_meaning, 'dfuDNBUSY, OK, ask again in 105 ms');
    assert.equal(found.simulated, 'dfuDNBUSY, OK, ask again in 104 ms');
});

test('a family without a simulated device is shown, and compared with nothing', async () => {
    const { report } = await updateWithReport('stm32f405');
    report.device.family = 'STM32H7';
    const { code, comparison, events } = replay(store(reportFile(report)));
    assert.equal(code, 0);
    assert.equal(eventOf(events, 'report')?.profile, null);
    assert.equal(comparison.same + comparison.different, 0);
});

test('for people: what was said, what it means, and the marks', async () => {
    const { report } = await updateWithReport('stm32f405');
    report.sessions[0].lines[1] = report.sessions[0].lines[1].replace('ok', 'timeout');
    const { code, stdout } = workspace.run(['replay', store(reportFile(report))]);
    assert.equal(code, 0);
    assert.match(stdout, /Product {5}Acme Lamp/);
    assert.match(stdout, /Session 2: update/);
    assert.match(stdout, /READ UNPROTECT: remove the protection/);
    assert.match(stdout, /= dfuERROR, errVENDOR/);
    assert.match(stdout, /! the simulator: done/);
    assert.match(stdout, /answers alike, 1 otherwise/);
});

test('a report of no device says so, and that its errors tell why', async () => {
    const error = newEngine().error('NO_DEVICE');
    const file = store(reportFile(makeReport(new Transcript(), { ...CIRCUMSTANCES, error })));
    const { code, stdout } = workspace.run(['replay', file]);
    assert.equal(code, 0);
    assert.match(stdout.replaceAll(/\s+/g, ' '), /Product Acme Lamp.*No device was reached.*the file says under "errors" why/);
    const { comparison, replayed } = replay(file);
    assert.deepEqual([comparison.same, comparison.different, replayed], [0, 0, []]);
});

test('nothing of a report reaches a terminal but plain characters', () => {
    const evil = '\u001b[2J\u0007\u202e';
    const file = store(JSON.stringify({ format: 'relock-report-1', created: evil, ticket: evil, release: { product: evil, version: evil },
        device: { family: evil, devices: evil }, ending: evil, sessions: [{ job: evil, lines: [`0 > record ${evil}`, '0 < ok'] }] }));
    const { code, stdout } = workspace.run(['replay', file]);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /[^\n -~]/);
});

test('a job that failed ends with what to say on the telephone', () => {
    const words = ['update', smallHex, '--protect', 'on', '--return', 'empty-check', '--sim', 'stm32f072', '--yes'];
    assert.match(workspace.run(words).stdout, /^ {2}If you telephone, say: RLK-4003, confirm, F07x$/m);
    assert.equal(workspace.runJob(words).ending?.error.spoken, 'RLK-4003, confirm, F07x');
    const missing = [...words.slice(0, 1), workspace.path('missing.hex'), ...words.slice(2)];
    assert.match(workspace.run(missing).stdout, /^ {2}If you telephone, say: RLK-1003$/m);
});

/** @param {unknown} lines */
const withLines = (lines) => JSON.stringify({ format: 'relock-report-1', device: { family: 'STM32F405' }, sessions: [{ job: 'look', lines }] });

test('whatever bytes of a report are other ones, it is replayed or refused', async () => {
    const { report } = await updateWithReport('stm32f072');
    const good = Buffer.from(reportFile(report));
    let dice = 20261122;
    const roll = (/** @type {number} */ below) => {
        dice = (Math.imul(dice, 1664525) + 1013904223) >>> 0;
        return Math.floor(dice / 2 ** 32 * below);
    };
    const codes = new Set();
    for (let round = 0; round < 120; round += 1) {
        const bytes = Buffer.from(good);
        for (let change = 0; change <= roll(4); change += 1) {
            bytes[roll(bytes.length)] = roll(2) === 0 ? roll(256) : 0x20 + roll(0x5f);
        }
        const file = workspace.path('other.json');
        writeFileSync(file, bytes);
        const { code, signal, stderr } = workspace.run(['replay', file]);
        assert.ok((code === 0 || code === 2) && signal === null, `round ${round}: ${code} ${signal} ${stderr}`);
        codes.add(code);
    }
    assert.deepEqual([...codes].sort(), [0, 2]);
});

/** @type {[string, string | Uint8Array, string?][]} */
const BROKEN = [
    ['nothing', ''],
    ['no JSON', 'report'],
    ['JSON that was cut off', '{"format": "relock-report-1", "sess'],
    ['not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['an array', '[]'],
    ['a number', '7'],
    ['a field twice', '{"format": "relock-report-1", "format": "relock-report-1"}'],
    ['deep nesting', '['.repeat(100000)],
    ['another format', '{"format": "relock-report-2", "sessions": []}', 'format'],
    ['no format', '{"sessions": []}', 'format'],
    ['no sessions', '{"format": "relock-report-1"}', 'sessions'],
    ['sessions that are no list', '{"format": "relock-report-1", "sessions": {}}', 'sessions'],
    ['too many sessions', JSON.stringify({ format: 'relock-report-1', sessions: Array(257).fill({ lines: [] }) }), 'sessions'],
    ['a session that is a number', '{"format": "relock-report-1", "sessions": [7]}', 'sessions[0].lines'],
    ['no lines', '{"format": "relock-report-1", "sessions": [{}]}', 'sessions[0].lines'],
    ['lines that are no texts', withLines(['0 > done proven OK', 7]), 'sessions[0].lines'],
    ['too many lines', withLines(Array(200001).fill('0 > done proven OK')), 'sessions[0].lines'],
];
const BAD_LINES = ['', '0', '> in a1 3 0 0 6', '-1 > in a1 3 0 0 6', '4294967296 > in a1 3 0 0 6', '0 in a1 3 0 0 6', '0 > in', '0 > in a1 3 0 0',
    '0 > in zz 3 0 0 6', '0 > in a1 3 0 0 65536', '0 > in a1 3 0 0 6 ', '0 > out 21 1 0 0 [', '0 > out 21 1 0 0 [100]', '0 > out 21 1 0 0 [92',
    '0 > out 21 1 0 0 [92] ', '0 > out 21 1 2 0 4097 bytes crc 00000000', '0 > out 21 1 2 0 -1 bytes crc 00000000',
    `0 > out 21 1 2 0 [${Array(4097).fill('00').join(' ')}]`, '0 > out 21 1 2 0 5 bytes crc', '0 > reopen', '0 > reopen first NONE',
    '0 > reopen never NONE NONE', '0 > reopen first NONE DANCE', '0 > sleep', '0 > sleep soon', '0 > select-alternate 256', '0 > dance', '0 < ok'];

for (const [title, content, path] of BROKEN) {
    test(`refused: ${title}`, () => {
        const { code, ending } = replay(store(content));
        assert.equal(code, 2);
        assert.equal(ending.error.name, 'REPORT_MALFORMED');
        if (path) {
            assert.equal(ending.error.path, path);
        }
    });
}

test('refused: lines that no transcript has', () => {
    for (const line of BAD_LINES) {
        const { code, ending } = replay(store(withLines(['0 > sleep 1', '0 < ok', line])));
        assert.equal(code, 2, line);
        assert.equal(ending.error.name, 'REPORT_MALFORMED', line);
        assert.equal(ending.error.path, 'sessions[0].lines[2]', line);
    }
});

test('refused: an answer without an operation, an operation instead of an answer, and bad answers', () => {
    for (const answer of ['0 > sleep 1', '0 < well', '0 <', '0 < ok [', '0 < ok [0', '0 < ok 12 bytes', '0 < ok maybe']) {
        const { code, ending } = replay(store(withLines(['0 > in a1 3 0 0 6', answer])));
        assert.equal(code, 2, answer);
        assert.equal(ending.error.path, 'sessions[0].lines[0]', answer);
    }
});

test('odd but possible: huge waits, transfers of any size, a device that is never opened', () => {
    const { code, replayed } = replay(store(withLines(['0 > sleep 4294967295', '0 < ok', '0 > in a1 2 2 0 65535', '0 < gone',
        '0 > out ff 255 65535 65535 [00]', '0 < failed', '0 > select-alternate 255', '0 < timeout', '5 > in a1 3 0 0 6'])));
    assert.equal(code, 0);
    assert.equal(replayed.length, 5);
});

test('too large, missing, a folder, no word, too many words', () => {
    const [missing, folder] = ['missing.json', 'folder'].map((name) => workspace.path(name));
    mkdirSync(folder);
    for (const [file, error] of [[store(' '.repeat(16 * 1024 * 1024 + 1)), 'REPORT_MALFORMED'], [missing, 'FILE_UNREADABLE'],
        [folder, 'FILE_UNREADABLE']]) {
        const { code, ending } = replay(file);
        assert.deepEqual([code, ending.error.name, ending.error.file], [2, error, file]);
    }
    for (const words of [['replay'], ['replay', 'a', 'b'], ['replay', 'a', '--sim', 'stm32f405']]) {
        const { code, stderr } = workspace.run(words);
        assert.equal(code, 2, words.join(' '));
        assert.match(stderr, /^relock: /, words.join(' '));
    }
});
