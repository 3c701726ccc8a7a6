// Draws corrections over the untouched document: struck words, underlined ones and two buttons; or the text as it was, or as it will be.
import { Decoration, EditorView, WidgetType } from "@codemirror/view"
import { element } from "./dom.js"
import { reviewField } from "./corrections.js"
import { tellChange } from "./decisions.js"
import { PROOFREAD } from "./strings.js"

const lineBreaksIn = (text) => text.split("\n").length - 1
/** White space alone would not be seen. */
const seen = (text) => (text.trim() ? text : text.replaceAll(" ", "␣").replaceAll("\n", "↵").replaceAll("\t", "⇥"))

const SHORT = 20        // kept on one line with its buttons

class Change extends WidgetType {
  constructor(item, isCurrent, decide) { super(); Object.assign(this, { item, isCurrent, decide }) }
  eq(other) { return other.item.id === this.item.id && other.item.after === this.item.after && other.isCurrent === this.isCurrent }
  get lineBreaks() { return lineBreaksIn(seen(this.item.after)) }
  ignoreEvent(event) { return event.type !== "mouseover" && event.type !== "mouseout" }

  toDOM() {
    const { item } = this
    const button = (name, sign, verb) => element("button", { type: "button", className: `is-${verb}`, "aria-label": name, "aria-description": tellChange(item), onmousedown: (event) => event.preventDefault(),
      onclick: (event) => this.decide(item.id, verb, event.detail === 0) }, sign)
    return element("span", { className: `dlm-change${this.isCurrent ? " is-current" : ""}${item.after.length < SHORT ? " is-short" : ""}`, "data-correction": item.id, contentEditable: "false" },
      ...(item.after ? [element("ins", {}, seen(item.after))] : []),
      element("span", { className: "dlm-decide" }, button(PROOFREAD.accept, "✓", "accept"), button(PROOFREAD.reject, "✕", "reject")))
  }
}

/** Words that stand in the place of others, in the view of before or after. */
class Words extends WidgetType {
  constructor(text, isBefore) { super(); Object.assign(this, { text, isBefore }) }
  eq(other) { return other.text === this.text && other.isBefore === this.isBefore }
  get lineBreaks() { return lineBreaksIn(this.text) }
  ignoreEvent() { return false }
  toDOM() { return element("span", { className: this.isBefore ? "dlm-was" : "dlm-will" }, this.text) }
}

const struck = (id, isCurrent) => Decoration.mark({ tagName: "del", class: `dlm-struck${isCurrent ? " is-current" : ""}`, attributes: { "data-correction": id } })

const instead = (item, text, isBefore) => {
  const widget = text ? new Words(text, isBefore) : null
  if (item.to > item.from) return [Decoration.replace(widget ? { widget } : {}).range(item.from, item.to)]
  return widget ? [Decoration.widget({ widget, side: 1 }).range(item.to)] : []
}

function draw({ items, current, show }, decide) {
  if (show === "before") return items.filter(({ state }) => state === "accepted").flatMap((item) => instead(item, item.before, true))
  const pending = items.filter(({ state }) => state === "pending")
  if (show === "after") return pending.flatMap((item) => instead(item, item.after, false))
  return pending.flatMap((item) => [
    ...(item.to > item.from ? [struck(item.id, item.id === current).range(item.from, item.to)] : []),
    Decoration.widget({ widget: new Change(item, item.id === current, decide), side: 1 }).range(item.to),
  ])
}

/** decide(id, verb, isKeyboard) is what the buttons do. */
export const correctionMarks = (decide) => EditorView.decorations.compute([reviewField], (state) => Decoration.set(draw(state.field(reviewField), decide), true))

/** In the views of before and after the caret steps over other words as over one character. */
export const correctionAtoms = EditorView.atomicRanges.of((view) => {
  const { items, show } = view.state.field(reviewField), hidden = { before: "accepted", after: "pending" }[show]
  return hidden ? Decoration.set(items.filter(({ state, from, to }) => state === hidden && to > from).map(({ from, to }) => Decoration.mark({}).range(from, to))) : Decoration.none
})
