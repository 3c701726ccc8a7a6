// What a step did: which tokens it committed, changed or took back. Pure functions over the pieces of run.js.
import { STUDIO } from "./strings.js"

export const MARKS = [["committed", "+", STUDIO.committed], ["changed", "≈", STUDIO.changed], ["remasked", "↺", STUDIO.remasked]]      // kind, sign, word
export const GLYPH = Object.fromEntries(MARKS.map(([kind, glyph]) => [kind, glyph]))
export const SAID = Object.fromEntries(MARKS.map(([kind, , said]) => [kind, said]))

const isOpen = (piece) => piece[2] === "open"
const same = (a, b) => a[3].length === b[3].length && a[3].every((token, at) => token === b[3][at])

/** For each of `pieces` what became of it since `before` (null: nothing stood there): committed, changed, remasked or "". */
export function changesOf(before, pieces) {
  if (!before || before.length !== pieces.length) return pieces.map((piece) => (piece[2] === "new" ? "committed" : ""))
  return pieces.map((piece, at) => {
    const was = before[at]
    if (isOpen(piece)) return isOpen(was) ? "" : "remasked"
    if (isOpen(was)) return "committed"
    return same(was, piece) ? "" : "changed"
  })
}

/** `pieces` of a run that goes on from `base`: what it took over keeps the certainty that it was chosen with, where the engine says 1, for given. */
export const carried = (base, pieces) => (!base || base.length !== pieces.length ? pieces : pieces.map((piece, at) => (
  piece[2] !== "open" && piece[1] === 1 && base[at][2] !== "open" && same(piece, base[at]) ? [piece[0], base[at][1], piece[2], piece[3]] : piece)))

/** The pieces of every mark after step `number` (from 1) in the alternative that is shown; null before the first. */
export function draftsAt(run, number) {
  if (number < 1 || number > run.steps.length) return null
  const drafts = run.steps[number - 1], row = run.suggestions ? run.suggestions[run.alternative].row : run.alternative
  return drafts[Math.min(row, drafts.length - 1)]
}

/** What the step that is shown did to every mark. */
export function shownChanges(run) {
  const now = draftsAt(run, run.shown), before = draftsAt(run, run.shown - 1)
  return now && now.map((pieces, mark) => changesOf(before && before[mark], pieces))
}

/** Numbers of one step over all marks: { committed, changed, remasked, open, settled, certainty (mean of what is written; null for none or unknown) }. */
export function factsAt(run, number) {
  const now = draftsAt(run, number), before = draftsAt(run, number - 1)
  if (!now) return null
  const facts = { committed: 0, changed: 0, remasked: 0, open: 0, settled: 0, certainty: null }
  let sum = 0, known = 0
  now.forEach((pieces, mark) => {
    if (run.spots[mark]?.stale) return
    changesOf(before && before[mark], pieces).forEach((kind) => { if (kind) facts[kind]++ })
    for (const [text, certainty, state, tokens] of pieces) {
      if (!tokens.length && state !== "open") continue            // a border that the mark keeps: no token of the model's
      if (state === "open") { facts.open++; continue }
      facts.settled++
      if (certainty !== null && text !== "") { sum += certainty; known++ }
    }
  })
  if (known) facts.certainty = sum / known
  return facts
}

export const percent = (share) => `${Math.round(share * 100)} %`

const JOINS = /[\p{L}\p{N}\p{M}'’‐‑-]/u
const isOne = (before, piece) => !isOpen(before) && !isOpen(piece) && before[3].length > 0 && piece[3].length > 0
  && (!piece[0] || !before[0] || (JOINS.test([...before[0]].at(-1)) && JOINS.test([...piece[0]][0])))

/** Indices of the pieces of each word: [[0], [1, 2], …]. A hole is a word of its own, and so is the border that a mark keeps. */
export function wordsOf(pieces) {
  const words = []
  pieces.forEach((piece, index) => {
    if (index && isOne(pieces[index - 1], piece)) words.at(-1).push(index)
    else words.push([index])
  })
  return words
}
