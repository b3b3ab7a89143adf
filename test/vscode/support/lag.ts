import { threadMs } from '../../support/threadTime.js';

const measuredMs = 3000;
const pauseMs = 5;

/**
 * Returns the 99th percentile of the delay of timers that this process causes by its own work, in milliseconds.
 * Delays by other programs or by the machine are excluded.
 */
export async function lagP99(): Promise<number> {
  const lags: number[] = [];
  const end = performance.now() + measuredMs;
  while (performance.now() < end) {
    const due = performance.now() + pauseMs;
    const workedBefore = threadMs();
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    lags.push(Math.max(0, Math.min(performance.now() - due, threadMs() - workedBefore)));
  }
  lags.sort((one, other) => one - other);
  return lags[Math.floor(lags.length * 0.99)] ?? 0;
}
