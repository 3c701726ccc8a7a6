// The buttons. Those that would do nothing are disabled; those of a run take the place of Fill while there is one.
import { redo, redoDepth, undo, undoDepth } from "@codemirror/commands"
import { button, element } from "./dom.js"
import { maskField } from "./masks.js"
import { alternatives, hasHoles, isBusy, isOpen, runField } from "./run.js"
import { TOOLBAR } from "./strings.js"

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform)
export const keyName = (key) => (isMac ? key.replace("Mod-", "⌘").replace("Alt-", "⌥") : key.replace("Mod-", "Ctrl+").replace("Alt-", "Alt+"))

export function createToolbar(view, { session, addMask, clearMasks, fill, openPoem }) {
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
    fill: make(TOOLBAR.fill, fill, "Mod-Enter", { className: "is-primary" }),
    stop: make(TOOLBAR.stop, session.stop, "Esc", { className: "is-stop" }),
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
  const choice = group("is-choice", buttons.previous, which, buttons.next)
  const node = element("div", { className: "dlm-bar", role: "toolbar", "aria-label": TOOLBAR.editing },
    group("", buttons.undo, buttons.redo), group("", buttons.mask, buttons.clear), group("", poem),
    group("is-run", choice, buttons.fill, buttons.stop, buttons.resume, buttons.keep, buttons.accept, buttons.reject))

  return {
    node, poem,
    paint(state) {
      const run = state.field(runField), busy = isBusy(run), open = isOpen(run) && !busy, stopped = open && run.phase === "stopped"
      const holes = open && hasHoles(run), several = open && alternatives(run) > 1
      buttons.undo.disabled = !undoDepth(state); buttons.redo.disabled = !redoDepth(state)
      buttons.clear.disabled = busy || !state.field(maskField).length
      buttons.fill.hidden = isOpen(run); buttons.stop.hidden = !busy
      buttons.resume.hidden = !(stopped && holes); buttons.keep.hidden = !(stopped && holes && run.shown > 0)
      buttons.accept.hidden = buttons.reject.hidden = !open
      buttons.accept.setAttribute("aria-disabled", String(holes))
      buttons.accept.classList.toggle("is-primary", !holes)
      choice.hidden = !several
      which.textContent = several ? TOOLBAR.which(run.alternative + 1, alternatives(run)) : ""
    },
  }
}
