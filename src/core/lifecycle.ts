import { ServerError, toServerError } from './errors.js';
import { OperationLanes } from './locks.js';
import type { Clock, Log, NewRunId, ProcessEvent, ProcessPort, StopPolicy, StopReport } from './ports.js';
import type { Registry, ServerRecord } from './registry.js';
import { commandText, type ServerDefinition, type ServerId } from './server.js';
import { isIdle, runIdOf, type RunId, type ServerEvent, type Survivor } from './serverState.js';
import type { StopPlan } from './stopPlan.js';

/** What became of a start, stop or restart; failures are thrown as `ServerError`. */
export type Outcome =
  | { readonly kind: 'started' }
  | { readonly kind: 'alreadyRunning' }
  | { readonly kind: 'stopped'; readonly forced: boolean; readonly busyPorts: readonly number[] }
  | { readonly kind: 'notRunning' };

/** What clean-up could not end. */
export interface CleanupReport {
  readonly survivors: readonly { readonly id: ServerId; readonly processes: readonly Survivor[] }[];
}

export interface LifecyclePorts {
  readonly registry: Registry;
  readonly processes: ProcessPort;
  readonly stopPolicy: StopPolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly newRunId: NewRunId;
}

/** The longest polite wait of a clean-up: the editor gives all extensions together five seconds to end. */
const cleanupGraceMs = 2000;

/**
 * Starts, stops and restarts servers. Operations on one server run one after the other, on different servers side by
 * side; the same operation called twice at once is one operation.
 */
export class Lifecycle {
  readonly #lanes = new OperationLanes<Outcome>();
  readonly #serverOfRun = new Map<RunId, ServerId>();
  #cleanup: Promise<CleanupReport> | undefined;

