import { types } from 'node:util';
import { createContext, Script } from 'node:vm';
import { freeTasks } from './freeTasks.js';

/** Thrown when the work has taken too long. */
export class TimeLimitError extends Error {}

/** Maximum processor time of a call, milliseconds. */
const limitMs = 250;

/** Attempts on a machine that gives this process little processor time. */
const maxAttempts = 4;

/** Processes and threads that must be left for a call. */
const minFreeTasks = 4;

const script = new Script('work()');
const context: { work?: () => unknown } = {};
let isContext = false;

/**
 * Returns what the work returns, or throws a `TimeLimitError`: for some regular expressions and texts the time grows
 * exponentially. Only a script in a context of its own has a time-out, and that ends what it calls too. The work may be
 * done more than once.
 */
export function callWithin<Result>(work: () => Result): Result {
  // Node ends the process when it cannot create the thread of the time-out.
  if ((freeTasks(minFreeTasks) ?? minFreeTasks) < minFreeTasks)
    throw new TimeLimitError('No thread can be created for a time-out.');
  if (!isContext) createContext(context);
  isContext = true;
  for (let attempt = 1; ; attempt += 1) {
    const before = process.cpuUsage();
    try {
      context.work = work;
      return script.runInContext(context, { timeout: limitMs }) as Result;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const { user, system } = process.cpuUsage(before);
      // The time-out counts wall-clock time, in which other processes may have had the processor.
      const hadTime = (user + system) / 1000 > limitMs / 2;
      if (hadTime || attempt === maxAttempts)
        throw new TimeLimitError(`It has not ended within ${limitMs} ms.`, { cause: error });
    } finally {
      delete context.work;
    }
  }
}

function isTimeout(error: unknown): boolean {
  // The error may be one of the other context.
  return types.isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
