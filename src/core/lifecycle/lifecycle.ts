import { missingDependencies } from '../registry/dependencyGraph.js';
import { ServerError, toServerError, type FailureReason } from '../server/errors.js';
import { KeyedQueue } from '../registry/locks.js';
import type { ServerDefinition } from '../server/definition.js';
import { RunEvents } from './runEvents.js';
import { liveRun } from './runEventMapping.js';
import { type RunId, type NewRunId } from '../server/state.js';
import type { Outcome } from './outcome.js';
import { restartOperation, restartOrigin, type Origin } from '../server/origin.js';
import { AssignedPorts } from '../tcpPorts/assignedPorts.js';
import { startRequest, type StartPolicies } from './startRequest.js';
import { ServerStopper, type ServerStopperDeps } from './stop.js';
import type { CanStop } from './stopPolicy.js';
import { resolveServerVariables, type ResolveVariablesDeps } from './resolveVariables.js';
import { survivorsError, survivorsOf, type CleanupReport } from './survivors.js';
import type { StartOptions } from '../registry/admission.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { Orphan } from '../server/otherWindows.js';
import type { ServerId } from '../server/identity.js';
import {
  isActive,
  isIdle,
  isQueuedAs,
  isStoppable,
  plannedRestart,
  runIdOf,
  startedBy,
} from '../server/stateQueries.js';

export interface LifecycleDeps
  extends Omit<ServerStopperDeps, 'runs'>, Pick<ResolveVariablesDeps, 'variables'>, StartPolicies {
  readonly newRunId: NewRunId;
  /** Without it every start may use the port it asks for. */
  readonly assignedPorts?: AssignedPorts;
}

/**
 * Starts, stops and restarts servers. Operations on one server run one after the other, on different servers side by
 * side; the same operation called twice at once is one operation.
 */
export class Lifecycle {
  readonly #lanes = new KeyedQueue<Outcome>();
  readonly #runs: RunEvents;
  readonly #ports: AssignedPorts;
  readonly #stops: ServerStopper;
  #cleanup: Promise<CleanupReport> | undefined;

  constructor(private readonly deps: LifecycleDeps) {
    this.#ports = deps.assignedPorts ?? new AssignedPorts();
    this.#runs = new RunEvents(deps);
    this.#stops = new ServerStopper({ ...deps, runs: this.#runs });
    deps.processes.onEvent((event) => this.#runs.take(event));
  }

  /**
   * Resolves when the process exists, or at once when it runs already; not when the server is ready. The options hold
   * for this run, for what follows its crashes, and for restarts. A start that has to wait for others gives `queued`, and
   * whoever called sees to it that it is resumed.
   * Throws `closed`, `untrusted`, `limit`, `portInUse`, `spawnFailed`, `hostLost`, `survivors` or `unknownServer`, and
   * `dependencyCycle` when it would wait for itself.
   */
  start(id: ServerId, options: StartOptions = {}): Promise<Outcome> {
    return this.#lanes.run(id, 'start', () => this.#start(id, options));
  }

  /**
   * Goes on with a start that waits: `queued` again when there is more to wait for. Throws what a start throws, which then
   * does not wait any more, and `cancelled` when it did not before.
   */
  resume(id: ServerId, runId: RunId): Promise<Outcome> {
    return this.#lanes.run(id, `resume ${runId}`, () => this.#resume(id, runId));
  }

  /** The port that the server's last start chose in place of its own. */
  chosenPort(id: ServerId): number | undefined {
    return this.#ports.of(id);
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
  stop(id: ServerId, mayEnd?: CanStop): Promise<Outcome> {
    return this.#lanes.run(id, mayEnd ? undefined : 'stop', () => this.#stops.stop(id, mayEnd));
  }

  /**
   * A verified stop, then a start by who wants the restart, with no other operation on the server between them. Throws
   * what these throw.
   */
  restart(id: ServerId, by?: Origin, mayEnd?: CanStop): Promise<Outcome> {
    return this.#lanes.run(id, restartOperation(by), async () => {
      await this.#stops.stop(id, mayEnd);
      return this.#start(id, this.#ports.restartOptions(id, by));
    });
  }

  /** Takes a server over that a window left running. Throws `unknownServer`, `closed` or `hostLost`. */
  adopt(orphan: Orphan): Promise<Outcome> {
    const { serverId: id } = orphan;
    return this.#lanes.run(id, undefined, () => this.#adopt(id, orphan));
  }

