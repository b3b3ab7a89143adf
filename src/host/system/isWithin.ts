import { eventLoopTurns } from './eventLoopTurns.js';
import { cancellableTimer } from './timers.js';

/** Share of the time by which its end may come late before the process counts as held up. */
const maxLateShare = 0.5;

/**
 * Resolves with whether the promise is settled within this time, in which this process was not held up, as by a machine
 * that slept.
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
