// The top line: the name, and what brings documents in and out.
import { button, element } from "./dom.js"

export function createHeader({ samples, onSample, onOpen, onNew, onExport, onTheme, onSettings }) {
  const sample = element("select", { "aria-label": "Sample document", title: "Open a sample document" }, element("option", { value: "" }, "Samples"),
    ...samples.map(({ name, title }) => element("option", { value: name }, title)))
  sample.onchange = () => { if (sample.value) onSample(sample.value); sample.value = "" }
  const settings = button("Settings", { iconName: "settings", iconOnly: true, className: "is-quiet", onclick: onSettings })
  const name = element("span", { className: "dlm-name" })
  const node = element("header", { className: "dlm-top" },
    element("div", { className: "dlm-brand" }, element("h1", {}, "dlm", element("i", {}, "editor")), name),
    element("nav", { className: "dlm-group", "aria-label": "Document" }, sample,
      button("New", { title: "Start an empty document (undo brings this one back)", iconName: "blank", className: "is-quiet", onclick: onNew }),
      button("Open", { title: "Open a .txt or .md file", iconName: "open", className: "is-quiet", onclick: onOpen }),
      button("Export", { title: "Save the document as a file", iconName: "exporting", className: "is-quiet", onclick: onExport }),
      button("Light or dark", { iconName: "theme", iconOnly: true, className: "is-quiet", onclick: onTheme }), settings))
  return { node, settings, name }
}
