import treeKill from 'tree-kill';

/** Sends a signal to a process and its descendants with `tree-kill`. Resolves when it has been sent. */
export function runTreeKill(pid: number, signal: string): Promise<unknown> {
  return new Promise((resolve) => treeKill(pid, signal, resolve));
}
