import { toServerError, type FailureReason } from './errors.js';
import { OperationLanes } from './locks.js';
import type { Log, NewRunId, Orphan, ProcessPort, ReadyPolicy, StopPolicy, StopReport } from './ports.js';
import type { Registry, ServerRecord } from './registry.js';
import type { ServerDefinition, ServerId } from './server.js';
import { RunEvents } from './runEvents.js';
import { liveRun, type ServerEventPorts } from './serverEvents.js';
import { isIdle, isStoppable, plannedRestart, runIdOf, startedBy, type RunId } from './serverState.js';
import type { Outcome } from './outcome.js';
import { restartName, restartOrigin, type Origin } from './origin.js';
import { StartPorts, type PortAdmission, type StartOptions } from './startPorts.js';
import type { MayEnd, StopPlan } from './stopPlan.js';
import { notAllowedError, rootOf, survivorsError, survivorsOf, type CleanupReport } from './survivors.js';

export interface LifecyclePorts extends ServerEventPorts {
  readonly registry: Registry;
  readonly processes: ProcessPort;
  readonly stopPolicy: StopPolicy;
  readonly readyPolicy: ReadyPolicy;
  readonly log: Log;
  readonly newRunId: NewRunId;
  /** Without one, every start may use whatever port it wants. */
  readonly portAdmission?: PortAdmission;
}

/** The longest polite wait of a clean-up: the editor gives all extensions together five seconds to end. */
const cleanupGraceMs = 2000;

/**
 * Starts, stops and restarts servers. Operations on one server run one after the other, on different servers side by
 * side; the same operation called twice at once is one operation.
 */
export class Lifecycle {
  readonly #lanes = new OperationLanes<Outcome>();
  readonly #runs: RunEvents;
  readonly #startPorts: StartPorts;
  #cleanup: Promise<CleanupReport> | undefined;

