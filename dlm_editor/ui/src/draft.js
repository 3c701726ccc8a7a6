// The document survives a closed tab: it is kept in this browser's storage, and only there.
const KEY = "dlm-editor:draft"

export const readDraft = () => {
  try { return JSON.parse(localStorage.getItem(KEY)) } catch { return null }
}
export const dropDraft = () => { try { localStorage.removeItem(KEY) } catch { /* storage is off: nothing was kept */ } }

/** save(): keeps the draft a moment after the last call. `collect` gives what to keep, `onFull` hears of a draft too large to keep. */
export function createAutosave(collect, onFull) {
  let timer = 0, isFull = false
  const now = () => {
    clearTimeout(timer); timer = 0
    const draft = collect()
    try {
      if (draft.text) localStorage.setItem(KEY, JSON.stringify(draft))
      else dropDraft()
      isFull = false
    } catch { if (!isFull) { isFull = true; onFull() } }
  }
  addEventListener("pagehide", () => timer && now())
  addEventListener("beforeunload", (event) => { if (isFull) event.preventDefault() })
  return () => { clearTimeout(timer); timer = setTimeout(now, 400) }
}
