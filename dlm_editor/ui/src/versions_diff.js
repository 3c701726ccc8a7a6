// What would change if a version came back: its text with what was written since struck out, and what was lost since underlined.
import { diff, presentableDiff } from "@codemirror/merge"
import { element } from "./dom.js"
import { VERSIONS } from "./strings.js"
import { countsOf } from "./wordcount.js"

const AROUND = 90                            // characters shown on each side of a change
const CAREFUL = { scanLimit: 2000, timeout: 300 }
const FIRST_SIGN = 0x100, LAST_SIGN = 0xd7ff      // a line stands for a sign; halves of surrogate pairs are none

/** Where each line begins, and the end. */
const startsOf = (lines) => { const starts = [0]; for (const line of lines) starts.push(starts.at(-1) + line.length + 1); return starts }

/** The changes between two texts: of whole lines first, then of words within those that differ, so that one far away costs nothing. */
export function changesOf(one, other) {
  const signs = new Map(), lines = [one, other].map((text) => text.split("\n"))
  const signOf = (line) => { if (!signs.has(line)) signs.set(line, String.fromCharCode(FIRST_SIGN + signs.size)); return signs.get(line) }
  const [a, b] = lines.map((all) => all.map(signOf).join(""))
  if (signs.size > LAST_SIGN - FIRST_SIGN) return presentableDiff(one, other, CAREFUL)
  const [startsA, startsB] = lines.map(startsOf)
  return diff(a, b, CAREFUL).flatMap((block) => {
    const fromA = startsA[block.fromA], fromB = startsB[block.fromB], cut = (text, from, starts, to) => text.slice(from, starts[to])
    return presentableDiff(cut(one, fromA, startsA, block.toA), cut(other, fromB, startsB, block.toB), CAREFUL)
      .map((change) => ({ fromA: change.fromA + fromA, toA: change.toA + fromA, fromB: change.fromB + fromB, toB: change.toB + fromB }))
  })
}

/** Text that stays: its ends, where it is long. */
function stays(text, isFirst, isLast) {
  const head = isFirst ? 0 : AROUND, tail = isLast ? 0 : AROUND
  if (text.length <= head + tail + AROUND) return [text]
  const left = text.slice(head, text.length - tail)
  return [text.slice(0, head), element("span", { className: "dlm-diff-gap" }, VERSIONS.unchanged(countsOf(left).words)), text.slice(text.length - tail)]
}

/** { nodes, added, removed }: what stands now and would go, and what would come; in words. */
export function drawDiff(now, then) {
  const changes = changesOf(now, then), nodes = []
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
