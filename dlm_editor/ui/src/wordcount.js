// How long a text is: counted when typing pauses, shown below the document, and in full on request: of the document, the selection and the masks.
import { element } from "./dom.js"
import { maskField } from "./masks.js"
import { COUNTS } from "./strings.js"

const WORD = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu
const SENTENCES = new Intl.Segmenter(undefined, { granularity: "sentence" })
const WORDS_A_MINUTE = 238          // silent reading of English non-fiction: Brysbaert 2019, doi:10.1016/j.jml.2019.104047
const PAUSE_MS = 150

export function countsOf(text) {
  let words = 0, points = 0
  for (const _ of text.matchAll(WORD)) words++
  for (const _ of text) points++
  return { words, points }
}

const hasWord = (text) => /[\p{L}\p{N}]/u.test(text)

/** Everything that the panel tells. Sentences are cut by the browser, line by line. */
export function measure(text) {
  const { words, points } = countsOf(text), paragraphs = text.split(/\n+/).filter(hasWord)
  let sentences = 0
  for (const paragraph of paragraphs) for (const { segment } of SENTENCES.segment(paragraph)) sentences += hasWord(segment)
  return { words, points, dense: countsOf(text.replace(/\s/g, "")).points, sentences, paragraphs: paragraphs.length, seconds: words / WORDS_A_MINUTE * 60 }
}

const ROWS = ["words", "points", "dense", "sentences", "paragraphs", "seconds"]

function table(parts) {
  return element("table", {}, element("thead", {}, element("tr", {}, element("td", {}), ...parts.map(([name]) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...ROWS.map((row) => element("tr", {}, element("th", { scope: "row" }, COUNTS.rows[row]),
      ...parts.map(([, counts]) => element("td", {}, row === "seconds" ? COUNTS.time(counts.seconds) : COUNTS.number(counts[row])))))))
}

/** The line of counts, a button that opens the table. recount(view) is called after every change of the text, the masks or the selection. */
export function createWordCount() {
  let timer = 0, counted = { doc: null }
  const line = element("span", {}), body = element("div", { className: "dlm-count-table", id: "dlm-count-table", role: "region", "aria-label": COUNTS.title, hidden: true, tabIndex: -1 })
  const opener = element("button", { type: "button", className: "dlm-count-line", title: COUNTS.open, "aria-expanded": "false", "aria-controls": body.id }, line)
  const node = element("div", { className: "dlm-counts" }, opener, body)

  const show = (view) => {
    const { state } = view, masks = state.field(maskField), { main } = state.selection
    if (counted.doc !== state.doc) counted = { doc: state.doc, ...countsOf(state.doc.toString()) }
    const selected = main.empty ? null : countsOf(state.sliceDoc(main.from, main.to))
    line.textContent = selected ? COUNTS.selected(selected.words, counted.words, selected.points) : COUNTS.line(counted.words, counted.points, masks.length)
    if (body.hidden) return
    const masked = masks.map((mask) => state.sliceDoc(mask.from, mask.to)).join("\n")
    body.replaceChildren(table([[COUNTS.document, measure(state.doc.toString())], ...(selected ? [[COUNTS.selection, measure(state.sliceDoc(main.from, main.to))]] : []),
      ...(masks.length ? [[COUNTS.masked, measure(masked)]] : [])]), element("p", {}, COUNTS.pace(WORDS_A_MINUTE)))
  }
  let shown = null
  const toggle = (isOpen) => {
    body.hidden = !isOpen
    opener.setAttribute("aria-expanded", String(isOpen))
    if (isOpen && shown) show(shown)
  }
  opener.onclick = () => toggle(body.hidden)
  document.addEventListener("mousedown", (event) => { if (!node.contains(event.target)) toggle(false) })
  node.onkeydown = (event) => { if (event.key === "Escape" && !body.hidden) { event.stopPropagation(); toggle(false); opener.focus() } }
  return {
    node,
    recount(view) {
      shown = view
      clearTimeout(timer)
      timer = setTimeout(() => show(view), PAUSE_MS)
    },
  }
}
