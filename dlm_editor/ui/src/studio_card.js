// The card of one word: what the model would write there, and what the reader can do with it: keep it, throw it back, write another.
import { button, element } from "./dom.js"
import { COMMON, STUDIO } from "./strings.js"
import { percent } from "./studio_steps.js"

/**
 * open(anchor, word) shows it at a word = { text, certainty, isOpen, kind: of the hand on it or undefined }; show(choices), note(text) fill its list.
 * onHand(kind or null, text), onChoose(choice); onClose(focus) where it closes, focus: whether the focus shall go back.
 */
export function createCard(home, { onHand, onChoose, onClose }) {
  let anchor = null
  const title = element("h2", {}), sure = element("p", { className: "dlm-help" })
  const press = (name, kind) => button(name, { onclick: () => onHand(keep.kinds.get(kind).getAttribute("aria-pressed") === "true" ? null : kind) })
  const keep = { kinds: new Map() }
  for (const [kind, name] of [["keep", STUDIO.keep], ["open", STUDIO.throwBack]]) keep.kinds.set(kind, press(name, kind))
  const typed = element("input", { type: "text", autocomplete: "off", spellcheck: false, maxLength: 200, "aria-label": STUDIO.writeAnother, placeholder: STUDIO.writeAnother })
  const list = element("ul", { className: "dlm-choices", "aria-label": STUDIO.candidates }), told = element("p", { className: "dlm-help", role: "status" })
  const shut = button("×", { title: COMMON.close(STUDIO.card), className: "is-quiet is-shut" })
  shut.setAttribute("aria-label", COMMON.close(STUDIO.card))
  const node = element("div", { className: "dlm-card-word", role: "dialog", hidden: true }, element("div", { className: "dlm-card-head" }, title, sure, shut),
    element("div", { className: "dlm-card-acts" }, ...keep.kinds.values(), typed), told, list)

  const close = (focus = false) => {
    if (node.hidden) return
    node.hidden = true
    list.replaceChildren()
    anchor?.classList.remove("is-chosen")
    const was = anchor
    anchor = null
    onClose()
    if (focus && was?.isConnected) was.focus()
  }
  const place = () => {                                            // above the word where there is no room below; style.css makes it a sheet on a phone
    const at = anchor.getBoundingClientRect(), below = at.bottom + 8
    node.style.left = `${Math.max(8, Math.min(at.left, innerWidth - node.offsetWidth - 8))}px`
    node.style.top = `${below + node.offsetHeight <= innerHeight - 8 ? below : Math.max(8, at.top - 8 - node.offsetHeight)}px`
  }
  shut.onclick = () => close(true)
  typed.onkeydown = (event) => { if (event.key === "Enter") { event.preventDefault(); onHand("typed", typed.value) } }
  node.onkeydown = (event) => {
    event.stopPropagation()
    if (event.key === "Escape") { event.preventDefault(); close(true) }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], all = [...node.querySelectorAll("button:not(.is-shut), input")], at = all.indexOf(document.activeElement)
    if (step && at >= 0) { event.preventDefault(); all[(at + step + all.length) % all.length].focus() }
  }
  document.addEventListener("mousedown", (event) => { if (!node.contains(event.target) && !event.target.closest?.(".dlm-slot")) close() })
  addEventListener("scroll", (event) => { if (!node.hidden && !node.contains(event.target)) { anchor?.isConnected ? place() : close() } }, true)
  home.append(node)

  const row = (choice) => {
    const one = element("button", { type: "button", onclick: () => onChoose(choice), "aria-label": STUDIO.candidate(choice.text.trim() || STUDIO.empty, choice.certainty) },
      element("span", {}, choice.text.trim() || STUDIO.empty), element("span", { className: "dlm-bar-of" }, element("i", {})), element("span", { className: "dlm-value" }, percent(choice.certainty)))
    one.querySelector("i").style.width = percent(choice.certainty).replace(" ", "")
    if (choice.is_current) one.setAttribute("aria-current", "true")
    return element("li", {}, one)
  }
  return {
    node, close,
    isOpen: () => !node.hidden,
    open(found, word) {
      close()
      anchor = found
      anchor.classList.add("is-chosen")
      const name = word.text.trim() || (word.isOpen ? STUDIO.openWord : STUDIO.empty)
      title.textContent = name
      node.setAttribute("aria-label", STUDIO.cardOf(name))
      sure.textContent = word.isOpen || word.certainty === null ? "" : COMMON.certainty(word.certainty)
      typed.value = word.kind === "typed" ? word.text.trim() : ""
      for (const [kind, one] of keep.kinds) { one.hidden = word.isOpen; one.setAttribute("aria-pressed", String(word.kind === kind)) }
      list.replaceChildren(); told.textContent = STUDIO.looking
      node.hidden = false
      place()
      node.querySelector(".dlm-card-acts :is(button, input):not([hidden])").focus()
    },
    show(choices) {
      if (node.hidden) return
      told.textContent = choices.length ? STUDIO.candidatesHelp : STUDIO.noCandidates
      list.replaceChildren(...choices.map(row))
      place()
    },
    note(text) { if (!node.hidden) { told.textContent = text; place() } },
  }
}
