import { endProcess } from '../system/endProcess.js';

/** Grace of servers whose window is gone, milliseconds: everything must be dead within five seconds. */
const windowClosedGraceMs = 2000;

/** What ends with the process host. */
export interface HostParts {
  /** Stops all servers. */
  shutdown(graceMs: number): Promise<void>;
}

/**
 * Returns a function that stops all servers and ends this process. A signal and an uncaught error do the same.
 */
export function prepareHostEnd(
  parts: () => Promise<HostParts>,
  reportError: (error: unknown) => void,
): () => void {
  const end = once((code: number) => {
    void parts()
      .then((each) => each.shutdown(windowClosedGraceMs))
      .finally(() => endProcess(code));
  });
  // The pipe breaks when the window is gone, and reporting that would fail in the same way.
  process.stderr.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  process.on('uncaughtException', (error) => {
    reportError(error);
    end(1);
  });
  return () => end(0);
}

function once(action: (code: number) => void): (code: number) => void {
  let done = false;
  return (code) => {
    if (!done) action(code);
    done = true;
  };
}
