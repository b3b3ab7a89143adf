import type { DevServer, DevServerError, DevServerOptions, DevServersApi } from '../api.js';
import type { AgentCaller, AgentToolDeps } from '../core/agents/context.js';
import { agentDisplayName } from '../core/agents/sanitize.js';
import type { AgentTools } from '../core/agents/tools.js';
import { logLimits } from '../core/agents/limits.js';
import { serverData } from '../core/agents/serverData.js';
import type { ToolName } from '../core/agents/names.js';
import type { Snapshot } from '../core/registry/snapshot.js';
import type { ServerState } from '../core/server/state.js';

export interface ApiDeps extends Pick<AgentToolDeps, 'registry' | 'logs' | 'clock' | 'workspace'> {
  readonly tools: AgentTools;
}

/**
 * Creates the API for other extensions. They can kill any process on their own, so the user is not asked for
 * permission.
 */
export function createPublicApi({ tools, registry, logs, clock, workspace }: ApiDeps): DevServersApi {
  const apiServers = ({ servers }: Snapshot): readonly DevServer[] =>
    servers.map((record) => serverData(record, clock.tick()));
  const call = async (tool: ToolName, id: string, options: DevServerOptions = {}): Promise<DevServer> => {
    const { by = 'an extension', timeoutSeconds } = options;
    const takesTimeout = timeoutSeconds !== undefined && tool !== 'devservers_stop_server';
    const input = { id, ...(takesTimeout && { timeoutSeconds }) };
    const before = registry.find(id);
    const { text, data, failed } = await tools.call(tool, input, namedCaller(by));
    if (failed) throw apiError(text, typeof data['error'] === 'string' ? data['error'] : 'notReady');
    const { url } = data;
    // The registry removes a server that is no longer defined when it has ended.
    const record = registry.find(id) ?? { ...(before ?? registry.get(id)), state: ended };
    // If another window runs the server, only the answer has its URL.
    return { ...serverData(record, clock.tick()), ...(typeof url === 'string' && { url }) };
  };
  return Object.freeze<DevServersApi>({
    version: 1,
    snapshot: async () => {
      await workspace.whenScanned();
      return apiServers(registry.current);
    },
    onDidChange: (listener) => {
      const dispose = registry.onDidChange((snapshot) => listener(apiServers(snapshot)));
      return { dispose };
    },
    start: (id, options) => call('devservers_start_server', id, options),
    stop: (id, options) => call('devservers_stop_server', id, options),
    restart: (id, options) => call('devservers_restart_server', id, options),
    logs: async (id, { lines = logLimits.defaultLines, offset } = {}) => {
      await workspace.whenScanned();
      const owner = registry.get(id).definition;
      const part = await (offset === undefined
        ? logs.tail(owner, { lines })
        : logs.range(owner, offset, { lines }));
      return part && { ...part, text: part.text + part.rest };
    },
  });
}

const ended: ServerState = { kind: 'stopped', lastEnd: undefined };

function namedCaller(name: string): AgentCaller {
  const origin = {
    kind: 'agent',
    name: agentDisplayName(name),
    caller: `api ${name}`,
    isTrusted: true,
  } as const;
  return { origin, signal: new AbortController().signal, isTrusted: true };
}

function apiError(message: string, reason: string): DevServerError {
  return Object.assign(new Error(message), { reason });
}
