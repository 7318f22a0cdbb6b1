// @ts-check
/** `relock site build`: what comes out, what is refused, and that nothing of somebody else's is touched. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
    cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Workspace, binary, eventOf, parseEvents } from './relock.mjs';

const PAGE = process.env.RELOCK_SITE ?? fileURLToPath(new URL('../../build/wasm/site', import.meta.url));
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><title>Acme, on white</title><path d="M0 0h8v8z"/></svg>\n';
const COLORS = { accent: '#0a6a63', accentText: '#ffffff', accentDark: '#63cdc2', accentTextDark: '#06211e' };
const GOOD = {
    format: 'relock-site-1', brand: 'Acme', languages: ['en', 'de'], keys: [], unsigned: 'say',
    contact: { name: 'Acme Support', email: 'help@acme.example' }, releases: ['releases/'], files: false,
};

const workspace = new Workspace();
after(() => workspace.close());
let count = 0;

/** @param {string} folder @returns {string[]} the paths of all files below it, sorted */
function filesBelow(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory()
        ? filesBelow(path.join(folder, entry.name)).map((name) => `${entry.name}/${name}`) : [entry.name])).sort();
}

/** @returns {string[]} the page's own: its sample release is none of a maker's */
const filesOfPage = () => filesBelow(PAGE).filter((name) => !name.startsWith('releases/'));

/**
 * Builds a site from GOOD with changes.
 * @param {{changes?: object, text?: string, folder?: string, files?: Record<string, string | Buffer>}}
 *     [options] text instead of the JSON; where to; files beside site.json
 */
function build({ changes = {}, text, folder, files = {} } = {}) {
    const source = workspace.path(`source-${count++}`);
    const to = folder ?? path.join(source, 'site');
    mkdirSync(source);
    writeFileSync(path.join(source, 'site.json'), text ?? JSON.stringify({ ...GOOD, ...changes }));
    Object.entries(files).forEach(([name, bytes]) => writeFileSync(path.join(source, name), bytes));
    const result = workspace.run(['site', 'build', to, '--site', path.join(source, 'site.json'), '--page', PAGE,
        '--json']);
    const events = parseEvents(result.stdout);
    const ending = eventOf(events, 'ending') ?? assert.fail(result.stdout + result.stderr);
    /** @param {string} name */
    const read = (name) => readFileSync(path.join(to, name), 'utf8');
    const notices = events.filter(({ event }) => event === 'notice').map((event) => event.text);
    return { ...result, source, to, ending, read, notices, site: eventOf(events, 'site') };
}

/** @param {ReturnType<typeof build>} built */
function assertBuilt(built) {
    assert.equal(built.code, 0, built.stdout + built.stderr);
    return built;
}

/** @param {ReturnType<typeof build>} built @param {string} name error @param {RegExp} [why] notices or place */
function assertRefused(built, name, why = /./) {
    assert.equal(built.ending.error?.name, name, built.stdout);
    assert.notEqual(built.code, 0);
    assert.equal(built.site, undefined);
    assert.match([...built.notices, built.ending.error?.path ?? ''].join('\n'), why);
}

/** @param {string} text @returns {any} what sw.js keeps */
const listIn = (text) => JSON.parse(/^const BUILD = (.*);$/m.exec(text)?.[1] ?? assert.fail('no list'));

/** @param {string} html */
const policyIn = (html) => /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? assert.fail('no policy');

test('a site is the page, complete, and its list of files holds', () => {
    const built = assertBuilt(build());
    const page = filesOfPage();
    assert.deepEqual(filesBelow(built.to), [...page, '.relock-site', '404.html', '_headers', '_nginx.conf'].sort());
    const list = listIn(built.read('sw.js'));
    assert.deepEqual(list.files.map((/** @type {any} */ file) => file.path).sort(), page.filter((name) => name !== 'sw.js'));
    for (const { path: name, bytes, sha256 } of list.files) {
        const content = readFileSync(path.join(built.to, name));
        assert.deepEqual([bytes, sha256], [content.length, createHash('sha256').update(content).digest('hex')], name);
    }
    /** @type {{path: string, optional?: boolean}[]} */
    const listed = list.files;
    const optional = listed.filter((file) => file.optional).map((file) => file.path);
    assert.deepEqual(optional, listed.map((file) => file.path).filter((name) =>
        /^web\/texts\/(?!en\/|languages\.js)|^(wasm-glue\/)?sim[-.]|^web\/demo\.js$|^sample\.hex$/.test(name)));
    assert.ok(optional.includes('web/texts/ja/work.js') && optional.includes('sim.wasm'));
    assert.match(list.version, /^[0-9a-f]{16}$/);
    assert.equal(built.site?.version, list.version);
    assert.equal(built.read('site.json'), readFileSync(path.join(built.source, 'site.json'), 'utf8'));
});

