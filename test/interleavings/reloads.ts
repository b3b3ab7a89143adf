import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Scheduler } from 'fast-check';
import { OrderedStart } from '../../src/core/dependencies/orderedStart.js';
import { restoreIdle, restoreRunning } from '../../src/core/handOver/restoreServers.js';
import { parseSavedServer } from '../../src/core/handOver/savedServer.js';
import { WindowMemory } from '../../src/core/handOver/windowMemory.js';
import { Lifecycle } from '../../src/core/lifecycle/lifecycle.js';
import type {
  ProcessEvent,
  ProcessHost,
  RunEvent,
  StartRequest,
  StopReport,
  StopRequest,
} from '../../src/core/lifecycle/processHost.js';
import { readyRule } from '../../src/core/readiness/readyRule.js';
import { Registry } from '../../src/core/registry/registry.js';
import { RestartPolicy } from '../../src/core/restart/restartPolicy.js';
import { RestartScheduler } from '../../src/core/restart/restartScheduler.js';
import type { ServerDefinition } from '../../src/core/server/definition.js';
import { ServerError } from '../../src/core/server/errors.js';
import type { ServerId } from '../../src/core/server/identity.js';
import type { RunId } from '../../src/core/server/state.js';
import { runIdOf } from '../../src/core/server/stateQueries.js';
import { AssignedPorts } from '../../src/core/tcpPorts/assignedPorts.js';
import { definition, english } from '../unit/core/support/fakes.js';
import { Channel } from './channel.js';
import { isAlive, SimulatedHost, type Tree } from './processHost.js';

const log = { info: () => undefined, error: () => undefined };
const clock = { now: () => 1, tick: () => 2 };

const definitions: readonly ServerDefinition[] = [
  definition('a'),
  definition('b'),
  definition('c', { dependsOn: ['a'] }),
];
const ids = definitions.map(({ id }) => id);

/** A process host that outlives its windows: it holds their servers, and knows what happened to each run. */
class HeldHost {
  readonly saved = new Map<string, string>();
  readonly #history = new Map<RunId, Map<string, RunEvent>>();
  readonly #starts = new Map<RunId, Promise<void>>();
  readonly #host: SimulatedHost;
  /** The window that is let in. */
  window: Window | undefined;
  #pid = 100;

  constructor(scheduler: Scheduler) {
    const faults = { spawnFails: undefined, stopFails: false, survivor: undefined };
    const emit = (event: ProcessEvent): void => this.#emit(event);
    const deps = { scheduler, faults, emit, onSpawn: () => undefined };
    this.#host = new SimulatedHost(deps, () => (this.#pid += 2));
  }

  get alive(): readonly Tree[] {
    return this.#host.trees.filter((tree) => isAlive(tree));
  }

  get isQuiet(): boolean {
    return this.#host.isQuiet;
  }

