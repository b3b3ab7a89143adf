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

/** Every process started for one run inherits this variable, so Linux can name them even when they left the tree. */
export const runMarker = 'DEV_SERVER_REGISTRY_RUN';

const pollMs = 50;
const forcedEndMs = 3_000;

/** All live processes; those that ended and wait for their parent are left out. */
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
    // The second field is the name in parentheses and may itself hold spaces and parentheses.
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
 * The process `root`, what descends from it or shares its group, and what carries the run's marker.
 * @param {number} root
 * @param {string} marker
 */
export function findFamily(root, marker) {
  const all = listProcesses().filter(({ pid }) => pid !== process.pid);
  const family = new Set([root]);
  for (const entry of all) if (entry.group === root || hasMarker(entry.pid, marker)) family.add(entry.pid);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const entry of all) if (family.has(entry.parent)) family.add(entry.pid);
  }
  return all.filter(({ pid }) => family.has(pid));
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
 * Ends a process and its whole family: asks the root, waits for all to end, and kills what is left.
 * Returns what had to be killed.
 * @param {number} root
 * @param {string} marker
 * @param {number} graceMs
 * @returns {Promise<ProcessInfo[]>}
 */
export async function endFamily(root, marker, graceMs) {
  if (process.platform === 'win32') return endTree(root);
  const known = findFamily(root, marker);
  signal(root, 'SIGTERM');
  const survivors = await waitForEnd(() => stillAlive(root, marker, known), graceMs);
  if (survivors.length === 0) return [];
  const left = await waitForEnd(() => {
    const alive = stillAlive(root, marker, known);
    for (const { pid } of alive) signal(pid, 'SIGKILL');
    return alive;
  }, forcedEndMs);
  if (left.length > 0) throw new Error(`Processes that cannot be killed:\n${describe(left)}`);
  return survivors;
}

/**
 * Windows knows no polite way to end a program without a window.
 * @param {number} root
 */
function endTree(root) {
  spawnSync('taskkill', ['/pid', String(root), '/T', '/F'], { stdio: 'ignore' });
  return [];
}

/**
 * A process that left the tree has no link to the root any more, so those known before are looked for by their pid;
 * the same command makes sure that the pid was not given to another process.
 * @param {number} root
 * @param {string} marker
 * @param {ProcessInfo[]} known
 */
function stillAlive(root, marker, known) {
  const family = findFamily(root, marker);
  const seen = new Set(family.map(({ pid }) => pid));
  const moved = listProcesses().filter(
    (entry) =>
      !seen.has(entry.pid) &&
      known.some(({ pid, command }) => pid === entry.pid && command === entry.command),
  );
  return [...family, ...moved];
}

/**
 * @param {() => ProcessInfo[]} look
 * @param {number} limitMs
 */
async function waitForEnd(look, limitMs) {
  const deadline = Date.now() + limitMs;
  let alive = look();
  while (alive.length > 0 && Date.now() < deadline) {
    await delay(pollMs);
    alive = look();
  }
  return alive;
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}

/**
 * One line per process, for a message.
 * @param {ProcessInfo[]} processes
 */
export function describe(processes) {
  return processes.map(({ pid, command }) => `  ${pid} ${command.slice(0, 160)}`).join('\n');
}
