import assert from 'node:assert/strict';
import type { Scheduler } from 'fast-check';
import { RestartScheduler } from '../../src/core/restart/restartScheduler.js';
import { dependenciesOf, isUsable } from '../../src/core/registry/dependencyGraph.js';
import { OrderedStart } from '../../src/core/dependencies/orderedStart.js';
import { AssignedPorts } from '../../src/core/tcpPorts/assignedPorts.js';
import { OrderedStop } from '../../src/core/dependencies/orderedStop.js';
import { ServerError } from '../../src/core/server/errors.js';
import { Lifecycle } from '../../src/core/lifecycle/lifecycle.js';
import type { Outcome } from '../../src/core/lifecycle/outcome.js';
import type { ProcessEvent, StartRequest } from '../../src/core/lifecycle/processHost.js';
import type { Registry } from '../../src/core/registry/registry.js';
import { RestartPolicy } from '../../src/core/restart/restartPolicy.js';
import type { ServerDefinition } from '../../src/core/server/definition.js';
import { type ExitStatus, type RunId } from '../../src/core/server/state.js';
import type { CleanupReport } from '../../src/core/lifecycle/survivors.js';
import { checkSettled, type CalledOperation, type OperationKind } from './operations.js';
import type { Faults, Tree } from './processHost.js';
import { ScheduledProcesses } from './scheduledProcesses.js';
import { SnapshotWatch } from './snapshotWatch.js';
import { WatchedRegistry } from './watchedRegistry.js';
import { english } from '../unit/core/support/fakes.js';
import { readyRule } from '../../src/core/readiness/readyRule.js';
import type { ServerRecord } from '../../src/core/registry/snapshot.js';
import type { RestartMode } from '../../src/core/server/overrides.js';
import type { ServerId } from '../../src/core/server/identity.js';
import { isActive, plannedRestart, runIdOf } from '../../src/core/server/stateQueries.js';

export interface WorldOptions {
  readonly definitions: readonly ServerDefinition[];
  readonly maxServers: number;
  /** Restart mode of all servers. */
  readonly restart: RestartMode;
}

/** The real registry and lifecycle with simulated processes; checks the invariants throughout. */
export class World {
  readonly registry: Registry;
  readonly #starts: OrderedStart;
  readonly #lifecycle: Lifecycle;
  readonly #stops: OrderedStop;
  readonly #processes: ScheduledProcesses;
  readonly #snapshots: SnapshotWatch;
  readonly #serverOfRun = new Map<RunId, ServerId>();
  readonly #refusedStops = new Set<RunId>();
  /**
   * Times of the last requested start and the last disturbance of each server: a stop, an end, or the loss of the host.
   */
  readonly #lastStart = new Map<ServerId, number>();
  readonly #lastDisturbance = new Map<ServerId, number>();
  /** Servers of the operations in progress. */
  readonly #busy: ServerId[] = [];
  #defined: readonly ServerDefinition[];
  #moment = 0;
  #runs = 0;
  #pending = 0;
  #cleanup: 'none' | 'called' | 'done' = 'none';
  #violation: unknown;

