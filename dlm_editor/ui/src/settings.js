// The side panel, drawn from the list of settings that the server gives. A value equal to its default is not sent.
import { element } from "./dom.js"
import { createSide } from "./sides.js"
import { SETTINGS } from "./strings.js"

function control(setting, value, onChange) {
  const { kind } = setting, id = `dlm-setting-${setting.name}`, described = `${id}-help`
  const common = { id, "aria-describedby": described }
  if (kind === "choice") {
    const node = element("select", common, ...setting.options.map(([key, label]) => element("option", { value: key, selected: String(key) === String(value) }, label)))
    node.onchange = () => onChange(node.value)
    return node
  }
  if (kind === "range") {
    const shown = element("span", { className: "dlm-value" }, setting.labels?.[value] ?? String(value))
    const node = element("input", { ...common, type: "range", min: setting.min, max: setting.max, step: setting.step, value })
    node.oninput = () => { shown.textContent = setting.labels?.[node.value] ?? node.value; onChange(Number(node.value)) }
    return element("span", { className: "dlm-range" }, node, shown)
  }
  const node = element("input", { ...common, type: "text", inputMode: kind === "number" ? "numeric" : "text", value, placeholder: setting.placeholder || "", autocomplete: "off", spellcheck: false })
  const error = element("span", { className: "dlm-error", role: "alert" })
  node.oninput = () => {
    const typed = node.value.trim(), count = Number(typed)
    const isWord = typed === "" || typed === setting.word
    const wrong = kind === "number" && !isWord && !(Number.isInteger(count) && count >= setting.min && count <= setting.max)
    node.setAttribute("aria-invalid", String(wrong))
    error.textContent = wrong ? SETTINGS.wholeNumber(setting.word, setting.min, setting.max, typed) : ""
    if (!wrong) onChange(typed === "" ? setting.default : kind === "number" && !isWord ? count : typed)
  }
  return element("span", { className: "dlm-typed" }, node, error)
}

/** `models` draws the setting of kind "model". */
export function createSettings(settings, prefs, models) {
  const stored = prefs.get("settings") || {}, values = {}
  const list = element("div", { className: "dlm-settings-list" })
  const isShown = (setting) => !setting.needs || !!models.current()[setting.needs]
  const applies = (setting) => isShown(setting) && Object.entries(setting.only || {}).every(([name, value]) => values[name] === value)
  const paint = () => settings.forEach((setting, index) => {
    const row = list.children[index]
    row.hidden = !isShown(setting)
    row.classList.toggle("is-off", !applies(setting))
    if (setting.only) for (const node of row.querySelectorAll("select, input")) node.disabled = !applies(setting)
  })
  const draw = () => {
    list.replaceChildren(...settings.map((setting) => {
      const id = `dlm-setting-${setting.name}`
      if (setting.kind === "model") return element("div", { className: "dlm-setting" }, element("h3", {}, setting.label), models.node)
      return element("div", { className: "dlm-setting" }, element("label", { for: id }, setting.label),
        control(setting, values[setting.name], (value) => { values[setting.name] = value; keep() }), element("p", { id: `${id}-help` }, setting.help))
    }))
    paint()
  }
  const isDefault = (setting) => String(values[setting.name]) === String(setting.default)
  const chosen = (among = settings) => Object.fromEntries(among.filter((setting) => !isDefault(setting)).map((setting) => [setting.name, values[setting.name]]))
  const keep = () => { prefs.set("settings", chosen()); paint() }
  const allowed = (setting, value) => (setting.kind === "model" ? models.allows(value) : setting.kind !== "choice" || setting.options.some(([key]) => String(key) === String(value)))
  for (const setting of settings) values[setting.name] = setting.name in stored && allowed(setting, stored[setting.name]) ? stored[setting.name] : setting.default
  const reset = element("button", { type: "button", className: "dlm-button", onclick: () => { for (const setting of settings) values[setting.name] = setting.default; models.choose(values.model); keep(); draw() } }, SETTINGS.reset)
  if (values.model) models.choose(values.model)
  draw()
  return {
    side: createSide("settings", SETTINGS.title, list, reset),
    values: () => chosen(settings.filter(applies)),
    choose(name, value) { values[name] = value; keep() },
  }
}
