// The document as a file: opened, begun anew, taken from the samples, exported, and kept as a draft. Only Word files ask the server.
import { collectDocument, fileText, loadDocument, splitBom } from "./document.js"
import { createDrafts } from "./draft.js"
import { fileField, newFile, textName } from "./file.js"
import { openExportMenu } from "./export_menu.js"
import { chooseFile, download, encode, readFile } from "./files.js"
import { FILES, PROOFREAD, WORD_FILES } from "./strings.js"
import { WORD_TYPE, isWord, writeWord } from "./word_files.js"

/** beforeOpen() and afterOpen() are called around every change to another document. */
export function createLibrary(view, { samples, status, beforeOpen, afterOpen }) {
  const drafts = createDrafts(() => collectDocument(view.state), (problem) => status.alert(problem === "full" ? FILES.draftTooLarge : FILES.draftsOff))

  const load = (raw, options, why = "open") => {
    beforeOpen()
    loadDocument(view, raw, options)
    status.clear()
    view.focus()
    afterOpen(why)
  }
  const open = (raw, name, spans, isUndoable = true, kind = {}) => {
    const [bom, text] = splitBom(raw)
    load(text, { file: newFile(name, bom, kind), spans, isUndoable })
  }
  const openFile = async (chosen) => {
    if (isWord(chosen.name)) status.say(WORD_FILES.reading(chosen.name))
    try {
      const { text, ...kind } = await readFile(chosen)
      open(text, chosen.name, [], true, kind)
      status.say(kind.word ? WORD_FILES.opened(chosen.name) : FILES.opened(chosen.name))
    } catch (error) { status.say(""); status.alert(error.message) }
  }
  const openSample = (name, isUndoable = true) => {
    const sample = samples.find((one) => one.name === name)
    if (!sample) return
    open(sample.text, `${sample.name}.txt`, sample.spans, isUndoable)
    status.say(sample.spans.length ? FILES.sample : PROOFREAD.sample)
  }
  const restoreDraft = ({ text, file, spans, ignored, caret }) => {
    load(text, { file: { ...newFile(), ...file }, spans, ignored, caret, isUndoable: false }, "draft")
    status.say(FILES.draftBack)
  }

  const saveText = () => {
    const file = view.state.field(fileField), name = textName(file)
    download(encode(fileText(view.state), file.encoding), name)
    status.say(FILES.saved(name))
  }
  const saveWord = async (tracked) => {
    const { name, word } = view.state.field(fileField)
    status.clear()
    status.say(WORD_FILES.writing(name))
    try {
      download(await writeWord(word, fileText(view.state), tracked), name, WORD_TYPE)
      status.say(FILES.saved(name))
    } catch (error) { status.say(""); status.alert(error.message) }
  }

  return {
    open, openFile, openSample,
    choose: () => chooseFile(openFile),
    startNew() {
      open("", FILES.unnamed)
      drafts.drop()
      status.say(FILES.started)
    },
    exportText: () => fileText(view.state),
    /** `event`: the press of the button, under which the ways to save a Word document are shown. */
    save(event) {
      if (!view.state.field(fileField).word) saveText()
      else openExportMenu(event.currentTarget, [
        { ...WORD_FILES.tracked, run: () => saveWord(true) }, { ...WORD_FILES.final, run: () => saveWord(false) },
        { ...WORD_FILES.plain, run: saveText }])
    },
    keepDraft: drafts.keep,
    /** The first document of the page: the draft; over it, as a step that can be undone, the sample that the address asks for. */
    restore() {
      const draft = drafts.first(), asked = new URLSearchParams(location.search).get("sample")
      if (draft?.text) restoreDraft(draft)
      if (asked) {
        history.replaceState(null, "", location.pathname)      // a reload shall bring back what was written since
        openSample(asked, !!draft?.text)
      }
      drafts.late(() => view.state.doc.length === 0, restoreDraft)
    },
  }
}
