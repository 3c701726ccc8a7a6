// Walking over the words of a draft with the keyboard, and finding the word that was clicked.

/** The word at a node of the draft: { node, mark, pieces }, or null. */
export function wordAt(target) {
  const node = target?.closest?.(".dlm-slot")
  return node && { node, mark: Number(node.closest(".dlm-preview").dataset.mark), pieces: node.dataset.pieces.split(" ").map(Number) }
}

const all = (view) => [...view.contentDOM.querySelectorAll(".dlm-slot")]

/** Puts the focus on a word of the draft nearest the caret. False where there is none in view. */
export function focusWords(view) {
  const words = all(view), { top } = view.coordsAtPos(view.state.selection.main.head) || { top: 0 }
  const near = words.reduce((best, word) => { const away = Math.abs(word.getBoundingClientRect().top - top); return !best || away < best.away ? { word, away } : best }, null)
  near?.word.focus()
  return !!near
}

/** keys(event, word) answers the keys of a word that has the focus; arrows walk, Esc goes back to the text. */
export function walkWords(view, { onKey }) {
  view.contentDOM.addEventListener("keydown", (event) => {
    const word = wordAt(event.target)
    if (!word) return
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    const isHandled = step && !event.altKey ? walk(word.node, step) : event.key === "Escape" ? leave(word.node) : onKey(event, word)
    if (isHandled) { event.preventDefault(); event.stopImmediatePropagation() }
  }, true)
  const walk = (node, step) => { const words = all(view); words[(words.indexOf(node) + step + words.length) % words.length].focus(); return true }
  const leave = () => { view.focus(); return true }
}
