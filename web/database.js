// @ts-check
// The browser's databases: one store each, and one transaction at a time.

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export function settled(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/**
 * @template T
 * @param {{database: string, store: string, keyPath?: string}} place made if it is not there
 * @param {'readonly' | 'readwrite'} mode
 * @param {(entries: IDBObjectStore) => Promise<T>} work waits for nothing but requests of `entries`
 * @returns {Promise<T>} settled once a change has reached the disk, not only the system's cache, or has been undone
 */
export async function transact({ database: name, store, keyPath }, mode, work) {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath });
    const database = await settled(opening);
    try {
        const transaction = database.transaction(store, mode, { durability: 'strict' });
        const finished = new Promise((resolve, reject) => {
            transaction.oncomplete = () => resolve(undefined);
            transaction.onabort = () => reject(transaction.error);
        });
        const answer = work(transaction.objectStore(store));
        await Promise.allSettled([answer, finished]);
        await finished;
        return await answer;
    } finally {
        database.close();
    }
}
