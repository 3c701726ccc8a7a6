// The badges beside a line of a poem, from what the server judges of it: how many syllables, whether it rhymes, where its stress falls.
import { element } from "./dom.js"
import { BADGES } from "./strings.js"

const MARKS = { true: "✓", false: "✗" }
const range = (low, high) => (low === high ? String(high) : `${low}–${high}`)

/** [{ kind, text, ok, label }]; ok is null while that is still open. */
function badgesOf({ syllables, low, high, has_syllables: fits, rhyme, has_rhyme: rhymes, stress, meter, has_meter: keeps, is_open: isOpen, guessed }) {
  const badges = [{ kind: "syllables", text: `${syllables}/${range(low, high)}`, ok: fits || (isOpen ? null : false), label: BADGES.syllables(syllables, range(low, high)) }]
  if (rhyme) badges.push({ kind: "rhyme", text: BADGES.rhyme(rhyme), ok: rhymes, label: BADGES.rhymes(rhyme, rhymes) })
  if (meter) badges.push({ kind: "stress", text: stress || "–", ok: isOpen && keeps ? null : keeps, label: BADGES.stress(stress, meter) })
  if (guessed?.length) badges.push({ kind: "guessed", text: BADGES.guessed, ok: null, label: BADGES.guessedOf(guessed) })
  return badges
}

const badgeNode = ({ kind, text, ok, label }) => element("span", { className: `dlm-badge is-${kind} ${ok === true ? "is-met" : ok === false ? "is-missed" : "is-open"}`, title: label, role: "img", "aria-label": ok === null ? label : BADGES.judged(label, ok) },
  text, ok === null ? "" : element("span", { className: "dlm-badge-mark" }, MARKS[ok]))

export const badgeNodes = (badge) => badgesOf(badge).map(badgeNode)
export const isMissed = (badge) => badgesOf(badge).some(({ ok }) => ok === false)
