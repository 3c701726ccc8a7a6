// Between a poem and the document: lines that are kept go out with their marks, the finished poem comes in as one edit.
import { isolateHistory } from "@codemirror/commands"
import { maskField } from "./masks.js"

const escape = (text) => text.replaceAll("[[", "\\[[")

/** The whole lines that the selection touches, with [[]] in the place of what is masked; null without a selection. */
export function selectedLines(state) {
  const { from: start, to: end, empty } = state.selection.main
  if (empty) return null
  const from = state.doc.lineAt(start).from, to = state.doc.lineAt(end).to
  let text = "", at = from
  for (const mask of state.field(maskField)) {
    if (mask.from < from || mask.to > to) continue
    const gap = state.sliceDoc(mask.from, mask.to).replace(/[^\n]+/g, "[[]]") || "[[]]"      // one for each line
    text += escape(state.sliceDoc(at, mask.from)) + gap
    at = mask.to
  }
  return { from, to, text: text + escape(state.sliceDoc(at, to)) }
}

/** Where the poem will stand: in the place of the selected lines, or at the caret. */
export function poemTarget(view, isReplaced) {
  const found = isReplaced && selectedLines(view.state), at = view.state.selection.main.head
  return found ? { from: found.from, to: found.to, isReplaced: true } : { from: at, to: at, isReplaced: false }
}

/** Writes the poem on lines of its own, in one step that can be undone. */
export function insertPoem(view, { from, to, isReplaced }, poem) {
  const { doc } = view.state, before = isReplaced ? "" : doc.sliceString(doc.lineAt(from).from, from), after = isReplaced ? "" : doc.sliceString(to, doc.lineAt(to).to)
  const insert = `${before.trim() ? "\n\n" : ""}${poem}${after.trim() ? "\n\n" : ""}`
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, annotations: isolateHistory.of("full"), userEvent: "input.poem", scrollIntoView: true })
}
