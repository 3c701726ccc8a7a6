// The badges beside a line of a poem, from what the server judges of it: how many syllables, whether it rhymes, where its stress falls.
import { element } from "./dom.js"

const MARKS = { true: "✓", false: "✗" }
const range = (low, high) => (low === high ? String(high) : `${low}–${high}`)

/** [{ kind, text, ok, label }]; ok is null while that is still open. */
function badgesOf({ syllables, low, high, has_syllables: fits, rhyme, has_rhyme: rhymes, stress, meter, has_meter: keeps, is_open: isOpen, guessed }) {
  const badges = [{ kind: "syllables", text: `${syllables}/${range(low, high)}`, ok: fits || (isOpen ? null : false), label: `${syllables} of ${range(low, high)} syllables` }]
  if (rhyme) badges.push({ kind: "rhyme", text: `rhyme ${rhyme}`, ok: rhymes, label: `rhyme ${rhyme}: ${rhymes === null ? "still open" : rhymes ? "rhymes" : "does not rhyme"}` })
  if (meter) badges.push({ kind: "stress", text: stress || "–", ok: isOpen && keeps ? null : keeps, label: `stress ${stress || "still open"}, asked for ${meter}` })
  if (guessed?.length) badges.push({ kind: "guessed", text: "by spelling", ok: null, label: `not in the dictionary, so its syllables follow the spelling: ${guessed.join(", ")}` })
  return badges
}

const badgeNode = ({ kind, text, ok, label }) => element("span", { className: `dlm-badge is-${kind} ${ok === true ? "is-met" : ok === false ? "is-missed" : "is-open"}`, title: label, role: "img", "aria-label": `${label}${ok === true ? ", met" : ok === false ? ", not met" : ""}` },
  text, ok === null ? "" : element("span", { className: "dlm-badge-mark" }, MARKS[ok]))

export const badgeNodes = (badge) => badgesOf(badge).map(badgeNode)
export const isMissed = (badge) => badgesOf(badge).some(({ ok }) => ok === false)
