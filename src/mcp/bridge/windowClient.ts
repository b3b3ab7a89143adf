import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { LineReader } from './lines.js';
import { parseWindowMessage, wireVersion, type AgentMessage, type ReceivedMessage } from './wire.js';
import { requireOwnSocket, type WindowRecord } from './windowRecords.js';
import type { ToolName } from '../../core/agents/names.js';

/** Longest line of a window, bytes; answers are far shorter. */
const maxLineBytes = 16 * 1024 * 1024;

/** The result of a tool call. */
export type ToolAnswer = Extract<ReceivedMessage, { kind: 'answer' }>['answer'];

export interface WindowClientEvents {
  readonly onServersChanged: () => void;
  readonly onClosed: () => void;
}

interface PendingCall {
  resolve(answer: ToolAnswer): void;
  reject(error: Error): void;
}

/** Connection of an MCP server to a window. */
export class WindowClient {
  readonly #lines = new LineReader();
  readonly #pending = new Map<number, PendingCall>();
  #requests = 0;
  #welcome: PendingCall | undefined;
  #closeReason = new Error('The window of VS Code was closed.');

  private constructor(
    private readonly socket: Socket,
    private readonly events: WindowClientEvents,
  ) {
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (error) => (this.#closeReason = error));
    socket.on('close', () => this.#onClosed());
  }

  /** Connects to a window as this agent. Rejects when the window refuses it or is gone. */
  static async connect(
    { socket: path, token }: WindowRecord,
    agent: string,
    events: WindowClientEvents,
  ): Promise<WindowClient> {
    await requireOwnSocket(path);
    const socket = createConnection(path);
    await once(socket, 'connect');
    const client = new WindowClient(socket, events);
    await new Promise<unknown>((resolve, reject) => {
      client.#welcome = { resolve, reject };
      client.#send({
        kind: 'hello',
        version: wireVersion,
        token,
        agent: agent.slice(0, 200),
        pid: process.pid,
      });
    });
    return client;
  }

  /**
   * Calls a tool. Rejects when the window is gone. An abort of `signal` cancels the call in the window, which then
   * answers.
   */
  call(tool: ToolName, input: unknown, signal?: AbortSignal): Promise<ToolAnswer> {
    if (this.socket.destroyed) return Promise.reject(this.#closeReason);
    const request = ++this.#requests;
    return new Promise((resolve, reject) => {
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
      this.#send({ kind: 'call', request, tool, input });
      if (signal?.aborted) cancel();
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #send(message: AgentMessage): void {
    this.socket.write(`${JSON.stringify(message)}\n`);
  }

  #onData(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk, maxLineBytes)) this.#handle(parseWindowMessage(line));
    } catch (error) {
      this.socket.destroy(error instanceof Error ? error : undefined);
    }
  }

  #handle(message: ReceivedMessage): void {
    switch (message.kind) {
      case 'welcome':
        return this.#welcome?.resolve({ text: '', data: {} });
      case 'refused':
        this.#closeReason = new Error(message.text);
        return this.close();
      case 'serversChanged':
        return this.events.onServersChanged();
      case 'answer': {
        const pending = this.#pending.get(message.request);
        this.#pending.delete(message.request);
        return pending?.resolve(message.answer);
      }
    }
  }

  #onClosed(): void {
    this.#welcome?.reject(this.#closeReason);
    for (const pending of this.#pending.values()) pending.reject(this.#closeReason);
    this.#pending.clear();
    this.events.onClosed();
  }
}
