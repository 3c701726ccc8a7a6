// The model that writes: which it is, the catalog by family, and the switch to another with its progress. The page keeps its model until the new one is ready.
import { abilitiesOf, byFamily, familyOf, marksOf, memoryOf, nameOf, sizeOf } from "./catalog.js"
import { element } from "./dom.js"
import { MODELS } from "./strings.js"

function createRow(record, isCurrent, onUse) {
  const marks = marksOf(record).map(([text, kind, title]) => element("span", { className: `dlm-tag is-${kind || "plain"}`, title }, text))
  const [verb, name] = record.is_template ? [MODELS.setUp, MODELS.setUpOf(record.id)] : [MODELS.use, MODELS.useOf(nameOf(record))]
  const use = element("button", { type: "button", className: "dlm-button", "aria-label": isCurrent ? MODELS.isInUse(nameOf(record)) : name, disabled: isCurrent, onclick: () => onUse(record) },
    isCurrent ? MODELS.inUse : verb)
  return element("li", { className: "dlm-model", "data-model": record.id }, element("div", {}, element("strong", {}, nameOf(record)),
    element("p", {}, [sizeOf(record), memoryOf(record), ...abilitiesOf(record)].filter(Boolean).join(" · ")), record.note ? element("p", {}, record.note) : "",
    element("p", { className: "dlm-tags" }, ...marks)), use)
}

/** config = { models, default, isOpen }; send("switch", payload) asks the server; onChosen(id) hears of a model that is ready. */
export function createModels({ models = [], default: fallback, isOpen }, { send, onChosen }) {
  let records = models, current = fallback, asked = null, wire = 0
  const now = element("p", { className: "dlm-model-now" })
  const stage = element("p", { className: "dlm-model-stage", role: "status" }), bar = element("progress", { max: 1, "aria-label": MODELS.progress, hidden: true })
  const error = element("p", { className: "dlm-error", role: "alert" })
  const list = element("div", { className: "dlm-models-list" })
  const fitting = element("input", { type: "checkbox" })
  const typed = element("input", { type: "text", placeholder: MODELS.otherHint, "aria-label": MODELS.other, autocomplete: "off", spellcheck: false })
  const useTyped = element("button", { type: "button", className: "dlm-button", onclick: () => typed.value.trim() && use(typed.value.trim()) }, MODELS.useOther)
  const other = element("div", { className: "dlm-model-other" }, typed, useTyped)
  const details = element("details", { className: "dlm-models" }, element("summary", {}, MODELS.all),
    element("label", { className: "dlm-switch" }, fitting, element("span", {}, MODELS.fitting)), list, isOpen ? other : "")

  const recordOf = (id) => records.find((record) => record.id === id) || { id }
  const isShown = (record) => !fitting.checked || record.fits !== false || record.id === current
  const paint = () => {
    const record = recordOf(current)
    now.replaceChildren(element("strong", {}, nameOf(record)), element("span", {}, [sizeOf(record), ...abilitiesOf(record)].filter(Boolean).join(" · ")))
    list.replaceChildren(...byFamily(records.filter(isShown)).map(([family, members]) => element("section", { "aria-label": familyOf(family) }, element("h3", {}, familyOf(family)),
      element("ul", {}, ...members.map((member) => createRow(member, member.id === current, (one) => (one.is_template ? setUp(one.id) : use(one.id))))))))
  }
  const settle = (message = "") => { asked = null; bar.hidden = true; stage.textContent = message; node.setAttribute("aria-busy", "false") }
  const use = (id) => {
    asked = id; error.textContent = ""
    stage.textContent = MODELS.loading(nameOf(recordOf(id)))
    bar.hidden = false; bar.removeAttribute("value")
    node.setAttribute("aria-busy", "true")
    node.scrollIntoView({ block: "nearest" })
    send("switch", { run: ++wire, model: id })
  }
  const setUp = (template) => { typed.value = template; typed.focus(); const at = template.indexOf("MODEL"); typed.setSelectionRange(at, at + 5) }
  typed.onkeydown = (event) => { if (event.key === "Enter") { event.preventDefault(); useTyped.click() } }
  fitting.onchange = paint
  details.ontoggle = () => { if (details.open && !asked) send("switch", { run: ++wire }) }      // what fits and what is downloaded may have changed
  const node = element("div", { className: "dlm-model-choice", role: "group", "aria-label": MODELS.model }, now, stage, bar, error, details)

  const onMessage = {
    progress({ stage: words, done, total }) {
      const isKnown = done != null && total > 0
      stage.textContent = isKnown ? MODELS.stage(words, done / total) : words
      if (isKnown) bar.value = Math.min(1, done / total)
      else bar.removeAttribute("value")
    },
    ready({ model }) { current = model; typed.value = ""; settle(MODELS.ready(nameOf(recordOf(model)))); paint(); onChosen(model) },
    catalog({ models: found }) { records = found; paint() },
    error({ message }) { settle(); error.textContent = message },
  }
  paint()
  return {
    node,
    /** Shows `id` as the model in use, without asking the server: it is loaded with the next run. */
    choose(id) { current = id; settle(); error.textContent = ""; paint() },
    allows: (id) => isOpen || records.some((record) => record.id === id),
    current: () => recordOf(current),
    receive(message) { if (message.run === wire) onMessage[message.type]?.(message) },
    failed() { if (asked) { settle(); error.textContent = MODELS.lost } },
  }
}
