// @ts-check
/** What scripts/prove-on-hardware says and asks before it begins. */

import os from 'node:os';
import { ask, headline, sanitise, say } from './talk.mjs';

const WORDS = 'erase everything';
const EXPERIMENT_WORDS = 'this board may be lost';
const TRUSTZONE_WORDS = 'trustzone was never on';

/** @param {boolean} isSimulated */
export function introduce(isSimulated) {
    headline('Prove Relock on a board');
    if (isSimulated) {
        say('THE DEVICE IS SIMULATED. What follows is what a person with a board would see.');
    }
    say(
        'EVERYTHING IN THE CHIP WILL BE LOST: its program, its settings, all data in its flash, and perhaps its option '
        + 'bytes. Nothing of it can be saved first or brought back later.',
        'Relock does its whole job on the board twice: remove the readout protection, write a test firmware, compare it, '
        + 'protect the board, and prove that it is protected. In the end the chip holds the test firmware, which does '
        + 'nothing, and is at RDP level 1.',
        'NOBODY HAS TRIED THIS ON A REAL CHIP YET, except for those families whose row in docs/supported-chips.md names '
        + 'a transcript. What Relock knows of the others is from documents, and they may be wrong.',
        'A board of an EXPERIMENTAL family may end as a brick: it may never start again, and no tool may reach it. '
        + 'Take a board that you can do without.',
    );
}

/** @param {string} words @returns {boolean} */
function typesWords(words) {
    const typed = ask(`\nTo go on, type the words  ${words}  (anything else ends here):\n> `);
    return (typed ?? '').replace(/ +/g, ' ').toLowerCase() === words;
}

/** @returns {boolean} */
export function askForWords() {
    return typesWords(WORDS);
}

/** @param {string} family @returns {boolean} */
export function confirmExperiment(family) {
    say(`${family} is EXPERIMENTAL: too much about its bootloader is inferred. After this the board may never start again, `
        + 'and no tool may reach it.');
    return typesWords(EXPERIMENT_WORDS);
}

/** @param {string} family @returns {boolean} */
export function confirmTrustzoneOff(family) {
    say(`${family} has TrustZone. Where it is on, other rules hold, and protecting the board can lock it for ever. A protected `
        + 'board may not show whether it is on: then nothing but your word tells Relock. Go on only if you know that TrustZone '
        + '(the option bit TZEN) was never switched on in this chip.');
    return typesWords(TRUSTZONE_WORDS);
}

/** @returns {string | null} */
export function askWayBack() {
    say('Removing the protection erases the chip and resets it. How will it get back into its bootloader?');
    process.stdout.write('\n  b  BOOT0 is held (button or jumper), and can be held until I am told otherwise\n'
        + '  e  empty check: BOOT0 is not held then; unplugging and plugging in brings it\n     back (some families only)\n\n');
    const typed = ask('Type b or e (anything else ends here): ');
    return typed === 'b' ? 'boot0' : typed === 'e' ? 'empty-check' : null;
}

/** The test firmware cannot jump into a bootloader. @returns {boolean} */
export function confirmWayOut() {
    say('The empty check works only while the flash is empty. The test firmware never enters DFU mode, so you will need '
        + 'BOOT0 (button, jumper or test point) between the steps and afterwards. On a board without it, only a debug probe '
        + 'could bring you back.');
    return typesWords('i can hold boot0');
}

export const NOTES = [
    { key: 'chip', prompt: 'The full marking on the chip (all lines)' },
    { key: 'board', prompt: 'The board: maker, name, revision' },
    { key: 'entersDfu', prompt: 'How it gets into DFU mode' },
    { key: 'computer', prompt: 'Computer and operating system', usual: () => `${os.type()} ${os.release()} ${os.arch()}` },
    { key: 'hub', prompt: 'USB: straight into the computer, or which hub; USB 2 or 3' },
    { key: 'remarks', prompt: 'Anything else worth knowing' },
];

/** @param {boolean} isAsked @returns {Record<string, string>} */
export function askForNotes(isAsked) {
    /** @type {Record<string, string>} */
    const notes = {};
    if (isAsked) {
        say('Some questions for whoever reads the recording. It will be public: leave out what is nobody\'s business. '
            + 'Press Enter to skip one.');
    }
    for (const { key, prompt, usual } of NOTES) {
        const known = isAsked ? usual?.() ?? '' : '';
        const typed = isAsked ? ask(`${prompt}${known ? ` [${known}]` : ''}: `) : '';
        notes[key] = sanitise(typed || known);
    }
    return notes;
}
