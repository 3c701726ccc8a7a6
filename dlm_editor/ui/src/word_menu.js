// The words that may stand in a word's place, as a menu under it.
import { element } from "./dom.js"
import { POEM } from "./strings.js"

/** open(anchor) shows it waiting; show(choices) fills it, choices = [{ text, … }]; onPick(choice). It closes on Esc, and when the focus goes elsewhere. */
export function createWordMenu(home, { onPick }) {
  let anchor = null
  const node = element("div", { className: "dlm-menu", role: "menu", "aria-label": POEM.otherWords, hidden: true })
  const note = (text) => node.replaceChildren(element("p", { role: "status" }, text))
  const close = (focus = false) => { if (node.hidden) return; node.hidden = true; if (focus) anchor?.focus(); anchor?.classList.remove("is-chosen"); anchor = null }
  const items = () => [...node.querySelectorAll("[role=menuitem]")]
  const place = () => {                                        // fixed, so that no panel cuts it off; above the word where there is no room below
    const at = anchor.getBoundingClientRect(), below = at.bottom + 4
    node.style.left = `${Math.max(8, Math.min(at.left, innerWidth - node.offsetWidth - 8))}px`
    node.style.top = `${below + node.offsetHeight <= innerHeight - 8 ? below : Math.max(8, at.top - 4 - node.offsetHeight)}px`
  }
  node.onkeydown = (event) => {
    const all = items(), at = all.indexOf(document.activeElement), step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && all.length) { event.preventDefault(); all[(at + step + all.length) % all.length].focus() }
  }
  home.addEventListener("keydown", (event) => {
    if (anchor && (event.key === "Escape" || event.key === "Tab")) { event.preventDefault(); event.stopPropagation(); close(true) }
  })
  addEventListener("scroll", (event) => { if (!node.contains(event.target)) close() }, true)
  document.addEventListener("mousedown", (event) => { if (!node.contains(event.target)) close() })
  home.append(node)
  return {
    open(button) {
      close()
      anchor = button
      anchor.classList.add("is-chosen")
      node.hidden = false
      note(POEM.looking)
      place()
    },
    show(choices) {
      if (!anchor) return
      if (!choices.length) note(POEM.noWord)
      else node.replaceChildren(...choices.map((choice) => element("button", { type: "button", role: "menuitem", onclick: () => { close(true); onPick(choice) } }, choice.text)))
      place()
      items()[0]?.focus()
    },
    note(text) { if (anchor) note(text) },
    close,
    isOpen: () => !node.hidden,
  }
}
