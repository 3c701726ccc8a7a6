// A model of the catalog in the reader's words.
const VERIFIED = {
  parity: ["checked", "Its outputs were compared with those of the original code."],
  source: ["source read", "Its code was read; its outputs were not compared."],
  unverified: ["not checked", "Known from its description only."],
}
const ABILITIES = [["variable_length", true, "decides its own lengths"], ["follows_instructions", true, "follows instructions"],
  ["edits_tokens", true, "corrects its own words"], ["sees_suffix", false, "sees only what stands before a gap"]]

const rounded = (value) => (value < 10 ? value.toFixed(1) : String(Math.round(value)))
const count = (parameters) => (parameters >= 1e9 ? `${rounded(parameters / 1e9)} B` : `${Math.round(parameters / 1e6)} M`)
const gigabytes = (value) => `${rounded(value)} GB`

export const nameOf = (record) => record.name || record.id
export const sizeOf = (record) => (record.parameters ? `${count(record.parameters)} parameters` : "")
export const isHosted = (record) => !!record?.hosted

/** What it needs of memory: one number, or one for each precision. */
export function memoryOf(record) {
  const needed = record.memory_by_precision
  if (needed && Object.keys(needed).length > 1) return Object.entries(needed).map(([precision, gb]) => `${precision} ${gigabytes(gb)}`).join(", ")
  return record.memory_gb ? gigabytes(record.memory_gb) : ""
}

export const abilitiesOf = (record) => ABILITIES.filter(([name, value]) => record[name] === value).map(([, , words]) => words)

/** Short marks for the list: [text, kind, title]. The kind is for colour; the text says it too. */
export function marksOf(record) {
  const marks = []
  if (isHosted(record)) marks.push(["hosted", "warn", "Runs on the provider's machines: the text to be filled is sent there."])
  else if (record.installed) marks.push(["on this machine", "good", "Needs no download."])
  if (record.fits === true && !isHosted(record)) marks.push(["fits", "good", "This machine has the memory it needs."])
  if (record.fits === false) marks.push(["too large", "bad", "This machine has less free memory than it needs."])
  const verified = VERIFIED[record.verified]
  if (verified) marks.push([verified[0], record.verified === "parity" ? "good" : "", verified[1]])
  return marks
}

/** The models by family, in the order of the catalog. */
export function byFamily(records) {
  const families = new Map()
  for (const record of records) families.set(record.family, [...(families.get(record.family) || []), record])
  return [...families]
}
