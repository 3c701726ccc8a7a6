// A proofreading between the page and the server: sends the text, takes the corrections part by part, stops, notices a lost connection.
import { addItems, dropItems, follow, isInWord, isReading, pendingOf, reviewField, setReview } from "./corrections.js"
import { ignoredPairs, isIgnored } from "./ignored.js"
import { toPoints, toUnits } from "./offsets.js"
import { createWatch } from "./watch.js"
import { PROOFREAD } from "./strings.js"

const REFUSED_MS = 5000

/** The selected stretches, widened to whole words; the whole text without any. */
function rangesOf({ doc, selection }) {
  const chosen = selection.ranges.filter(({ empty }) => !empty)
  if (!chosen.length) return [{ from: 0, to: doc.length, isWhole: true }]
  return chosen.map(({ from, to }) => {
    while (isInWord(doc, from)) from--
    while (isInWord(doc, to)) to++
    return { from, to }
  }).filter((range, index, all) => !index || range.from >= all[index - 1].to)
}

/** What comes counts code points of the text that was sent; locate(part) gives its corrections in the document as it stands. */
function createPlaces(doc, text) {
  let changes = null, base = { points: 0, units: 0 }
  return {
    map(more) { changes = changes ? changes.compose(more) : more },
    locate({ start, edits }, now) {
      const at = toUnits(text.slice(base.units), [start, ...edits.flatMap((edit) => [edit.start, edit.end])].map((point) => point - base.points))
      const units = (point) => base.units + at(point - base.points)
      const items = edits.map((edit) => ({ ...edit, from: units(edit.start), to: units(edit.end) }))
      base = { points: start, units: units(start) }
      return changes ? follow(items, changes, doc, now) : items
    },
  }
}

let made = 0

export function createProofreader(view, { send, isAlive, status, options, dictionary }) {
  let wire = 0, taken = 0, places = null, extent = [0, 0]
  const isBusy = () => isReading(view.state)
  const review = () => view.state.field(reviewField)
  const watch = createWatch({ isAlive, isBusy, onLost: () => fail(PROOFREAD.lost) })
  const end = () => { watch.end(); wire++; places = null; view.dispatch({ effects: setReview.of({ progress: null }) }) }
  const fail = (message) => { end(); status.say(""); status.alert(message) }

  const take = (message) => {
    const found = places.locate(message, view.state.doc)
      .map(({ from, to, before, after, certainty, reason }) => ({ id: `correction-${++made}`, from, to, before, after, certainty, reason, state: "pending" }))
      .filter((item) => !dictionary.has(item.before.trim()) && !isIgnored(view.state, item))
    const progress = Math.min(1, Math.max(0, (message.end - extent[0]) / Math.max(1, extent[1] - extent[0])))
    view.dispatch({ effects: [...(found.length ? [addItems.of(found)] : []), setReview.of({ progress })] })
  }

  return {
    isBusy,
    start() {
      if (isBusy()) return true
      const ranges = rangesOf(view.state), text = view.state.doc.toString().toWellFormed()
      if (!ranges.some(({ from, to }) => text.slice(from, to).trim())) { status.alert(PROOFREAD.nothing); return true }
      const at = toPoints(text, ranges.flatMap(({ from, to }) => [from, to])), spans = ranges[0].isWhole ? [] : ranges.map(({ from, to }) => ({ start: at(from), end: at(to) }))
      extent = [at(ranges[0].from), at(ranges.at(-1).to)]
      places = createPlaces(view.state.doc, text)
      view.dispatch({ effects: [...ranges.map(dropItems.of, dropItems), setReview.of({ progress: 0, isOpen: true, show: "changes", current: null })] })
      status.clear(); status.say(PROOFREAD.reading)
      watch.begin()
      send("proofread", { run: ++wire, text, spans, dictionary: dictionary.words(), ignore: ignoredPairs(view.state), ...options() })
      return true
    },
    stop() {
      if (!isBusy()) return false
      send("rest")
      end()
      status.say(PROOFREAD.stopped(pendingOf(review()).length))
      return true
    },
    /** To be called with the changes of every edit. */
    map(changes) { places?.map(changes) },
    receive(message) {
      if (message.run !== wire || !isBusy()) return
      watch.hear(); taken = wire
      if (message.type === "wait") status.say(message.message)
      else if (message.type === "error") fail(message.message)
      else if (message.type === "step") take(message)
      else { end(); status.say(PROOFREAD.done(message.seconds, pendingOf(review()).length)) }
    },
    /** Some request failed: this one, or one that was stopped before it. */
    async failed() {
      const mine = wire, isMine = () => mine === wire && isBusy()
      if (!isMine()) return
      if (taken === mine) { if (!(await isAlive()) && isMine()) fail(PROOFREAD.lost) }
      else setTimeout(() => { if (isMine() && taken !== mine) fail(PROOFREAD.refused) }, REFUSED_MS)
    },
  }
}
