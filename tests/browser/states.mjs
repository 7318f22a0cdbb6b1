// @ts-check
// Every state in which the page can be found, as a table: how one gets there, in any language. states.test.mjs takes
// its pictures and lets axe look at it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHIPS, GENERAL } from './chip-states.mjs';
import { FILES, withoutUsb } from './file-states.mjs';
import { doAsTold, openLink, openMaker, pause, untilReady, untilWriting } from './link-support.mjs';
import { Release, makeKey } from './release-server.mjs';
import { FIRMWARE, inState, shown } from './support.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {Awaited<ReturnType<typeof openScene>>} Scene */

/**
 * @typedef {object} State
 * @property {string} name of its pictures
 * @property {string} state of the page then
 * @property {string} [shows] a selector: what must be seen
 * @property {Parameters<typeof openMaker>[1]} [maker]
 * @property {[string, string?]} [link] query and fragment; a release's if left out
 * @property {string} [profile] of the device that is plugged in; none if left out
 * @property {object} [device] what is special about it
 * @property {string} [system] what the browser says that it runs on
 * @property {(scene: Scene) => Promise<unknown> | unknown} [arrange] before the page is opened
 * @property {(scene: Scene) => Promise<unknown>} [act] once it is open
 */

const ENDPOINT = 'https://reports.acme.example/relock';
const JOURNAL = '/web/journal.js';

/**
 * @param {import('./support.mjs').Browser} browser @param {import('./support.mjs').Test} test
 * @param {string} tag of the language @param {State} state
 * @param {Record<string, string>} texts of that language
 */
export async function openScene(browser, test, tag, state, texts) {
    const made = await openMaker(test, state.maker);
    const opened = await openLink(browser, test, 'about:blank');
    const [query = 'release=acme-lamp', fragment] = state.link ?? [];
    const url = made.host.link(`${query}${query && '&'}lang=${tag}`, fragment);
    const text = (/** @type {string} */ key) => shown(texts[key]);
    const scene = { ...made, ...opened, url, tag, test, text,
        device: state.profile ? opened.bus.plugIn(state.profile, state.device) : null,
        press: (/** @type {string} */ key, /** @type {Page} */ page = opened.page) =>
            page.getByRole('button', { name: text(key), exact: true }).click() };
    opened.page.on('dialog', (dialog) => void dialog.accept());
    if (state.system) {
        await opened.context.addInitScript((platform) => {
            Object.defineProperty(Navigator.prototype, 'userAgentData', { get: () => ({ platform }) });
        }, state.system);
    }
    await state.arrange?.(scene);
    await opened.page.goto(scene.url);
    await state.act?.(scene);
    return scene;
}

/** @param {Scene} scene @returns {import('../../wasm-glue/sim.js').SimDevice} */
const deviceOf = ({ device }) => /** @type {import('../../wasm-glue/sim.js').SimDevice} */ (device);

/** @param {Scene} scene the button of a link */
async function connect({ page }) {
    await untilReady(page);
    await page.click('#link-connect');
}

/** @param {Scene} scene */
async function toPlan(scene) {
    await connect(scene);
    await inState(scene.page, 'plan', 20000);
}

/** @param {Scene} scene */
async function sayYes({ page }) {
    const held = page.locator('#boot0-held');
    if (await held.count() > 0) {
        await held.check();
    }
    await page.locator('#step-plan button').first().click();
}

/** @param {Scene} scene */
async function begin(scene) {
    await toPlan(scene);
    await sayYes(scene);
}

/** @param {Scene} scene */
async function finish(scene) {
    await begin(scene);
    await doAsTold(scene.page, deviceOf(scene));
}

/** @param {Scene} scene a job that was begun, and the page opened anew */
async function interrupt(scene) {
    await begin(scene);
    await untilWriting(deviceOf(scene));
    await scene.page.reload();
    await inState(scene.page, 'resume', 20000);
}

/** @param {Scene} scene */
async function goOn({ page }) {
    await page.locator('#go-on:not([disabled])').click();
}