test('all of the page that carries no brand is copied byte for byte', () => {
    const built = assertBuilt(build());
    const changed = filesOfPage().filter((name) => !readFileSync(path.join(PAGE, name))
        .equals(readFileSync(path.join(built.to, name))));
    assert.deepEqual(changed, ['brand.css', 'index.html', 'manifest.webmanifest', 'site.json', 'sw.js'].filter((name) =>
        existsSync(path.join(PAGE, name)) && (name !== 'brand.css' || readFileSync(path.join(PAGE, name), 'utf8') !== built.read(name))));
});

test('without --site it is Relock\'s own, and only the list is new', () => {
    const to = workspace.path('own');
    const result = workspace.run(['site', 'build', to, '--page', PAGE]);
    assert.equal(result.code, 0, result.stdout);
    for (const name of ['index.html', 'manifest.webmanifest', 'site.json', 'brand.css']) {
        assert.equal(readFileSync(path.join(to, name), 'utf8'), readFileSync(path.join(PAGE, name), 'utf8'), name);
    }
    assert.match(result.stdout, /The site is in .* version\s[0-9a-f]{16}/);
    assert.match(result.stdout.replace(/\s+/g, ' '), /Without --site .* names no maker whom visitors could ask/);
    assert.match(JSON.parse(readFileSync(path.join(to, 'site.json'), 'utf8')).contact.web, /\.invalid\/$/, 'nobody\'s address');
    assert.ok(!assertBuilt(build()).notices.some((text) => text.includes('Without --site')));
});

test('built again, nothing is written; a change changes the version', () => {
    const first = assertBuilt(build());
    const stamp = statSync(path.join(first.to, 'index.html')).mtimeMs;
    const again = assertBuilt(build({ folder: first.to }));
    assert.deepEqual([again.site?.written, again.site?.removed, again.site?.version], [0, 0, first.site?.version]);
    assert.equal(statSync(path.join(first.to, 'index.html')).mtimeMs, stamp);
    const other = assertBuilt(build({ folder: first.to, changes: { brand: 'Acme 2' } }));
    assert.notEqual(other.site?.version, first.site?.version);
    assert.deepEqual(filesBelow(other.to), filesBelow(assertBuilt(build({ changes: { brand: 'Acme 2' } })).to));
});

test('what an earlier build made and this one does not is removed; what others put there stays', () => {
    const first = assertBuilt(build({ changes: { logo: 'acme.svg' }, files: { 'acme.svg': SVG } }));
    mkdirSync(path.join(first.to, 'releases/acme-lamp'), { recursive: true });
    const foreign = ['CNAME', 'web/other.js', 'releases/acme-lamp/lamp.hex'];
    foreign.forEach((name) => writeFileSync(path.join(first.to, name), 'mine'));
    const again = assertBuilt(build({ folder: first.to }));
    assert.equal(again.site?.removed, 1);
    assert.ok(!existsSync(path.join(first.to, 'acme.svg')));
    foreign.forEach((name) => assert.equal(again.read(name), 'mine'));
});

test('a folder with other files is refused, and so is a file in the way; nothing is changed', () => {
    const foreign = workspace.path('foreign');
    mkdirSync(foreign);
    writeFileSync(path.join(foreign, 'index.html'), 'mine');
    assertRefused(build({ folder: foreign }), 'SITE_NOT_BUILT', /did not make/);
    assert.deepEqual(filesBelow(foreign), ['index.html']);
    const ours = assertBuilt(build());
    writeFileSync(path.join(ours.to, 'acme.svg'), 'mine');
    const withLogo = { folder: ours.to, changes: { logo: 'acme.svg' }, files: { 'acme.svg': SVG } };
    assertRefused(build(withLogo), 'SITE_NOT_BUILT', /acme\.svg is in the way/);
    assert.equal(ours.read('acme.svg'), 'mine');
    assert.doesNotMatch(ours.read('index.html'), /acme\.svg/);
});

