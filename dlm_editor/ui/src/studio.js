// The studio: what a reader does with a run beyond accepting it. Keeps and throws back words, goes on as a branch, asks for other words, lengths and lanes.
import { isBusy, piecesText, runField, setRun, shownDrafts } from "./run.js"
import { showStep } from "./actions.js"
import { currentBranch, switchTo } from "./studio_branches.js"
import { createCard } from "./studio_card.js"
import { createCompare } from "./studio_compare.js"
import { canGoOn, countHands, createGoingOn } from "./studio_going_on.js"
import { handAt, handsAfter, handsOf, hasHands, onWord, othersOpen, withHands, withoutHands } from "./studio_hands.js"
import { createHeat } from "./studio_heat.js"
import { createLengths } from "./studio_lengths.js"
import { createRecord, recordOf, replay } from "./studio_record.js"
import { element } from "./dom.js"
import { createSide } from "./sides.js"
import { createTree } from "./studio_tree.js"
import { focusWords, walkWords, wordAt } from "./studio_words.js"
import { STUDIO } from "./strings.js"

const THRESHOLD = 0.3                                              // words below it settle anew around one that was chosen

/** The hands as the server reads them. */
const handsForServer = (run) => Object.entries(handsOf(run)).flatMap(([mark, held]) => Object.entries(held).flatMap(([piece, hand]) => {
  if (hand.kind !== "typed") return [{ mark: Number(mark), pieces: [Number(piece)], do: hand.kind }]
  return hand.pieces ? [{ mark: Number(mark), pieces: hand.pieces, do: "type", text: hand.text }] : []
}))

const onlyKeeps = (run) => Object.values(handsOf(run)).every((held) => Object.values(held).every(({ kind }) => kind === "keep"))

