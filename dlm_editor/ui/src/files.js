// Documents in and out of the page as files. Text needs no server; what Word writes does.
import { element } from "./dom.js"
import { FILES } from "./strings.js"
import { isWord, readWord } from "./word_files.js"

const LIMIT_MB = 20

/** The encoding that the first bytes of a file tell: UTF-8 unless there is a mark of UTF-16. */
const encodingOf = ([first, second]) => (first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8")

/** { text, word, encoding } of a file: `word` is the key of a kept Word file, or undefined. Rejects with the rule, what was found and the way out. */
export async function readFile(file) {
  if (file.size > LIMIT_MB * 1e6) throw new Error(FILES.tooLarge(file.name, LIMIT_MB, file.size / 1e6))
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (isWord(file.name)) return readWord(bytes)
  const encoding = encodingOf(bytes)
  try {
    return { text: new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes), encoding }
  } catch {
    throw new Error(FILES.notText(file.name))
  }
}

/** The text as the bytes of a file in the encoding it came in. */
export function encode(text, encoding = "utf-8") {
  if (encoding === "utf-8") return new TextEncoder().encode(text)
  const view = new DataView(new ArrayBuffer(2 * text.length))
  for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), encoding === "utf-16le")
  return view.buffer
}

/** Lets the user choose a file; calls `onFile` with it. */
export function chooseFile(onFile) {
  const input = element("input", { type: "file", accept: ".txt,.md,.markdown,.docx,text/plain,text/markdown" })
  input.onchange = () => input.files[0] && onFile(input.files[0])
  input.click()
}

export function download(bytes, name, type = "text/plain;charset=utf-8") {
  const url = URL.createObjectURL(new Blob([bytes], { type }))
  element("a", { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
