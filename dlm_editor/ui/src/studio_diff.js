// Two texts side by side with what differs marked, word by word.
import { element } from "./dom.js"
import { STUDIO } from "./strings.js"

const partsOf = (text) => text.match(/\s+|[\p{L}\p{N}\p{M}'’]+|[^\s\p{L}\p{N}\p{M}]/gu) || []

/** [[part, is also in the other]] of both texts: what they share is a longest common subsequence of words. */
export function differences(one, other) {
  const a = partsOf(one), b = partsOf(other), longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) longest[i][j] = a[i] === b[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1])
  const left = [], right = []
  let i = 0, j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { left.push([a[i++], true]); right.push([b[j++], true]) }
    else if (j < b.length && (i === a.length || longest[i][j + 1] >= longest[i + 1][j])) right.push([b[j++], false])
    else left.push([a[i++], false])
  }
  return [left, right]
}

const marked = (parts) => parts.map(([part, isShared]) => (isShared || !part.trim() ? part : element("mark", { className: "dlm-differs" }, part)))

/** A table of two columns: sides = [{ title, facts, texts: one for each mark }]. */
export function sideBySide([one, other]) {
  const pairs = one.texts.map((text, mark) => differences(text, other.texts[mark] ?? ""))
  return element("table", { className: "dlm-sides" },
    element("thead", {}, element("tr", {}, ...[one, other].map(({ title, facts }) => element("th", { scope: "col" }, title, element("span", {}, facts || ""))))),
    element("tbody", {}, ...pairs.map((pair) => element("tr", {}, ...pair.map((parts) => element("td", {}, ...(parts.length ? marked(parts) : [STUDIO.nothingYet])))))))
}
