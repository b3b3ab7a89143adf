import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import type { RunId } from '../../src/core/server/state.js';
import { isPortFree, reserveBlock } from '../../scripts/lib/ports.mjs';

/**
 * Returns the pids of live processes with this text in their environment. As the oracle of the tests, it reads the
 * system directly and shares no code with the code under test. macOS hides the environments of its own programs, so
 * there it sees less.
 */
export function pidsWith(text: string): number[] {
  return live()
    .filter(({ environment }) => environment().includes(text))
    .map(({ pid }) => pid);
}

/** Returns the text with which the markers of all processes of a window begin, given one of its runs. */
export function windowIdOf(runId: RunId): string {
  return runId.replace(/-[^-]+$/, '');
}

/** Returns those of the same processes that do not lead a session, as the shell above each server does. */
export function serverPidsWith(text: string): number[] {
  return live()
    .filter(({ environment, isSessionLeader }) => environment().includes(text) && !isSessionLeader())
    .map(({ pid }) => pid);
}

interface LiveProcess {
  readonly pid: number;
  readonly isSessionLeader: () => boolean;
  readonly environment: () => string;
}

function live(): LiveProcess[] {
  if (process.platform === 'win32') throw new Error('Windows does not show the environments of processes.');
  if (process.platform === 'darwin') return liveByPs();
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !isZombie(name))
    .map((name) => ({
      pid: Number(name),
      isSessionLeader: () => isLeader(name),
      environment: () => environmentOf(name),
    }));
}

function liveByPs(): LiveProcess[] {
  const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const text = execFileSync('/bin/ps', ['-axww', '-E', '-o', 'pid=,stat=,command='], options);
  return text.split('\n').flatMap((line) => {
    const [, pid, state = 'Z', rest = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (state.startsWith('Z')) return [];
    return { pid: Number(pid), isSessionLeader: () => state.includes('s'), environment: () => rest };
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform === 'win32') return true;
    return process.platform === 'darwin'
      ? liveByPs().some((each) => each.pid === pid)
      : isProcess(pid) && !isZombie(String(pid));
  } catch {
    return false;
  }
}

/** Kills processes. Ignores those that have already ended. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (isAlive(pid)) throw error;
    }
  }
}

/** Ends a wait that hangs, milliseconds: before the limit of the test, whose message would name no condition. */
const waitLimitMs = 240_000;

/** Maximum time between two checks of a condition, milliseconds. */
const maxPauseMs = 1000;

/** Resolves when the condition holds. Rejects with the description if it does not within the time limit. */
export async function until(
  description: string | (() => string),
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const startedMs = performance.now();
  for (;;) {
    const before = process.cpuUsage();
    if (await condition()) return;
    const waitedMs = performance.now() - startedMs;
    if (waitedMs > waitLimitMs) {
      const text = typeof description === 'string' ? description : description();
      throw new Error(`Not within ${waitLimitMs} ms: ${text}`);
    }
    const { user, system } = process.cpuUsage(before);
    // Reading all processes takes long on a busy machine, and must not add to its load. A long wait needs few checks.
    const pauseMs = Math.max(20, (4 * (user + system)) / 1000, waitedMs / 20);
    await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, maxPauseMs)));
  }
}

/** Distance of the ports that are handed out one after the other: a server may use the next free one. */
const portStep = 5;
let block: ReturnType<typeof reserveBlock> | undefined;
let offset = 0;

/** Returns a free port that no other test file uses, and that the system gives to no client. */
export async function freePort(): Promise<number> {
  const { first, size } = await (block ??= reserveBlock());
  for (let tried = 0; tried < size; tried += 1) {
    offset = (offset + portStep) % size;
    // The first port holds the block.
    if (offset !== 0 && (await isPortFree(first + offset))) return first + offset;
  }
  throw new Error(`No port from ${first} to ${first + size - 1} is free.`);
}

/** Binds a port and releases it again. Rejects if the port is in use. */
export function bind(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, exclusive: true }, () => server.close(() => resolve()));
  });
}

/** Connects to a server that may end, which can reset the connection. */
export async function connectTo(address: NetConnectOpts): Promise<Socket> {
  const socket = connect(address);
  await once(socket, 'connect');
  return socket.on('error', () => undefined);
}

/** Checks whether a server accepts connections. To bind the port instead could take it from a server that starts. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy().once('close', () => resolve(true)));
  });
}

/** Checks whether a port can be bound. */
export async function isFree(port: number): Promise<boolean> {
  try {
    await bind(port);
    return true;
  } catch {
    return false;
  }
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

/** Index of the session in what `statOf` returns. */
const sessionField = 3;

/** Returns the fields of `/proc/PID/stat` after the name of the program, the state first. Throws without the process. */
function statOf(pid: string): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
}

function isLeader(pid: string): boolean {
  try {
    return statOf(pid)[sessionField] === pid;
  } catch {
    return true;
  }
}

/** Distinguishes a process from a thread of another one, which may have got the number of a process that has ended. */
function isProcess(pid: number): boolean {
  return readFileSync(`/proc/${pid}/status`, 'latin1').includes(`\nTgid:\t${pid}\n`);
}

function isZombie(pid: string): boolean {
  try {
    // The system reports a process as a zombie even if only its first thread has ended.
    const [state] = statOf(pid);
    return state === 'X' || (state === 'Z' && readdirSync(`/proc/${pid}/task`).length <= 1);
  } catch {
    return true;
  }
}
