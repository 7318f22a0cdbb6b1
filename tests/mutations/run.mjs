// @ts-check
/**
 * run.mjs [--without-guest] [NAME…]: makes each deliberate mistake in a copy of the tree, builds it, runs the tests
 * that must notice, and says which did. Exit 1 if one survives all of its tests, if a test that is named never ran, or
 * if one fails on the code as it is.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MUTATIONS } from './mutations.mjs';
import { checkQuirks } from './quirks.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, 'build/mutations');
const SHARED = 'suites'; // the tree of all that need no binary, one after the other
const RUN_MS = 400000;
const COMPLAINTS_MAX = 3;
const LINE_MAX = 150;

/** @typedef {import('./mutations.mjs').Mutation} Mutation */

/** @param {string} tree @param {string[]} argv */
function run(tree, argv) {
    const result = spawnSync(argv[0], argv.slice(1),
        { cwd: tree, encoding: 'utf8', timeout: RUN_MS, maxBuffer: 1 << 28 });
    return { isGood: result.status === 0, output: `${result.stdout}${result.stderr}` };
}

/** @param {string} tree a fresh copy of what is, or could be, committed */
function copyTree(tree) {
    rmSync(tree, { recursive: true, force: true });
    const argv = ['-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard'];
    const names = execFileSync('git', argv, { cwd: ROOT, encoding: 'utf8' });
    for (const name of names.split('\n').filter((file) => file !== '' && existsSync(join(ROOT, file)))) {
        mkdirSync(dirname(join(tree, name)), { recursive: true });
        cpSync(join(ROOT, name), join(tree, name));
    }
    mkdirSync(join(tree, 'build'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
    symlinkSync(join(ROOT, 'build/real-stack'), join(tree, 'build/real-stack'));
    symlinkSync('debug', join(tree, 'build/release'));
}

/** @param {string} tree @param {import('./mutations.mjs').Edit} edit */
function apply(tree, { file, find, replace }) {
    const text = readFileSync(join(tree, file), 'utf8');
    if (text.split(find).length !== 2) {
        throw new Error(`${file} does not hold exactly once: ${find}`);
    }
    writeFileSync(join(tree, file), text.replace(find, () => replace));
}

/** As it was before the edits. @param {string} tree @param {Mutation} mutation */
function restore(tree, { edits }) {
    edits.forEach(({ file }) => writeFileSync(join(tree, file), readFileSync(join(ROOT, file))));
}

/** Suites in C need no binary, and so a tree that others have built already will do. @param {Mutation} mutation */
function needsBinary({ node, real }) {
    return node.length > 0 || real.length > 0;
}

/** @param {string} tree @param {Mutation} mutation */
function build(tree, mutation) {
    const suites = mutation.suites.map((suite) => suite.replace('/', '_'));
    const targets = needsBinary(mutation) ? ['relock', ...suites] : suites;
    for (const argv of [['cmake', '--preset', 'debug', '--log-level=NOTICE'],
        ['cmake', '--build', '--preset', 'debug', '--parallel', '--target', ...targets]]) {
        const { isGood, output } = run(tree, argv);
        if (!isGood) {
            throw new Error(`the mutation does not build:\n${output.slice(-3000)}`);
        }
    }
}

/** What is wrong by a test's own words, so that one that failed for another reason is seen. @param {string} output */
function complaintsIn(output) {
    const lines = output.match(/^.*(?:\[ {2}(?:ERROR|FAILED) {2}\]|^ *error: |\bFAILED\b|^ *not ok ).*$/gm) ?? [];
    return [...new Set(lines.map((line) => line.trim().slice(0, LINE_MAX)))].slice(0, COMPLAINTS_MAX);
}

/**
 * How one test took it. It must have run: a name that fits nothing passes nothing.
 * @param {string} tree @param {string[]} argv @param {RegExp} proofOfRun
 */
function judge(tree, argv, proofOfRun) {
    const { isGood, output } = run(tree, argv);
    if (!proofOfRun.test(output)) {
        throw new Error(`${argv.join(' ')} ran nothing:\n${output.slice(-3000)}`);
    }
    return { isCaught: !isGood, complaints: complaintsIn(output) };
}

/** @param {Mutation} mutation @param {boolean} hasGuest @returns {{ name: string, argv: string[], proof: RegExp }[]} */
function testsOf({ suites, node, real }, hasGuest) {
    const byNode = (/** @type {{ file: string, pattern: string }} */ { file, pattern }) =>
        ['node', '--test', '--test-reporter=tap', `--test-name-pattern=${pattern}`, file];
    const proof = /^# (pass|fail) [1-9]/m;
    return [
        ...suites.map((suite) => ({ name: suite,
            argv: ['ctest', '--preset', 'debug', '--output-on-failure', '-R', `^${suite}$`],
            proof: /out of 1/ })),
        ...node.map((test) => ({ name: `${test.file}: ${test.pattern}`, argv: byNode(test), proof })),
        ...(hasGuest ? real : []).map((test) => ({
            name: `${test.file}: ${test.pattern}`,
            argv: ['node', 'tests/real-stack/boot.mjs', 'mutation', '--', ...byNode(test)],
            proof,
        })),
    ];
}

/**
 * All that the mutations name, on the code as it is: what fails there notices nothing.
 * @param {Mutation[]} mutations @returns {Mutation}
 */
function unchanged(mutations) {
    const unique = (/** @type {any[]} */ tests) =>
        [...new Map(tests.map((test) => [JSON.stringify(test), test])).values()];
    return {
        name: 'unchanged',
        says: 'the code as it is, which no test may refuse',
        edits: [],
        suites: unique(mutations.flatMap(({ suites }) => suites)),
        node: unique(mutations.flatMap(({ node }) => node)),
        real: unique(mutations.flatMap(({ real }) => real)),
    };
}

/** @param {Mutation} mutation @param {boolean} hasGuest @returns {boolean} whether a test noticed */
function tryMutation(mutation, hasGuest) {
    const tree = join(FOLDER, needsBinary(mutation) ? mutation.name : SHARED);
    console.log(`\n${mutation.name}: ${mutation.says}`);
    if (needsBinary(mutation) || !existsSync(tree)) {
        copyTree(tree);
    }
    mutation.edits.forEach((edit) => apply(tree, edit));
    build(tree, mutation);
    const caught = testsOf(mutation, hasGuest).map(({ name, argv, proof }) => {
        const { isCaught, complaints } = judge(tree, argv, proof);
        console.log(`  ${isCaught ? 'fails ' : 'passes'} ${name}`);
        (isCaught ? complaints : []).forEach((line) => console.log(`           ${line}`));
        return isCaught;
    });
    if (needsBinary(mutation)) {
        rmSync(tree, { recursive: true, force: true });
    } else {
        restore(tree, mutation);
    }
    return caught.some(Boolean);
}

const words = process.argv.slice(2);
const hasGuest = !words.includes('--without-guest');
const names = words.filter((word) => !word.startsWith('--'));
const chosen = MUTATIONS.filter(({ name }) => names.length === 0 || names.includes(name));
checkQuirks();
rmSync(join(FOLDER, SHARED), { recursive: true, force: true });
const isBroken = tryMutation(unchanged(chosen), hasGuest);
const survivors = chosen.filter((mutation) => !tryMutation(mutation, hasGuest));
rmSync(join(FOLDER, SHARED), { recursive: true, force: true });
console.log(`\n${chosen.length} mutations, ${survivors.length} survived${isBroken ? '; the code as it is fails' : ''}`);
process.exit(survivors.length > 0 || chosen.length === 0 || isBroken ? 1 : 0);
