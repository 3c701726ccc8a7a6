// The card of a correction: what kind of mistake, how certain, and what else can be done with it. It opens where the caret or the mouse is.
import { element } from "./dom.js"
import { currentOf, reviewField } from "./corrections.js"
import { isWord } from "./dictionary.js"
import { keyOf } from "./shortcuts.js"
import { PROOFREAD } from "./strings.js"

const OPEN_MS = 220, CLOSE_MS = 280, GAP_PX = 5, DOCK_PX = 90

/** One card for all; `paper` holds it. actions = { ignore(item, isKeyboard), learn(item, isKeyboard) }. */
export function createCard(view, paper, actions) {
  let hovered = null, timer = 0, drawn = null
  const reason = element("strong", {}), certainty = element("span", { className: "dlm-certain" }), was = element("del", {}), will = element("ins", {})
  const on = (name) => (event) => { const item = shown(); hovered = null; if (item) actions[name](item, event.detail === 0) }
  const ignore = element("button", { type: "button", className: "dlm-button", title: PROOFREAD.ignoreTitle, onclick: on("ignore") }, PROOFREAD.ignore)
  const learn = element("button", { type: "button", className: "dlm-button", title: PROOFREAD.learnTitle, onclick: on("learn") }, PROOFREAD.learn)
  const keys = element("p", { className: "dlm-help" }, PROOFREAD.cardKeys(keyOf))
  const node = element("div", { className: "dlm-note", role: "group", hidden: true }, element("p", { className: "dlm-note-head" }, reason, certainty), element("p", { className: "dlm-note-words" }, was, " ", will),
    element("div", { className: "dlm-group" }, ignore, learn), keys)

  const review = () => view.state.field(reviewField)
  const shown = () => review().items.find(({ id, state }) => id === hovered && state === "pending") || currentOf(review())
  const place = () => {
    const item = shown(), anchors = item && view.contentDOM.querySelectorAll(`[data-correction="${item.id}"]`)
    if (!anchors?.length) { node.hidden = true; return }             // decided, or scrolled out of what is drawn
    const home = paper.getBoundingClientRect(), at = anchors[0].getClientRects()[0] || anchors[0].getBoundingClientRect(), below = anchors[anchors.length - 1].getBoundingClientRect().bottom + GAP_PX
    const isLow = below + node.offsetHeight > innerHeight - DOCK_PX, above = at.top - node.offsetHeight - GAP_PX      // above it, where what sticks below the text would cover it
    node.style.top = `${(isLow && above > 0 ? above : below) - home.top}px`
    node.style.left = `${Math.max(GAP_PX, Math.min(at.left - home.left - 8, home.width - node.offsetWidth - GAP_PX))}px`
  }
  const paint = () => {
    const item = shown()
    node.hidden = !item || review().show !== "changes"
    if (node.hidden) { drawn = null; return }
    const isCurrent = item.id === review().current, key = `${item.id} ${isCurrent}`
    if (key !== drawn) {
      drawn = key
      node.setAttribute("aria-label", PROOFREAD.card)
      reason.textContent = PROOFREAD.reason(item.reason); certainty.textContent = PROOFREAD.certain(item.certainty)
      was.textContent = item.before; was.hidden = !item.before; will.textContent = item.after; will.hidden = !item.after
      learn.hidden = !item.after || !isWord(item.before.trim())
      keys.hidden = !isCurrent
    }
    view.requestMeasure({ read: () => {}, write: place, key: "correction" })
  }
  const hover = (id, delay) => { clearTimeout(timer); timer = setTimeout(() => { hovered = id; paint() }, delay) }
  const idOf = (target) => target.closest?.("[data-correction]")?.dataset.correction || null
  view.contentDOM.addEventListener("mouseover", (event) => { const id = idOf(event.target); if (id) hover(id, OPEN_MS); else if (hovered) hover(null, CLOSE_MS) })
  view.contentDOM.addEventListener("mouseleave", () => hover(null, CLOSE_MS))
  view.contentDOM.addEventListener("focusin", (event) => { const id = idOf(event.target); if (id) hover(id, 0) })
  view.contentDOM.addEventListener("focusout", (event) => { if (idOf(event.target)) hover(null, CLOSE_MS) })
  node.addEventListener("mouseenter", () => clearTimeout(timer))
  node.addEventListener("mouseleave", () => hover(null, CLOSE_MS))
  node.addEventListener("mousedown", (event) => event.preventDefault())
  node.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); view.focus() } })
  paper.append(node)

  return {
    paint,
    /** Away with a card that the mouse opened; false where there is none. */
    dismiss() {
      if (!hovered) return false
      hovered = null
      paint()
      return true
    },
    /** The keyboard goes into the card; false where none is open. */
    enter() {
      if (node.hidden) return false
      ignore.focus()
      return true
    },
  }
}
