// How much of the marked words Rewrite finds anew, and which of them stay.
import { element } from "./dom.js"
import { createPopover, createSlider } from "./popover.js"
import { REWRITE } from "./strings.js"

const DEFAULT_STRENGTH = 0.5

export function createRewriteOptions(prefs) {
  const strength = createSlider(REWRITE.strength, { min: 0.1, max: 1, step: 0.1, value: prefs.get("strength") ?? DEFAULT_STRENGTH, told: REWRITE.share, help: REWRITE.strengthHelp }, (value) => prefs.set("strength", value))
  const keep = element("input", { type: "text", id: "dlm-rewrite-keep", autocomplete: "off", spellcheck: false, placeholder: REWRITE.keepExample, "aria-describedby": "dlm-rewrite-keep-help" })
  const popover = createPopover(REWRITE.options, strength.node, element("div", { className: "dlm-field" }, element("label", { for: keep.id }, REWRITE.keep), keep, element("p", { className: "dlm-help", id: "dlm-rewrite-keep-help" }, REWRITE.keepHelp)))
  keep.onkeydown = (event) => { if (event.key === "Enter") popover.close() }
  return {
    popover,
    /** As the server takes them. */
    values() {
      const words = keep.value.split(/[,;\n]/).map((word) => word.trim()).filter(Boolean)
      return { strength: strength.value(), ...(words.length ? { keep: words } : {}) }
    },
  }
}
