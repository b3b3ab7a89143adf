import { admitStart, throwUnlessAgreed, type StartConsent } from '../consent/startConsent.js';
import { missingDependencies } from '../registry/dependencyGraph.js';
import { ServerError, toServerError, type FailureReason } from '../server/errors.js';
import { Deferred } from '../deferred.js';
import { KeyedQueue } from '../registry/locks.js';
import { shortName, type ServerDefinition } from '../server/definition.js';
import { RunEvents } from './runEvents.js';
import { liveRun } from './runEventMapping.js';
import { type RunId, type NewRunId } from '../server/state.js';
import type { Outcome } from './outcome.js';
import { restartOperation, restartOrigin, type Origin } from '../server/origin.js';
import { AssignedPorts } from '../tcpPorts/assignedPorts.js';
import { restoreRun, type RestoredRun } from './restoreRun.js';
import { startRequest, type StartPolicies } from './startRequest.js';
import { ServerStopper, type ServerStopperDeps } from './serverStopper.js';
import type { CanStop } from './stopGrace.js';
import { resolveServerVariables, type ResolveVariablesDeps } from './resolveVariables.js';
import { survivorsError, type CleanupReport } from './survivors.js';
import { stopEverything } from './windowCloseCleanup.js';
import type { StartOptions } from '../registry/admission.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { Orphan } from '../server/otherWindows.js';
import type { ServerId } from '../server/identity.js';
import {
  isIdle,
  isQueuedAs,
  isStoppable,
  plannedRestart,
  runIdOf,
  startedBy,
} from '../server/stateQueries.js';
import { untranslated } from '../text.js';

export interface LifecycleDeps
  extends Omit<ServerStopperDeps, 'runs'>, Pick<ResolveVariablesDeps, 'variables'>, StartPolicies {
  readonly newRunId: NewRunId;
  /** Without it every definition may be started by every caller. */
  readonly consent?: StartConsent;
  /** Without it every start may use the port it asks for. */
  readonly assignedPorts?: AssignedPorts;
}

/**
 * Starts, stops and restarts servers. Operations on one server run one after the other, operations on different servers
 * side by side. The same operation called twice at once is one operation.
 */
export class Lifecycle {
  readonly #queue = new KeyedQueue<Outcome>();
  readonly #runs: RunEvents;
  readonly #ports: AssignedPorts;
  readonly #stopper: ServerStopper;
  #cleanup: Promise<CleanupReport> | undefined;

