// @ts-check
/**
 * Starts a guest and keeps it until Ctrl-C, for work on these tests: prints the RELOCK_GUEST that `node --test` wants.
 * boot.mjs [NAME [-- COMMAND…]]: with a command, runs it with RELOCK_GUEST set, then powers off; its exit code.
 */

import { spawn } from 'node:child_process';
import { Guest } from './guest.mjs';

const [name = 'guest', , ...command] = process.argv.slice(2);
const began = Date.now();
const guest = await Guest.boot(name);
console.log(`guest: booted in ${((Date.now() - began) / 1000).toFixed(0)} s; RELOCK_GUEST=${guest.name}`);

const code = await new Promise((resolve) => {
    process.on('SIGINT', () => resolve(130));
    process.on('SIGTERM', () => resolve(143));
    if (command.length > 0) {
        const child = spawn(command[0], command.slice(1), {
            stdio: 'inherit', env: { ...process.env, RELOCK_GUEST: guest.name } });
        child.on('close', (status) => resolve(status ?? 1));
    }
});
await guest.turnOff();
process.exit(code);
