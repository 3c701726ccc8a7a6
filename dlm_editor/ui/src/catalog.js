// A model of the catalog in the reader's words.
const VERIFIED = {
  parity: ["checked", "Its family's code here gives the outputs of the original code."],
  source: ["source read", "Its code or its config was read; its outputs were not compared."],
  unverified: ["not checked", "Known from its description only."],
}
const FAMILIES = {
  bert: "BERT", roberta: "RoBERTa", distilbert: "DistilBERT", modernbert: "ModernBERT", llada: "LLaDA", llada2: "LLaDA 2 (blocks)", dream: "Dream", dreamon: "DreamOn",
  a2d: "Adapted from left-to-right models", diffullama: "DiffuLLaMA", diffugpt: "DiffuGPT", mdlm: "MDLM", sedd: "SEDD", bd3lm: "BD3LM (blocks)", diffusion_gemma: "DiffusionGemma",
  mercury: "Mercury (hosted)", openai: "OpenAI-compatible (hosted)", ollama: "Ollama", yours: "Yours",
}
const SHORT = { float32: "fp32", bfloat16: "bf16" }
const USUAL = "sees both sides of a gap"      // what need not be said of each

const rounded = (value) => (value < 10 ? value.toFixed(1) : String(Math.round(value)))
const count = (parameters) => (parameters >= 1e9 ? `${rounded(parameters / 1e9)} B` : `${Math.round(parameters / 1e6)} M`)
const gigabytes = (value) => `${rounded(value)} GB`

export const nameOf = (record) => record.name || record.id
export const sizeOf = (record) => (record.parameters ? `${count(record.parameters)} parameters` : "")
export const familyOf = (family) => FAMILIES[family] || family
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
  const marks = []
  if (isHosted(record)) marks.push(["hosted", "warn", "Runs elsewhere: text is sent there, after you have seen and agreed to it."])
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
