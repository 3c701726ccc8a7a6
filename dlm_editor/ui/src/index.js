export { createEditor } from "./editor.js"
export { mountEditor, mountWire, failed } from "./gradio.js"
