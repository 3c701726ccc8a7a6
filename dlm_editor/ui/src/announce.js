// What a screen reader is told while a run goes on: how far it is, now and then. What is done, and what went wrong, is said by status.js.
import { element } from "./dom.js"
import { isBusy } from "./run.js"
import { ANNOUNCE } from "./strings.js"

const EVERY_MS = 5000

/** follow(run) is called with every change. */
export function createAnnouncer() {
  const node = element("p", { className: "dlm-unseen", role: "status" })
  let id = null, said = 0
  return {
    node,
    follow(run) {
      const now = performance.now()
      if (!isBusy(run)) { id = null; if (node.textContent) node.textContent = ""; return }
      if (id !== run.id) { id = run.id; said = now }
      if (now - said < EVERY_MS || !run.steps.length) return
      said = now
      const pieces = run.steps.at(-1)[0].flat(), open = pieces.filter(([, , state]) => state === "open").length
      node.textContent = ANNOUNCE.progress(run.steps.length, run.total, pieces.length ? 1 - open / pieces.length : 0)
    },
  }
}
