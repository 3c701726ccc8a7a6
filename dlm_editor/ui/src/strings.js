// Every word of the page that a reader sees or hears, in English. To translate the page: copy this file, set LOCALE, put your words in the place of these
// (names of entries and of parameters stay; a plural lists the forms that Intl.PluralRules knows in your language), and run `npm run build` in dlm_editor/ui.
// Messages of the server, and the labels of its settings, are Python's: see errors.py and ui/settings.py. Names of keys stand in shortcuts.js.
//
// A new part of the page adds a group of its own here. An entry is a string, or a function of what it tells of; a sentence is never put together of two entries.
const LOCALE = "en"
const forms = new Intl.PluralRules(LOCALE)

/** A number as a reader writes it. */
export const number = (value, digits) => value.toLocaleString(LOCALE, digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits })
/** "1 word", "2,000 words": counted(2000, { one: "word", other: "words" }). */
export const counted = (count, words) => `${number(count)} ${words[forms.select(count)] ?? words.other}`

const words = (count) => counted(count, { one: "word", other: "words" })
const characters = (count) => counted(count, { one: "character", other: "characters" })
const masks = (count) => counted(count, { one: "mask", other: "masks" })

export const COMMON = {
  lost: (button) => `The connection to the server was lost. Your text is safe in this page. Check that the editor is still running, then press ${button} again.`,
  certainty: (share) => `model certainty ${Math.round(share * 100)} %`,
  stillOpen: "still open",
  close: (what) => `Close ${what}`,
  cancel: "Cancel",
  done: "Done",
}

export const HEADER = {
  product: ["dlm", "editor"],
  documentMenu: "Document",
  sample: "Sample document", sampleTitle: "Open a sample document", samples: "Samples",
  new: "New", newTitle: "Start an empty document (undo brings this one back)",
  open: "Open", openTitle: "Open a .txt, .md or .docx file",
  export: "Export", exportTitle: "Save the document as a file",
  theme: "Light or dark",
  settings: "Settings",
}

export const WELCOME = { begin: "Or begin with one of these:" }

export const EDITOR = {
  document: "Document",
  hint: "Write or paste here. Select some words, press Mask, then Fill.",
}

export const TOOLBAR = {
  editing: "Editing",
  undo: "Undo", redo: "Redo", mask: "Mask", clear: "Clear masks", fill: "Fill", stop: "Stop", resume: "Resume", keep: "Keep settled", accept: "Accept", reject: "Reject",
  previous: "Previous alternative", next: "Next alternative", poem: "Poem", poemTitle: "Write a poem to a form",
  withKey: (name, key) => `${name} (${key})`,
  which: (at, count) => `${at} of ${count}`,
}

export const STATUS = { dismiss: "Dismiss", dismissMessage: "Dismiss message" }

export const DOCK = {
  slider: "Refinement step", step: "Step", none: "–", noRun: "no run yet", original: "your text", originalSpoken: "the original text",
  of: (shown, total) => `${shown} of ${total}`, ofSpoken: (text, told) => `step ${text}: ${told}`,
  certainty: "Model certainty", certaintyTitle: "How sure the model is of each token: not whether it is right", bands: { low: "low", medium: "medium", high: "high" },
  pace: "Pace", paceTitle: "Pace of the steps", paces: { 0: "as they come", 60: "fast", 120: "calm", 300: "slow", 800: "very slow" }, paced: (label, ms) => `${label} · ${ms} ms`,
  counts: (count, points, marked) => [words(count), characters(points), ...(marked ? [masks(marked)] : [])].join(" · "),
}

