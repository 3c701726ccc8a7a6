// The face of the document, carried in the bundle so that no page ever asks another machine for it. Source Serif 4, SIL Open Font License 1.1.
import latin from "@fontsource/source-serif-4/files/source-serif-4-latin-400-normal.woff2"
import latinExt from "@fontsource/source-serif-4/files/source-serif-4-latin-ext-400-normal.woff2"

const FACES = [[latin, "U+0-FF, U+131, U+152-153, U+2BB-2DC, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212"], [latinExt, "U+100-130, U+132-151, U+154-2BA, U+1E00-1EFF, U+20A0-20AB, U+20AD-20C0"]]

export function addFonts() {
  for (const [source, unicodeRange] of FACES) document.fonts.add(new FontFace("DLM Serif", `url(${source})`, { unicodeRange, display: "swap" }))
}
