import type { DevServer, DevServerError, DevServerOptions, DevServersApi } from '../api.js';
import type { AgentCaller, AgentToolDeps } from '../core/agents/context.js';
import { agentDisplayName } from '../core/agents/sanitize.js';
import type { AgentTools } from '../core/agents/tools.js';
import { logLimits } from '../core/agents/limits.js';
import { serverData } from '../core/agents/serverData.js';
import type { ToolName } from '../core/agents/names.js';
import type { Snapshot } from '../core/registry/snapshot.js';

export interface ApiDeps extends Pick<AgentToolDeps, 'registry' | 'logs' | 'clock' | 'workspace'> {
  readonly tools: AgentTools;
}

/** What other extensions may do. They could end any process without us, so they are not asked for leave. */
export function createPublicApi({ tools, registry, logs, clock, workspace }: ApiDeps): DevServersApi {
  const serversOf = ({ servers }: Snapshot): readonly DevServer[] =>
    servers.map((record) => serverData(record, clock.tick()));
  const call = async (tool: ToolName, id: string, options: DevServerOptions = {}): Promise<DevServer> => {
    const { by = 'an extension', timeoutSeconds } = options;
    const waits = timeoutSeconds !== undefined && tool !== 'devservers_stop_server';
    const input = { id, ...(waits && { timeoutSeconds }) };
    const { text, data, failed } = await tools.call(tool, input, callerNamed(by));
    if (failed) throw apiError(text, typeof data['error'] === 'string' ? data['error'] : 'notReady');
    const { url } = data;
    // One that another window runs has its address there alone.
    return { ...serverData(registry.get(id), clock.tick()), ...(typeof url === 'string' && { url }) };
  };
  return Object.freeze<DevServersApi>({
    version: 1,
    snapshot: async () => {
      await workspace.whenScanned();
      return serversOf(registry.current);
    },
    onDidChange: (listener) => {
      const dispose = registry.onDidChange((snapshot) => listener(serversOf(snapshot)));
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

function callerNamed(name: string): AgentCaller {
  const origin = { kind: 'agent', name: agentDisplayName(name) } as const;
  return { origin, signal: new AbortController().signal, isTrusted: true };
}

function apiError(message: string, reason: string): DevServerError {
  return Object.assign(new Error(message), { reason });
}
