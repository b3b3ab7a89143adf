import { readFileSync } from 'node:fs';

const measuredMs = 3000;
const pauseMs = 5;

/**
 * The 99th percentile of the time by which timers of this process are late because it works itself, milliseconds. Where the
 * system tells for how long the thread had a processor, as Linux does, the rest is no lag of its own: other programs had
 * the processor, or the machine as a whole stood still.
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

/** How long the main thread has had a processor since it began, milliseconds; the first number of the file. */
function workedMs(): number {
  if (process.platform !== 'linux') return performance.now();
  const [worked] = readFileSync('/proc/self/schedstat', 'utf8').split(' ');
  return Number(worked) / 1e6;
}
