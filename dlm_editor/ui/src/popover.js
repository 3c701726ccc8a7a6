// A small panel under the button that opens it.
import { button, element } from "./dom.js"

/** { node, opener, close }. `node` holds both. It closes on Esc, and on a press elsewhere. */
export function createPopover(name, ...body) {
  const opener = button("▾", { title: name, className: "is-more", onclick: () => toggle(panel.hidden) })
  opener.setAttribute("aria-label", name); opener.setAttribute("aria-haspopup", "dialog"); opener.setAttribute("aria-expanded", "false")
  const panel = element("div", { className: "dlm-popover", role: "dialog", "aria-label": name, hidden: true }, ...body)
  const node = element("span", { className: "dlm-popover-of" }, opener, panel)
  const toggle = (on) => {
    panel.hidden = !on
    opener.setAttribute("aria-expanded", String(on))
    if (!on) return
    place()
    panel.querySelector("input")?.focus()
  }
  const place = () => {
    if (panel.hidden) return
    panel.style.left = "0px"
    const beyond = panel.getBoundingClientRect().right - innerWidth + 12
    if (beyond > 0) panel.style.left = `${-beyond}px`
  }
  addEventListener("resize", place)
  panel.onkeydown = (event) => { if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); toggle(false); opener.focus() } }
  document.addEventListener("mousedown", (event) => { if (!panel.hidden && !node.contains(event.target)) toggle(false) })
  return { node, opener, close: () => toggle(false) }
}

/** A slider with its label and its value in words. */
export function createSlider(label, { min, max, step, value, told, help = "" }, onInput) {
  const shown = element("span", { className: "dlm-value" }), input = element("input", { type: "range", min, max, step, value, "aria-label": label })
  const tell = () => { shown.textContent = told(Number(input.value)); input.setAttribute("aria-valuetext", shown.textContent) }
  input.oninput = () => { tell(); onInput(Number(input.value)) }
  tell()
  const node = element("div", { className: "dlm-slider" }, element("span", { className: "dlm-slider-label" }, label), element("span", { className: "dlm-range" }, input, shown),
    ...(help ? [element("p", { className: "dlm-help" }, help)] : []))
  return { node, input, value: () => Number(input.value) }
}
