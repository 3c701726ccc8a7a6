// The record of a run: saved as JSON, as a page that replays itself, or as a moving picture; and a JSON record opened again, which needs no model.
import { button, element } from "./dom.js"
import { isBusy } from "./run.js"
import { STUDIO } from "./strings.js"

const KINDS = [["json", STUDIO.saveJson], ["html", STUDIO.saveHtml], ["gif", STUDIO.saveGif]]
const LARGEST_MB = 16

/** What the server makes a record of: the current branch as it was sent, with all its steps. */
export function recordOf(run, want, model) {
  const width = Math.max(...run.steps.map((drafts) => drafts.length))
  return {
    want, verb: run.rewriting ? "rewrite" : "fill", model: run.recipe?.model || model, fields: run.sent, finish: run.suggestions ? "done" : "stopped",
    steps: run.steps.map((drafts, at) => ({ seconds: run.seconds[at], drafts: Array.from({ length: width }, (_, row) => drafts[Math.min(row, drafts.length - 1)]) })),      // a step made by hand has one row, which all go on from
    suggestions: run.suggestions || [],
  }
}

const asPiece = (piece) => (typeof piece === "number" ? ["", 0, "open", [piece]] : piece)
const settled = (pieces) => pieces.map((piece) => (piece[2] === "new" ? [piece[0], piece[1], "settled", piece[3]] : piece))

/** `drafts` after the changes [row, span, at, drop, pieces] of a step. A draft that nothing touches is shared, so that long records stay small. */
function after(drafts, changes, fresh) {
  const touched = new Map([...fresh].map((key) => [key, []])), next = drafts.slice(), copied = new Set()
  for (const [row, span, ...change] of changes) { const key = `${row} ${span}`; touched.set(key, [...(touched.get(key) || []), change]) }
  for (const [key, parts] of touched) {
    const [row, span] = key.split(" ").map(Number), old = drafts[row][span], pieces = []
    let at = 0
    for (const [from, drop, added] of parts) { pieces.push(...settled(old.slice(at, from)), ...added.map(asPiece)); at = from + drop }
    pieces.push(...settled(old.slice(at)))
    if (!copied.has(row)) { next[row] = next[row].slice(); copied.add(row) }
    next[row][span] = pieces
  }
  return { drafts: next, fresh: new Set(changes.map(([row, span]) => `${row} ${span}`)) }
}

/** What a checked record holds: { steps: [drafts], seconds, suggestions: null or as of a fill }. */
export function replay(record) {
  let state = { drafts: Array.from({ length: record.rows }, () => record.spans.map(() => [])), fresh: new Set() }
  const steps = record.steps.map((step) => { state = after(state.drafts, step.changes, state.fresh); return state.drafts })
  const suggestions = record.suggestions.map(({ changes, ...one }) => ({ ...one, drafts: after(state.drafts, changes.map((change) => [one.row, ...change]), state.fresh).drafts[one.row].map(settled) }))
  return { steps, seconds: record.steps.map(({ seconds }) => seconds), suggestions: suggestions.length ? suggestions : null }
}

const save = ({ name, mime, text, base64 }) => {
  const data = base64 ? Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)) : text, url = URL.createObjectURL(new Blob([data], { type: mime }))
  element("a", { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

/** onAsk(want) asks the server for a file; onOpen(text) for a replay of what a file holds. */
export function createRecord({ onAsk, onOpen }) {
  const told = element("p", { className: "dlm-help", role: "status" }), error = element("p", { className: "dlm-error", role: "alert" })
  const say = (message) => { told.textContent = message; error.textContent = "" }
  const saves = KINDS.map(([want, name]) => button(name, { onclick: () => { say(STUDIO.recording); onAsk(want) } }))
  const input = element("input", { type: "file", accept: ".json,application/json", hidden: true, "aria-hidden": "true", tabIndex: -1 })
  const open = button(STUDIO.openRecord, { title: STUDIO.openRecordTitle, onclick: () => input.click() })
  input.onchange = async () => {
    const [file] = input.files
    input.value = ""
    if (!file) return
    if (file.size > LARGEST_MB * 2 ** 20) { told.textContent = ""; error.textContent = STUDIO.recordTooLarge(LARGEST_MB, file.size / 2 ** 20); return }
    say(STUDIO.opening(file.name))
    onOpen(await file.text())
  }
  return {
    node: element("div", {}, element("div", { className: "dlm-acts" }, ...saves, open, input), told, error),
    paint(run) { for (const one of saves) one.disabled = !run?.steps.length || !run.sent || isBusy(run); open.disabled = isBusy(run) },
    save(file) { save(file); say(STUDIO.recorded(file.name)) },
    say,
    fail(message) { told.textContent = ""; error.textContent = message },
  }
}
