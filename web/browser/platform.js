// @ts-check
// Which system this is. It chooses help texts and nothing else: what works is found out by trying.

/** @typedef {'windows' | 'chromeos' | 'android' | 'ios' | 'macos' | 'linux' | 'other'} Platform */

/** @type {[RegExp, Platform][]} */
const MARKS = [
    [/cros|chrome ?os|chromium ?os/i, 'chromeos'],
    [/android/i, 'android'],
    [/win/i, 'windows'],
    [/iphone|ipad|ipod/i, 'ios'], // says Mac too
    [/mac/i, 'macos'],
    [/linux|x11/i, 'linux'],
];

/**
 * @param {{userAgentData?: {platform?: string}, userAgent?: string}} [where]
 * @returns {Platform}
 */
export function platform(where = navigator) {
    const text = where.userAgentData?.platform || where.userAgent || '';
    return MARKS.find(([mark]) => mark.test(text))?.[1] ?? 'other';
}
