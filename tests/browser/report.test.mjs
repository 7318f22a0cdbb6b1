// @ts-check
// The report, from an ending to a file, and to the maker if, and only if, the visitor agrees.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CONFIRM, begin, doAsTold, openLink, openMaker, sayYes, spoilKept, toPlan, untilReady } from './link-support.mjs';
import { sha256 } from './release-server.mjs';
import { FIRMWARE, LIMIT, assertAccessible, inState, openBrowser, openPage, picture, press } from './support.mjs';

const ENDPOINT = 'https://reports.acme.example/relock';

/** @type {import('./support.mjs').Browser} */
let browser;
before(async () => {
    browser = await openBrowser();
});
after(() => browser?.close());

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{method: string, headers: Record<string, string>, body: string}} Sent */

/** @param {Page} page opens the report of the ending that is shown */
async function openReport(page) {
    await page.locator('.report-offer > details > summary').click();
    await page.locator('.report-offer .report').waitFor();
}

/** @param {Page} page @returns {Promise<{name: string, report: any, text: string}>} what is saved by one click */
async function save(page) {
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save the report')]);
    const text = readFileSync(await download.path(), 'utf8');
    return { name: download.suggestedFilename(), report: JSON.parse(text), text };
}

/**
 * A visitor whose link ends at a plan that is not agreed to, on a site that takes reports.
 * @param {import('./support.mjs').Test} test
 * @param {number} status that the endpoint answers with; 0: it cannot be reached
 */