  constructor(private readonly ports: LifecyclePorts) {
    this.#startPorts = new StartPorts(ports.portAdmission);
    this.#runs = new RunEvents(ports);
    ports.processes.onEvent((event) => this.#runs.take(event));
  }

  /**
   * Resolves when the process exists, or at once when it runs already; not when the server is ready. The options hold
   * for this run, for what follows its crashes, and for restarts.
   * Throws `closed`, `untrusted`, `limit`, `portInUse`, `spawnFailed`, `hostLost`, `survivors` or `unknownServer`.
   */
  start(id: ServerId, options: StartOptions = {}): Promise<Outcome> {
    return this.#lanes.run(id, 'start', () => this.#start(id, options));
  }

  /** The port that the server's last start chose in place of its own. */
  chosenPort(id: ServerId): number | undefined {
    return this.#startPorts.of(id);
  }

  /** Starts a server whose restart is due, unless that has been cancelled. Throws what a start throws. */
  startAgain(id: ServerId): Promise<Outcome> {
    // Joins nothing: the one before it may have started what has ended again by now.
    return this.#lanes.run(id, undefined, () => this.#startAgain(id));
  }

  /**
   * Resolves when every process of the server is verified dead. `mayEnd` is asked when it is this call's turn, and the call
   * then joins no other. Throws `survivors`, `hostLost`, `unknownServer` or `notAllowed`.
   */
  stop(id: ServerId, mayEnd?: MayEnd): Promise<Outcome> {
    return this.#lanes.run(id, mayEnd ? undefined : 'stop', () => this.#stop(id, mayEnd));
  }

  /**
   * A verified stop, then a start by who wants the restart, with no other operation on the server between them. Throws
   * what these throw.
   */
  restart(id: ServerId, by?: Origin, mayEnd?: MayEnd): Promise<Outcome> {
    return this.#lanes.run(id, restartName(by), async () => {
      await this.#stop(id, mayEnd);
      return this.#start(id, this.#startPorts.again(id, by));
    });
  }

  /** Takes a server over that a window left running. Throws `unknownServer`, `closed` or `hostLost`. */
  adopt(orphan: Orphan): Promise<Outcome> {
    const { serverId: id } = orphan;
    return this.#lanes.run(id, undefined, () => this.#adopt(id, orphan));
  }

  /**
   * Stops everything that runs or was asked to start before this call, side by side. Throws nothing: what failed is in
   * the results, in no particular order.
   */
  stopAll(): Promise<PromiseSettledResult<Outcome>[]> {
    const ids = this.ports.registry.current.servers
      .filter(({ definition, state }) => isStoppable(state) || this.#lanes.isBusy(definition.id))
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

  async #start(id: ServerId, { port: chosenPort, startedBy: by }: StartOptions): Promise<Outcome> {
    const { state, definition } = this.ports.registry.get(id);
    if (state.kind === 'stopFailed') throw survivorsError(definition, state.survivors);
    if (!isIdle(state)) return { kind: 'alreadyRunning' };
    await this.#startPorts.admit(definition, chosenPort);
    const runId = this.ports.newRunId(id);
    await this.ports.registry.reserve(id, runId, by);
    this.#runs.begin(runId, id);
    // The definition may have changed while the start waited for its place.
    const told = this.#startPorts.told(this.ports.registry.get(id).definition);
    const { command, cwd, env, port } = told;
    const ready = this.ports.readyPolicy.rule(told);
    await this.ports.processes
      .start({ runId, serverId: id, command, cwd, env, port, ready })
      .catch((thrown: unknown) => this.#giveUp(runId, 'spawnFailed', thrown));
    // The events of the start were delivered before it resolved, so they are applied when this is.
    await this.ports.registry.snapshot();
    return { kind: 'started' };
  }

  async #adopt(id: ServerId, orphan: Orphan): Promise<Outcome> {
    const { registry, processes, clock } = this.ports;
    if (!isIdle(registry.get(id).state)) return { kind: 'alreadyRunning' };
    const { runId, process, url } = orphan;
    await registry.adopt(id, liveRun(runId, process, clock), url);
    this.#runs.begin(runId, id);
    await processes.adopt(orphan).catch((thrown: unknown) => this.#giveUp(runId, 'hostLost', thrown));
    return { kind: 'started' };
  }

  async #giveUp(runId: RunId, reason: FailureReason, thrown: unknown): Promise<never> {
    const error = toServerError(thrown, reason);
    await this.#runs.fail(runId, error);
    throw error;
  }

  async #startAgain(id: ServerId): Promise<Outcome> {
    const state = this.#stateOf(id);
    if (!plannedRestart(state)) return { kind: 'notRunning' };
    try {
      return await this.#start(id, this.#startPorts.again(id, restartOrigin(startedBy(state))));
    } catch (error) {
      // A refusal leaves the state as it was, and no second timer is set.
      await this.#cancelRestart(id);
      throw error;
    }
  }

  async #stop(id: ServerId, mayEnd: MayEnd = () => true): Promise<Outcome> {
    const record = this.ports.registry.get(id);
    if (!mayEnd(record.state)) throw notAllowedError(record.definition);
    const runId = runIdOf(record.state);
    this.ports.restarts?.forget(id);
    if (!runId || !(await this.#beginStop(id, runId))) {
      await this.#cancelRestart(id);
      return { kind: 'notRunning' };
    }
    const report = await this.#stopProcesses(runId, record);
    if (report.survivors.length > 0) {
      await this.#runs.settle(runId, { kind: 'survived', runId, survivors: report.survivors });
      throw survivorsError(record.definition, report.survivors);
    }
    await this.#runs.settle(runId, { kind: 'verifiedDead', runId });
    return { kind: 'stopped', forced: report.forced, busyPorts: report.busyPorts };
  }

  async #cancelRestart(id: ServerId): Promise<void> {
    if (!plannedRestart(this.#stateOf(id))) return;
    // Should the definition be gone before this is done, the restart is gone with it.
    await this.ports.registry.dispatch(id, { kind: 'cancelRestart' }).catch(() => undefined);
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
      await this.#runs.fail(runId, error);
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
    await this.#lanes.run(definition.id, undefined, () => this.#stop(definition.id));
  }

  #plan(definition: ServerDefinition): StopPlan {
    const { signal, graceMs } = this.ports.stopPolicy.plan(definition);
    return { signal, graceMs: this.#cleanup ? Math.min(cleanupGraceMs, graceMs) : graceMs };
  }

  /** A server that is no longer in the registry has stopped. */
  #stateOf(id: ServerId): ServerRecord['state'] {
    return this.ports.registry.find(id)?.state ?? { kind: 'stopped', lastEnd: undefined };
  }
}
