// @ts-check
// Starts the page: what it was opened with, what was interrupted, and the first screen. Whatever reaches a device is
// loaded after that screen stands.
import { Documents } from '../wasm-glue/documents.js';
import { RelockError } from '../wasm-glue/values.js';
import { byId } from './dom.js';
import { browserStore, pendingOf } from './journal.js';
import { openLink } from './link-page.js';
import { languageOf, parseLink } from './link.js';
import { showLanguageMenu, translatePage } from './page-language.js';
import { loadSite } from './site.js';
import { LANGUAGES, chooseLanguage, loadTexts, setBrand } from './texts.js';
import { loadWasm } from './wasm-files.js';
import { askAt, showBroken, whomToAsk } from './whom-to-ask.js';

/** @typedef {import('./job/work.js').Work} Work */

/**
 * What the first screen is made of, and everything after it.
 * @typedef {object} Basis
 * @property {import('./site.js').Site} site
 * @property {Documents} documents
 * @property {import('./link.js').Link | null} link null if it is malformed
 * @property {(name: string) => Promise<WebAssembly.Module>} loadWasm
 * @property {() => Promise<Work>} loadWork once
 * @property {(draw: () => void) => void} view what draws the screen anew, in another language
 */

const ALL_LANGUAGES = LANGUAGES.map(({ tag }) => tag);

/** @returns {{link: import('./link.js').Link | null, linkError: unknown}} */
function readLink() {
    try {
        return { link: parseLink(location.href), linkError: null };
    } catch (error) {
        return { link: null, linkError: error };
    }
}

/** @param {import('./site.js').Site} site whose page this is */
function showBrand({ brand, logo }) {
    byId('brand').textContent = brand;
    if (logo) {
        byId('logo').setAttribute('src', logo);
    }
}

/** @param {Basis} basis @param {unknown} linkError */
async function openMain(basis, linkError) {
    const { site, link } = basis;
    if (linkError) {
        await (await import('./dead-end.js')).refuseLink(basis, linkError);
    } else if (link?.release) {
        await openLink(basis, link.release);
    } else if (!site.files) {
        (await import('./dead-end.js')).openNoLink(basis);
    } else {
        await (await import('./general/start.js')).openStart(basis);
    }
}

/** @param {import('./link.js').Link | null} link @returns {Promise<Basis>} */
async function makeBasis(link) {
    const documents = new Documents(await loadWasm('documents'));
    const site = await loadSite({ documents });
    const language = chooseLanguage(languageOf(location.href), site.languages, navigator.languages);
    await loadTexts(language, ['link']);
    setBrand(site.brand);
    translatePage();
    showBrand(site);
    askAt(site.contact);
    let draw = () => {};
    /** @type {Promise<Work> | null} */
    let work = null;
    showLanguageMenu(site.languages, () => draw());
    /** @type {Basis} */
    const basis = {
        site, documents, link, loadWasm,
        loadWork: () => (work ??= import('./job/work.js').then(({ makeWork }) => makeWork(basis))),
        view: (next) => {
            draw = next;
        },
    };
    return basis;
}

/** Nothing starts in a frame; whose page it is, is told as far as it can be had. */
async function refuseFrame() {
    const language = chooseLanguage(languageOf(location.href), ALL_LANGUAGES, navigator.languages);
    const isReadable = await loadTexts(language, ['link']).then(() => true, () => false);
    byId('framed').hidden = false;
    if (isReadable) {
        translatePage();
        const site = await loadSite({ documents: new Documents(await loadWasm('documents')) });
        showBrand(site);
        askAt(site.contact);
        byId('framed').append(whomToAsk() ?? '');
    }
}

async function main() {
    const { link, linkError } = readLink();
    if (window.top !== window.self) {
        await refuseFrame().catch(() => {});
        return;
    }
    const basis = await makeBasis(link).catch(async (error) => {
        if (!(error instanceof RelockError)) {
            throw error;
        }
        await (await import('./dead-end.js')).refuseSite(error, loadWasm);
    });
    if (basis) {
        await open(basis, linkError);
    }
}

/** @param {Basis} basis @param {unknown} linkError what was interrupted comes first */
async function open(basis, linkError) {
    const entries = await browserStore.all().then(pendingOf, () => {
        byId('no-journal').hidden = false;
        return [];
    });
    if (entries.length === 0) {
        await openMain(basis, linkError);
        return;
    }
    const { openResume } = await import('./job/resume-page.js');
    await openResume(basis, entries, () => {
        byId('resume').hidden = true;
        basis.view(() => {}); // a change of language must not bring it back
        void openMain(basis, linkError).catch(fail);
    });
}

/** @param {unknown} error */
function fail(error) {
    showBroken();
    byId('link').hidden ||= document.body.dataset.state === 'link-loading'; // nothing is on its way any more
    throw error;
}

main().catch(fail);
