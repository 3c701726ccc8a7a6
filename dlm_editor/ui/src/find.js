// Find and replace. What lies under an open draft is left out: it cannot be seen, and changing it would drop the draft.
import { SearchQuery, closeSearchPanel, findNext, findPrevious, getSearchQuery, openSearchPanel, replaceAll, replaceNext, search, searchPanelOpen, setSearchQuery } from "@codemirror/search"
import { EditorState } from "@codemirror/state"
import { runScopeHandlers } from "@codemirror/view"
import { button, element } from "./dom.js"
import { changeMasks, maskField, mergeMasks, newMask } from "./masks.js"
import { isOpen, isPlain, runField } from "./run.js"
import { keyOf } from "./shortcuts.js"
import { FIND, TOOLBAR } from "./strings.js"

const MOST = 9999, PAUSE_MS = 120      // counted at most; a longer document is counted when typing pauses

const isSeen = (_match, state, from, to) => {
  const run = state.field(runField)
  return !isOpen(run) || isPlain(run) || !run.spots.some((spot) => !spot.stale && spot.from < to && from < spot.to)
}

/** The matches in order, at most MOST of them. */
export function matchesOf(state) {
  const query = getSearchQuery(state), found = []
  if (!query.valid) return found
  const cursor = query.getCursor(state)
  for (let next = cursor.next(); !next.done && found.length < MOST; next = cursor.next()) if (next.value.to > next.value.from) found.push({ from: next.value.from, to: next.value.to })
  return found
}

/** What is wrong with a pattern, as the browser says it. */
function complaint(pattern) {
  try { new RegExp(pattern, "u"); return "" } catch (error) { return FIND.badPattern(error.message.replace(/^.*\/[a-z]*: /, "")) }
}

const field = (name, label, more = {}) => element("input", { type: "text", id: `dlm-find-${name}`, "aria-label": label, placeholder: label, autocomplete: "off", spellcheck: false, ...more })
const check = (label, title, onchange) => { const input = element("input", { type: "checkbox", onchange }); return { input, node: element("label", { className: "dlm-switch", title }, input, element("span", {}, label)) } }

class FindPanel {
  top = true
  matches = []
  timer = 0

  constructor(view, status) {
    Object.assign(this, { view, status })
    const commit = () => this.commit(), act = (name, title, run) => button(name, { title, onclick: run })
    this.search = field("text", FIND.find, { oninput: commit, "main-field": "true", "aria-describedby": "dlm-find-error" })
    this.replacement = field("with", FIND.replaceWith, { oninput: commit })
    this.count = element("span", { className: "dlm-find-count", role: "status" })
    this.error = element("p", { className: "dlm-error", id: "dlm-find-error", role: "alert" })
    this.case = check(FIND.case, FIND.caseTitle, commit); this.word = check(FIND.word, FIND.wordTitle, commit); this.regexp = check(FIND.pattern, FIND.patternTitle, commit)
    const previous = button(FIND.previous, { iconName: "previous", iconOnly: true, title: TOOLBAR.withKey(FIND.previous, keyOf("findPrevious")), onclick: () => findPrevious(view) })
    const next = button(FIND.next, { iconName: "next", iconOnly: true, title: TOOLBAR.withKey(FIND.next, keyOf("findNext")), onclick: () => findNext(view) })
    const close = button("×", { title: FIND.close, className: "is-quiet", onclick: () => this.close() })
    close.setAttribute("aria-label", FIND.close)
    this.dom = element("div", { className: "dlm-find", role: "search", "aria-label": FIND.title, onkeydown: (event) => this.onKey(event) },
      element("div", { className: "dlm-find-row" }, this.search, this.count, previous, next, this.case.node, this.word.node, this.regexp.node, close),
      element("div", { className: "dlm-find-row" }, this.replacement, act(FIND.replace, FIND.replaceTitle, () => this.replaceOne()), act(FIND.replaceAll, FIND.replaceAllTitle, () => this.replaceEach()),
        act(FIND.maskAll, FIND.maskAllTitle, () => this.maskEach())), this.error)
    this.show(getSearchQuery(view.state))
  }

  mount() { this.search.select(); this.tell() }
  destroy() { clearTimeout(this.timer) }

  show(query) {
    this.search.value = query.search; this.replacement.value = query.replace
    this.case.input.checked = query.caseSensitive; this.word.input.checked = query.wholeWord; this.regexp.input.checked = query.regexp
    if (!query.test) this.commit()                                // opened from a selection: the query is CodeMirror's own
  }

  commit() {
    const wrong = this.regexp.input.checked ? complaint(this.search.value) : ""
    this.error.textContent = wrong
    this.search.setAttribute("aria-invalid", String(!!wrong))
    const query = new SearchQuery({ search: this.search.value, replace: this.replacement.value, caseSensitive: this.case.input.checked, wholeWord: this.word.input.checked, regexp: this.regexp.input.checked,
      literal: !this.regexp.input.checked, test: isSeen })
    if (!query.eq(getSearchQuery(this.view.state)) || !getSearchQuery(this.view.state).test) queueMicrotask(() => this.view.dispatch({ effects: setSearchQuery.of(query) }))
  }

  update(update) {
    const asked = update.transactions.flatMap((tr) => tr.effects).findLast((effect) => effect.is(setSearchQuery))
    if (asked && asked.value.search !== this.search.value) this.show(asked.value)
    if (asked) this.recount()
    else if (update.docChanged || update.startState.field(runField) !== update.state.field(runField)) { clearTimeout(this.timer); this.timer = setTimeout(() => this.recount(), PAUSE_MS) }
    else if (update.selectionSet) this.tell()
  }

  recount() { this.matches = matchesOf(this.view.state); this.tell() }

  tell() {
    const { main } = this.view.state.selection, at = this.matches.findIndex(({ from, to }) => from === main.from && to === main.to)
    this.count.textContent = !this.search.value || this.error.textContent ? "" : FIND.counted(at + 1, this.matches.length, this.matches.length === MOST)
  }

  onKey(event) {
    const isEnter = event.key === "Enter"
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.close() }
    else if (isEnter && event.target === this.search) { event.preventDefault(); (event.shiftKey ? findPrevious : findNext)(this.view) }
    else if (isEnter && event.target === this.replacement) { event.preventDefault(); this.replaceOne() }
    else if (runScopeHandlers(this.view, event, "search-panel")) event.preventDefault()
  }

  close() { closeSearchPanel(this.view); this.view.focus() }
  replaceOne() { if (!this.error.textContent) replaceNext(this.view) }

  replaceEach() {
    const { view, status } = this, found = this.error.textContent ? [] : matchesOf(view.state)
    if (found.length && replaceAll(view)) status.say(FIND.replaced(found.length))
    else status.say(FIND.none)
  }

  maskEach() {
    const { view, status } = this, found = this.error.textContent ? [] : matchesOf(view.state)
    if (!found.length) { status.say(FIND.none); return }
    changeMasks(view, mergeMasks(view.state.field(maskField), found.map(({ from, to }) => newMask(from, to))))
    status.say(FIND.masked(found.length))
  }
}

export const findExtension = (status) => [search({ top: true, createPanel: (view) => new FindPanel(view, status()) }), EditorState.phrases.of(FIND.phrases)]

export const toggleFind = (view) => {
  if (!searchPanelOpen(view.state)) return openSearchPanel(view)
  const input = view.dom.ownerDocument.getElementById("dlm-find-text")
  input.focus(); input.select()
  return true
}
