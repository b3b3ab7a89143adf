import type { Clock, Translator } from '../common.js';
import type { CanStop } from '../lifecycle/stopGrace.js';
import type { Outcome } from '../lifecycle/outcome.js';
import type { StartOptions } from '../registry/admission.js';
import { dependenciesOf, startPlan } from '../registry/dependencyGraph.js';
import { serverTitle } from '../server/definition.js';
import type { ServerError } from '../server/errors.js';
import type { ServerId } from '../server/identity.js';
import type { RunId } from '../server/state.js';
import { isActive } from '../server/stateQueries.js';
import type { ResolveConflict } from '../tcpPorts/portConflict.js';
import { leftQueueError, notStartedError, planError, waitError, type TitleOf } from './dependencyErrors.js';
import { ResolvedStart, type ResolvedStartDeps } from './resolvedStart.js';
import { waitInQueue, type QueuedStart } from './startQueue.js';

export interface OrderedStartDeps extends ResolvedStartDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly l10n: Translator;
}

/** Options of every server that is started together, dependencies included. */
export interface OrderedStartOptions extends Pick<StartOptions, 'startedBy'> {
  /** Without it a start whose port is in use fails. */
  readonly resolveConflict?: ResolveConflict;
  /** Called with each server whose start succeeded, or that was running already. */
  readonly onStarted?: (id: ServerId) => void;
}

export interface RestartOptions extends Pick<OrderedStartOptions, 'startedBy' | 'resolveConflict'> {
  readonly canStop?: CanStop;
}

/**
 * Starts servers after those that they depend on, which are started too: each as soon as its dependencies are ready, and
 * independent ones side by side. The user interface and the agents both start servers here.
 */
export class OrderedStart {
  readonly #restarts = new Map<ServerId, Promise<unknown>>();

  constructor(private readonly deps: OrderedStartDeps) {}

  /**
   * Resolves when the process of the server exists, or at once when it runs already; with `undefined` when the start was
   * given up at a conflict. Rejects with what `Lifecycle.start` rejects with, `dependencyCycle` and `unknownServer` for
   * dependencies that cannot be started, `dependencyFailed` when one of them fails first, and `cancelled` when the server
   * is stopped while it waits.
   */
  async start(id: ServerId, options: OrderedStartOptions = {}): Promise<Outcome | undefined> {
    const [start] = this.#batch(options).startAll([id]);
    return start;
  }

  /** As `start` for each server; a dependency that several share is started once. Results are in the order of the ids. */
  startAll(
    ids: readonly ServerId[],
    options: OrderedStartOptions = {},
  ): Promise<PromiseSettledResult<Outcome | undefined>[]> {
    return Promise.allSettled(this.#batch(options).startAll(ids));
  }

  /** Starts one server again after a crash, without its dependencies and regardless of the servers in other windows. */
  startAlone(
    id: ServerId,
    options: StartOptions,
    resolveConflict: ResolveConflict,
  ): Promise<Outcome | undefined> {
    return new ResolvedStart(this.deps, resolveConflict).startHere(id, options);
  }

  /** Stops a server and starts it like `startAlone`. Its waiting dependents continue to wait. */
  stopAndStart(
    id: ServerId,
    options: StartOptions,
    resolveConflict: ResolveConflict,
  ): Promise<Outcome | undefined> {
    return this.#whileRestarting(id, async () => {
      await this.deps.lifecycle.stop(id);
      return this.startAlone(id, options, resolveConflict);
    });
  }

  /**
   * Like `Lifecycle.restart`, which affects only this server; `undefined` when it was given up at a conflict. Its
   * waiting dependents continue to wait.
   */
  restart(
    id: ServerId,
    { startedBy, canStop, resolveConflict }: RestartOptions = {},
  ): Promise<Outcome | undefined> {
    const start = new ResolvedStart(this.deps, resolveConflict);
    return this.#whileRestarting(id, () => start.restart(id, startedBy, canStop));
  }

  #batch(options: OrderedStartOptions): StartBatch {
    return new StartBatch(this.deps, options, (id) => this.#restarts.get(id));
  }

  async #whileRestarting<Result>(id: ServerId, restart: () => Promise<Result>): Promise<Result> {
    const pending = restart();
    this.#restarts.set(id, pending);
    try {
      return await pending;
    } finally {
      if (this.#restarts.get(id) === pending) this.#restarts.delete(id);
    }
  }
}

