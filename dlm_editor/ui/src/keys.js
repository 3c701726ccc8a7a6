// The keys of the main job; the rest are CodeMirror's own.
import { Prec } from "@codemirror/state"
import { keymap } from "@codemirror/view"
import { maskField } from "./masks.js"
import { isBusy, isOpen, runField } from "./run.js"

/** `actions()` gives { addMask, fill, session, rules }: they are made after the editor that these keys belong to. */
export const runKeys = (actions) => {
  const act = (name) => () => actions().session[name]()
  const fillOrAccept = (view) => {
    const run = view.state.field(runField), { fill, session } = actions()
    if (!isBusy(run)) isOpen(run) ? session.accept() : fill()
    return true                                                // never CodeMirror's own: it would add a line
  }
  const openRules = (view) => {
    const at = view.state.selection.main.head, mask = view.state.field(maskField).find(({ from, to }) => from <= at && at <= to)
    return !!mask && !isOpen(view.state.field(runField)) && actions().rules.open(mask.id, { focus: true })
  }
  return Prec.highest(keymap.of([
    { key: "Mod-k", run: () => actions().addMask(), preventDefault: true },
    { key: "Mod-Enter", run: fillOrAccept },
    { key: "Alt-Enter", run: openRules },
    { key: "Tab", run: () => actions().session.canAccept() && actions().session.accept() },
    { key: "Escape", run: (view) => actions().rules.shut() || act("stop")(view) || act("reject")(view) },
    { key: "Alt-ArrowUp", run: () => actions().session.cycle(-1) },
    { key: "Alt-ArrowDown", run: () => actions().session.cycle(1) },
  ]))
}
