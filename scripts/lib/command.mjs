// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { onExit } from './cleanup.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 */

/** How long an interrupted command may take to clean up after itself. */
const forceAfterMs = 20_000;

/** npm is a script on Windows, which only a shell can start. */
const needsShell = process.platform === 'win32';

/**
 * Runs a command with its output in a log file. Throws an error that names the log and shows its end.
 * @param {string} what what the command does, for the error
 * @param {string[]} command
 * @param {CommandOptions & { log: string }} options
 */
export async function runLogged(what, command, { log, ...options }) {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'a');
  try {
    writeSync(output, `\n> ${command.join(' ')}\n`);
    const code = await run(command, options, ['ignore', output, output]);
    if (code !== 0) throw new Error(`${what} failed (exit code ${code}). Log: ${log}\n${lastLines(log, 15)}`);
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
  return run(command, options, 'inherit');
}

/**
 * @param {string[]} command
 * @param {CommandOptions} options
 * @param {import('node:child_process').StdioOptions} stdio
 * @returns {Promise<number>}
 */
async function run(command, options, stdio) {
  const [file = '', ...args] = needsShell ? command.map(quote) : command;
  // In a process group of its own, so that an interrupt reaches what the command itself has started.
  const child = spawn(file, args, { ...options, stdio, shell: needsShell, detached: !needsShell });
  const ended = new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`Cannot run ${file}: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? `signal ${signal}`));
  });
  const stop = onExit(() => endChild(child, ended));
  try {
    return await ended;
  } finally {
    await stop();
  }
}

/** @param {string} word */
const quote = (word) => (/\s/.test(word) ? `"${word}"` : word);

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {Promise<unknown>} ended
 */
async function endChild(child, ended) {
  signalGroup(child, 'SIGTERM');
  const forceTimer = setTimeout(() => signalGroup(child, 'SIGKILL'), forceAfterMs);
  await ended.catch(() => undefined);
  clearTimeout(forceTimer);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (needsShell) child.kill(signal);
  else process.kill(-child.pid, signal);
}

/**
 * The end of a text file.
 * @param {string} file
 * @param {number} count
 */
function lastLines(file, count) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
