// @ts-check

export const TEXTS = {
    'step.tryAgain': 'Réessayer',
    'step.backToStart': 'Revenir au début',
    'start.noUsb': 'Ce navigateur ne peut pas accéder aux appareils USB.',
    'start.noUsbDo': 'Ouvrez cette page dans Chrome, Edge, Opera ou Brave, sur un ordinateur, un Chromebook ou sous Android. Ou utilisez la ligne de commande :',
    'start.insecure': 'Cette page a été ouverte sans https, le navigateur ne la laisse donc pas accéder aux appareils USB.',
    'start.insecureDo': 'Ouvrez-la à une adresse qui commence par https, ou servez-la sur cet ordinateur et ouvrez-la à l’adresse http://localhost. Ou utilisez la ligne de commande :',
    'start.noJournal': 'Ce que ce navigateur a gardé en mémoire ne peut pas être lu.',
    'start.noJournalDo': 'Si une opération a été interrompue, cette page ne peut pas le savoir. Utilisez une fenêtre normale et non privée, libérez de la place sur le disque, puis rechargez la page.',
    'start.workTitle': 'Mettre à jour un appareil',
    'start.leave': 'Quitter et revenir au début',

    'help.youSee': 'Ce que vous verrez :',

    'help.setup.windows': 'Sous Windows, une seule fois : le pilote WinUSB',
    'help.setup.windowsWhy': 'Faites-le avant de commencer. Windows ne peut pas utiliser un appareil en mode DFU tant qu’il n’a pas reçu le pilote WinUSB. Cela prend deux minutes, demande des droits d’administrateur et ne modifie rien dans l’appareil.',
    'help.windows.plug': 'Branchez l’appareil en mode DFU.',
    'help.windows.plugSee': 'Windows émet le son d’un nouvel appareil. Dans le Gestionnaire de périphériques, il a peut-être un triangle jaune. C’est normal : il n’a pas encore de pilote.',
    'help.windows.zadig': 'Téléchargez Zadig depuis zadig.akeo.ie et lancez-le. C’est un programme gratuit qui ne s’installe pas.',
    'help.windows.zadigSee': 'Windows demande si Zadig peut apporter des modifications à cet ordinateur. Répondez oui.',
    'help.windows.choose': 'Dans Zadig, ouvrez « Options », cochez « List All Devices » et choisissez « STM32 BOOTLOADER » ou « DFU in FS Mode » dans la liste.',
    'help.windows.chooseSee': 'À côté de « USB ID » figure 0483 DF11. Si d’autres nombres y figurent, un autre appareil est choisi : ne modifiez rien et cherchez le bon dans la liste.',
    'help.windows.install': 'À côté de la flèche verte, choisissez « WinUSB ». Appuyez sur « Install Driver » ou « Replace Driver ».',
    'help.windows.installSee': 'Cela prend jusqu’à une minute. Zadig indique ensuite que le pilote a été installé.',
    'help.windows.replug': 'Fermez Zadig, débranchez l’appareil et rebranchez-le en mode DFU.',
    'help.windows.replugSee': 'La liste que le navigateur ouvre contient maintenant l’appareil. Windows se souvient du pilote ; vous n’aurez pas à recommencer.',
    'help.windows.cube': 'Si STM32CubeProgrammer est installé, son pilote fonctionne aussi. Un ancien pilote du programme DfuSe de ST ne fonctionne pas : remplacez-le de cette façon.',

    'help.setup.linux': 'Sous Linux, une seule fois : l’autorisation d’utiliser l’appareil',
    'help.linux.rule': 'Linux a besoin d’une règle qui vous laisse utiliser l’appareil. Saisissez ceci une fois dans un terminal :',
    'help.linux.ruleLabel': 'la commande qui ajoute la règle udev',
    'help.linux.ruleSee': 'Elle demande votre mot de passe et affiche la règle à l’écran. Débranchez et rebranchez ensuite l’appareil.',
    'help.linux.snap': 'Si votre navigateur est un snap, comme sous Ubuntu, laissez-le aussi utiliser les appareils USB. Pour un autre navigateur que Chromium, mettez son nom à la place de « chromium » :',
    'help.linux.snapLabel': 'la commande pour le snap',
    'help.linux.remote': 'La règle vaut pour la personne qui est devant l’écran. Par ssh ou bureau à distance, il faut être membre du groupe plugdev.',

    'help.setup.chromeos': 'Sous ChromeOS',
    'help.chromeos.share': 'Un appareil peut être attribué à Android ou à Linux au lieu du navigateur. Ouvrez les Paramètres, puis « Gérer les appareils USB », désactivez l’appareil pour les deux et rebranchez-le.',
    'help.chromeos.managed': 'Un Chromebook d’une école ou d’une entreprise peut interdire les appareils USB. Utilisez alors un autre ordinateur.',

    'help.setup.android': 'Sous Android',
    'help.android.adapter': 'Utilisez un câble USB-C ou un adaptateur OTG qui transmet les données. Sur certains téléphones, OTG doit être activé dans les paramètres.',
    'help.android.app': 'Si Android demande quelle application doit ouvrir l’appareil, n’en choisissez aucune. Autorisez-le ensuite dans le navigateur.',
    'help.android.power': 'Un téléphone fournit peu de courant. Si l’appareil en demande beaucoup, placez entre les deux un hub avec sa propre alimentation.',

    'help.setup.macos': 'Sous macOS',
    'help.macos.driver': 'macOS n’a pas besoin de pilote. Si un autre programme utilise l’appareil (STM32CubeProgrammer, une machine virtuelle), fermez-le et rebranchez l’appareil.',
    'help.macos.allow': 'Un Mac récent peut demander si l’accessoire peut se connecter : autorisez-le.',

    'help.browser.computer': 'Utilisez Chrome, Edge, Opera ou Brave sur un ordinateur. Firefox et Safari ne peuvent pas accéder aux appareils USB.',
    'help.browser.linux': 'Utilisez Chrome, Chromium, Edge, Opera ou Brave. Firefox ne peut pas accéder aux appareils USB.',
    'help.browser.chromeos': 'Utilisez Chrome, qui se trouve sur ce Chromebook.',
    'help.browser.android': 'Utilisez Chrome. Firefox sous Android ne peut pas accéder aux appareils USB.',
    'help.browser.ios': 'Aucun navigateur sur un iPhone ou un iPad ne peut accéder aux appareils USB. Ouvrez cette page sur un ordinateur, un Chromebook ou un téléphone Android.',

    'help.tree.title': 'L’appareil n’apparaît pas',
};