export const MASKS = {
  masked: (count) => `Masked. ${masks(count)} in all.`,
  gap: (count) => `Gap marked. ${masks(count)} in all.`,
  cleared: "Masks cleared. The words stay.",
  lengthTitle: "Length: auto, a number of tokens like 8, or of words like 3w",
  lengthOf: (ordinal) => `Length of mask ${ordinal}`,
  keeps: (complaint, length) => `${complaint} The mask keeps “${length}”.`,
  remove: "Remove this mask", removeOf: (ordinal) => `Remove mask ${ordinal}`,
  rules: "Constraints: words, letters, a pattern …",
  rulesOf: (ordinal, told) => `Constraints of mask ${ordinal}${told ? `: ${told}` : ""}`, rule: (label, text) => `${label}: ${text}`,
  badLength: (typed) => `A length is auto, a number of tokens like 8, or of words like 3w; got “${typed}”.`,
  longLength: (unit, most, count) => `A length in ${unit} is 1 to ${most}; got ${count}. Split a longer gap into several masks.`,
  tokens: "tokens", words: "words",
  kept: "words kept", keptTitle: (words) => `The next fill goes on from: ${words}. Click to begin anew.`, keptOf: (ordinal, words) => `Mask ${ordinal} keeps ${words}. Begin anew.`,
}

export const RULES_PANEL = {
  constraints: "Constraints", constraintsOf: (ordinal) => `Constraints of mask ${ordinal}`, mask: (ordinal) => `Mask ${ordinal}`,
  close: "Close constraints", closeTitle: "Close (Esc)", clear: "Clear",
  range: (text) => `A number like 5, or a range like 3-5, 3- or -5; got “${text}”.`,
  letters: (text) => `Letters and nothing else, like e or qz; got “${text}”.`,
  units: { words: { one: "word", other: "words" }, characters: { one: "character", other: "characters" } },
  inUnits: (range, isOne, unit) => `${range} ${isOne ? unit.one : unit.other}`,
  fields: {
    length: { label: "Length", help: "auto, 8 or 3w", title: "auto, a number of tokens like 8, or of words like 3w" },
    words: { label: "Words", help: "5 or 3-7", title: "How many words: 5, or a range like 3-7, 3- or -7" },
    characters: { label: "Characters", help: "40 or 20-60", title: "How many characters: 40, or a range like 20-60" },
    include: { label: "Must contain", help: "river, stone", title: "Words, with commas between them" },
    ban: { label: "Must not contain", help: "very, quite", title: "Words, with commas between them" },
    ban_letters: { label: "Without the letters", help: "e", title: "e: no word with an e" },
    initials: { label: "First letters", help: "abc", title: "abc: three words that begin with a, b and c" },
    ends_sentence: { label: "Ends a sentence", group: "End", help: "", title: "The fill ends with a full stop or the like" },
    no_repeats: { label: "Nothing twice", group: "Repeats", help: "", title: "No line and no two neighbouring words stand twice in the fill, and no word directly after itself" },
    regex: { label: "Pattern (regular expression)", help: "\\d{4}-\\d\\d-\\d\\d", title: "The whole fill matches it" },
  },
  without: (letters) => `no ${letters}`, ends: "ends a sentence", noRepeats: "nothing twice",
}

export const RUN = {
  lost: COMMON.lost(TOOLBAR.fill),
  refused: "The server could not take this run: too many people are waiting, or it was restarted. Your text is safe. Try again in a moment.",
  holes: "Accept needs every token settled, and some are still open. Resume, keep what is settled, or reject.",
  nothing: "Nothing is masked. Select the words to rewrite and press Mask, then Fill.",
  filling: "Filling…",
  done: (seconds, steps, count) => `Done in ${seconds.toFixed(1)} s and ${steps} steps${count > 1 ? `, ${count} alternatives` : ""}. Accept or reject.`,
  violations: (told) => `Not all that was asked for is met. ${told.join(" ")}`,
  stopped: "Stopped. Resume, keep what is settled, or reject.",
  stoppedEarly: "Stopped before the first step. Nothing changed.",
  failed: "Stopped by an error.",
  cannot: "Nothing was filled: the marked words cannot be met as asked.",
  unsent: "Nothing was sent.",
  accepted: "Accepted. Undo brings the old words back.",
  rejected: "Rejected. Nothing changed.",
  kept: (open) => `Kept what was settled; ${open} open ${open === 1 ? "stretch is a mask" : "stretches are masks"} now.`,
  dropped: "The masked words were changed by hand, so the run over them was dropped.",
  alternative: (at, count) => `Alternative ${at} of ${count}`,
  draft: (text, open) => `Draft: ${text || "nothing yet"}${open ? `, ${open} open` : ""}`,
}

