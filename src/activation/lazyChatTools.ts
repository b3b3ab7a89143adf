import { lm, workspace, type Disposable, type LanguageModelTool } from 'vscode';
import { toolNames, type ToolName } from '../core/agents/names.js';
import { agentsEnabled } from '../vscode/agents/agentSettings.js';

type LoadTool = (name: ToolName) => Promise<LanguageModelTool<object>>;

/** Registers the chat tools while the settings allow agents. A tool is loaded when it is called. */
export function registerChatTools(load: LoadTool): Disposable {
  let registered: readonly Disposable[] = [];
  const withdraw = (): void => {
    for (const each of registered) each.dispose();
    registered = [];
  };
  const update = (): void => {
    if (!agentsEnabled()) withdraw();
    else if (registered.length === 0) {
      registered = toolNames.map((name) => lm.registerTool(name, lazyTool(name, load)));
    }
  };
  update();
  const settings = workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('devServers.agents.enabled')) update();
  });
  return {
    dispose: () => {
      settings.dispose();
      withdraw();
    },
  };
}

function lazyTool(name: ToolName, load: LoadTool): LanguageModelTool<object> {
  return {
    prepareInvocation: async (options, token) => (await load(name)).prepareInvocation?.(options, token),
    invoke: async (options, token) => (await load(name)).invoke(options, token),
  };
}
