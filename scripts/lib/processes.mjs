// @ts-check
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * @typedef {object} ProcessInfo
 * @property {number} pid
 * @property {number} parent
 * @property {number} group
 * @property {string} command
 */

/** Variable that all processes of a run inherit, so that Linux finds them even if they have left the process tree. */
export const runMarker = 'DEV_SERVER_REGISTRY_RUN';

/** Name of the program that cleans up after a killed script. */
export const reaperProgram = 'reaperProcess.mjs';

const pollMs = 50;
const forcedEndMs = 3_000;

/** Lists the live processes; zombies are left out. */
function listProcesses() {
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

/** @returns {ProcessInfo[]} */
function listFromProc() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProc(Number(name)) ?? []);
}

/**
 * @param {number} pid
 * @returns {ProcessInfo | undefined}
 */
function readProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses, which may itself contain spaces and parentheses.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, parent: Number(parent), group: Number(group), command };
  } catch {
    return undefined;
  }
}

/** @returns {ProcessInfo[]} */
function listFromPs() {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,command='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, command] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), command }];
  });
}

/**
 * Finds the processes of a run: the process `root`, its descendants, its group, and all processes with the run's marker.
 * @param {number | undefined} root `undefined` for a run that only its marker tells
 * @param {string} marker
 */
export function findRun(root, marker) {
  const all = listProcesses().filter(({ pid }) => pid !== process.pid);
  const run = new Set(root === undefined ? [] : [root]);
  for (const entry of all) if (entry.group === root || hasMarker(entry.pid, marker)) run.add(entry.pid);
  for (let size = 0; size !== run.size;) {
    size = run.size;
    for (const entry of all) if (run.has(entry.parent)) run.add(entry.pid);
  }
  return all.filter(({ pid }) => run.has(pid));
}

/**
 * @param {number} pid
 * @param {string} marker
 */
function hasMarker(pid, marker) {
  if (process.platform !== 'linux') return false;
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${runMarker}=${marker}\0`);
  } catch {
    return false;
  }
}

/**
 * Ends the processes of a run: signals the root, waits until all have ended, and kills the survivors.
 * Returns the processes that had to be killed. Throws an error if a process survives that.
 * @param {number | undefined} root `undefined` for a run that only its marker tells
 * @param {string} marker
 * @param {number} graceMs
 * @param {{ killsLoneRoot?: boolean }} [options] `killsLoneRoot` kills a root that has outlived all its processes, and
 *   does not count it among the killed
 * @returns {Promise<ProcessInfo[]>}
 */
export async function endRun(root, marker, graceMs, { killsLoneRoot = false } = {}) {
  if (process.platform === 'win32') return root === undefined ? [] : endTree(root);
  const known = findRun(root, marker);
  if (root !== undefined) signal(root, 'SIGTERM');
  const survivors = await waitForEnd(() => {
    const alive = stillAlive(root, marker, known);
    if (killsLoneRoot && root !== undefined && alive.every(({ pid }) => pid === root))
      signal(root, 'SIGKILL');
    return alive;
  }, graceMs);
  if (survivors.length === 0) return [];
  const unkillable = await waitForEnd(() => {
    // A reaper exits by itself, after it has stopped the processes that the killed ones left behind.
    const alive = stillAlive(root, marker, known).filter(({ command }) => !command.includes(reaperProgram));
    for (const { pid } of alive) signal(pid, 'SIGKILL');
    return alive;
  }, forcedEndMs);
  if (unkillable.length > 0)
    throw new Error(`Processes that cannot be killed:\n${formatProcesses(unkillable)}`);
  return survivors;
}

/**
 * Kills a process tree on Windows, which cannot ask a program without a window to end.
 * @param {number} root
 */
function endTree(root) {
  spawnSync('taskkill', ['/pid', String(root), '/T', '/F'], { stdio: 'ignore' });
  return [];
}

/**
 * Finds the processes of a run that are still alive. A process that has left the tree has no link to the root anymore, so
 * known processes are found by pid and command. If the command differs, the pid belongs to another process now.
 * @param {number | undefined} root
 * @param {string} marker
 * @param {ProcessInfo[]} known
 */
function stillAlive(root, marker, known) {
  const run = findRun(root, marker);
  const seen = new Set(run.map(({ pid }) => pid));
  const moved = listProcesses().filter(
    (entry) =>
      !seen.has(entry.pid) &&
      known.some(({ pid, command }) => pid === entry.pid && command === entry.command),
  );
  return [...run, ...moved];
}

/**
 * @param {() => ProcessInfo[]} list
 * @param {number} limitMs
 */
async function waitForEnd(list, limitMs) {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const startedMs = performance.now();
    const alive = list();
    if (alive.length === 0 || Date.now() >= deadline) return alive;
    // Reading all processes takes long on a busy machine, and must not make it busier.
    await delay(Math.max(pollMs, 10 * (performance.now() - startedMs)));
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // The process has exited in the meantime.
  }
}

/**
 * Formats processes for a message, one per line.
 * @param {ProcessInfo[]} processes
 */
export function formatProcesses(processes) {
  return processes.map(({ pid, command }) => `  ${pid} ${command.slice(0, 160)}`).join('\n');
}
