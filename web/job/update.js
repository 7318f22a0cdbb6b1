// @ts-check
// One update, from the moment that its device and its firmware are known to its ending.
import { RelockError } from '../../wasm-glue/values.js';
import { el } from '../dom.js';
import { showEnding } from './ending-view.js';
import { errorBox } from './error-view.js';
import { askToKeep, isPending, journalKey } from '../journal.js';
import { letGo } from './let-go.js';
import { backToStart } from './page.js';
import { isDeviceOf } from './past.js';
import { joinKept } from './kept-rest.js';
import { NOBODY } from './reach.js';
import { checkSigner, giveImages, releaseOf, restrict } from './release-job.js';
import { verifyAgain } from '../release/load.js';
import { reportPart } from '../report/report-part.js';
import { runSession } from './session-loop.js';
import { askPlan, askQuestion } from './steps.js';
import { t } from '../texts.js';
import { askAt, whomToAsk } from '../whom-to-ask.js';
import { WorkView } from './work-view.js';

/** @typedef {import('./flow.js').Parts} Parts */
/** @typedef {import('./reach.js').Reach} Reach */
/** @typedef {import('../journal.js').Job} Job */
/** @typedef {import('../journal.js').KeptRange} KeptRange */
/** @typedef {import('../../wasm-glue/values.js').Operation} Operation */

/**
 * @typedef {object} Task
 * @property {Job} job
 * @property {import('../release/load.js').Release | null} release null: a file is written
 * @property {string | undefined} line of the journal
 * @property {string | null} key of the journal; null leaves it alone
 * @property {boolean} [isKept] the journal holds this job already
 * @property {KeptRange[]} [kept] what else was in the sectors before an earlier run on this device
 */

const DESTRUCTIVE = new Set(['unprotect', 'blank', 'erase', 'write', 'verify', 'options', 'power-cycle', 'prove']);

/** The half of the host that a person sees. */
class UpdateHost {
    keepPermission = false;
    /** @type {string | null} of the device that is reached now, in the journal */
    deviceKey;
    lookedOnly = false;
    /** @type {WorkView | null} */
    #view = null;
    /** as this run has recorded it last */
    #line = '';
    /** @type {KeptRange[]} what this run is about to erase */
    #found = [];

    /** @param {Parts} parts @param {Reach} reach @param {Task} task */
    constructor(parts, { sim }, task) {
        this.parts = parts;
        this.sim = sim;
        this.task = task;
        this.document = task.release?.document ?? null;
        this.endProtected = this.document ? this.document.end === 'protected' : task.job.endProtected;
        this.isKept = task.isKept ?? false;
        this.deviceKey = task.key;
        this.kept = task.kept ?? [];
    }

    #work() {
        return (this.#view ??= new WorkView(this.parts.page, this.parts.engine, this.sim, this.document));
    }

    /** @param {string} text what came of the work so far */
    finishView(text) {
        this.#view?.finish(text);
        this.#view = null;
    }

    /** @param {Operation} operation @returns {Promise<boolean>} */
    async ask({ question }) {
        const { page, engine } = this.parts;
        if (this.task.key !== null && !isDeviceOf(this.parts, engine.findings(), this.task.key)) {
            this.deviceKey = journalKey(engine.findings());
            return false;
        }
        if (question !== 'confirm-plan') {
            const isYes = await askQuestion(page, question);
            this.lookedOnly = (question === 'look-again' || question === 'same-device') && isYes;
            return isYes;
        }
        this.finishView(t('work.answerBelow'));
        const answer = await askPlan(page, engine, { isSimulated: this.sim !== null, document: this.document,
            endProtected: this.endProtected, isUnsigned: this.task.release?.signedBy === null, kept: this.task.kept });
        this.keepPermission = answer.keepPermission;
        return answer.isYes;
    }

    /** @param {Operation} operation */
    person(operation) {
        return operation.reason === 'first' ? NOBODY : this.#work().person(operation);
    }

