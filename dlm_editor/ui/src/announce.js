// What a screen reader is told while work goes on: how far it is, now and then. What is done, and what went wrong, is said by status.js.
import { element } from "./dom.js"
import { isBusy } from "./run.js"
import { ANNOUNCE } from "./strings.js"

const EVERY_MS = 5000

/** tell(work, message): `work` names what is going on, null where nothing is; message() is asked for where it is time to say something. */
export function createProgress() {
  const node = element("p", { className: "dlm-unseen", role: "status" })
  let current = null, said = 0
  return {
    node,
    tell(work, message) {
      const now = performance.now()
      if (work !== current) { current = work; said = now }
      if (work === null) { if (node.textContent) node.textContent = "" } else if (now - said >= EVERY_MS) { said = now; node.textContent = message() }
    },
  }
}

const toldOf = (run) => {
  const pieces = run.steps.length ? run.steps.at(-1)[0].flat() : [], open = pieces.filter(([, , state]) => state === "open").length
  return ANNOUNCE.progress(run.steps.length, run.total, pieces.length ? 1 - open / pieces.length : 0)
}

/** follow(run) is called with every change. */
export function createAnnouncer() {
  const progress = createProgress()
  return { node: progress.node, follow(run) { progress.tell(isBusy(run) ? run.id : null, () => toldOf(run)) } }
}
