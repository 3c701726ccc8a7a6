// The document survives a closed tab and a crash: it is kept in this browser's storage, and only there, a moment after each change.
import { claim, crashed, forget, nameBefore, newId, seemsOpen } from "./tabs.js"

const KEY = "dlm-editor:draft:"
const PAUSE_MS = 400, LATEST_MS = 2000      // kept when typing pauses, and while it does not
const DRAFTS = 12                           // of closed tabs; the oldest goes first

const names = () => Object.keys(localStorage).filter((key) => key.startsWith(KEY)).map((key) => key.slice(KEY.length))
const read = (name) => { try { return JSON.parse(localStorage.getItem(KEY + name)) } catch { return null } }
const remove = (name) => { localStorage.removeItem(KEY + name); forget(name) }

/** Drafts of tabs that are closed, the newest first. */
const closed = () => names().filter((name) => !seemsOpen(name)).map((name) => ({ name, draft: read(name) })).filter(({ draft }) => draft?.text).sort((a, b) => b.draft.savedAt - a.draft.savedAt)

const isFull = (error) => error.name === "QuotaExceededError" || error.name === "NS_ERROR_DOM_QUOTA_REACHED"

/** Writes a draft; while there is no room, drafts of closed tabs make some, the oldest first. */
function write(name, draft) {
  const spare = closed().filter((one) => one.name !== name)
  for (const { name: old } of spare.slice(DRAFTS)) remove(old)
  const text = JSON.stringify({ ...draft, savedAt: Date.now() })
  for (let last = Math.min(spare.length, DRAFTS) - 1; ; last--) {
    try { localStorage.setItem(KEY + name, text); return } catch (error) { if (last < 0 || !isFull(error)) throw error }
    remove(spare[last].name)
  }
}

/**
 * collect() gives what to keep: { text, … }. onProblem("full" | "off") hears once of a draft that cannot be kept.
 * first() is the draft to begin with, or null; late(isWanted, onFound) looks for one of a tab that crashed; keep() keeps the draft soon; drop() forgets it.
 */
export function createDrafts(collect, onProblem) {
  let timer = 0, changedAt = 0, problem = "", mine = null
  const now = () => {
    clearTimeout(timer); timer = changedAt = 0
    if (!mine) return
    const draft = collect()
    try {
      if (draft.text) write(mine, draft)
      else localStorage.removeItem(KEY + mine)
      problem = ""
    } catch { if (problem !== "full") onProblem(problem = "full") }
  }
  const keep = () => {
    const at = performance.now()
    changedAt ||= at
    clearTimeout(timer)
    timer = setTimeout(now, Math.max(0, Math.min(PAUSE_MS, changedAt + LATEST_MS - at)))
  }
  const take = (name) => { mine = name; claim(name, () => { take(newId()); now() }) }

  addEventListener("pagehide", () => timer && now())
  addEventListener("visibilitychange", () => document.hidden && timer && now())
  addEventListener("beforeunload", (event) => { if (problem === "full") event.preventDefault() })
  addEventListener("storage", (event) => { if (mine && event.key === KEY + mine) keep() })      // another tab took the same draft: both are kept
  return {
    keep,
    first() {
      try {
        const before = nameBefore(), name = before ?? closed()[0]?.name ?? newId()
        take(name)
        return read(name)
      } catch { onProblem(problem = "off"); return null }
    },
    async late(isWanted, onFound) {
      try {
        const [name] = (await crashed(names())).filter((one) => one !== mine && read(one)?.text).sort((a, b) => read(b).savedAt - read(a).savedAt)
        if (!name || !isWanted()) return
        onFound(read(name))
        now()
        remove(name)
      } catch { /* storage is off: first() has told it */ }
    },
    drop() { if (mine) { clearTimeout(timer); timer = changedAt = 0; localStorage.removeItem(KEY + mine) } },
  }
}
