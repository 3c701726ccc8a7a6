// The keys of the timeline and of the words of a draft.
import { Prec } from "@codemirror/state"
import { keymap } from "@codemirror/view"

/** `actions()` gives { studio, player }: they are made after the editor that these keys belong to. */
export const studioKeys = (actions) => Prec.high(keymap.of([
  { key: "Alt-,", run: () => actions().player.step(-1), preventDefault: true },
  { key: "Alt-.", run: () => actions().player.step(1), preventDefault: true },
  { key: "Alt-p", run: () => actions().player.toggle(), preventDefault: true },
  { key: "Alt-w", run: () => actions().studio.focusWords(), preventDefault: true },
  { key: "Alt-g", run: () => actions().studio.goOn(), preventDefault: true },
]))
