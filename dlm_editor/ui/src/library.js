// The document as a file: opened, begun anew, taken from the samples, exported, and kept as a draft. Nothing of it asks the server.
import { collectDocument, fileText, loadDocument, splitBom } from "./document.js"
import { createDrafts } from "./draft.js"
import { fileField, newFile } from "./file.js"
import { chooseFile, download, readFile } from "./files.js"
import { FILES, PROOFREAD } from "./strings.js"

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
  const open = (raw, name, spans, isUndoable = true) => {
    const [bom, text] = splitBom(raw)
    load(text, { file: newFile(name, bom), spans, isUndoable })
  }
  const openFile = async (chosen) => {
    try {
      open(await readFile(chosen), chosen.name)
      status.say(FILES.opened(chosen.name))
    } catch (error) { status.alert(error.message) }
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

  return {
    open, openFile, openSample,
    choose: () => chooseFile(openFile),
    startNew() {
      open("", FILES.unnamed)
      drafts.drop()
      status.say(FILES.started)
    },
    exportText: () => fileText(view.state),
    save() {
      const { name } = view.state.field(fileField)
      download(fileText(view.state), name)
      status.say(FILES.saved(name))
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