  constructor(private readonly deps: LifecycleDeps) {
    this.#ports = deps.assignedPorts ?? new AssignedPorts();
    this.#runs = new RunEvents({ ...deps, portOf: (definition) => this.#ports.expected(definition) });
    this.#stopper = new ServerStopper({ ...deps, runs: this.#runs });
    deps.processes.onEvent((event) => this.#runs.handle(event));
  }

  /**
   * Resolves when the process exists, or at once when it runs already; it does not wait until the server is ready. The
   * options hold for this run, for restarts, and for starts after a crash. A start that waits for dependencies resolves
   * with `queued`, and the caller resumes it. Rejects with `closed`, `untrusted`, `limit`, `portInUse`, `spawnFailed`,
   * `hostLost`, `survivors`, `notAllowed`, `unknownServer`, `cancelled`, and `dependencyCycle` if it waits for itself.
   */
  start(id: ServerId, options: StartOptions = {}): Promise<Outcome> {
    return this.#queue.run(id, 'start', () => this.#start(id, options));
  }

  /**
   * Continues a start that waits; resolves with `queued` again when it has to wait for more. Rejects with what a start
   * rejects with, after the start has left the queue, and with `cancelled` when it was not in the queue.
   */
  resume(id: ServerId, runId: RunId): Promise<Outcome> {
    return this.#queue.run(id, `resume ${runId}`, () => this.#resume(id, runId));
  }

  /** Returns the port that the last start used in place of the server's own. */
  chosenPort(id: ServerId): number | undefined {
    return this.#ports.of(id);
  }

  /** Starts a server whose planned restart is due, unless it was cancelled. Rejects with what a start rejects with. */
  startAgain(id: ServerId): Promise<Outcome> {
    // This call joins no other start: the server that an earlier call started may have exited since.
    return this.#queue.run(id, undefined, () => this.#startAgain(id));
  }

  /**
   * Resolves when every process of the server is verified dead. A start that has no process yet rejects with `cancelled`.
   * `canStop` is asked when the stop begins; a call with it joins no other. Rejects with `survivors`, `hostLost`,
   * `hostFrozen`, `unknownServer` or `notAllowed`.
   */
  stop(id: ServerId, canStop?: CanStop): Promise<Outcome> {
    this.#stopper.cancelStart(this.#stateOf(id), canStop);
    return this.#queue.run(id, canStop ? undefined : 'stop', () => this.#stopper.stop(id, canStop));
  }

  /** Kills a server that is being stopped without waiting for the rest of its grace. Has no effect on others. */
  kill(id: ServerId): Promise<void> {
    return this.#stopper.kill(id);
  }

  /**
   * Stops the server, verifies that, and starts it on behalf of `by`; no other operation on the server can run between
   * the two. Rejects with the errors of `stop` and `start`.
   */
  restart(id: ServerId, by?: Origin, canStop?: CanStop): Promise<Outcome> {
    return this.#queue.run(id, restartOperation(by), async () => {
      await this.#stopper.stop(id, canStop);
      return this.#start(id, this.#ports.restartOptions(id, by));
    });
  }

  /** Takes over a server that a closed window left running. Rejects with `unknownServer`, `closed` or `hostLost`. */
  adopt(orphan: Orphan): Promise<Outcome> {
    return this.#queue.run(orphan.serverId, undefined, () => this.#adopt(orphan));
  }

  /**
   * Takes over a run of an earlier window. `listed` resolves when the server is in the registry; `outcome` rejects with
   * `closed`, with `illegalEvent` if the server runs in this window, and with what the start rejects with.
   */
  restore(run: RestoredRun): { readonly listed: Promise<void>; readonly outcome: Promise<Outcome> } {
    const listed = new Deferred();
    const deps = { ...this.deps, runs: this.#runs };
    const restore = () => restoreRun(run, deps, () => listed.resolve());
    return { listed: listed.promise, outcome: this.#queue.run(run.definition.id, undefined, restore) };
  }

  /** Returns whether the server runs, waits, or was asked to start before this call. */
  isStoppable(id: ServerId): boolean {
    return isStoppable(this.#stateOf(id)) || this.#queue.isBusy(id);
  }

  /**
   * Closes the registry for good and stops everything, pending starts included. Resolves when every tree is verified
   * dead or reported as a survivor. A second call returns the same report.
   */
  cleanup(): Promise<CleanupReport> {
    this.#cleanup ??= stopEverything({
      ...this.deps,
      stopper: this.#stopper,
      // This stop joins no other: if the one in progress fails, this one retries.
      stop: (id) => this.#queue.run(id, undefined, () => this.#stopper.stop(id)),
    });
    return this.#cleanup;
  }

  async #start(id: ServerId, options: StartOptions): Promise<Outcome> {
    const { state, definition } = this.deps.registry.get(id);
    if (state.kind === 'stopFailed') throw survivorsError(definition, state.survivors);
    if (state.kind === 'queued') return { kind: 'queued', runId: state.runId };
    if (!isIdle(state)) return { kind: 'alreadyRunning' };
    admitStart(definition, options.startedBy, this.deps.consent);
    if (options.afterDependencies && this.#mustWait(definition)) {
      this.#ports.assign(id, options.port);
      return this.#enqueue(id, this.deps.newRunId(id), options);
    }
    await this.#ports.admit(definition, options.port);
    return this.#run(id, this.deps.newRunId(id), options);
  }

  async #resume(id: ServerId, runId: RunId): Promise<Outcome> {
    const { state, definition } = this.deps.registry.get(id);
    // Another caller already resumed this start.
    if (runIdOf(state) === runId) return { kind: 'alreadyRunning' };
    if (!isQueuedAs(state, runId)) {
      throw new ServerError(
        'cancelled',
        untranslated('{0} was not started: it is no longer waiting.', shortName(definition.name)),
      );
    }
    const options = { ...this.#ports.restartOptions(id, startedBy(state)), afterDependencies: true };
    try {
      throwUnlessAgreed(definition, options.startedBy, this.deps.consent);
      if (this.#mustWait(definition)) return await this.#enqueue(id, runId, options);
      await this.#ports.admit(definition, options.port);
      return await this.#run(id, runId, options);
    } catch (error) {
      await this.#stopper.leaveQueue(id, runId);
      throw error;
    }
  }

  #mustWait(definition: ServerDefinition): boolean {
    return missingDependencies(definition, (id) => this.deps.registry.find(id)?.state).length > 0;
  }

  async #enqueue(id: ServerId, runId: RunId, { startedBy: by }: StartOptions): Promise<Outcome> {
    await this.deps.registry.queue(id, runId, by);
    return { kind: 'queued', runId };
  }

  async #run(id: ServerId, runId: RunId, options: StartOptions): Promise<Outcome> {
    if (!(await this.deps.registry.reserve(id, runId, options))) return this.#enqueue(id, runId, options);
    this.#runs.track(runId, id);
    await this.#spawn(id, runId, options).catch((error: unknown) =>
      this.#giveUp(runId, 'spawnFailed', error),
    );
    // The events of the start arrived before it resolved, and are applied when the snapshot is taken.
    await this.deps.registry.snapshot();
    return { kind: 'started' };
  }

  async #spawn(id: ServerId, runId: RunId, { startedBy: by }: StartOptions): Promise<void> {
    // The definition may have changed while the start waited for its reservation.
    const { definition } = this.deps.registry.get(id);
    throwUnlessAgreed(definition, by, this.deps.consent);
    const resolved = resolveServerVariables(this.#ports.apply(definition), this.deps);
    const started = this.deps.processes.start(startRequest(runId, resolved, this.deps));
    // A stop that was called before the reservation did not find the start.
    if (this.#queue.isLast(id, 'stop')) this.deps.processes.cancelStart(runId);
    await started;
  }

  async #adopt(orphan: Orphan): Promise<Outcome> {
    const { registry, processes, clock } = this.deps;
    const { serverId: id, runId, process, url } = orphan;
    if (!isIdle(registry.get(id).state)) return { kind: 'alreadyRunning' };
    await registry.adopt(id, liveRun(runId, process, clock), url);
    this.#runs.track(runId, id);
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
      // A refused start does not change the state. A window that closes leaves the restart to the next one.
      if (!this.deps.registry.current.closed) await this.#stopper.cancelRestart(id);
      throw error;
    }
  }

  /** A server that is not in the registry counts as stopped. */
  #stateOf(id: ServerId): ServerRecord['state'] {
    return this.deps.registry.find(id)?.state ?? { kind: 'stopped', lastEnd: undefined };
  }
}
