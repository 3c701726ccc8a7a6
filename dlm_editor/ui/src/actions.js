// What the user can do with a run. The document changes only in accept and keepSettled, each in one transaction = one undo step.
import { isolateHistory } from "@codemirror/commands"
import { inOrder, mapMasks, maskField, newMask, setMasks } from "./masks.js"
import { rulesOf } from "./rules.js"
import { handsOf, withHands } from "./studio_hands.js"
import { acceptedRun, acceptedText, alternatives, endRun, hasHoles, isBusy, isOpen, runField, setRun, shownDrafts } from "./run.js"
import { RUN } from "./strings.js"

const live = (run) => run.spots.map((spot, mark) => ({ ...spot, mark })).filter((spot) => !spot.stale)

const others = (state, run, changes) => {
  const taken = new Set(live(run).map((spot) => spot.id))
  return mapMasks(state.field(maskField).filter((mask) => !taken.has(mask.id)), changes)
}

const isolated = (userEvent) => ({ annotations: isolateHistory.of("full"), userEvent, scrollIntoView: false })

/** Writes what is shown. "holes" where tokens are still open: those are never written. */
export function accept(view) {
  const { state } = view, run = state.field(runField)
  if (!isOpen(run) || isBusy(run)) return false
  if (hasHoles(run)) return "holes"
  const spots = live(run).map((spot) => ({ ...spot, insert: acceptedText(run, spot.mark) }))
  const changes = state.changes(spots.map(({ from, to, insert }) => ({ from, to, insert })))
  const done = new Map(spots.map((spot) => [spot.mark, changes.mapPos(spot.from, -1)]))
  const after = changes.apply(state.doc)
  const accepted = { ...run, phase: "accepted", acceptedAt: run.shown, spots: run.spots.map((spot, mark) => {
    if (!done.has(mark)) return spot
    const from = done.get(mark), to = from + state.toText(spots.find((one) => one.mark === mark).insert).length
    return { ...spot, from, to, text: after.sliceString(from, to) }
  }) }
  const last = accepted.spots.findLast((spot) => !spot.stale)
  view.dispatch({ ...isolated("input.fill"), changes, selection: { anchor: last.to }, effects: [setMasks.of(others(state, run, changes)), acceptedRun.of(accepted)] })
  return true
}

export function reject(view) {
  const run = view.state.field(runField)
  if (!isOpen(run) || isBusy(run)) return false
  view.dispatch({ effects: endRun.of(null) })
  return true
}

/** Runs of pieces of one kind: [{ isOpen, text, tokens }]. */
function stretches(pieces) {
  const found = []
  for (const [text, , state, tokens] of pieces) {
    const isHole = state === "open", last = found.at(-1)
    if (!isHole && text === "") continue
    if (last && last.isHole === isHole) { last.text += isHole ? "" : text; last.tokens += tokens.length }
    else found.push({ isHole, text: isHole ? "" : text, tokens: tokens.length })
  }
  return found
}

/** Writes what is settled; every stretch that is still open becomes a mask of as many tokens. A mark that had not begun stays as it was; so does one with
 * constraints, which hold for the whole of it: it keeps the settled words, and its next fill goes on from them. */
export function keepSettled(view) {
  const { state } = view, run = state.field(runField), drafts = run && withHands(run, shownDrafts(run))
  if (!isOpen(run) || isBusy(run) || !drafts) return false
  const changeSpecs = [], masks = []
  let shift = 0
  for (const spot of live(run).sort((a, b) => a.from - b.from)) {
    const found = stretches(drafts[spot.mark])
    if (found.length === 1 && found[0].isHole && !found[0].tokens) {
      masks.push({ ...spot, from: spot.from + shift, to: spot.to + shift })
      continue
    }
    const settled = found.filter(({ isHole }) => !isHole).map((stretch) => stretch.text.trim()).filter(Boolean)
    const isTyped = Object.values(handsOf(run)[spot.mark] || {}).some(({ kind }) => kind === "typed")      // what was typed has no tokens yet
    if (settled.length && !isTyped && Object.keys(rulesOf(spot)).length) {
      const kept = { pins: tokensOf(drafts[spot.mark]), words: settled.join(" … "), text: spot.text }
      masks.push({ ...spot, from: spot.from + shift, to: spot.to + shift, kept })
      continue
    }
    let insert = ""
    for (const stretch of found) {
      const at = spot.from + shift + insert.length
      if (stretch.isHole) masks.push(newMask(at, at, String(stretch.tokens)))
      else insert += stretch.text.replace(/\r\n?/g, "\n")
    }
    changeSpecs.push({ from: spot.from, to: spot.to, insert })
    shift += insert.length - (spot.to - spot.from)
  }
  const changes = state.changes(changeSpecs)
  view.dispatch({ ...isolated("input.fill"), changes, effects: [setMasks.of(inOrder([...others(state, run, changes), ...masks])), endRun.of(null)] })
  return masks.length + 1
}

const tokensOf = (pieces) => pieces.flatMap(([, , state, tokens]) => (state === "open" ? tokens.map(() => null) : tokens))

/** The token ids to resume from, per mark: an id where settled, null where open, nothing for a mark whose canvas had not begun. */
export function pinsOf(run) {
  const drafts = shownDrafts(run)
  return live(run).map((spot) => tokensOf(drafts[spot.mark]))
}

/** Shows the next (1) or previous (-1) alternative from its last step. */
export function cycle(view, by) {
  const run = view.state.field(runField)
  if (!isOpen(run) || isBusy(run) || alternatives(run) < 2) return false
  const count = alternatives(run), alternative = (run.alternative + by + count) % count
  view.dispatch({ effects: setRun.of({ alternative, shown: run.steps.length }) })
  return RUN.alternative(alternative + 1, count)
}

export const showStep = (view, shown, follow = null) => {
  const run = view.state.field(runField)
  if (run) view.dispatch({ effects: setRun.of({ shown, follow: follow ?? shown === run.steps.length }) })
}
