// @ts-check
// The page's one policy under Trusted Types: it lets the page start two scripts of its own, and nothing else.

/** @type {Record<string, string>} */
const SCRIPTS = {
    timers: new URL('./timer-worker.js', import.meta.url).href,
    offline: new URL('../../sw.js', import.meta.url).href,
};

/** @type {{createScriptURL: (name: string) => any} | undefined} */
let policy;

/**
 * @param {'timers' | 'offline'} name
 * @returns {any} the script's address, as a page under Trusted Types must give it
 */
export function scriptUrl(name) {
    const types = /** @type {any} */ (globalThis).trustedTypes;
    policy ??= types?.createPolicy('relock', { createScriptURL: (/** @type {string} */ known) => SCRIPTS[known] });
    return policy ? policy.createScriptURL(name) : SCRIPTS[name];
}
