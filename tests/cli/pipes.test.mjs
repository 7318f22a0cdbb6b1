// @ts-check
/** A pipe where a file is expected: refused or read, never waited for. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { Release, jsonBytes, makeKey, siteDocument } from '../browser/release-server.mjs';
import { SITE } from '../web/support.mjs';
import { TEXTS, WANTED, publish, publishKeys } from './maker.mjs';
import { Workspace, binary, parseEvents, smallHex } from './relock.mjs';

const workspace = new Workspace();
after(() => workspace.close());
let count = 0;

/** Nobody writes into it, and nobody reads from it. @param {string} file */
function makePipe(file) {
    rmSync(file, { force: true });
    execFileSync('mkfifo', [file]);
    return file;
}

const pipe = makePipe(workspace.path('pipe'));
const other = makePipe(workspace.path('other.pub'));
const secret = workspace.path('secret');
workspace.run(['key', 'new', secret]);

/** A signed release with a pipe in the place of `name`. @param {string} name */
function releaseWith(name) {
    const releases = workspace.path(`releases-${count++}`);
    const { folder, key } = publish(releases);
    publishKeys(releases, [key], [key]);
    makePipe(path.join(folder, name));
    return { folder, key };
}

/** A folder of files, one of them a pipe. @param {string} name @param {Record<string, string | Buffer>} files */
function folderWith(name, files = {}) {
    const folder = workspace.path(`folder-${count++}`);
    mkdirSync(folder);
    Object.entries(files).forEach(([file, content]) => writeFileSync(path.join(folder, file), content));
    makePipe(path.join(folder, name));
    return folder;
}

/** site.json with a logo that is a pipe. */
const logoSite = () => path.join(
    folderWith('logo.svg', { 'site.json': jsonBytes(siteDocument([], { logo: 'logo.svg' })) }), 'site.json');

/** The page's folder with a pipe in it. */
function pageWithPipe() {
    const page = workspace.path(`page-${count++}`);
    cpSync(SITE, page, { recursive: true });
    makePipe(path.join(page, 'more.js'));
    return page;
}

/** Releases for a site, one file of them a pipe. @param {string} name */
function releasesWith(name) {
    const releases = workspace.path(`made-${count++}`);
    new Release({ keys: [makeKey()] }).write(path.join(releases, 'acme-lamp'));
    makePipe(path.join(releases, name));
    return releases;
}

const fresh = () => workspace.path(`fresh-${count++}`);
const build = (/** @type {string[]} */ ...words) => ['site', 'build', fresh(), '--page', SITE, ...words];
const make = (/** @type {string[]} */ ...words) =>
    ['release', 'new', workspace.path(`lamp-${count++}`), ...WANTED, ...TEXTS, ...words];

