// @ts-check
// sizes.mjs SITE: raw and gzip bytes of the wasm files and of what a first visit to the built page loads.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, normalize, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Files that name other files. A service worker's list is fetched after the visit, so it is not followed. */
const FOLLOWED = new Set(['.html', '.js', '.css', '.webmanifest']);
const REFERENCE = /["'(]([\w./-]+\.(?:js|css|wasm|svg|png|ico|webmanifest|json))["')]/g;
const SIMULATOR = /(^|\/)sim(ulat\w*)?[-.\w]*\.(js|wasm)$/;

const site = process.argv[2];

/**
 * @param {string} file a file of the site
 * @returns {string[]} the site's files that it names
 */
function references(file) {
    const names = [...readFileSync(file, 'utf8').matchAll(REFERENCE)].map((match) => match[1]);
    const paths = names.map((name) => normalize(join(dirname(file), name)));
    return paths.filter((path) => existsSync(path) && statSync(path).isFile());
}

/**
 * @param {string[]} start files that are loaded for sure
 * @returns {string[]} they and all that they load, directly or not
 */
function firstVisit(start) {
    const found = new Set(start);
    for (const file of found) {
        const follow = FOLLOWED.has(extname(file)) && !/service-?worker|(^|\/)sw\.js$/.test(file);
        (follow ? references(file) : []).forEach((path) => found.add(path));
    }
    return [...found];
}

/**
 * @param {string} title
 * @param {string[]} files
 */
function report(title, files) {
    const contents = files.map((file) => readFileSync(file));
    const raw = contents.reduce((sum, bytes) => sum + bytes.length, 0);
    const packed = contents.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0);
    console.log(`${title.padEnd(40)} ${String(raw).padStart(8)} bytes  ${String(packed).padStart(8)} gzip`);
}

// The page makes up these names when it runs, so they cannot be found in its text.
const wasmFiles = ['documents.wasm', 'relock.wasm', 'sim.wasm'].map((name) => join(site, name))
    .filter((file) => existsSync(file));
wasmFiles.forEach((file) => report(relative(site, file), [file]));
const page = join(site, 'index.html');
if (existsSync(page)) {
    const visit = firstVisit([page, ...wasmFiles]);
    const parts = [visit.filter((file) => !SIMULATOR.test(file)), visit.filter((file) => SIMULATOR.test(file))];
    report(`first visit (${parts[0].length} files)`, parts[0]);
    report(`simulator, apart (${parts[1].length} files)`, parts[1]);
    visit.sort().forEach((file) => report(`  ${relative(site, file)}`, [file]));
}
