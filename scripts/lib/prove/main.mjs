// @ts-check
/**
 * Called by scripts/prove-on-hardware, which has built relock: walks a person through the proof, writes the recording.
 *
 *   main.mjs --relock BINARY --player BINARY --image HEX --version TEXT --revision TEXT [--family NAME]
 *            [--return WAY] [--trustzone off] [--sim PROFILE|FILE] [--yes-erase] OUT
 */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
    askForNotes, askForWords, askWayBack, confirmExperiment, confirmTrustzoneOff, confirmWayOut, introduce,
} from './questions.mjs';
import { endingOf, isProven, lastJournal, replaceSerial, sha256, writeRecording } from './recording.mjs';
import { Relock } from './run.mjs';
import { ask, headline, say } from './talk.mjs';

const EXIT_NO_DEVICE = 3;
const EXIT_STOPPED = 1;
const EXIT_USAGE = 2;
const EXIT_LEFT = 4;
const WAIT_S = '120';

/** @typedef {import('./recording.mjs').Section} Section */
/** @typedef {{ isOver: boolean, text: string }} Stop */

const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
        relock: { type: 'string', default: '' },
        player: { type: 'string', default: '' },
        image: { type: 'string', default: '' },
        version: { type: 'string', default: '' },
        revision: { type: 'string', default: '' },
        family: { type: 'string', default: '' },
        return: { type: 'string', default: '' },
        trustzone: { type: 'string', default: '' },
        sim: { type: 'string', default: '' },
        'yes-erase': { type: 'boolean', default: false },
    },
});

const isAsked = !options['yes-erase'];
const folder = mkdtempSync(path.join(tmpdir(), 'relock-proof-'));
const relock = new Relock(options.relock, folder);
const image = readFileSync(options.image, 'utf8');
/** @type {Section[]} */
const sections = [];
/** @type {import('./recording.mjs').About} */
const about = {
    recorded: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    relock: options.version,
    revision: options.revision,
    device: 'real',
    imageHash: sha256(image),
    way: options.return,
    reason: 'none',
    serial: 'not known',
    findings: null,
    candidates: [],
    notes: {},
};
let family = options.family;
let isTrustzoneOff = false;
let simulated = '';
let lastExit = EXIT_STOPPED;

/** A profile becomes the file of a device, which keeps what was done to it. @returns {boolean} false: there is none */
function makeSimulated() {
    const profiles = relock.short(['sim', 'profiles']).split('\n').map((line) => line.split(' ')[0]);
    simulated = path.resolve(options.sim);
    if (profiles.includes(options.sim)) {
        simulated = path.join(folder, `${options.sim}.sim`);
        relock.short(['sim', 'make', simulated, '--profile', options.sim, '--level', '0']);
    }
    const shown = relock.try(['sim', 'show', simulated, '--json']);
    if (shown === null) {
        say('--sim names neither a profile (`relock sim profiles`) nor the file of a simulated device (`relock sim make`).');
        return false;
    }
    about.device = `simulated ${JSON.parse(shown).profile}`;
    return true;
}

/** What a person does who is asked to bring the simulated device into DFU mode. */
function simulateEntry() {
    relock.short(['sim', 'press', simulated]);
    relock.short(['sim', 'replug', simulated]);
    if (about.way === 'empty-check') {
        relock.short(['sim', 'release', simulated]);
    }
}

/** @returns {boolean} false: the person wants to stop */
function enterDfu() {
    if (simulated !== '') {
        simulateEntry();
    }
    if (!isAsked) {
        return true;
    }
    if (sections.length > 0) {
        say('Leave the board as it is: what Relock said last is for a board that is done, and this one is not yet.');
    }
    say('The board must be in DFU mode now. If it is not, bring it there, always at the same USB socket. '
        + (about.way === 'boot0' ? 'Hold BOOT0, and keep it held.' : 'Release BOOT0 as soon as the board is in DFU mode.'));
    return ask('\nPress Enter to go on, or type stop: ') === '';
}

