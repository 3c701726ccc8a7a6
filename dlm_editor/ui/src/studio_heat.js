// The heat map: the certainty of every token over the steps, and the masks left, drawn on a canvas; the same as a table for those who want the numbers.
import { element } from "./dom.js"
import { bandOf } from "./preview.js"
import { draftsAt } from "./studio_steps.js"
import { STUDIO } from "./strings.js"

const LABEL = 92, ROW = 15, PLOT = 46, GAP = 18, WIDEST = 26, MOST_ROWS = 400, MOST_CELLS = 200_000
const DRAW_MS = 120                                                // while steps stream in, the picture may lag by so much

/** { names: token texts, rows: [[certainty, null where open]] by step, left: masks left by step } of the alternative that is shown. Positions that never hold a word are left out. */
export function heatOf(run) {
  const each = run.steps.map((_, at) => draftsAt(run, at + 1)), last = each.at(-1) || []
  const names = [], rows = []
  last.forEach((_, mark) => {
    if (run.spots[mark]?.stale) return
    const most = Math.max(...each.map((drafts) => drafts[mark].length))
    for (let piece = 0; piece < most; piece++) {
      const cells = each.map((drafts) => drafts[mark][piece])
      const newest = cells.findLast((cell) => cell && cell[2] !== "open" && cell[0].trim())
      if (cells.at(-1)?.[2] !== "open" && !(newest && newest[3].length)) continue      // it stays empty, or is a border that the mark keeps
      names.push(newest ? newest[0].trim() : "·")
      rows.push(cells.map((cell) => (!cell || cell[2] === "open" ? null : cell[1] ?? 1)))
    }
  })
  const left = each.map((drafts) => drafts.reduce((sum, pieces, mark) => sum + (run.spots[mark]?.stale ? 0 : pieces.filter((piece) => piece[2] === "open").length), 0))
  return { names: names.slice(0, MOST_ROWS), rows: rows.slice(0, MOST_ROWS), left }
}

const INKS = ["low", "medium", "high", "soft", "line", "ink", "accent"]

function draw(canvas, heat, shown, width) {
  const { names, rows, left } = heat, steps = left.length, column = Math.min(WIDEST, (width - LABEL) / Math.max(1, steps))
  const height = rows.length * ROW + GAP + PLOT + GAP, scale = devicePixelRatio || 1, pen = canvas.getContext("2d")
  const style = getComputedStyle(canvas), ink = Object.fromEntries(INKS.map((name) => [name, style.getPropertyValue(`--dlm-${name}`).trim()]))
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) })
    canvas.style.height = `${height}px`
  }
  pen.setTransform(scale, 0, 0, scale, 0, 0)
  pen.clearRect(0, 0, width, height)
  pen.font = `12px ${style.fontFamily}`; pen.textBaseline = "middle"
  rows.forEach((cells, row) => {
    const top = row * ROW
    pen.fillStyle = ink.ink; pen.textAlign = "right"
    pen.fillText(names[row].length > 13 ? `${names[row].slice(0, 12)}…` : names[row], LABEL - 8, top + ROW / 2)
    cells.forEach((certainty, step) => {                           // the height tells as much as the colour does
      const x = LABEL + step * column, full = ROW - 3
      pen.fillStyle = certainty === null ? ink.line : ink[bandOf(certainty)]
      const tall = certainty === null ? 1 : Math.max(2, full * certainty)
      pen.fillRect(x, top + 1 + full - tall, Math.max(1, column - (column > 4 ? 1 : 0)), tall)
    })
  })
  const top = rows.length * ROW + GAP, most = Math.max(1, ...left)
  pen.fillStyle = ink.soft; pen.textAlign = "right"
  pen.fillText(STUDIO.masksLeft, LABEL - 8, top + PLOT / 2)
  pen.fillStyle = ink.accent
  left.forEach((count, step) => pen.fillRect(LABEL + step * column, top + PLOT - Math.max(1, PLOT * count / most), Math.max(1, column - (column > 4 ? 1 : 0)), Math.max(1, PLOT * count / most)))
  pen.fillStyle = ink.soft; pen.textAlign = "left"
  pen.fillText("1", LABEL, top + PLOT + GAP / 2)
  if (steps > 1) { pen.textAlign = "right"; pen.fillText(String(steps), LABEL + steps * column, top + PLOT + GAP / 2) }
  if (shown > 0) { pen.strokeStyle = ink.ink; pen.lineWidth = 1.5; pen.strokeRect(LABEL + (shown - 1) * column - 0.5, 0.5, column, top + PLOT) }
  return { column, rowAt: (y) => Math.floor(y / ROW), stepAt: (x) => Math.floor((x - LABEL) / column) + 1 }
}

