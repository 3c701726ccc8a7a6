// Below the document: the slider over the steps of the last run, how they are shown, and the counts. Its height never changes.
import { button, element } from "./dom.js"
import { isBusy, runField } from "./run.js"
import { showStep } from "./actions.js"
import { createTimeline } from "./studio_timeline.js"
import { wantsToGoOn } from "./studio_going_on.js"
import { keyName } from "./toolbar.js"
import { DOCK, STUDIO, TOOLBAR } from "./strings.js"

const PACES = [0, 60, 120, 300, 800]

export function createDock(view, status, prefs, counts, onCertainty, onStudio, onGoOn) {
  const slider = element("input", { type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": DOCK.slider })
  const which = element("span", { className: "dlm-step" })
    if (!PACES.includes(prefs.get("pace"))) prefs.set("pace", 120)
  const certainty = element("input", { type: "checkbox", checked: prefs.get("certainty") })
  const pace = element("select", { "aria-label": DOCK.paceTitle },
    ...PACES.map((ms) => element("option", { value: ms, selected: ms === prefs.get("pace") }, ms ? DOCK.paced(DOCK.paces[ms], ms) : DOCK.paces[ms])))
  const studio = button(STUDIO.title, { title: STUDIO.studioTitle, className: "is-quiet is-step", onclick: () => onStudio() })
  const goOn = button(STUDIO.goOn, { title: TOOLBAR.withKey(STUDIO.goOn, keyName("Alt-G")), className: "is-primary is-go-on", onclick: onGoOn })
  const player = createTimeline(view, () => prefs.get("pace"))
  slider.oninput = () => showStep(view, Number(slider.value))
  certainty.onchange = () => { prefs.set("certainty", certainty.checked); onCertainty(certainty.checked) }
  pace.onchange = () => prefs.set("pace", Number(pace.value))

  const legend = element("span", { className: "dlm-legend", "aria-hidden": "true" },
    ...["low", "medium", "high"].map((band) => element("span", { className: `dlm-token certainty-${band}` }, DOCK.bands[band])))
  const timeline = element("div", { className: "dlm-timeline" }, element("span", { className: "dlm-label" }, DOCK.step), player.controls, slider, which)
  const view_ = element("div", { className: "dlm-view" },
    element("label", { className: "dlm-switch", title: DOCK.certaintyTitle }, certainty, element("span", {}, DOCK.certainty)), legend,
    element("label", { className: "dlm-pace" }, element("span", {}, DOCK.pace), pace))
  const node = element("div", { className: "dlm-dock" }, element("div", { className: "dlm-run" }, timeline, view_), element("div", { className: "dlm-did" }, player.facts, goOn, studio),
    element("div", { className: "dlm-foot" }, status.progress, counts.node))
  onCertainty(certainty.checked)

  return {
    node, player, studio,
    paint(state) {
      player.paint(state)
      const run = state.field(runField), steps = run ? run.steps.length : 0
      goOn.hidden = !wantsToGoOn(run)
      node.classList.toggle("is-empty", !steps)
      slider.disabled = !steps
      if (Number(slider.max) !== steps) slider.max = steps
      slider.value = run ? run.shown : 0
      const text = !steps ? DOCK.none : run.shown === 0 ? DOCK.original : DOCK.of(run.shown, isBusy(run) ? run.total || "…" : steps)
      which.textContent = text
      slider.setAttribute("aria-valuetext", !steps ? DOCK.noRun : run.shown === 0 ? DOCK.originalSpoken : DOCK.ofSpoken(text, player.said(run)))
    },
  }
}