  constructor(private readonly ports: LifecyclePorts) {
    ports.processes.onEvent((event) => this.#onProcessEvent(event));
  }

  /**
   * Resolves when the process exists, or at once when it runs already; not when the server is ready.
   * Throws `closed`, `untrusted`, `limit`, `spawnFailed`, `hostLost`, `survivors` or `unknownServer`.
   */
  start(id: ServerId): Promise<Outcome> {
    return this.#lanes.run(id, 'start', () => this.#start(id));
  }

  /** Resolves when every process of the server is verified dead. Throws `survivors`, `hostLost` or `unknownServer`. */
  stop(id: ServerId): Promise<Outcome> {
    return this.#lanes.run(id, 'stop', () => this.#stop(id));
  }

  /** A verified stop, then a start, with no other operation on the server between them. Throws what these throw. */
  restart(id: ServerId): Promise<Outcome> {
    return this.#lanes.run(id, 'restart', async () => {
      await this.#stop(id);
      return this.#start(id);
    });
  }

  /**
   * Stops everything that runs or was asked to start before this call, side by side. Throws nothing: what failed is in
   * the results, in no particular order.
   */
  stopAll(): Promise<PromiseSettledResult<Outcome>[]> {
    const ids = this.ports.registry.current.servers
      .filter(({ definition, state }) => !isIdle(state) || this.#lanes.isBusy(definition.id))
      .map(({ definition }) => definition.id);
    return Promise.allSettled(ids.map((id) => this.stop(id)));
  }

  /**
   * Closes the registry for good and ends everything, starts under way included. Resolves when every tree is verified
   * dead or reported as a survivor. Calling it again gives the same report.
   */
  cleanup(): Promise<CleanupReport> {
    this.#cleanup ??= this.#closeAndStopAll();
    return this.#cleanup;
  }

  async #start(id: ServerId): Promise<Outcome> {
    const { state, definition } = this.ports.registry.get(id);
    if (state.kind === 'stopFailed') throw survivorsError(definition, state.survivors);
    if (!isIdle(state)) return { kind: 'alreadyRunning' };
    const runId = this.ports.newRunId(id);
    await this.ports.registry.reserve(id, runId);
    this.#serverOfRun.set(runId, id);
    // The definition may have changed while the start waited for its place.
    const { command, cwd, env, port } = this.ports.registry.get(id).definition;
    try {
      await this.ports.processes.start({ runId, serverId: id, command, cwd, env, port });
    } catch (thrown) {
      const error = toServerError(thrown, 'spawnFailed');
      await this.#fail(runId, error);
      throw error;
    }
    // The events of the start were delivered before it resolved, so they are applied when this is.
    await this.ports.registry.snapshot();
    return { kind: 'started' };
  }

  async #stop(id: ServerId): Promise<Outcome> {
    const record = this.ports.registry.get(id);
    const runId = runIdOf(record.state);
    if (!runId || !(await this.#beginStop(id, runId))) return { kind: 'notRunning' };
    const report = await this.#stopProcesses(runId, record);
    if (report.survivors.length > 0) {
      await this.#settle(runId, { kind: 'survived', runId, survivors: report.survivors });
      throw survivorsError(record.definition, report.survivors);
    }
    await this.#settle(runId, { kind: 'verifiedDead', runId });
    return { kind: 'stopped', forced: report.forced, busyPorts: report.busyPorts };
  }

  /** False when the server ended by itself in the meantime. */
  async #beginStop(id: ServerId, runId: RunId): Promise<boolean> {
    try {
      await this.ports.registry.dispatch(id, { kind: 'stop', runId });
      return true;
    } catch (error) {
      if (runIdOf(this.#stateOf(id)) !== runId) return false;
      throw error;
    }
  }

  /** What was not verified dead counts as alive, unless it is gone with its host. */
  async #stopProcesses(runId: RunId, record: ServerRecord): Promise<StopReport> {
    try {
      return await this.ports.processes.stop({ runId, ...this.#plan(record.definition) });
    } catch (thrown) {
      const error = toServerError(thrown, 'badRequest');
      if (error.reason !== 'hostLost') {
        this.ports.log.error(`${record.definition.id} could not be stopped`, error);
        return { forced: false, survivors: [rootOf(record)], busyPorts: [] };
      }
      await this.#fail(runId, error);
      throw error;
    }
  }

  async #closeAndStopAll(): Promise<CleanupReport> {
    const { servers } = await this.ports.registry.close();
    await Promise.allSettled(
      servers.filter(({ state }) => !isIdle(state)).map((record) => this.#cleanUp(record)),
    );
    return { survivors: (await this.ports.registry.snapshot()).servers.flatMap(survivorsOf) };
  }

  async #cleanUp({ definition, state }: ServerRecord): Promise<void> {
    // A stop under way may have more patience than there is time.
    if (state.kind === 'stopping') {
      const request = { runId: state.run.id, ...this.#plan(definition) };
      void this.ports.processes.stop(request).catch(() => undefined);
    }
    // Joins nothing: if the stop under way fails, this one tries again, and so knows what became of the haste.
    await this.#lanes.run(definition.id, 'cleanUp', () => this.#stop(definition.id));
  }

  #plan(definition: ServerDefinition): StopPlan {
    const { signal, graceMs } = this.ports.stopPolicy.plan(definition);
    return { signal, graceMs: this.#cleanup ? Math.min(cleanupGraceMs, graceMs) : graceMs };
  }

  #onProcessEvent(event: ProcessEvent): void {
    if (event.kind === 'hostLost') {
      const error = new ServerError('hostLost', event.message);
      for (const runId of this.#serverOfRun.keys()) void this.#fail(runId, error);
      return;
    }
    void this.#settle(event.runId, this.#toServerEvent(event));
  }

  #toServerEvent(event: Exclude<ProcessEvent, { kind: 'hostLost' }>): ServerEvent {
    const { runId } = event;
    const { clock } = this.ports;
    switch (event.kind) {
      case 'spawned':
        return {
          kind: 'spawned',
          run: { id: runId, process: event.process, startedAt: clock.now(), startedTick: clock.tick() },
        };
      case 'listening':
        return { kind: 'listening', runId, url: event.url };
      case 'ended': {
        const { exit, interrupted, tail, survivors } = event;
        return { kind: 'ended', runId, end: { exit, interrupted, tail, at: clock.now() }, survivors };
      }
    }
  }

  #fail(runId: RunId, { reason, message }: ServerError): Promise<void> {
    return this.#settle(runId, { kind: 'failed', runId, reason, message, at: this.ports.clock.now() });
  }

  /** Applies an event of a run. One that comes too late, since its run is over, is only worth a line in the log. */
  async #settle(runId: RunId, event: ServerEvent): Promise<void> {
    const id = this.#serverOfRun.get(runId);
    if (id === undefined) return;
    try {
      await this.ports.registry.dispatch(id, event);
    } catch (error) {
      this.ports.log.info(`${id}: ${toServerError(error, 'illegalEvent').message}`);
    }
    if (this.#isOver(id, runId)) this.#serverOfRun.delete(runId);
  }

  #isOver(id: ServerId, runId: RunId): boolean {
    return runIdOf(this.#stateOf(id)) !== runId;
  }

  /** A server that is no longer in the registry has stopped. */
  #stateOf(id: ServerId): ServerRecord['state'] {
    const record = this.ports.registry.current.servers.find(({ definition }) => definition.id === id);
    return record?.state ?? { kind: 'stopped', lastEnd: undefined };
  }
}

/** What is not verified dead at the end of clean-up; a stop that somebody else asked for may still be under way. */
function survivorsOf(record: ServerRecord): CleanupReport['survivors'] {
  const { definition, state } = record;
  if (isIdle(state)) return [];
  return [{ id: definition.id, processes: state.kind === 'stopFailed' ? state.survivors : [rootOf(record)] }];
}

/** The process that was started, as far as it is known. */
function rootOf({ definition, state }: ServerRecord): Survivor {
  return { pid: 'run' in state ? state.run.process.pid : 0, command: commandText(definition.command) };
}

function survivorsError(definition: ServerDefinition, survivors: readonly Survivor[]): ServerError {
  const named = survivors.map(({ pid, command }) => `${pid} (${command})`).join(', ');
  return new ServerError('survivors', `${definition.name} could not be stopped: still alive: ${named}.`);
}
