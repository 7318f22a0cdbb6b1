// @ts-check
// serve.mjs [--port N] [--host ADDRESS] [FOLDER]: serves the page or a built site, with the headers that it wants.
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** @type {Record<string, string>} */
const TYPES = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.mjs': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.json': 'application/json; charset=utf-8',
    '.sig': 'application/json; charset=utf-8',
    '.webmanifest': 'application/manifest+json; charset=utf-8',
    '.wasm': 'application/wasm',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.jpg': 'image/jpeg',
    '.jpeg': 'image/jpeg',
    '.webp': 'image/webp',
    '.ico': 'image/x-icon',
    '.hex': 'text/plain; charset=utf-8',
    '.txt': 'text/plain; charset=utf-8',
};

/** @type {Record<string, string>} what even a page that was not built into a site (no _headers) must have */
const HEADERS = {
    // The rest of the policy is in the page itself; a <meta> cannot forbid framing.
    'Content-Security-Policy': "frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-cache',
};

// What is for hosts, not for visitors: _headers, _nginx.conf, .relock-site.
const NOT_SERVED = /\/[._]/;

/**
 * @param {string} root the served folder
 * @returns {Promise<Record<string, string>>} what its _headers says for all files
 */
async function headersOf(root) {
    const text = await readFile(join(root, '_headers'), 'utf8').catch(() => null);
    if (text === null) {
        return HEADERS;
    }
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    if (lines.shift() !== '/*' || !lines.every((line) => /^ {2}[\w-]+: ./.test(line))) {
        throw new Error(`${join(root, '_headers')} is not what \`relock site build\` writes`);
    }
    return Object.fromEntries(lines.map((line) => [line.slice(2, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
}

/**
 * Finds the file that a request names.
 * @param {string} root the served folder, as an absolute real path
 * @param {string} url the path and query of a request
 * @returns {Promise<{path: string, size: number} | null>} null if there is no such file inside the folder
 */
async function findFile(root, url) {
    try {
        const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
        if (NOT_SERVED.test(path)) {
            return null;
        }
        const file = await realpath(join(root, path.endsWith('/') ? `${path}index.html` : path));
        const found = await stat(file);
        return file.startsWith(root + sep) && found.isFile() ? { path: file, size: found.size } : null;
    } catch {
        return null;
    }
}

/**
 * Answers one request.
 * @param {{root: string, headers: Record<string, string>}} served the folder, as an absolute real path; its headers
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer({ root, headers }, request, response) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { ...headers, Allow: 'GET, HEAD' }).end();
        return;
    }
    const file = await findFile(root, request.url ?? '/');
    if (!file) {
        response.writeHead(404, { ...headers, 'Content-Type': 'text/plain' }).end('Not found\n');
        return;
    }
    const type = TYPES[extname(file.path)] ?? 'application/octet-stream';
    response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': file.size });
    if (request.method === 'HEAD') {
        response.end();
    } else {
        createReadStream(file.path).pipe(response);
    }
}

/**
 * Serves a folder over HTTP.
 * @param {{folder: string, port?: number, host?: string}} options port 0 (the default) takes any free one
 * @returns {Promise<{port: number, close: () => Promise<void>}>} rejects if the port cannot be had
 */
export async function serve({ folder, port = 0, host = '127.0.0.1' }) {
    const root = await realpath(resolve(folder));
    const served = { root, headers: await headersOf(root) };
    const server = createServer((request, response) => void answer(served, request, response));
    await new Promise((listening, failed) => {
        server.once('error', failed);
        server.listen(port, host, () => listening(undefined));
    });
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    const close = () => new Promise((closed) => {
        server.close(() => closed(undefined));
        server.closeAllConnections();
    });
    return { port: address.port, close: /** @type {() => Promise<void>} */ (close) };
}

/**
 * @param {any} error why the server did not start
 * @param {string} port the port that was asked for
 * @returns {string} the same for a person
 */
function explain(error, port) {
    /** @type {Record<string, string>} */
    const reasons = {
        EADDRINUSE: `port ${port} is in use; choose another one with --port N`,
        EACCES: `port ${port} is not allowed for you; choose one above 1023 with --port N`,
        ENOENT: `${error.path} is not there; build it first (./scripts/demo does)`,
    };
    return reasons[error.code] ?? error.message;
}

async function main() {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: { port: { type: 'string', default: '8000' }, host: { type: 'string', default: '127.0.0.1' } },
    });
    const { port = '8000', host } = values;
    try {
        await serve({ folder: positionals[0] ?? 'build/wasm/site', port: Number(port), host });
        console.log(`Relock is at http://localhost:${port}/`);
    } catch (error) {
        console.error(`serve: ${explain(error, port)}`);
        process.exitCode = 1;
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    await main();
}
