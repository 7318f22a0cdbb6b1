// @ts-check
// How much the first visit of a link may load, in bytes as a good host sends them (gzip): a promise, held by
// tests/browser/link.test.mjs and printed by scripts/bench. No release, no picture, no simulator is counted.

export const VISIT_LIMITS = { interactive: 40000, whole: 120000 };
