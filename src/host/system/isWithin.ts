import { eventLoopTurns } from './eventLoopTurns.js';
import { cancellableTimer } from './timers.js';

/** Share of the time by which the timer may fire late before this process counts as suspended. */
const maxLateShare = 0.5;

/**
 * Resolves with whether the promise settles within this time, not counting time in which this process was suspended, as
 * during sleep of the machine.
 */
export async function isWithin(promise: Promise<unknown>, maxMs: number): Promise<boolean> {
  const settled = promise.then(() => true);
  for (;;) {
    const startedAt = performance.now();
    if (await isSettledWithin(settled, maxMs)) return true;
    const lateMs = performance.now() - startedAt - maxMs;
    // After a pause, the timer fires before the events that arrived meanwhile.
    await eventLoopTurns.next();
    if (lateMs <= maxMs * maxLateShare) return Promise.race([settled, Promise.resolve(false)]);
  }
}

async function isSettledWithin(settled: Promise<boolean>, maxMs: number): Promise<boolean> {
  const limit = cancellableTimer(maxMs);
  try {
    return await Promise.race([settled, limit.promise.then((isOver) => !isOver)]);
  } finally {
    limit.cancel();
  }
}
