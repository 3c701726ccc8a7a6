// One refinement run: every step received, kept beside the untouched document. Pure state; preview.js draws it, actions.js acts on it.
import { StateEffect, StateField } from "@codemirror/state"
import { hasHands, withHands } from "./studio_hands.js"

// run = {
//   id, phase: waiting | running | stopped | done | accepted
//   spots: [{ id, from, to, text, length, stale }]   one per mask sent, in the order of the wire's marks; they follow every edit
//   steps: [drafts]                                  drafts[alternative][mark] = pieces; piece = [text, certainty, state, token ids]
//   suggestions: null | [{ drafts, after, row, … }]  best first
//   total, shown (0 = the original … steps.length), follow, alternative, acceptedAt
//   seconds: when each step came, sent: what the server was asked, recipe: the settings it was asked with, lengths: those that were weighed
//   hands: see studio_hands.js; branches: see studio_branches.js
// }
export const startRun = StateEffect.define(), addStep = StateEffect.define(), finishRun = StateEffect.define()
export const setRun = StateEffect.define(), endRun = StateEffect.define()
export const acceptedRun = StateEffect.define()

const mapSpot = (changes) => (spot) => {
  const from = changes.mapPos(spot.from, 1), to = changes.mapPos(spot.to, -1)
  return { ...spot, from, to: Math.max(from, to) }
}

/** The run after an edit of the document: what was masked and then changed by hand can no longer be replaced. */
function follow(run, tr) {
  const spots = run.spots.map(mapSpot(tr.changes)).map((spot) => ({ ...spot, stale: spot.stale || tr.newDoc.sliceString(spot.from, spot.to) !== spot.text }))
  return spots.every((spot) => spot.stale) ? null : { ...run, spots }
}

function update(run, tr) {
  const accepted = tr.effects.find((effect) => effect.is(acceptedRun))
  if (accepted) return accepted.value
  if (run && tr.docChanged) run = follow(run, tr)
  for (const effect of tr.effects) {
    if (effect.is(startRun)) run = effect.value
    if (!run) continue
    if (effect.is(endRun)) run = null
    else if (effect.is(setRun)) run = { ...run, ...effect.value }
    else if (effect.is(addStep)) {
      const steps = [...run.steps, effect.value.drafts], seconds = [...run.seconds, effect.value.seconds]
      run = { ...run, phase: "running", steps, seconds, total: effect.value.total, shown: run.follow ? steps.length : run.shown }
    } else if (effect.is(finishRun)) {
      run = { ...run, phase: "done", suggestions: effect.value, alternative: 0, total: run.steps.length }
    }
  }
  return run
}

export const runField = StateField.define({ create: () => null, update })

export const newRun = (id, masks, state) => ({
  id, phase: "waiting", steps: [], seconds: [], suggestions: null, total: null, shown: 0, follow: true, alternative: 0,
  spots: masks.map((mask) => ({ ...mask, text: state.sliceDoc(mask.from, mask.to), stale: false })),
})

export const isBusy = (run) => !!run && (run.phase === "waiting" || run.phase === "running")
export const isOpen = (run) => !!run && run.phase !== "accepted"
export const atEnd = (run) => run.shown === run.steps.length
/** True while the document itself stands where the run was: accepted, and not looked back at. */
export const isPlain = (run) => run.phase === "accepted" && run.shown === run.acceptedAt
/** How many there are to choose from: known when the run is done, since a run may weigh more candidates than were asked for. */
export const alternatives = (run) => (run.suggestions ? run.suggestions.length : 1)

/** The pieces of every mark as shown now; null where the original is shown. */
export function shownDrafts(run) {
  if (run.suggestions && atEnd(run)) return run.suggestions[run.alternative].drafts
  if (run.shown === 0) return null
  const drafts = run.steps[run.shown - 1], row = run.suggestions ? run.suggestions[run.alternative].row : run.alternative
  return drafts[Math.min(row, drafts.length - 1)]
}

/** True for a text that has no tokens to go on from: that of a hosted model, which tells no certainty, and that of a rewrite, whose kept words are only text. */
export const isTokenless = (run) => !!run.rewriting || (shownDrafts(run) || []).some((pieces) => pieces.some(([, certainty]) => certainty === null))

export const piecesText = (pieces) => pieces.map(([text, , state]) => (state === "open" ? "" : text)).join("")
export const hasHoles = (run) => {
  const drafts = withHands(run, shownDrafts(run))
  return !drafts || run.spots.some((spot, mark) => !spot.stale && drafts[mark].some((piece) => piece[2] === "open"))
}
/** What Accept writes for a mark: the suggestion's own text at the end of the run, the pieces at an earlier step. */
export const acceptedText = (run, mark) =>
  run.suggestions && atEnd(run) && !hasHands(run) ? run.suggestions[run.alternative].after[mark] : piecesText(withHands(run, shownDrafts(run))[mark])
