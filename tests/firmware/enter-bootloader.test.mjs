// @ts-check
// examples/enter-bootloader: compiles for each family, without a warning; the machine code of the way into the ROM; and
// which devices it lets go there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const EXAMPLE = 'examples/enter-bootloader';
const WARNINGS = ['-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Wstrict-prototypes', '-Wmissing-prototypes', '-Werror'];
const SOURCES = ['bootloader_entry.c', 'bootloader_judge.c', 'example_main.c'].map((name) => join(EXAMPLE, name));
const VTOR = 0xe000ed08;
const AIRCR_RESET = 0x05fa0004;
const USB_REGISTERS = new Set([0x50000804, 0x40005c58, 0x40006858]);

// System memory: AN2606 Rev 70, Table 226.
const FAMILIES = [
    { name: 'STM32F04X', core: 'cortex-m0', rom: 0x1fffc400, syscfg: 0x40010000, hasEmptyCheck: true, bounces: true },
    { name: 'STM32F07X', core: 'cortex-m0', rom: 0x1fffc800, syscfg: 0x40010000, hasEmptyCheck: false, bounces: false },
    { name: 'STM32F405', core: 'cortex-m4', rom: 0x1fff0000, syscfg: 0x40013800, hasEmptyCheck: false, bounces: false },
    { name: 'STM32L4', core: 'cortex-m4', rom: 0x1fff0000, syscfg: 0x40010000, hasEmptyCheck: true, bounces: false },
    { name: 'STM32L4', core: 'cortex-m4', rom: 0x1fff0000, syscfg: 0x40010000, hasEmptyCheck: true, bounces: false,
        flags: ['-DHAS_OTG=1'] },
    { name: 'STM32L47X', core: 'cortex-m4', rom: 0x1fff0000, syscfg: 0x40010000, hasEmptyCheck: false, bounces: false },
];

const work = mkdtempSync(join(tmpdir(), 'relock-enter-'));
after(() => rmSync(work, { recursive: true }));

/** @param {string} program @param {string[]} args @returns {string} */
const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** @param {typeof FAMILIES[number]} family @param {string} level @returns {string} the name of the program */
function link({ name, core, flags = [] }, level) {
    const elf = join(work, `${name}${flags.length}${level}.elf`);
    run('arm-none-eabi-gcc', '-std=c11', `-mcpu=${core}`, '-mthumb', level, ...WARNINGS, '-ffreestanding', '-nostdlib', '-nostartfiles',
        `-DFAMILY_${name}`, ...flags, ...SOURCES, '-T', join(EXAMPLE, 'example.ld'), '-Wl,--build-id=none,--fatal-warnings', '-o', elf);
    return elf;
}

/** @param {string} elf @param {string} symbol @returns {string[]} its instructions, as "mnemonic operands" */
function instructions(elf, symbol) {
    const text = run('arm-none-eabi-objdump', '-d', '--no-show-raw-insn', `--disassemble=${symbol}`, elf);
    return text.split('\n').map((line) => /^\s*[0-9a-f]+:\s+(.*)$/.exec(line)?.[1].replaceAll('\t', ' ') ?? '').filter((line) => line);
}

/** @param {string[]} lines @returns {string[]} the four instructions from the load of MSP on */
function jumpOf(lines) {
    const start = lines.findIndex((line) => line.startsWith('msr MSP'));
    assert.ok(start >= 0, 'MSP is not loaded');
    return lines.slice(start, start + 4);
}

/**
 * @param {string} elf compiled without optimisation: each constant that is no small one is a word of its own
 * @returns {Set<number>}
 */
function constants(elf) {
    const text = run('arm-none-eabi-objdump', '-d', elf);
    return new Set([...text.matchAll(/\.word\s+0x([0-9a-f]{8})/g)].map(([, word]) => Number.parseInt(word, 16)));
}

