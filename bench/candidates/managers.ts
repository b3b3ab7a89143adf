import { startBare, killGroup, type BareRun } from './bare.js';
import type { Fleet } from '../harness/fleet.js';
import type { Setup } from '../harness/setup.js';
import { Window } from '../harness/window.js';

/** A program that runs many servers. */
export interface Manager {
  readonly name: string;
  /** Prepares the manager before the servers are started. */
  prepare?(): Promise<void>;
  /** Starts the servers; may resolve before or after they listen. */
  start(): Promise<unknown>;
  /** Stops the servers; may resolve before or after they are dead. */
  stop(): Promise<unknown>;
  /** Shuts down the manager and removes its files. */
  close(): Promise<void>;
}

export type MakeManager = (fleet: Fleet, setup: Setup) => Manager;

/** Starts each server in a terminal, and stops it by a signal to its group. */
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

/** Registry and lifecycle with a running process host, as for every start in a window but the first. */
export function ours(fleet: Fleet): Manager {
  return { ...oursWith(fleet, { isWarm: true }), name: 'ours' };
}

/** Registry and lifecycle, including the start of the process host. */
export function oursWithHost(fleet: Fleet): Manager {
  return { ...oursWith(fleet, { isWarm: false }), name: 'ours, with the start of the process host' };
}

function oursWith(fleet: Fleet, { isWarm }: { readonly isWarm: boolean }): Omit<Manager, 'name'> {
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