  get facts() {
    return [...this.#history].map(([runId, events]) => ({ runId, ageMs: 0, events: [...events.values()] }));
  }

  start(request: StartRequest): Promise<void> {
    this.#history.set(request.runId, new Map());
    const start = new Promise<void>((resolve, reject) => this.#host.start(request, resolve, reject));
    this.#starts.set(request.runId, start);
    start.catch(() => this.#history.delete(request.runId));
    return start;
  }

  join(runId: RunId): Promise<void> {
    return this.#starts.get(runId) ?? Promise.reject(new ServerError('spawnFailed', 'It failed before.'));
  }

  stop({ runId }: StopRequest): Promise<StopReport> {
    return new Promise((resolve, reject) => this.#host.stop(runId, resolve, reject));
  }

  exit(runId: RunId): void {
    this.#host.exit(runId, { kind: 'code', code: 1 }, false);
  }

  listen(runId: RunId): void {
    this.#host.listen(runId, 'http://localhost:1/');
  }

  #emit(event: ProcessEvent): void {
    if (event.kind === 'hostLost') return;
    const kind = event.kind === 'unhealthy' ? 'ready' : event.kind;
    this.#history.get(event.runId)?.set(kind, event);
    this.window?.receive(event);
  }
}

/** A window with the real registry and lifecycle. What it asks for takes time, and is lost when it is killed before. */
class Window implements ProcessHost {
  readonly registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
  readonly lifecycle: Lifecycle;
  readonly starts: OrderedStart;
  readonly #toHost: Channel;
  readonly #ports = new AssignedPorts();
  readonly #restarts = new RestartPolicy({ mode: () => 'on-failure', clock });
  readonly #memory: WindowMemory;
  readonly #listeners = new Set<(event: ProcessEvent) => void>();
  #early: ProcessEvent[] | undefined = [];
  #isGone = false;

  constructor(
    private readonly host: HeldHost,
    private readonly scheduler: Scheduler,
    newRunId: () => RunId,
  ) {
    this.#toHost = new Channel(scheduler, 'to the process host');
    const { registry } = this;
    this.lifecycle = new Lifecycle({
      registry,
      processes: this,
      readyPolicy: { rule: () => readyRule(undefined, undefined) },
      stopPolicy: { plan: () => ({ signal: 'SIGTERM', graceMs: 5000 }) },
      clock,
      log,
      newRunId,
      assignedPorts: this.#ports,
      restarts: this.#restarts,
    });
    this.starts = new OrderedStart({
      registry,
      lifecycle: this.lifecycle,
      otherWindows: { find: () => Promise.resolve(undefined) },
      inspector: { inspectPort: () => Promise.resolve({ kind: 'free' }) },
      clock,
      l10n: english,
    });
    const save = (key: string, value: string | undefined): void => {
      if (this.#isGone) return;
      if (value === undefined) host.saved.delete(key);
      else host.saved.set(key, value);
    };
    const restarts = this.#restarts;
    this.#memory = new WindowMemory({ registry, store: { save }, portOf: () => undefined, restarts });
    void new RestartScheduler({
      registry,
      lifecycle: this.lifecycle,
      timer: { after: (_, action) => this.#after(action) },
      log,
      onRefused: () => undefined,
    });
  }

  /** Takes over what the earlier window has left. */
  async open(): Promise<void> {
    const { host, registry, lifecycle, starts } = this;
    const { facts } = host;
    const saved = [...host.saved];
    host.window = this;
    const servers = saved.flatMap(([, value]) => parseSavedServer(value) ?? []);
    const deps = {
      registry,
      lifecycle,
      starts,
      processes: this,
      ports: this.#ports,
      restarts: this.#restarts,
      log,
    };
    const others = await restoreRunning(servers, facts, deps);
    for (const event of this.#early ?? []) this.#emit(event);
    this.#early = undefined;
    await this.scheduler.schedule(registry.define(definitions), 'the scan');
    await restoreIdle(others, deps);
    this.#memory.forgetOthers(saved.map(([key]) => key));
  }

  /** Is killed. What it has asked for may have reached the process host or not. */
  kill(losesMessages: boolean): void {
    this.#isGone = true;
    this.host.window = undefined;
    if (losesMessages) this.#toHost.lose();
  }

  /** Resolves when what it has sent has arrived: the process host notices the end of its channel after that. */
  async arrived(): Promise<void> {
    while (!this.#toHost.isEmpty) await this.scheduler.schedule(Promise.resolve(), 'the end of the channel');
  }

  /** Leaves its servers to the next window. */
  async leave(): Promise<void> {
    await this.registry.close();
    this.kill(false);
  }

  receive(event: ProcessEvent): void {
    if (this.#early) this.#early.push(event);
    else this.#emit(event);
  }

  start(request: StartRequest): Promise<void> {
    return this.#ask(`start ${request.runId}`, () => this.host.start(request));
  }

  stop(request: StopRequest): Promise<StopReport> {
    return this.#ask(`stop ${request.runId}`, () => this.host.stop(request));
  }

  join(runId: RunId): Promise<void> {
    return this.#ask(`join ${runId}`, () => this.host.join(runId));
  }

  adopt(): Promise<void> {
    return Promise.reject(new ServerError('badRequest', 'Nothing is adopted here.'));
  }

  onEvent(listener: (event: ProcessEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Never settles once the window is gone. */
  #ask<Result>(label: string, call: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#isGone) return;
      this.#toHost.send(label, () => {
        call().then(
          (result) => !this.#isGone && resolve(result),
          (error: unknown) => !this.#isGone && reject(error as Error),
        );
      });
    });
  }

  #after(action: () => void): () => void {
    let isCancelled = false;
    const elapse = async (): Promise<void> => {
      await this.scheduler.schedule(Promise.resolve(), 'a timer');
      if (!isCancelled && !this.#isGone) action();
    };
    void elapse();
    return () => {
      isCancelled = true;
    };
  }

  #emit(event: ProcessEvent): void {
    if (!this.#isGone) for (const listener of this.#listeners) listener(event);
  }
}

type Step =
  | { readonly kind: 'start' | 'stop' | 'restart' | 'exit' | 'listen'; readonly id: ServerId }
  | { readonly kind: 'kill'; readonly losesMessages: boolean }
  | { readonly kind: 'leave' };

const id = fc.constantFrom(...ids);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('start' as const), id }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('stop' as const, 'restart' as const), id }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('exit' as const, 'listen' as const), id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('kill' as const), losesMessages: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const) }) },
);
const steps = fc.array(fc.record({ step, turns: fc.nat(12) }), { minLength: 2, maxLength: 14 });

