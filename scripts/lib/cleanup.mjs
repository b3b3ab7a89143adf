// @ts-check
// Whatever a script starts or creates is registered here, so that an interrupt undoes it as an ordinary end does.

/** @typedef {() => void | Promise<void>} CleanupTask */

/** @type {Set<CleanupTask>} */
const tasks = new Set();

/** @type {Partial<Record<NodeJS.Signals, number>>} */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** @type {Promise<void> | undefined} */
let running;

/**
 * Runs `task` when the script ends or is interrupted. Returns a function that runs it now instead.
 * @param {CleanupTask} task
 * @returns {() => Promise<void>}
 */
export function onExit(task) {
  tasks.add(task);
  return async () => {
    if (tasks.delete(task)) await task();
  };
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
    tasks.delete(task);
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
    console.error(messageOf(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  } finally {
    await cleanUp();
  }
}

/** @param {number | undefined} number nothing when the signal is no failure */
async function endBySignal(number) {
  await cleanUp();
  process.exit(number === undefined ? process.exitCode : 128 + number);
}

/** A mistake in how a script was called: exit code 2. */
export class UsageError extends Error {}
