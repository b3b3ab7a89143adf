import type { Supervisor } from './supervisor.js';

/** Grace of servers whose window is gone, milliseconds: everything must be dead within five seconds. */
const windowClosedGraceMs = 2000;

/**
 * Stops all servers and ends this process when the window is gone, for whatever reason: the channel to the extension host
 * closes when that exits or is killed. A signal and an uncaught error end it in the same way.
 */
export function endWhenWindowCloses(
  supervisor: Promise<Supervisor>,
  reportError: (error: unknown) => void,
): void {
  const end = once((code: number) => {
    void supervisor.then((each) => each.shutdown(windowClosedGraceMs)).finally(() => process.exit(code));
  });
  // The pipe breaks when the window is gone, and reporting that would fail in the same way.
  process.stderr.on('error', () => undefined);
  process.on('disconnect', () => end(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  process.on('uncaughtException', (error) => {
    reportError(error);
    end(1);
  });
}

function once(action: (code: number) => void): (code: number) => void {
  let done = false;
  return (code) => {
    if (!done) action(code);
    done = true;
  };
}
