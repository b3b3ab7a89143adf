// @ts-check
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { isInterrupted, onExit } from './cleanup.mjs';
import { guard } from './guardian.mjs';
import { endFamily, runMarker } from './processes.mjs';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 */

/** How long an interrupted script of ours may take to clean up after itself. */
const scriptGraceMs = 20_000;
/** What an interrupted installation has done so far is void anyway, and undoing it would only get in the way. */
const installGraceMs = 0;

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
    const code = await run(command, options, ['ignore', output, output], installGraceMs);
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
  return run(command, options, 'inherit', scriptGraceMs);
}

/**
 * @param {string[]} command
 * @param {CommandOptions} options
 * @param {import('node:child_process').StdioOptions} stdio
 * @param {number} graceMs how long it may take to end when this script is interrupted
 * @returns {Promise<number>}
 */
async function run(command, { env = process.env, ...options }, stdio, graceMs) {
  refuseWhenInterrupted();
  const [file = '', ...args] = needsShell ? command.map(quote) : command;
  const marker = randomUUID();
  const child = spawn(file, args, {
    ...options,
    env: { ...env, [runMarker]: marker },
    stdio,
    shell: needsShell,
    // In a process group of its own, so that an interrupt reaches what the command itself has started.
    detached: !needsShell,
  });
  const ended = endOf(child, file);
  const { pid } = child;
  if (pid === undefined) return ended;
  const release = guard({ root: pid, marker, graceMs });
  const stop = onExit(async () => {
    if (child.exitCode === null && child.signalCode === null) await endFamily(pid, marker, graceMs);
    release();
  });
  try {
    return await ended;
  } finally {
    await stop();
    refuseWhenInterrupted();
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} file
 * @returns {Promise<number>} the exit code, as a shell would give it
 */
function endOf(child, file) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`Cannot run ${file}: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** Keeps an interrupted script from going on with its next step while it is being cleaned up. */
function refuseWhenInterrupted() {
  if (isInterrupted()) throw new Error('Interrupted');
}

/** @param {string} word */
const quote = (word) => (/\s/.test(word) ? `"${word}"` : word);

/**
 * The end of a text file.
 * @param {string} file
 * @param {number} count
 */
function lastLines(file, count) {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
