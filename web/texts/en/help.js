// @ts-check
// What stands beside every first screen: which browser, which driver. web/help/help.js says which of it belongs where;
// docs/troubleshooting.md is made from both.

export const TEXTS = {
    'step.tryAgain': 'Try again',
    'step.backToStart': 'Back to the start',
    'start.noUsb': 'This browser cannot reach USB devices.',
    'start.noUsbDo': 'Open this page in Chrome, Edge, Opera or Brave, on a computer, a Chromebook or Android. Or use the command line:',
    'start.insecure': 'This page was opened without https, so the browser does not let it reach USB devices.',
    'start.insecureDo': 'Open it at an address that begins with https, or serve it on this computer and open it at http://localhost. Or use the command line:',
    'start.noJournal': 'What this browser remembers cannot be read.',
    'start.noJournalDo': 'If a job was interrupted, this page cannot tell. Use a normal window, not a private one, make room on the disk, then reload.',
    'start.workTitle': 'Update a device',
    'start.leave': 'Leave and go back to the start',

    'help.youSee': 'What you will see:',

    'help.setup.windows': 'On Windows, once: the WinUSB driver',
    'help.setup.windowsWhy': 'Do this before you start. Windows cannot use a device in DFU mode until it has been given the driver WinUSB. It takes two minutes, needs an administrator, and changes nothing in the device.',
    'help.windows.plug': 'Plug the device in while it is in DFU mode.',
    'help.windows.plugSee': 'Windows makes its sound for a new device. In the Device Manager it may have a yellow triangle. That is as it should be: it has no driver yet.',
    'help.windows.zadig': 'Get Zadig from zadig.akeo.ie and start it. It is a free program and is not installed.',
    'help.windows.zadigSee': 'Windows asks whether Zadig may make changes to this computer. Say yes.',
    'help.windows.choose': 'In Zadig open “Options”, tick “List All Devices”, and choose “STM32 BOOTLOADER” or “DFU in FS Mode” from the list.',
    'help.windows.chooseSee': 'Beside “USB ID” stands 0483 DF11. If other numbers stand there, another device is chosen: change nothing, and look for the right one in the list.',
    'help.windows.install': 'Beside the green arrow choose “WinUSB”. Press “Install Driver” or “Replace Driver”.',
    'help.windows.installSee': 'It takes up to a minute. Then Zadig says that the driver was installed.',
    'help.windows.replug': 'Close Zadig, unplug the device, and plug it in again in DFU mode.',
    'help.windows.replugSee': 'The list that the browser opens now has the device in it. Windows remembers the driver; you need not do this again.',
    'help.windows.cube': 'If STM32CubeProgrammer is installed, its driver works too. An old driver of ST’s program DfuSe does not: replace it in this way.',

    'help.setup.linux': 'On Linux, once: the permission to use the device',
    'help.linux.rule': 'Linux needs a rule that lets you use the device. Enter this once in a terminal:',
    'help.linux.ruleLabel': 'the command that adds the udev rule',
    'help.linux.ruleSee': 'It asks for your password and writes the rule to the screen. Then replug the device.',
    'help.linux.snap': 'If your browser is a snap, as on Ubuntu, let it use USB devices too. For another browser than Chromium put its name in the place of “chromium”:',
    'help.linux.snapLabel': 'the command for the snap',
    'help.linux.remote': 'The rule lets in whoever sits at the screen. Over ssh or remote desktop be a member of the group plugdev.',

    'help.setup.chromeos': 'On ChromeOS',
    'help.chromeos.share': 'A device can be given to Android or Linux instead of the browser. Open Settings, then “Manage USB devices”, switch the device off for both, and replug it.',
    'help.chromeos.managed': 'A Chromebook of a school or a company may forbid USB devices. Then use another computer.',

    'help.setup.android': 'On Android',
    'help.android.adapter': 'Use a USB-C cable or an OTG adapter that carries data. Some phones need OTG to be switched on in their settings.',
    'help.android.app': 'If Android asks which app shall open the device, choose none. Then allow it in the browser.',
    'help.android.power': 'A phone gives little power. If the device needs much, put a hub with its own supply between them.',

    'help.setup.macos': 'On macOS',
    'help.macos.driver': 'macOS needs no driver. If another program uses the device (STM32CubeProgrammer, a virtual machine), close it, and replug the device.',
    'help.macos.allow': 'A newer Mac may ask whether the accessory may connect: allow it.',

    'help.browser.computer': 'Use Chrome, Edge, Opera or Brave, on a computer. Firefox and Safari cannot reach USB devices.',
    'help.browser.linux': 'Use Chrome, Chromium, Edge, Opera or Brave. Firefox cannot reach USB devices.',
    'help.browser.chromeos': 'Use Chrome, which is on this Chromebook.',
    'help.browser.android': 'Use Chrome. Firefox on Android cannot reach USB devices.',
    'help.browser.ios': 'No browser on an iPhone or iPad can reach USB devices. Open this page on a computer, a Chromebook or an Android phone.',

    'help.tree.title': 'The device does not show up',
};