test('a list that was tampered with leads nowhere', () => {
    const outside = workspace.path('outside.txt');
    writeFileSync(outside, 'mine');
    for (const line of ['../outside.txt', '/etc/passwd', 'a//b', 'a/../../outside.txt', '.hidden', 'x y', '']) {
        const ours = assertBuilt(build());
        writeFileSync(path.join(ours.to, '.relock-site'), `${ours.read('.relock-site')}${line}\n`);
        assertRefused(build({ folder: ours.to }), 'SITE_NOT_BUILT', /did not make/);
    }
    assert.equal(readFileSync(outside, 'utf8'), 'mine');
});

test('a link in the folder leads nowhere', () => {
    const outside = workspace.path('outside');
    const ours = assertBuilt(build());
    cpSync(path.join(ours.to, 'web'), outside, { recursive: true });
    writeFileSync(path.join(outside, 'main.js'), 'mine');
    rmSync(path.join(ours.to, 'web'), { recursive: true });
    symlinkSync(outside, path.join(ours.to, 'web'));
    assertRefused(build({ folder: ours.to }), 'SITE_NOT_BUILT', /no way to web\//);
    assert.equal(readFileSync(path.join(outside, 'main.js'), 'utf8'), 'mine');
});

test('an interrupted build is finished by the next one', () => {
    const whole = assertBuilt(build());
    const half = workspace.path('half');
    mkdirSync(path.join(half, 'web'), { recursive: true });
    for (const name of ['.relock-site', 'index.html', 'web/main.js']) {
        cpSync(path.join(whole.to, name), path.join(half, name));
    }
    assertBuilt(build({ folder: half }));
    assert.deepEqual(filesBelow(half), filesBelow(whole.to));
});

const BRAND = '</title><script>alert(1)</script> & "Söhne" \'\u65e5\u672c\'';

test('a brand is text everywhere, whatever it holds', () => {
    const built = assertBuilt(build({ changes: { brand: BRAND } }));
    const html = built.read('index.html');
    const escaped = '&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Söhne&quot; &#39;\u65e5\u672c&#39;';
    assert.ok(html.includes(`>${escaped}: update a protected STM32</title>`));
    assert.ok(html.includes(`>${escaped}</p>`));
    assert.equal(html.match(/<script/g)?.length, readFileSync(path.join(PAGE, 'index.html'), 'utf8').match(/<script/g)?.length);
    const manifest = JSON.parse(built.read('manifest.webmanifest'));
    assert.deepEqual([manifest.name, manifest.short_name], [BRAND, BRAND]);
    assert.doesNotMatch(built.read('brand.css') + built.read('_headers') + built.read('_nginx.conf'), /alert/);
});

test('the policy allows what site.json names, and nothing else', () => {
    const own = policyIn(readFileSync(path.join(PAGE, 'index.html'), 'utf8'));
    assert.equal(policyIn(assertBuilt(build()).read('index.html')), own);
    const built = assertBuilt(build({ changes: {
        releases: ['releases/', 'https://cdn.acme.example/relock/', 'https://cdn.acme.example/old/', 'https://b.example:8443/'],
        report: 'https://reports.acme.example/in/box',
    } }));
    const connects = ['https://cdn.acme.example', 'https://b.example:8443', 'https://reports.acme.example'];
    const policy = own.replace("connect-src 'self';", `connect-src 'self' ${connects.join(' ')};`);
    assert.equal(policyIn(built.read('index.html')), policy);
    assert.deepEqual(built.site?.connects, connects);
    assert.ok(built.read('_headers').includes(`\n  Content-Security-Policy: ${policy}; frame-ancestors 'none'\n`));
    assert.ok(built.read('_nginx.conf').includes(`\nadd_header Content-Security-Policy "${policy}; frame-ancestors 'none'" always;\n`));
});

test('_headers is of the form that hosts read', () => {
    const lines = assertBuilt(build()).read('_headers').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    assert.equal(lines.shift(), '/*');
    assert.deepEqual(lines.filter((line) => !/^ {2}[A-Z][A-Za-z-]+: [ -~]{1,1990}$/.test(line)), []);
    assert.deepEqual(lines.map((line) => line.split(':')[0].trim()), ['Content-Security-Policy', 'X-Content-Type-Options',
        'Referrer-Policy', 'Permissions-Policy', 'Cross-Origin-Opener-Policy', 'Cross-Origin-Resource-Policy', 'Cache-Control']);
});

/** @param {string} text @returns {number[]} WCAG's relative luminances of all colours called `name`, in their order */
function luminances(text, name = '') {
    return [...text.matchAll(new RegExp(`--${name}: #([0-9a-f]{6});`, 'g'))].map(([, hex]) => {
        const parts = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    });
}

test('colours become custom properties; letters in them can be read', () => {
    for (const colors of [COLORS, { accent: '#ffee00', accentText: '#000000', accentDark: '#000080', accentTextDark: '#ffffff' }]) {
        const css = assertBuilt(build({ changes: { colors } })).read('brand.css');
        assert.match(css, new RegExp(`^/\\*[^*]*\\*/\\n\\n:root {\\n    --accent: ${colors.accent};\\n    --accent-ink: ${colors.accentText};\\n`));
        assert.match(css, new RegExp(`dark\\) {\\n    :root {\\n    --accent: ${colors.accentDark};\\n    --accent-ink: ${colors.accentTextDark};\\n`));
        const washes = luminances(css, 'accent-wash');
        const tones = luminances(css, 'accent-tone');
        assert.equal(tones.length, 2);
        tones.forEach((tone, index) => {
            const [dark, light] = [tone, washes[index]].sort((a, b) => a - b);
            assert.ok((light + 0.05) / (dark + 0.05) >= 4.5, css);
        });
    }
});

/** @type {[string, object, string, RegExp][]} */
const BAD_CONFIGS = [
    ['colours that cannot be read', { colors: { ...COLORS, accentText: '#0a6a64' } }, 'DOCUMENT_FIELD_VALUE', /colors/],
    ['a colour that is none', { colors: { ...COLORS, accent: 'red' } }, 'DOCUMENT_', /colors\.accent/],
    ['raw CSS for a colour', { colors: { ...COLORS, accent: '#0a6a63;}*{display:none' } }, 'DOCUMENT_', /colors\.accent/],
    ['an unknown field', { style: 'body{}' }, 'DOCUMENT_FIELD_UNKNOWN', /style/],
    ['a place without https', { releases: ['http://cdn.acme.example/'] }, 'DOCUMENT_', /releases\[0\]/],
    ['a place that would end the policy', { releases: ['https://a.example;script-src */'] }, 'DOCUMENT_', /releases\[0\]/],
    ['a report address without https', { report: 'http://acme.example/' }, 'DOCUMENT_', /report/],
    ['a logo with a path', { logo: '../logo.svg' }, 'DOCUMENT_', /logo/],
    ['a logo of another kind', { logo: 'logo.html' }, 'DOCUMENT_', /logo/],
    ['a control character in the brand', { brand: 'A\u0007' }, 'DOCUMENT_', /brand/],
    ['no brand', { brand: undefined }, 'DOCUMENT_FIELD_MISSING', /brand/],
    ['keys, and unsigned releases too', { keys: [{ id: '0'.repeat(16), public: '0'.repeat(64) }] }, 'DOCUMENT_FIELD_VALUE', /unsigned|keys/],
];

for (const [what, changes, name, notice] of BAD_CONFIGS) {
    test(`refused: ${what}`, () => {
        const built = build({ changes });
        assert.ok(built.ending.error?.name.startsWith(name), built.stdout);
        assertRefused(built, built.ending.error.name, notice);
        assert.equal(built.code, 4);
        assert.ok(!existsSync(built.to));
    });
}

test('refused: what is no JSON, what is twice, what is not there', () => {
    const open = build({ text: '{' });
    assertRefused(open, 'DOCUMENT_SYNTAX', /^$/);
    assert.deepEqual([open.ending.error.offset, path.basename(open.ending.error.file)], [1, 'site.json']);
    assertRefused(build({ text: JSON.stringify(GOOD).replace('{', '{"brand":"B",') }), 'DOCUMENT_DUPLICATE_KEY', /^(brand)?$/);
    const nowhere = workspace.run(['site', 'build', workspace.path('x'), '--site', workspace.path('nowhere.json'), '--page', PAGE]);
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.stdout, /nowhere\.json cannot be read[^]*SITE_SOURCE_UNUSABLE/);
});

