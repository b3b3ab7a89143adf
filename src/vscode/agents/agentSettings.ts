import { workspace } from 'vscode';
import { agentCommandModes, type AgentCommandMode } from '../../core/agents/context.js';

const section = 'devServers.agents';

/** Returns `devServers.agents.enabled`: whether agents may use the tools at all. */
export function agentsEnabled(): boolean {
  return workspace.getConfiguration(section).get<unknown>('enabled') !== false;
}

/** Returns `devServers.agents.commands`; an invalid value counts as the stricter mode. */
export function agentCommandMode(): AgentCommandMode {
  const value: unknown = workspace.getConfiguration(section).get('commands');
  return agentCommandModes.find((mode) => mode === value) ?? 'configuredOnly';
}
