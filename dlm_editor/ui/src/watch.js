// Notices that the server has gone: while a run is under way and nothing comes, it is asked whether it lives.
const QUIET_MS = 6000, CHECK_MS = 2000

/** isBusy(): a run is under way. isBehind(): what came is still to be shown. onLost() hears of it at most once a run. */
export function createWatch({ isAlive, isBusy, isBehind = () => false, onLost }) {
  let heard = 0, timer = 0, round = 0
  const end = () => { clearInterval(timer); round++ }
  return {
    begin() {
      end()
      heard = Date.now()
      let asking = false
      timer = setInterval(async () => {
        if (!isBusy()) { end(); return }
        if (asking || isBehind() || Date.now() - heard < QUIET_MS) return
        asking = true
        const mine = round, alive = await isAlive()
        asking = false
        if (!alive && mine === round && isBusy()) onLost()
      }, CHECK_MS)
    },
    hear() { heard = Date.now() },
    end,
  }
}