/** @param {Scene} scene the plan of a link is not agreed to */
async function cancel(scene) {
    await toPlan(scene);
    await scene.press('plan.cancel');
    await inState(scene.page, 'ending');
}

/** @param {Scene} scene */
async function openReport(scene) {
    await cancel(scene);
    await scene.page.locator('.report-offer > details > summary').click();
    await scene.page.locator('.report-offer .report').waitFor();
}

/** @param {number} status of the report's endpoint @returns {(scene: Scene) => Promise<void>} */
const reporting = (status) => async ({ host, page }) => {
    const index = join(host.folder, 'index.html'); // as `relock site build` does it
    writeFileSync(index, readFileSync(index, 'utf8').replace("connect-src 'self'", `connect-src 'self' ${new URL(ENDPOINT).origin}`));
    await page.route(`${ENDPOINT}**`, (route) => route.fulfill({ status, headers: {
        'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'content-type' } }));
};

/** @param {Scene} scene */
async function sendReport(scene) {
    await openReport(scene);
    await scene.page.check('#report-agree');
    await scene.press('report.send');
}

/** @param {Scene} scene @param {(entries: any[]) => any[]} change of what the journal holds; it runs in the page */
const changeJournal = ({ page }, change) => page.evaluate(`(async () => {
    const { browserStore } = await import('${JOURNAL}');
    await Promise.all((${change})(await browserStore.all()).map((entry) => browserStore.put(entry)));
})()`);

/** @param {object} changes to the document, signed @returns {(scene: Scene) => void} */
const published = (changes) => ({ host, keys }) => host.publish(new Release({ document: changes, keys }), 'acme-lamp');

/** @param {Record<string, unknown>} changes to the channel, signed @returns {(scene: Scene) => void} */
const channelled = (changes) => ({ host, release }) => {
    release.channelChanges = changes;
    host.publish(release);
};

/** @param {string} file @returns {(scene: Scene) => void} changes one byte of it */
const tampered = (file) => ({ host }) => host.spoil(`acme-lamp/${file}`, (bytes) => {
    bytes[100] ^= 1;
    return bytes;
});

/** @param {Scene} scene what this browser remembers cannot be had */
const breakDatabases = ({ context }) => context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
        throw new DOMException('broken', 'UnknownError');
    };
});

/** @type {[string, string, (scene: Scene) => unknown, string?][]} the name of the error, and what leads to it */
const REFUSALS = [
    ['malformed', 'LINK_MALFORMED', () => {}, 'release=No!'],
    ['not-found', 'RELEASE_NOT_FOUND', () => {}, 'release=nothing'],
    ['not-reached', 'RELEASE_NOT_REACHED', ({ host }) =>
        host.answers.set('releases/acme-lamp/release.json', (_, response) => response.writeHead(503).end())],
    ['signature-wrong', 'SIGNATURE_WRONG', tampered('release.json')],
    ['signature-missing', 'SIGNATURE_MISSING', ({ host }) => host.publish(new Release())],
    ['key-unknown', 'KEY_UNKNOWN', ({ host }) => host.publish(new Release({ keys: [makeKey()] }))],
    ['field', 'DOCUMENT_FIELD_VALUE', published({ end: 'maybe' })],
    ['other-name', 'RELEASE_OF_ANOTHER_NAME', published({ name: 'other-lamp' })],
    ['expired', 'RELEASE_EXPIRED', published({ expires: '2026-02-01T00:00:00Z' })],
    ['withdrawn', 'RELEASE_WITHDRAWN', channelled({ withdrawn: [7] })],
    ['older', 'RELEASE_OLDER', async ({ host, page, url, keys, release }) => {
        host.publish(new Release({ keys, document: { sequence: 8 } }));
        await page.goto(url);
        await untilReady(page);
        host.publish(release);
    }],
    ['not-current', 'RELEASE_NOT_CURRENT', channelled({ current: 8 })],
    ['file-changed', 'RELEASE_FILE_CHANGED', tampered('lamp.hex')],
    ['file-size', 'RELEASE_FILE_SIZE', ({ host }) => host.spoil('acme-lamp/lamp.hex', (bytes) => bytes.subarray(1))],
    ['memory', 'RELEASE_MEMORY_DAMAGED', breakDatabases],
];

/** @type {State[]} where a link ends */
const REFUSED = REFUSALS.map(([name, error, arrange, query]) => ({ name: `refused-${name}`, state: 'link-refused',
    shows: `#link [data-error="${error}"]`, arrange, ...(query ? { link: [query] } : {}) }));

/** @type {State[]} before a device is chosen */
const FIRST = [
    { name: 'link-loading', state: 'link-loading', arrange: ({ host }) => host.answers.set('releases/acme-lamp/lamp.hex', () => {}) },
    { name: 'link', state: 'link', shows: '#link-connect', act: ({ page }) => untilReady(page) },
    { name: 'link-unsigned', state: 'link', shows: '#link .unsigned', maker: { isSigned: false, site: { files: true } },
        act: ({ page }) => untilReady(page) },
    { name: 'link-windows', state: 'link', shows: '#link-help [data-guide="windows"]', system: 'Windows', act: ({ page }) => untilReady(page) },
    { name: 'link-offline', state: 'link', maker: { isOffline: true }, act: async ({ page, host, text }) => {
        await page.locator('#link-status', { hasText: text('link.ready.offline') }).waitFor();
        host.isDown = true;
        await page.reload();
        await page.locator('#link-status', { hasText: text('link.ready.kept') }).waitFor();
    } },
    { name: 'link-tree', state: 'link', shows: '#link .tree .contact', act: async ({ page }) => {
        await untilReady(page);
        await page.locator('#link-help > details > summary').last().click();
        await page.locator('.tree .ask').waitFor();
        while (await page.locator('.tree .contact').count() === 0) {
            await page.locator('.tree .buttons').first().getByRole('button').last().click();
        }
    } },
    { name: 'link-no-usb', state: 'link', shows: '#no-usb .which-browser', system: 'Android', arrange: withoutUsb,
        act: ({ page }) => page.locator('#no-usb .which-browser').waitFor() },
    { name: 'insecure', state: 'start', shows: '#insecure', ...GENERAL, arrange: async (scene) => {
        await withoutUsb(scene);
        await scene.context.addInitScript(() => {
            Object.defineProperty(globalThis, 'isSecureContext', { value: false });
        });
    } },
    { name: 'refused-wordless', state: 'link-refused', shows: '#link [data-error="RELEASE_NOT_FOUND"] .note', link: ['release=nothing'],
        arrange: ({ page }) => page.route('**/errors.js', (route) => route.abort()) },
    { name: 'broken', state: 'link-refused', shows: '#broken:not(:has(~ #link:not([hidden])))', link: ['release=nothing'], arrange: ({ page }) =>
        page.route('**/dead-end.js', (route) => route.abort()), act: async ({ page }) => {
        await page.locator('#broken').waitFor();
        await page.evaluate(() => {
            document.body.dataset.state = 'link-refused'; // it never came to be
        });
    } },
    { name: 'framed', state: 'loading', arrange: (scene) => {
        const { host, url } = scene;
        host.answers.set('frame.html', (_, response) => {
            response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><html lang="en"><title>f</title>'
                + '<body data-state="loading"><main><h1>f</h1><iframe title="f" width="290" height="460" src="'
                + `${url}"></iframe></main>`);
        });
        scene.url = `${host.url}frame.html`;
    }, act: ({ page, text }) => page.frameLocator('iframe').getByText(text('page.framed')).waitFor() },
    { name: 'no-link', state: 'no-link', link: [''] },
    { name: 'site-refused', state: 'site-refused', shows: '[data-error="DOCUMENT_FIELD_MISSING"]',
        maker: { site: { contact: { name: 'Nobody' } } } },
    { name: 'site-not-loaded', state: 'site-refused', shows: '[data-error="SITE_NOT_LOADED"]',
        arrange: ({ host }) => host.answers.set('site.json', (_, response) => response.writeHead(404).end()) },
    { name: 'no-journal', state: 'start', shows: '#no-journal', ...GENERAL, arrange: breakDatabases },
];

