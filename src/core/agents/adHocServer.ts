import type { ServerDefinition } from '../server/definition.js';
import type { Registry } from '../registry/registry.js';
import type { AgentCaller, AgentToolDeps, ResolvedFolder } from './context.js';
import { ask } from './agreement.js';
import { AgentRefusal, failure } from './answer.js';
import { exactCommand } from '../consent/executionText.js';
import type { ServerRecord } from '../registry/snapshot.js';

/** Maximum number of servers that agents can add in one window. */
const maxAdHocServers = 20;

/** Longest part of a command in an answer; UTF-16 units. */
const maxShownCommand = 200;

/** Command of a server that may not be in the registry yet. */
export interface AdHocCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly name: string | undefined;
}

/**
 * Returns the server of the registry that runs this command in this folder; adds one if the user allows it. Rejects with
 * an `AgentRefusal`.
 */
export async function findOrAddServer(
  request: AdHocCommand,
  caller: AgentCaller,
  deps: Pick<AgentToolDeps, 'registry' | 'permissions' | 'workspace' | 'consent'>,
): Promise<ServerRecord> {
  const { registry, permissions, workspace, consent } = deps;
  const location = await workspace.resolveFolder(request.cwd);
  if (!location) {
    const text = `The folder ${JSON.stringify(request.cwd)} does not exist or is outside the workspace. Nothing was started.`;
    throw new AgentRefusal(failure('outsideWorkspace', text));
  }
  const listed = findByCommand(request, location, registry);
  if (listed) return listed;
  if (permissions.commandMode() === 'configuredOnly')
    throw refusal(registry, 'configuredOnly', configuredOnlyText);
  if (adHocServers(registry).length >= maxAdHocServers) {
    throw refusal(
      registry,
      'limit',
      `Agents have already added ${maxAdHocServers} servers. Use one of those.`,
    );
  }
  const command = { kind: 'argv', file: request.program, args: request.args } as const;
  await ask(
    { kind: 'run', caller: caller.origin, command, cwd: location.path },
    exactCommand(command).slice(0, maxShownCommand),
    caller,
    deps,
  );
  // Another call may have added the same server while the user was deciding.
  const addedMeanwhile = findByCommand(request, location, registry);
  if (addedMeanwhile) return addedMeanwhile;
  const definition = newDefinition(request, location, registry);
  consent.give(definition);
  await workspace.add(definition);
  return registry.get(definition.id);
}

const configuredOnlyText =
  'The setting devServers.agents.commands allows agents to start only detected or configured servers. Nothing was started.';

function refusal(registry: Registry, error: string, text: string): AgentRefusal {
  const ids = registry.current.servers.slice(0, maxAdHocServers).map(({ definition }) => definition.id);
  return new AgentRefusal(failure(error, text, { knownIds: ids }));
}

function adHocServers({ current }: Registry): readonly ServerRecord[] {
  return current.servers.filter(({ definition }) => definition.source === 'agent');
}

function findByCommand(
  request: AdHocCommand,
  location: ResolvedFolder,
  { current }: Registry,
): ServerRecord | undefined {
  const argv = JSON.stringify([request.program, ...request.args]);
  return current.servers.find(
    ({ definition: { command, cwd } }) =>
      cwd === location.path &&
      command.kind === 'argv' &&
      JSON.stringify([command.file, ...command.args]) === argv,
  );
}

function newDefinition(
  request: AdHocCommand,
  { folder, subfolder, path }: ResolvedFolder,
  registry: Registry,
): ServerDefinition {
  const name = request.name ?? [request.program, ...request.args].join(' ').slice(0, 40);
  const baseId = `${folder}${subfolder === '' ? '' : `/${subfolder}`}:${name}`;
  let id = baseId;
  for (let count = 2; registry.find(id); count += 1) id = `${baseId} ${count}`;
  return {
    id,
    name,
    folder,
    subfolder,
    command: { kind: 'argv', file: request.program, args: request.args },
    cwd: path,
    env: {},
    port: undefined,
    source: 'agent',
  };
}
