import { createConnection, type Socket } from 'node:net';
import { LineReader } from './lines.js';
import {
  maxIdLength,
  maxLineBytes as maxMessageBytes,
  parseWindowMessage,
  wireVersion,
  type AgentMessage,
  type ReceivedMessage,
} from './wire.js';
import { windowText, type WindowRecord } from './windowRecords.js';
import { requireOwnSocket } from '../../host/system/localSocket.js';
import { Heartbeat } from '../../host/system/heartbeat.js';
import type { ToolName } from '../../core/agents/names.js';
import type { ServerId } from '../../core/server/identity.js';

/** Longest line of a window, bytes; answers are far shorter. */
const maxLineBytes = 16 * 1024 * 1024;

/** Timeouts of a window. */
export interface WindowTimeouts {
  /** Time in which a window has to accept a connection, milliseconds. */
  readonly welcomeMs: number;
  /** Interval of the signs of life of a window with pending calls, milliseconds. */
  readonly heartbeatMs: number;
}

const defaultTimeouts: WindowTimeouts = { welcomeMs: 15_000, heartbeatMs: 5000 };

/** Number of silent intervals after which the calls are given up: extensions block a window for seconds. */
const maxSilence = 3;

/** Thrown for a pending call when the window was closed, or when `devservers up` ended. */
class WindowClosedError extends Error {
  override readonly name = 'WindowClosedError';
}

/** The result of a tool call. */
export type ToolAnswer = Extract<ReceivedMessage, { kind: 'answer' }>['answer'];

/** How a client introduces itself. The name is for display only: it grants nothing. */
export interface ClientName {
  readonly name: string;
  readonly via?: 'commandLine';
  /** Top folder of the git worktree whose servers are meant, in a window on another checkout. */
  readonly worktree?: string | undefined;
}

export interface WindowClientEvents {
  readonly onServersChanged: () => void;
  /** Called when a watched log has grown. */
  readonly onLogGrown?: (id: ServerId) => void;
  readonly onClosed: () => void;
}

interface PendingCall {
  resolve(answer: ToolAnswer): void;
  reject(error: Error): void;
}

/** Connection of a program to a window. */
export class WindowClient {
  readonly #lines = new LineReader();
  readonly #pending = new Map<number, PendingCall>();
  readonly #heartbeat: Heartbeat;
  readonly #welcomed: Promise<void>;
  #welcome: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  #requests = 0;
  #closeReason: Error;

