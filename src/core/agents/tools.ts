import { toServerError } from '../server/errors.js';
import type { AgentCaller, AgentToolDeps } from './context.js';
import { AgentRefusal, failure, type AgentAnswer } from './answer.js';
import { boundedAnswer } from './boundedAnswer.js';
import { agreeToStart } from './agreement.js';
import { findServer, listedOnly, openWorktree, serversFor, serverWithId } from './findServer.js';
import { findOrAddServer } from './adHocServer.js';
import { readLog } from './logTool.js';
import { serverData, serverSummary } from './serverData.js';
import { startServer, waitForServer } from './startTool.js';
import { restartServer, stopServer } from './stopTool.js';
import { parseToolInput, type ToolInput } from './inputSchemas.js';
import { maxListedServers } from './limits.js';
import type { ToolName } from './names.js';
import type { ServerId } from '../server/identity.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { ChangeTimes } from '../registry/changeTimes.js';
import { isIdle } from '../server/stateQueries.js';

/** The tools for agents over the servers of a window. Chat, the MCP server and other extensions call them. */
export class AgentTools {
  readonly #changeTimes: ChangeTimes;

  constructor(private readonly deps: AgentToolDeps) {
    this.#changeTimes = new ChangeTimes(deps.registry, deps.clock);
  }

  /** Calls a tool. Never rejects: the answer says what failed and how to avoid it. */
  async call(name: ToolName, input: unknown, caller: AgentCaller): Promise<AgentAnswer> {
    return boundedAnswer(await this.#answer(name, input, caller));
  }

  /**
   * Calls the listener when the log of a server grows. Returns the function that stops this. Unknown servers, and those
   * whose logs the caller may not read, have no log.
   */
  watchLog(id: ServerId, listener: () => void): () => void {
    const { permissions, registry, logs } = this.deps;
    const record = serverWithId(registry, id);
    if (!record || !permissions.isEnabled() || !permissions.isTrusted()) return () => undefined;
    return logs.watch(record.definition, listener);
  }

  async #answer(name: ToolName, input: unknown, caller: AgentCaller): Promise<AgentAnswer> {
    try {
      this.#throwIfForbidden(caller);
      await this.deps.workspace.whenScanned();
      await openWorktree(caller, this.deps.workspace);
      return await this.#calls[name](input, caller);
    } catch (error) {
      if (error instanceof AgentRefusal) return error.answer;
      const { reason, message } = toServerError(error, 'badRequest');
      this.deps.log.error(`${name} failed for ${caller.origin.name}`, error);
      return failure(reason, message);
    }
  }

  readonly #calls: Readonly<Record<ToolName, (input: unknown, caller: AgentCaller) => Promise<AgentAnswer>>> =
    {
      devservers_list_servers: (input, caller) => {
        parseToolInput('devservers_list_servers', input);
        const { servers } = serversFor(caller, this.deps.registry).current;
        return Promise.resolve(listAnswer(servers, this.deps.clock.tick()));
      },
      devservers_start_server: (input, caller) =>
        this.#start(parseToolInput('devservers_start_server', input), caller),
      devservers_stop_server: (input, caller) =>
        stopServer(this.#find(parseToolInput('devservers_stop_server', input).id, caller), caller, this.deps),
      devservers_restart_server: (input, caller) => {
        const { id, timeoutSeconds } = parseToolInput('devservers_restart_server', input);
        return restartServer(this.#find(id, caller), caller, timeoutSeconds * 1000, this.deps);
      },
      devservers_get_server_logs: (input, caller) => {
        const { id, ...request } = parseToolInput('devservers_get_server_logs', input);
        return readLog(this.#find(id, caller), request, caller, this.deps);
      },
      devservers_wait_until_ready: (input, caller) => {
        const { id, timeoutSeconds } = parseToolInput('devservers_wait_until_ready', input);
        return waitForServer(this.#find(id, caller), caller, timeoutSeconds * 1000, this.deps);
      },
      devservers_list_changes: (input, caller) => {
        const { since } = parseToolInput('devservers_list_changes', input);
        return Promise.resolve(this.#changesAnswer(since === undefined ? 0 : Date.parse(since), caller));
      },
    };

  #changesAnswer(since: number, caller: AgentCaller): AgentAnswer {
    const { clock, registry } = this.deps;
    const { servers } = serversFor(caller, registry).current;
    const changed = servers.filter(({ definition }) => this.#changeTimes.isSince(definition.id, since));
    const { text, data } = listAnswer(changed, clock.tick());
    // Servers of other checkouts are unknown to the caller, whether or not they exist.
    const removed = caller.worktree === undefined ? this.#changeTimes.removedSince(since) : [];
    const moment = new Date(clock.now()).toISOString();
    const gone = removed.length === 0 ? '' : `\nRemoved: ${removed.join(', ')}.`;
    return {
      text: `Changed: ${text}${gone}\nMoment of this answer: ${moment}`,
      data: { ...data, removed, moment },
    };
  }

  async #start(input: ToolInput<'devservers_start_server'>, caller: AgentCaller): Promise<AgentAnswer> {
    const { id, program, args, cwd, name, timeoutSeconds } = input;
    if ((id === undefined) === (program === undefined)) {
      const text = 'Pass either the id of a server, or the program, args and cwd of a new one.';
      throw new AgentRefusal(failure('badRequest', text));
    }
    if (program !== undefined && caller.worktree !== undefined) throw new AgentRefusal(listedOnly());
    const record =
      program === undefined
        ? this.#find(id ?? '', caller)
        : await findOrAddServer({ program, args, cwd, name }, caller, this.deps);
    if (isIdle(record.state)) await agreeToStart(record.definition.id, caller, this.deps);
    return startServer(record, caller, timeoutSeconds * 1000, this.deps);
  }

  /** Throws an `AgentRefusal` if the caller knows no such server. */
  #find(id: ServerId, caller: AgentCaller): ServerRecord {
    return findServer(serversFor(caller, this.deps.registry), id);
  }

  /** Checks the conditions of every call, confirmed or not. Throws an `AgentRefusal`. */
  #throwIfForbidden({ isTrusted }: AgentCaller): void {
    const { permissions } = this.deps;
    if (!permissions.isEnabled() && !isTrusted) {
      const text = 'The user has turned off agents (setting devServers.agents.enabled).';
      throw new AgentRefusal(failure('disabled', text));
    }
    if (!permissions.isTrusted()) {
      const text =
        'This workspace is not trusted, so its servers cannot be listed, started or read. Only the user can trust it, in VS Code.';
      throw new AgentRefusal(failure('untrusted', text));
    }
  }
}

function listAnswer(servers: readonly ServerRecord[], tick: number): AgentAnswer {
  const listed = servers.slice(0, maxListedServers);
  const running = servers.filter(({ state }) => !isIdle(state)).length;
  const omitted =
    servers.length > listed.length ? [`${servers.length - listed.length} more servers are not listed.`] : [];
  const lines = listed.map((record) => `- ${serverSummary(record)}`);
  const head = `${servers.length} servers, ${running} of them running.`;
  return {
    text: [head, ...lines, ...omitted].join('\n'),
    data: {
      total: servers.length,
      running,
      servers: listed.map((record) => serverData(record, tick)),
    },
  };
}
