// What the reader's hands have gathered at the step that is shown, and the way on from there.
import { button, element } from "./dom.js"
import { isBusy, isTokenless, isOpen, shownDrafts } from "./run.js"
import { hasHands, handsOf } from "./studio_hands.js"
import { wordsOf } from "./studio_steps.js"
import { STUDIO } from "./strings.js"

/** How many words each kind of hand lies on. */
export function countHands(run) {
  const counts = { keep: 0, open: 0, typed: 0 }
  const drafts = shownDrafts(run), hands = handsOf(run)
  drafts.forEach((pieces, mark) => wordsOf(pieces).forEach((word) => {
    const laid = word.map((piece) => hands[mark]?.[piece]).find(Boolean)
    if (laid && (laid.kind === "typed" || word.some((piece) => pieces[piece][0].trim()))) counts[laid.kind]++
  }))
  return counts
}

/** True where a branch may leave: at any step, the last one too, of an open fill that is not at work and shows tokens, as a hosted model does not. */
export const canGoOn = (run) => isOpen(run) && !isBusy(run) && run.shown > 0 && !!shownDrafts(run) && !isTokenless(run)
/** True where going on is worth a button: a branch may leave, and hands lie there or steps come after. */
export const wantsToGoOn = (run) => canGoOn(run) && (hasHands(run) || run.shown < run.steps.length)

export function createGoingOn({ onGo, onOthers, onClear, onWords }) {
  const told = element("p", { className: "dlm-help" })
  const go = button(STUDIO.goOn, { title: STUDIO.goOnTitle, className: "is-primary", onclick: onGo }), others = button(STUDIO.throwBackOthers, { onclick: onOthers })
  const words = button(STUDIO.words, { title: STUDIO.wordsTitle, onclick: onWords }), clear = button(STUDIO.clearHands, { onclick: onClear })
  const node = element("div", {}, told, element("div", { className: "dlm-acts" }, go, others, clear, words))
  return {
    node,
    paint(run) {
      const can = canGoOn(run)
      told.textContent = can ? STUDIO.handsAt(run.shown, countHands(run)) : STUDIO.howToGoOn
      go.disabled = others.disabled = words.disabled = !can
      clear.disabled = !can || !hasHands(run)
    },
  }
}