/** @param {string[]} words @param {boolean} isShown */
async function runOnce(words, isShown) {
    const device = simulated !== '' ? ['--sim', simulated, '--sim-speed', '0'] : [];
    const claim = family !== '' ? ['--family', family] : [];
    const patience = isAsked || simulated !== '' ? [] : ['--wait', WAIT_S];
    return relock.run([...words, ...claim, ...device, ...patience], isShown);
}

/** Again while there is no device and the person wants to. @param {string[]} words @param {boolean} isShown */
async function run(words, isShown) {
    for (;;) {
        const result = await runOnce(words, isShown);
        lastExit = typeof result.exit === 'number' ? result.exit : EXIT_STOPPED;
        if (result.exit !== EXIT_NO_DEVICE || result.lines.length > 0 || !isAsked) {
            return result;
        }
        say('No device in DFU mode was found, or it may not be opened (the lines above say which).');
        if (ask('\nPress Enter to try again, or type stop: ') !== '') {
            return result;
        }
    }
}

/** @param {Section} section @returns {boolean} it went as it must */
function keep(section) {
    if (section.lines.length > 0) {
        sections.push(section);
    }
    process.stdout.write(`\n[${section.name}: exit code ${section.exit}, ${endingOf(section)}]\n`);
    if (!isProven(section)) {
        about.reason = `${section.name} ended with exit code ${section.exit}, ${endingOf(section)}`;
    }
    return isProven(section);
}

/** @param {string} name @returns {Promise<boolean>} */
async function look(name) {
    const result = await run(['info', '--json'], false);
    const events = result.stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line));
    // Of a chip that is not settled there are findings too, and they are evidence of no family.
    const findings = events.find((event) => event.event === 'findings' && event.chip !== null) ?? null;
    const ending = events.find((event) => event.event === 'ending');
    const claim = family !== '' ? ` ${findings?.chip.family ?? family}` : '';
    about.findings = findings ?? about.findings;
    if (findings !== null) {
        const families = findings.candidates.map((/** @type {any} */ one) => one.family);
        process.stdout.write(`Chip         ${families.join(' or ')}\n`);
        process.stdout.write(`Tier         ${findings.chip.tier}\nLayout       ${findings.layout}\n`);
        process.stdout.write(`Protection   ${findings.protection}\n`);
    } else if (ending?.error) {
        say(`${ending.error.sentence} (${ending.error.spoken})`, `Next: ${ending.next_sentence}`);
    }
    const protection = findings?.protection;
    return keep({ name, wish: `look${claim}`, journal: 'none', ...result, lines: result.lines, protection });
}

/** The job, as it is begun and as it is gone on with. */
function jobWords() {
    const trustzone = isTrustzoneOff ? ['--trustzone', 'off'] : [];
    return ['update', options.image, '--protect', 'on', '--return', about.way, '--whole-sectors', ...trustzone];
}

/** @param {string} name @param {string[]} more @returns {Promise<boolean>} */
async function update(name, more) {
    const journal = more.includes('--new-job') ? 'none' : lastJournal(sections);
    const words = [...jobWords(), ...more];
    const result = await run(isAsked ? words : [...words, '--yes'], true);
    const trustzone = isTrustzoneOff ? ' trustzone-off' : '';
    return keep({ name, wish: `update protected ${about.way}${trustzone} ${family}`, journal, ...result });
}

/** The bootloader does not name its chip; the marking does. @returns {Promise<boolean>} */
async function settleFamily() {
    const found = about.findings?.candidates.map((/** @type {any} */ one) => one.family) ?? [];
    about.candidates = about.candidates.length > 0 ? about.candidates : found;
    if (found.length === 1) {
        [family] = found;
        return true;
    }
    say(`By what the bootloader shows, the chip can be one of these: ${found.join(', ')}. A proof is of one family: read `
        + 'the marking on the chip. docs/supported-chips.md lists the devices of each family.');
    const again = 'None of these. Family, or Enter to stop: ';
    for (let typed = isAsked ? ask('\nFamily: ') : null; typed; typed = ask(again)) {
        const word = typed.toLowerCase();
        family = found.find((/** @type {string} */ name) => name.toLowerCase() === word) ?? '';
        if (family !== '') {
            sections.pop();
            return look('info');
        }
    }
    about.reason = 'the family was not named (--family NAME)';
    return false;
}

