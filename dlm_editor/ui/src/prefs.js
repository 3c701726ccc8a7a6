// Choices of this reader in this browser: pace, certainty, theme, settings.
const KEY = "dlm-editor:preferences"

export function createPrefs(defaults) {
  let values = { ...defaults }
  try { values = { ...values, ...JSON.parse(localStorage.getItem(KEY)) } } catch { /* unreadable or off: the defaults hold */ }
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value
      try { localStorage.setItem(KEY, JSON.stringify(values)) } catch { /* kept for this visit only */ }
    },
  }
}
