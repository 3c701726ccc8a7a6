// Before text leaves this machine: the reader sees exactly what would be sent, and where, and agrees or not.
import { element } from "./dom.js"
import { CONSENT } from "./strings.js"

const pretty = (body) => { try { return JSON.stringify(JSON.parse(body), null, 2) } catch { return body } }

function requestNode({ url, body, characters, key_name: key, times }) {
  return element("section", {}, element("p", {}, CONSENT.to, element("code", {}, url), CONSENT.after(times, key, characters)), element("pre", { "aria-label": CONSENT.body(url) }, pretty(body)))
}

/** ask(requests, onAgree) opens the dialog; onAgree hears of a yes. Hosts that need not be asked for again are remembered until the page is left. */
export function createConsent(root) {
  const trusted = new Set()
  let requests = [], agreed = () => {}
  const title = element("h2", { id: "dlm-consent-title" }), list = element("div", { className: "dlm-consent-list", tabIndex: 0, role: "region", "aria-label": CONSENT.list }), always = element("input", { type: "checkbox" })
  const cancel = element("button", { type: "button", className: "dlm-button", onclick: () => node.close() }, CONSENT.refuse)
  const send = element("button", { type: "button", className: "dlm-button is-primary", onclick: () => {
    if (always.checked) for (const { host } of requests) trusted.add(host)
    node.close()
    agreed()
  } }, CONSENT.agree)
  const node = element("dialog", { className: "dlm-consent", "aria-labelledby": "dlm-consent-title" }, title,
    element("p", {}, CONSENT.told), list,
    element("p", {}, CONSENT.later),
    element("label", { className: "dlm-switch" }, always, element("span", {}, CONSENT.always)), element("div", { className: "dlm-rules-foot" }, cancel, send))
  root.append(node)
  return {
    ask(asked, onAgree) {
      requests = asked; agreed = onAgree; always.checked = false
      const hosts = [...new Set(asked.map(({ host }) => host))]
      if (hosts.every((host) => trusted.has(host))) { onAgree(); return }
      title.textContent = CONSENT.title(hosts, asked.every(({ is_here: isHere }) => isHere))
      list.replaceChildren(...asked.map(requestNode))
      node.showModal()
      cancel.focus()
    },
  }
}
