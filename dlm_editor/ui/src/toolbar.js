// The buttons. Those that would do nothing are disabled; those of a run take the place of Fill while there is one.
import { redo, redoDepth, undo, undoDepth } from "@codemirror/commands"
import { button, element } from "./dom.js"
import { maskField } from "./masks.js"
import { alternatives, hasHoles, isBusy, isOpen, runField } from "./run.js"
import { isReading } from "./corrections.js"
import { wantsToGoOn } from "./studio_going_on.js"
import { keyName } from "./shortcuts.js"
import { createRoving } from "./regions.js"
import { REWRITE, TOOLBAR } from "./strings.js"

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform)
export { keyName } from "./shortcuts.js"

export function createToolbar(view, { session, proofreading, rewriting, addMask, clearMasks, fill, rewrite, openPoem }) {
  const act = (action) => () => {
    if (document.activeElement?.closest(".dlm-chip")) view.focus()      // a length being typed counts before the button does
    action()
    view.focus()
  }
  const make = (name, action, key, more = {}) => button(name, { title: key ? TOOLBAR.withKey(name, keyName(key)) : name, onclick: act(action), ...more })
  const buttons = {
    undo: make(TOOLBAR.undo, () => undo(view), "Mod-Z", { iconName: "undo", iconOnly: true }),
    redo: make(TOOLBAR.redo, () => redo(view), isMac ? "Mod-⇧Z" : "Mod-Y", { iconName: "redo", iconOnly: true }),
    mask: make(TOOLBAR.mask, addMask, "Mod-K", { className: "is-highlighter" }),
    clear: make(TOOLBAR.clear, clearMasks),
    rewrite: make(REWRITE.button, rewrite, null, { title: REWRITE.buttonTitle }),
    fill: make(TOOLBAR.fill, fill, "Mod-Enter", { className: "is-primary" }),
    stop: make(TOOLBAR.stop, () => session.stop() || proofreading.stop(), "Esc", { className: "is-stop" }),
    resume: make(TOOLBAR.resume, session.resume, null, { className: "is-primary" }),
    keep: make(TOOLBAR.keep, session.keepSettled),
    accept: make(TOOLBAR.accept, session.accept, "Tab", { className: "is-primary" }),
    reject: make(TOOLBAR.reject, session.reject, "Esc"),
    previous: make(TOOLBAR.previous, () => session.cycle(-1), "Alt-↑", { iconName: "previous", iconOnly: true }),
    next: make(TOOLBAR.next, () => session.cycle(1), "Alt-↓", { iconName: "next", iconOnly: true }),
  }
  const poem = button(TOOLBAR.poem, { title: TOOLBAR.poemTitle, onclick: openPoem })
  const which = element("span", { className: "dlm-which" })
  const group = (className, ...children) => element("div", { className: `dlm-group ${className}` }, ...children)
  const rewriteNode = element("span", { className: "dlm-split" }, buttons.rewrite, rewriting.popover.node)
  const choice = group("is-choice", buttons.previous, which, buttons.next)
  const node = element("div", { className: "dlm-bar", role: "toolbar", "aria-label": TOOLBAR.editing },
    group("", buttons.undo, buttons.redo), group("", buttons.mask, buttons.clear), group("", poem, proofreading.node),
    group("is-run", choice, rewriteNode, buttons.fill, buttons.stop, buttons.resume, buttons.keep, buttons.accept, buttons.reject))

  const follow = createRoving(node)
  let row = ""                                                     // which buttons there are, and can be pressed; asking the page costs a layout
  return {
    node, poem,
    paint(state) {
      const run = state.field(runField), busy = isBusy(run), open = isOpen(run) && !busy, stopped = open && run.phase === "stopped"
      const holes = open && hasHoles(run), several = open && alternatives(run) > 1
      buttons.undo.disabled = !undoDepth(state); buttons.redo.disabled = !redoDepth(state)
      buttons.clear.disabled = busy || !state.field(maskField).length
      buttons.fill.hidden = rewriteNode.hidden = isOpen(run) || isReading(state); buttons.stop.hidden = !busy && !isReading(state)
      buttons.resume.hidden = !(stopped && holes) || wantsToGoOn(run); buttons.keep.hidden = !(stopped && holes && run.shown > 0)
      buttons.accept.hidden = buttons.reject.hidden = !open
      buttons.accept.setAttribute("aria-disabled", String(holes))
      buttons.accept.classList.toggle("is-primary", !holes)
      choice.hidden = !several
      which.textContent = several ? TOOLBAR.which(run.alternative + 1, alternatives(run)) : ""
      const now = Object.values(buttons).map((one) => `${one.hidden}${one.disabled}`).join() + choice.hidden + rewriteNode.hidden
      if (now !== row) { row = now; follow() }
    },
  }
}