/** Servers that are started together, with their dependencies. Each of them is started once. */
class StartBatch {
  readonly #starts = new Map<ServerId, Promise<Outcome | undefined>>();
  readonly #single: ResolvedStart;
  readonly #titleOf: TitleOf;

  constructor(
    private readonly deps: OrderedStartDeps,
    private readonly options: OrderedStartOptions,
    private readonly restartOf: QueuedStart['restartOf'],
  ) {
    this.#single = new ResolvedStart(deps, options.resolveConflict);
    this.#titleOf = (id) => {
      const record = deps.registry.find(id);
      return record ? serverTitle(record.definition) : id;
    };
  }

  /**
   * Calls every start before it returns. With a resolver each checks the other windows first, so a stop that is called in
   * that moment does not find the start.
   */
  startAll(ids: readonly ServerId[]): readonly Promise<Outcome | undefined>[] {
    const { order, faults } = startPlan(ids, (id) => this.#dependencies(id));
    const causes = new Map(
      [...faults.values()].map((fault) => [fault, planError(fault, this.#titleOf, this.deps.l10n)]),
    );
    for (const [id, fault] of faults) {
      const cause = causes.get(fault);
      if (cause) void this.#keep(id, Promise.reject(this.#notStarted(id, cause)));
    }
    for (const id of order) void this.#start(id);
    return ids.map((id) => this.#start(id));
  }

  /** A server that is starting or running needs no dependencies any more; `undefined` for an unknown id. */
  #dependencies(id: ServerId): readonly ServerId[] | undefined {
    const record = this.deps.registry.find(id);
    if (!record) return undefined;
    return isActive(record.state) ? [] : dependenciesOf(record.definition);
  }

  #start(id: ServerId): Promise<Outcome | undefined> {
    return this.#starts.get(id) ?? this.#keep(id, this.#run(id));
  }

  #keep(id: ServerId, start: Promise<Outcome | undefined>): Promise<Outcome | undefined> {
    this.#starts.set(id, start);
    // Dependents await it only while they wait, so without a handler a rejection could be unhandled.
    start.catch(() => undefined);
    return start;
  }

  async #run(id: ServerId): Promise<Outcome | undefined> {
    const { startedBy, onStarted } = this.options;
    const options = { ...(startedBy && { startedBy }) };
    let outcome = await this.#single.start(id, { ...options, afterDependencies: true });
    while (outcome?.kind === 'queued') {
      const { runId } = outcome;
      await this.#wait(id, runId);
      outcome = await this.#single.resume(id, runId, options);
    }
    if (outcome) onStarted?.(id);
    return outcome;
  }

  /** Resolves when the start may be tried again. Leaves the queue and rejects when it can never succeed. */
  async #wait(id: ServerId, runId: RunId): Promise<void> {
    const { registry, l10n } = this.deps;
    const definition = registry.find(id)?.definition;
    if (!definition) throw leftQueueError(id, this.#titleOf(id), registry, l10n);
    const starts = new Map(
      dependenciesOf(definition).map((dependency) => [dependency, this.#start(dependency)]),
    );
    const queued = { id, runId, definition, starts, restartOf: this.restartOf };
    const result = await waitInQueue(registry, queued);
    if (result.kind === 'lost') throw leftQueueError(id, serverTitle(definition), registry, l10n);
    if (result.kind !== 'go') await this.#giveUp(id, runId, waitError(result, this.#titleOf, registry, l10n));
  }

  /** Records the reason as the server's state, unless the start has left the queue already. */
  async #giveUp(id: ServerId, runId: RunId, cause: ServerError): Promise<never> {
    const { registry, clock } = this.deps;
    const error = this.#notStarted(id, cause);
    const failure = { reason: error.reason, message: cause.text, at: clock.now() };
    await registry.dispatch(id, { kind: 'leaveQueue', runId, failure }).catch(() => undefined);
    throw error;
  }

  #notStarted(id: ServerId, cause: ServerError): ServerError {
    return notStartedError(this.#titleOf(id), cause, this.deps.l10n);
  }
}
