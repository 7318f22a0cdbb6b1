// @ts-check
// What happens on the page that a link opens: the release is got and checked, shown, and one button made ready. Nothing
// here reaches a device; what does is loaded meanwhile.
import { byId, setState } from './dom.js';
import { showLoading, showRelease } from './link-view.js';
import { loadRelease } from './release/load.js';
import { language, t } from './texts.js';
import { askAt } from './whom-to-ask.js';

/** @typedef {import('./main.js').Basis} Basis */
/** @typedef {import('./work.js').Work} Work */
/** @typedef {import('./release/load.js').Release} Release */

/** @param {Basis} basis @param {string} name @returns {string} what does the same where there is no WebUSB */
function commandFor({ site }, name) {
    const place = new URL(`${name}/`, new URL(site.releases[0], new URL('../', import.meta.url)));
    const key = site.keys.length > 0 ? `--key ${site.keys[0].public}` : '--unsigned';
    return `relock update --release ${place.href} ${key}`;
}

/** A browser lets a page open its chooser for five seconds after a click; one is left for the opening itself. */
const CLICK_COUNTS_MS = 4000;

/** What can be said of the link's page while it gets ready. */
class Readiness {
    /** @type {Work | null} */
    work = null;
    isPageKept = false;
    #clickedMs = -Infinity;

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
        this.shown.button.addEventListener('click', () => this.#click());
        this.fill();
    }

    /** The button works from the first sight on: a click that comes before the rest is here waits for it. */
    #click() {
        this.#clickedMs = performance.now();
        this.work?.connectRelease(this.release, /** @type {HTMLElement} */ (this.shown?.problem));
    }

    /** @param {Work} work all that the click needs is here */
    begin(work) {
        this.work = work;
        this.fill();
        byId('link').dataset.isReady = 'true';
        if (work.isUsbHere && performance.now() - this.#clickedMs < CLICK_COUNTS_MS) {
            this.#click();
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
            work.explainMissingUsb(commandFor(basis, release.document.name));
        }
    }

    #stateKey() {
        if (!this.work) {
            return 'link.ready.loading';
        }
        const isAllHere = this.isPageKept && this.release.isKept;
        return this.release.from === 'cache' ? 'link.ready.kept' : isAllHere ? 'link.ready.offline' : 'link.ready';
    }
}

/**
 * Opens the page on the link's release.
 * @param {Basis} basis @param {string} name
 */
export async function openLink(basis, name) {
    const { site, documents, view, loadWork } = basis;
    setState('link-loading');
    try {
        const release = await loadRelease({ name, site, documents, onProgress: showLoading() });
        askAt(release.document.contact);
        const readiness = new Readiness(basis, release);
        view(() => readiness.draw());
        const work = await loadWork();
        await work.prepare(release);
        readiness.begin(work);
        readiness.isPageKept = await work.keepPage(language());
        readiness.fill();
    } catch (error) {
        const { refuseLink } = await import('./dead-end.js');
        await refuseLink(basis, error);
    }
}
