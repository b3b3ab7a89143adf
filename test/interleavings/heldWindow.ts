import assert from 'node:assert/strict';
import { OrderedStart } from '../../src/core/dependencies/orderedStart.js';
import { restoreIdle, restoreRunning, type RestoreDeps } from '../../src/core/handOver/restoreServers.js';
import { parseSavedServer } from '../../src/core/handOver/savedServer.js';
import { WindowMemory } from '../../src/core/handOver/windowMemory.js';
import { Lifecycle } from '../../src/core/lifecycle/lifecycle.js';
import type {
  ProcessEvent,
  ProcessHost,
  StartRequest,
  StopReport,
  StopRequest,
} from '../../src/core/lifecycle/processHost.js';
import { readyRule } from '../../src/core/readiness/readyRule.js';
import { Registry } from '../../src/core/registry/registry.js';
import { RestartPolicy } from '../../src/core/restart/restartPolicy.js';
import { RestartScheduler } from '../../src/core/restart/restartScheduler.js';
import type { ServerDefinition } from '../../src/core/server/definition.js';
import { ServerError, type FailureReason } from '../../src/core/server/errors.js';
import type { RunId } from '../../src/core/server/state.js';
import { runIdOf } from '../../src/core/server/stateQueries.js';
import { untranslated } from '../../src/core/text.js';
import { AssignedPorts } from '../../src/core/tcpPorts/assignedPorts.js';
import type { ClientMessage, HostAnswer, HostMessage } from '../../src/host/ipc/protocol.js';
import { english } from '../unit/core/support/fakes.js';
import { Channel } from './channel.js';
import { HeldHost, type SimulatedPeer } from './heldHost.js';
import type { TaskQueue } from './randomOrder.js';

const log = { info: () => undefined, error: () => undefined };
const clock = { now: () => 1, tick: () => 2 };

/** How often a window asks for an earlier one that is still there, before it is used and afterwards. */
const firstTries = 2;
const laterTries = 4;

export interface HeldWindowDeps {
  readonly scheduler: TaskQueue;
  readonly definitions: readonly ServerDefinition[];
  /** The process hosts of the workspace. */
  readonly hosts: HeldHost[];
  readonly newRunId: () => RunId;
}

interface Pending {
  readonly resolve: (answer: HostAnswer | undefined) => void;
  readonly reject: (error: ServerError) => void;
}