export const CONSENT = {
  title: (hosts, isHere) => `Send text to ${hosts.join(", ")}${isHere ? " (this machine)" : ""}?`,
  told: "This model runs elsewhere. Nothing has been sent yet. This is all that would be sent:",
  later: "When a later gap is sent, the earlier ones hold their new text.",
  list: "What would be sent",
  to: "To ", after: (times, key, count) => `${[times > 1 ? `, ${times} times` : "", key ? `, with the key in ${key} if there is one` : ""].join("")}. ${characters(count)} of your document:`,
  body: (url) => `Text to be sent to ${url}`,
  always: "Do not ask again until I leave this page", refuse: "Do not send", agree: "Send",
}

export const FILES = {
  unnamed: "document.txt",
  opened: (name) => `Opened ${name}.`,
  saved: (name) => `Saved as ${name}.`,
  started: "A new document. Undo brings the last one back.",
  sample: "Press Fill to rewrite the highlighted words.",
  tooLarge: (name, limit, megabytes) => `A document is at most ${limit} MB; “${name}” has ${megabytes.toFixed(1)} MB. Split it.`,
  notText: (name) => `A document is plain text in UTF-8; “${name}” is not. Save it as UTF-8 in the program it comes from, then open it again.`,
  draftBack: "Your draft is back. New starts an empty document.",
  draftTooLarge: "A draft is kept up to about 5 MB in this browser; this document is larger, or other pages have filled the room. Export it before you leave the page.",
  draftsOff: "This browser keeps nothing for this page, so your text is lost when you leave it. Export it before, or allow the page to store data.",
}

export const WORD_FILES = {
  opened: (name) => `Opened ${name}: a paragraph a line. Notes, headers and pictures stay in the file.`,
  menu: "Export as", lineBreak: "line break within the paragraph",
  tracked: { label: "Word, with tracked changes", help: "Each change can be accepted or rejected in Word." },
  final: { label: "Word, final", help: "The changes are made; nothing is tracked." },
  plain: { label: "Plain text", help: "The text alone, a paragraph a line." },
  reading: (name) => `Reading ${name}…`, writing: (name) => `Writing ${name}…`,
  gone: "The Word file that this text came from is no longer kept in this browser. Export the text, or open the file again and paste the text into it.",
  unreachable: "Word documents are read and written by the editor’s server, and it does not answer. Your text is safe in this page. Check that the editor is still running, then try again.",
  failed: (status) => `The Word document could not be handled (${status}). Your text is safe in this page. Try again, or export it as plain text.`,
}

export const SETTINGS = {
  title: "Settings",
  reset: "Reset to defaults",
  wholeNumber: (word, min, max, typed) => `${word ? `“${word}” or a` : "A"} whole number from ${min} to ${max}; got “${typed}”.`,
}

export const MODELS = {
  model: "Model", all: "All models", fitting: "Only what fits this machine", progress: "Progress of the model",
  other: "Another model", otherHint: "hub id or folder", useOther: "Use it",
  use: "Use", useOf: (name) => `Use ${name}`, setUp: "Set up", setUpOf: (name) => `Set up ${name}`, inUse: "In use", isInUse: (name) => `${name} is in use`,
  loading: (name) => `Loading ${name}…`, ready: (name) => `${name} is ready.`, stage: (words, share) => `${words} ${Math.round(100 * share)} %`,
  lost: "The connection to the server was lost. Check that the editor is still running, then try again.",
  parameters: (count) => `${count} parameters`, gigabytes: (value) => `${value} GB`,
  hosted: ["hosted", "Runs elsewhere: text is sent there, after you have seen and agreed to it."],
  installed: ["on this machine", "Needs no download."],
  fits: ["fits", "This machine has the memory it needs."],
  tooLarge: ["too large", "This machine has less free memory than it needs."],
  verified: {
    parity: ["checked", "Its family's code here gives the outputs of the original code."],
    source: ["source read", "Its code or its config was read; its outputs were not compared."],
    unverified: ["not checked", "Known from its description only."],
  },
  families: {
    bert: "BERT", roberta: "RoBERTa", distilbert: "DistilBERT", modernbert: "ModernBERT", llada: "LLaDA", llada2: "LLaDA 2 (blocks)", dream: "Dream", dreamon: "DreamOn",
    a2d: "Adapted from left-to-right models", diffullama: "DiffuLLaMA", diffugpt: "DiffuGPT", mdlm: "MDLM", sedd: "SEDD", bd3lm: "BD3LM (blocks)", diffusion_gemma: "DiffusionGemma",
    mercury: "Mercury (hosted)", openai: "OpenAI-compatible (hosted)", ollama: "Ollama", yours: "Yours",
  },
}

