// @ts-check
// describe-help.mjs setup|tree|browsers|hints: the page's help as Markdown, out of web/help/help.js and its English
// texts, for docs/troubleshooting.md.
import { FIRST, TREE } from '../../web/help/help-tree.js';
import { BROWSERS, GUIDES, TOPICS } from '../../web/help/help.js';
import { loadTexts, t } from '../../web/texts.js';

/** @typedef {import('../../web/help/help.js').Step} Step */

/** @type {Record<string, string>} systems that share an advice are told of at once */
const SYSTEM_NAMES = { windows: 'Windows', macos: 'macOS', other: 'other systems', linux: 'Linux', chromeos: 'ChromeOS',
    android: 'Android', ios: 'iPhone and iPad' };

/** @param {Step} step @param {string} mark @returns {string} an item of a list */
function item({ text, see, command }, mark) {
    const indent = ' '.repeat(mark.length + 1);
    const parts = [`${mark} ${t(text)}`];
    if (command) {
        parts.push('', `${indent}\`\`\`sh`, `${indent}${command}`, `${indent}\`\`\``, '');
    }
    if (see) {
        parts.push(`${indent}*${t('help.youSee')}* ${t(see)}`);
    }
    return parts.join('\n');
}

function setup() {
    return Object.values(GUIDES).map(({ title, why, isOrdered, steps, after }) => [
        `### ${t(title)}`, ...(why ? [t(why)] : []),
        steps.map((step, index) => item(step, isOrdered ? `${index + 1}.` : '-')).join('\n'),
        ...(after ? [t(after)] : [])].join('\n\n')).join('\n\n');
}

/** @param {string} name of a node @returns {string[]} the questions that follow, at once or after one advice */
const questionsAfter = (name) => TREE[name].answers.flatMap(({ to }) =>
    (TREE[to].ask ? [to] : TREE[to].answers.map((answer) => answer.to).filter((next) => TREE[next].ask)));

/** @returns {string[]} the names of the questions, in the order in which they come if nothing helps */
function questions() {
    const names = [];
    for (/** @type {string | undefined} */ let name = FIRST; name !== undefined; [name] = questionsAfter(name)) {
        names.push(name);
    }
    return names;
}

/** @param {string} name of a question @returns {string} */
function questionText(name) {
    const { ask, note, answers } = TREE[name];
    /** @type {Map<string, string[]>} */
    const ways = new Map();
    for (const { text, to } of answers.filter((answer) => TREE[answer.to].advice !== undefined)) {
        ways.set(to, [...ways.get(to) ?? [], t(text)]);
    }
    return [`**${t(ask ?? '')}** ${t(note ?? '')}`,
        ...[...ways].map(([to, said]) => `   - ${said.join(', or: ')}: ${t(TREE[to].advice ?? '')}`)].join('\n');
}

const tree = () => questions().map((name, index) => `${index + 1}. ${questionText(name)}`).join('\n');

function browsers() {
    const advices = [...new Set(Object.values(BROWSERS))];
    return advices.map((key) => {
        const systems = Object.entries(BROWSERS).filter(([, advice]) => advice === key);
        return `- ${systems.map(([name]) => SYSTEM_NAMES[name]).join(', ')}: ${t(key)}`;
    }).join('\n');
}

function hints() {
    const rows = Object.entries(TOPICS).flatMap(([name, { texts = [], kept = [] }]) =>
        [...texts, ...kept].map((key) => `| \`${name}\` | ${t(key)} |`));
    return ['| Error | What else helps |', '| --- | --- |', ...rows].join('\n');
}

const TOPIC_TEXTS = { setup, tree, browsers, hints };

await loadTexts('en', ['help', 'tree', 'errors']);
const topic = /** @type {keyof typeof TOPIC_TEXTS} */ (process.argv[2]);
if (TOPIC_TEXTS[topic]) {
    console.log(TOPIC_TEXTS[topic]());
} else {
    console.error('usage: describe-help.mjs setup|tree|browsers|hints');
    process.exitCode = 2;
}
