// What the reader's hand did to the words of the step that is shown: kept, thrown back or typed anew. It stays with that step of its branch.
import { STUDIO } from "./strings.js"

export const HANDS = { keep: ["●", STUDIO.kept], open: ["○", STUDIO.thrownBack], typed: ["✎", STUDIO.typed] }

const NONE = {}
const place = (run) => `${run.alternative}/${run.shown}`

/** { mark: { piece: { kind: keep | open | typed, text, pieces } } } for the step and the alternative that are shown. A typed word stands at its first piece, with all
 * that it takes the place of; the others have text "". */
export const handsOf = (run) => run.hands?.[place(run)] || NONE
export const handAt = (run, mark, piece) => handsOf(run)[mark]?.[piece]
export const hasHands = (run) => Object.values(handsOf(run)).some((pieces) => Object.keys(pieces).length)

/** The pieces as they are with the hands laid on: what was thrown back is open, what was typed is settled. */
export const withHands = (run, drafts) => (!drafts || !hasHands(run) ? drafts : drafts.map((pieces, mark) => pieces.map((piece, at) => {
  const hand = handAt(run, mark, at)
  if (hand?.kind === "open") return ["", 0, "open", piece[3]]
  return hand?.kind === "typed" ? [hand.text, 1, "settled", piece[3]] : piece
})))

/** run.hands after `changes` = [[mark, [[piece, hand or null]]]]; the rest stays. */
export function handsAfter(run, changes) {
  const all = { ...handsOf(run) }
  for (const [mark, pieces] of changes) {
    const held = { ...all[mark] }
    for (const [piece, hand] of pieces) { if (hand) held[piece] = hand; else delete held[piece] }
    all[mark] = held
  }
  return { ...run.hands, [place(run)]: all }
}

/** A hand on all pieces of one word. */
export const onWord = (pieces, hand) => pieces.map((piece, at) => [piece, hand?.kind !== "typed" ? hand : at ? { kind: "typed", text: "" } : { ...hand, pieces }])

/** Throws back every settled piece that no hand is on. */
export const othersOpen = (run, drafts) => drafts.map((pieces, mark) => [mark, pieces.flatMap(([, , state, tokens], piece) =>
  (state === "open" || !tokens.length || handAt(run, mark, piece) ? [] : [[piece, { kind: "open" }]]))])

export const withoutHands = (run) => ({ ...run.hands, [place(run)]: NONE })
