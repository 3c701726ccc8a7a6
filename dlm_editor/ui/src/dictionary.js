// The reader's own words: kept in this browser, sent with each request, never corrected.
import { StateEffect } from "@codemirror/state"
import { element } from "./dom.js"
import { PROOFREAD } from "./strings.js"

const KEY = "dlm-editor:dictionary", MOST = 20_000, LONGEST = 256

/** value = { word, on }: on its way through the history, so that undo takes a word out again. */
export const setWord = StateEffect.define()
export const sameWord = (a, b) => a.toLowerCase() === b.toLowerCase()
/** What can be a word of the dictionary. */
export const isWord = (text) => /^\S+$/.test(text) && /\p{L}/u.test(text) && text.length <= LONGEST

export function createDictionary() {
  let kept = []
  const read = () => {
    try { kept = JSON.parse(localStorage.getItem(KEY)) || [] } catch { /* storage is off: the words hold for this visit */ }
    return kept
  }
  const write = (words) => {
    kept = words
    try { localStorage.setItem(KEY, JSON.stringify(words)) } catch { /* as above */ }
    draw()
  }
  const list = element("ul", { className: "dlm-words" }), none = element("p", { className: "dlm-help" }, PROOFREAD.noWords)
  const draw = () => {
    const words = read()
    none.hidden = words.length > 0
    list.replaceChildren(...words.map((word) => element("li", {}, element("span", {}, word),
      element("button", { type: "button", "aria-label": PROOFREAD.removeWord(word), title: PROOFREAD.removeWord(word), onclick: () => { dictionary.set(word, false); (list.querySelector("button") || none).focus() } }, "×"))))
  }
  none.tabIndex = -1
  const dictionary = {
    node: element("div", {}, none, list), draw,
    words: read,
    has: (word) => read().some((other) => sameWord(other, word)),
    set(word, on) {
      const rest = read().filter((other) => !sameWord(other, word))
      write(on ? [...rest, word].sort((a, b) => a.localeCompare(b)).slice(0, MOST) : rest)
    },
  }
  draw()
  return dictionary
}
