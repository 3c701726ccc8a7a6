// The keys of the timeline and of the words of a draft.
import { Prec } from "@codemirror/state"
import { keymap } from "@codemirror/view"
import { keysOf } from "./shortcuts.js"

/** `actions()` gives { studio, player }: they are made after the editor that these keys belong to. */
export const studioKeys = (actions) => Prec.high(keymap.of(keysOf({
  stepBack: () => actions().player.step(-1),
  stepForward: () => actions().player.step(1),
  play: () => actions().player.toggle(),
  words: () => actions().studio.focusWords(),
  goOn: () => actions().studio.goOn(),
})))
