// What the document is called, and what of it is no text: its byte order mark. It changes with the text that is opened, and is undone and redone with it.
import { StateEffect, StateField } from "@codemirror/state"
import { invertedEffects } from "@codemirror/commands"
import { FILES } from "./strings.js"
import { newId } from "./tabs.js"

export const setFile = StateEffect.define()

/** { name, bom, id }; the id tells the versions of one document from those of others. */
export const newFile = (name = FILES.unnamed, bom = "") => ({ name, bom, id: newId() })

export const fileField = StateField.define({
  create: () => newFile(),
  update(file, tr) {
    for (const effect of tr.effects) if (effect.is(setFile)) file = effect.value
    return file
  },
})

export const fileHistory = invertedEffects.of((tr) =>
  tr.startState.field(fileField) !== tr.state.field(fileField) ? [setFile.of(tr.startState.field(fileField))] : [])
