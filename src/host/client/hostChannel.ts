import { isDeepStrictEqual } from 'node:util';
import { ServerError, toServerError } from '../../core/server/errors.js';
import { Introduction, type HoldPlan } from './introduction.js';
import { forkHost, type HostProgram } from './forkHost.js';
import { connectToChild, connectToHeld, type HostConnection } from './hostConnection.js';
import { HostWatch } from './hostWatch.js';
import { protocolVersion, type ClientMessage, type HostAnswer, type HostMessage } from '../ipc/protocol.js';
import type { HeldHost } from '../ledger/heldHosts.js';
import type { Logger } from '../../core/common.js';
import { untranslated, type Text } from '../../core/text.js';
import { answerTimeOf, frozenError, PendingRequests } from './pendingRequests.js';
import { handleMessages, RunningHost } from './runningHost.js';
import { isWithin } from '../system/isWithin.js';

/** State that a process host holds for the next window. */
export type HeldServers = Extract<HostAnswer, { kind: 'connected' }>;

/** A message that the process host sends without a request. */
export type HostNotification = Exclude<HostMessage, { kind: 'done' | 'refused' }>;

export interface HostChannelOptions {
  readonly program: () => HostProgram;
  readonly hold: () => HoldPlan;
  readonly log: Logger;
  readonly onMessage: (message: HostNotification) => void;
  /** Called when the process host with that pid is gone, with the reason; its pending requests have been rejected. */
  readonly onLost: (pid: number, message: Text) => void;
  /** Called when the process host does not respond any more, and when it responds again. */
  readonly onResponsive: (isResponsive: boolean) => void;
  /** Returns whether servers run, so that the process host must respond although no request is pending. */
  readonly isInUse: () => boolean;
  /** Maximum time for an answer, in addition to the time that its request allows, milliseconds. */
  readonly maxAnswerMs: () => number | undefined;
}

/** Time for the process host to end all servers and itself before it is killed, milliseconds. */
const maxDisposeMs = 10_000;

/** Sends messages to the process host, which it starts with the first request and again after a loss. */
export class HostChannel {
  readonly #pending = new PendingRequests();
  readonly #introduction: Introduction;
  /** Messages of a process host that was taken over, until `resume`. */
  #early: HostNotification[] | undefined;
  #host: RunningHost | undefined;
  readonly #watch: HostWatch;
  #disposed = false;

