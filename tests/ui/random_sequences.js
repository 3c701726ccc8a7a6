// Random sequences of what a writer can do, each in an editor of its own around a server that answers at once; then undo to the start.
// Returns the first sequence after which the bytes or the masks are not those of the start, or that breaks a law on its way; null where all hold.
async ([count, length, firstSeed]) => {
  const { config } = gradio_config.components.find(({ props }) => props.props?.config).props.props      // what the page itself was told
  const randomOf = (seed) => () => { seed = (seed + 0x6d2b79f5) | 0; let t = Math.imul(seed ^ (seed >>> 15), 1 | seed); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) / 4294967296 }
  const PARTS = ["the cat ", "sat on ", "a mat. ", "\n", "\r\n", "🌊 ", "e\u0301t ", "שלום ", "one two three, ", "\t", "It left.\n"], WORDS = ["river", "🙂", "slow", "counsel", "é", "x y"], MASK = 103

  /** A server: keeps what it would stream, and gives one message at a time. */
  const serverOf = (any, deliver) => {
    let queue = []
    const word = () => WORDS[Math.floor(any() * WORDS.length)], hole = () => ["", 0, "open", [MASK]]
    const run = (asked, begin) => {
      const rows = Array.from({ length: 1 + Math.floor(any() * 2) }, () => asked.spans.map((_, mark) => begin?.[mark]?.length ? begin[mark].map((id) => (id === null ? hole() : [` w${id}`, 0.5, "settled", [id]])) : Array.from({ length: 1 + Math.floor(any() * 3) }, hole)))
      for (let step = 1; step < 12 && rows.some((row) => row.some((pieces) => pieces.some((piece) => piece[2] === "open"))); step++) {
        for (const row of rows) for (const pieces of row) pieces.forEach((piece, at) => {
          if (piece[2] === "open" && (any() < 0.5 || step > 9)) pieces[at] = [` ${word()}`, any(), "new", [Math.floor(any() * 99)]]
          else if (piece[2] === "new") pieces[at] = [piece[0], piece[1], "settled", piece[3]]
          else if (piece[2] === "settled" && any() < 0.1 && step < 6) pieces[at] = hole()
        })
        queue.push(["fill", { run: asked.run, type: "step", step, of: 12, seconds: step, drafts: structuredClone(rows) }])
      }
      queue.push(["fill", { run: asked.run, type: "suggestions", suggestions: rows.map((row, number) => ({ row: number, drafts: structuredClone(row), after: row.map((pieces) => pieces.map(([text]) => text).join("")), mean_logprob: -1, steps: 3, seconds: 0.1, violations: [] })) }])
    }
    const laid = ({ draft, hands }) => draft.map((pieces, mark) => pieces.flatMap((piece, at) => {
      const hand = hands.find((one) => one.mark === mark && one.pieces.includes(at))
      if (!hand || hand.do === "keep") return [piece]
      if (hand.do === "open") return [hole()]
      return at === hand.pieces[0] && hand.text ? [[` ${hand.text.trim()}`, 1, "settled", [7]]] : []
    }))
    const answers = {
      fill: (asked) => run(asked, asked.pins),
      branch(asked) { const draft = laid(asked); deliver("branch", { run: asked.run, type: "branch", draft, pins: draft.map((pieces) => pieces.flatMap(([, , state, ids]) => (state === "open" ? [null] : ids))) }) },
      slots: (asked) => deliver("slots", { run: asked.run, type: "slots", choices: [{ text: "reed", tokens: [5], certainty: 0.5, is_current: false }] }),
      settle(asked) {
        const draft = asked.draft.map((pieces, mark) => (mark !== asked.mark ? pieces : pieces.map((piece, at) => (at === asked.pieces[0] ? [" reed", 1, "settled", asked.tokens] : piece))))
        deliver("settle", { run: asked.run, type: "settle", draft, reopened: [] })
        run(asked, draft.map((pieces) => pieces.flatMap(([, , state, ids]) => (state === "open" ? [null] : ids))))
      },
      stop: () => { queue = [] },
    }
    return { send: (name, payload) => answers[name]?.(payload), isBusy: () => queue.length > 0, next: () => { const [message] = queue.splice(0, 1); if (message) deliver(...message); return !!message } }
  }

  const play = (seed) => {
    localStorage.clear(); sessionStorage.clear()
    localStorage.setItem("dlm-editor:preferences", JSON.stringify({ pace: 0 }))
    const any = randomOf(seed), pick = (list) => list[Math.floor(any() * list.length)], home = document.createElement("div"), log = []
    document.body.replaceChildren(home)
    let server = null, editor = null
    server = serverOf(any, (channel, message) => editor.receive(channel, message))
    editor = DLM.createEditor(home, { send: (name, payload) => server.send(name, payload && structuredClone(payload)), config })
    const { view } = editor, raw = (any() < 0.2 ? "\ufeff" : "") + Array.from({ length: 2 + Math.floor(any() * 8) }, () => pick(PARTS)).join("") + "end"
    editor.open(raw, "a.txt", [], false)
    const named = (name) => [...home.querySelectorAll("button")].find((one) => (one.getAttribute("aria-label") || one.textContent) === name && !one.disabled && !one.hidden && !one.closest("[hidden]"))
    const press = (name) => { const one = named(name); one?.click(); return !!one }
    const bytes = () => editor.exportText(), masks = () => [...home.querySelectorAll(".dlm-mask")].map((one) => one.textContent).join("|")
    const seen = (selector) => [...home.querySelectorAll(selector)].filter((one) => !one.closest("[hidden]"))
    const key = (node, name) => node.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }))
    const slot = () => pick([...home.querySelectorAll(".dlm-slot")])
    const first = bytes(), WRITES = new Set(["edit", "accept", "keep", "undo", "redo"])
    const acts = {
      edit() { const at = Math.floor(any() * (view.state.doc.length + 1)), to = Math.min(view.state.doc.length, at + Math.floor(any() * 3)); view.dispatch({ changes: { from: at, to, insert: pick(["", "x", "🌊", "\n", "two words "]) }, userEvent: "input.type" }) },
      mask() { const at = Math.floor(any() * view.state.doc.length); view.dispatch({ selection: { anchor: at, head: Math.min(view.state.doc.length, at + Math.floor(any() * 9)) } }); press("Mask") },
      fill: () => press("Fill"), tick: () => server.next(), ticks: () => { while (server.next()) { /* to the end of the run */ } },
      stop: () => press("Stop"), resume: () => press("Resume"), goOn: () => press("Continue from here"), accept: () => press("Accept"), keep: () => press("Keep settled"), reject: () => press("Reject"),
      undo: () => press("Undo"), redo: () => press("Redo"), next: () => press("Next alternative"),
      back: () => press("Step back"), pin() { const one = slot(); if (one) key(one, "k") }, open() { const one = slot(); if (one) key(one, "Delete") },
      choose() { const one = slot(); if (one) { key(one, "Enter"); seen(".dlm-choices button")[0]?.click() } },
      type() { const one = slot(); if (one) { key(one, "Enter"); const [field] = seen(".dlm-card-acts input"); if (field) { field.value = "lake"; key(field, "Enter") } } },
      branch: () => pick(seen(".dlm-branch")).click(),
      studio: () => press("Studio"),
    }
    const button = (name) => () => !!named(name), words = () => !!home.querySelector(".dlm-slot")
    const can = { fill: () => named("Fill") && masks(), tick: server.isBusy, ticks: server.isBusy, stop: button("Stop"), resume: button("Resume"), goOn: button("Continue from here"), keep: button("Keep settled"),
      accept: () => named("Accept")?.getAttribute("aria-disabled") === "false", reject: button("Reject"), undo: button("Undo"), redo: button("Redo"), next: button("Next alternative"), back: button("Step back"),
      pin: words, open: words, choose: words, type: words, branch: () => seen(".dlm-branch").length > 0, studio: () => any() < 0.2, edit: () => any() < 0.5 }
    const often = { tick: 3, ticks: 3, fill: 3, accept: 3, goOn: 4, open: 3, branch: 2, choose: 2 }
    const possible = () => Object.keys(acts).filter((name) => !can[name] || can[name]()).flatMap((name) => Array(often[name] || 1).fill(name))
    try {
      press("Studio")
      for (let number = 0; number < length; number++) {
        const name = pick(possible()), before = bytes()
        log.push(name)
        acts[name]()
        if (!WRITES.has(name) && bytes() !== before) return { seed, log, broken: `${name} changed the text`, before, after: bytes() }
      }
      press("Stop"); press("Reject")
      for (let number = 0; number < 4 * length && press("Undo"); number++) { /* back to the start */ }
    } catch (error) { return { seed, log, broken: String(error?.stack || error).slice(0, 900) } }
    if (bytes() !== first) return { seed, log, broken: "undo did not give the first bytes", before: first, after: bytes() }
    if (masks()) return { seed, log, broken: "undo left masks", after: masks() }
    view.destroy()
    return null
  }

  const done = { sequences: 0, acts: 0 }
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const broken = play(seed)
    if (broken) return broken
    done.sequences++
    await new Promise((next) => setTimeout(next))
  }
  return done.sequences === count ? null : done
}
