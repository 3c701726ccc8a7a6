// The panel of versions: the list, what would change if one came back, and the way back.
import { loadDocument } from "./document.js"
import { button, element } from "./dom.js"
import { textName } from "./file.js"
import { download, encode } from "./files.js"
import { createSide } from "./sides.js"
import { FILES, VERSIONS } from "./strings.js"
import { EVERY_MIN, MEGABYTES, NAMED, OF_ONE, createVersions } from "./versions.js"
import { drawDiff } from "./versions_diff.js"

/** beforeRestore() ends what is going on in the document. */
export function createVersionsPanel(view, { status, beforeRestore }) {
  let chosen = null, timer = 0
  const versions = createVersions(view, { onKept: () => { if (!side.node.hidden) paint() }, onProblem: () => status.alert(VERSIONS.problem) })
  const name = element("input", { id: "dlm-version-name", type: "text", maxLength: 80, autocomplete: "off", placeholder: VERSIONS.nameHint })
  const form = element("form", { className: "dlm-version-form" }, element("label", { for: name.id }, VERSIONS.name), element("div", {}, name, element("button", { type: "submit", className: "dlm-button" }, VERSIONS.keep)))
  const isAll = element("input", { type: "checkbox", onchange: () => paint() })
  const list = element("ul", { className: "dlm-versions-list", "aria-label": VERSIONS.list })
  const said = element("p", { className: "dlm-help", role: "status" }), where = element("p", { className: "dlm-help" }, VERSIONS.limits(EVERY_MIN, OF_ONE, NAMED, MEGABYTES))
  const sums = element("p", { className: "dlm-diff-sums" }), diff = element("div", { className: "dlm-diff", tabIndex: 0, role: "region", "aria-label": VERSIONS.diff })
  const restore = button(VERSIONS.restore, { className: "is-primary", onclick: () => bringBack() }), save = button(VERSIONS.save, { onclick: () => saveAs() }), remove = button(VERSIONS.remove, { onclick: () => removeOne() })
  const detail = element("section", { className: "dlm-version-detail", "aria-label": VERSIONS.detail, hidden: true }, sums, diff, element("div", { className: "dlm-version-acts" }, restore, save, remove))
  const clear = button(VERSIONS.clear, { onclick: () => askToClear(true) }), sure = button(VERSIONS.clearAll, { className: "is-stop", onclick: () => clearAll() }), keepThem = button(VERSIONS.keepThem, { onclick: () => askToClear(false) })
  const clearing = element("div", { className: "dlm-version-acts", role: "group", "aria-label": VERSIONS.clear, hidden: true }, element("p", {}, VERSIONS.sure), sure, keepThem)
  const side = createSide("versions", VERSIONS.title, form, element("label", { className: "dlm-switch" }, isAll, element("span", {}, VERSIONS.all)), said, list, detail, where, clear, clearing)

  const row = (one) => element("li", {}, element("button", { type: "button", className: "dlm-version", "data-version": one.id, "aria-pressed": String(chosen?.id === one.id), onclick: () => choose(one.id) },
    element("strong", {}, one.label || VERSIONS.why[one.why]), element("span", {}, VERSIONS.facts(one.at, one.words, isAll.checked ? one.name : ""))))
  const paint = async () => {
    const found = await versions.list(isAll.checked), focused = list.contains(document.activeElement) && document.activeElement.dataset.version
    list.replaceChildren(...found.map(row))
    if (focused) list.querySelector(`[data-version="${focused}"]`)?.focus()
    if (!found.length) said.textContent = VERSIONS.none
    else if (said.textContent === VERSIONS.none) said.textContent = ""
    if (!(await versions.isLasting())) where.textContent = VERSIONS.notLasting
    if (chosen && !found.some(({ id }) => id === chosen.id)) { chosen = null; detail.hidden = true }
  }
  const draw = () => {
    const { nodes, added, removed, isSame } = drawDiff(view.state.doc.toString(), chosen.text.replace(/\r\n?/g, "\n"))
    sums.textContent = isSame ? VERSIONS.same : VERSIONS.sums(added, removed)
    diff.hidden = isSame
    diff.replaceChildren(...nodes)
  }
  const choose = async (id) => {
    chosen = await versions.read(id)
    if (!chosen) { paint(); return }
    for (const node of list.querySelectorAll("button")) node.setAttribute("aria-pressed", String(node.dataset.version === String(id)))
    detail.hidden = false
    draw()
    detail.scrollIntoView({ block: "nearest" })
  }
  const bringBack = async () => {
    const { text, file, spans } = chosen
    beforeRestore()
    await versions.keep("before")
    loadDocument(view, text, { file, spans, userEvent: "restore" })
    await versions.keep("restore")
    status.clear()
    status.say(VERSIONS.restored)
    said.textContent = VERSIONS.restored
    draw()
  }
  const saveAs = () => { download(encode(chosen.file.bom + chosen.text, chosen.file.encoding), textName(chosen.file)); said.textContent = FILES.saved(textName(chosen.file)) }
  const removeOne = async () => { await versions.remove([chosen.id]); said.textContent = VERSIONS.removed; (list.querySelector("button") || name).focus() }
  const askToClear = (isAsked) => { clear.hidden = isAsked; clearing.hidden = !isAsked; (isAsked ? keepThem : clear).focus() }
  const clearAll = async () => {
    await versions.remove((await versions.list(true)).map(({ id }) => id))
    askToClear(false)
    said.textContent = VERSIONS.cleared
  }
  const keepNamed = async (label) => { said.textContent = (await versions.keep("named", label)) ? VERSIONS.kept : view.state.doc.length ? VERSIONS.keptAlready : VERSIONS.empty }
  form.onsubmit = async (event) => { event.preventDefault(); await keepNamed(name.value.trim()); name.value = "" }
  return {
    side, versions, paint,
    /** Keeps what stands now, and says so below the document. */
    async keepNow() { status.say((await versions.keep("named")) ? VERSIONS.kept : view.state.doc.length ? VERSIONS.keptAlready : VERSIONS.empty) },
    /** Called with every change of the editor. */
    note(update) {
      versions.note(update)
      if (update.docChanged && chosen && !side.node.hidden) { clearTimeout(timer); timer = setTimeout(() => chosen && draw(), 500) }
    },
  }
}