/** Windows that follow each other, with one process host. */
class Windows {
  readonly #host: HeldHost;
  #window: Window;
  #runs = 0;
  /** Whether the present window is the last one, and none is about to follow. */
  #isLast = true;
  #failure: unknown;

  constructor(private readonly scheduler: Scheduler) {
    this.#host = new HeldHost(scheduler);
    this.#window = this.#create();
    this.#open(this.#window);
  }

  async act({ step: action, turns }: { readonly step: Step; readonly turns: number }): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await this.#turn();
    const window = this.#window;
    switch (action.kind) {
      case 'kill':
      case 'leave':
        if (this.#isLast) void this.#openNext(this.#end(window, action));
        return;
      case 'exit':
      case 'listen':
        for (const { request } of this.#treesOf(action.id)) this.#host[action.kind](request.runId);
        return;
      case 'start':
        if (window.registry.find(action.id)) window.starts.start(action.id).catch(() => undefined);
        return;
      case 'stop':
      case 'restart':
        if (window.registry.find(action.id)) window.lifecycle[action.kind](action.id).catch(() => undefined);
    }
  }

  /** Checks that processes and registry agree once nothing happens any more, and that everything can be stopped. */
  async checkQuiet(): Promise<void> {
    await this.#rest();
    // What waits must go on when what it waits for is ready.
    for (const server of ids)
      for (const { request } of this.#treesOf(server)) this.#host.listen(request.runId);
    await this.#rest();
    const { servers } = this.#window.registry.current;
    const known = servers.flatMap(({ definition: { id: server }, state }) => {
      const runId = runIdOf(state);
      return runId === undefined ? [] : [`${server} ${runId}`];
    });
    const alive = this.#host.alive.map(({ request }) => `${request.serverId} ${request.runId}`);
    assert.deepEqual(known.toSorted(), alive.toSorted(), 'the registry and the processes differ');
    const kinds = servers.map(({ state }) => state.kind);
    assert.ok(
      kinds.every((kind) => ['stopped', 'crashed', 'starting', 'ready'].includes(kind)),
      kinds.join(', '),
    );
    void this.#window.lifecycle.cleanup();
    await this.#rest();
    assert.deepEqual(this.#host.alive, [], 'a server outlives the last window');
  }

  #end(window: Window, action: Extract<Step, { kind: 'kill' | 'leave' }>): Promise<void> {
    this.#isLast = false;
    if (action.kind === 'leave') return window.leave().then(() => window.arrived());
    window.kill(action.losesMessages);
    return window.arrived();
  }

  /** Opens another window after the present one has left, once. */
  async #openNext(left: Promise<void>): Promise<void> {
    await left;
    await this.scheduler.schedule(Promise.resolve(), 'the next window');
    this.#window = this.#create();
    this.#isLast = true;
    this.#open(this.#window);
  }

  #open(window: Window): void {
    window.open().catch((error: unknown) => (this.#failure ??= error));
  }

  #create(): Window {
    return new Window(this.#host, this.scheduler, () => `run-${++this.#runs}`);
  }

  #treesOf(server: ServerId): readonly Tree[] {
    return this.#host.alive.filter(({ request }) => request.serverId === server);
  }

  async #turn(): Promise<void> {
    if (this.scheduler.count() > 0) await this.scheduler.waitOne();
    else await Promise.resolve();
  }

  async #rest(): Promise<void> {
    do {
      await this.scheduler.waitIdle();
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.scheduler.count() > 0);
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Explores random schedules of windows that are killed and loaded again. */
export async function exploreReloads(options: fc.Parameters<unknown>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), steps, async (scheduler, actions) => {
      const windows = new Windows(scheduler);
      for (const action of actions) await windows.act(action);
      await windows.checkQuiet();
    }),
    { ...options, endOnFailure: true } as fc.Parameters<[Scheduler, unknown[]]>,
  );
}
