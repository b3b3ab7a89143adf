// @ts-check
// Whatever a script starts or creates is registered here, so that an interrupt undoes it as an ordinary end does.

/** @type {Set<() => Promise<unknown>>} */
const tasks = new Set();

/** @type {Partial<Record<NodeJS.Signals, number>>} */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** @type {Promise<void> | undefined} */
let running;

let interrupted = false;

/** Whether a signal ends this script: then nothing new may start, and what fails is no news. */
export const isInterrupted = () => interrupted;

/**
 * Runs `task` once: when the script ends or is interrupted, or earlier by the returned function, which gives its
 * result to everybody who asks.
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
      // Not before it is done: an interrupt meanwhile has to wait for it.
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

/** Runs everything registered, the newest first; one failure does not keep the others from running. */
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
 * The text to show a person for something that was thrown.
 * @param {unknown} error
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Runs a script: its result is the exit code, an error is printed without a stack, and everything is cleaned up.
 * @param {() => Promise<number>} main
 * @param {{ runsUntilInterrupt?: boolean }} [options] whether Ctrl+C is the ordinary end of this script
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

/** @param {number | undefined} number nothing when the signal is no failure */
async function endBySignal(number) {
  interrupted = true;
  await cleanUp();
  process.exit(number === undefined ? process.exitCode : 128 + number);
}

/** A mistake in how a script was called: exit code 2. */
export class UsageError extends Error {}
