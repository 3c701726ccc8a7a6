// What a poem shall be: a form by name, a topic, and settings that override the form's own. What is left empty is not sent.
import { element } from "./dom.js"
import { POEM } from "./strings.js"

const listOf = (text) => text.split(/[,;\n]/).map((word) => word.trim()).filter(Boolean)
const same = (text) => text

const FIELDS = [
  { name: "lines", read: Number, check: (text) => (/^\d{1,2}$/.test(text) ? "" : POEM.wholeNumber(text)), inputMode: "numeric" },
  ...["syllables", "rhyme", "acrostic", "title"].map((name) => ({ name, read: same })),
  ...["rhymes_with", "include", "ban"].map((name) => ({ name, read: listOf })),
  { name: "ban_letters", read: same },
].map((field) => ({ ...field, ...POEM.fields[field.name] }))

function createField({ name, label, example = "", title = label, inputMode = "text" }) {
  const id = `dlm-poem-${name}`
  const input = element("input", { id, type: "text", inputMode, placeholder: example, title, autocomplete: "off", spellcheck: false, "aria-describedby": `${id}-error` })
  const error = element("p", { className: "dlm-error", id: `${id}-error`, role: "alert" })
  return { input, node: element("div", { className: `dlm-field is-${name}` }, element("label", { for: id }, label), input, error),
    complain(message) { error.textContent = message; input.setAttribute("aria-invalid", String(!!message)) } }
}

function createChoice(name, label, options) {
  const id = `dlm-poem-${name}`, input = element("select", { id }, ...options.map(({ id: value, label: text }) => element("option", { value }, text)))
  return { input, node: element("div", { className: `dlm-field is-${name}` }, element("label", { for: id }, label), input) }
}

/** config = { forms: [{ id, label, … }], meters: [{ id, label }] }. `draft()` gives the selected lines, with their marks, or "". */
export function createPoemForm({ forms, meters }, { stop, draft, onWrite }) {
  const form = createChoice("form", POEM.form, forms), meter = createChoice("meter", POEM.meter, [{ id: "", label: POEM.asForm }, ...meters])
  const topic = createField({ name: "topic", ...POEM.fields.topic })
  const count = createChoice("alternatives", POEM.count, [1, 2, 3, 4].map((id) => ({ id, label: String(id) })))
  const fields = Object.fromEntries(FIELDS.map((field) => [field.name, createField(field)]))
  const told = element("p", { className: "dlm-help" })
  const keep = element("input", { type: "checkbox" }), keepLabel = element("span", {})
  const keeping = element("label", { className: "dlm-switch" }, keep, keepLabel)
  const near = element("input", { type: "checkbox" }), nearing = element("label", { className: "dlm-switch" }, near, element("span", {}, POEM.near))
  const all = { ...fields, topic }, labels = { ...Object.fromEntries(FIELDS.map(({ name, label }) => [name, label])), topic: POEM.fields.topic.label, form: POEM.form, meter: POEM.meter, draft: POEM.keep }
  const node = element("form", { className: "dlm-poem-form", noValidate: true },
    element("div", { className: "dlm-fields" }, form.node, topic.node), told,
    element("details", {}, element("summary", {}, POEM.more),
      element("div", { className: "dlm-fields" }, fields.lines.node, fields.syllables.node, fields.rhyme.node, meter.node, ...["rhymes_with", "acrostic", "title", "include", "ban", "ban_letters"].map((name) => fields[name].node), count.node, nearing)),
    keeping, element("div", { className: "dlm-poem-write" }, element("button", { type: "submit", className: "dlm-button is-primary" }, POEM.write), stop))
  count.input.value = "2"

  const describe = () => {
    const chosen = forms.find(({ id }) => id === form.input.value)
    told.textContent = chosen.told
    for (const { name, example } of FIELDS) fields[name].input.placeholder = ["lines", "syllables", "rhyme"].includes(name) && chosen.id ? POEM.asForm : example
  }
  const check = () => {
    let first = null
    for (const { name, check: rule } of FIELDS) {
      const { input, complain } = fields[name], typed = input.value.trim(), wrong = typed && rule ? rule(typed) : ""
      complain(wrong)
      if (wrong) first ??= input
    }
    first?.focus()
    return !first
  }
  form.input.onchange = describe
  for (const { input, complain } of Object.values(all)) input.oninput = () => complain("")
  node.onsubmit = (event) => { event.preventDefault(); if (check()) onWrite() }
  describe()

  return {
    node,
    /** Called when the selection changes: whether there are lines to keep. */
    paint() {
      const has = !!draft()
      keep.disabled = !has
      if (!has) keep.checked = false
      keepLabel.textContent = has ? POEM.keepLines : POEM.selectLines
    },
    values() {
      const values = { form: form.input.value, meter: meter.input.value, topic: topic.input.value.trim(), alternatives: Number(count.input.value) }
      for (const { name, read } of FIELDS) { const typed = fields[name].input.value.trim(); if (typed) values[name] = read(typed) }
      if (near.checked) values.near = true
      if (keep.checked) values.draft = draft()
      return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""))
    },
    keepsLines: () => keep.checked,
    /** Shows an error at the field it speaks of; gives it back, in the words of this form. The command line's options have the same names. */
    complain(message) {
      let first = null
      const told = message.replace(/--([a-z-]+)( [A-Z]+)?/g, (option, name) => {
        const key = name.replaceAll("-", "_")
        first ??= all[key]
        return labels[key] ? POEM.quoted(labels[key]) : option
      })
      if (first) {
        if (first !== topic) node.querySelector("details").open = true
        first.input.setAttribute("aria-invalid", "true")
        first.input.focus()
      }
      return told
    },
  }
}
