/** Turns of the event loop, by which long work is divided into slices. */
export const eventLoopTurns = {
  now: (): number => performance.now(),
  next: (): Promise<void> => new Promise((resolve) => setImmediate(resolve)),
};
