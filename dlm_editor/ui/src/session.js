// A run between the page and the server: sends the marked document, takes the steps, stops, resumes, notices a lost connection.
import { toPoints } from "./offsets.js"
import { maskField } from "./masks.js"
import { addStep, endRun, finishRun, hasHoles, isBusy, isTokenless, isOpen, newRun, runField, setRun, shownDrafts, startRun } from "./run.js"
import { accept, cycle, keepSettled, pinsOf, reject } from "./actions.js"
import { createPace } from "./pace.js"
import { rulesOf } from "./rules.js"
import { abandon, branchesOf, leave, withoutStale } from "./studio_branches.js"
import { carried } from "./studio_steps.js"
import { createWatch } from "./watch.js"
import { REWRITE, RUN } from "./strings.js"

const REFUSED_MS = 5000

const settle = ([text, certainty, state, tokens]) => [text, certainty, state === "new" ? "settled" : state, tokens]

export function createSession(view, { send, isAlive, status, options, intervalMs, onShown, onRefused, askConsent }) {
  let wire = 0, taken = 0      // numbers of the last run sent, and of the last one that the server took
  const current = () => view.state.field(runField)
  const change = (values) => view.dispatch({ effects: setRun.of(values) })

  const show = (message) => {
    const run = current()
    if (!run || !isBusy(run)) return
    if (message.type === "settle") {                             // what was chosen is in place, what it makes doubtful is open
      const steps = [...run.steps, [message.draft]]
      change({ steps, seconds: [...run.seconds, run.seconds.at(-1) ?? 0], base: steps.length, shown: run.follow ? steps.length : run.shown })
      return
    }
    if (message.lengths) change({ lengths: message.lengths.map((one, mark) => one ?? run.lengths?.[mark] ?? null) })
    const base = run.steps[run.base - 1]?.[0], own = (drafts) => (base ? drafts.map((pieces, mark) => carried(base[mark], pieces)) : drafts)
    if (message.type === "step") view.dispatch({ effects: addStep.of({ drafts: message.drafts.map(own), total: message.of == null ? null : message.of + run.base, seconds: message.seconds + (run.seconds[run.base - 1] ?? 0) }) })
    else {
      view.dispatch({ effects: finishRun.of(message.suggestions.map((one) => ({ ...one, drafts: own(one.drafts).map((pieces) => pieces.map(settle)) }))) })
      const count = message.suggestions.length, best = message.suggestions[0]
      if (best.violations?.length) status.alert(RUN.violations(best.violations))
      status.say(RUN.done(best.seconds, best.steps, count))
    }
    onShown(message)
  }
  const pace = createPace(show, intervalMs)
  const watch = createWatch({ isAlive, isBusy: () => isBusy(current()), isBehind: () => pace.waiting > 0, onLost: () => fail(RUN.lost) })

  const halt = (message) => {
    const run = current()
    pace.clear(); watch.end(); wire++
    if (!isBusy(run)) return
    if (run.steps.length === 0) view.dispatch({ effects: endRun.of(null) })
    else change({ phase: "stopped", follow: false, shown: run.steps.length })
    status.say(run.steps.length ? message : RUN.stoppedEarly)
  }
  const fail = (message) => {
    const run = current(), isFruitless = isBusy(run) && branchesOf(run).length > 1 && run.steps.length === run.base
    halt(RUN.failed)
    if (isFruitless) abandon(view)
    status.say(""); status.alert(message)
  }

  /** An error of one mask is shown at that mask. */
  const refuse = ({ message, mark, field = "" }) => {
    const spot = mark == null ? null : current()?.spots.filter((one) => !one.stale)[mark]
    fail(message)
    if (spot && onRefused(spot.id, { [field]: message })) { status.clear(); status.say(RUN.cannot) }
  }

  /** A hosted model: nothing was sent, and nothing is before the reader agrees. */
  const consent = (requests) => {
    halt("")
    status.say(RUN.unsent)
    askConsent(requests, () => { if (!isBusy(current())) begin(view.state.field(maskField), { agree: true }) })
  }
  /** `rewriting`: what a rewrite is asked with beside a fill. */
  const begin = (masks, extra, rewriting = null) => {
    view.dispatch({ effects: startRun.of({ ...newRun(wire, masks, view.state), base: 0, rewriting }) })
    request(masks.map((mask) => ({ ...mask, begins: !rewriting && mask.kept?.text === view.state.sliceDoc(mask.from, mask.to) })), { ...extra, ...rewriting }, rewriting ? "rewrite" : "fill")
  }

  /** What a fill of these spots is asked with: the text, its spans and the settings of now. */
  const fieldsOf = (spots) => {
    const text = view.state.doc.toString().toWellFormed(), at = toPoints(text, spots.flatMap((spot) => [spot.from, spot.to]))
    return { text, spans: spots.map((spot) => ({ start: at(spot.from), end: at(spot.to), length: spot.length, ...(spot.tokens && { tokens: spot.tokens }), ...(spot.begins && { pins: spot.kept.pins }), ...rulesOf(spot) })), ...options() }
  }
  const request = (spots, extra, event = "fill") => {
    status.clear(); status.say(event === "rewrite" ? REWRITE.rewriting : RUN.filling)
    watch.begin()
    const fields = fieldsOf(spots)
    change({ recipe: options(), sent: fields })
    send(event, { run: ++wire, ...fields, ...extra })
  }
  const stopServer = () => send("stop")

  /** A new branch of `run` from the step that is shown; `first` is what the reader made of that step, `extra` goes with the request. */
  const branch = (run, { told = "", first = null, spots = run.spots, event }, extra) => {
    const left = leave({ ...run, ...withoutStale(run) }, told), steps = first ? [...left.steps, [first]] : left.steps
    const seconds = first ? [...left.seconds, left.seconds.at(-1)] : left.seconds
    change({ ...withoutStale(run), ...left, steps, seconds, shown: steps.length, base: steps.length, phase: "waiting", spots: spots.filter((spot) => !spot.stale) })
    request(current().spots, extra, event)
    return true
  }
  /** A finished result of these spots, made elsewhere, as a branch; as a run of its own where there is none. False where the text has changed since. */
  const take = (spots, { steps, seconds, suggestions, sent, recipe }, told) => {
    const run = current(), there = isOpen(run) && !isBusy(run) ? run.spots.filter((spot) => !spot.stale) : view.state.field(maskField)
    if (isBusy(run) || there.length !== spots.length || there.some((spot, at) => spot.id !== spots[at].id || view.state.sliceDoc(spot.from, spot.to) !== spots[at].text)) return false
    if (!isOpen(run)) view.dispatch({ effects: startRun.of({ ...newRun(wire, there, view.state), base: 0 }) })
    const values = isOpen(run) ? { ...withoutStale(run), ...leave({ ...run, ...withoutStale(run), shown: 0 }, told) } : {}
    change({ ...values, steps, seconds, suggestions, sent, recipe, phase: suggestions ? "done" : "stopped", alternative: 0, shown: steps.length, total: steps.length, base: 0 })
    return true
  }

  return {
    current,
    /** `rewriting`: { strength, keep } where the words that stand in the masks are to be begun from. */
    fill(rewriting = null) {
      if (isBusy(current())) return true
      const masks = view.state.field(maskField)
      if (!masks.length) { status.alert(rewriting ? REWRITE.nothing : RUN.nothing); return true }
      begin(masks, {}, rewriting)
      return true
    },
    stop() {
      if (!isBusy(current())) return false
      stopServer()
      halt(RUN.stopped)
      return true
    },
    resume() {
      const run = current()
      if (!run || run.phase !== "stopped") return false
      if (isTokenless(run)) { begin(view.state.field(maskField), {}, run.rewriting); return true }      // it begins anew
      if (run.shown < run.steps.length) return branch(run, {}, shownDrafts(run) ? { pins: pinsOf(run) } : {})
      const pins = shownDrafts(run) ? pinsOf(run) : undefined, kept = run.spots.map((spot) => !spot.stale)
      const steps = run.steps.slice(0, run.shown).map((drafts) => drafts.map((marks) => marks.filter((_, mark) => kept[mark])))
      const spots = run.spots.filter((spot) => !spot.stale)
      change({ phase: "waiting", steps, spots, shown: steps.length, follow: true, base: steps.length, total: null })
      request(spots, pins ? { pins } : {})
      return true
    },
    fieldsOf, branch, take,
    masks: () => view.state.field(maskField),
    accept() {
      const done = accept(view)
      if (done === "holes") status.alert(RUN.holes)
      else if (done) { status.clear(); status.say(RUN.accepted) }
      return !!done
    },
    reject() {
      const done = reject(view)
      if (done) { status.clear(); status.say(RUN.rejected) }
      return done
    },
    keepSettled() {
      const masks = keepSettled(view)
      if (masks) { status.clear(); status.say(RUN.kept(masks - 1)) }
      return !!masks
    },
    cycle(by) {
      const said = cycle(view, by)
      if (said) status.say(said)
      return !!said
    },
    receive(message) {
      if (message.run !== wire) return
      watch.hear(); taken = wire
      if (message.type === "wait") status.say(message.message)
      else if (message.type === "error") refuse(message)
      else if (message.type === "consent") consent(message.requests)
      else { if (message.type === "step") status.say(current()?.rewriting ? REWRITE.rewriting : RUN.filling); pace.push(message) }
    },
    /** Some request failed: this run's, or one that was stopped before it. What tells them apart is whether this one was ever taken. */
    async failed() {
      const mine = wire, isMine = () => mine === wire && isBusy(current())
      if (!isMine()) return
      if (taken === mine) { if (!(await isAlive()) && isMine()) fail(RUN.lost) }
      else setTimeout(() => { if (isMine() && taken !== mine) fail(RUN.refused) }, REFUSED_MS)
    },
    /** To be called when an edit by hand ended the run: what was masked is no longer there. */
    dropped() {
      stopServer()
      halt("")
      status.say(RUN.dropped)
    },
    canAccept: () => isOpen(current()) && !isBusy(current()) && !hasHoles(current()),
  }
}
