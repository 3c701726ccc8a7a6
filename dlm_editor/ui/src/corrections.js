// The corrections of a proofreading, kept beside the untouched document. Pure state; correction_marks.js draws them, decisions.js acts on them.
import { StateEffect, StateField } from "@codemirror/state"
import { invertedEffects } from "@codemirror/commands"
import { setAllIgnored } from "./ignored.js"

// review = {
//   items: [{ id, from, to, before, after, certainty, reason, state }]   by position; state is pending, accepted or rejected.
//       An accepted one spans what was written, the others what is corrected. They follow every edit; one whose words an edit touches is gone.
//   current: id | null                the one whose card is open
//   show: "changes" | "before" | "after"
//   progress: null | 0..1             while the server reads
//   isOpen                            whether there is, or was, something to show
// }
export const setReview = StateEffect.define()
/** Corrections that the server found: they replace none, and are no step of the history. */
export const addItems = StateEffect.define()
/** Corrections as they shall stand after the transaction: a decision, or its undoing. */
export const putItems = StateEffect.define({ map: (items, changes) => items.map((item) => ({ ...item, ...mapSpan(item, changes) })) })
/** Forgets what stands between two places; no step of the history either. */
export const dropItems = StateEffect.define()

const WORD = /[\p{L}\p{N}'’]/u
/** True where a word goes on across a place. */
export const isInWord = (doc, at) => at > 0 && at < doc.length && WORD.test(doc.sliceString(at - 1, at)) && WORD.test(doc.sliceString(at, at + 1))

function mapSpan({ from, to }, changes) {
  const start = changes.mapPos(from, 1)
  return { from: start, to: Math.max(start, changes.mapPos(to, -1)) }
}

/** Corrections after an edit. Gone are those it touched, and those whose word it made longer. */
export function follow(items, changes, before, after) {
  const ranges = []
  changes.iterChangedRanges((from, to) => { ranges.push([from, to]) })
  const isTouched = ({ from, to }) => ranges.some(([low, high]) => (from === to ? low <= from && high >= from : low < to && high > from))
  const grew = (was, is) => ranges.some(([low, high]) => low <= was && was <= high) && isInWord(after, is) && !isInWord(before, was)
  return items.flatMap((item) => {
    if (isTouched(item)) return []
    const { from, to } = mapSpan(item, changes)
    if (grew(item.from, from) || grew(item.to, to)) return []
    return [from === item.from && to === item.to ? item : { ...item, from, to }]
  })
}

const fits = (item, doc) => doc.sliceString(item.from, item.to) === (item.state === "accepted" ? item.after : item.before)
const overlaps = (a, b) => (a.from === b.from && a.to === b.to) || (a.from < b.to && b.from < a.to)
const isPending = ({ state }) => state === "pending"

/** `items` with `added`, where these fit the text and lie on no other that is still to be decided. */
function place(items, added, doc) {
  const ids = new Set(added.map(({ id }) => id)), rest = items.filter(({ id }) => !ids.has(id)), waiting = rest.filter(isPending)
  const good = added.filter((item) => item.to <= doc.length && fits(item, doc) && !(isPending(item) && waiting.some((other) => overlaps(other, item))))
  return [...rest, ...good].sort((a, b) => a.from - b.from || a.to - b.to)
}

const EMPTY = { items: [], current: null, show: "changes", progress: null, isOpen: false }

function update(review, tr) {
  if (tr.effects.some((effect) => effect.is(setAllIgnored))) review = EMPTY      // another document
  const put = tr.effects.filter((effect) => effect.is(putItems)).flatMap((effect) => effect.value)
  let { items } = review
  if (tr.docChanged && items.length) {
    const replaced = new Set(put.map(({ id }) => id))
    items = follow(items.filter(({ id }) => !replaced.has(id)), tr.changes, tr.startState.doc, tr.newDoc)
  }
  if (put.length) items = place(items, put, tr.newDoc)
  for (const effect of tr.effects) {
    if (effect.is(dropItems)) items = items.filter(({ from, to }) => to < effect.value.from || from > effect.value.to)
    if (effect.is(addItems)) items = place(items, effect.value, tr.newDoc)
  }
  let next = items === review.items ? review : { ...review, items, isOpen: review.isOpen || put.length > 0 }
  for (const effect of tr.effects) if (effect.is(setReview)) next = { ...next, ...effect.value }
  if ((tr.selection || tr.docChanged) && !tr.effects.some((effect) => effect.is(setReview))) {
    const at = itemAt(next, tr.newSelection.main)?.id ?? null
    next = withCurrent(next, tr.docChanged && at !== next.current ? null : at)      // typing up to a correction does not open its card
  }
  return next.current === null || pendingOf(next).some(({ id }) => id === next.current) ? next : withCurrent(next, null)
}
const withCurrent = (review, current) => (review.current === current ? review : { ...review, current })

export const reviewField = StateField.define({ create: () => EMPTY, update })

/** Each decision, and each edit that costs a correction, brings it back when it is undone. */
export const reviewHistory = invertedEffects.of((tr) => {
  const was = tr.startState.field(reviewField).items, is = tr.state.field(reviewField).items
  if (was === is || tr.effects.some((effect) => effect.is(dropItems))) return []
  const now = new Map(is.map((item) => [item.id, item.state])), changed = was.filter(({ id, state }) => now.get(id) !== state)
  return changed.length ? [putItems.of(changed)] : []
})

export const pendingOf = (review) => review.items.filter(isPending)
export const currentOf = (review) => review.items.find(({ id }) => id === review.current) || null
export const isReading = (state) => state.field(reviewField).progress !== null
/** The pending correction at an empty selection. */
const itemAt = (review, { head, empty }) => (empty && review.show === "changes" ? pendingOf(review).findLast(({ from, to }) => from <= head && head <= to) : null)