/** Of a family that is protected again only by a release that names its option fields. */
function sayWhatElseCanBeRecorded() {
    const words = ['update', options.image, '--protect', 'off', '--return', about.way, '--family', family, '--whole-sectors'];
    say(`After the regression some option words of ${family} are not valid. Relock protects it again only if a release names `
        + 'these fields, and the test firmware is no release: the walk would end in the middle, with a board that is not '
        + 'protected. Nothing was changed.',
    'What can be recorded is the job that ends open; on a board at level 1 it shows the regression, too:');
    process.stdout.write(`\n  ${options.relock} ${words.join(' ')} --trace TRACE.txt\n`);
}

/** What the row of the family wants to be settled before anything is done. @returns {boolean} */
function settleQuirks() {
    const { quirks } = JSON.parse(relock.short(['chips', family, '--json']));
    if (quirks.includes('options-invalid-after-unprotect')) {
        sayWhatElseCanBeRecorded();
        about.reason = `${family} cannot be proven this way`;
        return false;
    }
    const canHaveTrustzone = quirks.includes('trustzone');
    isTrustzoneOff = canHaveTrustzone && (options.trustzone === 'off' || (isAsked && confirmTrustzoneOff(family)));
    if (canHaveTrustzone && !isTrustzoneOff) {
        about.reason = `nobody said that TrustZone was never switched on${isAsked ? '' : ' (--trustzone off)'}`;
    }
    return isTrustzoneOff === canHaveTrustzone;
}

/** @returns {Promise<boolean>} */
async function lookFirst() {
    if (!await look('info') || !await settleFamily() || !settleQuirks()) {
        return false;
    }
    const isExperimental = about.findings?.chip.tier === 'experimental';
    if (isExperimental && (isAsked ? !confirmExperiment(family) : options.family === '')) {
        about.reason = `${family} is experimental, and was not ${isAsked ? 'confirmed' : 'named (--family)'}`;
        return false;
    }
    return true;
}

/** @type {{ title: string, hint?: string, isSameVisit?: boolean, work: () => Promise<boolean> }[]} */
const STEPS = [
    { title: 'look at the board; nothing is changed', work: lookFirst },
    {
        title: 'the whole job, from the level that the board has now',
        isSameVisit: true,
        work: () => update('update', []),
    },
    {
        title: 'the same again; Relock offers to look only',
        hint: 'Accept the look: press Enter, or type same if you are asked whether it is that very device.',
        work: () => update('update-again', []),
    },
    { title: 'the proof itself: the whole job from level 1', work: () => update('update-from-level-1', ['--new-job']) },
    { title: 'look at the board once more; nothing is changed', work: () => look('info-again') },
];

/** @returns {Promise<boolean>} */
async function walk() {
    for (const [index, { title, hint, isSameVisit, work }] of STEPS.entries()) {
        headline(`Step ${index + 1} of ${STEPS.length}: ${title}`);
        if (hint !== undefined && isAsked) {
            say(hint);
        }
        if (!isSameVisit && !enterDfu()) {
            return false;
        }
        process.stdout.write('\n');
        if (!await work()) {
            return false;
        }
    }
    return true;
}

