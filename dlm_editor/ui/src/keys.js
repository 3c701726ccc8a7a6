// The keys of the main job; the rest are CodeMirror's own.
import { Prec } from "@codemirror/state"
import { keymap } from "@codemirror/view"
import { isBusy, isOpen, runField } from "./run.js"

/** `actions()` gives { addMask, fill, session }: they are made after the editor that these keys belong to. */
export const runKeys = (actions) => {
  const act = (name) => () => actions().session[name]()
  const fillOrAccept = (view) => {
    const run = view.state.field(runField), { fill, session } = actions()
    if (!isBusy(run)) isOpen(run) ? session.accept() : fill()
    return true                                                // never CodeMirror's own: it would add a line
  }
  return Prec.highest(keymap.of([
    { key: "Mod-k", run: () => actions().addMask(), preventDefault: true },
    { key: "Mod-Enter", run: fillOrAccept },
    { key: "Tab", run: () => actions().session.canAccept() && actions().session.accept() },
    { key: "Escape", run: (view) => act("stop")(view) || act("reject")(view) },
    { key: "Alt-ArrowUp", run: () => actions().session.cycle(-1) },
    { key: "Alt-ArrowDown", run: () => actions().session.cycle(1) },
  ]))
}
