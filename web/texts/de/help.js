// @ts-check

export const TEXTS = {
    'step.tryAgain': 'Noch einmal versuchen',
    'step.backToStart': 'Zurück zum Anfang',
    'start.noUsb': 'Dieser Browser kann nicht auf USB-Geräte zugreifen.',
    'start.noUsbDo': 'Öffnen Sie diese Seite in Chrome, Edge, Opera oder Brave, auf einem Computer, einem Chromebook oder unter Android. Oder nutzen Sie die Befehlszeile:',
    'start.insecure': 'Diese Seite wurde ohne https geöffnet, deshalb lässt der Browser sie nicht auf USB-Geräte zugreifen.',
    'start.insecureDo': 'Öffnen Sie sie unter einer Adresse, die mit https beginnt, oder stellen Sie sie auf diesem Computer bereit und öffnen Sie http://localhost. Oder nutzen Sie die Befehlszeile:',
    'start.noJournal': 'Was sich dieser Browser gemerkt hat, lässt sich nicht lesen.',
    'start.noJournalDo': 'Ob ein Vorgang unterbrochen wurde, kann diese Seite nicht erkennen. Verwenden Sie ein normales statt eines privaten Fensters, schaffen Sie Platz auf dem Datenträger und laden Sie die Seite neu.',
    'start.workTitle': 'Ein Gerät aktualisieren',
    'start.leave': 'Verlassen und zurück zum Anfang',

    'help.youSee': 'Das werden Sie sehen:',

    'help.setup.windows': 'Unter Windows, einmalig: der WinUSB-Treiber',
    'help.setup.windowsWhy': 'Tun Sie das, bevor Sie beginnen. Windows kann ein Gerät im DFU-Modus erst benutzen, wenn es den Treiber WinUSB bekommen hat. Das dauert zwei Minuten, braucht Administratorrechte und verändert nichts im Gerät.',
    'help.windows.plug': 'Stecken Sie das Gerät im DFU-Modus ein.',
    'help.windows.plugSee': 'Windows gibt den Ton für ein neues Gerät aus. Im Geräte-Manager hat es vielleicht ein gelbes Dreieck. Das ist richtig so: Es hat noch keinen Treiber.',
    'help.windows.zadig': 'Laden Sie Zadig von zadig.akeo.ie und starten Sie es. Es ist ein kostenloses Programm und wird nicht installiert.',
    'help.windows.zadigSee': 'Windows fragt, ob Zadig Änderungen an diesem Computer vornehmen darf. Antworten Sie mit Ja.',
    'help.windows.choose': 'Öffnen Sie in Zadig „Options“, setzen Sie das Häkchen bei „List All Devices“ und wählen Sie in der Liste „STM32 BOOTLOADER“ oder „DFU in FS Mode“.',
    'help.windows.chooseSee': 'Neben „USB ID“ steht 0483 DF11. Stehen dort andere Zahlen, ist ein anderes Gerät ausgewählt: Ändern Sie nichts und suchen Sie das richtige in der Liste.',
    'help.windows.install': 'Wählen Sie neben dem grünen Pfeil „WinUSB“. Drücken Sie „Install Driver“ oder „Replace Driver“.',
    'help.windows.installSee': 'Es dauert bis zu einer Minute. Dann meldet Zadig, dass der Treiber installiert wurde.',
    'help.windows.replug': 'Schließen Sie Zadig, stecken Sie das Gerät aus und im DFU-Modus wieder ein.',
    'help.windows.replugSee': 'In der Liste, die der Browser öffnet, ist nun das Gerät. Windows merkt sich den Treiber; Sie müssen das nicht noch einmal tun.',
    'help.windows.cube': 'Wenn STM32CubeProgrammer installiert ist, funktioniert auch dessen Treiber. Ein alter Treiber von STs Programm DfuSe funktioniert nicht: Ersetzen Sie ihn auf diesem Weg.',

    'help.setup.linux': 'Unter Linux, einmalig: die Erlaubnis, das Gerät zu benutzen',
    'help.linux.rule': 'Linux braucht eine Regel, die Sie das Gerät benutzen lässt. Geben Sie dies einmal in einem Terminal ein:',
    'help.linux.ruleLabel': 'der Befehl, der die udev-Regel hinzufügt',
    'help.linux.ruleSee': 'Es fragt nach Ihrem Passwort und schreibt die Regel auf den Bildschirm. Stecken Sie das Gerät danach aus und wieder ein.',
    'help.linux.snap': 'Wenn Ihr Browser ein snap ist, wie unter Ubuntu, erlauben Sie auch ihm die Benutzung von USB-Geräten. Bei einem anderen Browser als Chromium setzen Sie dessen Namen an die Stelle von „chromium“:',
    'help.linux.snapLabel': 'der Befehl für das snap',
    'help.linux.remote': 'Die Regel gilt für den, der am Bildschirm sitzt. Über ssh oder eine Remote-Sitzung müssen Sie Mitglied der Gruppe plugdev sein.',

    'help.setup.chromeos': 'Unter ChromeOS',
    'help.chromeos.share': 'Ein Gerät kann statt dem Browser auch Android oder Linux zugeteilt sein. Öffnen Sie die Einstellungen, dann „USB-Geräte verwalten“, schalten Sie das Gerät für beide aus und stecken Sie es neu ein.',
    'help.chromeos.managed': 'Ein Chromebook einer Schule oder Firma verbietet USB-Geräte vielleicht. Nehmen Sie dann einen anderen Computer.',

    'help.setup.android': 'Unter Android',
    'help.android.adapter': 'Verwenden Sie ein USB-C-Kabel oder einen OTG-Adapter, der Daten überträgt. Bei manchen Telefonen muss OTG in den Einstellungen eingeschaltet werden.',
    'help.android.app': 'Wenn Android fragt, welche App das Gerät öffnen soll, wählen Sie keine. Erlauben Sie es dann im Browser.',
    'help.android.power': 'Ein Telefon liefert wenig Strom. Braucht das Gerät viel, setzen Sie einen Hub mit eigener Versorgung dazwischen.',

    'help.setup.macos': 'Unter macOS',
    'help.macos.driver': 'macOS braucht keinen Treiber. Wenn ein anderes Programm das Gerät benutzt (STM32CubeProgrammer, eine virtuelle Maschine), schließen Sie es und stecken Sie das Gerät neu ein.',
    'help.macos.allow': 'Ein neuerer Mac fragt vielleicht, ob sich das Zubehör verbinden darf: Erlauben Sie es.',

    'help.browser.computer': 'Verwenden Sie Chrome, Edge, Opera oder Brave auf einem Computer. Firefox und Safari können nicht auf USB-Geräte zugreifen.',
    'help.browser.linux': 'Verwenden Sie Chrome, Chromium, Edge, Opera oder Brave. Firefox kann nicht auf USB-Geräte zugreifen.',
    'help.browser.chromeos': 'Verwenden Sie Chrome, das auf diesem Chromebook vorhanden ist.',
    'help.browser.android': 'Verwenden Sie Chrome. Firefox unter Android kann nicht auf USB-Geräte zugreifen.',
    'help.browser.ios': 'Kein Browser auf einem iPhone oder iPad kann auf USB-Geräte zugreifen. Öffnen Sie diese Seite auf einem Computer, einem Chromebook oder einem Android-Telefon.',

    'help.tree.title': 'Das Gerät erscheint nicht',
};
