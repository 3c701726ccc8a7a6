// CodeMirror keeps every line break as LF. This field remembers what the document really had, so that export gives it back byte for byte.
// eol = the break of new lines; odd = the positions of breaks that differ from it, mapped through every edit and brought back by undo.
import { EditorState, RangeSet, RangeSetBuilder, RangeValue, StateEffect, StateField } from "@codemirror/state"
import { invertedEffects } from "@codemirror/commands"
import { EditorView } from "@codemirror/view"

class Break extends RangeValue {
  constructor(text) { super(); this.text = text }
  eq(other) { return other.text === this.text }
}
Break.prototype.startSide = 1          // text typed just before a break pushes it on,
Break.prototype.endSide = -1           // text typed just after it does not widen it

const BREAK = /\r\n?|\n/g

/** The endings of a raw text: { eol: its first line break, odd: [position as LF text, break]… }. */
export function readEndings(raw) {
  const odd = []; let eol = null, removed = 0
  for (const match of raw.matchAll(BREAK)) {
    eol ??= match[0]
    if (match[0] !== eol) odd.push([match.index - removed, match[0]])
    removed += match[0].length - 1
  }
  return { eol: eol || "\n", odd }
}

const toSet = (odd) => {
  const builder = new RangeSetBuilder()
  for (const [at, text] of odd) builder.add(at, at + 1, new Break(text))
  return builder.finish()
}

const replacesAll = (state) => state.doc.length === 0 || (state.selection.main.from === 0 && state.selection.main.to === state.doc.length)

/** A whole document that is pasted keeps its line breaks; text pasted into a document takes on that document's. */
let pasted = null
export const pasteEndings = [
  EditorView.clipboardInputFilter.of((text, state) => { pasted = replacesAll(state) ? readEndings(text) : null; return text }),
  EditorState.transactionExtender.of((tr) => {
    if (!pasted || !tr.isUserEvent("input.paste")) return null
    const endings = pasted
    pasted = null
    return { effects: setEndings.of(endings) }
  }),
]

export const setEndings = StateEffect.define()
const restoreBreaks = StateEffect.define({
  map: (odd, changes) => odd.map(([at, text]) => [changes.mapPos(at, 1), text]),
})

const inRanges = (set, changes) => {
  const found = []
  changes.iterChangedRanges((from, to) => set.between(from, to, (at, end, value) => { if (at >= from && end <= to) found.push([at, value.text]) }))
  return found
}

export const endingsField = StateField.define({
  create: () => ({ eol: "\n", odd: RangeSet.empty }),
  update(value, tr) {
    if (tr.docChanged && value.odd.size) {
      const gone = new Set(inRanges(value.odd, tr.changes).map(([at]) => at))
      value = { eol: value.eol, odd: value.odd.update({ filter: (at) => !gone.has(at) }).map(tr.changes) }
    }
    for (const effect of tr.effects) {
      if (effect.is(setEndings)) value = { eol: effect.value.eol, odd: toSet(effect.value.odd) }
      if (effect.is(restoreBreaks)) {
        const known = new Set()
        value.odd.between(0, tr.newDoc.length, (at) => { known.add(at) })
        const add = effect.value.filter(([at]) => !known.has(at)).map(([at, text]) => new Break(text).range(at, at + 1))
        value = { eol: value.eol, odd: value.odd.update({ add, sort: true }) }
      }
    }
    return value
  },
})

const asEffect = (value) => {
  const odd = []
  value.odd.between(0, 1e9, (at, _end, found) => { odd.push([at, found.text]) })
  return setEndings.of({ eol: value.eol, odd })
}

export const endingsHistory = invertedEffects.of((tr) => {
  const before = tr.startState.field(endingsField)
  if (tr.effects.some((effect) => effect.is(setEndings))) return [asEffect(before)]
  if (!tr.docChanged || !before.odd.size) return []
  const gone = inRanges(before.odd, tr.changes)
  return gone.length ? [restoreBreaks.of(gone)] : []
})

/** The document as it is to be written to disk. */
export function exportText(state) {
  const { eol, odd } = state.field(endingsField), text = state.doc.toString()
  if (eol === "\n" && !odd.size) return text
  const parts = []; let at = 0
  const cursor = odd.iter()
  for (let next = text.indexOf("\n"); next >= 0; next = text.indexOf("\n", at)) {
    while (cursor.value && cursor.from < next) cursor.next()
    parts.push(text.slice(at, next), cursor.value && cursor.from === next ? cursor.value.text : eol)
    at = next + 1
  }
  return parts.join("") + text.slice(at)
}
