// Which tab of the browser this is. Every tab keeps a draft of its own under its own name, so that none writes over another's.
const TAB = "dlm-editor:tab", OPEN = "dlm-editor:open:", LOCK = "dlm-editor:tab:"
const PATIENCE_MS = 2000          // on a reload the page before holds its lock for a moment
const BEAT_MS = 30_000, DEAD_MS = 180_000      // where there are no locks, a tab shows that it lives; browsers let one in the background do so once a minute

export const newId = () => Math.random().toString(36).slice(2, 10) + Date.now().toString(36)

/** The name that this tab had before a reload, or null. */
export const nameBefore = () => sessionStorage.getItem(TAB)

/** Makes `name` this tab's own. onTaken() is called where another tab has it: a copy of a tab, or one that was opened at the same moment. */
export function claim(name, onTaken) {
  sessionStorage.setItem(TAB, name)
  const mark = () => localStorage.setItem(OPEN + name, String(Date.now())), unmark = () => localStorage.removeItem(OPEN + name), leave = new AbortController()
  mark()
  if (!navigator.locks) setInterval(mark, BEAT_MS)
  addEventListener("pagehide", unmark, { signal: leave.signal })
  addEventListener("pageshow", mark, { signal: leave.signal })
  navigator.locks?.request(LOCK + name, { signal: AbortSignal.timeout(PATIENCE_MS) }, () => new Promise(() => {})).catch(() => { leave.abort(); onTaken() })
}

/** Whether a tab has it open, as far as can be told at once: a tab that crashed still seems to. */
export const seemsOpen = (name) => localStorage.getItem(OPEN + name) !== null

/** Those of `names` that seem open and are not: their tabs crashed. Browsers have locks for pages on this machine or over HTTPS only. */
export async function crashed(names) {
  if (!navigator.locks) return names.filter((name) => seemsOpen(name) && Date.now() - Number(localStorage.getItem(OPEN + name)) > DEAD_MS)
  const { held } = await navigator.locks.query(), alive = new Set(held.map((lock) => lock.name))
  return names.filter((name) => seemsOpen(name) && !alive.has(LOCK + name))
}

export const forget = (name) => localStorage.removeItem(OPEN + name)
