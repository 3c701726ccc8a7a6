// The document as a file: opened, begun anew, taken from the samples, exported, and kept as a draft. Nothing of it asks the server.
import { collectDocument, loadDocument, splitBom } from "./document.js"
import { createAutosave, dropDraft, readDraft } from "./draft.js"
import { chooseFile, download, readFile } from "./files.js"
import { exportText } from "./lines.js"
import { FILES } from "./strings.js"

export function createLibrary(view, { samples, status, beforeOpen }) {
  let file = { name: FILES.unnamed, bom: "" }

  const open = (raw, name, spans, isUndoable = true) => {
    beforeOpen()
    const [bom, text] = splitBom(raw)
    file = { name, bom }
    loadDocument(view, text, spans, isUndoable)
    status.clear()
    view.focus()
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
    status.say(FILES.sample)
  }

  return {
    open, openFile, openSample,
    choose: () => chooseFile(openFile),
    startNew() {
      open("", FILES.unnamed)
      dropDraft()
      status.say(FILES.started)
    },
    exportText: () => file.bom + exportText(view.state),
    save() {
      download(file.bom + exportText(view.state), file.name)
      status.say(FILES.saved(file.name))
    },
    keepDraft: createAutosave(() => ({ ...collectDocument(view), file }),
      () => status.alert(FILES.draftTooLarge)),
    /** The first document of the page: the draft; over it, as a step that can be undone, the sample that the address asks for. */
    restore() {
      const draft = readDraft(), asked = new URLSearchParams(location.search).get("sample")
      if (draft?.text) {
        open((draft.file?.bom || "") + draft.text, draft.file?.name || FILES.unnamed, draft.spans, false)
        status.say(FILES.draftBack)
      }
      if (asked) {
        history.replaceState(null, "", location.pathname)      // a reload shall bring back what was written since
        openSample(asked, !!draft?.text)
      }
    },
  }
}
