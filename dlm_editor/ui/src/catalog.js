// A model of the catalog in the reader's words.
import { MODELS } from "./strings.js"
const SHORT = { float32: "fp32", bfloat16: "bf16" }
const USUAL = "sees both sides of a gap"      // what need not be said of each

const rounded = (value) => (value < 10 ? value.toFixed(1) : String(Math.round(value)))
const count = (parameters) => (parameters >= 1e9 ? `${rounded(parameters / 1e9)} B` : `${Math.round(parameters / 1e6)} M`)
const gigabytes = (value) => MODELS.gigabytes(rounded(value))

export const nameOf = (record) => record.name || record.id
export const sizeOf = (record) => (record.parameters ? MODELS.parameters(count(record.parameters)) : "")
export const familyOf = (family) => MODELS.families[family] || family
export const isHosted = (record) => !!record?.hosted

/** What it needs of memory here, and, where that is much, in other precisions. */
export function memoryOf(record) {
  if (!record.memory_gb) return ""
  const { memory_gb: needed, precision, memory_by_precision: others = {} } = record
  const smaller = needed < 4 ? [] : Object.entries(others).filter(([name, gb]) => name !== precision && gb < needed)
  return [gigabytes(needed), ...smaller.map(([name, gb]) => `${SHORT[name] || name} ${gigabytes(gb)}`)].join(", ")
}

export const abilitiesOf = (record) => (record.abilities || []).filter((ability) => ability !== USUAL)

/** Short marks for the list: [text, kind, title]. The kind is for colour; the text says it too. */
export function marksOf(record) {
  const marks = [], mark = ([text, title], kind) => marks.push([text, kind, title])
  if (isHosted(record)) mark(MODELS.hosted, "warn")
  else if (record.installed) mark(MODELS.installed, "good")
  if (record.fits === true && !isHosted(record)) mark(MODELS.fits, "good")
  if (record.fits === false) mark(MODELS.tooLarge, "bad")
  const verified = MODELS.verified[record.verified]
  if (verified) mark(verified, record.verified === "parity" ? "good" : "")
  return marks
}

/** The models by family, in the order of the catalog. */
export function byFamily(records) {
  const families = new Map()
  for (const record of records) families.set(record.family, [...(families.get(record.family) || []), record])
  return [...families]
}
