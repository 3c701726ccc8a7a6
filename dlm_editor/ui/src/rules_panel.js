// The small panel of a mask: what its fill must keep to. It stands under the mask, and shows beside a field what is wrong with it.
import { EditorView } from "@codemirror/view"
import { element } from "./dom.js"
import { parseLength } from "./lengths.js"
import { maskField, setLength, setRules } from "./masks.js"
import { isOpen, runField } from "./run.js"
import { RULES } from "./rules.js"
import { COMMON, RULES_PANEL } from "./strings.js"

const LENGTH = { name: "length", ...RULES_PANEL.fields.length, check: (text) => parseLength(text).error || "" }
const FIELDS = [LENGTH, ...RULES]
const GAP_PX = 6, PHONE_MARGIN_PX = 160

function createSwitch({ name, label, title }) {
  const input = element("input", { id: `dlm-rule-${name}`, type: "checkbox", "aria-describedby": `dlm-rule-${name}-error` }), error = element("p", { className: "dlm-error", id: `dlm-rule-${name}-error`, role: "alert" })
  return { input, node: element("div", { className: `dlm-rule is-switch is-${name}` }, element("label", { className: "dlm-switch", title }, input, element("span", {}, label)), error),
    typed: () => (input.checked ? "on" : ""), show(value) { input.checked = !!value }, complain(message) { error.textContent = message } }
}

function createField({ name, label, help, title = help, isCode, isSwitch, inputMode = "text" }) {
  if (isSwitch) return createSwitch({ name, label, title })
  const id = `dlm-rule-${name}`
  const input = element("input", { id, type: "text", inputMode, autocomplete: "off", spellcheck: false, className: isCode ? "is-code" : "", placeholder: help, title, "aria-describedby": `${id}-error` })
  const error = element("p", { className: "dlm-error", id: `${id}-error`, role: "alert" })
  const node = element("div", { className: `dlm-rule is-${name}` }, element("label", { for: id }, label), input, error)
  return { node, input, typed: () => input.value.trim(), show(value) { input.value = value }, complain(message) { error.textContent = message; input.setAttribute("aria-invalid", String(!!message)) } }
}

/** One panel for all masks; `paper` holds it. open(id, { focus, complaints }) shows it, place() keeps it where its mask is. */
export function createRulesPanel(view, paper, { onFill }) {
  let current = null
  const title = element("h2", {}), general = element("p", { className: "dlm-error", role: "alert" })
  const fields = Object.fromEntries(FIELDS.map((field) => [field.name, createField(field)]))
  const close = element("button", { type: "button", className: "dlm-button is-quiet", "aria-label": RULES_PANEL.close, title: RULES_PANEL.closeTitle, onclick: () => shut(true) }, "×")
  const clear = element("button", { type: "button", className: "dlm-button", onclick: () => { setRules(view, current, {}); paint() } }, RULES_PANEL.clear)
  const done = element("button", { type: "button", className: "dlm-button", onclick: () => commitAll() && shut(true) }, COMMON.done)
  const node = element("div", { className: "dlm-rules", role: "dialog", "aria-label": RULES_PANEL.constraints, hidden: true },
    element("div", { className: "dlm-side-head" }, title, close), general, element("div", { className: "dlm-rules-list" }, ...FIELDS.map(({ name }) => fields[name].node)),
    element("div", { className: "dlm-rules-foot" }, clear, done))

  const masks = () => view.state.field(maskField), mask = () => masks().find((one) => one.id === current)
  const kept = ({ name }) => (name === "length" ? mask().length : mask().rules?.[name] || "")
  const shut = (focus = false) => {
    const wasOpen = !node.hidden
    node.hidden = true; current = null
    if (focus) view.focus()
    return wasOpen
  }
  const commit = (field) => {
    const { complain, ...one } = fields[field.name], typed = one.typed(), wrong = typed || field === LENGTH ? field.check?.(typed) || "" : ""
    complain(wrong)
    if (wrong) return false
    if (field === LENGTH) { const { value } = parseLength(typed); if (value !== mask().length) setLength(view, current, value) }
    else if (typed !== kept(field)) setRules(view, current, { ...mask().rules, [field.name]: typed || undefined })
    return true
  }
  const commitAll = () => FIELDS.map(commit).every(Boolean)
  const paint = () => { for (const field of FIELDS) { fields[field.name].show(kept(field)); fields[field.name].complain("") }; general.textContent = "" }
  const place = () => {
    if (node.hidden) return
    const chip = view.contentDOM.querySelector(`.dlm-chip[data-mask="${current}"]`), at = chip?.getBoundingClientRect()
    if (!at) return                                              // scrolled out of what is drawn
    const home = paper.getBoundingClientRect()
    node.style.top = `${at.bottom - home.top + GAP_PX}px`
    node.style.left = `${Math.max(GAP_PX, Math.min(at.left - home.left - 40, home.width - node.offsetWidth - GAP_PX))}px`
  }
  for (const field of FIELDS) {
    fields[field.name].input.onchange = () => { if (mask()) commit(field) }
    fields[field.name].input.oninput = () => fields[field.name].complain("")
  }
  node.onkeydown = (event) => {
    event.stopPropagation()
    if (event.key === "Escape") { event.preventDefault(); shut(true) }
    if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault()
      if (commitAll()) { const isFill = event.ctrlKey || event.metaKey; shut(true); if (isFill) onFill() }
    }
  }
  paper.append(node)

  return {
    /** `complaints`: { field: message }, "" for what concerns no single field. */
    open(id, { focus = false, complaints = {} } = {}) {
      if (!masks().some((one) => one.id === id)) return false
      current = id
      const number = masks().findIndex((one) => one.id === id) + 1
      title.textContent = RULES_PANEL.mask(number)
      node.setAttribute("aria-label", RULES_PANEL.constraintsOf(number))
      node.hidden = false
      paint()
      for (const [name, message] of Object.entries(complaints)) fields[name] ? fields[name].complain(message) : (general.textContent = message)
      place()
      const first = Object.keys(complaints).find((name) => fields[name])
      if (focus) (fields[first] || fields.include).input.focus()
      if (getComputedStyle(node).position === "fixed") view.dispatch({ effects: EditorView.scrollIntoView(mask().to, { y: "start", yMargin: PHONE_MARGIN_PX }) })
      else node.scrollIntoView({ block: "nearest" })
      return true
    },
    /** Called after every change of the page. */
    follow() {
      if (node.hidden) return
      if (!mask() || isOpen(view.state.field(runField))) shut(node.contains(document.activeElement))
      else view.requestMeasure({ read: () => {}, write: place, key: "rules" })
    },
    /** True where there was one to close. */
    shut,
    contains: (target) => node.contains(target),
    /** What is being typed counts. False where it cannot. */
    commit: () => node.hidden || commitAll(),
  }
}
