"use strict"
// Plays the record that stands in this page. Its texts go into the document as text, never as markup.
const STEP_MS = 450, END_MS = 1600
const record = JSON.parse(document.getElementById("record").textContent)
const byId = (id) => document.getElementById(id)
const put = (parent, name, text, className) => {
  const node = document.createElement(name)
  if (text !== undefined) node.textContent = text
  if (className) node.className = className
  return parent.appendChild(node)
}

// The drafts of every step: drafts[step][row][span] = pieces [text, certainty, state, token ids]; what does not change is shared.
const carried = (draft) => draft.map((piece) => (piece[2] === "new" ? [piece[0], piece[1], "settled", piece[3]] : piece))
const unpacked = (piece) => (typeof piece === "number" ? ["", 0, "open", [piece]] : piece)
const applied = (draft, made) => {
  const old = carried(draft)
  let after = [], at = 0
  for (const [start, drop, pieces] of made) { after = after.concat(old.slice(at, start), pieces.map(unpacked)); at = start + drop }
  return after.concat(old.slice(at))
}
const byDraft = (changes) => {
  const found = new Map()
  for (const [row, span, ...change] of changes) { const key = `${row} ${span}`; if (!found.has(key)) found.set(key, { row, span, made: [] }); found.get(key).made.push(change) }
  return found
}
const played = () => {
  const all = []
  let drafts = Array.from({ length: record.rows }, () => record.spans.map(() => [])), fresh = new Map()
  for (const step of record.steps) {
    const made = byDraft(step.changes), after = drafts.slice()
    for (const [key, { row, span }] of new Map([...fresh, ...made])) {
      if (after[row] === drafts[row]) after[row] = drafts[row].slice()
      after[row][span] = applied(drafts[row][span], made.has(key) ? made.get(key).made : [])
    }
    all.push(after)
    drafts = after; fresh = made
  }
  return all
}
const steps = played(), count = steps.length
const alternatives = record.suggestions.length
  ? record.suggestions.map(({ row, changes, mean_logprob: score }, number) => {
    const before = count ? steps[count - 1][row] : record.spans.map(() => [])
    return { row, name: `${number + 1}`, score, ending: before.map((draft, span) => applied(draft, changes.filter((change) => change[0] === span).map((change) => change.slice(1)))) }
  })
  : Array.from({ length: record.rows }, (_, row) => ({ row, name: `${row + 1}`, ending: null }))

let at = 0, chosen = 0, speed = 1, timer = 0
const end = Math.max(count, alternatives.length ? 1 : 0)  // a run without steps has its end only
/** The pieces of every span at a place; null for the original text. */
const shown = (place) => {
  if (place === 0 || !alternatives.length) return null
  const { row, ending } = alternatives[chosen]
  return place === end && ending ? ending : steps[place - 1][row]
}

// The document, with a holder for every span.
const article = byId("text")
const holders = record.spans.map((span, number) => {
  put(article, "span", record.around[number])
  const holder = put(article, "span", undefined, "span")
  holder.dataset.span = number
  return holder
})
put(article, "span", record.around[record.spans.length])

const band = (certainty) => (certainty === null ? "" : ` certainty-${certainty < 0.2 ? "low" : certainty < 0.5 ? "medium" : "high"}`)
function drawSpan(holder, pieces, before, old) {
  holder.classList.toggle("is-old", !pieces)
  if (!pieces) { holder.replaceChildren(old); return }
  if (holder.firstChild && holder.firstChild.nodeType === Node.TEXT_NODE) holder.replaceChildren()
  while (holder.childNodes.length > pieces.length) holder.lastChild.remove()
  pieces.forEach(([text, certainty, state, tokens], index) => {
    const node = holder.childNodes[index] || put(holder, "span")
    const open = state === "open", isBack = open && before && before.length === pieces.length && before[index][2] !== "open"
    node.textContent = open ? "" : text
    node.className = open ? `token is-open${isBack ? " is-back" : ""}` : `token${state === "new" && text ? " is-new" : ""}${tokens.length || certainty !== 1 ? band(certainty) : ""}`
    node.title = open ? (isBack ? "opened again at this step" : "open") : certainty === null ? "" : `certainty ${Math.round(certainty * 100)} %`
  })
}

