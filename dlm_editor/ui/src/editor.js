// The editor: createEditor(parent, { send, … }). It knows nothing of Gradio; gradio.js connects the two.
import { defaultKeymap, history as undoHistory, historyKeymap } from "@codemirror/commands"
import { openSearchPanel, search, searchKeymap } from "@codemirror/search"
import { EditorState, Prec } from "@codemirror/state"
import { EditorView, drawSelection, keymap, placeholder } from "@codemirror/view"
import { changeMasks, maskField, maskHistory, mergeMasks, newMask } from "./masks.js"
import { isBusy, isOpen, runField } from "./run.js"
import { maskDecorations, previewAtoms, previewDecorations } from "./preview.js"
import { endingsField, endingsHistory, exportText, pasteEndings } from "./lines.js"
import { collectDocument, loadDocument, splitBom } from "./document.js"
import { chooseFile, download, readFile } from "./files.js"
import { createAutosave, dropDraft, readDraft } from "./draft.js"
import { createCounts } from "./counts.js"
import { createDock } from "./dock.js"
import { createHeader } from "./header.js"
import { createPrefs } from "./prefs.js"
import { createSession } from "./session.js"
import { createSettings } from "./settings.js"
import { createShortcuts } from "./shortcuts.js"
import { createStatus } from "./status.js"
import { createToolbar } from "./toolbar.js"
import { createWelcome } from "./welcome.js"
import { createThemeSwitch } from "./scheme.js"
import { element } from "./dom.js"
import { addFonts } from "./fonts.js"
import { theme } from "./theme.js"
import style from "./style.css"

const addStyle = () => {
  if (document.getElementById("dlm-style")) return
  document.head.append(element("style", { id: "dlm-style" }, style))
  addFonts()
}

/**
 * send(name, payload) carries "fill" and "stop" to the server; what comes back goes to receive(message).
 * isAlive() tells whether the server answers. config = { samples, settings, model }.
 */
