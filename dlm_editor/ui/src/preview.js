// Draws masks and the run over the document. A step replaces only the token nodes that changed.
import { Decoration, EditorView, WidgetType } from "@codemirror/view"
import { maskField } from "./masks.js"
import { isOpen, isPlain, piecesText, runField, shownDrafts } from "./run.js"
import { Chip } from "./chip.js"

// Cut by the reliability table in the README: of the bundled model's words in these bands about 5, 20 and 50 in a hundred were the text's own.
export const bandOf = (certainty) => (certainty < 0.2 ? "low" : certainty < 0.5 ? "medium" : "high")

class Preview extends WidgetType {
  constructor(id, pieces) { super(); this.id = id; this.pieces = pieces; this.key = JSON.stringify(pieces.map((piece) => piece.slice(0, 3))) }
  eq(other) { return other.id === this.id && other.key === this.key }
  get lineBreaks() { return piecesText(this.pieces).split("\n").length - 1 }
  ignoreEvent() { return false }

  toDOM() {
    const node = document.createElement("span")
    node.className = "dlm-preview"; node.dataset.mask = this.id
    node.setAttribute("role", "img")
    this.draw(node)
    return node
  }

  updateDOM(node) {
    if (node.dataset.mask !== this.id) return false
    this.draw(node)
    return true
  }

  draw(node) {
    const { pieces } = this
    while (node.childNodes.length > pieces.length) node.lastChild.remove()
    pieces.forEach(([text, certainty, state], index) => {
      let token = node.childNodes[index]
      if (!token) { token = document.createElement("span"); node.append(token) }
      const isHole = state === "open"
      const className = isHole ? "dlm-token is-open" : `dlm-token is-${state}${certainty === null ? "" : ` certainty-${bandOf(certainty)}`}`      // a hosted model tells none
      if (token.textContent !== text) token.textContent = isHole ? "" : text
      if (token.className !== className) token.className = className
      token.title = isHole ? "still open" : certainty === null ? "" : `model certainty ${Math.round(certainty * 100)} %`
    })
    const holes = pieces.filter((piece) => piece[2] === "open").length
    node.setAttribute("aria-label", `Draft: ${piecesText(pieces) || "nothing yet"}${holes ? `, ${holes} open` : ""}`)
  }
}

const waiting = [["", 0, "open", []], ["", 0, "open", []], ["", 0, "open", []]]

const drawRun = (run) => {
  const ranges = [], drafts = shownDrafts(run)
  if (isPlain(run)) return ranges
  run.spots.forEach((spot, mark) => {
    if (spot.stale) return
    if (!drafts && run.phase !== "waiting") {
      if (spot.to > spot.from) ranges.push(Decoration.mark({ class: "dlm-original" }).range(spot.from, spot.to))
      return
    }
    const widget = new Preview(spot.id, drafts ? drafts[mark] : waiting)
    ranges.push(spot.to > spot.from ? Decoration.replace({ widget }).range(spot.from, spot.to) : Decoration.widget({ widget, side: 1 }).range(spot.to))
  })
  return ranges
}

export const previewDecorations = EditorView.decorations.compute([runField], (state) => {
  const run = state.field(runField)
  return run ? Decoration.set(drawRun(run), true) : Decoration.none
})

/** onRules(id, focus) opens the constraints of a mask. */
export const maskDecorations = (status, onRules) => EditorView.decorations.compute([maskField, runField], (state) => {
  const run = state.field(runField), hidden = new Set(isOpen(run) ? run.spots.filter((spot) => !spot.stale).map((spot) => spot.id) : [])
  const ranges = []
  state.field(maskField).forEach((mask, index) => {
    if (hidden.has(mask.id)) return
    if (mask.to > mask.from) ranges.push(Decoration.mark({ class: "dlm-mask", attributes: { "data-mask": mask.id } }).range(mask.from, mask.to))
    ranges.push(Decoration.widget({ widget: new Chip(mask, index + 1, status, onRules), side: 1 }).range(mask.to))
  })
  return Decoration.set(ranges, true)
})

/** The caret steps over a preview as over one character. */
export const previewAtoms = EditorView.atomicRanges.of((view) => {
  const run = view.state.field(runField)
  if (!run || isPlain(run) || (!shownDrafts(run) && run.phase !== "waiting")) return Decoration.none
  return Decoration.set(run.spots.filter((spot) => !spot.stale && spot.to > spot.from).map((spot) => Decoration.mark({}).range(spot.from, spot.to)))
})
