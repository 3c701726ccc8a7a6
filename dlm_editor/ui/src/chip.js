// The chip after each mask: its length, which can be typed over, and a button that removes the mask.
import { WidgetType } from "@codemirror/view"
import { parseLength } from "./lengths.js"
import { removeMask, setLength } from "./masks.js"
import { element } from "./dom.js"

export class Chip extends WidgetType {
  constructor(mask, ordinal, status) { super(); Object.assign(this, { mask, ordinal, status }) }
  eq(other) { return other.mask.id === this.mask.id && other.mask.length === this.mask.length && other.ordinal === this.ordinal }
  ignoreEvent() { return true }

  toDOM(view) {
    const { mask, status } = this
    const input = element("input", {
      value: mask.length, type: "text", inputMode: "text", autocomplete: "off", spellcheck: false,
      title: "Length: auto, a number of tokens like 8, or of words like 3w", "aria-label": `Length of mask ${this.ordinal}`,
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
      if (parsed.error) { status.alert(`${parsed.error} The mask keeps “${mask.length}”.`); return false }
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
    const remove = element("button", { type: "button", title: "Remove this mask", "aria-label": `Remove mask ${this.ordinal}`, onclick: () => { removeMask(view, mask.id); view.focus() } }, "×")
    return element("span", { className: "dlm-chip", contentEditable: "false" }, input, remove)
  }
}
