// @ts-check
import { spawn } from 'node:child_process';
import { fromRoot } from './paths.mjs';

/**
 * @typedef {{ folder: string } | { root: number, marker: string, graceMs: number }} Charge a temporary folder,
 *   or a process and all that carries its marker
 */

/**
 * @typedef {object} Guardian
 * @property {import('node:stream').Writable} input
 * @property {number} count
 */

/** @type {Guardian | undefined} */
let guardian;

/**
 * Has something ended or removed even when this script is killed and can do nothing any more: a small process of its
 * own notices that. Returns a function that takes the charge back.
 * @param {Charge} charge
 */
export function guard(charge) {
  guardian ??= startGuardian();
  const { input } = guardian;
  const id = guardian.count++;
  input.write(`${JSON.stringify({ id, charge })}\n`);
  return () => {
    input.write(`${JSON.stringify({ id })}\n`);
  };
}

/** @returns {Guardian} */
function startGuardian() {
  // Detached: an interrupt for the group of this script, or its terminal being closed, must not reach it.
  const child = spawn(process.execPath, [fromRoot('scripts', 'lib', 'guardianProcess.mjs')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.unref();
  const input = /** @type {import('node:net').Socket} */ (child.stdin);
  // It must not keep the script alive, and its absence must not end the script.
  input.unref();
  input.on('error', () => undefined);
  return { input, count: 0 };
}