/** `home` holds what floats over the text; session, status: see session.js and status.js; send(event, payload) asks the server. */
export function createStudio(view, home, { send, session, status, options, config, openDocument }) {
  let chosen = null, wire = 0, compared = null, leaving = null      // the word of the open card; the masks of the last comparison; where the branch that was asked for leaves
  const asked = {}                                                // by event: the number of the last request, which alone is answered
  const current = () => view.state.field(runField)
  const change = (values) => view.dispatch({ effects: setRun.of(values) })
  const live = (run, list) => list.filter((_, mark) => !run.spots[mark].stale)
  const ask = (event, payload) => { asked[event] = ++wire; send(event, { run: wire, ...payload }) }
  const askOfRun = (event, payload) => ask(event, { ...session.fieldsOf(current().spots.filter((spot) => !spot.stale)), ...payload })
  const sentMark = (run, mark) => run.spots.slice(0, mark).filter((spot) => !spot.stale).length

  const lay = (kind, text = "") => {
    const run = current(), { mark, pieces } = chosen
    change({ hands: handsAfter(run, [[mark, onWord(pieces, kind && (kind === "typed" ? { kind, text: spaced(run, mark, pieces, text) } : { kind }))]]) })
    status.say(STUDIO.laid(kind, wordText(run, mark, pieces)))
  }
  /** What is typed takes over the space before the word. */
  const spaced = (run, mark, pieces, text) => (/^\s/.test(shownDrafts(run)[mark][pieces[0]][0]) && text.trim() ? ` ${text.trim()}` : text.trim())
  const wordText = (run, mark, pieces) => pieces.map((piece) => shownDrafts(run)[mark][piece][0]).join("").trim()

  const place = (run) => [run.id, currentBranch(run), run.alternative, run.shown, JSON.stringify(handsOf(run))].join()
  const goOn = () => {
    const run = current()
    if (!canGoOn(run)) return false
    card.close()
    const draft = live(run, shownDrafts(run)), hands = handsForServer(run).filter(({ mark }) => !run.spots[mark].stale).map((hand) => ({ ...hand, mark: sentMark(run, hand.mark) }))
    status.clear(); status.say(STUDIO.goingOn)
    leaving = place(run)
    askOfRun("branch", { draft, hands })
    return true
  }
  const refill = (mark, tokens) => {
    const run = current(), spots = run.spots.map((spot, at) => (at !== mark ? spot : /w$/.test(spot.length) ? { ...spot, tokens: String(tokens) } : { ...spot, length: String(tokens) }))
    const pins = shownDrafts({ ...run, shown: run.steps.length }).map((pieces, at) => (at === mark ? [] : pieces.flatMap(([, , state, ids]) => (state === "open" ? ids.map(() => null) : ids))))
    session.branch({ ...run, shown: run.steps.length }, { told: STUDIO.refilled(mark + 1, tokens), spots }, { pins: live(run, pins) })
  }

  const card = createCard(home, {
    onHand(kind, text) { lay(kind, text); card.close(true) },
    onChoose(choice) {
      const run = current(), { mark, pieces } = chosen
      if (choice.is_current) { card.close(true); return }
      if (hasHands(run) && !onlyKeeps(run)) { lay("typed", choice.text); card.close(true); status.say(STUDIO.chosenLater(choice.text.trim())); return }
      card.close(true)
      const draft = live(run, shownDrafts(run)), kept = live(run, run.spots.map((_, at) => Object.keys(handsOf(run)[at] || {}).map(Number)))
      session.branch(run, { told: STUDIO.chose(wordText(run, mark, pieces), choice.text.trim()), event: "settle" },
        { draft, mark: sentMark(run, mark), pieces, tokens: choice.tokens, kept, threshold: THRESHOLD })
    },
    onClose() { chosen = null },
  })
  const openCard = (word) => {
    const run = current()
    if (!canGoOn(run)) return false
    const { mark, pieces, node } = word, piece = shownDrafts(run)[mark][pieces[0]]
    card.open(node, { text: wordText(run, mark, pieces), certainty: piece[1], isOpen: piece[2] === "open", kind: handAt(run, mark, pieces[0])?.kind })
    chosen = word
    const opened = withHands(run, shownDrafts(run)).map((list, at) => list.map((one, place) => (handAt(run, at, place)?.kind === "typed" ? ["", 0, "open", one[3]] : one)))      // what was typed has no tokens yet
    const draft = live(run, opened)
    askOfRun("slots", { draft, mark: sentMark(run, mark), pieces })
    return true
  }
  const laidBy = { k: "keep", Delete: "open", Backspace: "open" }
  walkWords(view, {
    onKey(event, word) {
      const run = current()
      if (!canGoOn(run) || event.ctrlKey || event.metaKey || event.altKey) return false
      if (event.key === "Enter" || event.key === " ") return openCard(word)
      const kind = laidBy[event.key]
      if (!kind || (kind === "keep" && shownDrafts(run)[word.mark][word.pieces[0]][2] === "open")) return false
      chosen = word
      lay(handAt(run, word.mark, word.pieces[0])?.kind === kind ? null : kind)
      chosen = null
      return true
    },
  })
  view.contentDOM.addEventListener("click", (event) => { const word = wordAt(event.target); if (word) openCard(word) })

  const heat = createHeat({ onStep: (number) => showStep(view, number) }), tree = createTree({ onSwitch: (id) => { if (current() && !isBusy(current())) { switchTo(view, id); status.say(STUDIO.switched(id)) } } })
  const lengths = createLengths({ onRefill: refill })
  const compare = createCompare(config, {
    options, onStop: () => { asked.compare = 0; send("part") },
    onStart(lanes) {
      const run = current(), spots = run && canGoOn(run) ? run.spots.filter((spot) => !spot.stale) : session.masks()
      if (isBusy(run)) return STUDIO.compareBusy
      if (!spots.length) return STUDIO.compareNothing
      compared = { spots: spots.map((spot) => ({ ...spot, text: view.state.sliceDoc(spot.from, spot.to) })), sent: session.fieldsOf(spots) }
      ask("compare", { ...compared.sent, lanes })
      return ""
    },
    onTake(found) { if (session.take(compared.spots, { ...found, sent: { ...compared.sent, ...found.recipe } }, STUDIO.tookWay(found.label))) status.say(STUDIO.switched(currentBranch(current()))); else status.alert(STUDIO.notTaken) },
  })
  const going = createGoingOn({
    onGo: goOn, onWords: () => focusWords(view), onClear: () => change({ hands: withoutHands(current()) }),
    onOthers() { const run = current(); change({ hands: handsAfter(run, othersOpen(run, shownDrafts(run))) }); status.say(STUDIO.othersThrownBack) },
  })
  const record = createRecord({
    onAsk: (want) => ask("record", recordOf(current(), want, config.default)),
    onOpen: (data) => ask("replay", { data }),
  })
  const part = (title, ...children) => element("section", { className: "dlm-part" }, element("h3", {}, title), ...children)
  const side = createSide("studio", STUDIO.title, part(STUDIO.fromHere, going.node), part(STUDIO.heat, heat.node), part(STUDIO.branches, tree.node),
    part(STUDIO.lengths, lengths.node), part(STUDIO.compareHead, compare.node), part(STUDIO.record, record.node))

  /** A run from a file takes the place of the document, which undo brings back. */
  const openReplay = ({ text, spans, model, options: given, seed, ...found }) => {
    openDocument(text, spans)
    if (!spans.length || !found.steps.length) return
    const masks = session.masks().map((mask) => ({ ...mask, text: view.state.sliceDoc(mask.from, mask.to) }))
    session.take(masks, { ...replay({ ...found, spans }), sent: { text, spans, ...given, seed, model }, recipe: { model } }, "")
  }
  const onMessage = {
    branch({ pins, draft }) {
      const run = current()
      if (canGoOn(run) && place(run) === leaving) session.branch(run, { told: STUDIO.handsTold(countHands(run)), first: hasHands(run) ? draft : null }, { pins })
    },
    slots({ choices }) { if (chosen) card.show(choices) },
    wait({ message }, event) { if (event === "compare") compare.wait(message) },
    file: record.save,
    replay({ record: found }) { record.say(STUDIO.replayed(found.model, found.steps.length)); openReplay(found) },
    error({ message }, event) {
      if (event === "record" || event === "replay") record.fail(message)
      else if (event === "slots") card.note(message)
      else if (event === "compare") compare.fail(message)
      else { status.say(""); status.alert(message) }
    },
    lane_step: (message) => compare.step(message, message.drafts[0].map(piecesText)),
    lane: (message) => compare.result(message),
    lane_error: ({ lane, message }) => compare.laneError(lane, message),
    done: () => compare.done(),
  }
  const paintAll = () => { for (const one of [going, tree, lengths, heat, record]) one.paint(current()) }
  return {
    side, goOn, focusWords: () => focusWords(view),
    opened() { compare.opened(); paintAll(); heat.now() },
    /** Called after every change of the page's state; costs nothing while the panel is shut. */
    paint() {
      const run = current()
      if (card.isOpen() && (!run || !canGoOn(run))) card.close()
      if (side.node.hidden) return
      paintAll()
    },
    receive(message) {
      const event = Object.keys(asked).find((name) => asked[name] === message.run)
      if (event) onMessage[message.type]?.(message, event)
    },
    failed(event) { if (asked[event]) onMessage.error({ message: STUDIO.lost }, event) },
  }
}
