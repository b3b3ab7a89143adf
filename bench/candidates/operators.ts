import type { BareRun } from './bare.js';
import { killGroup, startBare } from './bare.js';
import { Window, type Command } from '../harness/window.js';

/**
 * Starts and stops servers by index. It does nothing for a running server that is started, or a stopped one that is
 * stopped.
 */
export interface Operator {
  readonly name: string;
  start(server: number): Promise<unknown>;
  stop(server: number): Promise<unknown>;
  restart(server: number): Promise<unknown>;
  list(): Promise<unknown>;
  close(): Promise<void>;
}

/** Creates an operator with registry, lifecycle and all their locks. */
export async function locked(command: Command, servers: number): Promise<Operator> {
  const window = new Window();
  const ids = await window.define(Array.from({ length: servers }, () => command));
  await window.warmUp();
  const idOf = (server: number): string => ids[server % servers] ?? '';
  return {
    name: 'ours',
    start: (server) => window.lifecycle.start(idOf(server)),
    stop: (server) => window.lifecycle.stop(idOf(server)),
    restart: (server) => window.lifecycle.restart(idOf(server)),
    list: () => window.registry.snapshot(),
    close: () => window.close(),
  };
}

/** Creates an operator with the same process host and a map of the runs, without registry, locks or statistics. */
export async function unlocked(command: Command): Promise<Operator> {
  const window = new Window();
  await window.warmUp();
  return { ...mapped(window, command), name: 'process host without registry and locks' };
}

function mapped(window: Window, command: Command): Omit<Operator, 'name'> {
  const runs = new Map<number, string>();
  const start = async (server: number): Promise<void> => {
    if (runs.has(server)) return;
    const runId = window.processes.newRunId();
    runs.set(server, runId);
    await window.start(command, runId, `server-${server}`);
  };
  const stop = async (server: number): Promise<void> => {
    const runId = runs.get(server);
    runs.delete(server);
    if (runId !== undefined) await window.stop(runId);
  };
  return {
    start,
    stop,
    restart: (server) => stop(server).then(() => start(server)),
    list: () => Promise.resolve([...runs]),
    close: () => window.close(),
  };
}

/** Creates an operator that uses terminals and signals to their groups, in the calling process. */
export function bare(command: Command): Operator {
  const runs = new Map<number, BareRun>();
  const start = (server: number): Promise<void> => {
    if (!runs.has(server)) runs.set(server, startBare(command));
    return Promise.resolve();
  };
  const stop = async (server: number): Promise<void> => {
    const run = runs.get(server);
    runs.delete(server);
    if (!run) return;
    // A forked process that does not execute its program yet would handle a SIGTERM itself.
    killGroup(run.pid, 'SIGKILL');
    await run.ended;
  };
  return {
    name: 'node-pty by hand',
    start,
    stop,
    restart: (server) => stop(server).then(() => start(server)),
    list: () => Promise.resolve([...runs]),
    close: async () => void (await Promise.all([...runs.keys()].map(stop))),
  };
}

/** Runs the operations of each server one after another, with as little code as possible. */
export function chained(operator: Operator): Operator {
  const tails = new Map<number, Promise<unknown>>();
  const inTurn = (server: number, work: () => Promise<unknown>): Promise<unknown> => {
    const turn = (tails.get(server) ?? Promise.resolve()).then(work, work);
    tails.set(server, turn);
    return turn;
  };
  return {
    ...operator,
    start: (server) => inTurn(server, () => operator.start(server)),
    stop: (server) => inTurn(server, () => operator.stop(server)),
    restart: (server) => inTurn(server, () => operator.restart(server)),
  };
}
