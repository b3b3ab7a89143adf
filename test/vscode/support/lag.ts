import { readFileSync } from 'node:fs';

const measuredMs = 3000;
const pauseMs = 5;

/**
 * Returns the 99th percentile of the delay of timers that this process causes by its own work, in milliseconds. Where
 * the system reports the processor time of the thread, as Linux does, delays by other programs or by the machine are
 * excluded.
 */
export async function lagP99(): Promise<number> {
  const lags: number[] = [];
  const end = performance.now() + measuredMs;
  while (performance.now() < end) {
    const due = performance.now() + pauseMs;
    const workedBefore = workedMs();
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    lags.push(Math.max(0, Math.min(performance.now() - due, workedMs() - workedBefore)));
  }
  lags.sort((one, other) => one - other);
  return lags[Math.floor(lags.length * 0.99)] ?? 0;
}

/** Returns the processor time of the main thread in milliseconds, the first number of the file. */
function workedMs(): number {
  if (process.platform !== 'linux') return performance.now();
  const [worked] = readFileSync('/proc/self/schedstat', 'utf8').split(' ');
  return Number(worked) / 1e6;
}
