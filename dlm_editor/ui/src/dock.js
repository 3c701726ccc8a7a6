// Below the document: the slider over the steps of the last run, how they are shown, and the counts. Its height never changes.
import { element } from "./dom.js"
import { isBusy, runField } from "./run.js"
import { showStep } from "./actions.js"

const PACES = [[0, "as they come"], [60, "fast"], [120, "calm"], [300, "slow"], [800, "very slow"]]

export function createDock(view, status, prefs, onCertainty) {
  const slider = element("input", { type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": "Refinement step" })
  const which = element("span", { className: "dlm-step" })
  const counts = element("p", { className: "dlm-counts" })
  if (!PACES.some(([ms]) => ms === prefs.get("pace"))) prefs.set("pace", 120)
  const certainty = element("input", { type: "checkbox", checked: prefs.get("certainty") })
  const pace = element("select", { "aria-label": "Pace of the steps" },
    ...PACES.map(([ms, label]) => element("option", { value: ms, selected: ms === prefs.get("pace") }, ms ? `${label} · ${ms} ms` : label)))
  slider.oninput = () => showStep(view, Number(slider.value))
  certainty.onchange = () => { prefs.set("certainty", certainty.checked); onCertainty(certainty.checked) }
  pace.onchange = () => prefs.set("pace", Number(pace.value))

  const legend = element("span", { className: "dlm-legend", "aria-hidden": "true" },
    ...["low", "medium", "high"].map((band) => element("span", { className: `dlm-token certainty-${band}` }, band)))
  const timeline = element("div", { className: "dlm-timeline" }, element("span", { className: "dlm-label" }, "Step"), slider, which)
  const view_ = element("div", { className: "dlm-view" },
    element("label", { className: "dlm-switch", title: "How sure the model is of each token: not whether it is right" }, certainty, element("span", {}, "Model certainty")), legend,
    element("label", { className: "dlm-pace" }, element("span", {}, "Pace"), pace))
  const node = element("div", { className: "dlm-dock" }, element("div", { className: "dlm-run" }, timeline, view_),
    element("div", { className: "dlm-foot" }, status.progress, counts))
  onCertainty(certainty.checked)

  return {
    node, counts,
    paint(state) {
      const run = state.field(runField), steps = run ? run.steps.length : 0
      node.classList.toggle("is-empty", !steps)
      slider.disabled = !steps
      if (Number(slider.max) !== steps) slider.max = steps
      slider.value = run ? run.shown : 0
      const text = !steps ? "–" : run.shown === 0 ? "your text" : `${run.shown} of ${isBusy(run) ? run.total || "…" : steps}`
      which.textContent = text
      slider.setAttribute("aria-valuetext", !steps ? "no run yet" : run.shown === 0 ? "the original text" : `step ${text}`)
    },
  }
}
