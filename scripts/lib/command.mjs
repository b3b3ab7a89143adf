// @ts-check
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { isInterrupted, onExit } from './cleanup.mjs';
import { reapOnExit } from './reaper.mjs';
import { endRun, runMarker } from './processes.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 */

/** Time that an interrupted script of this project may take to clean up. */
const scriptGraceMs = 20_000;
/** An interrupted installation is killed at once: it starts over the next time, so it need not clean up. */
const installGraceMs = 0;

/** npm is a script on Windows, which only a shell can start. */
const needsShell = process.platform === 'win32';

/**
 * Runs a command with its output in a log file. If it fails, throws an error that names the log and shows its end.
 * @param {string} step the action of the command, for the error
 * @param {string[]} command
 * @param {CommandOptions & { log: string }} options
 */
export async function runLogged(step, command, { log, ...options }) {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'a');
  try {
    writeSync(output, `\n> ${command.join(' ')}\n`);
    const code = await run(command, options, ['ignore', output, output], installGraceMs);
    if (code !== 0) throw new Error(`${step} failed (exit code ${code}). Log: ${log}\n${lastLines(log, 15)}`);
  } finally {
    closeSync(output);
  }
}

/**
 * Runs a script of this project with its output in a file, and returns its exit code.
 * @param {string[]} command
 * @param {CommandOptions & { log: string }} options
 */
export async function runToFile(command, { log, ...options }) {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'w');
  try {
    return await run(command, options, ['ignore', output, output], scriptGraceMs);
  } finally {
    closeSync(output);
  }
}

/**
 * Runs a command that shares this script's terminal, and returns its exit code.
 * @param {string[]} command
 * @param {CommandOptions} [options]
 */
export function runVisible(command, options = {}) {
  return run(command, options, 'inherit', scriptGraceMs);
}

/**
 * @param {string[]} command
 * @param {CommandOptions} options
 * @param {import('node:child_process').StdioOptions} stdio
 * @param {number} graceMs how long the command may take to end when this script is interrupted
 * @returns {Promise<number>}
 */
async function run(command, { env = process.env, ...options }, stdio, graceMs) {
  throwIfInterrupted();
  const [file = '', ...args] = needsShell ? command.map(quote) : command;
  const marker = randomUUID();
  const child = spawn(file, args, {
    ...options,
    env: { ...env, [runMarker]: marker },
    stdio,
    shell: needsShell,
    // In its own process group, so that an interrupt reaches the processes that the command has started.
    detached: !needsShell,
  });
  const exited = exitCode(child, file);
  const { pid } = child;
  if (pid === undefined) return exited;
  const release = reapOnExit({ root: pid, marker, graceMs });
  const stop = onExit(async () => {
    if (child.exitCode === null && child.signalCode === null) await endRun(pid, marker, graceMs);
    release();
  });
  try {
    return await exited;
  } finally {
    await stop();
    throwIfInterrupted();
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} file
 * @returns {Promise<number>} the exit code, as a shell reports it
 */
function exitCode(child, file) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`Cannot run ${file}: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** Prevents an interrupted script from starting its next step during the clean-up. */
function throwIfInterrupted() {
  if (isInterrupted()) throw new Error('Interrupted');
}

/** @param {string} argument */
const quote = (argument) => (/\s/.test(argument) ? `"${argument}"` : argument);

/**
 * Returns the last lines of a text file.
 * @param {string} file
 * @param {number} count
 */
function lastLines(file, count) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
