// Draws masks and the run over the document. A step replaces only the token nodes that changed.
import { Decoration, EditorView, WidgetType } from "@codemirror/view"
import { maskField } from "./masks.js"
import { atEnd, isBusy, isTokenless, isOpen, isPlain, piecesText, runField, shownDrafts } from "./run.js"
import { Chip } from "./chip.js"
import { HANDS, handsOf } from "./studio_hands.js"
import { GLYPH, SAID, shownChanges, wordsOf } from "./studio_steps.js"
import { COMMON, RUN, STUDIO } from "./strings.js"

// Cut by the reliability table in the README: of the bundled model's words in these bands about 5, 20 and 50 in a hundred were the text's own.
export const bandOf = (certainty) => (certainty < 0.2 ? "low" : certainty < 0.5 ? "medium" : "high")

const MOST_MOVING = 24                                             // tokens of a mark that breathe while they are open; more would cost every frame
const NO_CHANGES = [], NO_HANDS = {}
const setText = (node, text) => { if (node.textContent !== text) node.textContent = text }
const setClass = (node, name) => { if (node.className !== name) node.className = name }
const setAttribute = (node, name, value) => {
  if (value === null) node.removeAttribute(name)
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value)
}
const fit = (node, count) => {
  while (node.childNodes.length > count) node.lastChild.remove()
  while (node.childNodes.length < count) node.append(document.createElement("span"))
}

/** `changes`: what the step did to each piece; `hands`: what the reader did, by piece; `touchable`: whether words can be clicked. */
class Preview extends WidgetType {
  constructor(id, mark, pieces, changes = NO_CHANGES, hands = NO_HANDS, touchable = false) {
    super()
    Object.assign(this, { id, mark, pieces, changes, hands, touchable })
    this.key = JSON.stringify([mark, pieces.map((piece) => piece.slice(0, 3)), changes, hands, touchable])
  }
  eq(other) { return other.id === this.id && other.key === this.key }
  get lineBreaks() { return piecesText(this.pieces).split("\n").length - 1 }
  ignoreEvent() { return false }

  toDOM() {
    const node = document.createElement("span")
    node.className = "dlm-preview"; node.dataset.mask = this.id
    node.setAttribute("role", "group")
    this.draw(node)
    return node
  }

  updateDOM(node) {
    if (node.dataset.mask !== this.id) return false
    this.draw(node)
    return true
  }

  draw(node) {
    const { pieces, mark, touchable } = this, words = wordsOf(pieces)
    setAttribute(node, "data-mark", String(mark))
    setClass(node, pieces.length > MOST_MOVING ? "dlm-preview is-still" : "dlm-preview")
    fit(node, words.length)
    words.forEach((members, at) => {
      const word = node.childNodes[at]
      fit(word, members.length)
      members.forEach((piece, place) => this.drawToken(word.childNodes[place], piece))
      const isSlot = touchable && members.some((piece) => pieces[piece][2] === "open" || (pieces[piece][3].length > 0 && pieces[piece][0] !== ""))
      setAttribute(word, "data-pieces", isSlot ? members.join(" ") : null)
      setAttribute(word, "role", isSlot ? "button" : null)
      setAttribute(word, "tabindex", isSlot ? "-1" : null)
      setAttribute(word, "aria-label", isSlot ? this.wordName(members) : null)
      setClass(word, isSlot ? "dlm-slot" : "")
    })
    const holes = pieces.filter((piece) => piece[2] === "open").length
    setAttribute(node, "aria-label", RUN.draft(piecesText(pieces), holes))
  }

  drawToken(token, at) {
    const [text, certainty, state] = this.pieces[at], change = this.changes[at], hand = this.hands[at]
    const isHole = state === "open" && hand?.kind !== "typed"
    const band = certainty === null || hand?.kind === "typed" ? "" : ` certainty-${bandOf(certainty)}`      // a hosted model tells none
    setText(token, isHole ? "" : hand?.kind === "typed" ? hand.text : text)
    setClass(token, (isHole ? "dlm-token is-open" : `dlm-token is-${state === "open" ? "settled" : state}${band}`) + (change ? ` did-${change}` : "") + (hand ? ` hand-${hand.kind}` : ""))
    setAttribute(token, "data-glyph", !text && !isHole ? null : hand ? HANDS[hand.kind][0] : change ? GLYPH[change] : null)      // what stays empty has no place for a sign
    const sure = hand?.kind === "typed" ? "" : isHole ? COMMON.stillOpen : certainty === null ? "" : COMMON.certainty(certainty)
    token.title = [sure, change ? STUDIO.atThisStep(SAID[change]) : "", hand ? HANDS[hand.kind][1] : ""].filter(Boolean).join(", ")
  }

  wordName(members) {
    const text = members.map((piece) => (this.hands[piece]?.kind === "typed" ? this.hands[piece].text : this.pieces[piece][0])).join("").trim()
    const [, certainty, state] = this.pieces[members[0]], hand = this.hands[members[0]]
    return [text || (state === "open" ? STUDIO.openWord : STUDIO.empty), state !== "open" && certainty !== null && hand?.kind !== "typed" ? COMMON.certainty(certainty) : "",
      hand ? HANDS[hand.kind][1] : ""].filter(Boolean).join(", ")
  }
}

const waiting = [["", 0, "open", []], ["", 0, "open", []], ["", 0, "open", []]]

const drawRun = (run) => {
  const ranges = [], drafts = shownDrafts(run)
  if (isPlain(run)) return ranges
  const changes = run.suggestions && atEnd(run) ? null : shownChanges(run), hands = handsOf(run)      // what is finished is shown clean
  const touchable = isOpen(run) && !isBusy(run) && !!drafts && !isTokenless(run)
  run.spots.forEach((spot, mark) => {
    if (spot.stale) return
    if (!drafts && run.phase !== "waiting") {
      if (spot.to > spot.from) ranges.push(Decoration.mark({ class: "dlm-original" }).range(spot.from, spot.to))
      return
    }
    const widget = drafts ? new Preview(spot.id, mark, drafts[mark], changes?.[mark], hands[mark], touchable) : new Preview(spot.id, mark, waiting)
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
