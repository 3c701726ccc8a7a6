// What a reader decides of corrections. Every decision is one transaction = one undo step, and is told.
import { EditorSelection } from "@codemirror/state"
import { invertedEffects, isolateHistory } from "@codemirror/commands"
import { EditorView } from "@codemirror/view"
import { currentOf, pendingOf, putItems, reviewField, setReview } from "./corrections.js"
import { sameWord, setWord } from "./dictionary.js"
import { ignoredAs, isSameIgnored, setIgnored } from "./ignored.js"
import { PROOFREAD } from "./strings.js"

/** Adding a word to the dictionary or ignoring a correction is undone with the decision that it came with. */
export const decisionHistory = invertedEffects.of((tr) => tr.effects.filter((effect) => effect.is(setWord) || effect.is(setIgnored))
  .map((effect) => (effect.is(setWord) ? setWord : setIgnored).of({ ...effect.value, on: !effect.value.on })))

/** The correction to look at after those decided: the next one, or the first. */
const nextOf = (review, decided) => {
  const ids = new Set(decided.map(({ id }) => id)), left = pendingOf(review).filter(({ id }) => !ids.has(id)), at = decided.at(-1).from
  return left.find(({ from }) => from >= at) || left[0] || null
}

/** `moves`: the caret goes on to the next correction. */
function decide(view, decided, spec, moves) {
  const review = view.state.field(reviewField), next = moves ? nextOf(review, decided) : null
  const changes = view.state.changes(spec.changes || [])
  const effects = [...spec.effects, setReview.of({ current: next?.id ?? null })]
  view.dispatch({ changes, effects, annotations: isolateHistory.of("full"), userEvent: "input.correction",
    ...(next ? { selection: EditorSelection.cursor(changes.mapPos(next.from, 1)), scrollIntoView: true } : {}) })
}

export function accept(view, items, moves = false) {
  const changes = [], done = []
  let shift = 0
  for (const item of items) {
    const insert = view.state.toText(item.after), from = item.from + shift
    changes.push({ from: item.from, to: item.to, insert })
    done.push({ ...item, state: "accepted", from, to: from + insert.length })
    shift += insert.length - (item.to - item.from)
  }
  decide(view, items, { changes, effects: [putItems.of(done)] }, moves)
}

const rejected = (items) => putItems.of(items.map((item) => ({ ...item, state: "rejected" })))

export const reject = (view, items, moves = false) => decide(view, items, { effects: [rejected(items)] }, moves)

/** Rejects all that are alike, and has them not offered again in this document. */
export function ignore(view, item, moves = false) {
  const entry = ignoredAs(view.state, item), same = pendingOf(view.state.field(reviewField)).filter((other) => isSameIgnored(entry, ignoredAs(view.state, other)))
  decide(view, same, { effects: [rejected(same), setIgnored.of({ ...entry, on: true })] }, moves)
}

/** The word is right: every correction of it goes. */
export function learn(view, item, moves = false) {
  const word = item.before.trim(), same = pendingOf(view.state.field(reviewField)).filter((other) => sameWord(other.before.trim(), word))
  decide(view, same, { effects: [rejected(same), setWord.of({ word, on: true })] }, moves)
}

/** Puts the caret on the next (1) or the previous (-1) correction, and opens its card. */
export function move(view, by) {
  const review = view.state.field(reviewField), all = pendingOf(review)
  if (!all.length) return null
  const head = view.state.selection.main.head, at = all.findIndex(({ id }) => id === review.current)
  const next = at >= 0 ? all[(at + by + all.length) % all.length] : by > 0 ? all.find(({ from }) => from >= head) || all[0] : all.findLast(({ from }) => from <= head) || all.at(-1)
  view.dispatch({ selection: EditorSelection.cursor(next.from), effects: [setReview.of({ current: next.id, show: "changes" }), EditorView.scrollIntoView(next.from, { y: "nearest", yMargin: 60 })] })
  return next
}

export const leave = (view) => {
  if (!currentOf(view.state.field(reviewField))) return false
  view.dispatch({ effects: setReview.of({ current: null }) })
  return true
}

export const chosenFrom = (review, certainty) => pendingOf(review).filter((item) => item.certainty >= certainty)

const LONGEST_TOLD = 60
const clip = (text) => (text.length > LONGEST_TOLD ? `${text.slice(0, LONGEST_TOLD)}…` : text)

/** A correction in a few words. */
export function tellChange(item) {
  const [before, after] = [item.before, item.after].map((text) => clip(text.trim()) || (text && PROOFREAD.blank))
  if (!before) return PROOFREAD.insertion(after)
  return after ? PROOFREAD.change(before, after) : PROOFREAD.deletion(before)
}
