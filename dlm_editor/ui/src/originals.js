// The Word files that are open or were lately: kept in this browser, so that what is written can be put back into them.
import { newId } from "./tabs.js"

const BASE = "dlm-editor-files", STORE = "originals", KEPT = 12

const inPage = new Map()           // where the browser keeps nothing, as long as the page is open
const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error) })

function openBase() {
  const request = indexedDB.open(BASE, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return done(request)
}

/** Keeps the bytes of a file; the newest stay. The key comes at once: the file can be exported even if it cannot be kept. */
export function keepOriginal(bytes) {
  const key = `${Date.now()}-${newId()}`
  inPage.set(key, bytes)
  openBase().then(async (base) => {
    const store = base.transaction(STORE, "readwrite").objectStore(STORE)
    store.put(bytes, key)
    for (const old of (await done(store.getAllKeys())).slice(0, -KEPT)) store.delete(old)
  }).catch(() => {})               // storage is off or full: it is in the page
  return key
}

/** The bytes, or null where they are kept no more. */
export async function readOriginal(key) {
  if (inPage.has(key)) return inPage.get(key)
  try { return (await done((await openBase()).transaction(STORE).objectStore(STORE).get(key))) ?? null } catch { return null }
}