/** A window with the real registry and lifecycle. Its requests take time, and may be lost when it is killed first. */
export class HeldWindow implements ProcessHost {
  readonly registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
  readonly lifecycle: Lifecycle;
  readonly starts: OrderedStart;
  readonly #restore: RestoreDeps;
  readonly #toHost: Channel;
  readonly #toWindow: Channel;
  readonly #memory: WindowMemory;
  readonly #saved = new Map<string, ClientMessage>();
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: ProcessEvent) => void>();
  readonly #closeListeners: (() => void)[] = [];
  readonly #peer: SimulatedPeer;
  #requests = 0;
  #host: HeldHost | undefined;
  /** Events of a process host that was taken over, until its servers are listed. */
  #early: ProcessEvent[] | undefined;
  #isGone = false;

  constructor(private readonly deps: HeldWindowDeps) {
    const { scheduler, newRunId } = deps;
    this.#toHost = new Channel(scheduler, 'to the process host');
    this.#toWindow = new Channel(scheduler, 'to the window');
    this.#peer = {
      send: (messages) => {
        for (const message of messages as readonly HostMessage[])
          this.#toWindow.send(message.kind, () => this.#receive(message));
      },
      onClose: (listener) => void this.#closeListeners.push(listener),
      close: () => {
        for (const listener of this.#closeListeners.splice(0)) listener();
      },
      lose: () => this.#lose(),
    };
    const { registry } = this;
    const ports = new AssignedPorts();
    const restarts = new RestartPolicy({ mode: () => 'on-failure', clock });
    this.lifecycle = new Lifecycle({
      registry,
      processes: this,
      readyPolicy: { rule: () => readyRule(undefined, undefined) },
      stopPolicy: { plan: () => ({ signal: 'SIGTERM', graceMs: 5000 }) },
      clock,
      log,
      newRunId,
      assignedPorts: ports,
      restarts,
    });
    this.starts = new OrderedStart({
      registry,
      lifecycle: this.lifecycle,
      otherWindows: { find: () => Promise.resolve(undefined) },
      inspector: { inspectPort: () => Promise.resolve({ kind: 'free' }) },
      clock,
      l10n: english,
    });
    const { lifecycle, starts } = this;
    this.#restore = { registry, lifecycle, starts, processes: this, ports, restarts, log };
    this.#memory = new WindowMemory({
      registry,
      store: { save: (...text) => this.#save(...text) },
      portOf: () => undefined,
      restarts,
    });
    void new RestartScheduler({
      registry,
      lifecycle: this.lifecycle,
      timer: { after: (_, action) => this.#after(action) },
      log,
      onRefused: () => undefined,
    });
  }

  /** The process host of this window; `undefined` while there is none. */
  get host(): HeldHost | undefined {
    return this.#host;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Takes over what an earlier window has left. */
  async open(): Promise<void> {
    const others = await this.#takeOver(firstTries);
    await this.deps.scheduler.schedule(this.registry.define(this.deps.definitions), 'the scan');
    await (others ?? (await this.#takeOver(laterTries)))?.();
  }

  /** Kills the window. Of the messages that it has sent and that have not arrived, all or none arrive. */
  async kill(losesMessages: boolean): Promise<void> {
    this.#isGone = true;
    this.#toWindow.lose();
    if (losesMessages) this.#toHost.lose();
    await this.#close();
  }

  /** Leaves its servers to the next window, or ends them. */
  async leave(): Promise<void> {
    await this.registry.close();
    const release = (request: number): ClientMessage => ({ kind: 'release', request });
    const answer = this.#host && (await this.#request(release).catch(() => undefined));
    if (answer?.kind !== 'released' || answer.heldUntil === undefined) await this.lifecycle.cleanup();
    this.#isGone = true;
    await this.#close();
  }

  /** Ends its servers. */
  async end(): Promise<void> {
    await this.lifecycle.cleanup();
    this.#isGone = true;
    await this.#close();
  }

  /** Asserts that it knows exactly the servers that its process host runs, and that no operation is under way. */
  checkQuiet(): void {
    const { servers } = this.registry.current;
    const known = servers.flatMap(({ definition: { id }, state }) => {
      const runId = runIdOf(state);
      return runId === undefined ? [] : [`${id} ${runId}`];
    });
    const alive = (this.#host?.alive ?? []).map(({ request }) => `${request.serverId} ${request.runId}`);
    assert.deepEqual(known.toSorted(), alive.toSorted(), 'the registry and the processes differ');
    const kinds = servers.map(({ state }) => state.kind);
    const isQuiet = kinds.every((kind) => ['stopped', 'crashed', 'starting', 'ready'].includes(kind));
    assert.ok(isQuiet, kinds.join(', '));
  }

  async start(start: StartRequest): Promise<void> {
    await this.#request((request) => ({ kind: 'start', request, start, logBytes: 0 }));
  }

  cancelStart(runId: RunId): void {
    this.#post({ kind: 'cancelStart', runId });
  }

  async stop(stop: StopRequest): Promise<StopReport> {
    if (!this.#host) throw hostLost();
    const answer = await this.#request((request) => ({ kind: 'stop', request, stop }));
    return answer?.kind === 'stopped' ? answer : assert.fail('another answer');
  }

  async join(runId: RunId): Promise<void> {
    await this.#request((request) => ({ kind: 'join', request, runId }));
  }

  adopt(): Promise<void> {
    return Promise.reject(new ServerError('badRequest', 'Nothing is adopted here.'));
  }

  onEvent(listener: (event: ProcessEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Returns what remains to be restored after the scan; `undefined` without an earlier window. */
  async #takeOver(tries: number): Promise<(() => Promise<void>) | undefined> {
    const { scheduler, hosts } = this.deps;
    for (let each = 0; each < tries && !this.#isGone && !this.#host;) {
      await scheduler.schedule(Promise.resolve(), 'finds process hosts');
      for (const host of hosts.filter(({ socket }) => socket)) {
        const restored = await this.#connect(host);
        if (restored) return restored;
      }
      if (hosts.every(({ hasEnded }) => hasEnded)) return undefined;
      // One without a window is about to hold its servers, or to end.
      if (hosts.every(({ hasEnded, windows }) => hasEnded || windows > 0)) each += 1;
    }
    return undefined;
  }

  async #connect(host: HeldHost): Promise<(() => Promise<void>) | undefined> {
    await this.deps.scheduler.schedule(Promise.resolve(), 'connects');
    if (this.#host || this.#isGone) return undefined;
    const request = ++this.#requests;
    if (!host.socket?.connect(this.#peer, request)) return undefined;
    this.#host = host;
    const answer = await this.#answerTo(request).catch(() => undefined);
    if (answer?.kind !== 'connected') return undefined;
    this.#introduce();
    const { runs, saved } = answer;
    const servers = saved.flatMap(({ value }) => parseSavedServer(value) ?? []);
    const others = await restoreRunning(servers, runs, this.#restore);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const event of early) this.#emit(event);
    return async () => {
      await restoreIdle(others, this.#restore);
      this.#memory.forgetOthers(saved.map(({ key }) => key));
    };
  }

  #introduce(): void {
    this.#post({ kind: 'hold', holdMs: 1000, workspace: ['shop'] });
    for (const message of this.#saved.values()) this.#post(message);
  }

  #save(key: string, value: string | undefined, isReason: boolean): void {
    const message = { kind: 'save', key, value, isReason } as const;
    if (value === undefined) this.#saved.delete(key);
    else this.#saved.set(key, message);
    this.#post(message);
  }

  /** Never settles once the window is gone. */
  #request(message: (request: number) => ClientMessage): Promise<HostAnswer | undefined> {
    if (!this.#host && !this.#isGone) {
      this.#host = new HeldHost(this.deps.scheduler, this.#peer);
      this.deps.hosts.push(this.#host);
      this.#introduce();
    }
    const request = ++this.#requests;
    this.#post(message(request));
    return this.#answerTo(request);
  }

  #answerTo(request: number): Promise<HostAnswer | undefined> {
    return new Promise((resolve, reject) => this.#pending.set(request, { resolve, reject }));
  }

  #post(message: ClientMessage): void {
    const host = this.#host;
    if (!host || this.#isGone) return;
    this.#toHost.send(message.kind, () => host.receive(this.#peer, message));
  }

  #receive(message: HostMessage): void {
    if (this.#isGone) return;
    if (message.kind === 'event' && this.#early) this.#early.push(message.event);
    else if (message.kind === 'event') this.#emit(message.event);
    else if (message.kind === 'done' || message.kind === 'refused') this.#settle(message);
  }

  #settle(message: Extract<HostMessage, { kind: 'done' | 'refused' }>): void {
    const pending = this.#pending.get(message.request);
    this.#pending.delete(message.request);
    if (message.kind === 'refused')
      return pending?.reject(new ServerError(message.reason as FailureReason, untranslated('Refused.')));
    if (message.answer?.kind === 'connected') this.#early = [];
    return pending?.resolve(message.answer);
  }

  #lose(): void {
    if (this.#isGone) return;
    this.#host = undefined;
    this.#early = undefined;
    for (const { reject } of this.#pending.values()) reject(hostLost());
    this.#pending.clear();
    this.#emit({ kind: 'hostLost', message: untranslated('It ended.') });
  }

  /** Lets the process host notice the end, after what was sent. */
  async #close(): Promise<void> {
    const host = this.#host;
    const { scheduler } = this.deps;
    while (!this.#toHost.isEmpty) await scheduler.schedule(Promise.resolve(), 'the end of the channel');
    host?.onClosed(this.#peer);
  }

  #after(action: () => void): () => void {
    let isCancelled = false;
    const elapse = async (): Promise<void> => {
      await this.deps.scheduler.schedule(Promise.resolve(), 'a timer');
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

function hostLost(): ServerError {
  return new ServerError('hostLost', 'The process host ended.');
}
