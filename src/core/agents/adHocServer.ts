import type { ServerDefinition } from '../server/definition.js';
import type { Registry } from '../registry/registry.js';
import type { AgentCaller, AgentToolDeps, ResolvedFolder } from './context.js';
import { AgentRefusal, failure, throwIfCancelled } from './answer.js';
import { exactCommand } from './prompts.js';
import type { ServerRecord } from '../registry/snapshot.js';

/** So many servers that agents have brought are listed at most in one window. */
const maxNew = 20;

/** What an agent wants to run that has no id yet. */
export interface AdHocServer {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly name: string | undefined;
}

/**
 * The server that runs this command in this folder: a known one, or a new one with a person's leave. Throws an
 * `AgentRefusal`.
 */
export async function adHocServer(
  wanted: AdHocServer,
  caller: AgentCaller,
  deps: Pick<AgentToolDeps, 'registry' | 'permissions' | 'workspace'>,
): Promise<ServerRecord> {
  const { registry, permissions, workspace } = deps;
  const place = await workspace.resolveFolder(wanted.cwd);
  if (!place) {
    const text = `The folder ${JSON.stringify(wanted.cwd)} does not exist or lies outside of the workspace. Nothing was started.`;
    throw new AgentRefusal(failure('outsideWorkspace', text));
  }
  const same = sameCommand(wanted, place, registry);
  if (same) return same;
  if (permissions.commandMode() === 'configuredOnly')
    throw refusal(registry, 'configuredOnly', configuredOnlyText);
  if (addedServers(registry).length >= maxNew) {
    throw refusal(registry, 'limit', `Agents have brought ${maxNew} servers already. Use one of these.`);
  }
  const command = { kind: 'argv', file: wanted.program, args: wanted.args } as const;
  const answer = await permissions.confirm({
    kind: 'run',
    agent: caller.origin.name,
    command,
    cwd: place.path,
  });
  throwIfCancelled(caller.signal);
  if (answer !== 'accepted') {
    const why = answer === 'refused' ? 'The user refused it.' : 'The user did not answer in time.';
    throw refusal(
      registry,
      'notAllowed',
      `The user was asked whether to run ${exactCommand(command)}. ${why}`,
    );
  }
  // Somebody may have brought the same one while the person was thinking.
  const meanwhile = sameCommand(wanted, place, registry);
  if (meanwhile) return meanwhile;
  const definition = newDefinition(wanted, place, registry);
  await workspace.add(definition);
  return registry.get(definition.id);
}

const configuredOnlyText =
  'The setting devServers.agents.commands lets agents start only servers that were found or configured. Nothing was started.';

function refusal(registry: Registry, error: string, text: string): AgentRefusal {
  const ids = registry.current.servers.slice(0, maxNew).map(({ definition }) => definition.id);
  return new AgentRefusal(failure(error, text, { knownIds: ids }));
}

function addedServers({ current }: Registry): readonly ServerRecord[] {
  return current.servers.filter(({ definition }) => definition.source === 'agent');
}

function sameCommand(
  wanted: AdHocServer,
  place: ResolvedFolder,
  { current }: Registry,
): ServerRecord | undefined {
  const words = JSON.stringify([wanted.program, ...wanted.args]);
  return current.servers.find(
    ({ definition: { command, cwd } }) =>
      cwd === place.path &&
      command.kind === 'argv' &&
      JSON.stringify([command.file, ...command.args]) === words,
  );
}

function newDefinition(wanted: AdHocServer, place: ResolvedFolder, registry: Registry): ServerDefinition {
  const { folder, subfolder, path } = place;
  const name = wanted.name ?? [wanted.program, ...wanted.args].join(' ').slice(0, 40);
  const start = `${folder}${subfolder === '' ? '' : `/${subfolder}`}:${name}`;
  let id = start;
  for (let count = 2; registry.find(id); count += 1) id = `${start} ${count}`;
  return {
    id,
    name,
    folder,
    subfolder,
    command: { kind: 'argv', file: wanted.program, args: wanted.args },
    cwd: path,
    env: {},
    port: undefined,
    source: 'agent',
  };
}
