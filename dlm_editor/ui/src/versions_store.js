// Where versions lie: in this browser's IndexedDB, or, where that is shut, in this page for as long as it is open.
// A version is { id, doc, name, at, why, label, words, size, text, spans, file }; lists leave out its text, spans and file.
const BASE = "dlm-editor", FACTS = "versions", BODIES = "bodies"

const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error) })
const finished = (transaction) => new Promise((resolve, reject) => { transaction.oncomplete = () => resolve(); transaction.onabort = transaction.onerror = () => reject(transaction.error) })

function openBase() {
  const request = indexedDB.open(BASE, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(FACTS, { keyPath: "id", autoIncrement: true })
    request.result.createObjectStore(BODIES, { keyPath: "id" })
  }
  return done(request)
}

const inBase = (base) => ({
  isLasting: true,
  async add({ text, spans, file, ...facts }) {
    const change = base.transaction([FACTS, BODIES], "readwrite"), ended = finished(change)
    ended.catch(() => {})                                        // told once, by what fails first
    const id = await done(change.objectStore(FACTS).add(facts))
    change.objectStore(BODIES).add({ id, text, spans, file })
    await ended
    return id
  },
  list: () => done(base.transaction(FACTS).objectStore(FACTS).getAll()),
  async read(id) {
    const change = base.transaction([FACTS, BODIES])
    const [facts, body] = await Promise.all([FACTS, BODIES].map((store) => done(change.objectStore(store).get(id))))
    return facts && body ? { ...facts, ...body } : null
  },
  remove(ids) {
    const change = base.transaction([FACTS, BODIES], "readwrite")
    for (const id of ids) for (const store of [FACTS, BODIES]) change.objectStore(store).delete(id)
    return finished(change)
  },
})

function inPage() {
  const kept = new Map()
  let last = 0
  return {
    isLasting: false,
    async add(version) { kept.set(++last, { ...version, id: last }); return last },
    list: async () => [...kept.values()],
    read: async (id) => kept.get(id) ?? null,
    async remove(ids) { for (const id of ids) kept.delete(id) },
  }
}

/** { isLasting, add(version) → id, list(), read(id), remove(ids) }, all promises but the first. */
export async function openStore() {
  try { return inBase(await openBase()) } catch { return inPage() }
}
