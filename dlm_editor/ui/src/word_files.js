// Word documents: the server takes the text out of them and puts it back; it keeps nothing. The file itself stays in this browser.
import { keepOriginal, readOriginal } from "./originals.js"
import { WORD_FILES } from "./strings.js"

export const WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

/** True for what Word writes; what of it is no .docx, the server refuses by name. */
export const isWord = (name) => /\.(docx?|docm|dot[xm]?)$/i.test(name)

async function ask(address, type, body) {
  let answer
  try { answer = await fetch(address, { method: "POST", headers: { "Content-Type": type }, body }) } catch { throw new Error(WORD_FILES.unreachable) }
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error || WORD_FILES.failed(answer.status))
  return answer
}

/** { text, word }: the text, a paragraph a line, and the key under which the file is kept. */
export async function readWord(bytes) {
  const { text } = await (await ask("docx/text", WORD_TYPE, bytes)).json()
  return { text, word: keepOriginal(bytes) }
}

const inBase64 = (bytes) => new Promise((resolve, reject) => {
  const reader = new FileReader()
  reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1))
  reader.onerror = () => reject(reader.error)
  reader.readAsDataURL(new Blob([bytes]))
})

/** The file under the key with another text, as bytes. */
export async function writeWord(key, text, tracked) {
  const bytes = await readOriginal(key)
  if (!bytes) throw new Error(WORD_FILES.gone)
  const body = JSON.stringify({ file: await inBase64(bytes), text: text.toWellFormed(), tracked })
  return new Uint8Array(await (await ask("docx/file", "application/json", body)).arrayBuffer())
}
