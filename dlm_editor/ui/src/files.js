// Documents in and out of the page without a round trip to the server.
import { element } from "./dom.js"
import { FILES } from "./strings.js"

const LIMIT_MB = 20

/** The text of a .txt or .md file. Rejects with the rule, what was found and the way out. */
export async function readFile(file) {
  if (file.size > LIMIT_MB * 1e6) throw new Error(FILES.tooLarge(file.name, LIMIT_MB, file.size / 1e6))
  const bytes = new Uint8Array(await file.arrayBuffer())
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Error(FILES.notText(file.name))
  }
}

/** Lets the user choose a file; calls `onFile` with it. */
export function chooseFile(onFile) {
  const input = element("input", { type: "file", accept: ".txt,.md,.markdown,text/plain,text/markdown" })
  input.onchange = () => input.files[0] && onFile(input.files[0])
  input.click()
}

export function download(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }))
  element("a", { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}
