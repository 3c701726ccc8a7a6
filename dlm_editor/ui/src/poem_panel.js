// The poem panel: asks for a poem, shows its lines settle with their badges, and brings the one that is chosen into the document.
import { createProgress } from "./announce.js"
import { isMissed } from "./badges.js"
import { button, element } from "./dom.js"
import { createPoemForm } from "./poem_form.js"
import { createSheet } from "./poem_sheet.js"
import { createSide } from "./sides.js"
import { createWordMenu } from "./word_menu.js"
import { insertPoem, poemTarget, selectedLines } from "./poem_document.js"
import { POEM, TOOLBAR } from "./strings.js"

/** The settings that hold for poems too. */
const shared = ({ model, seed }) => ({ ...(model === undefined ? {} : { model }), ...(seed === undefined ? {} : { seed }) })

/** A poem as it stands in a document: its title, and blank lines between the stanzas. */
const textOf = ({ title, lines }) => `${title ? `${title}\n\n` : ""}${lines.map(({ text, opens_stanza: opens }) => `${opens ? "\n" : ""}${text}`).join("\n")}`

/** config = { forms, meters }; options() gives the settings. */
export function createPoemPanel(view, config, { send, options }) {
  let wire = 0, phase = "idle", poems = [], shown = 0, asked = null, wanted = null
  const stop = button(POEM.stop, { className: "is-stop", onclick: () => halt(POEM.stopped) })
  const form = createPoemForm(config, { stop, draft: () => selectedLines(view.state)?.text || "", onWrite: () => write() })
  const status = element("p", { className: "dlm-poem-status", role: "status" }), progress = createProgress(), error = element("p", { className: "dlm-error", role: "alert" })
  const previous = button(POEM.previous, { iconName: "previous", iconOnly: true, onclick: () => cycle(-1) }), next = button(POEM.next, { iconName: "next", iconOnly: true, onclick: () => cycle(1) })
  const which = element("span", { className: "dlm-poem-which" }), choice = element("div", { className: "dlm-group is-choice" }, previous, which, next)
  const back = button(POEM.undoWord, { onclick: () => { const entry = poems[shown]; entry.past.pop(); draw(); say(POEM.wordBack) } })
  const insert = button(POEM.insert, { className: "is-primary", onclick: () => bring() })
  const sheet = createSheet({ onWord: (anchor, line, word) => askWords(anchor, line, word) })
  const body = element("div", { className: "dlm-poem-sheet", hidden: true }, sheet.node, element("div", { className: "dlm-poem-foot" }, choice, back, insert))
  const menu = createWordMenu(body, { onPick: (one) => replace(one) })
  const side = createSide("poem", POEM.title, form.node, error, body, progress.node, status)

  const poem = () => poems[shown]?.past.at(-1)
  const draw = () => {
    const isDone = phase === "done"
    body.hidden = !poems.length
    side.node.setAttribute("aria-busy", String(phase === "busy"))
    if (phase !== "busy") progress.tell(null)
    stop.hidden = phase !== "busy"; insert.hidden = !isDone
    back.hidden = !isDone || poems[shown].past.length < 2
    choice.hidden = poems.length < 2
    which.textContent = TOOLBAR.which(shown + 1, poems.length)
    if (poems.length) sheet.draw(poem())
  }
  /** `isNews`: to be read out; the steps are only shown. */
  const say = (message, isNews = true) => { status.setAttribute("aria-live", isNews ? "polite" : "off"); status.textContent = message }
  const settle = (message = "") => { phase = poems.length && phase === "done" ? "done" : "idle"; say(message); draw() }
  const halt = (message) => {
    if (phase !== "busy") return
    send("halt"); wire++
    poems = []; phase = "idle"
    settle(message)
  }
  const write = () => {
    halt("")
    menu.close()
    error.textContent = ""
    asked = { ...shared(options()), ...form.values() }
    wanted = form.keepsLines() ? poemTarget(view, true) : null
    poems = []; shown = 0; phase = "busy"
    say(POEM.writing)
    draw()
    send("poem", { run: ++wire, ...asked })
  }
  const cycle = (by) => { menu.close(); shown = (shown + by + poems.length) % poems.length; draw(); say(POEM.which(shown + 1, poems.length)) }
  const askWords = (anchor, line, word) => {
    menu.open(anchor)
    send("word", { run: ++wire, ...asked, poem: textOf({ lines: poem().lines }).split("\n"), line, word })
  }
  const replace = ({ text, poem: changed, line, word }) => {
    poems[shown].past.push(changed)
    draw()
    sheet.word(line, word)?.focus()
    say(POEM.now(text, met(changed)))
  }
  const bring = () => {
    insertPoem(view, wanted || poemTarget(view, false), textOf(poem()))
    say(POEM.inserted)
  }
  const met = ({ lines }) => {
    const missed = lines.filter(({ badge }) => isMissed(badge)).length
    return missed ? POEM.missed(missed, lines.length) : POEM.met
  }

  const onMessage = {
    wait({ message }) { if (!menu.isOpen()) say(message) },
    step({ step, of, poems: drafts }) {
      poems = drafts.map((one) => ({ past: [one] }))
      if (body.hidden) setTimeout(() => body.scrollIntoView({ block: "nearest" }))
      shown = Math.min(shown, poems.length - 1)
      say(POEM.step(step, of), false)
      progress.tell(wire, () => POEM.step(step, of))
      draw()
    },
    poems({ poems: found, seconds }) {
      poems = found.map((one) => ({ past: [one] }))
      shown = 0; phase = "done"
      say(POEM.done(seconds, met(found[0])))
      draw()
    },
    words({ words }) { menu.show(words) },
    error({ message }) {
      if (menu.isOpen()) { menu.note(message); return }
      if (phase === "busy") { poems = []; phase = "idle" }
      settle()
      error.textContent = form.complain(message)
    },
  }
  draw()
  return {
    side,
    paint() { if (!side.node.hidden) form.paint() },
    receive(message) { if (message.run === wire) onMessage[message.type]?.(message) },
    failed() { if (phase === "busy" || menu.isOpen()) onMessage.error({ message: POEM.lost }) },
    /** The place of the kept lines follows the edits of the document; once the poem stands there, another one takes its place. */
    map(changes) { if (wanted) wanted = { from: changes.mapPos(wanted.from, -1), to: changes.mapPos(wanted.to, 1), isReplaced: wanted.isReplaced } },
  }
}
