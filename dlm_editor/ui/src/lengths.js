// The length of a mask as the user writes it: auto, 8 (tokens) or 3w (words). The limits are those of dlm_editor.text.length.
import { MASKS } from "./strings.js"
export const MAX_TOKENS = 512, MAX_WORDS = 256

/** { value } in normal form, or { error } with the rule, the value received and the way out. */
export function parseLength(typed) {
  const text = typed.trim().toLowerCase()
  if (text === "" || text === "auto") return { value: "auto" }
  const match = /^(-?[0-9]{1,9})\s*(w?)$/.exec(text)
  if (!match) return { error: MASKS.badLength(typed) }
  const count = Number(match[1]), [most, unit] = match[2] ? [MAX_WORDS, MASKS.words] : [MAX_TOKENS, MASKS.tokens]
  if (count < 1 || count > most) return { error: MASKS.longLength(unit, most, count) }
  return { value: `${count}${match[2]}` }
}
