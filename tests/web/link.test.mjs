// @ts-check
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { RelockError } from '../../wasm-glue/values.js';
import { languageOf, parseLink } from '../../web/link.js';
import { binary } from '../cli/relock.mjs';

const PAGE = 'https://acme.example/update/';
const NOTHING = { release: null, ticket: '', serial: '' };

/** @param {string} rest @param {string} path the parameter that is named as the culprit */
function assertMalformed(rest, path) {
    assert.throws(() => parseLink(PAGE + rest), (error) => error instanceof RelockError
        && error.name === 'LINK_MALFORMED' && error.place.path === path, rest);
}

describe('docs/release-format.md', () => {
    const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const [, section] = /\n## Links\n([^]*?)\n## /.exec(read('docs/release-format.md')) ?? assert.fail('it has no links');

    it('names what a link may hold, and nothing else', () => {
        const pairs = (/** @type {string} */ text, /** @type {RegExp} */ row) =>
            [...text.matchAll(row)].map(([, name, pattern]) => [name, pattern]);
        const known = pairs(read('web/link.js'), /(\w+): \/\^(\S+?)\$\/[, ]/g);
        const told = pairs(section, /^\| `(\w+)` \| \w+ \| `(\S+)` \|/gm);
        assert.equal(known.length, 4);
        assert.deepEqual(told, known);
    });

    it('names what the general page takes besides', () => {
        const taken = [...read('web/general/start.js').matchAll(/URLSearchParams\(location\.search\)\.get\('(\w+)'\)/g)];
        assert.deepEqual(taken.map(([, name]) => name), ['speed']);
        assert.match(section, /`speed`, how many times faster/);
    });
});

describe('a link', () => {
    it('says release, ticket and serial', () => {
        assert.deepEqual(parseLink(`${PAGE}?release=acme-lamp&lang=zh-Hans#ticket=A-17.b_c&serial=355A33793339`),
            { release: 'acme-lamp', ticket: 'A-17.b_c', serial: '355A33793339' });
        assert.deepEqual(parseLink(`${PAGE}?release=${'a'.repeat(64)}#ticket=${'t'.repeat(64)}&serial=${'S'.repeat(32)}`),
            { release: 'a'.repeat(64), ticket: 't'.repeat(64), serial: 'S'.repeat(32) });
    });

    it('need not say anything', () => {
        for (const rest of ['', '?', '#', '?#', 'index.html', '#need', '?&&', '#&']) {
            assert.deepEqual(parseLink(PAGE + rest), NOTHING, rest);
        }
    });

    it('cannot say anything else', () => {
        const rest = '?protect=off&family=STM32F4&address=0x08000000&site=https://evil.example/&releases=https://evil.example/'
            + '&key=00&simulate=1&speed=9&filter=1234:5678&Release=x&release[]=y&ticket=in-the-query&serial=1'
            + '#release=in-the-fragment&lang=de&origin=https://evil.example/';
        assert.deepEqual(parseLink(PAGE + rest), NOTHING);
    });

    it('with a malformed release names none', () => {
        for (const value of ['', 'A', 'a_b', 'a.b', '..', '../x', '%2e%2e%2fx', 'a/b', 'a%2Fb', 'a%5Cb', 'a b', 'a+b', 'a%00',
            'ä', '%C3%A4', '%', '%zz', '%FF', 'a%0A', 'a\u202eb', '<script>', 'https://evil.example/', 'a'.repeat(65)]) {
            assertMalformed(`?release=${value}`, 'release');
        }
        assertMalformed('?release', 'release');
    });

    it('with a malformed language, ticket or serial is malformed as a whole', () => {
        for (const value of ['', 'd', 'DE', 'de_DE', 'deutsch-', 'de-a-b-c', 'de-AT-1996-x', '../de', 'de%00', 'zh-Hans%0A']) {
            assertMalformed(`?release=acme-lamp&lang=${value}`, 'lang');
        }
        for (const value of ['', 'a b', 'a%20b', '<b>', '%3Cb%3E', 'a%0Ab', 'a/b', 'ä', 't'.repeat(65)]) {
            assertMalformed(`?release=acme-lamp#ticket=${value}`, 'ticket');
        }
        for (const value of ['', 'a-b', 'a b', '%00', 'S'.repeat(33)]) {
            assertMalformed(`?release=acme-lamp#serial=${value}`, 'serial');
        }
    });

    it('that says something twice is malformed, even if both are the same', () => {
        assertMalformed('?release=acme-lamp&release=acme-lamp', 'release');
        assertMalformed('?release=acme-lamp&lang=de&lang=en', 'lang');
        assertMalformed('?release=acme-lamp&%72elease=other', 'release');
        assertMalformed('#ticket=1&ticket=2', 'ticket');
        assertMalformed('#serial=1&serial=1', 'serial');
    });

    it('says its language also where the rest of it is malformed', () => {
        assert.equal(languageOf(`${PAGE}?release=No!&lang=zh-Hans`), 'zh-Hans');
        for (const rest of ['', '?lang=', '?lang=DE', '?lang=de&lang=de', '?lang=../x', '#lang=de']) {
            assert.equal(languageOf(PAGE + rest), null, rest);
        }
    });
});

describe('a link that `relock release link` prints', () => {
    /** @param {...string} words */
    const printed = (...words) => execFileSync(binary, ['release', 'link', 'acme-lamp', '--site', PAGE, ...words],
        { encoding: 'utf8' }).trim();

    it('means to the page what was asked for', () => {
        assert.deepEqual(parseLink(printed()), { ...NOTHING, release: 'acme-lamp' });
        const all = printed('--language', 'zh-Hans', '--ticket', 'T-1.2_3', '--serial', '3573365D3433');
        assert.deepEqual(parseLink(all), { release: 'acme-lamp', ticket: 'T-1.2_3', serial: '3573365D3433' });
        assert.equal(languageOf(all), 'zh-Hans');
    });

    it('may be as long as the page takes it, and no longer', () => {
        const [ticket, serial] = ['t'.repeat(64), 'S'.repeat(32)];
        assert.deepEqual(parseLink(printed('--ticket', ticket, '--serial', serial)), { release: 'acme-lamp', ticket, serial });
        for (const words of [['--ticket', `${ticket}t`], ['--serial', `${serial}S`], ['--language', 'german']]) {
            const { status } = spawnSync(binary, ['release', 'link', 'acme-lamp', '--site', PAGE, ...words]);
            assert.equal(status, 2, words[0]);
        }
    });
});
