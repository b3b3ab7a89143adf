// @ts-check
import { spawn } from 'node:child_process';
import { fromRoot } from './paths.mjs';
import { reaperProgram } from './processes.mjs';

/**
 * A temporary folder, or a process with its descendants and all processes that carry its marker.
 * @typedef {{ folder: string } | { root: number, marker: string, graceMs: number }} Resource
 */

/**
 * @typedef {object} Reaper
 * @property {import('node:stream').Writable} input
 * @property {number} nextId
 */

/** @type {Reaper | undefined} */
let reaper;

/**
 * Ends or removes a resource even if this script is killed and cannot clean up: a small separate process does it then.
 * Returns a function that releases the resource.
 * @param {Resource} resource
 */
export function reapOnExit(resource) {
  reaper ??= startReaper();
  const { input } = reaper;
  const id = reaper.nextId++;
  input.write(`${JSON.stringify({ id, resource })}\n`);
  return () => {
    input.write(`${JSON.stringify({ id })}\n`);
  };
}

/** @returns {Reaper} */
function startReaper() {
  // Detached: it must survive an interrupt of the process group of this script, and the closing of its terminal.
  const child = spawn(process.execPath, [fromRoot('scripts', 'lib', reaperProgram)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  const input = /** @type {import('node:net').Socket} */ (child.stdin);
  // It must not keep the script alive, and the script must survive its absence.
  input.unref();
  input.on('error', () => undefined);
  return { input, nextId: 0 };
}
