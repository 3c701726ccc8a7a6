// The editor: createEditor(parent, { send, … }). It knows nothing of Gradio; gradio.js connects the two.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands"
import { searchKeymap } from "@codemirror/search"
import { EditorState } from "@codemirror/state"
import { EditorView, drawSelection, keymap, panels, placeholder } from "@codemirror/view"
import { changeMasks, maskField, maskHistory, mergeMasks, newMask } from "./masks.js"
import { isBusy, runField } from "./run.js"
import { maskDecorations, previewAtoms, previewDecorations } from "./preview.js"
import { endingsField, endingsHistory, pasteEndings } from "./lines.js"
import { fileField, fileHistory } from "./file.js"
import { createConsent } from "./consent.js"
import { createDesk, deskExtensions } from "./desk.js"
import { createDock } from "./dock.js"
import { createHeader } from "./header.js"
import { createLibrary } from "./library.js"
import { createModels } from "./models.js"
import { nameOf, sizeOf } from "./catalog.js"
import { createPoemPanel } from "./poem_panel.js"
import { createPrefs } from "./prefs.js"
import { createRewriteOptions } from "./rewrite_options.js"
import { createProofreading, proofreadExtensions } from "./proofreading.js"
import { createRulesPanel } from "./rules_panel.js"
import { createSession } from "./session.js"
import { createSettings } from "./settings.js"
import { createSides } from "./sides.js"
import { createStatus } from "./status.js"
import { createToolbar } from "./toolbar.js"
import { createWelcome } from "./welcome.js"
import { createThemeSwitch } from "./scheme.js"
import { addFonts } from "./fonts.js"
import { element } from "./dom.js"
import { runKeys } from "./keys.js"
import { theme } from "./theme.js"
import style from "./style.css"
import studioStyle from "./studio.css"
import deskStyle from "./desk.css"
import { wordBreaks } from "./word_breaks.js"
import proofreadStyle from "./proofread.css"
import wordStyle from "./word_files.css"
import { createStudio } from "./studio.js"
import { studioKeys } from "./studio_keys.js"
import { isReading } from "./corrections.js"
import { EDITOR, MASKS, PROOFREAD } from "./strings.js"

const addStyle = () => {
  if (document.getElementById("dlm-style")) return
  document.head.append(element("style", { id: "dlm-style" }, style, studioStyle, deskStyle, proofreadStyle, wordStyle))
  addFonts()
}

const extensions = ({ status, panelHost, actions, margins, onUpdate }) => [
  history(), drawSelection(), runKeys(actions), studioKeys(actions), deskExtensions(() => actions().desk, () => status), panels({ topContainer: panelHost }),
  keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap]), EditorState.allowMultipleSelections.of(true),
  EditorView.lineWrapping, EditorView.scrollMargins.of(margins), placeholder(EDITOR.hint), theme,
  maskField, maskHistory, runField, endingsField, endingsHistory, pasteEndings, wordBreaks, fileField, fileHistory, maskDecorations(status, (id, focus) => actions().rules.open(id, { focus })), previewDecorations, previewAtoms, proofreadExtensions(() => actions().proofreading),
  EditorView.contentAttributes.of({ "aria-label": EDITOR.document, spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
  EditorView.updateListener.of(onUpdate),
]

/** Masks the selection, or marks a gap at the caret. */
const maskSelection = (view, status) => {
  const added = view.state.selection.ranges.map((range) => newMask(range.from, range.to))
  changeMasks(view, mergeMasks(view.state.field(maskField), added))
  view.dispatch({ selection: { anchor: view.state.selection.main.to } })
  const count = view.state.field(maskField).length
  status.clear()
  status.say(added.every((mask) => mask.from === mask.to) ? MASKS.gap(count) : MASKS.masked(count))
  return true
}

/** A click on a mark opens its constraints, a click elsewhere closes them. What is being typed there counts first. */
const takeClicks = (root, view, rules) => {
  view.contentDOM.addEventListener("click", (event) => {
    const mark = event.target.closest?.(".dlm-mask")
    if (mark && view.state.selection.main.empty) rules.open(mark.dataset.mask)
  })
  root.addEventListener("mousedown", (event) => { if (!rules.contains(event.target) && !event.target.closest(".dlm-mask, .dlm-chip") && rules.commit()) rules.shut() })
}

/** Files dropped anywhere on the page are opened; a click beside the text sets the caret. */
const takePointer = (root, paper, view, openFile) => {
  root.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault() })
  root.addEventListener("drop", (event) => {
    const [dropped] = event.dataTransfer.files
    if (dropped) { event.preventDefault(); event.stopPropagation(); openFile(dropped) }
  }, true)
  paper.addEventListener("mousedown", (event) => { if (event.target === paper) { event.preventDefault(); view.focus() } })
}

/**
 * send(name, payload) carries what the reader asks for to the server; what comes back goes to receive(channel, message).
 * isAlive() tells whether the server answers. config = { samples, settings, models, default, isOpen, poem }.
 */
