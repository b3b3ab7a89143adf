import { endProcess } from '../system/endProcess.js';

/** Why a process host exits: its window is gone, or no other window has come in time. */
export type EndCause = 'windowGone' | 'holdOver';

/**
 * Maximum grace of a server by the cause of its end, milliseconds. With a window everything must be dead within five
 * seconds. Nothing waits for the end of a hold, but after a longer silence the watchdog considers the process host
 * unresponsive.
 */
const maxGraceMs: Readonly<Record<EndCause, number>> = { windowGone: 2000, holdOver: 60_000 };

/** Things that end with the process host. */
export interface HostParts {
  /** Stops all servers, each with its own grace but no more than `maxMs` milliseconds. */
  shutdown(maxMs: number): Promise<void>;
}

/**
 * Returns a function that stops all servers and ends this process. A signal and an uncaught error do so as well, with the
 * grace of a window that is gone.
 */
export function prepareHostEnd(
  parts: () => Promise<HostParts>,
  reportError: (error: unknown) => void,
): (cause: EndCause) => void {
  const end = once((code, cause) => {
    void parts()
      .then((each) => each.shutdown(maxGraceMs[cause]))
      .finally(() => endProcess(code));
  });
  // The pipe breaks when the window is gone, and reporting that would fail in the same way.
  process.stderr.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => end(0, 'windowGone'));
  process.on('uncaughtException', (error) => {
    reportError(error);
    end(1, 'windowGone');
  });
  return (cause) => end(0, cause);
}

type End = (code: number, cause: EndCause) => void;

function once(action: End): End {
  let done = false;
  return (code, cause) => {
    if (!done) action(code, cause);
    done = true;
  };
}
