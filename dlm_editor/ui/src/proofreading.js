// Proofreading in the page, put together: what the editor adds to itself, what it calls, and the keys.
import { Prec } from "@codemirror/state"
import { keymap } from "@codemirror/view"
import { button, element } from "./dom.js"
import { createCard } from "./correction_card.js"
import { correctionAtoms, correctionMarks } from "./correction_marks.js"
import { currentOf, dropItems, isReading, pendingOf, reviewField, reviewHistory, setReview } from "./corrections.js"
import { accept, chosenFrom, decisionHistory, ignore, learn, leave, move, reject, tellChange } from "./decisions.js"
import { createDictionary, setWord } from "./dictionary.js"
import { ignoredField, ignoredHistory } from "./ignored.js"
import { createPopover, createSlider } from "./popover.js"
import { createProofreadBar } from "./proofread_bar.js"
import { createProofreader } from "./proofreader.js"
import { keysOf } from "./shortcuts.js"
import { PROOFREAD } from "./strings.js"

/** The part of the editor's state. `proofreading()` gives what createProofreading made. */
export const proofreadExtensions = (proofreading) => [
  reviewField, reviewHistory, ignoredField, ignoredHistory, decisionHistory, correctionAtoms, correctionMarks((...decision) => proofreading().decide(...decision)),
  Prec.highest(keymap.of(keysOf({
    nextCorrection: () => proofreading().move(1),
    previousCorrection: () => proofreading().move(-1),
    accept: () => proofreading().decideCurrent("accept"),
    rejectOne: () => proofreading().decideCurrent("reject"),
    rules: () => proofreading().enterCard(),
    stop: (view) => proofreading().stop() || proofreading().dismiss() || leave(view),
  }))),
]

/** config = { threshold }: what the server takes where none is sent. `canStart()`: nothing else is under way. */
export function createProofreading(view, paper, { send, isAlive, status, prefs, options, config, canStart, keepDraft }) {
  const review = () => view.state.field(reviewField), pending = () => pendingOf(review()), find = (id) => pending().find((item) => item.id === id)
  const dictionary = createDictionary()
  const lowest = createSlider(PROOFREAD.lowest, { min: 0.2, max: 0.95, step: 0.05, value: prefs.get("proofreadFrom") ?? config.threshold, told: PROOFREAD.share, help: PROOFREAD.lowestHelp }, (value) => prefs.set("proofreadFrom", value))
  const wanted = () => { const { model } = options(), threshold = lowest.value(); return { ...(model === undefined ? {} : { model }), ...(threshold === config.threshold ? {} : { threshold }) } }
  const reader = createProofreader(view, { send, isAlive, status, options: wanted, dictionary })
  const verbs = {
    accept: [(item, moves) => accept(view, [item], moves), (item) => PROOFREAD.accepted(tellChange(item))], reject: [(item, moves) => reject(view, [item], moves), (item) => PROOFREAD.rejected(tellChange(item))],
    ignore: [(item, moves) => ignore(view, item, moves), (item) => PROOFREAD.ignored(tellChange(item))], learn: [(item, moves) => learn(view, item, moves), (item) => PROOFREAD.learned(item.before.trim())],
  }

  /** What is decided by keyboard goes on to the next correction, and keeps the focus in the text. */
  const decideItem = (item, verb, isKeyboard) => {
    if (!item) return false
    const [act, told] = verbs[verb]
    act(item, isKeyboard)
    const next = isKeyboard && currentOf(review())
    if (isKeyboard) view.focus()
    status.clear(); status.say(`${told(item)} ${next ? describe(next) : PROOFREAD.remaining(pending().length)}`)
    return true
  }
  const describe = (item) => PROOFREAD.described(pending().indexOf(item) + 1, pending().length, tellChange(item), PROOFREAD.reason(item.reason), PROOFREAD.certain(item.certainty))
  const decideAll = (act, items, told) => {
    if (!items.length) return
    act(view, items)
    status.clear(); status.say(`${told(items.length)} ${PROOFREAD.remaining(pending().length)}`)
    view.focus()
  }
  const goTo = (by) => {
    const item = move(view, by)
    if (!item) return false
    view.focus()
    status.say(describe(item))
    return true
  }
  const card = createCard(view, paper, { ignore: (item, isKeyboard) => decideItem(item, "ignore", isKeyboard), learn: (item, isKeyboard) => decideItem(item, "learn", isKeyboard) })
  const bar = createProofreadBar(view, prefs, {
    move: goTo,
    acceptAll: () => decideAll(accept, pending(), PROOFREAD.acceptedAll), rejectAll: () => decideAll(reject, pending(), PROOFREAD.rejectedAll),
    acceptFrom: (certainty) => decideAll(accept, chosenFrom(review(), certainty), PROOFREAD.acceptedAll),
    show: (name) => { view.dispatch({ effects: setReview.of({ show: name, current: null }) }); status.say(PROOFREAD.shown[name]) },
    close: () => { view.dispatch({ effects: [dropItems.of({ from: 0, to: view.state.doc.length }), setReview.of({ isOpen: false, show: "changes" })] }); view.focus() },
  })
  const start = button(PROOFREAD.button, { title: PROOFREAD.buttonTitle, onclick: () => { if (canStart()) reader.start(); view.focus() } })
  const popover = createPopover(PROOFREAD.options, lowest.node, element("div", { className: "dlm-field" }, element("h2", {}, PROOFREAD.dictionary), dictionary.node))

  return {
    bar: bar.node, node: element("span", { className: "dlm-split" }, start, popover.node), receive: reader.receive, failed: reader.failed,
    stop: reader.stop, dismiss: card.dismiss, move: goTo, enterCard: () => !!currentOf(review()) && card.enter(),
    decide: (id, verb, isKeyboard) => decideItem(find(id), verb, isKeyboard),
    decideCurrent: (verb) => decideItem(currentOf(review()), verb, true),
    /** To be called on every update of the editor. */
    follow(update) {
      if (update.docChanged) reader.map(update.changes)
      if (update.state.field(ignoredField) !== update.startState.field(ignoredField)) keepDraft()
      for (const { effects } of update.transactions) for (const effect of effects) if (effect.is(setWord)) dictionary.set(effect.value.word, effect.value.on)
    },
    paint(state) { start.disabled = isReading(state) || !canStart(); bar.paint(state); card.paint() },
  }
}