export function createEditor(parent, { send, isAlive = async () => true, config = {} }) {
  addStyle()
  const { samples = [], settings = [] } = config
  const prefs = createPrefs({ pace: 120, certainty: true, theme: null, dim: "none", settings: {} }), status = createStatus(() => view.focus())
  const root = element("div", { className: "dlm" }), host = element("div", {}), panelHost = element("div", { className: "dlm-panels" })
  let parts = null

  const onUpdate = (update) => {
    if (!parts) return
    if (update.docChanged) poems.map(update.changes)
    proofreading.follow(update)
    desk.follow(update)
    if (update.docChanged && isBusy(update.startState.field(runField)) && !update.state.field(runField)) setTimeout(session.dropped)
    const masks = update.state.field(maskField)
    if (update.docChanged || masks !== update.startState.field(maskField)) library.keepDraft()
    paint(update.state)
  }
  const paint = (state) => { parts.welcome.hidden = state.doc.length > 0; parts.toolbar.paint(state); parts.dock.paint(state); rules.follow(); poems.paint(); studio.paint(); proofreading.paint(state) }
  const margins = () => parts && { top: parts.bar.offsetHeight + 10, bottom: parts.dock.node.offsetHeight + 10 }      // what sticks over the text
  const view = new EditorView({ parent: host, state: EditorState.create({ extensions: extensions({ status, panelHost, margins, onUpdate, actions: () => actions }) }) })

  const models = createModels(config, { send, onChosen: (id) => { panel.choose("model", id); nameModel() } })
  const panel = createSettings(settings, prefs, models)
  const editor = { view, onShown: () => {} }
  const session = createSession(view, { send, isAlive, status, options: panel.values, intervalMs: () => prefs.get("pace"), onShown: (message) => editor.onShown(message),
    onRefused: (id, complaints) => rules.open(id, { focus: true, complaints }), askConsent: createConsent(root).ask })
  const library = createLibrary(view, { samples, status, beforeOpen: () => { session.stop(); proofreading.stop(); desk.panel.versions.keep("before") }, afterOpen: (why) => (why === "draft" ? desk.panel.versions.begin() : desk.panel.versions.keep(why)) })
  const paper = element("div", { className: "dlm-paper" }, host), rules = createRulesPanel(view, paper, { onFill: () => actions.fill() })
  const proofreading = createProofreading(view, paper, { send, isAlive, status, prefs, options: panel.values, config: config.proofread, canStart: () => !isBusy(session.current()), keepDraft: () => library.keepDraft() })
  const studio = createStudio(view, root, { send, session, status, options: panel.values, config, openDocument: (text, spans) => library.open(text, "record.txt", spans) })
  const desk = createDesk(view, root, { prefs, status, stop: () => { session.stop(); proofreading.stop() }, open: library.choose, onEnter: () => toggle(null), onVersions: () => toggle("versions"),
    parts: () => [header.node, toolbar.node, proofreading.bar, panelHost, host, ...root.querySelectorAll(".dlm-side"), parts.dock.node, desk.shortcuts.node] })
  const rewriting = createRewriteOptions(prefs)
  const actions = {
    desk, studio, session, rules, proofreading, rewriting, openPoem: () => toggle("poem"),
    addMask: () => maskSelection(view, status),
    clearMasks: () => { changeMasks(view, []); status.say(MASKS.cleared) },
    fill(rewritten = null) {
      if (isReading(view.state)) { status.say(PROOFREAD.first); return true }
      if (!rules.commit()) return true                           // what is wrong stands beside its field
      rules.shut()
      if (!view.state.field(maskField).length && !view.state.selection.main.empty) actions.addMask()
      return session.fill(rewritten)
    },
    rewrite: () => actions.fill(rewriting.values()),
  }
  const header = createHeader({
    samples, onSample: library.openSample, onOpen: library.choose, onNew: library.startNew, onExport: library.save,
    onTheme: createThemeSwitch(prefs), onSettings: () => toggle("settings"), more: desk.buttons,
  })
  const poems = createPoemPanel(view, config.poem, { send, options: panel.values })
  const nameModel = () => { const record = models.current(); header.name.textContent = header.name.title = [nameOf(record), sizeOf(record)].filter(Boolean).join(" · ") }
  const toolbar = createToolbar(view, actions), dock = createDock(view, status, prefs, desk.counts, (on) => root.classList.toggle("without-certainty", !on), () => toggle("studio"), () => { studio.goOn(); view.focus() })
  actions.player = dock.player
  const bar = element("div", { className: "dlm-sticky" }, desk.focus.bar, toolbar.node, proofreading.bar, status.alertBox, panelHost), welcome = createWelcome(samples, library.openSample)
  const toggle = createSides(root, [{ side: desk.panel.side, opener: desk.versions, onOpen: desk.panel.paint }, { side: panel.side, opener: header.settings }, { side: poems.side, opener: toolbar.poem, onOpen: () => poems.paint() }, { side: studio.side, opener: dock.studio, onOpen: studio.opened }])
  paper.append(welcome)
  parts = { toolbar, dock, bar, welcome }

  root.append(header.node, element("div", { className: "dlm-desk" }, element("div", { className: "dlm-main" }, bar, paper, dock.node, desk.shortcuts.node), panel.side.node, desk.panel.side.node, poems.side.node, studio.side.node))
  parent.replaceChildren(root)
  takeClicks(root, view, rules)
  takePointer(root, paper, view, library.openFile)
  paint(view.state)
  nameModel()
  desk.counts.recount(view)
  library.restore()
  const channels = { fill: session, models, poem: poems, word: poems, branch: studio, slots: studio, compare: studio, record: studio, replay: studio, settle: session, proofread: proofreading, rewrite: session }
  return Object.assign(editor, {
    receive: (channel, message) => channels[channel].receive(message), failed: (channel) => channels[channel].failed(channel),
    open: library.open, exportText: library.exportText,
  })
}
