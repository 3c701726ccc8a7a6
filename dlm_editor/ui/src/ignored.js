// Corrections that are not to be offered again in this document. Where nothing but a place is corrected, the words around it belong to it.
import { invertedEffects } from "@codemirror/commands"
import { StateEffect, StateField } from "@codemirror/state"

const AROUND = 24

/** value = { before, after, around, on }. */
export const setIgnored = StateEffect.define()
/** All of a document: it comes with its draft, and another one begins without any. */
export const setAllIgnored = StateEffect.define()
export const isSameIgnored = (a, b) => a.before === b.before && a.after === b.after && a.around === b.around

export function ignoredAs(state, { from, to, before, after }) {
  const isPlace = !/[\p{L}\p{N}]/u.test(before)
  return { before, after, around: isPlace ? `${state.sliceDoc(Math.max(0, from - AROUND), from)}|${state.sliceDoc(to, to + AROUND)}` : "" }
}

export const ignoredField = StateField.define({
  create: () => [],
  update(ignored, tr) {
    for (const effect of tr.effects) {
      if (effect.is(setAllIgnored)) ignored = effect.value
      if (!effect.is(setIgnored)) continue
      const { on, ...entry } = effect.value, rest = ignored.filter((other) => !isSameIgnored(other, entry))
      ignored = on ? [...rest, entry] : rest
    }
    return ignored
  },
})

export const ignoredHistory = invertedEffects.of((tr) => (tr.effects.some((effect) => effect.is(setAllIgnored)) ? [setAllIgnored.of(tr.startState.field(ignoredField))] : []))

/** What the server is told: pairs that hold wherever they stand. */
export const ignoredPairs = (state) => state.field(ignoredField).filter(({ around }) => !around).map(({ before, after }) => [before, after])
export const isIgnored = (state, item) => state.field(ignoredField).some((entry) => isSameIgnored(entry, ignoredAs(state, item)))
