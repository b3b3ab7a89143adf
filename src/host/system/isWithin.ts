import { cancellableTimer } from './timers.js';

/** Resolves with whether the promise is settled within this time. */
export async function isWithin(promise: Promise<unknown>, maxMs: number): Promise<boolean> {
  const limit = cancellableTimer(maxMs);
  try {
    return await Promise.race([promise.then(() => true), limit.promise.then((isOver) => !isOver)]);
  } finally {
    limit.cancel();
  }
}
