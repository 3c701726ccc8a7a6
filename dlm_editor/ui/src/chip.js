// The chip after each mask: its length, which can be typed over, what else its fill must keep to, and a button that removes the mask.
import { WidgetType } from "@codemirror/view"
import { parseLength } from "./lengths.js"
import { dropKept, removeMask, setLength } from "./masks.js"
import { chipsOf } from "./rules.js"
import { element } from "./dom.js"
import { MASKS } from "./strings.js"

export class Chip extends WidgetType {
  constructor(mask, ordinal, status, onRules) { super(); Object.assign(this, { mask, ordinal, status, onRules }) }
  eq(other) { return other.mask.id === this.mask.id && other.mask.length === this.mask.length && other.mask.rules === this.mask.rules && other.mask.kept === this.mask.kept && other.ordinal === this.ordinal }
  ignoreEvent() { return true }

  toDOM(view) {
    const { mask, status, onRules } = this
    const input = element("input", {
      value: mask.length, type: "text", inputMode: "text", autocomplete: "off", spellcheck: false,
      title: MASKS.lengthTitle, "aria-label": MASKS.lengthOf(this.ordinal),
    })
    const fit = () => { input.style.width = `${Math.max(2, input.value.length) + 0.6}ch` }
    let leaving = false
    const check = () => {
      const parsed = parseLength(input.value)
      input.setAttribute("aria-invalid", String("error" in parsed))
      return parsed
    }
    const commit = () => {
      const parsed = check()
      if (parsed.error) { status.alert(MASKS.keeps(parsed.error, mask.length)); return false }
      status.clear()
      leaving = true              // the change redraws this chip, and takes the focus from it
      if (parsed.value !== mask.length) setLength(view, mask.id, parsed.value)
      return true
    }
    input.oninput = () => { fit(); check() }
    input.onblur = () => { if (!leaving && input.isConnected && !commit()) { input.value = mask.length; input.setAttribute("aria-invalid", "false"); fit() } }
    input.onkeydown = (event) => {
      event.stopPropagation()
      if (event.key === "Escape") { input.value = mask.length; event.preventDefault(); view.focus() }
      if (event.key === "Enter") { event.preventDefault(); if (commit()) view.focus() }
    }
    input.onfocus = () => { leaving = false; input.select() }
    fit()
    const remove = element("button", { type: "button", title: MASKS.remove, "aria-label": MASKS.removeOf(this.ordinal), onclick: () => { removeMask(view, mask.id); view.focus() } }, "×")
    const kept = chipsOf(mask), words = kept.map(({ label, text }) => MASKS.rule(label, text)).join("; ")
    const rules = element("button", { type: "button", className: "dlm-chip-rules", title: words || MASKS.rules, "aria-haspopup": "dialog",
      "aria-label": MASKS.rulesOf(this.ordinal, words), onclick: () => onRules(mask.id, true) },
    ...(kept.length ? kept.map(({ text }) => element("span", { className: "dlm-rule-chip" }, text)) : ["⋯"]))
    const held = mask.kept ? [element("button", { type: "button", className: "dlm-chip-rules", title: MASKS.keptTitle(mask.kept.words), "aria-label": MASKS.keptOf(this.ordinal, mask.kept.words),
      onclick: () => { dropKept(view, mask.id); view.focus() } }, element("span", { className: "dlm-rule-chip" }, MASKS.kept))] : []
    return element("span", { className: "dlm-chip", contentEditable: "false", "data-mask": mask.id }, input, rules, ...held, remove)
  }
}
