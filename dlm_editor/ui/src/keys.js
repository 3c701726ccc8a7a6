// The keys of the main job.
import { Prec } from "@codemirror/state"
import { keymap } from "@codemirror/view"
import { maskField } from "./masks.js"
import { isBusy, isOpen, runField } from "./run.js"
import { keysOf } from "./shortcuts.js"

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
  return Prec.highest(keymap.of(keysOf({
    mask: () => actions().addMask(),
    fill: fillOrAccept,
    rules: openRules,
    accept: () => actions().session.canAccept() && actions().session.accept(),
    stop: (view) => actions().rules.shut() || act("stop")(view) || act("reject")(view),
    previous: () => actions().session.cycle(-1),
    next: () => actions().session.cycle(1),
  })))
}
