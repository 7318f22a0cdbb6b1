// @ts-check
// The screen stays on while a device is at work: a computer that falls asleep cuts the USB port's power.

/** A wish that the screen stays on; a browser that does not grant it changes nothing else. */
export class ScreenWake {
    #isWanted = false;
    /** @type {WakeLockSentinel | null} */
    #lock = null;

    constructor() {
        // The browser ends the wish of a page that is hidden, and does not take it up again by itself.
        document.addEventListener('visibilitychange', () => void this.#take());
    }

    /** Keeps the screen on from now, whenever this page is visible. */
    hold() {
        this.#isWanted = true;
        void this.#take();
    }

    /** Lets the screen go off again. */
    release() {
        this.#isWanted = false;
        void this.#lock?.release();
        this.#lock = null;
    }

    async #take() {
        if (!this.#isWanted || document.visibilityState !== 'visible' || this.#lock?.released === false) {
            return;
        }
        const lock = await navigator.wakeLock?.request('screen').catch(() => null) ?? null;
        if (this.#isWanted) {
            this.#lock = lock;
        } else {
            void lock?.release();
        }
    }
}
