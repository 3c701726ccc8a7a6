// JavaScript counts UTF-16 units, Python counts code points. Every offset on the wire counts code points; only this file converts.

const convert = (text, offsets, counts, other) => {
  const order = [...new Set(offsets)].sort((a, b) => a - b), at = new Map()
  let units = 0, points = 0
  const here = () => (counts === "units" ? units : points)
  for (const offset of order) {
    while (here() < offset && units < text.length) { units += text.codePointAt(units) > 0xffff ? 2 : 1; points++ }
    at.set(offset, other === "units" ? units : points)
  }
  return (offset) => at.get(offset)
}

/** A function from the given UTF-16 offsets of `text` to code points. */
export const toPoints = (text, offsets) => convert(text, offsets, "units", "points")
/** A function from the given code-point offsets of `text` to UTF-16. */
export const toUnits = (text, offsets) => convert(text, offsets, "points", "units")
