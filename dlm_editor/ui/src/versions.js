// When a version of the document is kept, and for how long.
import { collectDocument } from "./document.js"
import { fileField } from "./file.js"
import { maskField } from "./masks.js"
import { openStore } from "./versions_store.js"
import { countsOf } from "./wordcount.js"

export const EVERY_MIN = 2, OF_ONE = 60, NAMED = 100, MEGABYTES = 40      // while typing; unnamed ones of one document; named ones; in all

// Changes that are kept as they are made, and the text before them if it was not yet: the user event of a transaction → why.
const KEPT = { "input.fill": "fill", "input.poem": "poem", "input.replace.all": "replaceAll" }
const CORRECTION = "input.correction"                                      // these come in long rows: the text before the first is kept

/** The ids of those that are to go, given the facts of all: the oldest first, and named ones last. */
export function surplus(all) {
  const gone = new Set(), drop = (versions, most) => versions.sort((a, b) => b.at - a.at).slice(most).forEach(({ id }) => gone.add(id))
  for (const doc of new Set(all.map((one) => one.doc))) drop(all.filter((one) => one.doc === doc && !one.label), OF_ONE)
  drop(all.filter((one) => one.label), NAMED)
  let room = MEGABYTES * 1e6
  for (const { id, size } of all.filter((one) => !gone.has(one.id)).sort((a, b) => !!b.label - !!a.label || b.at - a.at)) if ((room -= size) < 0) gone.add(id)
  return [...gone]
}

/** onKept() hears of every change of what is kept, onProblem() of a version that could not be. */
export function createVersions(view, { onKept, onProblem }) {
  const opened = openStore()
  let last = null, isCorrecting = false, timer = 0, queue = Promise.resolve(), hasFailed = false

  const remember = (state) => { last = { text: state.doc, masks: state.field(maskField), doc: state.field(fileField).id } }
  const isKept = (state) => last?.doc === state.field(fileField).id && last.masks === state.field(maskField) && last.text.eq(state.doc)
  const store = async (version) => {
    const kept = await opened
    try { await kept.add(version) } catch {                      // no room: half of the unnamed ones make some
      const unnamed = (await kept.list()).filter((one) => !one.label).sort((a, b) => a.at - b.at)
      await kept.remove(unnamed.slice(0, Math.ceil(unnamed.length / 2)).map(({ id }) => id))
      await kept.add(version)
    }
    await kept.remove(surplus(await kept.list()))
  }
  /** Keeps what stands in `state`, unless it is empty or was the last one kept. A name is always kept. */
  const keep = (why, label = "", state = view.state) => {
    clearTimeout(timer); timer = 0
    if (!state.doc.length || (isKept(state) && !label)) return Promise.resolve(false)
    const { text, spans, file } = collectDocument(state)
    remember(state)
    const version = { doc: file.id, name: file.name, at: Date.now(), why, label, words: countsOf(text).words, size: text.length * 2, text, spans, file }
    queue = queue.then(() => store(version)).then(() => { hasFailed = false; onKept(); return true }, () => { if (!hasFailed) onProblem(); hasFailed = true; return false })
    return queue
  }
  const note = (update) => {
    for (const tr of update.transactions) {
      if (tr.isUserEvent(CORRECTION)) {
        if (!isCorrecting) keep("correction", "", tr.startState)
        isCorrecting = true
      } else if (tr.docChanged) isCorrecting = false
      const why = Object.entries(KEPT).find(([event]) => tr.isUserEvent(event))?.[1]
      if (why) { keep("before", "", tr.startState); keep(why, "", tr.state) }
    }
    const isChanged = update.docChanged || update.startState.field(maskField) !== update.state.field(maskField)
    if (isChanged && !isKept(update.state)) timer ||= setTimeout(() => keep("interval"), EVERY_MIN * 60_000)
  }
  addEventListener("visibilitychange", () => { if (document.hidden && timer) keep("interval") })
  return {
    keep, note,
    /** Called with a document that came from a draft: whether it is as it was last kept. */
    async begin() {
      const { state } = view, [newest] = await this.list(), kept = newest && await this.read(newest.id), { text, spans } = collectDocument(state)
      if (kept?.text === text && JSON.stringify(kept.spans) === JSON.stringify(spans)) remember(state)
    },
    isLasting: async () => (await opened).isLasting,
    /** The facts, the newest first; of this document only, or of all. */
    async list(isAll) {
      await queue
      const { id } = view.state.field(fileField)
      return (await (await opened).list()).filter((one) => isAll || one.doc === id).sort((a, b) => b.at - a.at || b.id - a.id)
    },
    read: async (id) => (await opened).read(id),
    async remove(ids) { await queue; await (await opened).remove(ids); onKept() },
  }
}
