// The keys: one table, of which both the key map of the editor and the visible list are made.
import { element } from "./dom.js"
import { SHORTCUTS } from "./strings.js"

// [id, key as CodeMirror names it, whether it works outside the text too]. What each does is said in strings.js, under its id.
const TABLE = [
  ["mask", "Mod-k"], ["fill", "Mod-Enter"], ["rules", "Alt-Enter"], ["accept", "Tab"], ["rejectOne", "Shift-Tab"], ["stop", "Escape"], ["previous", "Alt-ArrowUp"], ["next", "Alt-ArrowDown"],
  ["stepBack", "Alt-,"], ["play", "Alt-p"], ["stepForward", "Alt-."], ["words", "Alt-w"], ["goOn", "Alt-g"], ["nextCorrection", "F8"], ["previousCorrection", "Shift-F8"],
  ["undo", "Mod-z"], ["redo", "Mod-y"], ["find", "Mod-f", true], ["findNext", "F3", true], ["findPrevious", "Shift-F3", true], ["selectNext", "Mod-d"],
  ["open", "Mod-o", true], ["keepVersion", "Mod-s", true], ["focus", "Mod-Shift-f", true], ["nextPart", "F6", true], ["previousPart", "Shift-F6", true], ["shortcuts", "Mod-/", true],
].map(([id, key, isEverywhere = false]) => ({ id, key, isEverywhere }))

export const PAGE = "page"           // the scope of the keys that work outside the text too

const OURS = /^(Mod|Alt|F\d|Shift-F\d)/          // never the browser's, even where there is nothing to do; Tab and Esc are

/** Bindings for CodeMirror: commands = { id: run(view) }. */
export const keysOf = (commands) => Object.entries(commands).map(([id, run]) => {
  const { key, isEverywhere } = TABLE.find((row) => row.id === id)
  return { key, run, preventDefault: OURS.test(key), scope: isEverywhere ? `editor ${PAGE}` : "editor" }
})

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform)
const NAMES = isMac ? { Mod: "⌘", Alt: "⌥", Shift: "⇧", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" } : { Mod: "Ctrl", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" }
/** A key as its keyboard shows it. */
export const keyName = (key) => key.split("-").map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(isMac ? "" : "+")
export const keyOf = (id) => keyName(TABLE.find((row) => row.id === id).key)

/** { node, toggle() }: the list, shut at first. */
export function createShortcuts() {
  const summary = element("summary", {}, SHORTCUTS.title)
  const node = element("details", { className: "dlm-shortcuts" }, summary,
    element("dl", {}, ...TABLE.map(({ id, key }) => element("div", {}, element("dt", {}, element("kbd", {}, keyName(key))), element("dd", {}, SHORTCUTS[id])))), element("p", {}, SHORTCUTS.bars))
  return {
    node,
    toggle() {
      node.open = !node.open
      if (node.open) { summary.focus(); node.scrollIntoView({ block: "nearest" }) }
      return true
    },
  }
}