for (const family of FAMILIES) {
    const title = [family.name, ...family.flags ?? []].join(' ');
    test(`${title}: the jump loads MSP, enables interrupts and branches, with nothing between`, () => {
        const lines = instructions(link(family, '-Os'), 'bootloader_enter_if_requested');
        const [load, barrier, enable, branch] = jumpOf(lines);
        assert.match(load, /^msr MSP, r\d+$/);
        assert.match(barrier, /^isb/);
        assert.equal(enable, 'cpsie i');
        assert.match(branch, /^bx r\d+$/);
        assert.notEqual(load.split(' ').at(-1), branch.split(' ').at(-1), 'stack and entry are two words');
        assert.ok(lines.findIndex((line) => line === 'cpsid i') < lines.indexOf(load), 'interrupts are off until then');
        assert.match(lines.slice(0, lines.indexOf(load)).join('\n'), /dsb[\s\S]*isb/);
    });

    test(`${title}: goes to this family's system memory and no other`, () => {
        const found = constants(link(family, '-O0'));
        const roms = new Set(FAMILIES.map(({ rom }) => rom));
        assert.deepEqual([...roms].filter((rom) => found.has(rom)), [family.rom]);
        assert.ok(found.has(family.syscfg), 'system memory is mapped to address 0');
        assert.equal(found.has(VTOR), family.core === 'cortex-m4', 'Cortex-M0 has no VTOR');
        assert.ok(found.has(AIRCR_RESET), 'the request resets');
        const isOtg = family.name === 'STM32F405' || family.name === 'STM32L47X' || family.flags !== undefined;
        assert.deepEqual([...USB_REGISTERS].filter((register) => found.has(register)),
            [isOtg ? 0x50000804 : family.core === 'cortex-m0' ? 0x40005c58 : 0x40006858], 'USB is taken off the bus');
    });

    test(`${title}: the reset handler asks before it copies anything`, () => {
        const [first] = instructions(link(family, '-Os'), 'reset_handler').filter((line) => !line.startsWith('push'));
        assert.match(first, /^bl .*<bootloader_enter_if_requested>/);
    });

    test(`${title}: the note stands in RAM that startup code leaves alone`, () => {
        const symbols = run('arm-none-eabi-nm', '--format=posix', link(family, '-Os'));
        const address = (/** @type {string} */ name) => Number.parseInt(
            new RegExp(`^${name} \\w ([0-9a-f]+)`, 'm').exec(symbols)?.[1] ?? '', 16);
        for (const name of ['note', 'note_inverted']) {
            assert.ok(address(name) >= address('bss_end') && address(name) < 0x20001800, `${name} at ${address(name)}`);
        }
    });
}

test('without a family it does not compile', () => {
    assert.throws(() => run('arm-none-eabi-gcc', '-mcpu=cortex-m0', '-mthumb', '-ffreestanding', '-c', SOURCES[0], '-o', '/dev/null'),
        /say which family it is/);
});

/** @param {{hasEmptyCheck: boolean, bounces: boolean}} family @param {number} level @param {boolean} isHigh */
function expected({ hasEmptyCheck, bounces }, level, isHigh) {
    if (level === 2) {
        return 'ENTRY_REFUSED_LEVEL_2';
    }
    if (isHigh) {
        return 'ENTRY_BY_RESET';
    }
    if (bounces) {
        return 'ENTRY_REFUSED_BOUNCES';
    }
    return level === 1 && !hasEmptyCheck ? 'ENTRY_REFUSED_STRANDS' : 'ENTRY_BY_JUMP';
}

test('no protected device without a way back is sent into its ROM', () => {
    const source = join(work, 'judge.c');
    const cases = FAMILIES.flatMap((family) => [0, 1, 2].flatMap((level) =>
        [false, true].map((isHigh) => ({ family, level, isHigh }))));
    writeFileSync(source, `#include "bootloader_entry.h"\n#include <stdio.h>\nint main(void)\n{\n${cases.map(({ family, level, isHigh }) =>
        `    printf("%d\\n", bootloader_judge(${level}, ${isHigh}, (struct bootloader_family){${family.hasEmptyCheck}, ${family.bounces}})`
        + ` == ${expected(family, level, isHigh)});\n`).join('')}}\n`);
    const program = join(work, 'judge');
    run('cc', '-std=c11', ...WARNINGS, `-I${EXAMPLE}`, source, join(EXAMPLE, 'bootloader_judge.c'), '-o', program);
    assert.equal(run(program), '1\n'.repeat(cases.length));
    const stranded = cases.filter(({ family, level, isHigh }) => level === 1 && !isHigh && !family.hasEmptyCheck);
    assert.ok(stranded.length === 3 && stranded.every(({ family, level, isHigh }) => expected(family, level, isHigh) !== 'ENTRY_BY_JUMP'));
});
