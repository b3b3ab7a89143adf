import { OrderedStart, type OrderedStartDeps } from '../../../../src/core/dependencies/orderedStart.js';
import { OrderedStop } from '../../../../src/core/dependencies/orderedStop.js';
import { ServerError } from '../../../../src/core/server/errors.js';
import { Lifecycle, type LifecycleDeps } from '../../../../src/core/lifecycle/lifecycle.js';
import type {
  ProcessEvent,
  ProcessHost,
  StartRequest,
  StopReport,
  StopRequest,
} from '../../../../src/core/lifecycle/processHost.js';
import { readyRule } from '../../../../src/core/readiness/readyRule.js';
import { Registry } from '../../../../src/core/registry/registry.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import type { RunId, Survivor } from '../../../../src/core/server/state.js';
import { stopPlan } from '../../../../src/core/lifecycle/stopGrace.js';
import type { Orphan } from '../../../../src/core/server/otherWindows.js';
import type { Endpoint } from '../../../../src/core/readiness/endpoint.js';
import { english } from '../../../../src/core/text.js';

export { english };

export function definition(id: string, more: Partial<ServerDefinition> = {}): ServerDefinition {
  return {
    id,
    name: id,
    folder: 'shop',
    subfolder: '',
    command: { kind: 'argv', file: 'npm', args: ['run', id] },
    cwd: '/shop',
    env: {},
    port: undefined,
    source: 'scripts',
    ...more,
  };
}

/** Returns an endpoint on a socket of the server itself. */
export function endpoint(url: string, more: Partial<Endpoint> = {}): Endpoint {
  return { url, listener: 'own', pid: 4711, contested: false, ...more };
}

/** A `ProcessHost` without processes. Records its live runs and its calls. */
class FakeProcesses implements ProcessHost {
  readonly alive = new Map<RunId, StartRequest>();
  readonly calls: string[] = [];
  readonly #listeners = new Set<(event: ProcessEvent) => void>();
  #pid = 100;
  /** Awaited inside `start`, `stop`, `join` and `adopt`, so that a test can hold or interleave them. */
  gate: (call: string) => Promise<void> = () => Promise.resolve();
  /** Called with the run whose start is cancelled. */
  onCancel: (runId: RunId) => void = () => undefined;
  failStart: Error | undefined;
  failStop: Error | undefined;
  survivors: readonly Survivor[] = [];

  async start(request: StartRequest): Promise<void> {
    this.calls.push(`start ${request.command.kind === 'argv' ? request.command.args[1] : ''}`);
    await this.gate('start');
    if (this.failStart) throw this.failStart;
    this.alive.set(request.runId, request);
    this.emit({
      kind: 'spawned',
      runId: request.runId,
      process: { pid: ++this.#pid, startTime: '7', bootId: 'b' },
    });
  }

  cancelStart(runId: RunId): void {
    this.onCancel(runId);
  }

  async stop({ runId, signal, graceMs }: StopRequest): Promise<StopReport> {
    this.calls.push(`stop ${signal === 'SIGTERM' ? '' : `by ${signal} `}${graceMs}`);
    await this.gate('stop');
    if (this.failStop) throw this.failStop;
    if (this.survivors.length === 0) this.alive.delete(runId);
    return { forced: false, survivors: this.survivors, busyPorts: [] };
  }

  async join(runId: RunId): Promise<void> {
    this.calls.push(`join ${runId}`);
    await this.gate('join');
    if (this.failStart) throw this.failStart;
  }

  async adopt({ runId }: Orphan): Promise<void> {
    this.calls.push(`adopt ${runId}`);
    await this.gate('adopt');
    if (this.failStart) throw this.failStart;
  }

  onEvent(listener: (event: ProcessEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: ProcessEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** The only live run. */
  get onlyRun(): RunId {
    const [run, ...others] = this.alive.keys();
    if (run === undefined || others.length > 0) throw new Error(`${this.alive.size} runs live`);
    return run;
  }
}

export interface World {
  readonly registry: Registry;
  readonly lifecycle: Lifecycle;
  readonly dependencyStart: OrderedStart;
  readonly dependencyStop: OrderedStop;
  readonly processes: FakeProcesses;
  readonly log: string[];
  /** `id: state` of every server. */
  readonly states: () => string[];
}

export interface WorldOptions {
  readonly maxServers?: number;
  /** Awaited during admission, under the registry's lock. */
  readonly admitting?: () => Promise<void>;
  /** Replacements for the default clock, which stands still, and for the missing restart policy and ports. */
  readonly deps?: Partial<
    Pick<LifecycleDeps, 'clock' | 'restarts' | 'assignedPorts' | 'variables' | 'consent'>
  >;
}

/** Creates a registry and a lifecycle with fake processes and the servers `a`, `b` and `c`. */
export async function world(options: WorldOptions = {}): Promise<World> {
  const processes = new FakeProcesses();
  const log: string[] = [];
  const sink = {
    info: (message: string) => log.push(message),
    error: (message: string, cause?: unknown) =>
      log.push(cause instanceof Error ? `${message}: ${cause.message}` : message),
  };
  const registry = new Registry({
    admission: {
      admit: async ({ name }, running) => {
        await options.admitting?.();
        if (running >= (options.maxServers ?? 50)) throw new ServerError('limit', `${name}: too many`);
      },
    },
    log: sink,
  });
  let runs = 0;
  const lifecycle = new Lifecycle({
    registry,
    processes,
    readyPolicy: { rule: ({ overrides }) => readyRule(overrides?.ready, 60) },
    stopPolicy: { plan: ({ overrides }) => stopPlan(overrides, { stopSignal: 'SIGTERM', stopTimeout: 5 }) },
    clock: { now: () => 1_000_000, tick: () => 500 },
    log: sink,
    newRunId: (id) => `${id}-${++runs}`,
    ...options.deps,
  });
  await registry.define(['a', 'b', 'c'].map((id) => definition(id)));
  return {
    registry,
    lifecycle,
    dependencyStart: orderedStart(registry, lifecycle),
    dependencyStop: new OrderedStop({ registry, lifecycle }),
    processes,
    log,
    states: () => registry.current.servers.map((record) => `${record.definition.id}: ${record.state.kind}`),
  };
}

/** Creates ordered starts; by default no port is in use, and no other window runs a server. */
export function orderedStart(
  registry: Registry,
  lifecycle: OrderedStartDeps['lifecycle'],
  deps: Partial<OrderedStartDeps> = {},
): OrderedStart {
  return new OrderedStart({
    registry,
    lifecycle,
    otherWindows: { find: () => Promise.resolve(undefined) },
    inspector: { inspectPort: () => Promise.resolve({ kind: 'free' }) },
    clock: { now: () => 1_000_000 },
    l10n: english,
    ...deps,
  });
}

/** Returns a promise that a test resolves. */
export function held(): { readonly promise: Promise<void>; readonly release: () => void } {
  const waiting: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => waiting.push(resolve));
  return { promise, release: () => waiting.pop()?.() };
}
