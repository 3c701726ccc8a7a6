// What a reader may ask of a mask beside its length: each kind with its label, an example, how it is read, and how its chip shows it.
// A mask keeps what was typed, { name: text }; what is sent is made of it by rulesOf.
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

const checkRange = (text) => readRange(text) ? "" : `A number like 5, or a range like 3-5, 3- or -5; got “${text}”.`
const checkLetters = (text) => (/^[\p{L}\s,]+$/u.test(text) ? "" : `Letters and nothing else, like e or qz; got “${text}”.`)
const rangeShown = (unit) => (text) => `${text.replace(/\s*[-–]\s*/, "–")} ${text.trim() === "1" ? unit.slice(0, -1) : unit}`

const rangeRead = (text) => text.replace(/\s/g, "").replace("–", "-")
const lettersRead = (text) => text.replace(/[\s,]/g, "")

export const RULES = [
  { name: "words", label: "Words", help: "5 or 3-7", title: "How many words: 5, or a range like 3-7, 3- or -7", chip: rangeShown("words"), check: checkRange, read: rangeRead },
  { name: "characters", label: "Characters", help: "40 or 20-60", title: "How many characters: 40, or a range like 20-60", chip: rangeShown("characters"), check: checkRange, read: rangeRead },
  { name: "include", label: "Must contain", help: "river, stone", title: "Words, with commas between them", chip: (text) => `+ ${listOf(text).join(", ")}`, read: listOf },
  { name: "ban", label: "Must not contain", help: "very, quite", title: "Words, with commas between them", chip: (text) => `− ${listOf(text).join(", ")}`, read: listOf },
  { name: "ban_letters", label: "Without the letters", help: "e", title: "e: no word with an e", chip: (text) => `no ${text}`, check: checkLetters, read: lettersRead },
  { name: "initials", label: "First letters", help: "abc", title: "abc: three words that begin with a, b and c", chip: (text) => `${[...lettersRead(text)].join("… ")}…`, check: checkLetters, read: lettersRead },
  { name: "regex", label: "Pattern (regular expression)", help: "\\d{4}-\\d\\d-\\d\\d", title: "The whole fill matches it", chip: (text) => `/${text}/`, read: (text) => text, isCode: true },
]

/** The rules of a mask as the wire takes them. */
export const rulesOf = (mask) => Object.fromEntries(RULES.filter(({ name }) => mask.rules?.[name]).map(({ name, read }) => [name, read(mask.rules[name])]))

/** What the chip of a mask shows of its rules. */
export const chipsOf = (mask) => RULES.filter(({ name }) => mask.rules?.[name]).map(({ name, label, chip }) => ({ name, label, text: chip(mask.rules[name]) }))
