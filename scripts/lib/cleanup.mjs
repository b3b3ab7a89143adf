// @ts-check
// Registers everything that a script starts or creates, so that an interrupt cleans up as a normal exit does.

/** @type {Set<() => Promise<unknown>>} */
const tasks = new Set();

/** @type {Partial<Record<NodeJS.Signals, number>>} */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** @type {Promise<void> | undefined} */
let running;

let interrupted = false;

/** Returns whether a signal has asked this script to exit. Then nothing new may start, and failures are expected. */
export const isInterrupted = () => interrupted;

/**
 * Runs `task` once: when the script ends or is interrupted, or earlier by the returned function. Each call of that
 * function returns the same result.
 * @template T
 * @param {() => T | Promise<T>} task
 * @returns {() => Promise<T>}
 */
export function onExit(task) {
  /** @type {Promise<T> | undefined} */
  let result;
  const runOnce = async () => {
    try {
      return await task();
    } finally {
      // Only now, because an interrupt in the meantime must wait for the task.
      tasks.delete(run);
    }
  };
  const run = () => {
    result ??= runOnce();
    return result;
  };
  tasks.add(run);
  return run;
}

/** Runs all registered tasks, the newest first. If one fails, the others still run. */
export function cleanUp() {
  running ??= runTasks().finally(() => {
    running = undefined;
  });
  return running;
}

async function runTasks() {
  for (const task of [...tasks].toReversed()) {
    try {
      await task();
    } catch (error) {
      console.error(`Clean-up failed: ${messageOf(error)}`);
      process.exitCode = 1;
    }
  }
}

/**
 * Returns the message of a thrown value.
 * @param {unknown} error
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Runs a script and cleans up after it. Prints an error without its stack.
 * @param {() => Promise<number>} main returns the exit code
 * @param {{ runsUntilInterrupt?: boolean }} [options] `runsUntilInterrupt` means that Ctrl+C is the normal end
 */
export async function runScript(main, { runsUntilInterrupt = false } = {}) {
  for (const signal of /** @type {NodeJS.Signals[]} */ (Object.keys(signalNumbers))) {
    const number = signal === 'SIGINT' && runsUntilInterrupt ? undefined : signalNumbers[signal];
    process.on(signal, () => void endBySignal(number));
  }
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!interrupted) console.error(messageOf(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  } finally {
    await cleanUp();
  }
}

/** @param {number | undefined} number `undefined` if the signal is the normal end */
async function endBySignal(number) {
  interrupted = true;
  await cleanUp();
  process.exit(number === undefined ? process.exitCode : 128 + number);
}

/** Invalid arguments of a script, which then exits with code 2. */
export class UsageError extends Error {}
