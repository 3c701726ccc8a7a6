// Elements without a framework. Text goes in as text nodes, never as markup.
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("aria-") || name.startsWith("data-") || name === "role" || name === "for" || name === "list") node.setAttribute(name, value)
    else if (name in node) node[name] = value
    else node.setAttribute(name, value)
  }
  node.append(...children)
  return node
}

const SVG = "http://www.w3.org/2000/svg"
const PATHS = {
  undo: "M7 5 3 9l4 4M3 9h8a5 5 0 0 1 0 10H8", redo: "M13 5l4 4-4 4M17 9H9a5 5 0 0 0 0 10h3",
  previous: "M12.5 5 7.5 10l5 5", next: "M7.5 5l5 5-5 5", settings: "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
  theme: "M16.5 12.5A7 7 0 0 1 7.5 3.5a7 7 0 1 0 9 9Z", open: "M3 15.5v-11h5l1.5 2H17v9Z", close: "M5 5l10 10M15 5 5 15",
  play: "M6 4l10 6-10 6Z", exporting: "M10 3v9M6.5 8.5 10 12l3.5-3.5M4 16h12", find: "M8.5 3.5a5 5 0 1 0 0 10 5 5 0 0 0 0-10ZM12.5 12.5 17 17", focus: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M7 10h6",
  versions: "M4 10a6 6 0 1 1 1.8 4.3M4 16v-3.5h3.5M10 6.5V10l2.5 1.5", blank: "M5 2.5h7l3 3v12H5ZM12 2.5v3h3",
}
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path")
  svg.setAttribute("viewBox", "0 0 20 20"); svg.setAttribute("aria-hidden", "true"); svg.setAttribute("class", "dlm-icon")
  path.setAttribute("d", PATHS[name]); svg.append(path)
  return svg
}

/** A button that keeps the selection in the document. With an icon only, `name` is its accessible name. */
export function button(name, { title = name, onclick, className = "", iconName, iconOnly = false }) {
  const node = element("button", { type: "button", title, className: `dlm-button ${className}`, onclick, onmousedown: (event) => event.preventDefault() })
  if (iconName) node.append(icon(iconName))
  if (iconOnly) node.setAttribute("aria-label", name)
  else node.append(name)
  return node
}
