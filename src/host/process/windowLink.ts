import { ServerError, toServerError } from '../../core/server/errors.js';
import { untranslated } from '../../core/text.js';
import type { ProcessIdentity } from '../../core/server/state.js';
import { MessageBatcher, unbatch } from '../ipc/messageBatcher.js';
import {
  parseClientMessage,
  protocolVersion,
  type ClientMessage,
  type HostMessage,
} from '../ipc/protocol.js';
import type { LedgerWriter } from '../ledger/ledgerWriter.js';
import type { EndCause } from './hostEnd.js';
import type { ConnectMessage, HoldSocket, HoldSocketListeners, SocketPeer } from './holdSocket.js';
import type { HoldTimer, HoldTimerOptions } from './holdTimer.js';
import type { ServerMessage, Supervisor } from './supervisor.js';

/** The other end of the connection to a window. */
export interface WindowPeer {
  send(messages: readonly HostMessage[]): void;
}

export interface WindowLinkDeps {
  readonly ledger: Pick<LedgerWriter, 'setWindow' | 'written'>;
  readonly supervisor: Pick<Supervisor, 'handle' | 'isBusy' | 'facts' | 'detachWindow'>;
  /** Opens the socket for the next window. */
  readonly openSocket: (listeners: HoldSocketListeners) => Promise<OpenSocket>;
  readonly startTimer: (options: HoldTimerOptions) => Pick<HoldTimer, 'cancel'>;
  readonly identify: (pid: number) => Promise<ProcessIdentity | undefined>;
  /** Called with the pid of each window after the first; with `undefined` when one is gone, and on while none comes. */
  readonly onWindow: (pid: number | undefined) => void;
  readonly reportError: (error: unknown) => void;
  /** Ends all servers and this process, at once with the window or when their time without one is over. */
  readonly end: (cause: EndCause) => void;
}

type OpenSocket = Pick<HoldSocket, 'address' | 'token' | 'close'>;

interface SavedText {
  readonly value: string;
  readonly isReason: boolean;
}

/** A request that is not answered yet. */
interface AskedRequest {
  readonly window: WindowPeer;
  /** Its number in the window. */
  readonly request: number;
}

/**
 * Connects this process host with one window at a time: first with the one that has started it, later with one that
 * takes the servers over. When the window is gone, for any reason, it holds the servers for a time, and then stops
 * everything.
 */
export class WindowLink {
  /** Facts about the servers that the window passes to the next one. */
  readonly #saved = new Map<string, SavedText>();
  readonly #outbox = new MessageBatcher<HostMessage>((messages) => this.#window?.send(messages));
  /** Requests by the numbers that they have here: each window begins its own with 1. */
  readonly #asked = new Map<number, AskedRequest>();
  #requests = 0;
  #window: WindowPeer | undefined;
  #holdMs = 0;
  #socket: OpenSocket | undefined;
  /** Resolves when the last socket is removed, whose path the next one has too. */
  #removed: Promise<void> = Promise.resolve();
  #timer: Pick<HoldTimer, 'cancel'> | undefined;
  #isEnding = false;

  /** `window` is the one that has started this process. */
  constructor(
    private readonly deps: WindowLinkDeps,
    window: WindowPeer,
  ) {
    this.#window = window;
  }

  /** Sends a message of the supervisor to the window; drops it while there is none, and the answer to an earlier one. */
  send(message: HostMessage): void {
    if (message.kind !== 'done' && message.kind !== 'refused') return this.#outbox.add(message);
    const asked = this.#asked.get(message.request);
    this.#asked.delete(message.request);
    if (asked && asked.window === this.#window) this.#outbox.add({ ...message, request: asked.request });
  }

  /** Handles messages of a window, unless it is no longer the current one. */
  receive(window: WindowPeer, values: unknown): void {
    for (const value of unbatch(values)) if (window === this.#window) this.#receive(value);
  }

  /** Holds the servers when the present window is gone, or ends everything. */
  onClosed(window: WindowPeer): void {
    if (window === this.#window) void this.#hold();
  }

  /** Refuses further windows: everything ends. */
  close(): Promise<void> {
    this.#isEnding = true;
    return this.#endHold();
  }

  #receive(value: unknown): void {
    try {
      this.#handle(parseClientMessage(value));
    } catch (error) {
      this.#refuse(value, error);
    }
  }

  #handle(message: ClientMessage): void {
    if (message.kind === 'hold') this.#setHold(message);
    else if (message.kind === 'save') this.#save(message);
    else if (message.kind === 'release') void this.#release(message.request);
    else if (message.kind !== 'connect') this.deps.supervisor.handle(this.#numbered(message));
    else throw new ServerError('badRequest', untranslated('The window is already connected.'));
  }

  /** Returns the message with a number that no request of an earlier window has. */
  #numbered(message: ServerMessage): ServerMessage {
    const window = this.#window;
    if (!('request' in message) || !window) return message;
    this.#asked.set(++this.#requests, { window, request: message.request });
    return { ...message, request: this.#requests };
  }

  #setHold({ holdMs, workspace }: Extract<ClientMessage, { kind: 'hold' }>): void {
    this.#holdMs = holdMs;
    this.deps.ledger.setWindow({ workspace: [...workspace] });
  }

  #save({ key, value, isReason }: Extract<ClientMessage, { kind: 'save' }>): void {
    if (value === undefined) this.#saved.delete(key);
    else this.#saved.set(key, { value, isReason });
  }

