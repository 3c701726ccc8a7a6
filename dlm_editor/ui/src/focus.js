// Focus mode: only the text and what is needed to fill it; on request, all but the sentence or the paragraph at the caret steps back.
import { StateEffect, StateField } from "@codemirror/state"
import { Decoration, EditorView } from "@codemirror/view"
import { button, element } from "./dom.js"
import { keyOf } from "./shortcuts.js"
import { FOCUS, TOOLBAR } from "./strings.js"

const KINDS = ["none", "sentence", "paragraph"]
const SENTENCES = new Intl.Segmenter(undefined, { granularity: "sentence" })
const setLit = StateEffect.define()

const litField = StateField.define({
  create: () => "none",
  update: (kind, tr) => tr.effects.findLast((effect) => effect.is(setLit))?.value ?? kind,
})

const lit = Decoration.mark({ class: "dlm-lit" })

function litRange(state, kind) {
  const line = state.doc.lineAt(state.selection.main.head), at = state.selection.main.head - line.from
  if (!line.length) return null
  if (kind === "paragraph") return lit.range(line.from, line.to)
  const found = [...SENTENCES.segment(line.text)].findLast(({ index }) => index <= at)
  return lit.range(line.from + found.index, line.from + found.index + found.segment.length)
}

/** Paragraphs are lines, sentences are cut by the browser. */
export const focusExtension = [litField, EditorView.decorations.compute([litField, "selection", "doc"], (state) => {
  const kind = state.field(litField), range = kind === "none" ? null : litRange(state, kind)
  return range ? Decoration.set([range]) : Decoration.none
})]

/** onEnter() shuts what has no place in it. */
export function createFocus(root, view, { prefs, status, onEnter }) {
  const dim = element("select", { "aria-label": FOCUS.dim }, ...KINDS.map((kind) => element("option", { value: kind, selected: kind === prefs.get("dim") }, FOCUS.kinds[kind])))
  const leave = button(FOCUS.leave, { title: FOCUS.leaveTitle, onclick: () => toggle(false) })
  const bar = element("div", { className: "dlm-group dlm-focus-bar", hidden: true }, dim, leave)
  const opener = button(FOCUS.enter, { title: TOOLBAR.withKey(FOCUS.enterTitle, keyOf("focus")), iconName: "focus", iconOnly: true, className: "is-quiet", onclick: () => toggle(true) })
  const isOn = () => root.classList.contains("is-focus")
  const light = () => {
    const kind = isOn() ? dim.value : "none"
    root.classList.toggle("is-dim", kind !== "none")
    view.dispatch({ effects: setLit.of(kind) })
  }
  const toggle = (on = !isOn()) => {
    if (on === isOn()) return false
    if (on) onEnter()
    root.classList.toggle("is-focus", on)
    bar.hidden = !on
    light()
    view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main) })
    view.focus()
    status.say(on ? FOCUS.on : FOCUS.off)
    return true
  }
  dim.onchange = () => { prefs.set("dim", dim.value); light() }
  root.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented && isOn()) { event.preventDefault(); toggle(false) } })
  return { bar, opener, toggle }
}