test('a logo takes the place of the icon', () => {
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
    const webp = Buffer.from(`RIFF\x10\0\0\0WEBPVP8L${'\0'.repeat(16)}`, 'latin1');
    for (const [name, bytes, type] of /** @type {const} */ ([['acme.svg', SVG, 'image/svg+xml'], ['a.png', png, 'image/png'],
        ['a.webp', webp, 'image/webp'], ['icon.svg', SVG, 'image/svg+xml']])) {
        const built = assertBuilt(build({ changes: { logo: name }, files: { [name]: bytes } }));
        assert.ok(built.read('index.html').includes(`<link rel="icon" href="${name}" type="${type}">`));
        assert.ok(built.read('index.html').includes(` src="${name}"`));
        assert.equal(JSON.parse(built.read('manifest.webmanifest')).icons[0].src, name);
        assert.ok(listIn(built.read('sw.js')).files.some((/** @type {any} */ file) => file.path === name));
        assert.deepEqual(readFileSync(path.join(built.to, name)), Buffer.from(bytes));
    }
});

test('a logo that a drawing program saved as a plain SVG is taken', () => {
    const svg = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created by somebody -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink='http://www.w3.org/1999/xlink' viewBox="0 0 8 8" xml:space="preserve">
<style><![CDATA[ .a > .b { fill: url(#c) } ]]></style><defs><linearGradient id="c"/><path id="p" d="M0 0h8v8z"/></defs>
<a href="#p"><use xlink:href="#p" class = "a"/></a><image href="data:image/png;base64,iVBORw0KGgo="/><text>on = yes</text>
</svg>\n`;
    const built = assertBuilt(build({ changes: { logo: 'a.svg' }, files: { 'a.svg': svg } }));
    assert.equal(built.read('a.svg'), svg);
});

/** @type {[string, string, string | Buffer | undefined][]} */
const BAD_LOGOS = [
    ['that is not there', 'a.svg', undefined],
    ['that is another kind', 'a.png', SVG],
    ['that is too large', 'a.svg', SVG.replace('<path', `<path class="${'x'.repeat(256 * 1024)}"`)],
    ['with a script', 'a.svg', SVG.replace('<path', '<SCRIPT>alert(1)</SCRIPT><path')],
    ['with a script by another name', 'a.svg', SVG.replace('<path', '<s:script>alert(1)</s:script><path')],
    ['with a handler', 'a.svg', SVG.replace('<path', '<path\nonload = "alert(1)"')],
    ['with a link that runs', 'a.svg', SVG.replace('<path', '<a href="JavaScript:alert(1)"/><path')],
    ['with a foreign object', 'a.svg', SVG.replace('<path', '<foreignObject/><path')],
    ['with an entity', 'a.svg', `<!DOCTYPE svg [<!ENTITY x "y">]>${SVG}`],
    ['with a definition of its own', 'a.svg', `<!DOCTYPE svg [<!ATTLIST a href CDATA "javascript:alert(1)">]>${SVG}`],
    ['with a link that says so in other signs', 'a.svg', SVG.replace('<path', '<a href="java&#115;cript:alert(1)"/><path')],
    ['with a link to somewhere', 'a.svg', SVG.replace('<path', "<a href = 'https://acme.example/'/><path")],
    ['with a link of the older kind', 'a.svg', SVG.replace('<path', '<a xlink:href="//acme.example/"/><path')],
    ['with a link that is made later', 'a.svg', SVG.replace('<path', '<a><set attributeName="xlink:href" to="data:x"/></a><path')],
    ['with a picture from elsewhere', 'a.svg', SVG.replace('<path', '<image href="data:text/html,x"/><path')],
    ['with elements of another kind', 'a.svg', SVG.replace('<svg', '<svg xmlns:h="http://www.w3.org/1999/xhtml"').replace('<path', '<h:p/><path')],
    ['with an element that has a prefix', 'a.svg', SVG.replace('<path', '<h:iframe src="x"/><path')],
    ['with another name space', 'a.svg', SVG.replace('<path', '<g xmlns="http://www.w3.org/1999/xhtml"/><path')],
    ['with a named name space', 'a.svg', SVG.replace('<path', '<g xmlns:h="http://www.w3.org/1999/xhtml"/><path')],
    ['with a style sheet', 'a.svg', `<?xml-stylesheet href="x.xsl" type="text/xsl"?>${SVG}`],
    ['with a handler that has a prefix', 'a.svg', SVG.replace('<path', '<path x:onload="alert(1)"')],
    ['with another encoding inside', 'a.svg', SVG.replace('<path', '<path class="\u001b$B"')],
    ['that ends in the middle', 'a.svg', SVG.slice(0, SVG.indexOf('/>'))],
    ['with a value without quotes', 'a.svg', SVG.replace('<path', '<path class=x')],
    ['in UTF-16', 'a.svg', Buffer.from(SVG, 'utf16le')],
    ['that is empty', 'a.svg', ''],
];

for (const [what, name, bytes] of BAD_LOGOS) {
    test(`refused: a logo ${what}`, () => {
        const built = build({ changes: { logo: name }, files: bytes === undefined ? {} : { [name]: bytes } });
        assertRefused(built, 'SITE_SOURCE_UNUSABLE', /The logo a\./);
        assert.ok(!existsSync(built.to));
    });
}

test('refused: a page that is none, that was built already, that holds a link', () => {
    const site = ['site', 'build', workspace.path('never')];
    const built = assertBuilt(build());
    const linked = workspace.path('linked');
    cpSync(PAGE, linked, { recursive: true });
    symlinkSync('/etc/passwd', path.join(linked, 'web/passwd.js'));
    for (const [page, notice] of /** @type {const} */ ([[workspace.path('nowhere'), /cannot be read/],
        [path.join(PAGE, 'web'), /not the page/], [built.to, /built already/], [linked, /passwd\.js is neither/]])) {
        const result = workspace.run([...site, '--page', page]);
        assert.equal(result.code, 2);
        assert.match(result.stdout.replace(/\s+/g, ' '), notice);
    }
    assert.ok(!existsSync(workspace.path('never')));
});

test('the page is found where it is installed; without it that is said', () => {
    const installed = workspace.path('prefix/bin/relock');
    mkdirSync(path.dirname(installed), { recursive: true });
    cpSync(binary, installed);
    const run = () => spawnSync(installed, ['site', 'build', workspace.path('installed')], { encoding: 'utf8' });
    const without = run();
    assert.equal(without.status, 2);
    assert.match(without.stdout.replace(/\s+/g, ' '), /are not installed with this relock.* --page/);
    cpSync(PAGE, workspace.path('prefix/share/relock/site'), { recursive: true });
    assert.equal(run().status, 0);
    assert.deepEqual(filesBelow(workspace.path('installed')).filter((name) => !/^[._4]/.test(name)), filesOfPage());
});

test('refused: a folder that cannot be made; words that mean nothing', () => {
    assertRefused(build({ folder: workspace.path('no/such/parent') }), 'SITE_NOT_BUILT', /cannot be made/);
    writeFileSync(workspace.path('file'), 'mine');
    assertRefused(build({ folder: workspace.path('file') }), 'SITE_NOT_BUILT', /cannot be used as a folder/);
    for (const words of [[], ['build'], ['check', 'x'], ['check', 'x', 'http://localhost/', 'y'], ['build', 'x', 'y'], ['build', 'x', '--sim', 'stm32f405'],
        ['build', 'x', '--site', '']]) {
        assert.equal(workspace.run(['site', ...words]).code, 2, words.join(' '));
    }
});
