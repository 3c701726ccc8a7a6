// The visible list of keys.
import { element } from "./dom.js"
import { keyName } from "./toolbar.js"

const KEYS = [
  ["Mod-K", "mask the selected words, or mark a gap at the caret"], ["Mod-Enter", "fill, then accept"], ["Alt-Enter", "constraints of the mask at the caret"], ["Tab", "accept the suggestion shown"],
  ["Esc", "stop, then reject"], ["Alt-↑", "previous alternative"], ["Alt-↓", "next alternative"],
  ["Mod-Z", "undo"], ["Mod-F", "find and replace"],
]

export const createShortcuts = () => element("details", { className: "dlm-shortcuts" }, element("summary", {}, "Keyboard shortcuts"),
  element("dl", {}, ...KEYS.map(([key, what]) => element("div", {}, element("dt", {}, element("kbd", {}, keyName(key))), element("dd", {}, what)))))
