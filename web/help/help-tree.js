// @ts-check
// "The device does not show up": questions as data, docs/troubleshooting.md is made from them, and one at a time on the
// screen. Keys are those of texts/LANGUAGE/tree.js. It is got when it is opened.
import { el } from '../dom.js';
import { t } from '../texts.js';
import { whomToAsk } from '../whom-to-ask.js';

/**
 * One question of the tree, or one piece of advice, or an end.
 * @typedef {object} Node
 * @property {string} [ask] key: a question
 * @property {string} [note] key: what helps to answer it
 * @property {string} [advice] key: what to do
 * @property {boolean} [isMaker] the maker's contact belongs here
 * @property {Answer[]} answers empty: it ends here
 */
/** @typedef {{text: string, to: string}} Answer text: key; to: the name of a node */

const [YES, NO, UNSURE] = ['help.tree.yes', 'help.tree.no', 'help.tree.unsure'];
const [DONE, STILL] = ['help.tree.done', 'help.tree.still'];

/** @param {string} name @param {string} next @returns {[string, Node]} what is tried; if it does not help, `next` */
const advice = (name, next) => [`${name}-do`, { advice: `help.tree.${name}.do`,
    answers: [{ text: DONE, to: 'found' }, { text: STILL, to: next }] }];

/** @param {string} name @param {[string, string][]} answers text, and where it leads @returns {[string, Node]} */
const question = (name, answers) => [name, { ask: `help.tree.${name}.ask`, note: `help.tree.${name}.note`,
    answers: answers.map(([text, to]) => ({ text, to })) }];

/** Where the tree begins. */
export const FIRST = 'cable';

/** @type {Readonly<Record<string, Node>>} why a device does not show up, the most frequent reason first */
export const TREE = Object.fromEntries([
    question('cable', [[YES, 'boot0'], [NO, 'cable-do'], [UNSURE, 'cable-do']]),
    advice('cable', 'boot0'),
    question('boot0', [[YES, 'port'], [NO, 'boot0-do'], [UNSURE, 'boot0-do']]),
    advice('boot0', 'port'),
    question('port', [[YES, 'port-do'], [NO, 'crystal'], [UNSURE, 'port-do']]),
    advice('port', 'crystal'),
    question('crystal', [[YES, 'taken'], [NO, 'crystal-do'], [UNSURE, 'crystal-do']]),
    advice('crystal', 'taken'),
    question('taken', [[YES, 'taken-do'], [NO, 'level2'], [UNSURE, 'taken-do']]),
    advice('taken', 'level2'),
    question('level2', [[YES, 'locked'], [NO, 'dead'], [UNSURE, 'maker']]),
    ['locked', { advice: 'help.tree.level2.do', isMaker: true, answers: [] }],
    ['dead', { advice: 'help.tree.dead.do', isMaker: true, answers: [] }],
    ['maker', { advice: 'help.tree.maker.do', isMaker: true, answers: [] }],
    ['found', { advice: 'help.tree.found.do', answers: [] }],
]);

/** Asks one question at a time; what was answered can be gone back on. */
export class Tree {
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
        const { isMaker, answers, ...said } = TREE[name];
        const head = el('p', { class: 'ask', tabindex: '-1' }, el('strong', {}, t(said.ask ?? said.advice ?? '')));
        this.body.dataset.node = name;
        this.body.replaceChildren(...[head, said.note && el('p', { class: 'note' }, t(said.note)), isMaker && whomToAsk(),
            this.#answers(answers), this.#ways()].filter((part) => part instanceof Node));
        return head;
    }

    /** @param {Answer[]} answers */
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
