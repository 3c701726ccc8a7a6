// What Export can give of a Word document, as a menu under its button.
import { element } from "./dom.js"
import { WORD_FILES } from "./strings.js"

/** Shows it under `anchor`; choices = [{ label, help, run }]. It closes on Esc, on Tab, and on a press elsewhere. */
export function openExportMenu(anchor, choices) {
  const away = new AbortController(), isOutside = (event) => !node.contains(event.target)
  const close = (focus) => { away.abort(); node.remove(); anchor.setAttribute("aria-expanded", "false"); if (focus) anchor.focus() }
  const items = choices.map(({ label, help, run }) => element("button", { type: "button", role: "menuitem", onclick: () => { close(true); run() } }, element("strong", {}, label), element("span", {}, help)))
  const node = element("div", { className: "dlm-menu is-export", role: "menu", "aria-label": WORD_FILES.menu }, ...items)
  node.onkeydown = (event) => {
    const at = items.indexOf(document.activeElement), step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) items[(at + step + items.length) % items.length].focus()
    else if (event.key === "Escape" || event.key === "Tab") close(true)
    else return
    event.preventDefault(); event.stopPropagation()
  }
  anchor.closest(".dlm").append(node)
  const below = anchor.getBoundingClientRect()
  node.style.left = `${Math.max(8, Math.min(below.left, innerWidth - node.offsetWidth - 8))}px`
  node.style.top = `${below.bottom + 4}px`
  anchor.setAttribute("aria-haspopup", "menu"); anchor.setAttribute("aria-expanded", "true")
  document.addEventListener("mousedown", (event) => { if (isOutside(event)) close(false) }, { signal: away.signal })
  addEventListener("scroll", (event) => { if (isOutside(event)) close(false) }, { capture: true, signal: away.signal })
  items[0].focus()
}
