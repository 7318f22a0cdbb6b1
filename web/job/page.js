// @ts-check
// The page's frame: numbered steps, the announcer, and the guard against leaving at a bad moment.
import { byId, el, setState } from '../dom.js';
import { t } from '../texts.js';

/**
 * One numbered step.
 * @typedef {object} Step
 * @property {HTMLElement} body
 * @property {(...children: import('../dom.js').Child[]) => void} show replaces what the step shows
 * @property {(...children: import('../dom.js').Child[]) => void} finish replaces it by what came of it
 */

/** The visible work of one visit. */
export class Page {
    #steps = byId('steps');
    #announcer = byId('announcer');
    #number = 0;
    #isGuarding = false;

    constructor() {
        byId('leave').addEventListener('click', (event) => {
            event.preventDefault();
            location.reload(); // the same link, language and ticket again
        });
        addEventListener('beforeunload', (event) => {
            if (this.#isGuarding) {
                event.preventDefault();
            }
        });
    }

    /**
     * Names the state that the page is in, for tests and for style.
     * @param {string} name
     */
    set state(name) {
        setState(name);
    }

    get state() {
        return document.body.dataset.state ?? '';
    }

    /** @param {boolean} isGuarding true while leaving the page would interrupt something destructive */
    set guard(isGuarding) {
        this.#isGuarding = isGuarding;
    }

    /**
     * Says something to those who do not see the page.
     * @param {string} text
     */
    announce(text) {
        this.#announcer.textContent = text;
    }

    /**
     * Leaves the introduction and shows the work.
     * @param {{title: string, isSimulated: boolean}} options
     */
    begin({ title, isSimulated }) {
        this.#steps.replaceChildren();
        this.#number = 0;
        ['start', 'link', 'resume', 'no-usb', 'insecure'].forEach((id) => {
            byId(id).hidden = true;
        });
        byId('work').hidden = false;
        byId('languages').hidden = true; // what is shown already would stay in the old one
        byId('work-title').textContent = title;
        byId('simulated').hidden = !isSimulated;
    }

    /**
     * Opens the next step and moves the focus to its heading.
     * @param {string} name for the step's id and the page's state
     * @param {string} title
     * @returns {Step}
     */
    step(name, title) {
        this.#number += 1;
        const heading = el('h2', { tabindex: '-1' }, el('span', { class: 'number', 'aria-hidden': 'true' },
            String(this.#number)), el('span', { class: 'visually-hidden' }, `${t('step.number', { number: this.#number })} `), title);
        const body = el('div', { class: 'body' });
        const item = el('li', { class: 'step', id: `step-${name}` }, heading, body);
        this.#steps.append(item);
        this.state = name;
        this.focus(heading);
        return {
            body,
            show: (...children) => body.replaceChildren(...withoutGaps(children)),
            finish: (...children) => {
                item.classList.add('is-done');
                body.replaceChildren(...withoutGaps(children));
            },
        };
    }

    /** @param {HTMLElement} heading */
    focus(heading) {
        heading.focus({ preventScroll: true });
        const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
        heading.scrollIntoView({ block: 'start', behavior: isCalm ? 'auto' : 'smooth' });
    }
}

/** @param {'main' | 'plain'} look @returns {HTMLElement} the button that leaves the work for the first screen */
export const backToStart = (look) =>
    el('button', { type: 'button', class: look, click: () => location.reload() }, t('step.backToStart'));

/** @param {import('../dom.js').Child[]} children @returns {(Node | string)[]} */
function withoutGaps(children) {
    return /** @type {(Node | string)[]} */ (children.filter((child) => child));
}