export function createEditor(parent, { send, isAlive = async () => true, config = {} }) {
  addStyle()
  const { samples = [], settings: settingList = [], model = "" } = config
  const prefs = createPrefs({ pace: 120, certainty: true, theme: null, settings: {} }), status = createStatus()
  let file = { name: "document.txt", bom: "" }
  let toolbar, dock, session

  const addMask = () => {
    const masks = view.state.field(maskField), added = view.state.selection.ranges.map((range) => newMask(range.from, range.to))
    changeMasks(view, mergeMasks(masks, added))
    view.dispatch({ selection: { anchor: view.state.selection.main.to } })
    const count = view.state.field(maskField).length
    status.clear(); status.say(`${added.every((mask) => mask.from === mask.to) ? "Gap marked" : "Masked"}. ${count} mask${count === 1 ? "" : "s"} in all.`)
    return true
  }
  const clearMasks = () => { changeMasks(view, []); status.say("Masks cleared. The words stay.") }
  const fill = () => {
    if (!view.state.field(maskField).length && !view.state.selection.main.empty) addMask()
    return session.fill()
  }
  const keys = Prec.highest(keymap.of([
    { key: "Mod-k", run: addMask, preventDefault: true },
    { key: "Mod-Enter", run: (v) => { const run = v.state.field(runField); if (!isBusy(run)) isOpen(run) ? session.accept() : fill(); return true } },
    { key: "Tab", run: () => session.canAccept() && session.accept() },
    { key: "Escape", run: () => session.stop() || session.reject() },
    { key: "Alt-ArrowUp", run: () => session.cycle(-1) }, { key: "Alt-ArrowDown", run: () => session.cycle(1) },
  ]))

  const host = element("div", { className: "dlm-host" })
  const changed = (update) => {
    if (isBusy(update.startState.field(runField)) && !update.state.field(runField) && update.docChanged) setTimeout(() => session.dropped())
    const masks = update.state.field(maskField)
    if (update.docChanged || masks !== update.startState.field(maskField)) { recount(() => update.state.doc.toString(), masks.length); save() }
    welcome.hidden = update.state.doc.length > 0
    toolbar.paint(update.state); dock.paint(update.state)
  }
  const view = new EditorView({ parent: host, state: EditorState.create({ extensions: [
    undoHistory(), drawSelection(), keys, search({ top: true }), keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap]), EditorView.lineWrapping,
    EditorState.allowMultipleSelections.of(true), placeholder("Write or paste here. Select some words, press Mask, then Fill."),
    maskField, maskHistory, runField, endingsField, endingsHistory, pasteEndings, maskDecorations(status), previewDecorations, previewAtoms, theme,
    EditorView.contentAttributes.of({ "aria-label": "Document", spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
    EditorView.updateListener.of((update) => toolbar && changed(update)),
  ] }) })

  const open = (raw, name, spans, isUndoable = true) => {
    if (isBusy(view.state.field(runField))) session.stop()
    const [bom, text] = splitBom(raw)
    file = { name, bom }
    loadDocument(view, text, spans, isUndoable)
    status.clear(); view.focus()
  }
  const openFile = async (chosen) => {
    try { open(await readFile(chosen), chosen.name); status.say(`Opened ${chosen.name}.`) } catch (error) { status.alert(error.message) }
  }
  const openSample = (name, isUndoable) => {
    const sample = samples.find((one) => one.name === name)
    if (sample) { open(sample.text, `${sample.name}.txt`, sample.spans, isUndoable); status.say("Press Fill to rewrite the highlighted words.") }
  }
  const save = createAutosave(() => ({ ...collectDocument(view), file }), () => status.say("This document is too large for the browser's draft storage: export it to keep it."))

  const root = element("div", { className: "dlm" })
  const panel = createSettings(settingList, prefs, () => toggleSettings(false))
  const header = createHeader({
    samples, model, onSample: openSample, onOpen: () => chooseFile(openFile), onNew: () => { open("", "document.txt"); dropDraft(); status.say("A new document. Undo brings the last one back.") },
    onExport: () => { download(file.bom + exportText(view.state), file.name); status.say(`Saved as ${file.name}.`) },
    onTheme: createThemeSwitch(prefs), onSettings: () => toggleSettings(panel.node.hidden),
  })
  const toggleSettings = (show) => {
    panel.node.hidden = !show; root.classList.toggle("has-settings", show); header.settings.setAttribute("aria-expanded", String(show))
    if (show) panel.node.querySelector("select, input").focus()
    else header.settings.focus()
  }
  session = createSession(view, { send, isAlive, status, options: panel.values, intervalMs: () => prefs.get("pace"), onShown: (message) => editor.onShown(message) })
  toolbar = createToolbar(view, { ...session, fill }, { addMask, clearMasks })
  dock = createDock(view, status, prefs, (on) => root.classList.toggle("without-certainty", !on))
  const recount = createCounts(dock.counts), welcome = createWelcome(samples, openSample)
  const paper = element("div", { className: "dlm-paper" }, host, welcome)
  root.append(header.node, element("div", { className: "dlm-desk" },
    element("div", { className: "dlm-main" }, element("div", { className: "dlm-sticky" }, toolbar.node, status.alertBox), paper, dock.node, createShortcuts()), panel.node))
  parent.replaceChildren(root)

  root.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault() })
  root.addEventListener("drop", (event) => { const [dropped] = event.dataTransfer.files; if (dropped) { event.preventDefault(); event.stopPropagation(); openFile(dropped) } }, true)
  paper.addEventListener("mousedown", (event) => { if (event.target === paper) { event.preventDefault(); view.focus() } })

  const editor = { view, receive: session.receive, fail: session.fail, onShown: () => {}, open, exportText: () => file.bom + exportText(view.state), find: () => openSearchPanel(view) }
  const draft = readDraft(), asked = new URLSearchParams(location.search).get("sample")
  toolbar.paint(view.state); dock.paint(view.state); recount(() => view.state.doc.toString(), 0)
  if (draft && draft.text) { open((draft.file?.bom || "") + draft.text, draft.file?.name || "document.txt", draft.spans, false); status.say("Your draft is back. New starts an empty document.") }
  if (asked) {
    history.replaceState(null, "", location.pathname)      // a reload shall bring back what was written since
    openSample(asked, !!draft?.text)
  }
  return editor
}
