// What CodeMirror itself must know of the look; everything else is style.css.
import { EditorView } from "@codemirror/view"

export const theme = EditorView.theme({
  "&": { color: "var(--dlm-ink)", background: "transparent", fontSize: "inherit" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--dlm-serif)", lineHeight: "1.75", overflow: "visible" },
  ".cm-content": { padding: "0", caretColor: "var(--dlm-ink)", minHeight: "46vh" },
  ".cm-line": { padding: "0 2px" },
  ".cm-cursor": { borderLeftColor: "var(--dlm-accent)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--dlm-selection)" },
  ".cm-placeholder": { color: "var(--dlm-soft)" },
  ".cm-searchMatch": { background: "var(--dlm-selection)" },
})
