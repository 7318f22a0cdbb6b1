// @ts-check
/** What the tests of firmware files share: programs of others, a program to convert, and what Relock says of a file. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Workspace } from '../cli/relock.mjs';

/** @typedef {{addr: string, bytes: number}} Segment */
/** @typedef {Record<string, any> & {segments: Segment[], crc32: number, format: string}} Image */

/** Code in flash at `origin`; its initialised data is copied to RAM, and so has two addresses. */
const SOURCE = `
__attribute__((section(".vectors"), used)) const unsigned vectors[16] = {0x20001000, VECTOR};
unsigned initialised = 0x12345678;
unsigned zeroed[100];
const char text[] = "read-only data";
int _start(void) { initialised++; zeroed[3] = initialised; return text[zeroed[1] % sizeof text]; }
`;

/** @param {number} origin */
const script = (origin) => `
MEMORY { FLASH (rx) : ORIGIN = ${origin}, LENGTH = 64K
         RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 16K }
SECTIONS {
  .vectors : { KEEP(*(.vectors)) } > FLASH
  .text : { *(.text*) } > FLASH
  .rodata : { *(.rodata*) } > FLASH
  .far ORIGIN(FLASH) + 0x4000 : { LONG(0xCAFEF00D) LONG(0xDEADBEEF) } > FLASH
  .data : { *(.data*) } > RAM AT > FLASH
  .bss : { *(.bss*) } > RAM
}
`;

export class Formats extends Workspace {
    /**
     * Runs a program of others in the workspace.
     * @param {string} program @param {string[]} args
     * @returns {string}
     */
    tool(program, ...args) {
        return execFileSync(program, args, { cwd: this.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    }

    /** @param {string} name @param {number} origin @param {string[]} flags @returns {string} the program's name */
    link(name, origin, ...flags) {
        writeFileSync(this.path(`${name}.c`), SOURCE);
        writeFileSync(this.path(`${name}.ld`), script(origin));
        this.tool('arm-none-eabi-gcc', '-mcpu=cortex-m4', '-mthumb', '-nostdlib', '-ffreestanding', `-DVECTOR=${origin + 0x41}`,
            '-T', `${name}.ld`, '-Wl,--no-warn-rwx-segments', ...flags, `${name}.c`, '-o', `${name}.elf`);
        return `${name}.elf`;
    }

    /** @param {string} file @param {string[]} more @returns {Image} */
    info(file, ...more) {
        const { events, code, error } = this.runJson(['image', 'info', file, ...more]);
        assert.equal(code, 0, `${file}: ${error}`);
        return /** @type {Image} */ (events.find(({ event }) => event === 'image'));
    }

    /** @param {string} file @param {string[]} more @returns {string | null} the error's name */
    refusal(file, ...more) {
        return this.runJson(['image', 'info', file, ...more]).error;
    }

    /** @param {string} from @param {string} to @param {string[]} more */
    convert(from, to, ...more) {
        const { code, error } = this.runJson(['image', 'convert', from, to, ...more]);
        assert.equal(code, 0, `${from} to ${to}: ${error}`);
    }

    /** The same data at the same addresses. @param {Image} one @param {Image} other */
    same(one, other) {
        assert.deepEqual(other.segments, one.segments);
        assert.equal(other.crc32, one.crc32);
    }
}