export const POEM = {
  title: "Poem", write: "Write poem", stop: "Stop writing", stopped: "Stopped. Nothing was kept.", writing: "Writing…",
  lost: COMMON.lost("Write poem"),
  previous: "Previous poem", next: "Next poem", undoWord: "Undo word", wordBack: "The word before is back.", insert: "Insert into document", inserted: "Inserted. Undo takes it out again.",
  now: (word, told) => `Now “${word}”. ${told}`,
  met: "Every line holds the form.", missed: (count, lines) => `${count} of ${lines} lines do not hold the form.`,
  which: (at, count) => `Poem ${at} of ${count}.`,
  step: (at, total) => `Step ${at}${total ? ` of ${total}` : ""}`,
  done: (seconds, told) => `Done in ${seconds.toFixed(1)} s. ${told} Click a word for others that fit.`,
  form: "Form", meter: "Meter", asForm: "as the form has it", count: "Poems to choose from", more: "More settings", near: "Near rhymes will do",
  keep: "Keep the selected lines", keepLines: "Keep the selected lines, and write where they are marked", selectLines: "Select lines of the document to keep them",
  wholeNumber: (typed) => `A whole number; got “${typed}”.`,
  quoted: (label) => `“${label}”`,
  fields: {
    topic: { label: "Topic", example: "first snow" },
    lines: { label: "Lines", example: "4" },
    syllables: { label: "Syllables", example: "5,7,5", title: "Of every line: one number for all, or a list" },
    rhyme: { label: "Rhyme", example: "ABAB", title: "A letter for each line; lines with the same letter rhyme, - rhymes with none" },
    acrostic: { label: "Acrostic", example: "RIVER", title: "The word that the first letters of the lines spell" },
    title: { label: "Title", example: "stands above the poem" },
    rhymes_with: { label: "Rhymes with", example: "night, stone", title: "A word for the rhyme of each group of lines, in their order" },
    include: { label: "Must contain", example: "river, stone" },
    ban: { label: "Must not contain", example: "love, heart" },
    ban_letters: { label: "Without the letters", example: "e" },
  },
  otherWords: "Other words", otherWordsHere: "Other words that fit here", looking: "Looking for words that fit…", noWord: "No other word fits here.",
}

export const BADGES = {
  syllables: (found, range) => `${found} of ${range} syllables`,
  rhyme: (letter) => `rhyme ${letter}`, rhymes: (letter, rhymes) => `rhyme ${letter}: ${rhymes === null ? "still open" : rhymes ? "rhymes" : "does not rhyme"}`,
  stress: (stress, meter) => `stress ${stress || "still open"}, asked for ${meter}`,
  guessed: "by spelling", guessedOf: (words) => `not in the dictionary, so its syllables follow the spelling: ${words.join(", ")}`,
  judged: (label, isMet) => `${label}, ${isMet ? "met" : "not met"}`,
}

