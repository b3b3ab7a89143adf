import treeKill from 'tree-kill';

/** Sends a signal to a process and its descendants by `tree-kill`; resolves when it was sent. */
export function runTreeKill(pid: number, signal: string): Promise<unknown> {
  return new Promise((resolve) => treeKill(pid, signal, resolve));
}