async function endOnReportingSite(test, status) {
    const { host, release } = await openMaker(test, { site: { report: ENDPOINT } });
    const index = join(host.folder, 'index.html');
    // As `relock site build` does it.
    writeFileSync(index, readFileSync(index, 'utf8').replace("connect-src 'self'", `connect-src 'self' ${new URL(ENDPOINT).origin}`));
    const opened = await openLink(browser, test, host.link('release=acme-lamp', 'ticket=CASE-17'));
    /** @type {Sent[]} */
    const sent = [];
    await opened.page.route(`${ENDPOINT}**`, async (route) => {
        const request = route.request();
        if (request.method() === 'POST') {
            sent.push({ method: 'POST', headers: await request.allHeaders(), body: request.postData() ?? '' });
        }
        await (status === 0 ? route.abort() : route.fulfill({ status, headers: {
            'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'content-type' } }));
    });
    const device = opened.bus.plugIn('stm32f405');
    await toPlan(opened.page);
    await press(opened.page, 'Cancel');
    await inState(opened.page, 'ending');
    return { ...opened, sent, device, release };
}

describe('a report', () => {
    it('of a whole update tells all but the firmware and the serial number', LIMIT, async (test) => {
        const { host, release, keys } = await openMaker(test);
        const { page, bus, problemsNow } = await openLink(browser, test, host.link('release=acme-lamp', 'ticket=CASE-17'));
        const device = bus.plugIn('stm32f405');
        await toPlan(page);
        await sayYes(page);
        await doAsTold(page, device);
        await openReport(page);
        await picture(page, '30-report');
        const { name, report, text } = await save(page);
        assert.match(name, /^relock-report-acme-lamp-\d{8}T\d{6}\.json$/);
        assert.equal(report.format, 'relock-report-1');
        assert.deepEqual([report.ending, report.ticket, report.simulated, report.cut], ['proven', 'CASE-17', false, false]);
        assert.deepEqual(report.protection, { before: 'level-1', after: 'level-1' });
        assert.deepEqual([report.release.version, report.release.sequence, report.release.key],
            [release.document.version, release.document.sequence, keys[0].id]);
        assert.equal(report.page.wasm, sha256(readFileSync(join(host.folder, 'relock.wasm'))));
        assert.equal(report.device.family, 'STM32F405');
        assert.equal(report.device.serial, '');
        assert.ok(report.sessions.every((/** @type {any} */ { steps }) => steps.length > 0));
        const hex = readFileSync(FIRMWARE, 'utf8').split('\n').map((line) => line.slice(9, 25)).filter((line) => /^[0-9A-F]{16}$/.test(line));
        const packed = text.replaceAll(/[^0-9a-f]+(?=[0-9a-f]{2}\b)/g, '').toUpperCase();
        assert.deepEqual(hex.filter((bytes) => new Set(bytes).size > 4 && packed.includes(bytes)), []);
        assert.match(report.summary.join('\n'), /Update: Acme Lamp, version 2\.1\.0 \(number 7\)[^]*Ticket: CASE-17/);
        assert.equal(await page.getByRole('button', { name: 'Send the report' }).count(), 0, 'this site takes none');
        assert.deepEqual(problemsNow(), []);
    });

});

describe('one click', () => {
    it('saves the report of an ending, with nothing opened before, and says so', LIMIT, async (test) => {
        const { page } = await endOnReportingSite(test, 204);
        const { name, report } = await save(page);
        assert.match(name, /^relock-report-acme-lamp-/);
        assert.deepEqual([report.ending, report.ticket, report.device.serial], ['not-done', 'CASE-17', '']);
        assert.match(report.summary.join('\n'), /RLK-4001/);
        assert.ok(await page.locator('.report-offer > [role="status"]').getByText(name).isVisible());
        assert.equal(await page.locator('.report-offer .report').count(), 0, 'it is still folded');
    });

    it('saves one where no device was chosen: which release, which ticket, which error', LIMIT, async (test) => {
        const { host, release } = await openMaker(test);
        const { page, bus, problemsNow } = await openLink(browser, test, host.link('release=acme-lamp', 'ticket=CASE-17'));
        bus.knobs.chooser = 'refuse';
        await untilReady(page);
        await press(page, 'Connect the device');
        await page.locator('#link-problem [data-error="NO_DEVICE"]').waitFor();
        const { report } = await save(page);
        assert.deepEqual([report.ticket, report.release.version, report.ending, report.sessions],
            ['CASE-17', release.document.version, '', []]);
        assert.deepEqual(report.errors.map((/** @type {any} */ { code }) => code), ['RLK-3001']);
        assert.deepEqual(problemsNow(), []);
    });

    it('saves one where what was kept of a job is damaged', LIMIT, async (test) => {
        const { page } = await begin(browser, test, { fragment: 'ticket=CASE-17' });
        await page.reload();
        await inState(page, 'resume');
        await spoilKept(page);
        await page.reload();
        await page.locator('#go-on:not([disabled])').click();
        await inState(page, 'damaged-job');
        const { report } = await save(page);
        assert.deepEqual([report.ticket, report.errors[0].name], ['CASE-17', 'RELEASE_FILE_CHANGED']);
    });
});

describe('a report of a page that was kept', () => {
    it('names the version that runs', LIMIT, async (test) => {
        const { host } = await openMaker(test, { isOffline: true });
        const { page, bus } = await openLink(browser, test, host.link());
        await page.getByText('Everything is on this computer now').waitFor();
        const file = join(host.folder, 'sw.js');
        const text = readFileSync(file, 'utf8');
        const [, version] = /"version":"([0-9a-f]{16})"/.exec(text) ?? assert.fail('it is not built');
        writeFileSync(file, text.replace(version, '0123456789abcdef'));
        bus.plugIn('stm32f405');
        await toPlan(page);
        await press(page, 'Cancel');
        await inState(page, 'ending');
        await openReport(page);
        assert.equal((await save(page)).report.page.version, version);
    });
});

describe('a report of a job that was not done', () => {
    it('has the serial number once the visitor ticks it, and shows what is in it', LIMIT, async (test) => {
        const { page } = await endOnReportingSite(test, 204);
        await openReport(page);
        await page.locator('.report-offer summary', { hasText: 'Show what is in it' }).click();
        const shown = page.locator('.report-offer pre');
        assert.doesNotMatch(await shown.innerText(), /Serial number/);
        await page.locator('#report-serial').check();
        const [, serial] = /Serial number: (\w+)/.exec(await shown.innerText()) ?? assert.fail('it is not shown');
        const { report, text } = await save(page);
        assert.equal(report.device.serial, serial);
        await page.locator('#report-serial').uncheck();
        const without = await save(page);
        assert.equal(without.report.device.serial, '');
        assert.ok(text.includes(serial) && !without.text.includes(serial));
        assert.deepEqual(report.errors.map((/** @type {any} */ { code }) => code), ['RLK-4001']);
        await assertAccessible(page);
    });

    it('is made by keyboard alone', LIMIT, async (test) => {
        const { page } = await endOnReportingSite(test, 204);
        const tabTo = async (/** @type {string} */ text) => {
            for (let step = 0; step < 20; step += 1) {
                await page.keyboard.press('Tab');
                if (await page.evaluate(() => document.activeElement?.textContent) === text) {
                    return;
                }
            }
            assert.fail(`the keyboard does not reach ${text}`);
        };
        await tabTo('Save the report');
        await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
        await page.locator('.report-offer > [role="status"]', { hasText: 'relock-report-acme-lamp' }).waitFor();
        await tabTo('A report for the maker');
        await page.keyboard.press('Enter');
        await page.locator('.report-offer .report').waitFor();
        await tabTo('Copy it as text');
    });
});

describe('sending a report', () => {
    it('needs an agreement for each one, and sends exactly what is shown', LIMIT, async (test) => {
        const { page, sent, problemsNow } = await endOnReportingSite(test, 204);
        await openReport(page);
        assert.match(await page.locator('.report-offer').innerText(), /I want this report to be sent to reports\.acme\.example/);
        await press(page, 'Send the report');
        await page.locator('.report-offer [role="status"]', { hasText: 'Tick the box first' }).waitFor();
        assert.equal(sent.length, 0);
        await assertAccessible(page);
        await page.locator('#report-agree').check();
        await press(page, 'Send the report');
        await page.locator('.report-offer [role="status"]', { hasText: 'CASE-17' }).waitFor();
        assert.equal(sent.length, 1);
        assert.equal(sent[0].headers['content-type'], 'application/json');
        assert.equal(sent[0].headers.cookie, undefined);
        assert.equal(sent[0].headers.referer, undefined);
        assert.deepEqual(JSON.parse(sent[0].body), (await save(page)).report);
        assert.ok(!await page.locator('#report-agree').isChecked(), 'one agreement is for one report');
        await press(page, 'Send the report');
        await page.locator('.report-offer [role="status"]', { hasText: 'Tick the box first' }).waitFor();
        assert.equal(sent.length, 1);
        await picture(page, '31-report-sent');
        assert.deepEqual(problemsNow(), []);
    });

    for (const [title, status] of /** @type {[string, number][]} */ ([['refused', 500], ['not reached', 0]])) {
        it(`says so when it was ${title}, and lets one save it`, LIMIT, async (test) => {
            const { page } = await endOnReportingSite(test, status);
            await openReport(page);
            await page.locator('#report-agree').check();
            await press(page, 'Send the report');
            await page.locator('.report-offer [data-error="REPORT_NOT_SENT"]').waitFor();
            assert.equal((await save(page)).report.ticket, 'CASE-17');
            await assertAccessible(page);
        });
    }

    it('is not offered for a simulated device', LIMIT, async (test) => {
        const { host } = await openMaker(test, { site: { report: ENDPOINT, files: true } });
        const { page } = await openPage(browser, test);
        await page.goto(`${host.url}?speed=1000`);
        await press(page, 'Try with a simulated device');
        await press(page, 'Plug it in, with BOOT0 held');
        await inState(page, 'file');
        await press(page, 'Use the sample firmware');
        await press(page, 'Use this file');
        await inState(page, 'wishes');
        await page.check('#end-protected');
        await page.check('#way-boot0');
        await press(page, 'Show me the plan');
        await press(page, CONFIRM);
        await inState(page, 'ending', 30000);
        await openReport(page);
        assert.equal(await page.getByRole('button', { name: 'Send the report' }).count(), 0);
        const { report } = await save(page);
        assert.deepEqual([report.simulated, report.release], [true, null]);
    });
});
