import { workspace } from 'vscode';
import { agentCommandModes, type AgentCommandMode } from '../../core/agents/context.js';

const section = 'devServers.agents';

/**
 * Returns `devServers.agents.enabled`: whether agents may use the tools at all. An invalid value counts as the stricter one,
 * since a user who writes `"false"` means it.
 */
export function agentsEnabled(): boolean {
  const value = workspace.getConfiguration(section).get<unknown>('enabled');
  return value === undefined || value === true;
}

/** Returns `devServers.agents.commands`; an invalid value counts as the stricter mode. */
export function agentCommandMode(): AgentCommandMode {
  const value: unknown = workspace.getConfiguration(section).get('commands');
  return agentCommandModes.find((mode) => mode === value) ?? 'configuredOnly';
}
