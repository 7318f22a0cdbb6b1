// @ts-check
// Help on the screen: what a system needs once, and why a device does not show up, one question at a time.
import { command, el } from './dom.js';
import { BROWSERS, FIRST, GUIDES, TREE } from './help.js';
import { platform } from './platform.js';
import { t } from './texts.js';
import { whomToAsk } from './whom-to-ask.js';

/** @typedef {import('./help.js').Step} Step */

/** @param {Step} step @returns {import('./dom.js').Child[]} */
const stepParts = ({ text, see, command: line, label }) => [
    el('p', {}, t(text)),
    line && label && command(line, t(label)),
    see && el('p', { class: 'note' }, el('strong', {}, t('help.youSee')), ' ', t(see)),
];

/**
 * What this system needs, step by step.
 * @param {import('./platform.js').Platform} [system]
 * @returns {HTMLElement | null} null if nothing is to be said
 */
export function guideSteps(system = platform()) {
    const guide = GUIDES[system];
    return guide ? el('div', { class: 'guide', 'data-guide': system }, guide.why && el('p', {}, t(guide.why)),
        el(guide.isOrdered ? 'ol' : 'ul', { class: 'prose' }, ...guide.steps.map((step) => el('li', {}, ...stepParts(step)))),
        guide.after && el('p', { class: 'note' }, t(guide.after))) : null;
}

/** @param {string} title @param {boolean} isOpen @param {...import('./dom.js').Child} children */
function fold(title, isOpen, ...children) {
    return el('details', { class: 'help', open: isOpen }, el('summary', {}, title), ...children);
}

/** Asks one question at a time; what was answered can be gone back on. */
class Tree {
    /** @type {string[]} the nodes so far; the last one is on the screen */
    #path = [FIRST];
    body = el('div', { class: 'tree' });

    constructor() {
        this.#draw();
    }

    /** @param {string[]} path */
    #go(path) {
        this.#path = path;
        this.#draw().focus();
    }

    /** @returns {HTMLElement} what is to be read first */
    #draw() {
        const name = this.#path[this.#path.length - 1];
        const { ask, note, advice, isMaker, answers } = TREE[name];
        const head = el('p', { class: 'ask', tabindex: '-1' }, el('strong', {}, t(ask ?? advice ?? '')));
        this.body.dataset.node = name;
        this.body.replaceChildren(...[head, note && el('p', { class: 'note' }, t(note)), isMaker && whomToAsk(),
            this.#answers(answers), this.#ways()].filter((part) => part instanceof Node));
        return head;
    }

    /** @param {import('./help.js').Answer[]} answers */
    #answers(answers) {
        return answers.length > 0 && el('div', { class: 'buttons' }, ...answers.map(({ text, to }) =>
            el('button', { type: 'button', class: 'plain', click: () => this.#go([...this.#path, to]) }, t(text))));
    }

    #ways() {
        const isEnd = TREE[this.#path[this.#path.length - 1]].answers.length === 0;
        return this.#path.length > 1 && el('div', { class: 'buttons' },
            el('button', { type: 'button', class: 'plain small', click: () => this.#go(this.#path.slice(0, -1)) }, t('help.tree.back')),
            isEnd && el('button', { type: 'button', class: 'plain small', click: () => this.#go([FIRST]) }, t('help.tree.again')));
    }
}

/** @returns {HTMLElement} closed: "the device does not show up" */
export function notShowingUp() {
    return fold(t('help.tree.title'), false, new Tree().body);
}

/**
 * What a visitor may need before anything is begun. What everybody on this system must do is open to be read.
 * @returns {HTMLElement[]}
 */
export function helpBeforehand() {
    const guide = GUIDES[platform()];
    return [...(guide ? [fold(t(guide.title), guide.isNeeded, guideSteps())] : []), notShowingUp()];
}

/** @returns {HTMLElement} which browser of this system reaches USB devices */
export function whichBrowser() {
    return el('p', { class: 'which-browser' }, t(BROWSERS[platform()]));
}