  /** Holds the servers though the window is still connected, and answers when that is on record. */
  async #release(request: number): Promise<void> {
    const window = this.#window;
    const heldUntil = await this.#hold();
    window?.send([{ kind: 'done', request, answer: { kind: 'released', heldUntil } }]);
  }

  /**
   * Starts a hold. Resolves with its end when the record says how the next window connects; with `undefined` when there
   * is no hold.
   */
  async #hold(): Promise<number | undefined> {
    this.#outbox.flush();
    this.#window = undefined;
    if (this.#isEnding) return undefined;
    this.deps.supervisor.detachWindow();
    this.deps.onWindow(undefined);
    if (this.#holdMs === 0 || !this.#isNeeded) return this.#end();
    try {
      return await this.#listen();
    } catch (error) {
      this.deps.reportError(error);
      return this.#end();
    }
  }

  async #listen(): Promise<number | undefined> {
    const { ledger, openSocket, startTimer } = this.deps;
    this.#timer = startTimer({
      holdMs: this.#holdMs,
      isNeeded: () => this.#isNeeded,
      onEnd: () => this.deps.end('holdOver'),
      onTick: () => this.deps.onWindow(undefined),
    });
    const heldUntil = Date.now() + this.#holdMs;
    await this.#removed;
    const socket = await openSocket({
      onWindow: (window, message) => void this.#welcome(window, message),
      onValues: (window, values) => this.receive(window, values),
    });
    this.#socket = socket;
    if (this.#isEnding) {
      await this.#endHold();
      return undefined;
    }
    const { address, token } = socket;
    ledger.setWindow({ window: undefined, link: { protocol: protocolVersion, address, token, heldUntil } });
    // On a full or read-only disk no window could find the servers.
    if (!(await ledger.written))
      throw new Error('The servers are not held, since that could not be recorded.');
    return heldUntil;
  }

  /** Gives the servers to a window that has taken over; it gets all events from here on. */
  async #welcome(window: SocketPeer, { request, pid }: ConnectMessage): Promise<void> {
    const { supervisor, ledger, onWindow, identify } = this.deps;
    void this.#endHold();
    this.#window = window;
    window.onClose(() => this.onClosed(window));
    onWindow(pid);
    const saved = [...this.#saved].map(([key, { value }]) => ({ key, value }));
    const answer = { kind: 'connected', runs: supervisor.facts(), saved } as const;
    this.#outbox.add({ kind: 'done', request, answer });
    const identity = await identify(pid).catch(() => undefined);
    if (window === this.#window) ledger.setWindow({ window: identity, link: undefined });
  }

  #endHold(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#removed = this.#socket?.close() ?? this.#removed;
    this.#socket = undefined;
    return this.#removed;
  }

  /** Returns whether there is anything to take over. */
  get #isNeeded(): boolean {
    return this.deps.supervisor.isBusy || [...this.#saved.values()].some(({ isReason }) => isReason);
  }

  #end(): undefined {
    this.deps.end('windowGone');
  }

  /** Answers a request even when the rest of it is not valid, since its caller waits. */
  #refuse(value: unknown, error: unknown): void {
    const { request } = typeof value === 'object' && value !== null && 'request' in value ? value : {};
    const { text, reason } = toServerError(error, 'badRequest');
    if (typeof request === 'number') this.#outbox.add({ kind: 'refused', request, reason, text });
    else this.deps.reportError(error);
  }
}
