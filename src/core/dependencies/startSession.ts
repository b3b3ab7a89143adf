import { dependenciesOf, startPlan, type DependencyLookup } from '../registry/dependencyGraph.js';
import {
  dependencyDownError,
  planError,
  notStartedError,
  rootCause,
  dependencyStoppedError,
  withoutFullStop,
  type TitleOf,
} from './dependencyErrors.js';
import { ServerError, toServerError } from '../server/errors.js';
import type { Outcome } from '../lifecycle/outcome.js';
import { waitInQueue, type QueueResult } from './startQueue.js';
import type { Registry } from '../registry/registry.js';
import { serverTitle } from '../server/definition.js';
import { type RunId } from '../server/state.js';
import type { Clock, Translator } from '../common.js';
import type { StartOptions } from '../registry/admission.js';
import type { ServerId } from '../server/identity.js';
import { isActive, isNotStarted } from '../server/stateQueries.js';

/** Starts one server, as `Lifecycle` does or asking a person on the way, who may leave it at that: `undefined`. */
export interface Starter {
  start(id: ServerId, options: StartOptions): Promise<Outcome | undefined>;
  resume(id: ServerId, runId: RunId, options: StartOptions): Promise<Outcome | undefined>;
}

export interface StartSessionDeps {
  readonly registry: Registry;
  readonly clock: Pick<Clock, 'now'>;
  readonly l10n: Translator;
}

/** What was asked for at one time: some servers, and whatever these depend on. Each of all these is started once. */
export class StartSession {
  readonly #starts = new Map<ServerId, Promise<Outcome | undefined>>();
  readonly #titleOf: TitleOf;

  constructor(
    private readonly deps: StartSessionDeps,
    private readonly starter: Starter,
    /** Those of every start in the session. */
    private readonly options: StartOptions,
  ) {
    this.#titleOf = (id) => {
      const record = deps.registry.find(id);
      return record ? serverTitle(record.definition) : id;
    };
  }

  /** Begins with everything at once, so that nothing which is called later comes between. */
  startAll(ids: readonly ServerId[]): readonly Promise<Outcome | undefined>[] {
    const { order, faults } = startPlan(ids, this.#needs);
    const roots = new Map(
      [...faults.values()].map((fault) => [fault, planError(fault, this.#titleOf, this.deps.l10n)]),
    );
    for (const [id, fault] of faults) {
      const root = roots.get(fault);
      if (root) void this.#keep(id, Promise.reject(this.#notStarted(id, root)));
    }
    for (const id of order) void this.#start(id);
    return ids.map((id) => this.#start(id));
  }

  /** What runs, or is being made to, needs nothing any more. */
  readonly #needs: DependencyLookup = (id) => {
    const record = this.deps.registry.find(id);
    if (!record) return undefined;
    const { definition, state } = record;
    return isActive(state) ? [] : dependenciesOf(definition);
  };

  #start(id: ServerId): Promise<Outcome | undefined> {
    return this.#starts.get(id) ?? this.#keep(id, this.#run(id));
  }

  #keep(id: ServerId, start: Promise<Outcome | undefined>): Promise<Outcome | undefined> {
    this.#starts.set(id, start);
    // Those that depend on it look at it when they wait, which they may never do.
    start.catch(() => undefined);
    return start;
  }

  async #run(id: ServerId): Promise<Outcome | undefined> {
    let outcome = await this.starter.start(id, { ...this.options, afterDependencies: true });
    while (outcome?.kind === 'queued') {
      const { runId } = outcome;
      await this.#wait(id, runId);
      outcome = await this.starter.resume(id, runId, this.options);
    }
    return outcome;
  }

  /** Until it may go on. Throws why it never will, after it has left the queue. */
  async #wait(id: ServerId, runId: RunId): Promise<void> {
    const definition = this.deps.registry.find(id)?.definition;
    if (!definition) throw this.#lost(id, this.#titleOf(id));
    const starts = new Map(
      dependenciesOf(definition).map((dependency) => [dependency, this.#start(dependency)]),
    );
    const turn = await waitInQueue(this.deps.registry, { id, runId, definition, starts });
    if (turn.kind === 'lost') throw this.#lost(id, serverTitle(definition));
    if (turn.kind !== 'go') await this.#giveUp(id, runId, this.#rootOf(turn));
  }

  #rootOf(turn: Exclude<QueueResult, { kind: 'go' | 'lost' }>): ServerError {
    const { registry, l10n } = this.deps;
    const title = this.#titleOf(turn.dependency);
    switch (turn.kind) {
      case 'refused': {
        const thrown = rootCause(toServerError(turn.error, 'badRequest'));
        return thrown.reason === 'cancelled' ? dependencyStoppedError(title, l10n) : thrown;
      }
      case 'declined':
        return new ServerError('cancelled', l10n.t('{0} was not started', title));
      case 'down':
        return dependencyDownError(title, registry.find(turn.dependency), l10n);
    }
  }

  /** Why a start has lost its place in the queue. */
  #lost(id: ServerId, title: string): ServerError {
    const { registry, l10n } = this.deps;
    const record = registry.find(id);
    if (!record) {
      return new ServerError(
        'unknownServer',
        l10n.t('{0} was not started: it is not defined any more.', title),
      );
    }
    if (registry.current.closed) {
      return new ServerError('closed', l10n.t('{0} was not started: clean-up has begun.', title));
    }
    const { state } = record;
    // Somebody else waited for the same start, and was told first.
    if (state.kind === 'crashed' && state.crash.kind === 'failure' && isNotStarted(state.crash)) {
      return this.#notStarted(id, new ServerError(state.crash.reason, state.crash.message));
    }
    return new ServerError('cancelled', l10n.t('{0} was not started: it was stopped before.', title));
  }

  /** The place goes with the reason, unless it is gone already. */
  async #giveUp(id: ServerId, runId: RunId, root: ServerError): Promise<never> {
    const { registry, clock } = this.deps;
    const error = this.#notStarted(id, root);
    const failure = {
      reason: error.reason,
      message: withoutFullStop(root.message),
      at: clock.now(),
    };
    await registry.dispatch(id, { kind: 'leaveQueue', runId, failure }).catch(() => undefined);
    throw error;
  }

  #notStarted(id: ServerId, root: ServerError): ServerError {
    const isFault = root.reason === 'dependencyCycle' || root.reason === 'unknownServer';
    const reason = isFault ? root.reason : 'dependencyFailed';
    return notStartedError(reason, this.#titleOf(id), root, this.deps.l10n);
  }
}
