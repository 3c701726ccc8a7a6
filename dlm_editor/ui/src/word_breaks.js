// A line break within a paragraph of a Word document is one character, which browsers show as nothing: here it has a sign.
import { highlightSpecialChars } from "@codemirror/view"
import { element } from "./dom.js"
import { WORD_FILES } from "./strings.js"

export const wordBreaks = highlightSpecialChars({
  specialChars: /\u2028/g,
  render: () => element("span", { className: "dlm-word-break", role: "img", "aria-label": WORD_FILES.lineBreak, title: WORD_FILES.lineBreak }, "↵"),
})
