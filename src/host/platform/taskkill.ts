import kill from 'tree-kill';

/** Timeout, milliseconds: without the tool that it starts, tree-kill may never call back. */
const timeoutMs = 5000;

/**
 * Kills a process tree on Windows by tree-kill, which runs `taskkill /T /F`. Resolves when the signal was sent as far
 * as is known; the caller must verify the end. Never rejects. POSIX systems use `posixSignals` instead.
 *
 * Ignores this process and the pids 0 and 1, for which tree-kill would walk the whole machine.
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
