// @ts-check
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { FIRST, TREE } from '../../web/help/help-tree.js';
import { BROWSERS, GUIDES, TOPICS, topicOf } from '../../web/help/help.js';
import { platform } from '../../web/browser/platform.js';
import { loadTexts, t } from '../../web/texts.js';
import { newEngine } from './support.mjs';

const SYSTEMS = /** @type {const} */ (['windows', 'linux', 'chromeos', 'android', 'ios', 'macos', 'other']);

before(() => loadTexts('en', ['start', 'work', 'help', 'tree', 'errors']));

describe('the tree of a device that does not show up', () => {
    /** @param {string} name @param {string[]} path @returns {string[][]} all ways through */
    function ways(name, path = []) {
        assert.ok(!path.includes(name), `a circle: ${[...path, name].join(' ')}`);
        const node = TREE[name];
        assert.ok(node, name);
        const here = [...path, name];
        return node.answers.length === 0 ? [here] : node.answers.flatMap(({ to }) => ways(to, here));
    }

    it('ends on every way, without a circle, and reaches all of its nodes', () => {
        const all = ways(FIRST);
        assert.deepEqual([...new Set(all.flat())].sort(), Object.keys(TREE).sort());
        assert.ok(all.every((way) => way.length <= 14), 'no way is longer than a person bears');
    });

    it('asks the most frequent reasons first', () => {
        const longest = ways(FIRST).sort((one, other) => other.length - one.length)[0].filter((name) => TREE[name].ask);
        assert.deepEqual(longest, ['cable', 'boot0', 'port', 'crystal', 'taken', 'level2']);
    });

    it('leaves nobody without somebody to ask', () => {
        for (const [name, { answers, isMaker }] of Object.entries(TREE)) {
            assert.equal(answers.length === 0 && name !== 'found', isMaker === true, name);
        }
    });

    it('says something at each node, and each answer once', () => {
        for (const [name, { ask, note, advice, answers }] of Object.entries(TREE)) {
            assert.ok((ask === undefined) !== (advice === undefined), name);
            assert.ok([ask, note, advice, ...answers.map(({ text }) => text)].filter((key) => key).every((key) => t(key ?? '')));
            assert.equal(new Set(answers.map(({ text }) => text)).size, answers.length, name);
        }
    });
});

/** @param {import('../../web/browser/platform.js').Platform} system @returns {string} all that its guide says */
const words = (system) => (GUIDES[system]?.steps ?? []).flatMap(({ text, see, command }) =>
    [t(text), see && t(see), command]).filter((line) => line).join('\n');

describe('what a system needs', () => {
    it('is said for each of them, with what will be seen on Windows', () => {
        for (const system of SYSTEMS) {
            assert.ok(t(BROWSERS[system]), system);
        }
        assert.ok(GUIDES.windows?.isNeeded && GUIDES.windows.steps.every(({ see }) => see));
        assert.match(words('windows'), /0483 DF11.*WinUSB/s);
        assert.match(words('linux'), /udev.*raw-usb/s);
        for (const system of /** @type {const} */ (['linux', 'windows', 'macos', 'chromeos', 'android'])) {
            assert.ok(words(system).length > 0, system);
        }
        assert.equal(words('other'), '');
    });

    it('is the udev rule that is shipped', () => {
        const shipped = readFileSync(new URL('../../cli/udev/70-relock-stm32-dfu.rules', import.meta.url), 'utf8');
        const rule = shipped.split('\n').find((line) => line.startsWith('SUBSYSTEM'));
        const command = GUIDES.linux?.steps[0].command;
        assert.ok(rule && command?.startsWith(`echo '${rule}' | sudo tee /etc/udev/rules.d/70-relock-stm32-dfu.rules`), command);
    });

    it('knows an iPhone, which says that it is like a Mac', () => {
        const agent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15';
        assert.equal(platform({ userAgent: agent }), 'ios');
        assert.equal(platform({ userAgentData: { platform: 'macOS' }, userAgent: agent }), 'macos');
    });
});

describe('help with errors', () => {
    it('is kept under the engine\'s names', () => {
        const names = new Set(newEngine().errorNames());
        for (const [name, topic] of Object.entries(TOPICS)) {
            assert.ok(names.has(name), name);
            assert.ok(topic.hasGuide || topic.hasTree || topic.texts || topic.kept, name);
        }
    });

    it('says more where the page has more to say', () => {
        for (const name of ['SEAL_NOT_RECORDED', 'LEVEL_2', 'JOURNAL_FAILED', 'JOURNAL_MALFORMED', 'WAY_BACK_IS_NONE']) {
            assert.ok(topicOf(name).texts.every((key) => t(key)) && topicOf(name).texts.length > 0, name);
        }
        assert.deepEqual(topicOf('NOTHING_OF_THAT_NAME').texts, []);
        assert.ok(topicOf('NO_PERMISSION').hasGuide && topicOf('DRIVER_MISSING').hasGuide);
    });

    it('says what is kept only where something is', () => {
        for (const name of ['DEVICE_NOT_BACK', 'INTERRUPTED']) {
            assert.match(t(topicOf(name, { isKept: true }).texts[0]), /kept in this browser/);
            assert.deepEqual(topicOf(name, { isKept: false }).texts, []);
        }
    });
});

describe('docs/troubleshooting.md', () => {
    it('is made from the same source', () => {
        const document = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');
        for (const topic of ['setup', 'tree', 'browsers', 'hints']) {
            const text = execFileSync(process.execPath, ['scripts/lib/describe-help.mjs', topic], { encoding: 'utf8' });
            assert.ok(text.length > 200, topic);
            assert.ok(document.includes(`\n${text}\n`), `${topic} is stale: run scripts/docs-errors`);
        }
    });
});