  constructor(private readonly options: HostChannelOptions) {
    this.#introduction = new Introduction(options.hold);
    this.#watch = new HostWatch({
      isNeeded: () => this.#host !== undefined && (!this.#pending.isEmpty || options.isInUse()),
      ping: () => this.postRequest((request) => ({ kind: 'ping', request })),
      onResponsive: options.onResponsive,
      onGivenUp: () => this.#pending.rejectAll(frozenError()),
      giveUpOverdue: (intervalMs) => this.#pending.giveUpOverdue(intervalMs),
    });
  }

  /** The pid of the process host; `undefined` while there is none. */
  get pid(): number | undefined {
    return this.#host?.connection.pid;
  }

  get isRunning(): boolean {
    return this.#host !== undefined;
  }

  /** `false` while the process host lives but does not respond. */
  get isResponsive(): boolean {
    return this.#watch.isResponsive;
  }

  /**
   * Connects to a process host that holds servers; its messages wait for `resume`. Rejects when this window has a
   * process host already, and when the other one refuses. If it does not answer, it is killed.
   */
  async takeOver({ host, link }: HeldHost): Promise<HeldServers> {
    this.#requireNoHost();
    const connection = await connectToHeld(host, link, {
      onValues: (values) => this.#onMessages(values),
      onGone: (reason) => this.#onGone(connection, reason),
    });
    const { token } = link;
    try {
      this.#requireNoHost();
      this.#host = new RunningHost(connection);
      const first = { kind: 'connect', protocol: protocolVersion, token, pid: process.pid } as const;
      const answer = await this.requestAnswer('connected', (request) => ({ ...first, request }));
      connection.isAccepted = true;
      this.#introduce();
      return answer;
    } catch (error) {
      if (this.#host?.connection === connection) this.#host = undefined;
      if (toServerError(error, 'hostLost').reason === 'hostFrozen') connection.kill();
      connection.close();
      throw error;
    }
  }

  /** Passes on what a process host has sent since it was taken over. */
  resume(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) this.options.onMessage(message);
  }

  /** Sends how to hold the servers now. */
  updateHold(): void {
    this.post(this.#introduction.hold);
  }

  /** Keeps a text for the next window, or drops it. With `isReason` it is a reason to hold. */
  save(key: string, value: string | undefined, isReason: boolean): void {
    this.post(this.#introduction.save(key, value, isReason));
  }

  /**
   * Leaves the servers to the next window. Resolves with the end of the hold, milliseconds since 1970, when it is on
   * record; with `undefined` when there is nothing to hold, so that the process host exits.
   */
  async release(): Promise<number | undefined> {
    const connection = this.#host?.connection;
    if (!connection) return undefined;
    const { heldUntil } = await this.requestAnswer('released', (request) => ({ kind: 'release', request }));
    if (heldUntil === undefined) return undefined;
    this.#disposed = true;
    this.#watch.end();
    this.#host = undefined;
    connection.close();
    return heldUntil;
  }

  /** Rejects with the `ServerError` of the process host, or with `hostLost`, `hostFrozen` or `closed`. */
  async request(message: (request: number) => ClientMessage): Promise<HostAnswer | undefined> {
    if (this.#disposed) throw new ServerError('closed', untranslated('The extension is shutting down.'));
    const { outbox } = (this.#host ??= this.#fork());
    const request = this.#pending.next();
    const sent = message(request);
    const answer = this.#pending.answerTo(request, answerTimeOf(sent, this.options.maxAnswerMs()));
    outbox.add(sent);
    this.#watch.start();
    return answer;
  }

  /** Sends the variables of the editor, unless the process host has them, to be used by later starts. */
  sendEnvironment(variables: Readonly<Record<string, string>>): void {
    if (this.#disposed) return;
    const host = (this.#host ??= this.#fork());
    if (host.environment && isDeepStrictEqual(host.environment, variables)) return;
    host.environment = variables;
    host.outbox.add({ kind: 'environment', variables });
  }

  /** Sends a request whose answer must be of that kind. Rejects like `request`, or with `badRequest`. */
  async requestAnswer<Kind extends HostAnswer['kind']>(
    kind: Kind,
    message: (request: number) => ClientMessage,
  ): Promise<Extract<HostAnswer, { kind: Kind }>> {
    const answer = await this.request(message);
    if (answer?.kind === kind) return answer as Extract<HostAnswer, { kind: Kind }>;
    throw new ServerError(
      'badRequest',
      untranslated('The process host answered "{0}" instead of "{1}".', answer?.kind ?? '', kind),
    );
  }

  /** Sends a message without an answer; without a process host, drops it. */
  post(message: ClientMessage): void {
    if (this.#host?.connection.isOpen) this.#host.outbox.add(message);
  }

  /** Sends a request whose answer is not waited for. */
  postRequest(message: (request: number) => ClientMessage): void {
    this.post(message(this.#pending.next()));
  }

  /**
   * Closes the channel, so that the process host stops its servers and exits; if it does not, kills it. Resolves when
   * it is gone, with its pid if it was killed and so may have left servers running.
   */
  async dispose(): Promise<number | undefined> {
    this.#disposed = true;
    const isResponsive = this.isResponsive;
    this.#watch.end();
    const connection = this.#host?.closeForEver();
    if (!connection) return undefined;
    const hasExited = isResponsive && (await isWithin(connection.exited, maxDisposeMs));
    if (hasExited) return undefined;
    connection.kill();
    await connection.exited;
    return connection.pid;
  }

  /** Kills a process host that does not respond; `onLost` follows. */
  killUnresponsive(): void {
    if (!this.isResponsive) this.#host?.connection.kill();
  }

  #requireNoHost(): void {
    if (this.#host || this.#disposed)
      throw new ServerError('closed', untranslated('This window already has a process host.'));
  }

  #fork(): RunningHost {
    const { program, log } = this.options;
    const child = forkHost(program());
    const connection = connectToChild(child, {
      onValues: (values) => this.#onMessages(values),
      onGone: (reason) => this.#onGone(connection, reason),
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log.error(`Process host: ${text.trim()}`));
    this.#host = new RunningHost(connection);
    this.#introduce();
    return this.#host;
  }

  /** Sends what a process host must know of this window. */
  #introduce(): void {
    for (const message of this.#introduction.messages) this.post(message);
  }

  #onMessages(values: unknown): void {
    this.#watch.heard();
    handleMessages(values, (message) => this.#handle(message), this.options.log);
  }

  #handle(message: HostMessage): void {
    if (message.kind === 'done' || message.kind === 'refused') {
      // Later messages are not part of this answer, so they wait until it is handled.
      if (message.kind === 'done' && message.answer?.kind === 'connected') this.#early = [];
      if (this.#pending.settle(message)) this.#watch.answered();
      return;
    }
    if (this.#early) this.#early.push(message);
    else this.options.onMessage(message);
  }

  /** Rejects the pending requests; the next request starts a new process host. */
  #onGone(connection: HostConnection, reason: string): void {
    if (this.#host?.connection !== connection) return;
    this.#host = undefined;
    this.#early = undefined;
    connection.close();
    const message = untranslated('The process host was lost: {0}.', reason);
    this.#watch.end();
    this.#pending.rejectAll(new ServerError('hostLost', message));
    if (connection.isAccepted && !this.#disposed) this.options.onLost(connection.pid ?? 0, message);
  }
}
