// Brings a whole document into the editor, and gives it back.
import { isolateHistory } from "@codemirror/commands"
import { Transaction } from "@codemirror/state"
import { fileField, setFile } from "./file.js"
import { ignoredField, setAllIgnored } from "./ignored.js"
import { exportText, readEndings, setEndings } from "./lines.js"
import { maskField, newMask, setMasks } from "./masks.js"
import { toPoints, toUnits } from "./offsets.js"
import { endRun } from "./run.js"

const BOM = "\ufeff"

/**
 * Replaces the document, in one step that can be undone unless it is the page's first. Spans count code points of the text with LF line breaks;
 * `caret` counts as the browser does.
 */
export function loadDocument(view, raw, { file, spans = [], caret = 0, isUndoable = true, userEvent = "load", ignored = userEvent === "load" ? [] : view.state.field(ignoredField) }) {
  const endings = readEndings(raw), text = raw.replace(/\r\n?/g, "\n"), at = toUnits(text, spans.flatMap((span) => [span.start, span.end]))
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: view.state.toText(text) }, selection: { anchor: Math.min(caret, text.length) }, scrollIntoView: true,
    effects: [endRun.of(null), setMasks.of(spans.map((span) => ({ ...newMask(at(span.start), at(span.end), span.length || "auto", span.rules), kept: span.kept }))), setEndings.of(endings), setFile.of(file), setAllIgnored.of(ignored)],
    annotations: [isolateHistory.of("full"), Transaction.addToHistory.of(isUndoable)], userEvent,
  })
}

/** The marked document with its own line breaks, as kept in drafts and versions. */
export function collectDocument(state) {
  const masks = state.field(maskField), at = toPoints(state.doc.toString(), masks.flatMap((mask) => [mask.from, mask.to]))
  return {
    text: exportText(state), file: state.field(fileField), caret: state.selection.main.head, ignored: state.field(ignoredField),
    spans: masks.map((mask) => ({ start: at(mask.from), end: at(mask.to), length: mask.length, rules: mask.rules, kept: mask.kept })),
  }
}

/** The document as the bytes of its file say it. */
export const fileText = (state) => state.field(fileField).bom + exportText(state)

export const splitBom = (raw) => (raw.startsWith(BOM) ? [BOM, raw.slice(1)] : ["", raw])