  /** Whether something of the server runs or waits, or was asked for before this call. */
  isStoppable(id: ServerId): boolean {
    return isStoppable(this.#stateOf(id)) || this.#lanes.isBusy(id);
  }

  /**
   * Closes the registry for good and ends everything, starts under way included. Resolves when every tree is verified
   * dead or reported as a survivor. Calling it again gives the same report.
   */
  cleanup(): Promise<CleanupReport> {
    this.#cleanup ??= this.#closeAndStopAll();
    return this.#cleanup;
  }

  async #start(id: ServerId, options: StartOptions): Promise<Outcome> {
    const { state, definition } = this.deps.registry.get(id);
    if (state.kind === 'stopFailed') throw survivorsError(definition, state.survivors);
    if (state.kind === 'queued') return { kind: 'queued', runId: state.runId };
    if (!isIdle(state)) return { kind: 'alreadyRunning' };
    if (options.afterDependencies && this.#mustWait(definition)) {
      this.#ports.assign(id, options.port);
      return this.#queue(id, this.deps.newRunId(id), options);
    }
    await this.#ports.admit(definition, options.port);
    return this.#run(id, this.deps.newRunId(id), options);
  }

  async #resume(id: ServerId, runId: RunId): Promise<Outcome> {
    const { state, definition } = this.deps.registry.get(id);
    // Somebody else who waited for the same start was quicker.
    if (runIdOf(state) === runId) return { kind: 'alreadyRunning' };
    if (!isQueuedAs(state, runId)) {
      throw new ServerError('cancelled', `${definition.name} was not started: it waits no more.`);
    }
    const options = { ...this.#ports.restartOptions(id, startedBy(state)), afterDependencies: true };
    try {
      if (this.#mustWait(definition)) return await this.#queue(id, runId, options);
      await this.#ports.admit(definition, options.port);
      return await this.#run(id, runId, options);
    } catch (error) {
      await this.#stops.leaveQueue(id, runId);
      throw error;
    }
  }

  #mustWait(definition: ServerDefinition): boolean {
    return missingDependencies(definition, (id) => this.deps.registry.find(id)?.state).length > 0;
  }

  async #queue(id: ServerId, runId: RunId, { startedBy: by }: StartOptions): Promise<Outcome> {
    await this.deps.registry.queue(id, runId, by);
    return { kind: 'queued', runId };
  }

  async #run(id: ServerId, runId: RunId, options: StartOptions): Promise<Outcome> {
    if (!(await this.deps.registry.reserve(id, runId, options))) return this.#queue(id, runId, options);
    this.#runs.begin(runId, id);
    await this.#spawn(id, runId).catch((thrown: unknown) => this.#giveUp(runId, 'spawnFailed', thrown));
    // The events of the start were delivered before it resolved, so they are applied when this is.
    await this.deps.registry.snapshot();
    return { kind: 'started' };
  }

  async #spawn(id: ServerId, runId: RunId): Promise<void> {
    // The definition may have changed while the start waited for its place.
    const told = resolveServerVariables(this.#ports.apply(this.deps.registry.get(id).definition), this.deps);
    await this.deps.processes.start(startRequest(runId, told, this.deps));
  }

  async #adopt(id: ServerId, orphan: Orphan): Promise<Outcome> {
    const { registry, processes, clock } = this.deps;
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
      return await this.#start(id, this.#ports.restartOptions(id, restartOrigin(startedBy(state))));
    } catch (error) {
      // A refusal leaves the state as it was, and no second timer is set.
      await this.#stops.cancelRestart(id);
      throw error;
    }
  }

  async #closeAndStopAll(): Promise<CleanupReport> {
    this.#stops.shortenGrace();
    const { servers } = await this.deps.registry.close();
    await Promise.allSettled(
      servers.filter(({ state }) => isActive(state)).map((record) => this.#cleanUp(record)),
    );
    return { survivors: (await this.deps.registry.snapshot()).servers.flatMap(survivorsOf) };
  }

  async #cleanUp({ definition, state }: ServerRecord): Promise<void> {
    // A stop under way may have more patience than there is time.
    if (state.kind === 'stopping') {
      const request = { runId: state.run.id, ...this.#stops.plan(definition) };
      void this.deps.processes.stop(request).catch(() => undefined);
    }
    // Joins nothing: if the stop under way fails, this one tries again, and so knows what became of the haste.
    await this.#lanes.run(definition.id, undefined, () => this.#stops.stop(definition.id));
  }

  /** A server that is no longer in the registry has stopped. */
  #stateOf(id: ServerId): ServerRecord['state'] {
    return this.deps.registry.find(id)?.state ?? { kind: 'stopped', lastEnd: undefined };
  }
}
