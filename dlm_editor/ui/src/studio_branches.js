// The branches of a run: each leaves another at one of its steps. The current one is the run itself; the others are kept beside it.
import { hasHoles, piecesText, runField, setRun, shownDrafts } from "./run.js"

const KEPT = ["steps", "suggestions", "total", "phase", "shown", "alternative", "hands", "base", "recipe", "sent", "seconds", "lengths"]
const stateOf = (run) => Object.fromEntries(KEPT.map((name) => [name, run[name]]))

/** [{ id, parent, at, told }] in the order they were made; `at`: the step of the parent at which it left, `told`: what was done there. */
export const branchesOf = (run) => run.branches?.list || [{ id: 1, parent: null, at: 0, told: "", state: null }]
export const currentBranch = (run) => run.branches?.current ?? 1

/** The run as it is on a branch. */
export const onBranch = (run, id) => (id === currentBranch(run) ? run : { ...run, ...branchesOf(run).find((one) => one.id === id).state })

const saved = (run) => branchesOf(run).map((one) => (one.id === currentBranch(run) ? { ...one, state: stateOf(run) } : one))

/** What changes in a run that leaves its branch at the step that is shown: the steps after it stay on the old branch. */
export function leave(run, told) {
  const list = saved(run), id = Math.max(...list.map((one) => one.id)) + 1, steps = run.steps.slice(0, run.shown)
  return { branches: { list: [...list, { id, parent: currentBranch(run), at: run.shown, told, state: null }], current: id },
    steps, seconds: run.seconds.slice(0, run.shown), shown: steps.length, suggestions: null, alternative: 0, hands: {}, total: null, follow: true, base: steps.length }
}

/** Shows another branch. */
export function switchTo(view, id) {
  const run = view.state.field(runField)
  if (id === currentBranch(run)) return
  view.dispatch({ effects: setRun.of({ ...branchesOf(run).find((one) => one.id === id).state, branches: { list: saved(run), current: id } }) })
}

/** A branch that came to nothing: back to the one it left. */
export function abandon(view) {
  const run = view.state.field(runField), gone = currentBranch(run), { parent } = branchesOf(run).find((one) => one.id === gone)
  const list = branchesOf(run).filter((one) => one.id !== gone)
  view.dispatch({ effects: setRun.of({ ...list.find((one) => one.id === parent).state, branches: { list, current: parent } }) })
}

/** Every branch without the marks that were changed by hand, so that what is sent and what comes back count alike. */
export function withoutStale(run) {
  const kept = run.spots.map((spot) => !spot.stale), ofMarks = (list) => list.filter((_, mark) => kept[mark])
  if (kept.every(Boolean)) return {}
  const clean = (state) => state && { ...state, hands: {}, steps: state.steps.map((drafts) => drafts.map(ofMarks)),
    suggestions: state.suggestions && state.suggestions.map((one) => ({ ...one, drafts: ofMarks(one.drafts), after: ofMarks(one.after) })) }
  const { steps, suggestions, hands } = clean(run)
  return { steps, suggestions, hands, spots: run.spots.filter((spot) => !spot.stale), ...(run.branches && { branches: { ...run.branches, list: run.branches.list.map((one) => ({ ...one, state: clean(one.state) })) } }) }
}

/** Branches in the order of the tree, each with its depth. */
export function tree(run) {
  const list = branchesOf(run), walk = (parent, depth) => list.filter((one) => one.parent === parent).flatMap((one) => [{ ...one, depth }, ...walk(one.id, depth + 1)])
  return walk(null, 0)
}

/** What a branch reads at its end, one text for each mark, "" where nothing is settled. */
export function textsOf(run, id) {
  const there = onBranch(run, id), end = { ...there, shown: there.steps.length, hands: {} }, drafts = shownDrafts(end)
  return drafts ? drafts.filter((_, mark) => !run.spots[mark]?.stale).map(piecesText) : []
}
export const isFinished = (run, id) => { const there = onBranch(run, id); return !hasHoles({ ...there, shown: there.steps.length, hands: {} }) }
