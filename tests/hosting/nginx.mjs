// @ts-check
// Debian's nginx, by itself: a configuration, ports and a folder of its own, with nothing of the system's.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = '/usr/sbin/nginx';
const PATIENCE_MS = 10000;
const AGAIN_MS = 50;

/** @returns {Promise<number>} a port that is free now */
async function freePort() {
    const server = createServer();
    await new Promise((resolve) => {
        server.listen(0, '127.0.0.1', () => resolve(undefined));
    });
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    await new Promise((resolve) => server.close(resolve));
    return port;
}

/** @param {string} folder @param {string} servers @returns {string} a whole nginx.conf */
const configuration = (folder, servers) => `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log stderr notice;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    ${servers}
}
`;

/** @param {string} url @param {() => string | null} ended why the server is not running any more */
async function untilItAnswers(url, ended) {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await fetch(url).then(() => true, () => false))) {
        assert.equal(ended(), null);
        assert.ok(Date.now() < deadline, `nginx does not answer at ${url}`);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
}

/**
 * Starts nginx with these servers, one after the other on ports of their own.
 * @param {string[]} servers what is inside of each `server { … }`
 * @returns {Promise<{ports: number[], close: () => Promise<void>}>}
 */
export async function openNginx(servers) {
    assert.ok(existsSync(PROGRAM), 'Debian\'s nginx is not installed: ./scripts/setup hosting');
    const folder = mkdtempSync(join(tmpdir(), 'relock-nginx-'));
    // Started by root, its workers are somebody else.
    chmodSync(folder, 0o755);
    const ports = await Promise.all(servers.map(freePort));
    const texts = servers.map((inside, index) => `server { listen 127.0.0.1:${ports[index]}; server_name localhost; ${inside} }`);
    writeFileSync(join(folder, 'nginx.conf'), configuration(folder, texts.join('\n')));
    const child = spawn(PROGRAM, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr']);
    let said = '';
    child.stderr.on('data', (bytes) => {
        said += bytes;
    });
    const end = new Promise((resolve) => child.once('close', resolve));
    const close = async () => {
        child.kill('SIGTERM');
        await end;
        rmSync(folder, { recursive: true, force: true });
    };
    try {
        await untilItAnswers(`http://localhost:${ports[0]}/`, () => (child.exitCode === null ? null : said));
    } catch (error) {
        await close();
        throw error;
    }
    return { ports, close };
}
