export { createEditor } from "./editor.js"
export { mountEditor, mountWire, runFailed } from "./gradio.js"
