// What opens beside the document: one panel at a time, or none. Esc closes it, and the focus goes back to what opened it.
import { button, element } from "./dom.js"
import { COMMON } from "./strings.js"

/** A panel with a title and a way out. `body` is what it holds. */
export function createSide(name, title, ...body) {
  const close = button("×", { title: COMMON.close(name), className: "is-quiet" })
  close.setAttribute("aria-label", COMMON.close(name))
  const node = element("aside", { className: `dlm-side is-${name}`, "aria-label": title, id: `dlm-${name}`, hidden: true },
    element("div", { className: "dlm-side-head" }, element("h2", {}, title), close), ...body)
  return { name, node, close }
}

/** sides = [{ side, opener, onOpen }]. Returns toggle(name, show); without a name it shuts all, and the focus stays. */
export function createSides(root, sides) {
  const toggle = (name, show) => {
    const asked = sides.find(({ side }) => side.name === name), on = !!asked && (show ?? asked.side.node.hidden)
    for (const { side, opener, onOpen } of sides) {
      const isShown = on && side.name === name
      const wasShown = !side.node.hidden
      side.node.hidden = !isShown
      root.classList.toggle(`has-${side.name}`, isShown)
      opener.setAttribute("aria-expanded", String(isShown))
      if (isShown && !wasShown) onOpen?.()
    }
    root.classList.toggle("has-side", on)
    if (asked) (on ? asked.side.node.querySelector("select:not(:disabled), input:not(:disabled), summary") : asked.opener).focus()
  }
  for (const { side, opener } of sides) {
    opener.setAttribute("aria-expanded", "false"); opener.setAttribute("aria-controls", side.node.id)
    side.close.onclick = () => toggle(side.name, false)
    side.node.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented) { event.stopPropagation(); toggle(side.name, false) } })
  }
  return toggle
}
