// The timeline: play, pause and single steps beside the slider, and what the step that is shown did. It works while the run goes on, too.
import { button, element } from "./dom.js"
import { keyName } from "./toolbar.js"
import { isBusy, runField } from "./run.js"
import { showStep } from "./actions.js"
import { GLYPH, MARKS, factsAt } from "./studio_steps.js"
import { STUDIO, TOOLBAR } from "./strings.js"

const LEAST_MS = 60, USUAL_MS = 160

/** intervalMs() is the pace that the reader chose; 0 means as fast as steps come, which is too fast for looking back. */
export function createTimeline(view, intervalMs) {
  let timer = 0, playing = null                                   // the id of the run that is being played
  const current = () => view.state.field(runField)
  const halt = () => { clearInterval(timer); timer = 0; playing = null }
  const isFollowing = (run) => isBusy(run) && run.follow
  const go = (number) => { const run = current(); if (run && number >= 0 && number <= run.steps.length) showStep(view, number) }
  const tick = () => {
    const run = current()
    if (!run || run.id !== playing) return halt()
    if (run.shown < run.steps.length) showStep(view, run.shown + 1)
    if (current().shown >= current().steps.length) { halt(); paint(view.state) }      // a live run is followed from here on
  }
  const timeline = {
    isPlaying: () => !!timer || isFollowing(current()),
    play() {
      const run = current()
      if (!run?.steps.length || timer) return
      if (run.shown >= run.steps.length) showStep(view, 0)
      playing = run.id
      timer = setInterval(tick, Math.max(LEAST_MS, intervalMs() || USUAL_MS))
      paint(view.state)
    },
    pause() {
      const run = current()
      halt()
      if (isFollowing(run)) showStep(view, run.shown, false)
      paint(view.state)
    },
    toggle() { timeline.isPlaying() ? timeline.pause() : timeline.play(); return !!current()?.steps.length },
    step(by) {
      const run = current()
      if (!run?.steps.length) return false
      halt()
      go(run.shown + by)
      return true
    },
  }
  const back = button(STUDIO.back, { title: TOOLBAR.withKey(STUDIO.back, keyName("Alt-,")), iconName: "previous", iconOnly: true, className: "is-quiet is-step", onclick: () => timeline.step(-1) })
  const play = button(STUDIO.play, { title: TOOLBAR.withKey(STUDIO.play, keyName("Alt-P")), iconName: "play", iconOnly: true, className: "is-quiet is-step", onclick: timeline.toggle })
  const forward = button(STUDIO.forward, { title: TOOLBAR.withKey(STUDIO.forward, keyName("Alt-.")), iconName: "next", iconOnly: true, className: "is-quiet is-step", onclick: () => timeline.step(1) })
  const controls = element("span", { className: "dlm-play" }, back, play, forward)

  const counts = MARKS.map(([kind, , said]) => {
    const count = element("b", {})
    return { kind, count, node: element("span", { className: `dlm-fact is-${kind}` }, element("span", { className: "dlm-glyph", "aria-hidden": "true" }, GLYPH[kind]), count, ` ${said}`) }
  })
  const left = element("span", { className: "dlm-fact" }), sure = element("span", { className: "dlm-fact" })
  const facts = element("p", { className: "dlm-facts", role: "group", "aria-label": STUDIO.did }, ...counts.map(({ node }) => node), left, sure)

  const paint = (state) => {
    const run = state.field(runField), steps = run ? run.steps.length : 0
    const found = run && run.shown > 0 ? factsAt(run, run.shown) : null, moves = !!timer || isFollowing(run)
    facts.classList.toggle("is-empty", !found)
    for (const { kind, count, node } of counts) {
      const number = String(found ? found[kind] : 0)
      if (count.textContent !== number) count.textContent = number
      node.classList.toggle("is-none", number === "0")
    }
    const open = found ? STUDIO.open(found.open) : "", certainty = found && found.certainty !== null ? STUDIO.certainty(found.certainty) : ""
    if (left.textContent !== open) left.textContent = open
    if (sure.textContent !== certainty) sure.textContent = certainty
    back.disabled = !steps || run.shown === 0
    forward.disabled = !steps || run.shown >= steps
    play.disabled = !steps
    const name = moves ? STUDIO.pause : STUDIO.play
    if (play.getAttribute("aria-label") !== name) {
      play.setAttribute("aria-label", name)
      play.title = TOOLBAR.withKey(name, keyName("Alt-P"))
      play.querySelector("path").setAttribute("d", moves ? "M7 4v12M13 4v12" : "M6 4l10 6-10 6Z")
    }
  }
  return Object.assign(timeline, { controls, facts, paint, said: (run) => spoken(factsAt(run, run.shown)) })
}

/** The facts of a step in words, for those who do not see them. */
const spoken = (facts) => {
  if (!facts) return ""
  const parts = MARKS.filter(([kind]) => facts[kind]).map(([kind, , said]) => STUDIO.spoken(facts[kind], said))
  return [...parts, STUDIO.open(facts.open)].join(", ")
}
