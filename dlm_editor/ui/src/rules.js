// What a reader may ask of a mask beside its length: each kind with its label, an example, how it is read, and how its chip shows it.
import { RULES_PANEL } from "./strings.js"
// A mask keeps what was typed, { name: text }, "on" for a switch; what is sent is made of it by rulesOf.
const listOf = (text) => text.split(/[,;\n]/).map((word) => word.trim()).filter(Boolean)
const RANGE = /^(?:(\d{1,4})|(\d{1,4})\s*[-–]\s*(\d{1,4})?|[-–]\s*(\d{1,4}))$/

/** "5", "3-5", "3-" and "-5" as [least, most]; null where it is none of them. */
function readRange(text) {
  const found = RANGE.exec(text.trim())
  if (!found) return null
  const [, exact, least, most, only] = found
  const range = exact ? [Number(exact), Number(exact)] : [Number(least ?? 0), most ?? only ? Number(most ?? only) : null]
  return range[1] !== null && range[0] > range[1] ? null : range
}

const checkRange = (text) => readRange(text) ? "" : RULES_PANEL.range(text)
const checkLetters = (text) => (/^[\p{L}\s,]+$/u.test(text) ? "" : RULES_PANEL.letters(text))
const rangeShown = (unit) => (text) => RULES_PANEL.inUnits(text.replace(/\s*[-–]\s*/, "–"), text.trim() === "1", RULES_PANEL.units[unit])

const rangeRead = (text) => text.replace(/\s/g, "").replace("–", "-")
const lettersRead = (text) => text.replace(/[\s,]/g, "")

export const RULES = [
  { name: "words", chip: rangeShown("words"), check: checkRange, read: rangeRead },
  { name: "characters", chip: rangeShown("characters"), check: checkRange, read: rangeRead },
  { name: "include", chip: (text) => `+ ${listOf(text).join(", ")}`, read: listOf },
  { name: "ban", chip: (text) => `− ${listOf(text).join(", ")}`, read: listOf },
  { name: "ban_letters", chip: RULES_PANEL.without, check: checkLetters, read: lettersRead },
  { name: "initials", chip: (text) => `${[...lettersRead(text)].join("… ")}…`, check: checkLetters, read: lettersRead },
  { name: "ends_sentence", chip: () => RULES_PANEL.ends, read: () => true, isSwitch: true },
  { name: "no_repeats", chip: () => RULES_PANEL.noRepeats, read: () => true, isSwitch: true },
  { name: "regex", chip: (text) => `/${text}/`, read: (text) => text, isCode: true },
].map((rule) => ({ ...rule, ...RULES_PANEL.fields[rule.name] }))

/** The rules of a mask as the wire takes them. */
export const rulesOf = (mask) => Object.fromEntries(RULES.filter(({ name }) => mask.rules?.[name]).map(({ name, read }) => [name, read(mask.rules[name])]))

/** What the chip of a mask shows of its rules. */
export const chipsOf = (mask) => RULES.filter(({ name }) => mask.rules?.[name]).map(({ name, label, group, chip }) => ({ name, label: group ?? label, text: chip(mask.rules[name]) }))
