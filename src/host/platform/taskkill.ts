import kill from 'tree-kill';

/** Its callback may never come, when the tool that it starts is missing; milliseconds. */
const timeoutMs = 5000;

/**
 * The only door to tree-kill: on Windows it runs `taskkill /T /F`. Resolves when the signal was sent as far as that is
 * known, which says nothing about death: verify. Never rejects. POSIX systems have better ways, see `posixSignals`.
 *
 * It would walk the whole machine for pid 0 or 1, so such pids and our own are refused.
 */
export function killTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (!Number.isInteger(pid) || pid < 2 || pid === process.pid) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    kill(pid, signal, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
