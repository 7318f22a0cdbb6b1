// @ts-check
// How much the first visit of a link may load, in bytes as a good host sends them (gzip), in every language: a promise,
// held by tests/browser/visit.test.mjs and printed by scripts/bench. No release, no picture and no simulator is
// counted, and not what the service worker gets to keep once the page stands.

export const VISIT_LIMITS = { interactive: 40000, whole: 120000 };
