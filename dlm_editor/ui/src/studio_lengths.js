// The lengths that were weighed for each mask of length auto, as bars; another one can be taken by mouse or by arrow keys, and the mask filled anew.
import { button, element } from "./dom.js"
import { isBusy, isOpen } from "./run.js"
import { STUDIO } from "./strings.js"
import { percent } from "./studio_steps.js"

/** One plot. found = { by, tried: [[tokens, share]], taken }; lengths that were not tried stand without a bar. */
function plotOf(found, number, onRefill) {
  const shares = new Map(found.tried), least = 1, most = Math.max(found.taken, ...shares.keys()) + 2, tallest = Math.max(...shares.values(), 1e-9)
  const bars = element("div", { className: "dlm-bars", "aria-hidden": "true" })
  for (let tokens = least; tokens <= most; tokens++) {
    const bar = element("span", { className: "dlm-length", "data-tokens": tokens, title: STUDIO.lengthBar(tokens, shares.get(tokens)) }, element("i", {}))
    bar.firstChild.style.height = `${Math.round(100 * (shares.get(tokens) || 0) / tallest)}%`
    bars.append(bar)
  }
  const slider = element("input", { type: "range", min: least, max: most, step: 1, value: found.taken, "aria-label": STUDIO.tokensOf(number) })
  const told = element("p", { className: "dlm-help" }), refill = button(STUDIO.refill, { title: STUDIO.refillTitle, onclick: () => onRefill(Number(slider.value)) })
  const paint = () => {
    const picked = Number(slider.value)
    for (const bar of bars.children) {
      bar.classList.toggle("is-taken", Number(bar.dataset.tokens) === found.taken)
      bar.classList.toggle("is-picked", Number(bar.dataset.tokens) === picked)
    }
    told.textContent = STUDIO.lengthTold(picked, shares.get(picked), found.taken)
    slider.setAttribute("aria-valuetext", told.textContent)
    refill.disabled = picked === found.taken
  }
  const follow = (event) => {
    const at = bars.getBoundingClientRect()
    slider.value = least + Math.floor((event.clientX - at.left) / at.width * (most - least + 1))
    paint()
  }
  bars.onpointerdown = (event) => { event.preventDefault(); bars.setPointerCapture(event.pointerId); follow(event) }
  bars.onpointermove = (event) => { if (event.buttons) follow(event) }
  slider.oninput = paint
  slider.onkeydown = (event) => { if (event.key === "Enter" && !refill.disabled) { event.preventDefault(); refill.click() } }
  paint()
  return element("section", { className: "dlm-lengths", "aria-label": STUDIO.lengthsOf(number) }, element("h4", {}, STUDIO.lengthsOf(number)),
    element("table", { className: "dlm-unseen" }, element("tbody", {}, ...found.tried.map(([tokens, share]) => element("tr", {}, element("th", { scope: "row" }, STUDIO.tokens(tokens)), element("td", {}, percent(share)))))),
    bars, slider, told, refill)
}

/** onRefill(mark, tokens) fills one mask anew with so many tokens. */
export function createLengths({ onRefill }) {
  const empty = element("p", { className: "dlm-help" }, STUDIO.noLengths), list = element("div", {}), node = element("div", {}, empty, list)
  let drawn = null
  return {
    node,
    paint(run) {
      const found = run && isOpen(run) && !isBusy(run) && run.lengths?.some(Boolean) ? run.lengths : null
      if (found === drawn) return
      drawn = found
      empty.hidden = !!found
      list.replaceChildren(...(found || []).flatMap((one, mark) => (one && !run.spots[mark]?.stale ? [plotOf(one, mark + 1, (tokens) => onRefill(mark, tokens))] : [])))
    },
  }
}
