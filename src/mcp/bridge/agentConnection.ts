import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { agentDisplayName } from '../../core/agents/sanitize.js';
import { failure, type AgentAnswer } from '../../core/agents/answer.js';
import type { AgentCaller } from '../../core/agents/context.js';
import type { ToolName } from '../../core/agents/names.js';
import type { ServerId } from '../../core/server/identity.js';
import type { AgentOrigin } from '../../core/server/origin.js';
import type { Platform } from '../../host/platform/platform.js';
import type { ProcessIdentity } from '../../core/server/state.js';
import { LineReader } from './lines.js';
import { LogWatches } from './logWatches.js';
import {
  maxHelloBytes,
  maxLineBytes,
  parseAgentMessage,
  wireVersion,
  type AgentMessage,
  type WindowMessage,
} from './wire.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Time that a client has to send its token, milliseconds. */
export const helloTimeoutMs = 5000;

/** Maximum number of concurrent calls of a client. */
const maxCalls = 16;

/** Size of unread answers at which a client is disconnected, bytes. */
const maxUnreadBytes = 4 * 1024 * 1024;

export interface AgentConnectionDeps {
  readonly token: string;
  readonly platform: Pick<Platform, 'identify'>;
  readonly call: (tool: ToolName, input: unknown, caller: AgentCaller) => Promise<AgentAnswer>;
  /** Calls the listener when the log of a server grows. Resolves with the function that stops this. */
  readonly watchLog?: (id: ServerId, listener: () => void) => Promise<() => void>;
}

/** A client of a window's socket; untrusted until it has sent the token. */
export class AgentConnection {
  readonly #lines = new LineReader();
  readonly #calls = new Map<number, AbortController>();
  readonly #logWatches: LogWatches;
  readonly #helloTimer: NodeJS.Timeout;
  /** Settles when the client is known or refused; `undefined` before its token. */
  #greeting: Promise<void> | undefined;
  #origin: AgentOrigin | undefined;
  #worktree: string | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly deps: AgentConnectionDeps,
  ) {
    this.#helloTimer = setTimeout(() => this.#requireHello(), helloTimeoutMs);
    this.#logWatches = new LogWatches(deps.watchLog, (id) => this.#send({ kind: 'logGrown', id }));
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    // The `close` that follows an error is enough.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onClosed());
  }

  /** Sends a message to a client that has sent the token. */
  notify(message: WindowMessage): void {
    if (this.#origin) this.#send(message);
  }

  close(): void {
    this.socket.destroy();
  }

  #requireHello(): void {
    // After a blocked event loop, timers come before what the client has sent meanwhile.
    setImmediate(() => {
      if (!this.#greeting) this.socket.destroy();
    });
  }

  #onData(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk, this.#origin ? maxLineBytes : maxHelloBytes)) {
        if (this.socket.destroyed || this.socket.writableEnded) return;
        this.#handle(parseAgentMessage(line));
      }
    } catch (error) {
      this.#refuse(`The message is not valid. ${error instanceof Error ? error.message : ''}`);
    }
  }

  #handle(message: AgentMessage): void {
    if (message.kind === 'hello') {
      // With a second name, the client would still own the servers that it started under the first.
      if (this.#greeting) return this.#refuse('The token was already sent.');
      this.#greeting = this.#onHello(message);
    } else if (this.#greeting) void this.#greeting.then(() => this.#onRequest(message));
    else this.#refuse('The token must come first.');
  }

  #onRequest(message: Exclude<AgentMessage, { kind: 'hello' }>): void {
    // It was refused, or has gone.
    if (!this.#origin || this.socket.destroyed || this.socket.writableEnded) return;
    if (message.kind === 'ping') this.#send({ kind: 'pong' });
    else if (message.kind === 'cancel') this.#calls.get(message.request)?.abort();
    else if (message.kind === 'watchLog') this.#logWatches.set(message.id, message.isWatched);
    else void this.#call(message, this.#origin);
  }

  async #onHello(hello: Extract<AgentMessage, { kind: 'hello' }>): Promise<void> {
    const { version, token, agent, pid, via, worktree } = hello;
    if (!secretsEqual(token, this.deps.token)) return this.#refuse('The token is wrong.');
    if (version !== wireVersion) {
      return this.#refuse('This program and the extension have different versions. Restart this program.');
    }
    clearTimeout(this.#helloTimer);
    const identity = pid === undefined ? undefined : await this.#identify(pid);
    if (!identity) return this.#refuse('No process has the pid of the message.');
    this.#origin = {
      kind: 'agent',
      // The suffix keeps a client from posing as an agent in the editor.
      name: `${agentDisplayName(agent)} (${via === 'commandLine' ? 'command line' : 'MCP'})`,
      // A server belongs only to the connection that started it, even if another client uses the same name.
      caller: `mcp ${identity.pid} ${identity.startTime} ${randomUUID()}`,
      pid: identity.pid,
    };
    this.#worktree = worktree;
    this.#send({ kind: 'welcome' });
  }

  async #call(
    { request, tool, input }: Extract<AgentMessage, { kind: 'call' }>,
    origin: AgentOrigin,
  ): Promise<void> {
    if (this.#calls.has(request)) return this.#refuse(`Request ${request} is already in progress.`);
    if (this.#calls.size >= maxCalls) {
      const answer = failure(
        'busy',
        `At most ${maxCalls} calls can run at once. Wait for one of them to end.`,
      );
      return this.#send({ kind: 'answer', request, answer });
    }
    const abort = new AbortController();
    this.#calls.set(request, abort);
    const worktree = this.#worktree;
    const caller: AgentCaller = {
      origin,
      signal: abort.signal,
      ...(worktree !== undefined && { worktree }),
    };
    const answer = await this.deps.call(tool, input, caller).catch(loadFailure);
    this.#calls.delete(request);
    this.#send({ kind: 'answer', request, answer });
  }

  #send(message: WindowMessage): void {
    if (this.socket.destroyed || this.socket.writableEnded) return;
    this.socket.write(`${JSON.stringify(message)}\n`);
    if (this.socket.writableLength > maxUnreadBytes) this.socket.destroy();
  }

  #refuse(text: string): void {
    this.#send({ kind: 'refused', text });
    this.socket.end();
    // Does not wait for a client that never reads the refusal.
    this.socket.destroySoon();
  }

  async #identify(pid: number): Promise<ProcessIdentity | undefined> {
    return this.deps.platform.identify(pid).catch(() => undefined);
  }

  #onClosed(): void {
    clearTimeout(this.#helloTimer);
    for (const abort of this.#calls.values()) abort.abort();
    this.#calls.clear();
    this.#logWatches.end();
  }
}

/** The answer if the tools themselves cannot be loaded; every other failure is answered by the tools. */
function loadFailure(error: unknown): AgentAnswer {
  const detail = errorMessage(error);
  return failure('failed', `The extension could not be loaded: ${detail} Try again, or reload the window.`);
}

/** Compares in constant time. */
function secretsEqual(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}
