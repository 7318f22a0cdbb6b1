// @ts-check
// screenshot.mjs: takes the picture of the page that the README shows, docs/page.png, from the built page.
import { fileURLToPath } from 'node:url';
import { answerToPlan, inState, openBrowser, openPage, press } from '../tests/browser/support.mjs';

const PICTURE = fileURLToPath(new URL('../docs/page.png', import.meta.url));

const browser = await openBrowser();
const { page, url } = await openPage(browser, { after: () => {} }, { viewport: { width: 860, height: 900 } });
await page.goto(url);
await press(page, 'Try with a simulated device');
await inState(page, 'profile');
await press(page, 'Plug it in, with BOOT0 held');
await answerToPlan(page);
await page.screenshot({ path: PICTURE, fullPage: true });
await browser.close();
