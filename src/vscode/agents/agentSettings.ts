import { workspace } from 'vscode';
import { agentCommandModes, type AgentCommandMode } from '../../core/agents/context.js';

const section = 'devServers.agents';

/** `devServers.agents.enabled`: whether agents may do anything here. */
export function agentsEnabled(): boolean {
  return workspace.getConfiguration(section).get<unknown>('enabled') !== false;
}

/** `devServers.agents.commands`; a wrong value counts as the stricter one. */
export function agentCommandMode(): AgentCommandMode {
  const value: unknown = workspace.getConfiguration(section).get('commands');
  return agentCommandModes.find((mode) => mode === value) ?? 'configuredOnly';
}
