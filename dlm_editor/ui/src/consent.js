// Before text leaves this machine: the reader sees exactly what would be sent, and where, and agrees or not.
import { element } from "./dom.js"

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`
const pretty = (body) => { try { return JSON.stringify(JSON.parse(body), null, 2) } catch { return body } }

function requestNode({ url, body, characters, key_name: key, times }) {
  const told = [times > 1 ? `${times} times` : "", key ? `with the key in ${key} if there is one` : ""].filter(Boolean).join(", ")
  return element("section", {}, element("p", {}, "To ", element("code", {}, url), told ? `, ${told}` : "", `. ${plural(characters, "character")} of your document:`), element("pre", { "aria-label": `Text to be sent to ${url}` }, pretty(body)))
}

/** ask(requests, onAgree) opens the dialog; onAgree hears of a yes. Hosts that need not be asked for again are remembered until the page is left. */
export function createConsent(root) {
  const trusted = new Set()
  let requests = [], agreed = () => {}
  const title = element("h2", { id: "dlm-consent-title" }), list = element("div", { className: "dlm-consent-list", tabIndex: 0, role: "region", "aria-label": "What would be sent" }), always = element("input", { type: "checkbox" })
  const cancel = element("button", { type: "button", className: "dlm-button", onclick: () => node.close() }, "Do not send")
  const send = element("button", { type: "button", className: "dlm-button is-primary", onclick: () => {
    if (always.checked) for (const { host } of requests) trusted.add(host)
    node.close()
    agreed()
  } }, "Send")
  const node = element("dialog", { className: "dlm-consent", "aria-labelledby": "dlm-consent-title" }, title,
    element("p", {}, "This model runs elsewhere. Nothing has been sent yet. This is all that would be sent:"), list,
    element("p", {}, "When a later gap is sent, the earlier ones hold their new text."),
    element("label", { className: "dlm-switch" }, always, element("span", {}, "Do not ask again until I leave this page")), element("div", { className: "dlm-rules-foot" }, cancel, send))
  root.append(node)
  return {
    ask(asked, onAgree) {
      requests = asked; agreed = onAgree; always.checked = false
      const hosts = [...new Set(asked.map(({ host }) => host))]
      if (hosts.every((host) => trusted.has(host))) { onAgree(); return }
      title.textContent = `Send text to ${hosts.join(", ")}${asked.every(({ is_here: isHere }) => isHere) ? " (this machine)" : ""}?`
      list.replaceChildren(...asked.map(requestNode))
      node.showModal()
      cancel.focus()
    },
  }
}