/** @type {State[]} a device that cannot be used, or is not the one */
const DEVICES = [
    { name: 'no-device', state: 'link', shows: '#link-problem [data-error="NO_DEVICE"]', arrange: ({ bus }) => {
        bus.knobs.chooser = 'refuse';
    }, act: connect },
    { name: 'driver-missing', state: 'failed', shows: '[data-error="DRIVER_MISSING"] .guide', profile: 'stm32f405', system: 'Windows',
        arrange: ({ bus }) => {
            bus.knobs.openError = 'SecurityError';
        }, act: connect },
    { name: 'no-permission', state: 'failed', shows: '[data-error="NO_PERMISSION"] .guide', profile: 'stm32f405', system: 'Linux',
        arrange: ({ bus }) => {
            bus.knobs.openError = 'SecurityError';
        }, act: connect },
    { name: 'device-taken', state: 'failed', shows: '[data-error="DEVICE_TAKEN"]', profile: 'stm32f405', arrange: ({ bus }) => {
        bus.knobs.claimError = 'NetworkError';
    }, act: connect },
    { name: 'several-devices', state: 'failed', shows: '[data-error="SEVERAL_DEVICES"]', profile: 'stm32f405', arrange: ({ bus }) => {
        bus.isManaged = true;
        bus.plugIn('stm32f405', { serial: 'BBBBBBBBBBBB' });
    }, act: connect },
    { name: 'wrong-chip', state: 'failed', shows: '[data-error="WRONG_CHIP"]', profile: 'stm32f405',
        maker: { document: { chip: { families: ['STM32F07x'] } } }, act: connect },
    { name: 'wrong-layout', state: 'failed', shows: '[data-error="WRONG_LAYOUT"]', profile: 'stm32f405', act: connect, maker: { document: {
        chip: { families: ['STM32F405'], layouts: ['@Internal Flash  /0x08000000/128*016Kg'] } } } },
    { name: 'wrong-serial', state: 'failed', shows: '[data-error="WRONG_SERIAL"]', profile: 'stm32f405', device: { serial: '111111111111' },
        link: ['release=acme-lamp', 'serial=20713597484E'], act: connect },
    { name: 'other-tab', state: 'link', shows: '#link-problem [data-error="WORK_IN_ANOTHER_TAB"]', profile: 'stm32f405', act: async (scene) => {
        const first = await scene.context.newPage();
        await first.goto(scene.url);
        await untilReady(first);
        await first.click('#link-connect');
        await inState(first, 'plan');
        await connect(scene);
    } },
];

