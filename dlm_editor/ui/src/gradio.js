// The only part that knows Gradio: events go out through the MaskEditor, messages come in through the Wire.
import { createEditor } from "./editor.js"

const isAlive = async () => {
  try { return (await fetch("health", { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok } catch { return false }
}

let mounted = null

export function mountEditor({ element, props, trigger }) {
  mounted = createEditor(element.querySelector(".dlm-mount"), {
    config: props.config, isAlive,
    send(name, payload) { if (name === "fill") props.value = JSON.stringify(payload); trigger(name) },
  })
  window.dlm = mounted
}

/** The Wire carries one JSON string a step. */
export const mountWire = ({ props, watch }) => watch("value", () => { if (mounted && props.value) mounted.receive(JSON.parse(props.value)) })

export const runFailed = () => mounted && mounted.suspect()
