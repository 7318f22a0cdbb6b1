// @ts-check

export const TEXTS = {
    'step.tryAgain': 'もう一度試す',
    'step.backToStart': '最初に戻る',
    'start.noUsb': 'このブラウザーは USB デバイスを使用できません。',
    'start.noUsbDo': 'パソコン、Chromebook、または Android の Chrome、Edge、Opera、Brave でこのページを開いてください。コマンドラインも使用できます。',
    'start.insecure': 'このページは https で開かれていないため、ブラウザーは USB デバイスの使用を許可しません。',
    'start.insecureDo': 'https で始まるアドレスで開くか、このパソコンで公開して http://localhost で開いてください。コマンドラインも使用できます。',
    'start.noJournal': 'このブラウザーに保存された記録を読み取れません。',
    'start.noJournalDo': '作業が中断されていても、このページには分かりません。プライベートウィンドウではなく通常のウィンドウを使い、ディスクの空きを増やしてから、再読み込みしてください。',
    'start.workTitle': 'デバイスを更新する',
    'start.leave': '中止して最初に戻る',

    'help.youSee': '次のように表示されます：',

    'help.setup.windows': 'Windows で一度だけ：WinUSB ドライバー',
    'help.setup.windowsWhy': '始める前に行ってください。Windows は、WinUSB ドライバーが設定されるまで、DFU モードのデバイスを使用できません。所要時間は 2 分で、管理者の権限が必要です。デバイスの中身は何も変わりません。',
    'help.windows.plug': 'デバイスを DFU モードで接続してください。',
    'help.windows.plugSee': 'Windows で、新しいデバイスの通知音が鳴ります。デバイスマネージャーで黄色い三角形が付いていることがありますが、まだドライバーがないためで、問題ありません。',
    'help.windows.zadig': 'zadig.akeo.ie から Zadig を入手して起動してください。無料のプログラムで、インストールは不要です。',
    'help.windows.zadigSee': 'Zadig がこのパソコンに変更を加えてもよいかと、Windows に尋ねられます。「はい」と答えてください。',
    'help.windows.choose': 'Zadig で「Options」を開き、「List All Devices」にチェックを入れて、一覧から「STM32 BOOTLOADER」または「DFU in FS Mode」を選んでください。',
    'help.windows.chooseSee': '「USB ID」の横に 0483 DF11 と表示されます。ほかの数字が表示されている場合は、別のデバイスが選ばれています。何も変更せずに、一覧から正しいものを探してください。',
    'help.windows.install': '緑の矢印の横で「WinUSB」を選んでください。「Install Driver」または「Replace Driver」を押してください。',
    'help.windows.installSee': '1 分ほどかかることがあります。その後、ドライバーがインストールされたと Zadig に表示されます。',
    'help.windows.replug': 'Zadig を閉じ、デバイスを抜いて、DFU モードで差し直してください。',
    'help.windows.replugSee': 'ブラウザーが開く一覧に、デバイスが表示されます。Windows がドライバーを覚えているため、もう一度行う必要はありません。',
    'help.windows.cube': 'STM32CubeProgrammer がインストールされていれば、そのドライバーも使えます。ST の DfuSe プログラムの古いドライバーは使えません。この方法で置き換えてください。',

    'help.setup.linux': 'Linux で一度だけ：デバイスを使う許可',
    'help.linux.rule': 'Linux では、デバイスの使用を許可するルールが必要です。端末で次を一度入力してください：',
    'help.linux.ruleLabel': 'udev ルールを追加するコマンド',
    'help.linux.ruleSee': 'パスワードを求められ、ルールが画面に表示されます。その後、デバイスを差し直してください。',
    'help.linux.snap': 'Ubuntu のようにブラウザーが snap の場合は、そのブラウザーにも USB デバイスの使用を許可してください。Chromium 以外のブラウザーでは、「chromium」をその名前に置き換えてください：',
    'help.linux.snapLabel': 'snap 用のコマンド',
    'help.linux.remote': 'このルールは、画面の前にいる利用者に適用されます。ssh やリモートデスクトップで使う場合は、plugdev グループに入っている必要があります。',

    'help.setup.chromeos': 'ChromeOS の場合',
    'help.chromeos.share': 'デバイスが、ブラウザーではなく Android や Linux に割り当てられていることがあります。「設定」で「USB デバイスの管理」を開き、両方でデバイスをオフにして、差し直してください。',
    'help.chromeos.managed': '学校や会社の Chromebook では、USB デバイスが禁止されていることがあります。その場合は、別のパソコンを使ってください。',

    'help.setup.android': 'Android の場合',
    'help.android.adapter': 'データ通信ができる USB-C ケーブルまたは OTG アダプターを使ってください。設定で OTG を有効にする必要がある機種もあります。',
    'help.android.app': 'どのアプリでデバイスを開くかと Android に尋ねられたら、何も選ばないでください。その後、ブラウザーで許可してください。',
    'help.android.power': 'スマートフォンが供給できる電力はわずかです。デバイスが多くの電力を必要とする場合は、電源付きのハブを間に入れてください。',

    'help.setup.macos': 'macOS の場合',
    'help.macos.driver': 'macOS ではドライバーは不要です。ほかのプログラム（STM32CubeProgrammer、仮想マシン）がデバイスを使っている場合は、それを閉じて、デバイスを差し直してください。',
    'help.macos.allow': '新しい Mac では、アクセサリの接続を許可するかどうか尋ねられることがあります。許可してください。',

    'help.browser.computer': 'パソコンの Chrome、Edge、Opera、Brave を使ってください。Firefox と Safari は USB デバイスを使用できません。',
    'help.browser.linux': 'Chrome、Chromium、Edge、Opera、Brave を使ってください。Firefox は USB デバイスを使用できません。',
    'help.browser.chromeos': 'この Chromebook に入っている Chrome を使ってください。',
    'help.browser.android': 'Chrome を使ってください。Android の Firefox は USB デバイスを使用できません。',
    'help.browser.ios': 'iPhone や iPad のブラウザーは、どれも USB デバイスを使用できません。パソコン、Chromebook、または Android のスマートフォンでこのページを開いてください。',

    'help.tree.title': 'デバイスが表示されない',
};
