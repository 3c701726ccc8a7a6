// Choices of this reader in this browser: pace, certainty, theme, settings. A tab keeps its own over a reload; a new tab begins with the last choice of each.
const KEY = "dlm-editor:preferences"

const read = (storage) => { try { return JSON.parse(storage().getItem(KEY)) || {} } catch { return {} } }
const write = (storage, values) => { try { storage().setItem(KEY, JSON.stringify(values)) } catch { /* kept for this visit only */ } }
const shared = () => localStorage, own = () => sessionStorage

export function createPrefs(defaults) {
  const values = { ...defaults, ...read(shared), ...read(own) }
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value
      write(own, values)
      write(shared, { ...read(shared), [name]: value })      // not all values: another tab may have chosen others
    },
  }
}