    /** @param {string} entry */
    async record(entry) {
        const { key, job, kept = [] } = this.task;
        const { journal } = this.parts;
        if (key !== null) {
            // From sealing on the device has what this run has kept: it was compared.
            const missing = journal.phaseOf(entry) === 'erasing' ? joinKept(kept, this.#found) : kept;
            await journal.record(key, entry, job, missing);
            this.kept = missing;
            this.isKept = true;
            this.#line = entry;
        }
    }

    /** Before the first erase there is no line yet; the one that comes takes it along. @param {KeptRange[]} found */
    async keep(found) {
        this.#found = found;
        if (this.#line) {
            await this.record(this.#line);
        }
    }

    /** @param {string[]} lines */
    observe(lines) {
        const { page, engine, transcript } = this.parts;
        const { stage } = engine.progress();
        transcript.add(lines, stage);
        const isDestructive = DESTRUCTIVE.has(stage);
        page.guard = isDestructive && this.sim === null;
        // Whatever is done after a waiting: the device is back.
        if (isDestructive || page.state === 'waiting') {
            const view = this.#work();
            view.calm();
            view.update();
        }
    }
}

/**
 * @param {Parts} parts @param {Task} task
 * @returns {Omit<import('../../wasm-glue/values.js').Wish, 'job'>} with its firmware in the engine
 */
function load({ engine }, { job, release }) {
    if (release && 'release' in job) {
        const wish = restrict(engine, release, job.serial);
        giveImages(engine, release);
        return wish;
    }
    const { file, address, endProtected, wayBack, family } = /** @type {import('../journal.js').FileJob} */ (job);
    engine.loadFile(file, address);
    return { endProtected, wayBack, family: family || undefined };
}

/** @param {Parts} parts @param {Job} job @returns {string} '' if there is none; the link's may be of another job */
const ticketOf = ({ link }, job) => ('ticket' in job ? job.ticket : link?.ticket) ?? '';

/**
 * Does what needs what was begun, or chosen, to be still as it was.
 * @template T
 * @param {Parts} parts @param {Reach} reach
 * @param {{job: Job, release: Task['release'], key: string | null}} task key: of the device; null if it is not known
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>} undefined if it is not, and the page says so; the device is let go
 */
async function orExplain(parts, reach, { job, release, key }, work) {
    try {
        return await work();
    } catch (error) {
        if (!(error instanceof RelockError)) {
            throw error;
        }
        const { page, engine } = parts;
        const met = engine.error(error.name);
        const about = { release, ticket: ticketOf(parts, job), isSimulated: reach.sim !== null, error: met };
        const title = t(met.name === 'SIGNATURE_MISSING' ? 'link.refused.title' : 'link.damaged.title');
        page.step('damaged-job', title).show(errorBox(met), el('div', { class: 'buttons' }, backToStart('main')),
            whomToAsk(), reportPart(parts, about));
        await letGo(parts, reach, key);
        return undefined;
    }
}

/**
 * @param {Parts} parts @param {Reach} reach @param {Job} job of the journal
 * @returns {Promise<Task['release'] | undefined>} null if it is the job of a file; undefined if what was kept of it is
 * damaged, and the page says so
 */
export async function revive(parts, reach, job) {
    const release = await orExplain(parts, reach, { job, release: null, key: null }, () => releaseOf(job, parts));
    if (release) {
        askAt(release.document.contact);
    }
    return release;
}

/**
 * Begins the session. Nothing is awaited between the first thing that the engine gets and the beginning: all that it
 * holds then is of this one job.
 * @param {Parts} parts @param {Reach} reach @param {Task} task
 * @returns {{host: UpdateHost, ending: ReturnType<typeof runSession>}}
 * @throws {RelockError} what was kept, or chosen, cannot be used
 */
function begin(parts, reach, task) {
    const { engine, transcript, awake } = parts;
    if (task.release) {
        checkSigner(engine, task.release, parts.site, task.line);
    }
    const wish = load(parts, task);
    const host = new UpdateHost(parts, reach, task);
    if (task.key !== null) {
        askToKeep();
        awake.hold();
    }
    transcript.begin('update');
    const ending = runSession({ engine, transport: reach.transport, host,
        wish: { job: 'update', withImage: true, journal: task.line, ...wish } }).finally(() => awake.release());
    return { host, ending };
}

/**
 * The chip that was named turned out to be another one: whoever goes on is asked again.
 * @param {Parts['journal']} journal @param {Task} task
 */
async function forgetFamily(journal, { key, job }) {
    const entry = key !== null && 'family' in job ? await journal.entry(key) : undefined;
    if (isPending(entry)) {
        await journal.record(entry.key, entry.line, { ...entry.job, family: '' });
    }
}

/**
 * Runs the update and shows its end.
 * @param {Parts} parts @param {Reach} reach @param {Task} task
 */
export async function update(parts, reach, task) {
    const { page, engine, transcript, journal } = parts;
    const { sim } = reach;
    const begun = await orExplain(parts, reach, task, async () => {
        if (task.release) {
            await verifyAgain(task.release);
        }
        return begin(parts, reach, task);
    });
    if (!begun) {
        return;
    }
    const { host } = begun;
    const ending = await begun.ending;
    transcript.end(engine, ending);
    host.finishView(t(ending.ending === 'not-done' ? 'work.stopped' : 'work.allTaken'));
    page.guard = false;
    await letGo(parts, reach, host.deviceKey, host.keepPermission);
    if (ending.error?.name === 'CHIP_CONTRADICTS_CLAIM') {
        await forgetFamily(journal, task).catch(() => {});
    }
    const mayGoOn = host.isKept && task.key !== null && isPending(await journal.entry(task.key).catch(() => undefined));
    showEnding(page, engine, { ...ending, endProtected: host.endProtected, lookedOnly: host.lookedOnly, mayGoOn },
        { sim, transcript, document: host.document, kept: host.kept,
            report: reportPart(parts,
                { release: task.release, ticket: ticketOf(parts, task.job), isSimulated: sim !== null }) });
}