export const STUDIO = {
  committed: "committed", changed: "changed", remasked: "taken back",                                 // what a step did to a token
  atThisStep: (did) => `${did} at this step`,
  kept: "kept", thrownBack: "thrown back", typed: "typed",                                             // what the reader did to a word
  did: "What this step did", back: "Step back", play: "Play", pause: "Pause", forward: "Step forward",
  open: (count) => `${number(count)} open`, certainty: (share) => `certainty ${Math.round(share * 100)} %`, spoken: (count, did) => `${number(count)} ${did}`,
  openWord: "open word", empty: "empty", nothingYet: "nothing yet",
  title: "Studio", studioTitle: "Branches, certainty over the steps, lengths, a comparison, and the record of this run",
  lost: COMMON.lost("the button"),

  fromHere: "From this step", goOn: "Continue from here", goOnTitle: "A new branch: what is settled stays, what you threw back is written anew, with the settings of now",
  throwBackOthers: "Throw back the rest", clearHands: "Clear my marks", words: "Words", wordsTitle: "Go to the words of the draft: arrows walk, Enter opens, K keeps, Delete throws back",
  howToGoOn: "Stop a run, or wait for its end. Then click words of the draft to keep them, throw them back or write others, and continue from any step.",
  handsAt: (step, { keep, open, typed }) => `Step ${step}: ${number(keep)} kept, ${number(open)} thrown back, ${number(typed)} typed.`,
  handsTold: ({ keep, open, typed }) => [[keep, "kept"], [open, "thrown back"], [typed, "typed"]].filter(([count]) => count).map(([count, what]) => `${number(count)} ${what}`).join(", "),
  laid: (kind, word) => ({ keep: `Kept “${word}”.`, open: `Thrown back: “${word}”.`, typed: `“${word}” gives way to what you typed.` }[kind] ?? `“${word}” is as the model left it.`),
  othersThrownBack: "Everything that you did not keep is open again.", goingOn: "Continuing from here…",

  card: "the word card", cardOf: (word) => `Word “${word}”`, keep: "Keep", throwBack: "Throw back", writeAnother: "Write another word", looking: "Asking the model…",
  candidates: "What the model would write here", candidate: (word, share) => `${word}, ${Math.round(share * 100)} %`, noCandidates: "No other word fits here.",
  candidatesHelp: "Choose one: words around it that the model is unsure of settle anew.", chose: (was, now) => `“${was}” became “${now}”`, chosenLater: (word) => `“${word}” is written when you continue from here.`,

  heat: "Certainty over the steps", token: "Token", masksLeft: "masks left", asTable: "As a table", heatTable: "Certainty of each token after each step, in per cent; – while open", noHeat: "Nothing has been filled yet.", heatTooLarge: "This run has too many tokens and steps to draw.",
  heatSaid: (tokens, steps, left) => `Certainty of ${number(tokens)} tokens over ${number(steps)} steps, ${number(left)} masks left at the end. The table below has the numbers.`,
  heatAt: (step, left) => `Step ${number(step)}: ${masks(left)} left. Taller is more certain.`, heatHelp: "Each row is a token, each column a step; taller is more certain.",
  heatCell: (step, token, share) => `Step ${number(step)}, “${token}”: ${share === null ? "open" : `${Math.round(share * 100)} %`}`,

  branches: "Branches", noBranches: "One branch so far. Continue from a step to make another.", branch: (id) => `Branch ${id}`,
  branchFrom: (step, parent, told) => (parent === null ? "the first run" : [`from step ${step} of branch ${parent}`, told].filter(Boolean).join(": ")),
  branchFacts: (steps, certainty, isFinished) => [counted(steps, { one: "step", other: "steps" }), ...(certainty === null ? [] : [`certainty ${Math.round(certainty * 100)} %`]), ...(isFinished ? [] : ["unfinished"])].join(", "),
  compareThis: "Compare this branch", withThat: "with that branch", beside: "beside", switched: (id) => `Branch ${id} is shown.`,

  lengths: "Lengths that were weighed", noLengths: "After a fill of length auto, the lengths that the model weighed stand here.", lengthsOf: (mark) => `Mask ${mark}`, tokensOf: (mark) => `Tokens in mask ${mark}`,
  tokens: (count) => counted(count, { one: "token", other: "tokens" }), lengthBar: (tokens, share) => `${tokens}: ${share === undefined ? "not tried" : `${Math.round(share * 100)} %`}`,
  lengthTold: (tokens, share, taken) => `${counted(tokens, { one: "token", other: "tokens" })}, ${share === undefined ? "not tried" : `${Math.round(share * 100)} %`}${tokens === taken ? ", as it is now" : ""}`,
  refill: "Fill with this length", refillTitle: "A new branch in which this mask has that many tokens; the other masks stay as they are", refilled: (mark, tokens) => `mask ${mark} with ${counted(tokens, { one: "token", other: "tokens" })}`,

  compareHead: "Two ways side by side", compare: "Compare", compareTitle: "Fill the same masks in both ways", stopComparing: "Stop comparing", comparing: "Comparing…", comparingStopped: "Stopped. Nothing changed.", compared: "Both are done. Nothing changed in the document.",
  lane: (letter) => `Way ${letter}`, laneField: (field, letter) => `${field}, way ${letter}`, model: "Model", compareBusy: "A run is at work. Wait for its end, or stop it.", compareNothing: "Nothing is masked. Mask some words first.",
  laneStep: (step) => `step ${number(step)}`, comparingStep: (letter, step) => `Way ${letter}: step ${number(step)}.`, laneFacts: ({ steps, seconds, score }) => [`${number(steps)} steps`, `${seconds.toFixed(2)} s`, ...(score == null ? [] : [`score ${number(score, 2)}`])].join(" · "),
  take: (letter) => `Take way ${letter}`, tookWay: (label) => `way ${label} of a comparison`, notTaken: "The text or its masks have changed since. Compare again.",

  record: "Record", saveJson: "Save as JSON", saveHtml: "Save as a replay page", saveGif: "Save as GIF", openRecord: "Open a record", openRecordTitle: "Replays a saved JSON record; it needs no model",
  recording: "Writing the record…", recorded: (name) => `Saved as ${name}.`, opening: (name) => `Opening ${name}…`, replayed: (model, steps) => `A record of ${model}: ${counted(steps, { one: "step", other: "steps" })}. Play it, or accept what it came to.`,
  recordTooLarge: (limit, size) => `A record holds at most ${limit} MiB; got ${size.toFixed(1)} MiB. Choose the file of a record.`,
}

