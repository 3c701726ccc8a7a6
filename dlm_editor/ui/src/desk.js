// The writer's desk: versions, find and replace, word count, focus mode, keys and what is read out. It needs no model and asks no server.
import { redo, undo } from "@codemirror/commands"
import { findNext, findPrevious, selectNextOccurrence } from "@codemirror/search"
import { Prec } from "@codemirror/state"
import { keymap, runScopeHandlers } from "@codemirror/view"
import { createAnnouncer } from "./announce.js"
import { button } from "./dom.js"
import { findExtension, toggleFind } from "./find.js"
import { createFocus, focusExtension } from "./focus.js"
import { maskField } from "./masks.js"
import { createSkipLink, cycleParts } from "./regions.js"
import { runField } from "./run.js"
import { PAGE, createShortcuts, keyOf, keysOf } from "./shortcuts.js"
import { FIND, TOOLBAR, VERSIONS } from "./strings.js"
import { createVersionsPanel } from "./versions_panel.js"
import { createWordCount } from "./wordcount.js"

/** `desk()` and `status()` are made after the editor that these belong to. */
export const deskExtensions = (desk, status) => [findExtension(status), focusExtension, Prec.high(keymap.of(keysOf({
  undo, redo, selectNext: selectNextOccurrence, find: toggleFind, findNext, findPrevious,
  open: () => { desk().open(); return true },
  keepVersion: () => { desk().panel.keepNow(); return true },
  focus: () => desk().focus.toggle(),
  stop: () => desk().focus.toggle(false),
  nextPart: () => desk().cycle(1), previousPart: () => desk().cycle(-1),
  shortcuts: () => { desk().focus.toggle(false); return desk().shortcuts.toggle() },
})))]

/** stop() ends what goes on in the document; open() lets the reader choose a file; parts() are the parts of the page for F6; onEnter() is called on the way into focus mode, onVersions() shows the panel of versions or shuts it. */
export function createDesk(view, root, { prefs, status, stop, open, parts, onEnter, onVersions }) {
  const panel = createVersionsPanel(view, { status, beforeRestore: stop }), counts = createWordCount(), announcer = createAnnouncer()
  const focus = createFocus(root, view, { prefs, status, onEnter }), shortcuts = createShortcuts()
  const find = button(FIND.button, { title: TOOLBAR.withKey(FIND.buttonTitle, keyOf("find")), iconName: "find", iconOnly: true, className: "is-quiet", onclick: () => toggleFind(view) })
  const versions = button(VERSIONS.button, { title: VERSIONS.buttonTitle, iconName: "versions", iconOnly: true, className: "is-quiet", onclick: onVersions })
  root.prepend(createSkipLink(view), announcer.node)
  root.addEventListener("keydown", (event) => {
    if (!event.defaultPrevented && !view.contentDOM.contains(event.target) && runScopeHandlers(view, event, PAGE)) event.preventDefault()
  })
  return {
    panel, counts, focus, shortcuts, open, buttons: [find, versions, focus.opener], versions,
    cycle: (by) => cycleParts(parts, by),
    /** Called with every change of the editor. */
    follow(update) {
      panel.note(update)
      if (update.docChanged || update.selectionSet || update.startState.field(maskField) !== update.state.field(maskField)) counts.recount(view)
      announcer.follow(update.state.field(runField))
    },
  }
}
