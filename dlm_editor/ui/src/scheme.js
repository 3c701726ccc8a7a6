// Light or dark: the system's choice until the reader makes one.
export function createThemeSwitch(prefs) {
  const system = matchMedia("(prefers-color-scheme: dark)")
  const apply = () => document.body.classList.toggle("dark", (prefs.get("theme") || (system.matches ? "dark" : "light")) === "dark")
  system.addEventListener("change", apply)
  apply()
  return () => { prefs.set("theme", document.body.classList.contains("dark") ? "light" : "dark"); apply() }
}
