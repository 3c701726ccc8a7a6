// What stands above the text while it is proofread: how far it is, how many corrections there are, and what is done with all of them.
import { button, element } from "./dom.js"
import { createSlider } from "./popover.js"
import { currentOf, pendingOf, reviewField } from "./corrections.js"
import { chosenFrom } from "./decisions.js"
import { keyOf } from "./shortcuts.js"
import { PROOFREAD, TOOLBAR } from "./strings.js"

const VIEWS = ["changes", "before", "after"]

/** actions = { move(by), acceptAll(), rejectAll(), acceptFrom(certainty), show(view), close() }. */
export function createProofreadBar(view, prefs, actions) {
  const count = element("strong", { className: "dlm-count-of" }), progress = element("progress", { max: 1, "aria-label": PROOFREAD.progress })
  const previous = button(PROOFREAD.previous, { title: TOOLBAR.withKey(PROOFREAD.previous, keyOf("previousCorrection")), iconName: "previous", iconOnly: true, className: "is-quiet", onclick: () => actions.move(-1) })
  const next = button(PROOFREAD.next, { title: TOOLBAR.withKey(PROOFREAD.next, keyOf("nextCorrection")), iconName: "next", iconOnly: true, className: "is-quiet", onclick: () => actions.move(1) })
  const views = VIEWS.map((name) => button(PROOFREAD.views[name], { title: PROOFREAD.viewTitles[name], className: "is-quiet", onclick: () => actions.show(name) }))
  const close = button("×", { title: PROOFREAD.close, className: "is-quiet is-close", onclick: actions.close })
  close.setAttribute("aria-label", PROOFREAD.close)
  const all = button(PROOFREAD.acceptAll, { onclick: actions.acceptAll }), none = button(PROOFREAD.rejectAll, { onclick: actions.rejectAll })
  const from = createSlider(PROOFREAD.certainty, { min: 0.2, max: 1, step: 0.01, value: prefs.get("acceptFrom") ?? 0.8, told: PROOFREAD.share }, (value) => { prefs.set("acceptFrom", value); paint(view.state) })
  const some = button("", { title: PROOFREAD.acceptFromTitle, onclick: () => actions.acceptFrom(from.value()) })
  const deciding = element("div", { className: "dlm-proof-row" }, element("div", { className: "dlm-group" }, all, none), element("div", { className: "dlm-group is-from" }, from.node, some))
  const node = element("section", { className: "dlm-proof", "aria-label": PROOFREAD.title, hidden: true },
    element("div", { className: "dlm-proof-row" }, element("div", { className: "dlm-group" }, previous, count, next),
      element("div", { className: "dlm-group is-views", role: "group", "aria-label": PROOFREAD.show }, ...views), close), progress, deciding)

  const paint = (state) => {
    const review = state.field(reviewField), pending = pendingOf(review), current = currentOf(review), isBusy = review.progress !== null
    node.hidden = !review.isOpen
    if (node.hidden) return
    const decided = (kind) => review.items.filter((item) => item.state === kind).length
    count.textContent = pending.length ? PROOFREAD.counted(current ? pending.indexOf(current) + 1 : null, pending.length) : isBusy ? PROOFREAD.reading : PROOFREAD.left(decided("accepted"), decided("rejected"))
    node.classList.toggle("is-busy", isBusy)
    progress.hidden = !isBusy
    if (isBusy) progress.value = review.progress
    close.hidden = isBusy
    previous.hidden = next.hidden = !pending.length
    deciding.hidden = !pending.length
    views.forEach((one, index) => one.setAttribute("aria-pressed", String(review.show === VIEWS[index])))
    const chosen = chosenFrom(review, from.value()).length
    some.textContent = PROOFREAD.acceptFrom(chosen); some.disabled = !chosen
  }
  return { node, paint }
}