const corrections = (count) => counted(count, { one: "correction", other: "corrections" })

export const PROOFREAD = {
  button: "Proofread", buttonTitle: "Look for mistakes in the selected text, or in the whole document", options: "Proofreading options", title: "Proofreading",
  first: "The proofreading goes on. Stop it, or wait for its end, then fill.",
  sample: "Press Proofread, and decide each change.",
  reading: "Proofreading…", progress: "Progress of the proofreading",
  nothing: "There is nothing to proofread. Write or paste some text, or select words that are no blanks.",
  lost: COMMON.lost("Proofread"), refused: RUN.refused,
  done: (seconds, count) => `Done in ${seconds.toFixed(1)} s: ${count ? `${corrections(count)}. F8 goes to the first.` : "no mistakes found."}`,
  stopped: (count) => `Stopped. ${corrections(count)} so far.`,
  counted: (at, count) => (at ? `${number(at)} of ${corrections(count)}` : corrections(count)),
  left: (accepted, rejected) => (accepted + rejected ? `Nothing left to decide: ${number(accepted)} accepted, ${number(rejected)} rejected` : "No mistakes found"),
  remaining: (count) => (count ? `${corrections(count)} left.` : "None left."),
  previous: "Previous correction", next: "Next correction",
  accept: "Accept suggestion", reject: "Reject suggestion",
  acceptAll: "Accept all", rejectAll: "Reject all", acceptFrom: (count) => `Accept these ${number(count)}`, acceptFromTitle: "Accept all that are at least so certain",
  certainty: "Certain from", share: (share) => `${Math.round(share * 100)} %`,
  show: "Show", views: { changes: "Changes", before: "Before", after: "After" },
  viewTitles: { changes: "Show what would change", before: "Show the text as it was", after: "Show the text as it will be" },
  shown: { changes: "The changes are shown.", before: "The text is shown as it was.", after: "The text is shown as it will be." },
  close: "Close proofreading",
  blank: " ", change: (before, after) => `“${before}” becomes “${after}”`, insertion: (after) => `“${after}” is put in`, deletion: (before) => `“${before}” goes out`,
  described: (at, count, change, reason, certain) => `Correction ${at} of ${count}: ${change}. ${reason}, ${certain}.`,
  accepted: (change) => `Accepted: ${change}.`, rejected: (change) => `Rejected: ${change}.`, ignored: (change) => `Ignored in this document: ${change}.`, learned: (word) => `“${word}” is in your dictionary.`,
  acceptedAll: (count) => `${corrections(count)} accepted.`, rejectedAll: (count) => `${corrections(count)} rejected.`,
  card: "Correction", certain: (share) => `${Math.round(share * 100)} % certain`,
  reason: (reason) => reason.charAt(0).toUpperCase() + reason.slice(1),
  ignore: "Ignore", ignoreTitle: "Do not offer this correction again in this document", learn: "Add to dictionary", learnTitle: "Never correct this word",
  cardKeys: (keyOf) => `${keyOf("accept")} accepts, ${keyOf("rejectOne")} rejects, ${keyOf("stop")} closes, ${keyOf("rules")} for the buttons`,
  lowest: "Show corrections from", lowestHelp: "A lower certainty shows more, and more of them are wrong.",
  dictionary: "Your dictionary", noWords: "No words yet. “Add to dictionary” stands beside a correction.", removeWord: (word) => `Remove “${word}” from the dictionary`,
}

