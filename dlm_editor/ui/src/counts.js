// Words and characters of the document, counted when typing pauses.
import { DOCK } from "./strings.js"
const WORD = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu

export function countsOf(text) {
  let words = 0, points = 0
  for (const _ of text.matchAll(WORD)) words++
  for (const _ of text) points++
  return { words, points }
}

export function createCounts(node) {
  let timer = 0
  return (text, masks) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const { words, points } = countsOf(text())
      node.textContent = DOCK.counts(words, points, masks)
    }, 150)
  }
}
