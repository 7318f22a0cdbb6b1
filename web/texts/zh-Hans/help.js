// @ts-check

export const TEXTS = {
    'step.tryAgain': '重试',
    'step.backToStart': '返回开始页面',
    'start.noUsb': '此浏览器无法访问 USB 设备。',
    'start.noUsbDo': '请在电脑、Chromebook 或 Android 上用 Chrome、Edge、Opera 或 Brave 打开本页面。也可以使用命令行：',
    'start.insecure': '本页面不是通过 https 打开的，因此浏览器不允许它访问 USB 设备。',
    'start.insecureDo': '请用以 https 开头的地址打开，或在本机上提供此页面并通过 http://localhost 打开。也可以使用命令行：',
    'start.noJournal': '无法读取此浏览器记住的内容。',
    'start.noJournalDo': '如果有任务被中断，本页面无从得知。请使用普通窗口而不是隐私窗口，腾出磁盘空间，然后重新加载。',
    'start.workTitle': '更新设备',
    'start.leave': '离开并返回开始页面',

    'help.youSee': '您会看到：',

    'help.setup.windows': '在 Windows 上，只需一次：WinUSB 驱动程序',
    'help.setup.windowsWhy': '请在开始之前完成。Windows 必须先获得 WinUSB 驱动程序，才能使用处于 DFU 模式的设备。这需要两分钟和管理员权限，不会更改设备中的任何内容。',
    'help.windows.plug': '让设备以 DFU 模式插入。',
    'help.windows.plugSee': 'Windows 会发出新设备的提示音。在设备管理器中，它可能带有黄色三角形。这是正常的：它还没有驱动程序。',
    'help.windows.zadig': '从 zadig.akeo.ie 下载 Zadig 并运行。它是免费程序，无需安装。',
    'help.windows.zadigSee': 'Windows 会询问是否允许 Zadig 更改这台电脑。请选择“是”。',
    'help.windows.choose': '在 Zadig 中打开“Options”，勾选“List All Devices”，然后从列表中选择“STM32 BOOTLOADER”或“DFU in FS Mode”。',
    'help.windows.chooseSee': '“USB ID”旁边显示 0483 DF11。如果显示的是其他数字，说明选中了别的设备：不要更改任何内容，请在列表中寻找正确的设备。',
    'help.windows.install': '在绿色箭头旁选择“WinUSB”。按下“Install Driver”或“Replace Driver”。',
    'help.windows.installSee': '最多需要一分钟。之后 Zadig 会提示驱动程序已安装。',
    'help.windows.replug': '关闭 Zadig，拔下设备，再让它以 DFU 模式重新插入。',
    'help.windows.replugSee': '浏览器打开的列表中现在会有该设备。Windows 会记住驱动程序；您无需再次操作。',
    'help.windows.cube': '如果已安装 STM32CubeProgrammer，它的驱动程序也可以使用。ST 的 DfuSe 程序的旧驱动程序不行：请按此方法替换它。',

    'help.setup.linux': '在 Linux 上，只需一次：使用设备的权限',
    'help.linux.rule': 'Linux 需要一条允许您使用该设备的规则。请在终端中输入一次：',
    'help.linux.ruleLabel': '添加 udev 规则的命令',
    'help.linux.ruleSee': '它会要求输入您的密码，并在屏幕上显示规则。之后请重新插入设备。',
    'help.linux.snap': '如果您的浏览器是 snap（例如在 Ubuntu 上），也请允许它使用 USB 设备。如果不是 Chromium，请把“chromium”换成该浏览器的名称：',
    'help.linux.snapLabel': '用于 snap 的命令',
    'help.linux.remote': '该规则只对坐在屏幕前的用户有效。通过 ssh 或远程桌面使用时，必须是 plugdev 组的成员。',

    'help.setup.chromeos': '在 ChromeOS 上',
    'help.chromeos.share': '设备可能被分配给 Android 或 Linux，而不是浏览器。请打开“设置”，再打开“管理 USB 设备”，在两者中都关闭该设备，然后重新插入。',
    'help.chromeos.managed': '学校或公司的 Chromebook 可能禁止使用 USB 设备。这时请换一台电脑。',

    'help.setup.android': '在 Android 上',
    'help.android.adapter': '请使用能传输数据的 USB-C 线或 OTG 转接头。有些手机需要在设置中开启 OTG。',
    'help.android.app': '如果 Android 询问用哪个应用打开设备，请不要选择任何应用。然后在浏览器中允许使用。',
    'help.android.power': '手机供电能力有限。如果设备耗电较大，请在两者之间接一个自带电源的集线器。',

    'help.setup.macos': '在 macOS 上',
    'help.macos.driver': 'macOS 不需要驱动程序。如果有其他程序正在使用该设备（STM32CubeProgrammer、虚拟机），请将其关闭，然后重新插入设备。',
    'help.macos.allow': '较新的 Mac 可能会询问是否允许连接配件：请允许。',

    'help.browser.computer': '请在电脑上使用 Chrome、Edge、Opera 或 Brave。Firefox 和 Safari 无法访问 USB 设备。',
    'help.browser.linux': '请使用 Chrome、Chromium、Edge、Opera 或 Brave。Firefox 无法访问 USB 设备。',
    'help.browser.chromeos': '请使用这台 Chromebook 上的 Chrome。',
    'help.browser.android': '请使用 Chrome。Android 上的 Firefox 无法访问 USB 设备。',
    'help.browser.ios': 'iPhone 和 iPad 上的任何浏览器都无法访问 USB 设备。请在电脑、Chromebook 或 Android 手机上打开本页面。',

    'help.tree.title': '设备没有出现',
};