/** @type {State[]} from the yes to the end */
const WORK = [
    { name: 'plan', state: 'plan', profile: 'stm32f405', act: toPlan },
    { name: 'plan-open', state: 'plan', profile: 'stm32f405', act: toPlan, maker: { document: { end: 'open' } } },
    { name: 'plan-unsigned', state: 'plan', shows: '#step-plan .unsigned', profile: 'stm32f405', maker: { isSigned: false }, act: toPlan },
    { name: 'plan-boot0-first', state: 'plan', profile: 'stm32f405', act: async (scene) => {
        await toPlan(scene);
        await scene.page.locator('#step-plan button').first().click();
        await scene.page.getByText(scene.text('link.boot0.missing')).waitFor();
    } },
    { name: 'work', state: 'work', ...GENERAL, act: async ({ page, url }) => {
        await page.goto(`${url}&speed=0.2`);
        await walkToPlan(page);
        await page.locator('#step-plan button').first().click();
    } },
    { name: 'unplugged', state: 'waiting', shows: '.instruction h3', profile: 'stm32f405', act: async (scene) => {
        await begin(scene);
        await untilWriting(deviceOf(scene));
        deviceOf(scene).unplug();
        await scene.page.locator('.instruction h3').waitFor();
    } },
    { name: 'replug', state: 'waiting', shows: '[data-asks^="REPLUG"]', profile: 'stm32l432', device: { boot0: false },
        maker: { document: { chip: { families: ['STM32L4'] }, return: 'empty-check', boot0: undefined } },
        arrange: (scene) => {
            deviceOf(scene).jump();
            deviceOf(scene).sleep(3000);
        }, act: async (scene) => {
            await begin(scene);
            await doAsTold(scene.page, deviceOf(scene), (asks) => asks.startsWith('REPLUG'));
        } },
    { name: 'reconnect', state: 'waiting', shows: '#reconnect', profile: 'stm32f405', device: { serial: null }, act: async (scene) => {
        await begin(scene);
        await scene.page.locator('#reconnect').waitFor({ timeout: 20000 });
        scene.bus.knobs.chooser = 'refuse';
        await scene.page.click('#reconnect');
        await scene.page.getByText(scene.text('work.noneChosen')).waitFor();
    } },
    { name: 'proven', state: 'ending', shows: '[data-ending="proven"]', profile: 'stm32f405', act: finish },
    { name: 'proven-application', state: 'ending', shows: '[data-ending="proven"]', profile: 'stm32f072', act: async (scene) => {
        await finish(scene);
        scene.bus.knobs.chooser = 'refuse';
        await scene.press('link.application.look');
        await scene.page.getByText(scene.text('link.application.unseen')).waitFor();
    }, maker: { document: { chip: { families: ['STM32F07x'] }, application: { vendor: '1209', product: 'acfe' } } } },
    { name: 'not-proven', state: 'ending', shows: '[data-ending="not-proven"]', profile: 'stm32f405', device: { serial: null }, act: async (scene) => {
        await begin(scene);
        const truth = () => deviceOf(scene).truth();
        await doAsTold(scene.page, deviceOf(scene), () => truth().rdpLevel === 1 && truth().regressions === 1);
        await scene.press('work.stop');
        await inState(scene.page, 'ending');
    } },
    { name: 'not-done', state: 'ending', shows: '[data-error="NO_CONSENT"]', profile: 'stm32f405', act: cancel },
    { name: 'not-done-kept', state: 'ending', shows: '[data-ending="not-done"]', profile: 'stm32f405', act: async (scene) => {
        await begin(scene);
        await untilWriting(deviceOf(scene));
        deviceOf(scene).unplug();
        await scene.page.locator('.instruction h3').waitFor();
        await scene.press('work.stop');
        await inState(scene.page, 'ending');
    } },
    { name: 'way-back-none', state: 'ending', shows: '[data-error="WAY_BACK_IS_NONE"]', profile: 'stm32f405', act: connect,
        maker: { document: { return: 'none', boot0: undefined } } },
    { name: 'report', state: 'ending', shows: '.report-offer .report', profile: 'stm32f405', act: async (scene) => {
        await openReport(scene);
        await scene.page.locator('.report-offer .report details > summary').click();
    } },
    { name: 'report-sent', state: 'ending', profile: 'stm32f405', maker: { site: { report: ENDPOINT } }, arrange: reporting(204),
        act: async (scene) => {
            await sendReport(scene);
            await scene.page.getByText(scene.text('report.sentPlain')).waitFor();
        } },
    { name: 'report-not-sent', state: 'ending', shows: '[data-error="REPORT_NOT_SENT"]', profile: 'stm32f405', act: sendReport,
        maker: { site: { report: ENDPOINT } }, arrange: reporting(500) },
];

