// @ts-check
// Documents on their way to the strict reader: never too long, and an error names the file that it lies in.
import { RelockError } from '../../wasm-glue/values.js';

/** @typedef {import('../../wasm-glue/documents.js').DocumentKind} Kind */
/** @typedef {{read: (kind: Kind, bytes: Uint8Array) => any, estimateMs: () => number}} Reader documents.wasm */

/** The most that a document may have, in bytes. */
export const DOCUMENT_BYTES_MAX = 65536;

/** @param {unknown} error @param {string} file @returns {unknown} the same error, with the file */
export function inFile(error, file) {
    return error instanceof RelockError ? new RelockError(error.name, { ...error.place, file }) : error;
}

/**
 * @param {Uint8Array<ArrayBuffer> | null} bytes null if there were too many of them
 * @param {string} file
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {RelockError} DOCUMENT_TOO_LARGE
 */
export function withinLimit(bytes, file) {
    if (!bytes) {
        throw new RelockError('DOCUMENT_TOO_LARGE', { file, offset: DOCUMENT_BYTES_MAX });
    }
    return bytes;
}

/**
 * @param {Reader} documents @param {Kind} kind
 * @param {string} file @param {Uint8Array} bytes
 * @returns {any} what the reader makes of it
 * @throws {RelockError} DOCUMENT_…, with file, path and offset
 */
export function readDocument(documents, kind, file, bytes) {
    try {
        return documents.read(kind, bytes);
    } catch (error) {
        throw inFile(error, file);
    }
}
