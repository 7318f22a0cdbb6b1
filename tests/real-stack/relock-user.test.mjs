// @ts-check
/** Who may open a device: a plain user without the shipped udev rule, and with it, by each grant that it makes. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Guest, ROOT } from './guest.mjs';
import { LOCKED, RELOCK, Shell, assertUpdated, atBench } from './relock.mjs';

const guest = await Guest.join();
after(async () => {
    await asRoot('rm -f /etc/udev/rules.d/70-relock-stm32-dfu.rules; rm -rf /run/systemd/seats; udevadm control --reload');
    await guest.close();
});

/** As logind writes it: whose session is at the screen. The rule's tag is honoured by udev itself, from this file. */
const SEAT = ['IS_SEAT0=1', 'ACTIVE=c1', 'ACTIVE_UID=4711', 'SESSIONS=c1', 'UIDS=4711', ''].join('\n');
const MEMBER = ['setpriv', '--reuid=4711', '--regid=4711', '--groups=plugdev', RELOCK];

/** @param {string} script run as by an administrator, at the root of the checkout, where `sudo` asks for nothing */
async function asRoot(script) {
    const done = await guest.run(['sh', '-c', `sudo() { "$@"; }; ${script}`], { cwd: ROOT });
    assert.equal(done.code, 0, done.output);
}

/** What is printed between backticks: the commands that help. @param {string} text */
function commandsIn(text) {
    const commands = /`(sudo [^`]+)`/.exec(text.replace(/\s+/g, ' '));
    assert.ok(commands, text);
    return commands[1];
}

test('without the rule it is named, and with it, installed as printed, the device opens', async () => {
    await atBench(guest, [{ profile: 'stm32l432' }], async ({ device }) => {
        const customer = await Shell.open(guest, { user: 'customer' });
        const refused = await customer.say(['info']);
        assert.equal(refused.code, 3, refused.text);
        assert.match(refused.text, /NO_PERMISSION/);
        assert.match(refused.text, /70-relock-stm32-dfu\.rules/);
        const listed = await customer.say(['list', '--json']);
        assert.match(listed.text, /"error":"NO_PERMISSION"/);

        await asRoot(`${commandsIn(refused.text)} && udevadm settle`);
        assert.equal((await customer.say(['info'])).code, 3, 'somebody without a seat and without the group got in');
        const member = (await Shell.open(guest)).start(['info'], MEMBER);
        assert.equal((await member.end).code, 0, `a member of plugdev: ${member.output}`);

        await guest.write('/run/systemd/seats/seat0', SEAT);
        await asRoot('udevadm trigger && udevadm settle');
        const seated = await customer.job([...LOCKED, '--wait', '60'], device);
        assert.equal(seated.code, 0, `the user at the screen: ${seated.output}`);
        await assertUpdated(device);
    });
});
