import { peerScript, type Setup } from '../harness/setup.js';

/** Loads the package `tree-kill`; the function resolves when it has sent the signals. */
export async function loadTreeKill(setup: Setup): Promise<(pid: number, signal: string) => Promise<unknown>> {
  const { default: treeKill } = (await import(peerScript(setup, 'tree-kill/index.js'))) as {
    default: (pid: number, signal: string, done: (error?: Error) => void) => void;
  };
  return (pid, signal) => new Promise((resolve) => treeKill(pid, signal, resolve));
}
