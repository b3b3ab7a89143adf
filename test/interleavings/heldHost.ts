import assert from 'node:assert/strict';
import type {
  ProcessEvent,
  RunEvent,
  RunFacts,
  StartRequest,
  StopReport,
} from '../../src/core/lifecycle/processHost.js';
import { ServerError, toServerError } from '../../src/core/server/errors.js';
import type { RunId } from '../../src/core/server/state.js';
import { protocolVersion, type ClientMessage, type HostAnswer } from '../../src/host/ipc/protocol.js';
import type { HoldSocketListeners, SocketPeer } from '../../src/host/process/holdSocket.js';
import { WindowLink } from '../../src/host/process/windowLink.js';
import { isAlive, SimulatedHost, type Tree } from './processHost.js';
import type { TaskQueue } from './randomOrder.js';

type ServerMessage = Extract<ClientMessage, { kind: 'start' | 'cancelStart' | 'stop' | 'join' }>;

/** The window's end of a connection. */
export interface SimulatedPeer extends SocketPeer {
  /** Calls the listeners of the end of the connection. */
  close(): void;
  /** The process host is gone. */
  lose(): void;
}

/** The socket of a process host without a window: it accepts the first window. */
class SimulatedSocket {
  readonly address = 'socket';
  readonly token = 'token';
  #isTaken = false;
  #isOpen = true;

  constructor(
    private readonly listeners: HoldSocketListeners,
    private readonly onWindow: (window: SimulatedPeer) => void,
  ) {}

  /** Returns whether the window is accepted. */
  connect(window: SimulatedPeer, request: number): boolean {
    if (!this.#isOpen || this.#isTaken) return false;
    this.#isTaken = true;
    this.onWindow(window);
    const { token } = this;
    this.listeners.onWindow(window, { kind: 'connect', request, protocol: protocolVersion, token, pid: 1 });
    return true;
  }

  close(): Promise<void> {
    this.#isOpen = false;
    return Promise.resolve();
  }
}

/** A process host with its real connection to windows. Its servers, its socket and its timer are simulated. */
export class HeldHost {
  readonly #link: WindowLink;
  readonly #host: SimulatedHost;
  readonly #history = new Map<RunId, Map<string, RunEvent>>();
  readonly #starts = new Map<RunId, Promise<void>>();
  readonly #starting = new Set<RunId>();
  /** The windows that were accepted and have not left. */
  readonly #windows = new Set<SimulatedPeer>();
  readonly #connected = new Set<SimulatedPeer>();
  #socket: SimulatedSocket | undefined;
  /** Whether the record says how the next window connects. */
  #isRecorded = false;
  #elapse: (() => void) | undefined;
  #isEnding = false;
  #hasEnded = false;
  #pid = 100;

  constructor(
    private readonly scheduler: TaskQueue,
    /** The window that starts it. */
    private readonly firstWindow: SimulatedPeer,
  ) {
    const faults = { spawnFails: undefined, stopFails: false, survivor: undefined };
    const emit = (event: ProcessEvent): void => this.#emit(event);
    const deps = { scheduler, faults, emit, onSpawn: () => undefined };
    this.#host = new SimulatedHost(deps, () => (this.#pid += 2));
    this.#onWindow(firstWindow);
    this.#link = this.#createLink();
  }

