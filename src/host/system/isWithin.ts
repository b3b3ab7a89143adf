import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with whether the promise is settled within this time. */
export async function isWithin(promise: Promise<unknown>, maxMs: number): Promise<boolean> {
  const end = new AbortController();
  const isSettled = promise.then(() => true);
  const isLate = sleep(maxMs, false, { signal: end.signal }).catch(() => false);
  const result = await Promise.race([isSettled, isLate]);
  end.abort();
  return result;
}