const openCount = (drafts) => (drafts || []).flat().filter((piece) => piece[2] === "open").length
function draw() {
  const drafts = shown(at), before = at > 1 ? shown(at - 1) : null
  holders.forEach((holder, span) => drawSpan(holder, drafts && drafts[span], before && before[span], record.spans[span].old))
  byId("step").value = at
  const seconds = at && count ? record.steps[Math.min(at, count) - 1].seconds : 0
  const told = at === 0 ? "Original text" : `Step ${Math.min(at, count)} of ${count} · ${openCount(drafts)} open · ${seconds.toFixed(2)} s`
  byId("place").textContent = told
  byId("step").setAttribute("aria-valuetext", told)
  const line = document.querySelector("#open line"), x = end ? (100 * at) / end : 0
  line.setAttribute("x1", x); line.setAttribute("x2", x)
  for (const [id, off] of [["first", at === 0], ["back", at === 0], ["next", at === end], ["last", at === end]]) byId(id).setAttribute("aria-disabled", off)
  byId("play").textContent = timer ? "Pause" : "Play"
}
function drawOpen() {
  const counts = [null, ...steps.map((_, index) => openCount(shown(index + 1)))]
  const most = Math.max(1, ...counts.slice(1))
  counts[0] = most
  const points = counts.map((value, index) => `${(100 * index) / Math.max(1, count)} ${100 - (94 * value) / most}`)
  document.querySelector("#open path").setAttribute("d", `M0 100L${points.join("L")}L100 100Z`)
}

const say = () => {
  const drafts = shown(at)
  byId("said").textContent = `${byId("place").textContent}. ${drafts ? drafts.map((pieces) => pieces.map(([text, , state]) => (state === "open" ? "_" : text)).join("")).join("; ") : ""}`
}
const stop = () => { clearTimeout(timer); timer = 0 }
const go = (place) => { stop(); at = Math.max(0, Math.min(end, place)); draw(); say() }
function tick() {
  if (at === end) { stop(); draw(); say(); return }
  at += 1
  timer = setTimeout(tick, (at === end ? END_MS : STEP_MS) / speed)
  draw()
}
const play = () => {
  if (timer) { stop(); draw(); say(); return }
  if (at === end) at = 0
  timer = setTimeout(tick, STEP_MS / speed)
  draw()
}
const choose = (number) => {
  if (!alternatives.length) return
  chosen = (number + alternatives.length) % alternatives.length
  byId("alternative").value = chosen
  drawOpen(); draw(); say()
}
const hurry = (by) => {
  const picker = byId("speed")
  picker.selectedIndex = Math.max(0, Math.min(picker.options.length - 1, picker.selectedIndex + by))
  speed = Number(picker.value)
}
const shade = (on) => { byId("shade").checked = on; document.body.classList.toggle("shaded", on) }

const KEYS = {
  " ": play, ArrowLeft: () => go(at - 1), ArrowRight: () => go(at + 1), Home: () => go(0), End: () => go(end), ArrowUp: () => choose(chosen - 1), ArrowDown: () => choose(chosen + 1),
  "-": () => hurry(-1), "+": () => hurry(1), c: () => shade(!byId("shade").checked),
}
addEventListener("keydown", (event) => {
  const name = event.target.tagName, own = name === "SELECT" || (name === "SUMMARY" || name === "BUTTON" || name === "INPUT") && (event.key === " " || event.key === "Enter")
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (event.ctrlKey || event.metaKey || event.altKey || own || !KEYS[key]) return
  event.preventDefault()
  KEYS[key]()
})
byId("step").max = end
byId("step").addEventListener("input", (event) => go(Number(event.target.value)))
byId("first").addEventListener("click", () => go(0))
byId("back").addEventListener("click", () => go(at - 1))
byId("next").addEventListener("click", () => go(at + 1))
byId("last").addEventListener("click", () => go(end))
byId("play").addEventListener("click", play)
byId("speed").addEventListener("change", () => hurry(0))
byId("shade").addEventListener("change", (event) => shade(event.target.checked))
byId("alternative").addEventListener("change", (event) => choose(Number(event.target.value)))

alternatives.forEach(({ name }, number) => { put(byId("alternative"), "option", `${name} of ${alternatives.length}`).value = number })
byId("choice").hidden = alternatives.length < 2
byId("nothing").hidden = count > 0
const plural = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`
byId("about").textContent = `${record.verb} by ${record.model}: ${plural(record.spans.length, "span")}, ${plural(count, "step")}${record.finish === "stopped" ? ", stopped before its end" : ""}`
const facts = [["Model", record.model], ["Verb", record.verb], ["Seed", record.seed],
  ["Scores", alternatives.filter(({ score }) => typeof score === "number").map(({ score }) => score.toFixed(2)).join(", ")], ...Object.entries(record.options).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  ["Lengths asked for", record.spans.map((span) => span.length).join(", ")], ["Made by", record.made_by]]
for (const [name, value] of facts.filter(([, value]) => value !== "")) { put(byId("facts"), "dt", name); put(byId("facts"), "dd", value.length > 2000 ? `${value.slice(0, 2000)}…` : value) }
shade(true)
if (end) drawOpen()
draw()
if (holders.length) holders[0].scrollIntoView({ block: "center" })
