// @ts-check
// What happens on the page that a link opens: the release is got and checked, shown, and one button made ready. Nothing
// here reaches a device; what does is loaded meanwhile.
import { byId, isAtWork, setState } from './dom.js';
import { showLoading, showRelease } from './link-view.js';
import { loadRelease } from './release/load.js';
import { isExpired } from './release/signature.js';
import { language, t } from './texts.js';
import { askAt } from './whom-to-ask.js';

/** @typedef {import('./main.js').Basis} Basis */
/** @typedef {import('./job/work.js').Work} Work */
/** @typedef {import('./release/load.js').Release} Release */

/** @param {Basis['site']} site @param {Release} release @returns {string[]} whom the command line is to trust */
function trustFor({ keys }, { signedBy }) {
    if (signedBy === null) {
        return ['--unsigned'];
    }
    // A key that the site has changed to since it was built is one that the command line gets by itself.
    const signer = keys.filter(({ id }) => id === signedBy);
    const trusted = signer.length > 0 ? signer : keys.filter(({ expires }) => !isExpired(expires, Date.now()));
    return trusted.map((key) => `--key ${key.public}`);
}

/** @param {Basis} basis @param {Release} release @returns {string} what does the same where there is no WebUSB */
function commandFor({ site, link }, release) {
    const place = new URL(`${release.document.name}/`, new URL(site.releases[0], new URL('../', import.meta.url)));
    return ['relock update --release', place.href, ...trustFor(site, release),
        ...(link?.serial ? [`--serial ${link.serial}`] : [])].join(' ');
}

/** A browser lets a page open its chooser for five seconds after a click; one is left for the opening itself. */
const CLICK_COUNTS_MS = 4000;

/** What can be said of the link's page while it gets ready. */
class Readiness {
    /** @type {Work | null} */
    work = null;
    /** The language with which the page is kept on this computer, '' if it is not. */
    #keptIn = '';
    #clickedMs = -Infinity;
    /** @type {HTMLElement | null} it stays the same one: a click may be about to say something there */
    #problem = null;

    /** @param {Basis} basis @param {Release} release */
    constructor(basis, release) {
        this.basis = basis;
        this.release = release;
        this.draw();
    }

    /** Shows the release from scratch: in the language that is spoken now. */
    draw() {
        setState('link');
        this.shown = showRelease(this.release, this.basis.site);
        this.#keepProblem(this.shown.problem);
        this.shown.button.addEventListener('click', () => this.#click());
        this.fill();
    }

    /** @param {HTMLElement} fresh */
    #keepProblem(fresh) {
        this.#problem ??= fresh;
        this.#problem.replaceChildren();
        fresh.replaceWith(this.#problem);
    }

    /** The button works from the first sight on: a click that comes before the rest is here waits for it. */
    #click() {
        this.#clickedMs = performance.now();
        this.work?.connectRelease(this.release, /** @type {HTMLElement} */ (this.#problem));
    }

    /** @param {Work} work all that the click needs is here */
    begin(work) {
        this.work = work;
        this.fill();
        void this.keep();
        byId('link').dataset.isReady = 'true';
        if (work.isUsbHere && performance.now() - this.#clickedMs < CLICK_COUNTS_MS) {
            this.#click();
        }
    }

    /** Keeps the page on this computer, with the language that is spoken. */
    async keep() {
        const tag = language();
        if (await this.work?.keepPage(tag)) {
            this.#keptIn = tag;
            this.fill();
        }
    }

    /** Shows what has become of it. */
    fill() {
        const { work, shown, basis, release } = this;
        if (shown) {
            shown.status.textContent = t(this.#stateKey());
            shown.button.disabled = work !== null && !work.isUsbHere;
        }
        if (work && byId('link-help').childElementCount === 0) {
            byId('link-help').append(...work.helpBeforehand());
        }
        if (work && !work.isUsbHere) {
            work.explainMissingUsb(commandFor(basis, release));
        }
    }

    #stateKey() {
        if (!this.work) {
            return 'link.ready.loading';
        }
        const isAllHere = this.#keptIn === language() && this.release.isKept;
        return this.release.from === 'cache' ? 'link.ready.kept' : isAllHere ? 'link.ready.offline' : 'link.ready';
    }
}

/**
 * Opens the page on the link's release. If a job begins on this page meanwhile, it is left alone.
 * @param {Basis} basis @param {string} name
 */
export async function openLink(basis, name) {
    const { site, documents, view, loadWork } = basis;
    setState('link-loading');
    try {
        const release = await loadRelease({ name, site, documents, onProgress: showLoading() });
        if (isAtWork()) {
            return;
        }
        askAt(release.document.contact);
        const readiness = new Readiness(basis, release);
        view(() => {
            readiness.draw();
            void readiness.keep();
        });
        const work = await loadWork();
        if (!await work.prepare(release)) {
            return;
        }
        readiness.begin(work);
    } catch (error) {
        const [{ refuseLink }] = await Promise.all([import('./dead-end.js'), loadWork()]);
        if (!isAtWork()) {
            await refuseLink(basis, error);
        }
    }
}
