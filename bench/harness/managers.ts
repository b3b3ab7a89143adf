import { startBare, killGroup, type BareRun } from './bare.js';
import type { Fleet } from './fleet.js';
import type { Setup } from './setup.js';
import { Window } from './window.js';

/** One who runs many servers. */
export interface Manager {
  readonly name: string;
  /** Puts in place what is there before the servers are started. */
  prepare?(): Promise<void>;
  /** Has the servers started; may resolve before or after they listen. */
  start(): Promise<unknown>;
  /** Has them stopped; may resolve before or after they are dead. */
  stop(): Promise<unknown>;
  /** Leaves nothing behind. */
  close(): Promise<void>;
}

export type MakeManager = (fleet: Fleet, setup: Setup) => Manager;

/** A terminal for each server, and a signal to its group. */
export function byHand(fleet: Fleet): Manager {
  let runs: BareRun[] = [];
  return {
    name: 'node-pty by hand',
    start: () => {
      runs = fleet.commands.map((command) => startBare(command, fleet.env));
      return Promise.resolve();
    },
    stop: () => {
      for (const { pid } of runs) killGroup(pid);
      return Promise.all(runs.map(({ ended }) => ended));
    },
    close: () => Promise.resolve(),
  };
}

/** The registry, the lifecycle and a process host that runs already, as from the second start of a window on. */
export function ours(fleet: Fleet): Manager {
  return { ...oursCold(fleet, true), name: 'ours' };
}

/** The same with the start of the process host. */
export function oursWithHost(fleet: Fleet): Manager {
  return { ...oursCold(fleet, false), name: 'ours, with the start of the process host' };
}

function oursCold(fleet: Fleet, isWarm: boolean): Omit<Manager, 'name'> {
  const window = new Window();
  return {
    prepare: async () => {
      await window.define(fleet.commands);
      if (isWarm) await window.warmUp();
    },
    start: () => {
      const { servers } = window.registry.current;
      return Promise.all(servers.map(({ definition }) => window.lifecycle.start(definition.id)));
    },
    stop: () => window.stops.stopEverything(),
    close: () => window.close(),
  };
}