  constructor(
    private readonly scheduler: Scheduler,
    { definitions, maxServers, restart }: WorldOptions,
  ) {
    this.#snapshots = new SnapshotWatch(maxServers);
    const log = { info: () => undefined, error: () => undefined };
    const clock = { now: () => 1, tick: () => 2 };
    const registry = new WatchedRegistry({
      admission: {
        admit: async ({ id }, running) => {
          await scheduler.schedule(Promise.resolve(), `admits ${id}`);
          if (running >= maxServers) throw new ServerError('limit', 'Too many.');
        },
      },
      log,
    });
    this.registry = registry;
    this.registry.onDidChange((snapshot) =>
      this.#guard(() => {
        this.#snapshots.seeNotified(snapshot);
        registry.check(snapshot);
      }),
    );
    this.#processes = new ScheduledProcesses({
      scheduler,
      onStart: (request) => this.#guard(() => this.#checkRequest(request)),
      onSpawn: () => this.#guard(() => this.#checkSpawn()),
      onEvent: (event) => this.#onEvent(event),
      onStopRefused: (runId) => this.#refusedStops.add(runId),
    });
    this.#lifecycle = new Lifecycle({
      registry: this.registry,
      processes: this.#processes,
      readyPolicy: { rule: () => readyRule(undefined, undefined) },
      stopPolicy: { plan: () => ({ signal: 'SIGTERM', graceMs: 5000 }) },
      clock,
      log,
      restarts: new RestartPolicy({ mode: () => restart, clock }),
      newRunId: (id) => this.#newRunId(id),
      assignedPorts: new ScheduledPorts(scheduler),
    });
    this.#starts = new OrderedStart({
      registry: this.registry,
      lifecycle: {
        // Servers are also started as dependencies, at times of their own.
        start: (id, options) => {
          this.#lastStart.set(id, ++this.#moment);
          return this.#whileBusy(id, this.#lifecycle.start(id, options));
        },
        resume: (id, runId) => this.#whileBusy(id, this.#lifecycle.resume(id, runId)),
        restart: (id) => this.#lifecycle.restart(id),
        stop: (id) => this.#lifecycle.stop(id),
        chosenPort: (id) => this.#lifecycle.chosenPort(id),
      },
      otherWindows: { find: () => Promise.resolve(undefined) },
      inspector: { inspectPort: () => Promise.resolve({ kind: 'free' }) },
      clock,
      l10n: english,
    });
    this.#stops = new OrderedStop({ registry: this.registry, lifecycle: this.#lifecycle });
    void new RestartScheduler({
      registry: this.registry,
      lifecycle: this.#lifecycle,
      timer: { after: (_, action) => this.#after(action) },
      log,
      onRefused: () => undefined,
    });
    this.#defined = definitions;
    this.define(definitions);
  }

  get faults(): Faults {
    return this.#processes.faults;
  }

  define(definitions: readonly ServerDefinition[]): void {
    this.#defined = definitions;
    this.#watch(this.registry.define(definitions), (snapshot) => this.#snapshots.see(snapshot));
  }

  list(): void {
    this.#watch(this.registry.snapshot(), (snapshot) => this.#snapshots.see(snapshot));
  }

  operate(kind: OperationKind, id: ServerId): void {
    if (kind === 'stop' || kind === 'restart') this.#disturb(id);
    const alone = !this.#busy.includes(id);
    const called: CalledOperation = { kind, id, at: ++this.#moment, alone };
    if (kind !== 'stop') this.#lastStart.set(id, called.at);
    this.#watchOperation(called, this.#operation(kind, id));
  }

  startGroup(ids: readonly ServerId[]): void {
    const at = ++this.#moment;
    this.#watch(this.#starts.startAll(ids), (results) => {
      for (const [index, result] of results.entries()) {
        checkSettled({ kind: 'start', id: ids[index] ?? '', at, alone: false }, result);
      }
    });
  }

  stopGroup(ids: readonly ServerId[]): void {
    const at = ++this.#moment;
    for (const id of ids) this.#disturb(id);
    this.#watch(this.#stops.stopAll(ids), (results) => {
      for (const [index, result] of results.entries()) {
        const id = ids[index] ?? '';
        if (checkSettled({ kind: 'stop', id, at, alone: false }, result)) this.#checkStopped(at, id);
      }
    });
  }

  startAll(): void {
    for (const { definition } of this.registry.current.servers) this.operate('start', definition.id);
  }

  stopAll(): void {
    const at = ++this.#moment;
    for (const { id } of this.#known()) this.#disturb(id);
    this.#watch(this.#stops.stopEverything(), (results) => {
      const called = { kind: 'stop', id: 'all', at, alone: false } as const;
      const outcomes = results.map((result) => checkSettled(called, result));
      if (outcomes.includes(undefined)) return;
      for (const { request } of this.#processes.alive) this.#checkStopped(at, this.#serverOf(request.runId));
    });
  }

  cleanup(): void {
    if (this.#cleanup === 'none') this.#cleanup = 'called';
    for (const { id } of this.#known()) this.#disturb(id);
    this.#watch(this.#lifecycle.cleanup(), (report) => {
      if (this.#cleanup === 'called') this.#checkCleanedUp(report);
      this.#cleanup = 'done';
    });
  }

  exit(id: ServerId, status: ExitStatus, interrupted: boolean): void {
    this.#disturb(id);
    for (const { request } of this.#treesOf(id)) this.#processes.exit(request.runId, status, interrupted);
    this.check();
  }

  listen(id: ServerId): void {
    for (const { request } of this.#treesOf(id))
      this.#processes.listen(request.runId, `http://localhost:${++this.#moment}/`);
  }

  listenAll(): void {
    for (const { id } of this.#known()) this.listen(id);
  }

  failReadiness(id: ServerId): void {
    for (const { request } of this.#treesOf(id)) this.#processes.failReadiness(request.runId);
  }

  loseHost(): void {
    for (const { id } of this.#known()) this.#disturb(id);
    this.#processes.lose();
    this.check();
  }

  /** Checks the invariants that hold at every moment. */
  check(): void {
    if (this.#violation !== undefined) throw this.#violation;
    this.#snapshots.seeCurrent(this.registry.current);
    const alive = this.#processes.alive.map(({ request }) => this.#serverOf(request.runId));
    assert.equal(new Set(alive).size, alive.length, `two processes of one server live: ${alive.join(', ')}`);
    for (const { request } of this.#processes.alive) this.#checkKnown(request.runId);
  }

  /** Checks the invariants that hold when all operations have ended and all events have been delivered. */
  async checkQuiet(): Promise<void> {
    await this.#rest();
    await this.#finishWaiting();
    assert.equal(this.#pending, 0, `${this.#pending} operations never ended`);
    assert.ok(this.#processes.isQuiet);
    for (const record of this.registry.current.servers) this.#checkAgreement(record);
    this.#checkDefined();
    const { closed, servers } = this.registry.current;
    const waiting = closed ? [] : servers.filter(({ state }) => plannedRestart(state));
    assert.deepEqual(waiting, [], 'a server waits for a restart that does not come');
  }

  /** Checks that no lock is held: every server accepts further operations, and these end. */
  async checkFree(): Promise<void> {
    this.list();
    for (const { definition } of this.registry.current.servers) this.operate('stop', definition.id);
    await this.checkQuiet();
    for (const { definition } of this.registry.current.servers) this.operate('start', definition.id);
    await this.checkQuiet();
    this.cleanup();
    await this.checkQuiet();
    for (const { definition } of this.registry.current.servers) this.operate('start', definition.id);
    await this.checkQuiet();
    this.#snapshots.checkUnchanged();
  }

  async #rest(): Promise<void> {
    do {
      await this.scheduler.waitIdle();
      // The scheduler waits only some turns of the promise queue for new tasks; drain the queue.
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.scheduler.count() > 0);
    this.check();
  }

  /** Makes all servers ready, repeatedly, so that no start stays in the queue. */
  async #finishWaiting(): Promise<void> {
    const waiting = (): readonly ServerRecord[] =>
      this.registry.current.servers.filter(({ state }) => state.kind === 'queued');
    for (let round = this.registry.current.servers.length; round > 0 && waiting().length > 0; round -= 1) {
      for (const record of waiting()) this.#checkWaiting(record);
      this.listenAll();
      await this.#rest();
    }
    assert.deepEqual(waiting(), [], 'a server waits for others though nothing happens any more');
  }

  /** Checks that a queued start waits only for servers that can still become ready. */
  #checkWaiting({ definition }: ServerRecord): void {
    const states = dependenciesOf(definition).map((id) => this.registry.find(id)?.state);
    const missing = states.filter((state) => !isUsable(state));
    const kinds = missing.map((state) => state?.kind ?? 'gone');
    assert.notEqual(missing.length, 0, `${definition.id} waits for nothing`);
    assert.ok(
      kinds.every((kind) => kind === 'queued' || kind === 'starting'),
      `${definition.id} waits for what is ${kinds.join(', ')}`,
    );
  }

  #operation(kind: OperationKind, id: ServerId): Promise<Outcome> {
    switch (kind) {
      case 'start':
        return this.#starts.start(id).then((outcome) => outcome ?? assert.fail('nobody was asked'));
      case 'startAlone':
        return this.#lifecycle.start(id);
      case 'stop':
      case 'restart':
        return this.#lifecycle[kind](id);
    }
  }

  /** Starts a timer that the scheduler fires. */
  #after(action: () => void): () => void {
    let cancelled = false;
    const fire = async (): Promise<void> => {
      await this.scheduler.schedule(Promise.resolve(), 'a timer');
      if (!cancelled) action();
    };
    void fire();
    return () => {
      cancelled = true;
    };
  }

  #newRunId(id: ServerId): RunId {
    const runId = `${id}-${++this.#runs}`;
    this.#serverOfRun.set(runId, id);
    return runId;
  }

  #serverOf(runId: RunId): ServerId {
    return this.#serverOfRun.get(runId) ?? assert.fail(`nobody made the run ${runId}`);
  }

  #known(): readonly ServerDefinition[] {
    return [...this.#defined, ...this.registry.current.servers.map(({ definition }) => definition)];
  }

  #disturb(id: ServerId): void {
    this.#lastDisturbance.set(id, ++this.#moment);
  }

  #treesOf(id: ServerId): readonly Tree[] {
    return this.#processes.alive.filter(({ request }) => this.#serverOf(request.runId) === id);
  }

  #onEvent(event: ProcessEvent): void {
    if (event.kind === 'ended') this.#disturb(this.#serverOf(event.runId));
  }

  /** Keeps the failure of a check in a callback, which could not throw to the test. */
  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#violation ??= error;
    }
  }

  #watch<T>(promise: Promise<T>, onResult: (value: T) => void): void {
    this.#pending += 1;
    promise
      .then(onResult)
      .catch((error: unknown) => (this.#violation ??= error))
      .finally(() => (this.#pending -= 1));
  }

  /** Another operation may join one that is in progress, and then ends as that one does. */
  #whileBusy<T>(id: ServerId, operation: Promise<T>): Promise<T> {
    this.#busy.push(id);
    return operation.finally(() => this.#busy.splice(this.#busy.indexOf(id), 1));
  }

  #watchOperation(called: CalledOperation, promise: Promise<Outcome>): void {
    const { kind, id, at, alone } = called;
    this.#watch(Promise.allSettled([this.#whileBusy(id, promise)]), ([result]) => {
      const outcome = checkSettled(called, result);
      if (kind === 'stop' && outcome) this.#checkStopped(at, id);
      if (outcome === 'started' && alone) this.#checkStarted(at, id);
    });
  }

  #checkStopped(at: number, id: ServerId): void {
    const startedLater = (this.#lastStart.get(id) ?? 0) > at;
    if (!startedLater) assert.equal(this.#treesOf(id).length, 0, `${id} lives after it was stopped`);
  }

  #checkStarted(at: number, id: ServerId): void {
    const disturbedLater = (this.#lastDisturbance.get(id) ?? 0) > at;
    if (!disturbedLater)
      assert.equal(this.#treesOf(id).length, 1, `${id} does not live after it was started`);
  }

  #checkCleanedUp({ survivors }: CleanupReport): void {
    const reported = new Set(survivors.map(({ id }) => id));
    // A reported survivor may have ended since.
    const alive = this.#processes.alive.map(({ request }) => this.#serverOf(request.runId));
    assert.deepEqual(
      alive.filter((id) => !reported.has(id)),
      [],
      'what lives after clean-up is not reported by it',
    );
  }

  /** Checks that a process is requested only for a listed server, and for its reserved run. */
  #checkRequest({ runId, command }: StartRequest): void {
    const { definition, state } = this.registry.get(this.#serverOf(runId));
    const reserved = [state.kind, runIdOf(state)];
    assert.deepEqual(reserved, ['reserved', runId], 'a process is asked for without a reservation');
    assert.deepEqual(command, definition.command, 'a process is asked for with an outdated command');
    assert.notEqual(this.#cleanup, 'done', 'a process is asked for after clean-up');
  }

  #checkSpawn(): void {
    assert.notEqual(this.#cleanup, 'done', 'a process came into being after clean-up');
    this.check();
  }

  #checkKnown(runId: RunId): void {
    const id = this.#serverOf(runId);
    const record = this.registry.current.servers.find(({ definition }) => definition.id === id);
    assert.equal(
      record && runIdOf(record.state),
      runId,
      `a process of ${id} lives that the registry does not know`,
    );
  }

  #checkAgreement({ definition, state }: ServerRecord): void {
    const [tree] = this.#treesOf(definition.id);
    const expected = tree ? livingStates(tree, state.kind) : this.#deadStates(runIdOf(state));
    assert.ok(
      expected.includes(state.kind),
      `${definition.id} is ${state.kind}, not ${expected.join(' or ')}`,
    );
    if (state.kind === 'ready') assert.equal(state.endpoint?.url, tree?.url);
  }

  /** Allows a refused stop: its run counts as alive, although it may have ended meanwhile. */
  #deadStates(runId: RunId | undefined): readonly string[] {
    return runId && this.#refusedStops.has(runId) ? ['stopFailed'] : ['stopped', 'crashed'];
  }

  /** Checks that the last definitions are listed, and that any other listed server is active. */
  #checkDefined(): void {
    const { servers } = this.registry.current;
    const current = servers.filter(({ retired }) => !retired).map(({ definition }) => definition);
    assert.deepEqual(current, this.#defined, 'what is listed is not what was defined last');
    assert.deepEqual(
      servers.filter(({ retired, state }) => retired && !isActive(state)),
      [],
    );
  }
}

/** Inspects each port at a moment that the scheduler chooses. */
class ScheduledPorts extends AssignedPorts {
  constructor(private readonly scheduler: Scheduler) {
    super();
  }

  override async admit(definition: ServerDefinition, requested: number | undefined): Promise<void> {
    await this.scheduler.schedule(Promise.resolve(), `inspects the port of ${definition.id}`);
    await super.admit(definition, requested);
  }
}

/** Returns the legal states of a server whose tree is alive. A process that survived a stop stays `stopFailed`. */
function livingStates(
  { root, leftover, health }: Tree,
  kind: ServerRecord['state']['kind'],
): readonly string[] {
  if (leftover || !root || kind === 'stopFailed') return ['stopFailed'];
  return [health];
}