function table({ names, rows, left }) {
  const cell = (certainty) => element("td", {}, certainty === null ? "–" : String(Math.round(certainty * 100)))
  return element("table", {}, element("caption", {}, STUDIO.heatTable),
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, STUDIO.token), ...left.map((_, at) => element("th", { scope: "col" }, String(at + 1))))),
    element("tbody", {}, ...rows.map((cells, row) => element("tr", {}, element("th", { scope: "row" }, names[row]), ...cells.map(cell))),
      element("tr", { className: "is-left" }, element("th", { scope: "row" }, STUDIO.masksLeft), ...left.map((count) => element("td", {}, String(count))))))
}

/** onStep(number) shows a step that was clicked. paint(run) may be called as often as one likes. */
export function createHeat({ onStep }) {
  const canvas = element("canvas", { className: "dlm-heat", role: "img" }), read = element("p", { className: "dlm-help" })
  const numbers = element("div", { className: "dlm-table" }), details = element("details", {}, element("summary", {}, STUDIO.asTable), numbers)
  const node = element("div", {}, canvas, read, details)
  let heat = null, at = null, timer = 0, run = null, key = null
  const isSeen = () => node.offsetParent !== null
  const show = () => {
    timer = 0
    if (!isSeen()) return
    const cells = !run?.steps.length ? 0 : run.steps.length * draftsAt(run, run.steps.length).reduce((sum, pieces) => sum + pieces.length, 0)
    if (!cells || cells > MOST_CELLS) { canvas.hidden = details.hidden = true; read.textContent = cells ? STUDIO.heatTooLarge : STUDIO.noHeat; key = null; return }
    canvas.hidden = details.hidden = false
    if (key?.steps !== run.steps || key?.alternative !== run.alternative || key?.suggestions !== run.suggestions) {
      heat = heatOf(run)
      key = { steps: run.steps, alternative: run.alternative, suggestions: run.suggestions }
      canvas.setAttribute("aria-label", STUDIO.heatSaid(heat.rows.length, heat.left.length, heat.left.at(-1)))
      if (details.open) numbers.replaceChildren(table(heat))
    }
    at = draw(canvas, heat, run.shown, canvas.parentElement.clientWidth)
    read.textContent = run.shown ? STUDIO.heatAt(run.shown, heat.left[run.shown - 1]) : STUDIO.heatHelp
  }
  details.ontoggle = () => { if (details.open && heat) numbers.replaceChildren(table(heat)) }
  canvas.onclick = (event) => { const step = at?.stepAt(event.offsetX); if (step >= 1 && step <= heat.left.length) onStep(step) }
  canvas.onmousemove = (event) => {
    const step = at?.stepAt(event.offsetX), row = at?.rowAt(event.offsetY), cells = heat?.rows[row]
    if (cells && step >= 1 && step <= cells.length) read.textContent = STUDIO.heatCell(step, heat.names[row], cells[step - 1])
  }
  canvas.onmouseleave = () => show()
  new ResizeObserver(() => { if (isSeen()) show() }).observe(node)
  return {
    node,
    paint(found) { if (found === run) return; run = found; if (!timer && isSeen()) timer = setTimeout(show, DRAW_MS) },
    now: show,
  }
}
