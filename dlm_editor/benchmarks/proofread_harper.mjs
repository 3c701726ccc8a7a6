// Reads one JSON string a line and answers each with the text after Harper's first suggestion for every problem, as a JSON string.
// node proofread_harper.mjs FOLDER, where FOLDER is an installed harper.js.
import { createInterface } from "node:readline";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const load = (file) => import(pathToFileURL(join(process.argv[2], "dist", file)));
const { Dialect, LocalLinter, SuggestionKind } = await load("index.js");
const { binaryInlined } = await load("binaryInlined.js");
const linter = new LocalLinter({ binary: binaryInlined, dialect: Dialect.American });

async function correct(text) {
  const found = (await linter.lint(text, { language: "plaintext" }))
    .filter((lint) => lint.suggestion_count() > 0)
    .map((lint) => ({ start: lint.span().start, end: lint.span().end, suggestion: lint.suggestions()[0] }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const parts = [];
  let at = 0;
  for (const { start, end, suggestion } of found) {
    if (start < at) continue; // of problems that overlap the first
    const kind = suggestion.kind();
    const kept = kind === SuggestionKind.InsertAfter ? text.slice(start, end) : "";
    parts.push(text.slice(at, start), kept, kind === SuggestionKind.Remove ? "" : suggestion.get_replacement_text());
    at = end;
  }
  return parts.join("") + text.slice(at);
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await correct(JSON.parse(line))) + "\n");
}
