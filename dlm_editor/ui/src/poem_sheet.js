// A poem on its sheet: every line with its badges, drawn anew at each step; words that can be replaced once it is finished.
import { element } from "./dom.js"
import { badgeNodes } from "./badges.js"
import { bandOf } from "./preview.js"
import { COMMON, POEM } from "./strings.js"

const isWord = (text) => /[\p{L}\p{N}]/u.test(text)

const pieceNode = ([text, certainty, state]) => state === "open" ? element("span", { className: "dlm-token is-open", title: COMMON.stillOpen })
  : element("span", { className: `dlm-token is-${state}${certainty == null ? "" : ` certainty-${bandOf(certainty)}`}`, title: certainty == null ? "" : COMMON.certainty(certainty) }, text)

/** The words of a line as buttons, the rest as text. */
function wordNodes(text, line, onWord) {
  let word = -1
  return text.split(/(\s+)/).map((part) => {
    if (!isWord(part)) return part
    const index = ++word
    return element("button", { type: "button", className: "dlm-word", "data-line": line, "data-word": index, "aria-haspopup": "menu", title: POEM.otherWordsHere, onclick: (event) => onWord(event.currentTarget, line, index) }, part)
  })
}

function lineNode(line, index, onWord) {
  const verse = line.pieces ? line.pieces.map(pieceNode) : line.isFixed ? [line.text] : wordNodes(line.text, index, onWord)
  return element("li", { className: line.opens_stanza ? "is-stanza" : "" }, element("p", { className: "dlm-verse" }, ...verse), element("p", { className: "dlm-badges" }, ...badgeNodes(line.badge)))
}

/** draw(poem): poem = { title, lines: [{ pieces (while it is written) or text, badge, opens_stanza }] }. */
export function createSheet({ onWord }) {
  const title = element("h3", {}), list = element("ol", { className: "dlm-poem", "aria-label": POEM.title })
  return {
    node: element("div", { className: "dlm-sheet" }, title, list),
    draw(poem) {
      title.textContent = poem.title || ""; title.hidden = !poem.title
      list.replaceChildren(...poem.lines.map((line, index) => lineNode(line, index, onWord)))
    },
    word: (line, word) => list.querySelector(`[data-line="${line}"][data-word="${word}"]`),
  }
}
