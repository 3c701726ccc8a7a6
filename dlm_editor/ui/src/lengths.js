// The length of a mask as the user writes it: auto, 8 (tokens) or 3w (words). The limits are those of dlm_editor.text.length.
export const MAX_TOKENS = 512, MAX_WORDS = 256

/** { value } in normal form, or { error } with the rule, the value received and the way out. */
export function parseLength(typed) {
  const text = typed.trim().toLowerCase()
  if (text === "" || text === "auto") return { value: "auto" }
  const match = /^(-?[0-9]{1,9})\s*(w?)$/.exec(text)
  if (!match) return { error: `A length is auto, a number of tokens like 8, or of words like 3w; got “${typed}”.` }
  const count = Number(match[1]), [most, unit] = match[2] ? [MAX_WORDS, "words"] : [MAX_TOKENS, "tokens"]
  if (count < 1 || count > most) return { error: `A length in ${unit} is 1 to ${most}; got ${count}. Split a longer gap into several masks.` }
  return { value: `${count}${match[2]}` }
}
