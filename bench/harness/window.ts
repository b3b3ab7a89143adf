import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrderedStop } from '../../src/core/dependencies/orderedStop.js';
import type { Lifecycle } from '../../src/core/lifecycle/lifecycle.js';
import type { StopPlan } from '../../src/core/server/overrides.js';
import { readyRule } from '../../src/core/readiness/readyRule.js';
import type { Registry } from '../../src/core/registry/registry.js';
import type { ServerDefinition } from '../../src/core/server/definition.js';
import type { RunId } from '../../src/core/server/state.js';
import type { HostClient } from '../../src/host/client/hostClient.js';
import { createHostedRegistry } from '../../test/support/hostedRegistry.js';
import { hostPath } from './setup.js';
import type { ServerId } from '../../src/core/server/identity.js';
import { isIdle } from '../../src/core/server/stateQueries.js';

const logBytes = 10 * 1024 * 1024;

/** Command of a server: a program and its arguments. */
export type Command = readonly [string, ...string[]];

/**
 * The extension without its user interface, but with a real process host, connected as in
 * `src/composition/services.ts`.
 */
export class Window {
  readonly folder = mkdtempSync(join(tmpdir(), 'dev-servers-bench-'));
  readonly errors: string[] = [];
  readonly registry: Registry;
  readonly processes: HostClient;
  readonly lifecycle: Lifecycle;
  readonly stops: OrderedStop;

  constructor(stopPlan: StopPlan = { signal: 'SIGTERM', graceMs: 5000 }) {
    const log = { info: () => undefined, error: (message: string) => this.errors.push(message) };
    const { registry, processes, lifecycle } = createHostedRegistry({
      hostPath,
      ledgerFolder: join(this.folder, 'ledger'),
      logs: { folder: join(this.folder, 'logs'), maxBytes: () => logBytes },
      log,
      stopPlan,
    });
    this.registry = registry;
    this.processes = processes;
    this.lifecycle = lifecycle;
    this.stops = new OrderedStop({ registry: this.registry, lifecycle: this.lifecycle });
  }

  /** Defines a server for each command and returns their ids. */
  async define(commands: readonly Command[]): Promise<ServerId[]> {
    const definitions = commands.map((command, index) => definition(`server-${index}`, command));
    await this.registry.define(definitions);
    return definitions.map(({ id }) => id);
  }

  /** Starts the process host, as the first start in a window does. */
  async warmUp(): Promise<void> {
    const runId = await this.start(['/bin/sleep', '1000']);
    await this.stop(runId);
  }

  /** Starts a run without the registry. The runs of one server share a log. */
  async start(
    [file, ...args]: Command,
    runId: RunId = this.processes.newRunId(),
    serverId: ServerId = 'bench',
  ): Promise<RunId> {
    const command = { kind: 'argv', file, args } as const;
    const ready = readyRule(undefined, undefined);
    await this.processes.start({
      runId,
      serverId,
      command,
      cwd: '/',
      env: {},
      port: undefined,
      ready,
    });
    return runId;
  }

  /** Resolves with the pid of a run when the process host reports it. The registry receives it at the same time. */
  whenSpawned(runId: RunId): Promise<number> {
    return new Promise((resolve) => {
      const stop = this.processes.onEvent((event) => {
        if (event.kind !== 'spawned' || event.runId !== runId) return;
        stop();
        resolve(event.process.pid);
      });
    });
  }

  async stop(runId: RunId): Promise<void> {
    await this.processes.stop({ runId, signal: 'SIGTERM', graceMs: 5000 });
    this.processes.forget(runId);
  }

  /** Resolves when the registry meets the condition. */
  until(condition: (registry: Registry) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition(this.registry)) return;
        stop();
        resolve();
      };
      const stop = this.registry.onDidChange(check);
      check();
    });
  }

  get running(): number {
    return this.registry.current.servers.filter(({ state }) => !isIdle(state)).length;
  }

  async close(): Promise<void> {
    await this.lifecycle.cleanup();
    await this.processes.dispose();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    for (const error of this.errors) console.error(error);
  }
}

export function definition(id: ServerId, [file, ...args]: Command): ServerDefinition {
  return {
    id,
    name: id,
    folder: 'bench',
    subfolder: '',
    command: { kind: 'argv', file, args },
    cwd: '/',
    env: {},
    port: undefined,
    source: 'settings',
  };
}