/** @param {Page} page from the first screen to the plan for a simulated device */
async function walkToPlan(page) {
    await page.click('#try');
    await page.locator('#step-profile button.main').click();
    await inState(page, 'file');
    await page.setInputFiles('#file', FIRMWARE);
    await page.locator('#step-file button.main').click();
    await inState(page, 'wishes');
    await page.check('#end-protected');
    await page.check('#way-boot0');
    await page.locator('#step-wishes button.main').click();
}

/** @type {State[]} what was begun or finished before */
const PAST = [
    { name: 'resume-no-device', state: 'resume', shows: '#resume-problem [data-error="NO_DEVICE"]', profile: 'stm32f405', act: async (scene) => {
        await interrupt(scene);
        deviceOf(scene).unplug();
        await pause(300);
        scene.bus.knobs.chooser = 'refuse';
        await goOn(scene);
    } },
    { name: 'resume', state: 'resume', profile: 'stm32f405', act: interrupt },
    { name: 'resume-several', state: 'resume', profile: 'stm32f405', act: async (scene) => {
        await interrupt(scene);
        await changeJournal(scene, ([entry]) => [entry, { ...entry, key: 'AAAAAAAAAAAA', phase: 'sealing', savedAt: 1,
            job: { name: 'old.hex', file: new Uint8Array(4), address: null, endProtected: true, wayBack: 'boot0', family: '' } }]);
        await scene.page.reload();
        await scene.page.locator('.jobs').waitFor();
    } },
    { name: 'elsewhere', state: 'elsewhere', profile: 'stm32f405', act: async (scene) => {
        await begin(scene);
        await untilWriting(deviceOf(scene));
        deviceOf(scene).unplug();
        const first = await scene.context.newPage();
        await first.goto(scene.url);
        await inState(first, 'elsewhere');
        scene.page = first;
    } },
    { name: 'job-changed', state: 'resume', shows: '#resume-problem [data-error="JOB_CHANGED"]', profile: 'stm32f405', act: async (scene) => {
        await interrupt(scene);
        await changeJournal(scene, ([entry]) => [{ ...entry, savedAt: 1 }]);
        await goOn(scene);
    } },
    { name: 'damaged-job', state: 'damaged-job', shows: '#step-damaged-job [data-error="RELEASE_FILE_CHANGED"] ~ .contact', profile: 'stm32f405', act: async (scene) => {
        await interrupt(scene);
        await changeJournal(scene, ([entry]) => {
            entry.job.images[0].bytes[100] ^= 1;
            return [entry];
        });
        await scene.page.reload();
        await goOn(scene);
    } },
    { name: 'other-device', state: 'other-device', profile: 'stm32f405', device: { serial: 'AAAAAAAAAAAA' }, act: async (scene) => {
        await interrupt(scene);
        deviceOf(scene).unplug();
        scene.bus.plugIn('stm32f405', { serial: 'BBBBBBBBBBBB' });
        await pause(300);
        await goOn(scene);
    } },
    { name: 'begun', state: 'begun', profile: 'stm32f405', act: async (scene) => {
        await interrupt(scene);
        scene.host.publish(new Release({ keys: scene.keys, document: { sequence: 8, version: '2.2.0' } }));
        await scene.page.reload();
        await scene.press('resume.other');
        await connect(scene);
    } },
    { name: 'damaged', state: 'damaged', shows: '[data-error="JOURNAL_MALFORMED"]', profile: 'stm32f405', act: async (scene) => {
        await finish(scene);
        await changeJournal(scene, ([entry]) => [{ ...entry, line: 'relock-journal-2 phase=x' }]);
        await scene.page.reload();
        await connect(scene);
    } },
    { name: 'journal-unreadable', state: 'no-journal', shows: '[data-error="JOURNAL_FAILED"] ~ .contact', profile: 'stm32f405', act: async (scene) => {
        await untilReady(scene.page);
        await scene.page.evaluate(() => {
            IDBFactory.prototype.open = () => {
                throw new DOMException('broken', 'UnknownError');
            };
        });
        await connect(scene);
    } },
    { name: 'look-again', state: 'look-again', profile: 'stm32f405', act: async (scene) => {
        await finish(scene);
        await scene.page.reload();
        await connect(scene);
    } },
    { name: 'still-protected', state: 'ending', shows: '[data-ending="proven"]', profile: 'stm32f405', act: async (scene) => {
        await finish(scene);
        await scene.page.reload();
        await connect(scene);
        await scene.press('ask.look-again.yes');
        await inState(scene.page, 'ending');
    } },
    { name: 'same-device', state: 'same-device', profile: 'stm32f072', maker: { document: { chip: { families: ['STM32F07x'] } } },
        act: async (scene) => {
            await finish(scene);
            await scene.page.reload();
            await connect(scene);
        } },
];

export const STATES = [...FIRST, ...REFUSED, ...DEVICES, ...CHIPS, ...WORK, ...PAST, ...FILES];