export const REWRITE = {
  button: "Rewrite", buttonTitle: "Find the words anew that fit least, and keep the others", options: "Rewriting options",
  rewriting: "Rewriting…", nothing: "Nothing is masked. Select the words to rewrite and press Mask, then Rewrite.",
  strength: "Strength", share: (share) => `${Math.round(share * 100)} %`, strengthHelp: "How many of the masked words are found anew: those that the model doubts most. 100 % writes all of them anew.",
  keep: "Words to keep", keepExample: "river, stone", keepHelp: "They stay where they stand. Commas between them.",
}

const clock = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }), day = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short", year: "numeric" })
const isToday = (at) => new Date(at).toDateString() === new Date().toDateString()
const time = (at) => (isToday(at) ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`)

export const COUNTS = {
  title: "Word count", open: "Words of the document, the selection and the masks, and the time to read them",
  number, line: DOCK.counts, selected: (count, all, points) => `${number(count)} of ${words(all)} · ${characters(points)}`,
  document: "Document", selection: "Selection", masked: "Masked",
  rows: { words: "Words", points: "Characters", dense: "Characters without spaces", sentences: "Sentences", paragraphs: "Paragraphs", seconds: "Reading time" },
  time: (seconds) => (seconds < 60 ? `${Math.round(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`),
  pace: (rate) => `Reading time at ${number(rate)} words a minute.`,
}

export const VERSIONS = {
  button: "Versions", buttonTitle: "Versions of this document, and the way back to them", title: "Versions", list: "Kept versions", detail: "Chosen version",
  name: "Keep what stands now", nameHint: "a name, if you like", keep: "Keep", all: "Of all documents",
  why: {
    open: "Opened", draft: "Brought back", interval: "While writing", before: "Before a change", fill: "A fill accepted", poem: "A poem put in", replaceAll: "Replaced everywhere", correction: "Before corrections",
    named: "Kept by hand", restore: "An older version brought back",
  },
  facts: (at, count, name) => [time(at), words(count), ...(name ? [name] : [])].join(" · "),
  none: "No version yet. One is kept when you open a document, accept a fill, and every few minutes while you write.",
  limits: (minutes, most, named, megabytes) => `Versions stay in this browser: one every ${minutes} minutes while you write, the last ${most} of each document, up to ${named} that you named, and ${megabytes} MB in all. The oldest go first, named ones last.`,
  notLasting: "This browser stores nothing for this page, so versions are lost when you leave it.",
  problem: "A version of your document could not be kept: this browser has no more room for this page. Export what matters, then clear the versions.",
  diff: "What would change if this version came back", unchanged: (count) => ` … ${words(count)} unchanged … `, same: "The same words as now.",
  sums: (added, removed) => `Brought back, it adds ${words(added)} and takes out ${words(removed)}.`,
  restore: "Restore", restored: "The version is back. Undo brings the other text back.", save: "Save as a file", remove: "Delete", removed: "The version is deleted.",
  clear: "Clear all versions", sure: "Delete the versions of all documents? This cannot be undone.", clearAll: "Delete all", keepThem: "Keep them", cleared: "All versions are deleted.",
  kept: "Version kept.", keptAlready: "Nothing has changed since the last version.", empty: "An empty document has no version.",
}

export const FIND = {
  button: "Find", buttonTitle: "Find and replace", title: "Find and replace", find: "Find text", replaceWith: "Replace with", close: "Close find",
  case: "Case", caseTitle: "Tell capital letters from small ones", word: "Whole words", wordTitle: "Whole words only", pattern: "Pattern", patternTitle: "The text is a regular expression; $1 stands for its first group",
  previous: "Previous match", next: "Next match",
  replace: "Replace", replaceTitle: "Replace this match and go to the next", replaceAll: "Replace all", replaceAllTitle: "Replace every match, in one step that can be undone",
  maskAll: "Mask all", maskAllTitle: "Mask every match",
  counted: (at, count, isMore) => (!count ? "no match" : `${at ? `${number(at)} of ` : ""}${isMore ? "more than " : ""}${number(count)}${at ? "" : count === 1 ? " match" : " matches"}`),
  badPattern: (told) => `This is no regular expression: ${told}. Change it, or switch Pattern off.`,
  none: "Nothing was found.", replaced: (count) => `Replaced ${counted(count, { one: "match", other: "matches" })}. Undo brings all back.`,
  masked: (count) => `${counted(count, { one: "match", other: "matches" })} masked.`,
  phrases: { "current match": "current match", "on line": "on line", "replaced match on line $": "replaced match on line $", "replaced $ matches": "replaced $ matches" },      // CodeMirror's own, which it reads out
}

export const FOCUS = {
  enter: "Focus mode", enterTitle: "Only the text", leave: "Leave focus", leaveTitle: "Show everything again (Esc)",
  dim: "Step back", kinds: { none: "Nothing steps back", sentence: "Other sentences step back", paragraph: "Other paragraphs step back" },
  on: "Focus mode. Esc leaves it.", off: "Everything is shown again.",
}

export const ANNOUNCE = { progress: (step, total, share) => `Step ${number(step)}${total ? ` of ${number(total)}` : ""}, ${Math.round(share * 100)} % settled.` }

/** What each key does, by the names in shortcuts.js. */
export const SHORTCUTS = {
  title: "Keyboard shortcuts", skip: "Skip to the text", bars: "Within a row of buttons, ← and → go from one to the next.",
  mask: "mask the selected words, or mark a gap at the caret", fill: "fill, then accept", rules: "constraints of the mask at the caret, buttons of the correction shown",
  accept: "accept the suggestion or correction shown", rejectOne: "reject the correction shown", stop: "stop, then reject, then leave focus mode", previous: "previous alternative", next: "next alternative",
  stepBack: "one refinement step back", play: "play or pause the refinement", stepForward: "one refinement step forward", words: "to the words of the draft", goOn: "go on from here with the words as they are", nextCorrection: "next correction", previousCorrection: "previous correction",
  undo: "undo", redo: "redo", find: "find and replace", findNext: "next match", findPrevious: "previous match", selectNext: "select the next place with the same words, too",
  open: "open a file", keepVersion: "keep a version", focus: "focus mode", nextPart: "next part of the page", previousPart: "previous part of the page", shortcuts: "this list",
}
