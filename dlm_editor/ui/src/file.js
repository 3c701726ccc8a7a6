// What the document is called, and what of it is no text: its byte order mark, its encoding, the Word file that it came from. It changes with the text that is opened, and is undone and redone with it.
import { StateEffect, StateField } from "@codemirror/state"
import { invertedEffects } from "@codemirror/commands"
import { FILES } from "./strings.js"
import { newId } from "./tabs.js"

export const setFile = StateEffect.define()

/** { name, bom, id, encoding, word }; the id tells the versions of one document from those of others, `word` is the key of a kept Word file. */
export const newFile = (name = FILES.unnamed, bom = "", { encoding, word } = {}) => ({ name, bom, id: newId(), encoding, word })

/** The name under which its text alone is saved. */
export const textName = ({ name, word }) => (word ? name.replace(/\.[^.]*$/, ".txt") : name)

export const fileField = StateField.define({
  create: () => newFile(),
  update(file, tr) {
    for (const effect of tr.effects) if (effect.is(setFile)) file = effect.value
    return file
  },
})

export const fileHistory = invertedEffects.of((tr) =>
  tr.startState.field(fileField) !== tr.state.field(fileField) ? [setFile.of(tr.startState.field(fileField))] : [])