/** The number on which nobody else's eyes should be is the person's to give. */
function settleSerial() {
    const serial = about.findings?.serial ?? '';
    if (about.findings === null || serial === '' || !about.findings.serial_is_unique) {
        about.serial = about.findings === null ? 'not known' : 'shared by many devices, or none';
        return;
    }
    say(`The recording holds your board's serial number, ${serial}. Unless you want it to stay, other digits take its place `
        + 'now, drawn by lot; the recording plays back all the same.');
    const isKept = isAsked && /^keep$/i.test(ask('Press Enter to replace it, or type keep: ') ?? '');
    about.serial = isKept ? 'as the device gave it' : 'replaced';
    if (!isKept) {
        replaceSerial(sections, serial);
    }
}

/** A job was begun and did not come to its end. */
function isUnfinished() {
    const last = sections.at(-1);
    return last !== undefined && last.name.startsWith('update') && !isProven(last);
}

/** What is left of a job that did not come to its end. */
function sayHowToGoOn() {
    say(`The proof stopped: ${about.reason}. The recording is just as welcome: it shows what Relock must learn.`);
    if (isUnfinished()) {
        const device = simulated !== '' ? ['--sim', simulated] : [];
        const words = [...jobWords(), '--family', family, ...device];
        say('The board may be empty or half written now: that is expected. Do what relock said last. This goes on with '
            + 'the same job (its journal stays where it is):');
        process.stdout.write(`\n  XDG_STATE_HOME=${relock.environment.XDG_STATE_HOME} \\\n  ${options.relock} ${words.join(' ')}\n`);
    }
}

/** @param {string} out */
function playBack(out) {
    const result = spawnSync(options.player, ['replay', out], { encoding: 'utf8' });
    say(result.status === 0
        ? 'Played back to the engine, the recording shows just what happened here.'
        : `The recording does not play back; say so when you send it: ${(result.stderr || String(result.error)).trim()}`);
}

/** @param {string} out */
function sayHowToSend(out) {
    say(`Written: ${out}`);
    if (simulated !== '') {
        say('It is of a simulated device, says so, and proves nothing about a chip.');
        return;
    }
    say('Read it before you send it: it is plain text. It holds what you typed, the board\'s descriptors and option bytes, '
        + 'and no firmware. Then open an issue in Relock\'s repository, with the title "Proof: " and the family, and '
        + 'attach the file as it is: a changed byte shows. CONTRIBUTING.md ("Record a transcript") says what becomes of it.');
}

/** @param {string} out */
function finish(out) {
    settleSerial();
    writeFileSync(out, writeRecording(about, sections), { flag: 'wx' });
    if (about.reason === 'none') {
        say('The board is done. It holds the test firmware and is protected: to use it again, update it with your own '
            + 'firmware. Release BOOT0, if you hold it.');
    } else {
        sayHowToGoOn();
    }
    playBack(out);
    sayHowToSend(out);
}

/** What must be known before the board is touched. @returns {boolean} */
function prepare() {
    introduce(simulated !== '');
    if (isAsked && !askForWords()) {
        return false;
    }
    about.way = about.way || askWayBack() || '';
    if (about.way === '' || (about.way === 'empty-check' && isAsked && !confirmWayOut())) {
        return false;
    }
    about.notes = askForNotes(isAsked);
    return true;
}

/** @param {string} out @returns {Promise<number>} the exit code */
async function main(out) {
    if (!prepare()) {
        say('Nothing was done.');
        return EXIT_LEFT;
    }
    // relock hears Ctrl-C itself and comes to an orderly end; what was recorded until then is written.
    process.on('SIGINT', () => {});
    const isWhole = await walk();
    if (about.reason === 'none' && !isWhole) {
        about.reason = 'stop was typed';
    }
    if (sections.length === 0) {
        say(`Nothing was recorded: ${about.reason}.`);
        return lastExit;
    }
    finish(out);
    return isWhole ? 0 : EXIT_STOPPED;
}

process.exitCode = options.sim === '' || makeSimulated() ? await main(positionals[0]) : EXIT_USAGE;
// What is to be gone on with needs its journal.
if (!isUnfinished()) {
    rmSync(folder, { recursive: true });
}
