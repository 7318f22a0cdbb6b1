// @ts-check
// "The device does not show up": questions, and what to try. web/help/help-tree.js says what leads where.

export const TEXTS = {
    'help.tree.back': 'Back',
    'help.tree.again': 'From the beginning',
    'help.tree.yes': 'Yes',
    'help.tree.no': 'No',
    'help.tree.unsure': 'I do not know',
    'help.tree.done': 'It shows up now',
    'help.tree.still': 'It still does not',

    'help.tree.cable.ask': 'Has this cable carried data before?',
    'help.tree.cable.note': 'For example photos from a telephone. Many cables only charge, and look the same.',
    'help.tree.cable.do': 'Take another cable, as short as you have, and another port of the computer. Use no extension and no monitor. Then plug the device in again, in DFU mode.',
    'help.tree.boot0.ask': 'Was BOOT0 held at the moment when the device got its power?',
    'help.tree.boot0.note': 'The chip looks at BOOT0 once, as it starts. If the device has a battery or another supply, it had started before you plugged it in. Some devices are brought into DFU mode in another way; their maker says how.',
    'help.tree.boot0.do': 'Unplug the device and take out its battery. Press and hold BOOT0, plug the device in, and keep holding for three seconds. A device in DFU mode shows nothing on its screen, as a rule.',
    'help.tree.port.ask': 'Is the device plugged into a USB 3 port, or is nothing between it and the computer?',
    'help.tree.port.note': 'USB 3 ports are often blue or marked SS. On some computers they are too fast for the timing of this chip’s bootloader.',
    'help.tree.port.do': 'Put a USB 2 hub between device and computer, and plug the device in again, in DFU mode. This helps often.',
    'help.tree.crystal.ask': 'Has this device ever shown up in DFU mode, on any computer?',
    'help.tree.crystal.note': 'Some chips need a crystal on their board for USB. If there is none, or one that the bootloader cannot use, the device never shows up.',
    'help.tree.crystal.do': 'Let the device come to room temperature, and try it on another computer. If it does not show up there either, its maker must say whether it can be updated over USB.',
    'help.tree.taken.ask': 'Could another program be using the device?',
    'help.tree.taken.note': 'STM32CubeProgrammer, a configurator, a virtual machine, or another tab with this page.',
    'help.tree.taken.do': 'Close these programs and tabs, unplug the device, and plug it in again, in DFU mode.',
    'help.tree.level2.ask': 'Does the device work as usual when BOOT0 is not held?',
    'help.tree.level2.note': 'A device that was locked for ever (RDP level 2) works, and never shows up in DFU mode. No program and no tool can change that.',
    'help.tree.level2.do': 'It may be locked for ever, or its BOOT0 may be switched off by its maker. Nothing is broken: it goes on working with the firmware that it has. Only its maker can tell more.',
    'help.tree.dead.do': 'The device does not start at all. If an update was begun on it before, its flash may be empty: with BOOT0 held it can be brought back. Otherwise it may be broken.',
    'help.tree.found.do': 'Good. Now connect it with the button of this page.',
    'help.tree.maker.do': 'Everything that can be tried from here was tried. Ask the maker of the device, and say what you have tried.',
};
