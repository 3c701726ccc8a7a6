// One line that says what goes on: progress politely, errors as an alert that stays until the next action.
import { element } from "./dom.js"
import { STATUS } from "./strings.js"

/** `focusText()` takes the focus where an alert that is dismissed leaves it nowhere to go back to. */
export function createStatus(focusText) {
  const progress = element("p", { className: "dlm-status", role: "status" })
  const text = element("span", {}), dismiss = element("button", { type: "button", "aria-label": STATUS.dismissMessage, title: STATUS.dismiss }, "×")
  const alert = element("div", { className: "dlm-alert", role: "alert", hidden: true }, text, dismiss)
  const status = {
    progress, alertBox: alert,
    say(message) { if (progress.textContent !== message) progress.textContent = message },
    alert(message) { alert.hidden = false; text.textContent = message },
    clear() { alert.hidden = true; text.textContent = "" },
  }
  let cameFrom = null
  dismiss.onfocus = (event) => { cameFrom = event.relatedTarget }
  dismiss.onclick = () => { status.clear(); if (cameFrom?.isConnected) cameFrom.focus(); else focusText() }
  return status
}
