// @ts-check
// The values that cross between relock.wasm and the page, and the one exception.

/**
 * One thing to do, as plain values. Only the fields of its kind mean something.
 * @typedef {object} Operation
 * @property {string} kind 'control-out', 'control-in', 'select-alternate', 'sleep', 'reopen', 'ask', 'record',
 * 'fetch', 'keep' or 'done'
 * @property {number} index running number from 0
 * @property {number} timeoutMs deadline of a transfer
 * @property {number} requestType bmRequestType
 * @property {number} request bRequest
 * @property {number} value wValue
 * @property {number} windex wIndex
 * @property {number} length wLength
 * @property {Uint8Array<ArrayBuffer> | null} data what a control-out sends: a copy
 * @property {number} alternate
 * @property {number} durationMs of a sleep
 * @property {string} reason of a reopen
 * @property {string} meanwhile of a reopen: the name of what a person keeps doing while it is awaited, or 'NONE'
 * @property {string} action of a reopen: the name of what a person is to do once patience is over
 * @property {number} patienceMs of a reopen: how long it takes by itself at most
 * @property {string} question
 * @property {[number, number]} digest low and high half of what the answer is bound to
 * @property {string} entry the journal line of a record
 * @property {number} offset
 * @property {number} bytes
 * @property {string} ending of done: 'proven', 'not-proven' or 'not-done'
 * @property {ErrorText | null} error of done
 */

/**
 * How an operation went.
 * @typedef {object} Outcome
 * @property {'ok' | 'stall' | 'timeout' | 'gone' | 'failed'} kind
 * @property {Uint8Array} [data] what a control-in brought
 * @property {boolean} [isYes] of an ask
 * @property {[number, number]} [digest] of an ask: what the person was shown
 * @property {string} [error] the name of the host's own reason
 * @property {number} [elapsedMs]
 */

/**
 * A family that can be claimed.
 * @typedef {object} Family
 * @property {string} name
 * @property {string} devices for people
 * @property {boolean} hasEmptyCheck
 * @property {boolean} isCandidate the device that was looked at could be one
 */

/**
 * An error. What it says to people is in the texts (web/texts.js), by its name.
 * @typedef {object} ErrorText
 * @property {string} name for example 'HEX_CHECKSUM'
 * @property {string} code for example 'RLK-1011'
 * @property {string} kind 'failed', 'usage', 'no-device', 'refused', 'not-proven' or 'parked'
 * @property {Action} action
 */

/** @typedef {{name: string}} Action what to do next, for example 'REPLUG' */

/**
 * What is asked for.
 * @typedef {object} Wish
 * @property {'look' | 'read' | 'write' | 'update'} job
 * @property {boolean} [withRelease] as the release that was loaded last says: which devices, how they end, which option
 * fields they get. Then endProtected, wayBack and family are left out: the release's count
 * @property {string} [serial] the serial number that the device must have
 * @property {boolean} [endProtected]
 * @property {string} [wayBack] 'boot0', 'empty-check', 'none'; left out if it was not said
 * @property {'by-row' | 'announced' | 'expected'} [poll] when erases and programming are polled; the page leaves it out
 * @property {string} [family]
 * @property {boolean} [allowExperimental] families of tier experimental may be changed if one is named; the page leaves
 * it out
 * @property {boolean} [trustzoneIsOff] the maker says so of this device; the page leaves it out
 * @property {boolean} [withImage] use the file that was loaded last
 * @property {string} [journal] the line that the journal holds of this device
 * @property {Uint32Array} [nonce] two numbers of this session's own: a yes to another session is no yes to this one
 */

/**
 * A firmware file that was loaded.
 * @typedef {object} ImageSummary
 * @property {number} bytes padded
 * @property {number} crc32 of the bytes
 * @property {{addr: number, bytes: number}[]} segments
 */

/**
 * A journal line, decoded.
 * @typedef {object} JournalEntry
 * @property {string} phase 'none', 'erasing', 'empty', 'sealing', 'proven'
 * @property {string} family
 * @property {boolean} endProtected
 * @property {string} wayBack
 * @property {number} imageBytes
 * @property {string} serial
 */

/**
 * What was found out about the device.
 * @typedef {object} Findings
 * @property {number} vendorId
 * @property {number} productId
 * @property {number} bcdDevice
 * @property {string} product
 * @property {string} serial
 * @property {boolean} serialIsUnique
 * @property {boolean} chipIsKnown
 * @property {string} chip family name
 * @property {string} devices for people, in English
 * @property {string[]} candidates the devices of each family that it could be
 * @property {string} tier
 * @property {string} refusal the name of the error for which the page does not update it, '' if it does
 * @property {string[]} evidence kinds of evidence of the chip's row
 * @property {string} [claim] the family that the visitor named, where the device does not tell
 * @property {boolean} hasEmptyCheck
 * @property {number} flashBytes
 * @property {number} flashSectors
 * @property {number} flashAddr
 * @property {string} flashString the memory layout of the flash as the device says it
 * @property {number} transferBytes
 * @property {boolean} flashReadRefused
 * @property {boolean} flashWasRead
 * @property {boolean} optionsReadRefused
 * @property {boolean} optionsWereRead
 * @property {'unknown' | 'open' | 'level-1'} protection
 * @property {{name: string, value: number, bits: number, meaning: string}[]} options
 * @property {boolean} imageIsPlausible
 */

/**
 * A part of the flash as it was, in whole units of programming.
 * @typedef {{addr: number, bytes: Uint8Array}} KeptRange
 */

/**
 * What would be done.
 * @typedef {object} Plan
 * @property {string[]} stages from now to the ending
 * @property {number} estimateMs
 * @property {number} imageBytes
 * @property {number} sectorsTouched
 * @property {boolean} losesEverything
 * @property {boolean} keepsRest what else is in the touched sectors is read first and written back
 * @property {boolean} endsProtected
 * @property {boolean} needsPerson after the unprotect
 * @property {boolean} needsPowerCycle after the seal
 * @property {{field: string, value: number}[]} options fields that are set with the protection
 */

/**
 * The first thing that went wrong.
 * @typedef {object} Fault
 * @property {ErrorText} error
 * @property {string} stage
 * @property {number | null} addr the device address concerned, null if none
 * @property {number} dfuState of the last GETSTATUS answer, 255 if none
 * @property {number} dfuStatus
 * @property {string} field a named option field, '' if none
 */

/**
 * Where an error lies. Only what is known is there.
 * @typedef {object} Place
 * @property {number} [line] of a firmware file
 * @property {number} [index] which of several firmware files, from 0
 * @property {number | null} [addr] in the device
 * @property {string} [file] of a release or a site
 * @property {string} [path] in a document, 'images[0].sha256', or the name of a link's parameter
 * @property {number} [offset] in a document, or in a firmware file that is no text, in bytes
 * @property {number} [status] of HTTP
 * @property {boolean} [isKept] true if it lies in what this browser had kept for use without a network
 */

/** A failure that has a name in the engine's list. */
export class RelockError extends Error {
    /**
     * @param {string} name of the error
     * @param {Place} [place]
     */
    constructor(name, place = {}) {
        super(name);
        this.name = name;
        this.place = place;
    }
}
