// The top line: the name, and what brings documents in and out.
import { button, element } from "./dom.js"
import { HEADER } from "./strings.js"

export function createHeader({ samples, onSample, onOpen, onNew, onExport, onTheme, onSettings, more = [] }) {
  const sample = element("select", { "aria-label": HEADER.sample, title: HEADER.sampleTitle }, element("option", { value: "" }, HEADER.samples),
    ...samples.map(({ name, title }) => element("option", { value: name }, title)))
  sample.onchange = () => { if (sample.value) onSample(sample.value); sample.value = "" }
  const settings = button(HEADER.settings, { iconName: "settings", iconOnly: true, className: "is-quiet", onclick: onSettings })
  const name = element("span", { className: "dlm-name" })
  const node = element("header", { className: "dlm-top" },
    element("div", { className: "dlm-brand" }, element("h1", {}, HEADER.product[0], element("i", {}, HEADER.product[1])), name),
    element("nav", { className: "dlm-group", "aria-label": HEADER.documentMenu }, sample,
      button(HEADER.new, { title: HEADER.newTitle, iconName: "blank", className: "is-quiet", onclick: onNew }),
      button(HEADER.open, { title: HEADER.openTitle, iconName: "open", className: "is-quiet", onclick: onOpen }),
      button(HEADER.export, { title: HEADER.exportTitle, iconName: "exporting", className: "is-quiet", onclick: onExport }),
      ...more, button(HEADER.theme, { iconName: "theme", iconOnly: true, className: "is-quiet", onclick: onTheme }), settings))
  return { node, settings, name }
}
