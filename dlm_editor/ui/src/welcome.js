// What an empty page offers.
import { element } from "./dom.js"
import { WELCOME } from "./strings.js"

export function createWelcome(samples, onSample) {
  const cards = samples.map(({ name, title, teaser }) => element("button", { type: "button", className: "dlm-card", onclick: () => onSample(name) },
    element("strong", {}, title), element("span", {}, teaser)))
  return element("div", { className: "dlm-welcome" }, element("p", {}, samples.length ? WELCOME.begin : ""), element("div", { className: "dlm-cards" }, ...cards))
}
