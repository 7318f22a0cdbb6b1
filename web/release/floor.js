// @ts-check
// Below what nothing is taken: what was seen before, and what the places that were asked just now have already shown.
// A change of keys is kept at once, the rest once a release was verified as a whole, or its channel speaks against it.
import { RelockError } from '../../wasm-glue/values.js';
import { higher } from '../seen.js';

/** @typedef {import('../seen.js').Seen} Seen */
/** @typedef {import('../seen.js').SeenKeys} SeenKeys */

export class Floor {
    #store;
    #name;
    /** @type {Seen | null} */
    #raised = null;
    /** @type {SeenKeys | null} */
    #keys = null;

    /** @param {import('../seen.js').SeenStore} store @param {string} name of the release */
    constructor(store, name) {
        this.#store = store;
        this.#name = name;
    }

    /** True if a place has shown something that was verified. */
    get isRaised() {
        return this.#raised !== null || this.#keys !== null;
    }

    /** @returns {Promise<Seen>} rejects with RELEASE_MEMORY_DAMAGED */
    async seen() {
        const kept = await remembered(this.#store.release(this.#name));
        return this.#raised ? higher(kept, this.#raised) : kept;
    }

    /** @param {string} builtWith the site's own keys @returns {Promise<SeenKeys | null>} rejects as above */
    async keys(builtWith) {
        return this.#keys ?? await remembered(this.#store.keys(builtWith));
    }

    /** @param {Seen} seen of verified documents */
    raise(seen) {
        this.#raised = this.#raised ? higher(this.#raised, seen) : seen;
    }

    /**
     * Makes a change of keys last before anything is judged by it: what they no longer sign would be taken again if
     * the change were held back later.
     * @param {SeenKeys} keys of a verified document
     * @returns {Promise<void>} rejects as above
     */
    async raiseKeys(keys) {
        await remembered(this.#store.raiseKeys(keys));
        this.#keys = keys;
    }

    /** Makes the rest last. Rejects as above. */
    async keep() {
        if (this.#raised) {
            await remembered(this.#store.raise(this.#name, this.#raised));
        }
    }
}

/** @template T @param {Promise<T>} answer of the store @returns {Promise<T>} */
async function remembered(answer) {
    try {
        return await answer;
    } catch {
        throw new RelockError('RELEASE_MEMORY_DAMAGED');
    }
}
