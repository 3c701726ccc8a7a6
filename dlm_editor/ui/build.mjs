// Bundles src/ into static/editor.js. The header carries a sha256 of the sources, so that a test can tell, without Node, a stale bundle.
import { createHash } from "node:crypto"
import { readFileSync, readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const here = dirname(fileURLToPath(import.meta.url))
const sources = [...readdirSync(join(here, "src")).sort().map((name) => `src/${name}`), "package-lock.json", "package.json", "build.mjs"]
const hash = createHash("sha256")
for (const name of sources) hash.update(name + "\0").update(readFileSync(join(here, name))).update("\0")

await build({
  absWorkingDir: here, entryPoints: ["src/index.js"], outfile: process.argv[2] || "static/editor.js",
  bundle: true, minify: true, format: "iife", globalName: "DLM", target: "es2022", charset: "utf8", legalComments: "none",
  loader: { ".css": "text", ".woff2": "dataurl" }, banner: { js: `/* dlm_editor page; built from sources sha256:${hash.digest("hex")}; includes CodeMirror 6 (MIT) and Source Serif 4 (OFL-1.1) */` },
})