  private constructor(
    private readonly socket: Socket,
    record: WindowRecord,
    private readonly events: WindowClientEvents,
    { heartbeatMs, welcomeMs }: WindowTimeouts,
  ) {
    const who = windowText(record);
    this.#closeReason = new WindowClosedError(
      `${who} ${record.isTerminal === true ? 'has ended' : 'was closed'}.`,
    );
    const unresponsiveError = (): Error =>
      new Error(`${who} does not respond. Ask the user to check it, then try again.`);
    this.#heartbeat = new Heartbeat({
      intervalMs: heartbeatMs,
      ping: () => this.#ping(),
      onSilence: (intervals) => {
        if (intervals >= maxSilence) this.socket.destroy(unresponsiveError());
      },
    });
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // The other side has ended with messages unread.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') this.#closeReason = error;
    });
    socket.on('close', () => this.#onClosed());
    // A window that does not respond may accept no connection either.
    const late = setTimeout(() => socket.destroy(unresponsiveError()), welcomeMs);
    const inTime = (): void => clearTimeout(late);
    this.#welcomed = new Promise((resolve, reject) => (this.#welcome = { resolve, reject }));
    this.#welcomed.then(inTime, inTime);
  }

  /** Connects to a window under this name. Rejects when the window refuses it, does not respond, or is gone. */
  static async connect(...args: Parameters<typeof WindowClient.open>): Promise<WindowClient> {
    const client = WindowClient.open(...args);
    await client.#welcomed;
    return client;
  }

  /**
   * Connects to a window without waiting for its welcome, so that a first call follows at once. When the window refuses
   * this client, does not respond, or is gone, the calls reject. Throws if the socket may be that of another user.
   */
  static open(
    record: WindowRecord,
    { name, via, worktree }: ClientName,
    events: WindowClientEvents,
    timeouts = defaultTimeouts,
  ): WindowClient {
    requireOwnSocket(record.socket);
    const client = new WindowClient(createConnection(record.socket), record, events, timeouts);
    client.#send({
      kind: 'hello',
      version: wireVersion,
      token: record.token,
      agent: name.slice(0, 200),
      pid: process.pid,
      ...(via && { via }),
      ...(worktree !== undefined && { worktree }),
    });
    return client;
  }

  /**
   * Calls a tool. Rejects when the window is gone or does not respond. An abort of `signal` cancels the call in the window, which then
   * answers.
   */
  call(tool: ToolName, input: unknown, signal?: AbortSignal): Promise<ToolAnswer> {
    if (this.socket.destroyed) return Promise.reject(this.#closeReason);
    const request = ++this.#requests;
    return new Promise((resolve, reject) => {
      const line = lineOf({ kind: 'call', request, tool, input });
      // The window would close the connection, on which other calls depend, and stops that this client may make.
      if (Buffer.byteLength(line) > maxMessageBytes)
        throw new Error('The arguments of the call are too long.');
      const cancel = (): void => this.#send({ kind: 'cancel', request });
      signal?.addEventListener('abort', cancel, { once: true });
      const done = (): void => signal?.removeEventListener('abort', cancel);
      this.#pending.set(request, {
        resolve: (answer) => {
          done();
          resolve(answer);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.socket.write(line);
      // The welcome message has its own timeout.
      void this.#welcomed.then(() => this.#awaitSigns()).catch(() => undefined);
      if (signal?.aborted) cancel();
    });
  }

  /** Begins or ends the notifications of a server's log. Throws for an id for which the window closes the connection. */
  watchLog(id: ServerId, isWatched: boolean): void {
    if (id.length > maxIdLength) throw new Error(`The id has more than ${maxIdLength} characters.`);
    if (!this.socket.destroyed) this.#send({ kind: 'watchLog', id, isWatched });
  }

  close(): void {
    this.socket.destroy();
  }

  #send(message: AgentMessage): void {
    this.socket.write(lineOf(message));
  }

  #awaitSigns(): void {
    if (this.#pending.size > 0) this.#heartbeat.start();
  }

  /** Asks for a sign of life while calls are pending. Calls may take long, since some wait for the user. */
  #ping(): void {
    if (this.#pending.size === 0) this.#heartbeat.stop();
    else this.#send({ kind: 'ping' });
  }

  #onData(chunk: Buffer): void {
    this.#heartbeat.heard();
    try {
      for (const line of this.#lines.push(chunk, maxLineBytes)) this.#handle(parseWindowMessage(line));
    } catch (error) {
      this.socket.destroy(error instanceof Error ? error : undefined);
    }
  }

  #handle(message: ReceivedMessage): void {
    switch (message.kind) {
      case 'welcome':
        return this.#welcome?.resolve();
      case 'refused':
        this.#closeReason = new Error(message.text);
        return this.close();
      case 'pong':
        return;
      case 'serversChanged':
        return this.events.onServersChanged();
      case 'logGrown':
        return this.events.onLogGrown?.(message.id);
      case 'answer': {
        const pending = this.#pending.get(message.request);
        this.#pending.delete(message.request);
        return pending?.resolve(message.answer);
      }
    }
  }

  #onClosed(): void {
    this.#heartbeat.stop();
    this.#welcome?.reject(this.#closeReason);
    for (const pending of this.#pending.values()) pending.reject(this.#closeReason);
    this.#pending.clear();
    this.events.onClosed();
  }
}

function lineOf(message: AgentMessage): string {
  return `${JSON.stringify(message)}\n`;
}