  get alive(): readonly Tree[] {
    return this.#host.trees.filter((tree) => isAlive(tree));
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether it ends its servers by itself. */
  get isTimed(): boolean {
    return this.#elapse !== undefined || this.#isEnding;
  }

  /** The socket that a window finds by the record. */
  get socket(): SimulatedSocket | undefined {
    return this.#isRecorded && !this.#hasEnded ? this.#socket : undefined;
  }

  /** Number of windows that are let in; never more than one. */
  get windows(): number {
    return this.#windows.size;
  }

  receive(window: SimulatedPeer, message: ClientMessage): void {
    this.#link.receive(window, message);
  }

  /** The window is gone. */
  onClosed(window: SimulatedPeer): void {
    this.#connected.delete(window);
    if (window === this.firstWindow) this.#link.onClosed(window);
    else window.close();
  }

  exit(runId: RunId): void {
    this.#host.exit(runId, { kind: 'code', code: 1 }, false);
  }

  listen(runId: RunId): void {
    this.#host.listen(runId, 'http://localhost:1/');
  }

  /** Ends the time without a window. */
  elapse(): void {
    this.#elapse?.();
  }

  #createLink(): WindowLink {
    const isBusy = (): boolean => this.#starting.size > 0 || this.alive.length > 0;
    return new WindowLink(
      {
        ledger: {
          setWindow: (window) => {
            if ('link' in window) this.#isRecorded = window.link !== undefined;
          },
          written: Promise.resolve(true),
        },
        supervisor: {
          handle: (message) => this.#handle(message as ServerMessage),
          get isBusy() {
            return isBusy();
          },
          facts: () => this.#facts(),
          detachWindow: () => undefined,
        },
        openSocket: (listeners) => this.#openSocket(listeners),
        startTimer: ({ onEnd }) => this.#startTimer(onEnd),
        identify: (pid) => this.#delay({ pid, startTime: '1', bootId: 'b' }, 'identifies the window'),
        onWindow: (pid) => pid === undefined && this.#windows.clear(),
        reportError: (error) => assert.fail(String(error)),
        end: () => void this.#end(),
      },
      this.firstWindow,
    );
  }

  #onWindow(window: SimulatedPeer): void {
    this.#windows.add(window);
    this.#connected.add(window);
  }

  async #openSocket(listeners: HoldSocketListeners): Promise<SimulatedSocket> {
    await this.#delay(undefined, 'opens the socket');
    this.#socket = new SimulatedSocket(listeners, (window) => this.#onWindow(window));
    return this.#socket;
  }

  #startTimer(onEnd: () => void): { cancel(): void } {
    const elapse = (): void => {
      cancel();
      onEnd();
    };
    const cancel = (): void => {
      if (this.#elapse === elapse) this.#elapse = undefined;
    };
    this.#elapse = elapse;
    return { cancel };
  }

  #handle(message: ServerMessage): void {
    if (message.kind === 'cancelStart') return this.#host.cancelStart(message.runId);
    const { request } = message;
    this.#carryOut(message).then(
      (answer) => this.#link.send({ kind: 'done', request, answer }),
      (error: unknown) => {
        const { reason, text } = toServerError(error, 'spawnFailed');
        this.#link.send({ kind: 'refused', request, reason, text });
      },
    );
  }

  async #carryOut(message: Exclude<ServerMessage, { kind: 'cancelStart' }>): Promise<HostAnswer | undefined> {
    if (message.kind === 'start') await this.#start(message.start);
    else if (message.kind === 'stop') return { kind: 'stopped', ...(await this.#stop(message.stop.runId)) };
    else await (this.#starts.get(message.runId) ?? Promise.reject(refusal('spawnFailed')));
    return undefined;
  }

  #start(request: StartRequest): Promise<void> {
    if (this.#isEnding) return Promise.reject(refusal('closed'));
    const { runId } = request;
    this.#history.set(runId, new Map());
    this.#starting.add(runId);
    const start = new Promise<void>((resolve, reject) => this.#host.start(request, resolve, reject));
    this.#starts.set(runId, start);
    start.catch(() => this.#history.delete(runId)).finally(() => this.#starting.delete(runId));
    return start;
  }

  async #stop(runId: RunId): Promise<StopReport> {
    await this.#starts.get(runId)?.catch(() => undefined);
    return new Promise((resolve, reject) => this.#host.stop(runId, resolve, reject));
  }

  #facts(): RunFacts[] {
    return [...this.#history].map(([runId, events]) => ({ runId, ageMs: 0, events: [...events.values()] }));
  }

  #emit(event: ProcessEvent): void {
    if (event.kind === 'hostLost') return;
    const kind = event.kind === 'unhealthy' ? 'ready' : event.kind;
    this.#history.get(event.runId)?.set(kind, event);
    this.#link.send({ kind: 'event', event });
  }

  async #end(): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    await this.#link.close();
    await Promise.allSettled(this.#starts.values());
    await Promise.all(this.alive.map(({ request }) => this.#stop(request.runId)));
    this.#hasEnded = true;
    for (const window of this.#connected) window.lose();
  }

  #delay<Value>(value: Value, label: string): Promise<Value> {
    return this.scheduler.schedule(Promise.resolve(value), label);
  }
}

function refusal(reason: 'closed' | 'spawnFailed'): ServerError {
  return new ServerError(reason, 'The process host refuses.');
}
