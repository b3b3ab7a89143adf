/** Returns the milliseconds that the work takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Resolves after a delay. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Returns how long a call blocks the event loop, and how long it takes, in milliseconds. */
export async function blocked(call: () => Promise<unknown>): Promise<{ blockedMs: number; doneMs: number }> {
  await new Promise((resolve) => setImmediate(resolve));
  const start = performance.now();
  const turn = new Promise<number>((resolve) => setImmediate(() => resolve(performance.now() - start)));
  const done = call().then(() => performance.now() - start);
  return { blockedMs: await turn, doneMs: await done };
}
