// Getting about by keyboard: a link past the head of the page, from one part of the page to the next, and by arrows within a row of buttons.
import { element } from "./dom.js"
import { SHORTCUTS } from "./strings.js"

const FOCUSABLE = "button, select, input, textarea, summary, a[href], [contenteditable=true], [tabindex='0']"
const canFocus = (node) => !node.disabled && node.checkVisibility({ visibilityProperty: true })
const within = (part) => [...part.querySelectorAll(FOCUSABLE)].filter(canFocus)

export const createSkipLink = (view) => element("a", { className: "dlm-skip", href: "#", onclick: (event) => { event.preventDefault(); view.focus() } }, SHORTCUTS.skip)

/** Moves the focus to the next (1) or previous (-1) of `parts` that has something to focus. */
export function cycleParts(parts, by) {
  const open = parts().filter((part) => within(part).length), at = open.findIndex((part) => part.contains(document.activeElement))
  const next = open[at < 0 ? 0 : (at + by + open.length) % open.length]
  const wanted = next.querySelector("[contenteditable=true]") || within(next).find((node) => node.tabIndex >= 0) || within(next)[0]
  wanted.focus()
  return true
}

/** One stop of the Tab key for a row of buttons: the arrows, Home and End move within it. follow() is called after every change of the row. */
export function createRoving(row) {
  let current = null
  const all = () => [...row.querySelectorAll("button, select")].filter((node) => !node.closest("[role=dialog]"))      // what a button opens is no part of its row
  const stops = () => all().filter(canFocus)
  const follow = () => {
    const open = stops()
    if (!open.includes(current)) current = open[0]
    for (const node of all()) { const wanted = node === current ? 0 : -1; if (node.tabIndex !== wanted) node.tabIndex = wanted }
  }
  row.addEventListener("focusin", (event) => { if (stops().includes(event.target)) { current = event.target; follow() } })
  row.addEventListener("keydown", (event) => {
    if (event.target.tagName === "SELECT" && event.key !== "ArrowLeft" && event.key !== "ArrowRight") return
    const open = stops(), at = open.indexOf(document.activeElement), to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: open.length - 1 }[event.key]
    if (to === undefined || at < 0) return
    event.preventDefault()
    open[(to + open.length) % open.length].focus()
  })
  return follow
}
