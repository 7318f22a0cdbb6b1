// @ts-check
// The step in which the machine works: one progress bar, and at most one instruction. The two never contradict each
// other: "leave the cable in" is shown only while nobody is asked to pull it.
import { el } from '../dom.js';
import { stageText } from './fault-place.js';
import { instructionFor } from './instructions.js';
import { addedTo } from './maker-words.js';
import { actionText, duration, t } from '../texts.js';

/** @typedef {import('./page.js').Page} Page */
/** @typedef {import('../../wasm-glue/relock.js').RelockEngine} RelockEngine */
/** @typedef {import('../../wasm-glue/values.js').Operation} Operation */
/** @typedef {import('../../wasm-glue/sim-transport.js').SimTransport} SimTransport */

const ANNOUNCE_EVERY_PERMILLE = 200;

/** @type {Record<string, (sim: SimTransport) => void>} */
const HAND_MOVES = {
    HOLD_BOOT0_AND_REPLUG: (sim) => sim.replug(true),
    RELEASE_BOOT0_AND_REPLUG: (sim) => sim.replug(false),
    ENTER_DFU: (sim) => sim.replug(true),
    REPLUG: (sim) => sim.replug(),
    POWER_CYCLE_AND_RUN_AGAIN: (sim) => sim.replug(),
};

/**
 * The simulated person's button for an action.
 * @param {SimTransport | null} sim null: a real person is there
 * @param {string} action
 * @param {() => void} [after]
 */
export function handButton(sim, action, after = () => {}) {
    const move = HAND_MOVES[action];
    return sim && move ? el('button', { type: 'button', class: 'main hand', click: () => {
        move(sim);
        after();
    } }, t(`hand.${action}`)) : null;
}

/** Progress and instructions of one job. */
export class WorkView {
    #stage = el('p', { class: 'stage' });
    #bar = el('progress', { max: '1000', value: '0', 'aria-label': t('work.progress') });
    #left = el('p', { class: 'left' });
    #instruction = el('div', { class: 'instruction', role: 'group', 'aria-label': t('work.toDo') });
    #shown = '';
    #saidStage = '';
    #saidPermille = 0;
    #plannedStage = '';
    #needsPowerCycle = false;
    #giveUp = new AbortController();
    #step;

    /**
     * @param {Page} page
     * @param {RelockEngine} engine
     * @param {SimTransport | null} sim null: a real person is there
     * @param {any} [document] of the release; null if there is none
     */
    constructor(page, engine, sim, document = null) {
        this.page = page;
        this.engine = engine;
        this.sim = sim;
        this.document = document;
        this.#step = page.step('work', t('work.title'));
        this.#step.show(this.#stage, this.#bar, this.#left, this.#instruction);
        this.#instruct('leave', el('p', {}, t('work.leaveIn')));
    }

    /**
     * @param {string} key of what is shown, so that nothing is rebuilt under a finger
     * @param {...import('../dom.js').Child} children
     */
    #instruct(key, ...children) {
        if (this.#shown !== key) {
            this.#shown = key;
            this.#instruction.dataset.asks = key;
            this.#instruction.classList.toggle('is-calling', key !== 'leave');
            this.#instruction.replaceChildren(...children.filter((child) => child instanceof Node));
            if (key !== 'leave') {
                this.#instruction.scrollIntoView({ block: 'nearest' }); // what is to be done may be below the edge
            }
        }
    }

    /** Shows where the engine is. */
    update() {
        const { stage, permille, leftMs } = this.engine.progress();
        const isWaiting = this.page.state === 'waiting';
        this.#notePlan(stage);
        const text = isWaiting ? t('work.waiting') : stageText(stage);
        this.#stage.textContent = text;
        this.#bar.value = permille;
        this.#left.textContent = leftMs === null || isWaiting ? '' : t('work.left', { duration: duration(leftMs) });
        if (text !== '' && !isWaiting && (stage !== this.#saidStage || permille - this.#saidPermille >= ANNOUNCE_EVERY_PERMILLE)) {
            this.#saidStage = stage;
            this.#saidPermille = permille;
            this.page.announce(t('work.percent', { stage: text, percent: Math.floor(permille / 10) }));
        }
    }

    /** Once the seal is written the plan has no seal left to tell of. @param {string} stage */
    #notePlan(stage) {
        if (stage !== this.#plannedStage) {
            this.#plannedStage = stage;
            this.#needsPowerCycle ||= this.engine.plan().needsPowerCycle;
        }
    }

    /**
     * The person who is to bring the device back.
     * @param {Operation} operation a reopen
     * @returns {import('../../wasm-glue/transport.js').Person}
     */
    person(operation) {
        const signal = this.#giveUp.signal;
        const isLost = operation.reason === 'lost';
        const isPowerOff = operation.reason === 'power-cycle' || (operation.reason === 'after-seal' && this.#needsPowerCycle);
        return { signal, waiting: ({ isLate, reconnect }) => {
            if (isLost && !isLate && !reconnect) {
                this.#lookFor();
            } else {
                const action = isLate || isLost ? operation.action : operation.meanwhile;
                this.#callFor(action, instructionFor(action, { isLost, isPowerOff: isPowerOff && isLate }), reconnect);
            }
            this.update();
        } };
    }

    /** It went away a moment ago: perhaps a loose contact. */
    #lookFor() {
        this.page.state = 'waiting';
        this.#instruct('look', el('p', {}, t('work.lookingFor')));
    }

    /**
     * @param {string} action @param {{title: string, text: string} | undefined} words
     * @param {(() => Promise<void>) | null} reconnect
     */
    #callFor(action, words, reconnect) {
        const { title, text } = words ?? this.#inEngineWords(action);
        const key = `${action}${reconnect ? ' reconnect' : ''}`;
        if (key === this.#shown) {
            return;
        }
        this.page.state = 'waiting';
        this.page.announce(`${title}. ${text}`);
        const stop = el('button', { type: 'button', class: 'plain', click: () => this.#giveUp.abort() }, t('work.stop'));
        this.#instruct(key, el('h3', {}, title), el('p', {}, text), addedTo(action, this.document), reconnect && this.#reconnectPart(reconnect),
            el('div', { class: 'buttons' }, handButton(this.sim, action), stop));
    }

    /** @param {string} action @returns {{title: string, text: string}} */
    #inEngineWords(action) {
        const known = this.engine.actions().find(({ name }) => name === action);
        return { title: known ? actionText(known) : t('wait.NONE.title'), text: '' };
    }

    /** @param {() => Promise<void>} reconnect */
    #reconnectPart(reconnect) {
        const problem = el('p', { role: 'status' });
        const button = el('button', { type: 'button', class: 'main', id: 'reconnect', click: () => {
            reconnect().catch(() => {
                problem.textContent = t('work.noneChosen');
            });
        } }, t('work.chooseAgain'));
        return el('div', {}, el('p', {}, t('work.chooseAgainText')), button, problem);
    }

    /** The device is back, or at least something happened: nobody is called any more. */
    calm() {
        this.page.state = 'work';
        this.#instruct('leave', el('p', {}, t('work.leaveIn')));
    }

    /** @param {string} text what came of it */
    finish(text) {
        this.#step.finish(el('p', {}, text));
    }
}
