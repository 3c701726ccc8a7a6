// Brings a whole document into the editor, and gives it back.
import { isolateHistory } from "@codemirror/commands"
import { Transaction } from "@codemirror/state"
import { exportText, readEndings, setEndings } from "./lines.js"
import { maskField, newMask, setMasks } from "./masks.js"
import { toPoints, toUnits } from "./offsets.js"
import { endRun } from "./run.js"

const BOM = "\ufeff"

/** Replaces the document, in one step that can be undone unless it is the page's first. Spans count code points of the text with LF line breaks. */
export function loadDocument(view, raw, spans = [], isUndoable = true) {
  const endings = readEndings(raw), text = raw.replace(/\r\n?/g, "\n"), at = toUnits(text, spans.flatMap((span) => [span.start, span.end]))
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: view.state.toText(text) }, selection: { anchor: 0 }, scrollIntoView: true,
    effects: [endRun.of(null), setMasks.of(spans.map((span) => newMask(at(span.start), at(span.end), span.length || "auto", span.rules))), setEndings.of(endings)],
    annotations: [isolateHistory.of("full"), Transaction.addToHistory.of(isUndoable)], userEvent: "load",
  })
}

/** The marked document with its own line breaks, as kept in a draft. */
export function collectDocument(view) {
  const masks = view.state.field(maskField), at = toPoints(view.state.doc.toString(), masks.flatMap((mask) => [mask.from, mask.to]))
  return { text: exportText(view.state), spans: masks.map((mask) => ({ start: at(mask.from), end: at(mask.to), length: mask.length, rules: mask.rules })) }
}

export const splitBom = (raw) => (raw.startsWith(BOM) ? [BOM, raw.slice(1)] : ["", raw])
