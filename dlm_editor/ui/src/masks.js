// The masks: spans that follow every edit, are undone and redone with the text, and are drawn as highlighted words with a length chip.
import { StateEffect, StateField } from "@codemirror/state"
import { invertedEffects, isolateHistory } from "@codemirror/commands"

/** Masks after an edit. Text typed at a border stays outside; a mask whose text was deleted goes with it. */
export const mapMasks = (masks, changes) => masks.length === 0 ? masks : masks.map((mask) => {
  const from = changes.mapPos(mask.from, 1), to = changes.mapPos(mask.to, -1)
  return { ...mask, from, to: Math.max(from, to), gone: mask.from < mask.to && to <= from }
}).filter((mask) => !mask.gone)

export const setMasks = StateEffect.define({ map: mapMasks })

export const maskField = StateField.define({
  create: () => [],
  update(masks, tr) {
    if (tr.docChanged) masks = mapMasks(masks, tr.changes)
    for (const effect of tr.effects) if (effect.is(setMasks)) masks = effect.value
    return masks
  },
})

export const maskHistory = invertedEffects.of((tr) =>
  tr.startState.field(maskField) !== tr.state.field(maskField) ? [setMasks.of(tr.startState.field(maskField))] : [])

let made = 0
export const newMask = (from, to, length = "auto", rules = {}) => ({ id: `mask-${++made}`, from, to, length, rules })
export const inOrder = (masks) => masks.slice().sort((a, b) => a.from - b.from || a.to - b.to)

const overlaps = (a, b) => (a.from === b.from && a.to === b.to) || (a.from < b.to && b.from < a.to)

/** `masks` with `added` among them; what overlaps becomes one mask that keeps the length and the rules of the first. */
export function mergeMasks(masks, added) {
  for (let mask of added) {
    const hit = masks.filter((other) => overlaps(mask, other))
    for (const other of hit) mask = { ...mask, from: Math.min(mask.from, other.from), to: Math.max(mask.to, other.to), length: other.length, rules: other.rules }
    masks = [...masks.filter((other) => !hit.includes(other)), mask]
  }
  return inOrder(masks)
}

export const changeMasks = (view, masks) =>
  view.dispatch({ effects: setMasks.of(masks), annotations: isolateHistory.of("full"), userEvent: "mask" })

export const removeMask = (view, id) => changeMasks(view, view.state.field(maskField).filter((mask) => mask.id !== id))
const change = (view, id, values) => changeMasks(view, view.state.field(maskField).map((mask) => (mask.id === id ? { ...mask, ...values } : mask)))
export const setLength = (view, id, length) => change(view, id, { length, kept: undefined })
/** Forgets the words of an earlier fill that the next one would go on from. */
export const dropKept = (view, id) => change(view, id, { kept: undefined })
/** rules = { name: what was typed }; see rules.js. */
export const setRules = (view, id, rules) => change(view, id, { rules: Object.fromEntries(Object.entries(rules).filter(([, typed]) => typed)) })
