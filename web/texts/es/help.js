// @ts-check

export const TEXTS = {
    'step.tryAgain': 'Intentarlo de nuevo',
    'step.backToStart': 'Volver al inicio',
    'start.noUsb': 'Este navegador no puede acceder a dispositivos USB.',
    'start.noUsbDo': 'Abra esta página en Chrome, Edge, Opera o Brave, en un ordenador, un Chromebook o Android. O use la línea de comandos:',
    'start.insecure': 'Esta página se ha abierto sin https, por eso el navegador no le permite acceder a dispositivos USB.',
    'start.insecureDo': 'Ábrala en una dirección que empiece por https, o sírvala en este ordenador y ábrala en http://localhost. O use la línea de comandos:',
    'start.noJournal': 'No se puede leer lo que este navegador recuerda.',
    'start.noJournalDo': 'Si se interrumpió un trabajo, esta página no puede saberlo. Use una ventana normal, no privada, libere espacio en el disco y vuelva a cargar la página.',
    'start.workTitle': 'Actualizar un dispositivo',
    'start.leave': 'Salir y volver al inicio',

    'help.youSee': 'Lo que verá:',

    'help.setup.windows': 'En Windows, una sola vez: el controlador WinUSB',
    'help.setup.windowsWhy': 'Hágalo antes de empezar. Windows no puede usar un dispositivo en modo DFU hasta que se le da el controlador WinUSB. Tarda dos minutos, necesita permisos de administrador y no cambia nada en el dispositivo.',
    'help.windows.plug': 'Enchufe el dispositivo en modo DFU.',
    'help.windows.plugSee': 'Windows emite el sonido de un dispositivo nuevo. En el Administrador de dispositivos puede tener un triángulo amarillo. Así debe ser: aún no tiene controlador.',
    'help.windows.zadig': 'Descargue Zadig de zadig.akeo.ie e inícielo. Es un programa gratuito y no se instala.',
    'help.windows.zadigSee': 'Windows pregunta si Zadig puede hacer cambios en este equipo. Diga que sí.',
    'help.windows.choose': 'En Zadig abra «Options», marque «List All Devices» y elija «STM32 BOOTLOADER» o «DFU in FS Mode» en la lista.',
    'help.windows.chooseSee': 'Junto a «USB ID» pone 0483 DF11. Si pone otros números, está elegido otro dispositivo: no cambie nada y busque el correcto en la lista.',
    'help.windows.install': 'Junto a la flecha verde elija «WinUSB». Pulse «Install Driver» o «Replace Driver».',
    'help.windows.installSee': 'Tarda hasta un minuto. Después Zadig dice que el controlador se ha instalado.',
    'help.windows.replug': 'Cierre Zadig, desenchufe el dispositivo y vuelva a enchufarlo en modo DFU.',
    'help.windows.replugSee': 'La lista que abre el navegador contiene ahora el dispositivo. Windows recuerda el controlador; no tendrá que hacerlo de nuevo.',
    'help.windows.cube': 'Si STM32CubeProgrammer está instalado, su controlador también sirve. Un controlador antiguo del programa DfuSe de ST no sirve: reemplácelo de este modo.',

    'help.setup.linux': 'En Linux, una sola vez: el permiso para usar el dispositivo',
    'help.linux.rule': 'Linux necesita una regla que le permita usar el dispositivo. Introduzca esto una vez en un terminal:',
    'help.linux.ruleLabel': 'el comando que añade la regla de udev',
    'help.linux.ruleSee': 'Pide su contraseña y escribe la regla en la pantalla. Después desenchufe el dispositivo y vuelva a enchufarlo.',
    'help.linux.snap': 'Si su navegador es un snap, como en Ubuntu, permítale también usar dispositivos USB. Con otro navegador que no sea Chromium, ponga su nombre en lugar de «chromium»:',
    'help.linux.snapLabel': 'el comando para el snap',
    'help.linux.remote': 'La regla vale para quien está ante la pantalla. Por ssh o escritorio remoto hay que ser miembro del grupo plugdev.',

    'help.setup.chromeos': 'En ChromeOS',
    'help.chromeos.share': 'Un dispositivo puede estar asignado a Android o Linux en lugar de al navegador. Abra la Configuración y luego «Gestionar dispositivos USB», desactive el dispositivo para ambos y vuelva a enchufarlo.',
    'help.chromeos.managed': 'Un Chromebook de un centro educativo o una empresa puede prohibir los dispositivos USB. Use entonces otro ordenador.',

    'help.setup.android': 'En Android',
    'help.android.adapter': 'Use un cable USB-C o un adaptador OTG que transmita datos. En algunos teléfonos hay que activar OTG en los ajustes.',
    'help.android.app': 'Si Android pregunta qué aplicación debe abrir el dispositivo, no elija ninguna. Después permítalo en el navegador.',
    'help.android.power': 'Un teléfono da poca corriente. Si el dispositivo necesita mucha, ponga entre ambos un hub con alimentación propia.',

    'help.setup.macos': 'En macOS',
    'help.macos.driver': 'macOS no necesita controlador. Si otro programa usa el dispositivo (STM32CubeProgrammer, una máquina virtual), ciérrelo y vuelva a enchufar el dispositivo.',
    'help.macos.allow': 'Un Mac reciente puede preguntar si el accesorio puede conectarse: permítalo.',

    'help.browser.computer': 'Use Chrome, Edge, Opera o Brave, en un ordenador. Firefox y Safari no pueden acceder a dispositivos USB.',
    'help.browser.linux': 'Use Chrome, Chromium, Edge, Opera o Brave. Firefox no puede acceder a dispositivos USB.',
    'help.browser.chromeos': 'Use Chrome, que está en este Chromebook.',
    'help.browser.android': 'Use Chrome. Firefox en Android no puede acceder a dispositivos USB.',
    'help.browser.ios': 'Ningún navegador de un iPhone o iPad puede acceder a dispositivos USB. Abra esta página en un ordenador, un Chromebook o un teléfono Android.',

    'help.tree.title': 'El dispositivo no aparece',
};
