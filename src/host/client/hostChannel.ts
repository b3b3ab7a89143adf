import type { ChildProcess } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { ServerError, type FailureReason } from '../../core/server/errors.js';
import { MessageBatcher, unbatch } from '../ipc/messageBatcher.js';
import { forkHost, type HostProgram } from './forkHost.js';
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
}

interface Pending {
  resolve(answer: HostAnswer | undefined): void;
  reject(error: ServerError): void;
}

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
  #requests = 0;
  #disposed = false;

  constructor(private readonly options: HostChannelOptions) {}

  /** The pid of the process host; `undefined` while there is none. */
  get pid(): number | undefined {
    return this.#host?.child.pid;
  }

  get isRunning(): boolean {
    return this.#host !== undefined;
  }

  /** Rejects with the `ServerError` of the process host, or with `hostLost` or `closed`. */
  async request(message: (request: number) => ClientMessage): Promise<HostAnswer | undefined> {
    if (this.#disposed) throw new ServerError('closed', untranslated('The extension is ending.'));
    const { outbox } = (this.#host ??= this.#fork());
    const request = ++this.#requests;
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

  /** Closes the channel, upon which the process host stops its servers and exits. Resolves when it is gone. */
  dispose(): Promise<void> {
    this.#disposed = true;
    const host = this.#host;
    if (!host) return Promise.resolve();
    return new Promise((resolve) => {
      host.child.once('exit', () => resolve());
      host.outbox.flush();
      if (host.child.connected) host.child.disconnect();
    });
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
    for (const pending of this.#pending.values()) pending.reject(new ServerError('hostLost', message));
    this.#pending.clear();
    if (!this.#disposed) this.options.onLost(child.pid ?? 0, message);
  }
}
