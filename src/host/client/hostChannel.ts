import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ServerError, type FailureReason } from '../../core/server/errors.js';
import { MessageBatcher, unbatch } from '../ipc/messageBatcher.js';
import { forkHost, type HostProgram } from './forkHost.js';
import { HostWatch } from './hostWatch.js';
import { parseHostMessage, type ClientMessage, type HostAnswer, type HostMessage } from '../ipc/protocol.js';
import type { Logger } from '../../core/common.js';
import { untranslated, type Text } from '../../core/text.js';

/** A message that the process host sends without a request. */
export type HostNotification = Exclude<HostMessage, { kind: 'done' | 'refused' }>;

export interface HostChannelOptions {
  readonly program: () => HostProgram;
  readonly log: Logger;
  readonly onMessage: (message: HostNotification) => void;
  /** Called when the process host with that pid is gone, with the reason; its pending requests have been rejected. */
  readonly onLost: (pid: number, message: Text) => void;
  /** Called when the process host does not respond any more, and when it responds again. */
  readonly onResponsive: (isResponsive: boolean) => void;
  /** Returns whether servers run, so that the process host must respond although no request is pending. */
  readonly isInUse: () => boolean;
}

interface Pending {
  resolve(answer: HostAnswer | undefined): void;
  reject(error: ServerError): void;
}

/** Time for the process host to end all servers and itself before it is killed, milliseconds. */
const maxDisposeMs = 10_000;

interface RunningHost {
  readonly child: ChildProcess;
  readonly outbox: MessageBatcher<ClientMessage>;
  /** The variables that were sent last. */
  environment?: Readonly<Record<string, string>>;
}

/** Sends messages to the process host, which it starts with the first request and again after a loss. */
export class HostChannel {
  readonly #pending = new Map<number, Pending>();
  #host: RunningHost | undefined;
  readonly #watch: HostWatch;
  #requests = 0;
  #disposed = false;

  constructor(private readonly options: HostChannelOptions) {
    this.#watch = new HostWatch({
      isNeeded: () => this.#host !== undefined && (this.#pending.size > 0 || options.isInUse()),
      ping: () => this.postRequest((request) => ({ kind: 'ping', request })),
      onResponsive: options.onResponsive,
      onGivenUp: () => this.#rejectPending(frozenError()),
    });
  }

  /** The pid of the process host; `undefined` while there is none. */
  get pid(): number | undefined {
    return this.#host?.child.pid;
  }

  get isRunning(): boolean {
    return this.#host !== undefined;
  }

  /** `false` while the process host lives but does not respond. */
  get isResponsive(): boolean {
    return this.#watch.isResponsive;
  }

  /** Rejects with the `ServerError` of the process host, or with `hostLost`, `hostFrozen` or `closed`. */
  async request(message: (request: number) => ClientMessage): Promise<HostAnswer | undefined> {
    if (this.#disposed) throw new ServerError('closed', untranslated('The extension is shutting down.'));
    const { outbox } = (this.#host ??= this.#fork());
    const request = ++this.#requests;
    this.#watch.start();
    return new Promise((resolve, reject) => {
      this.#pending.set(request, { resolve, reject });
      outbox.add(message(request));
    });
  }

  /** Sends the variables of the editor, unless the process host has them, to be used by later starts. */
  sendEnvironment(variables: Readonly<Record<string, string>>): void {
    if (this.#disposed) return;
    const host = (this.#host ??= this.#fork());
    if (host.environment && isDeepStrictEqual(host.environment, variables)) return;
    host.environment = variables;
    host.outbox.add({ kind: 'environment', variables });
  }

  /** Sends a request whose answer is of that kind. Rejects as `request`, or with `badRequest` for another answer. */
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
    if (this.#host?.child.connected) this.#host.outbox.add(message);
  }

  /** Sends a request whose answer is not waited for. */
  postRequest(message: (request: number) => ClientMessage): void {
    this.post(message(++this.#requests));
  }

  /**
   * Closes the channel, upon which the process host stops its servers and exits; kills one that does not. Resolves when it
   * is gone, with the pid of one that was killed and so may have left servers.
   */
  async dispose(): Promise<number | undefined> {
    this.#disposed = true;
    const isResponsive = this.isResponsive;
    this.#watch.end();
    const { child, outbox } = this.#host ?? {};
    if (!child || !outbox) return undefined;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    outbox.flush();
    if (child.connected) child.disconnect();
    const hasExited = isResponsive && (await isWithin(exited, maxDisposeMs));
    if (hasExited) return undefined;
    child.kill('SIGKILL');
    await exited;
    return child.pid;
  }

  /** Kills a process host that does not respond; `onLost` follows. */
  killUnresponsive(): void {
    if (!this.isResponsive) this.#host?.child.kill('SIGKILL');
  }

  #rejectPending(error: ServerError): void {
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }

  #fork(): RunningHost {
    const { program, log } = this.options;
    const child = forkHost(program());
    const outbox = new MessageBatcher<ClientMessage>((messages) => {
      child.send(messages, (error) => {
        if (error) this.#onExit(child, error.message);
      });
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log.error(`Process host: ${text.trim()}`));
    child.on('message', (values) => this.#onMessages(values));
    child.once('error', (error) => this.#onExit(child, error.message));
    child.once('exit', (code, signal) => this.#onExit(child, `it ended with ${signal ?? `exit ${code}`}`));
    return { child, outbox };
  }

  /** Handles each message; one that cannot be parsed does not keep the others from being handled. */
  #onMessages(values: unknown): void {
    this.#watch.heard();
    for (const value of unbatch(values)) {
      try {
        this.#handle(parseHostMessage(value));
      } catch (error) {
        this.options.log.error('The process host sent something unexpected', error);
      }
    }
  }

  #handle(message: HostMessage): void {
    switch (message.kind) {
      case 'done':
        return this.#takePending(message.request)?.resolve(message.answer);
      case 'refused':
        // Both sides are built together, so the reason is a `FailureReason`.
        return this.#takePending(message.request)?.reject(
          new ServerError(message.reason as FailureReason, message.text),
        );
      case 'event':
      case 'output':
      case 'logGrown':
        return this.options.onMessage(message);
    }
  }

  #takePending(request: number): Pending | undefined {
    const pending = this.#pending.get(request);
    this.#pending.delete(request);
    return pending;
  }

  /** Rejects the pending requests; the next request starts a new process host. */
  #onExit(child: ChildProcess, reason: string): void {
    if (this.#host?.child !== child) return;
    this.#host = undefined;
    // A process host that only failed to receive a message then stops its servers and exits.
    if (child.connected) child.disconnect();
    const message = untranslated('The process host was lost: {0}.', reason);
    this.#watch.end();
    this.#rejectPending(new ServerError('hostLost', message));
    if (!this.#disposed) this.options.onLost(child.pid ?? 0, message);
  }
}

function frozenError(): ServerError {
  return new ServerError(
    'hostFrozen',
    untranslated('The process host does not respond. Stop it and its servers, or try again.'),
  );
}

/** Resolves with whether the promise is settled within this time. */
async function isWithin(promise: Promise<void>, maxMs: number): Promise<boolean> {
  const end = new AbortController();
  const isSettled = promise.then(() => true);
  const isLate = sleep(maxMs, false, { signal: end.signal }).catch(() => false);
  const result = await Promise.race([isSettled, isLate]);
  end.abort();
  return result;
}
