// The branches as a small tree, and two of them side by side.
import { element } from "./dom.js"
import { currentBranch, isFinished, onBranch, textsOf, tree } from "./studio_branches.js"
import { sideBySide } from "./studio_diff.js"
import { factsAt } from "./studio_steps.js"
import { STUDIO } from "./strings.js"

const factsOf = (run, id) => {
  const there = onBranch(run, id)
  return STUDIO.branchFacts(there.steps.length, factsAt(there, there.steps.length)?.certainty ?? null, isFinished(run, id))
}

/** onSwitch(id). paint(run) draws it anew where something changed. */
export function createTree({ onSwitch }) {
  const list = element("ul", { className: "dlm-tree", "aria-label": STUDIO.branches }), empty = element("p", { className: "dlm-help" }, STUDIO.noBranches)
  const one = element("select", { "aria-label": STUDIO.compareThis }), other = element("select", { "aria-label": STUDIO.withThat })
  const pair = element("div", { className: "dlm-pair" }, one, element("span", {}, STUDIO.beside), other), table = element("div", { className: "dlm-table" })
  const node = element("div", {}, empty, list, pair, table)
  let key = "", run = null

  const compare = () => {
    const ids = [Number(one.value), Number(other.value)]
    table.replaceChildren(sideBySide(ids.map((id) => ({ title: STUDIO.branch(id), facts: factsOf(run, id), texts: textsOf(run, id) }))))
  }
  const choose = (select, ids, fallback) => {
    const kept = ids.includes(Number(select.value)) ? Number(select.value) : fallback
    select.replaceChildren(...ids.map((id) => element("option", { value: id, selected: id === kept }, STUDIO.branch(id))))
  }
  one.onchange = other.onchange = compare

  const row = (branch) => {
    const isCurrent = branch.id === currentBranch(run), text = textsOf(run, branch.id).join(" … ").trim()
    const go = element("button", { type: "button", className: "dlm-branch", "data-branch": branch.id, onclick: () => onSwitch(branch.id) },
      element("strong", {}, STUDIO.branch(branch.id)), element("span", {}, STUDIO.branchFrom(branch.at, branch.parent, branch.told)),
      element("q", {}, text || STUDIO.nothingYet), element("span", {}, factsOf(run, branch.id)))
    if (isCurrent) go.setAttribute("aria-current", "true")
    const item = element("li", {}, go)
    item.style.setProperty("--depth", String(Math.min(4, branch.depth)))
    return item
  }
  return {
    node,
    paint(found) {
      run = found
      const branches = run ? tree(run) : [], several = branches.length > 1
      const now = !run ? "" : JSON.stringify([run.id, branches.map((one) => [one.id, one.told]), currentBranch(run), run.phase, run.steps.length && run.phase !== "running", run.alternative])
      if (now === key) return
      key = now
      const focused = list.contains(document.activeElement) ? document.activeElement.dataset.branch : null
      empty.hidden = several; list.hidden = pair.hidden = table.hidden = !several
      list.replaceChildren(...(several ? branches.map(row) : []))
      if (focused) list.querySelector(`[data-branch="${focused}"]`)?.focus()
      if (!several) return
      const ids = branches.map(({ id }) => id), current = currentBranch(run)
      choose(one, ids, branches.find(({ id }) => id === current).parent ?? ids.find((id) => id !== current)); choose(other, ids, current)
      compare()
    },
  }
}
