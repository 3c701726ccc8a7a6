// The only part that knows Gradio: events go out through the MaskEditor, messages come in through the Wire.
import { createEditor } from "./editor.js"

const isAlive = async () => {
  try { return (await fetch("health", { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok } catch { return false }
}

let mounted = null

export function mountEditor({ element, props, trigger }) {
  mounted = createEditor(element.querySelector(".dlm-mount"), {
    config: props.config, isAlive,
    send(name, payload) { if (payload) props.value = JSON.stringify(payload); trigger(name) },
  })
  window.dlm = mounted
}

/** A Wire carries one JSON string at a time to its channel of the editor. */
export const mountWire = ({ channel, props, watch }) => watch("value", () => { if (mounted && props.value) mounted.receive(channel, JSON.parse(props.value)) })

export const failed = (channel) => mounted && mounted.failed(channel)
