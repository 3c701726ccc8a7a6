// Two ways to fill the same masks side by side: another model, another sampler, other settings, with steps, seconds and score.
import { button, element } from "./dom.js"
import { nameOf } from "./catalog.js"
import { sideBySide } from "./studio_diff.js"
import { STUDIO } from "./strings.js"

const SETTINGS = ["sampler", "bound", "steps", "temperature"]

function laneOf(letter, settings, models) {
  const inputs = {}
  const field = (name, label, input) => { inputs[name] = input; return element("label", { className: "dlm-field" }, element("span", {}, label), input) }
  const model = element("select", { "aria-label": STUDIO.laneField(STUDIO.model, letter) }, ...models.filter((one) => !one.is_template).map((one) => element("option", { value: one.id }, nameOf(one))))
  const fields = [field("model", STUDIO.model, model)]
  for (const setting of SETTINGS.map((name) => settings.find((one) => one.name === name)).filter(Boolean)) {
    const label = STUDIO.laneField(setting.label, letter)
    const input = setting.kind === "choice" ? element("select", { "aria-label": label }, ...setting.options.map(([key, text]) => element("option", { value: key }, text)))
      : element("input", { type: "text", "aria-label": label, inputMode: "decimal", autocomplete: "off", maxLength: 12 })
    fields.push(field(setting.name, setting.label, input))
  }
  const defaults = Object.fromEntries(settings.map((one) => [one.name, one.default]))
  const node = element("fieldset", { className: "dlm-lane" }, element("legend", {}, STUDIO.lane(letter)), ...fields)
  const sync = () => { if (inputs.bound) inputs.bound.disabled = inputs.sampler.value !== "entropy-bound" }
  inputs.sampler.onchange = sync
  return {
    node,
    set(values) { for (const [name, input] of Object.entries(inputs)) input.value = String(values[name] ?? defaults[name] ?? input.value); sync() },
    /** What differs from the defaults, as a request holds it. */
    values() {
      const found = { label: letter, model: model.value }
      for (const [name, input] of Object.entries(inputs)) if (name !== "model" && !input.disabled && input.value.trim() && input.value.trim() !== String(defaults[name])) found[name] = ["sampler", "bound"].includes(name) ? input.value : input.value.trim()
      return found
    },
  }
}

/** config = { settings, models }; options() gives the settings of now; onStart(lanes) asks the server, or says what is missing; onStop(); onTake(lane) takes a result as a branch. */
export function createCompare({ settings, models, default: fallback }, { options, onStart, onStop, onTake }) {
  const lanes = ["A", "B"].map((letter) => laneOf(letter, settings, models))
  const start = button(STUDIO.compare, { title: STUDIO.compareTitle, className: "is-primary", onclick: () => begin() }), stop = button(STUDIO.stopComparing, { className: "is-stop", onclick: () => { onStop(); end(STUDIO.comparingStopped) } })
  const told = element("p", { className: "dlm-help", role: "status" }), error = element("p", { className: "dlm-error", role: "alert" }), table = element("div", { className: "dlm-table" }), takes = element("div", { className: "dlm-acts" })
  const node = element("div", {}, element("div", { className: "dlm-lanes" }, ...lanes.map((lane) => lane.node)), element("div", { className: "dlm-acts" }, start, stop), told, error, table, takes)
  let sides = [null, null], asked = [], isFilled = false  // asked: the settings that the server was sent; the form may change meanwhile
  const busy = (on) => { start.hidden = on; stop.hidden = !on }
  const end = (message) => { busy(false); told.textContent = message }
  const begin = () => {
    error.textContent = ""
    const values = lanes.map((lane) => lane.values()), complaint = onStart(values)
    if (complaint) { error.textContent = complaint; return }
    asked = values; sides = [null, null]; table.replaceChildren(); takes.replaceChildren(); busy(true); told.textContent = STUDIO.comparing
  }
  const draw = () => {
    const found = sides.map((side, at) => ({ title: STUDIO.lane("AB"[at]), facts: side?.facts || STUDIO.nothingYet, texts: side?.texts || [] }))
    if (found.some(({ texts }) => texts.length)) table.replaceChildren(sideBySide(found.map((side) => ({ ...side, texts: side.texts.length ? side.texts : (found.find(({ texts }) => texts.length).texts.map(() => "")) }))))
  }
  busy(false)
  return {
    node,
    opened() {
      if (isFilled) return
      isFilled = true
      const now = { model: fallback, ...options() }
      lanes[0].set(now)
      lanes[1].set({ ...now, sampler: now.sampler === "confidence" ? "entropy-bound" : "confidence" })
    },
    busy: () => start.hidden,
    /** A step of a lane, and what it reads then. */
    step({ lane, drafts, step, seconds }, texts) {
      const was = sides[lane] || { steps: [], seconds: [] }
      sides[lane] = { texts, facts: STUDIO.laneStep(step), steps: [...was.steps, drafts], seconds: [...was.seconds, seconds] }
      told.textContent = STUDIO.comparingStep("AB"[lane], step)
      draw()
    },
    result({ lane, label, steps, seconds, score, suggestions, model }) {
      const side = sides[lane] || { steps: [], seconds: [] }, { label: _, ...recipe } = asked[lane]
      sides[lane] = { ...side, texts: suggestions[0].after, facts: STUDIO.laneFacts({ steps, seconds, score }) }
      draw()
      if (side.steps.length) takes.append(button(STUDIO.take("AB"[lane]), { onclick: () => onTake({ label, steps: side.steps, seconds: side.seconds, suggestions, recipe: { ...recipe, model } }) }))
    },
    laneError(lane, message) { sides[lane] = { texts: [], facts: message }; error.textContent = `${STUDIO.lane("AB"[lane])}: ${message}`; draw() },
    done: () => end(STUDIO.compared),
    wait(message) { told.textContent = message },
    fail(message) { end(""); error.textContent = message },
  }
}
