// @ts-check
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { platform } from '../../web/platform.js';
import { HANDS, INSTRUCTIONS, actionText, duration, helpFor, hex, instructionFor, size } from '../../web/texts.js';
import { newEngine } from './support.mjs';

describe('texts', () => {
    it('instruct only in the engine\'s words', () => {
        const names = new Set(newEngine().actions().map(({ name }) => name));
        for (const name of [...Object.keys(INSTRUCTIONS), ...Object.keys(HANDS)]) {
            assert.ok(names.has(name), name);
        }
    });

    it('have words for all that a device is awaited with', () => {
        for (const action of ['HOLD_BOOT0_AND_REPLUG', 'ENTER_DFU', 'REPLUG']) {
            const plain = instructionFor(action, { isLost: false, isPowerOff: false });
            const lost = instructionFor(action, { isLost: true, isPowerOff: false });
            const powerOff = instructionFor(action, { isLost: false, isPowerOff: true });
            assert.ok(plain, action);
            assert.match(lost?.title ?? '', /The device is gone: plug it in again/);
            assert.match(powerOff?.text ?? '', /battery/);
        }
        assert.ok(instructionFor('KEEP_BOOT0_HELD', { isLost: false, isPowerOff: true }));
    });

    it('never speak of the command line', () => {
        for (const action of newEngine().actions()) {
            assert.doesNotMatch(actionText(action), /--|command/, action.name);
        }
    });

    it('say more where the page has more to say, under the engine\'s names', () => {
        const names = new Set(newEngine().errorNames());
        for (const name of ['SEAL_NOT_RECORDED', 'LEVEL_2', 'JOURNAL_FAILED', 'JOURNAL_MALFORMED', 'WAY_BACK_IS_NONE']) {
            assert.ok(names.has(name), name);
            assert.ok(helpFor(name, 'linux').length > 0, name);
        }
        for (const name of ['DEVICE_NOT_BACK', 'INTERRUPTED']) {
            assert.ok(names.has(name), name);
            assert.match(helpFor(name, 'linux', { isKept: true })[0].text, /kept in this browser/);
            assert.deepEqual(helpFor(name, 'linux', { isKept: false }), []);
        }
    });

    it('never ask to unplug and not to unplug at once', () => {
        for (const { title, text } of Object.values(INSTRUCTIONS)) {
            assert.ok(!(/unplug/i.test(title + text) && /leave the cable|do not unplug/i.test(title + text)), title);
        }
    });

    it('help with a refused device on every system', () => {
        for (const system of ['linux', 'windows', 'macos', 'chromeos', 'android']) {
            assert.ok(helpFor('NO_PERMISSION', system).length > 0, system);
        }
        assert.match(JSON.stringify(helpFor('NO_PERMISSION', 'linux')), /udev.*raw-usb/);
        assert.match(JSON.stringify(helpFor('DRIVER_MISSING', 'windows')), /WinUSB/);
    });

    it('give the udev rule that is shipped', () => {
        const shipped = readFileSync(new URL('../../cli/udev/70-relock-stm32-dfu.rules', import.meta.url), 'utf8');
        const rule = shipped.split('\n').find((line) => line.startsWith('SUBSYSTEM'));
        const [{ command }] = helpFor('NO_PERMISSION', 'linux');
        assert.ok(rule && command?.startsWith(`echo '${rule}' | sudo tee /etc/udev/rules.d/70-relock-stm32-dfu.rules`), command);
    });
});

describe('numbers', () => {
    it('say times, sizes and addresses for people', () => {
        assert.equal(duration(900), '1 second');
        assert.equal(duration(59000), '59 seconds');
        assert.equal(duration(95000), '1 min 30 s');
        assert.equal(size(1024 * 1024), '1 MiB');
        assert.equal(size(6000), '5.9 KiB');
        assert.equal(hex(0x08000000), '0x08000000');
    });
});

describe('platform', () => {
    for (const [agent, expected] of [['Mozilla/5.0 (X11; Linux x86_64)', 'linux'], ['Mozilla/5.0 (X11; CrOS x86_64)', 'chromeos'],
        ['Mozilla/5.0 (Linux; Android 14)', 'android'], ['Mozilla/5.0 (Windows NT 10.0)', 'windows'],
        ['Mozilla/5.0 (Macintosh; Intel)', 'macos'], ['curl', 'other']]) {
        it(`takes "${agent}" for ${expected}`, () => assert.equal(platform({ userAgent: agent }), expected));
    }
});