/** What names a pipe, and the error that it ends with; "usage": stderr tells. @type {[string[], string][]} */
const NAMED = [
    [['write', pipe, '--sim', 'stm32f405'], 'FILE_UNREADABLE'],
    [['update', pipe, '--protect', 'on', '--sim', 'stm32f405'], 'FILE_UNREADABLE'],
    [['info', '--sim', pipe], 'usage'],
    [['list', '--sim', pipe], 'usage'],
    [['info', '--sim', 'stm32f405', '--trace', pipe], 'FILE_NOT_WRITTEN'],
    [['read', pipe, '--size', '1K', '--sim', 'stm32f405'], 'FILE_NOT_WRITTEN'],
    [['options', 'save', pipe, '--sim', 'stm32f405'], 'FILE_NOT_WRITTEN'],
    [['sim', 'show', pipe], 'usage'],
    [['sim', 'make', pipe, '--profile', 'stm32f405'], 'usage'],
    [['sim', 'read', workspace.makeDevice('device.sim', 'stm32f405'), pipe], 'FILE_NOT_WRITTEN'],
    [['sim', 'serve', '--usbip', '--port', '0', pipe], 'usage'],
    [['replay', pipe], 'FILE_UNREADABLE'],
    [['key', 'new', pipe], 'FILE_NOT_WRITTEN'],
    [['key', 'show', pipe], 'FILE_UNREADABLE'],
    [['key', 'change', folderWith('keys.json'), '--key', secret, '--to', `${secret}.pub`], 'FILE_UNREADABLE'],
    [['key', 'change', fresh(), '--key', pipe, '--to', `${secret}.pub`], 'FILE_UNREADABLE'],
    [['key', 'change', fresh(), '--key', secret, '--to', other], 'FILE_UNREADABLE'],
    [make(pipe), 'FILE_UNREADABLE'],
    [make('--options', pipe, smallHex), 'FILE_UNREADABLE'],
    [['release', 'inspect', pipe], 'RELEASE_NOT_FOUND'],
    ...['release.json', 'channel.json', 'lamp.hex'].flatMap((name) => {
        const { folder, key } = releaseWith(name);
        return /** @type {[string[], string][]} */ ([
            [['release', 'verify', folder, '--key', key.public], 'FILE_UNREADABLE'],
            [['update', '--release', folder, '--key', key.public, '--sim', 'stm32f405', '--yes'], 'FILE_UNREADABLE'],
            [['release', 'refresh', folder], 'FILE_UNREADABLE'],
            [['release', 'check', folder], 'RELEASE_NOT_READY'],
            [['release', 'sign', folder, '--key', secret], 'RELEASE_NOT_READY'],
        ]);
    }),
    ...['release.json.sig', 'channel.json.sig', '../keys.json', '../keys.json.sig'].map((name) => {
        const { folder, key } = releaseWith(name);
        return /** @type {[string[], string]} */ ([['release', 'verify', folder, '--key', key.public], 'FILE_UNREADABLE']);
    }),
    [['release', 'inspect', releaseWith('release.json').folder], 'FILE_UNREADABLE'],
    [['release', 'withdraw', releaseWith('channel.json').folder, '5'], 'FILE_UNREADABLE'],
    [['site', 'build', pipe, '--page', SITE], 'SITE_NOT_BUILT'],
    [['site', 'build', folderWith('.relock-site'), '--page', SITE], 'SITE_NOT_BUILT'],
    [['site', 'build', fresh(), '--page', pipe], 'SITE_SOURCE_UNUSABLE'],
    [['site', 'build', fresh(), '--page', pageWithPipe()], 'SITE_SOURCE_UNUSABLE'],
    [build('--site', pipe), 'SITE_SOURCE_UNUSABLE'],
    [build('--site', logoSite()), 'SITE_SOURCE_UNUSABLE'],
    [build('--releases', pipe), 'SITE_SOURCE_UNUSABLE'],
    ...['release.json', 'channel.json', 'lamp.hex', 'release.json.sig'].map((name) =>
        /** @type {[string[], string]} */ ([build('--releases', releasesWith(`acme-lamp/${name}`)), 'FILE_UNREADABLE'])),
    [build('--releases', releasesWith('keys.json')), 'FILE_UNREADABLE'],
    [['site', 'check', pipe, 'http://localhost:9/'], 'SITE_NOT_BUILT'],
    [['site', 'check', folderWith('.relock-site'), 'http://localhost:9/'], 'SITE_NOT_BUILT'],
];

for (const [words, expected] of NAMED) {
    const shown = words.map((word) => word.replace(`${workspace.folder}/`, '').replace(/^[0-9a-f]{64}$/, 'KEY')).join(' ');
    test(`${expected}: relock ${shown.slice(0, 100)}`, () => {
        const { code, signal, stdout, stderr } = workspace.run([...words, '--json']);
        assert.equal(signal, null, 'it was waited for');
        assert.notEqual(code, 0);
        if (expected === 'usage') {
            assert.match(stderr, /^relock: /);
        } else {
            assert.equal(parseEvents(stdout).at(-1)?.error?.name, expected, stdout + stderr);
        }
    });
}

test('what this user keeps: pipes in the place of the journal, of what was seen, of a trusted key', () => {
    const { folder, key } = releaseWith('more');
    const seen = workspace.path('state/relock/seen');
    mkdirSync(seen, { recursive: true });
    const update = ['update', '--release', folder, '--sim', 'stm32f405', '--yes'];
    const trusting = [...update, '--key', key.public];
    makePipe(path.join(seen, 'lamp'));
    assert.equal(workspace.runJson(trusting).error, 'RELEASE_MEMORY_DAMAGED');
    rmSync(path.join(seen, 'lamp'));
    mkdirSync(workspace.path('config/relock/keys'), { recursive: true });
    makePipe(workspace.path('config/relock/keys/acme.pub'));
    assert.equal(workspace.runJson(update).error, 'FILE_UNREADABLE');
    const device = workspace.makeDevice('kept.sim', 'stm32f405');
    const job = ['update', smallHex, '--protect', 'on', '--return', 'boot0', '--sim', device, '--yes'];
    assert.equal(workspace.run(job).code, 0);
    const journals = execFileSync('find', [workspace.path('state'), '-name', '*.journal'], { encoding: 'utf8' }).trim().split('\n');
    assert.equal(journals.length, 1);
    makePipe(journals[0]);
    assert.equal(workspace.runJson(job).error, 'JOURNAL_MALFORMED');
});

test('a trace goes into a pipe that is read', () => {
    const command = '{ "$0" info --sim stm32f405 --trace >(cat >&3) >/dev/null; } 3>&1 | cat';
    const options = { env: workspace.environment(), encoding: /** @type {const} */ ('utf8'), timeout: 20000 };
    assert.match(execFileSync('bash', ['-c', command, binary], options), /^> done proven/m);
});
