// What would change if a version came back: its text with what was written since struck out, and what was lost since underlined.
import { presentableDiff } from "@codemirror/merge"
import { element } from "./dom.js"
import { VERSIONS } from "./strings.js"
import { countsOf } from "./wordcount.js"

const AROUND = 90                            // characters shown on each side of a change
const CAREFUL = { scanLimit: 2000, timeout: 300 }

/** Text that stays: its ends, where it is long. */
function stays(text, isFirst, isLast) {
  const head = isFirst ? 0 : AROUND, tail = isLast ? 0 : AROUND
  if (text.length <= head + tail + AROUND) return [text]
  const left = text.slice(head, text.length - tail)
  return [text.slice(0, head), element("span", { className: "dlm-diff-gap" }, VERSIONS.unchanged(countsOf(left).words)), text.slice(text.length - tail)]
}

/** { nodes, added, removed }: what stands now and would go, and what would come; in words. */
export function drawDiff(now, then) {
  const changes = presentableDiff(now, then, CAREFUL), nodes = []
  let at = 0, added = 0, removed = 0
  for (const { fromA, toA, fromB, toB } of changes) {
    nodes.push(...stays(now.slice(at, fromA), at === 0, false))
    if (toA > fromA) { nodes.push(element("del", {}, now.slice(fromA, toA))); removed += countsOf(now.slice(fromA, toA)).words }
    if (toB > fromB) { nodes.push(element("ins", {}, then.slice(fromB, toB))); added += countsOf(then.slice(fromB, toB)).words }
    at = toA
  }
  nodes.push(...stays(now.slice(at), at === 0, true))
  return { nodes, added, removed, isSame: changes.length === 0 }
}
