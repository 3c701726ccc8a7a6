// Shows what arrives at a pace the eye can follow. The engine is not slowed: what it sends waits here, and never for long.
const LONGEST_LAG_MS = 2500

export function createPace(show, intervalMs) {
  let queue = [], timer = 0, last = 0
  const next = () => {
    timer = 0
    if (!queue.length) return
    last = performance.now()
    show(queue.shift())
    schedule()
  }
  const schedule = () => {
    if (timer || !queue.length) return
    const gap = Math.min(intervalMs(), LONGEST_LAG_MS / queue.length), wait = last + gap - performance.now()
    if (wait <= 0 && gap === 0) { next(); return }
    timer = setTimeout(next, Math.max(0, wait))
  }
  return {
    push(item) { queue.push(item); schedule() },
    clear() { queue = []; clearTimeout(timer); timer = 0 },
    get waiting() { return queue.length },
  }
}
