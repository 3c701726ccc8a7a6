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
  ".cm-panels": { background: "var(--dlm-paper)", color: "var(--dlm-ink)", fontFamily: "var(--dlm-sans)", border: "0" },
  ".cm-panels-top": { borderBottom: "1px solid var(--dlm-line)" },
  ".cm-panel.cm-search": { padding: "8px 0 10px", fontSize: "14px" },
  ".cm-panel.cm-search label": { fontSize: "13px" },
  ".cm-textfield": { background: "var(--dlm-paper)", color: "inherit", border: "1px solid var(--dlm-line-strong)", borderRadius: "6px", fontSize: "14px", padding: "4px 8px" },
  ".cm-button": { background: "var(--dlm-raised)", backgroundImage: "none", color: "inherit", border: "1px solid var(--dlm-line-strong)", borderRadius: "6px", fontSize: "13px" },
  ".cm-searchMatch": { background: "var(--dlm-selection)" },
})
