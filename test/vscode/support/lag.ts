import { readFileSync } from 'node:fs';

const measuredMs = 3000;
const pauseMs = 5;

/**
 * The 99th percentile of the time by which timers of this process are late, milliseconds. What the process waited for a
 * processor that other programs had is no lag of its own, so it is left out where the system tells it, as Linux does.
 */
export async function lagP99(): Promise<number> {
  const lags: number[] = [];
  const end = performance.now() + measuredMs;
  while (performance.now() < end) {
    const due = performance.now() + pauseMs;
    const waitedBefore = waitedMs();
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    lags.push(Math.max(0, performance.now() - due - (waitedMs() - waitedBefore)));
  }
  lags.sort((one, other) => one - other);
  return lags[Math.floor(lags.length * 0.99)] ?? 0;
}

/** How long the main thread has waited for a processor since it began, milliseconds; the second number of the file. */
function waitedMs(): number {
  if (process.platform !== 'linux') return 0;
  const [, waited] = readFileSync('/proc/self/schedstat', 'utf8').split(' ');
  return Number(waited) / 1e6;
}
