import type { Agent } from 'package-manager-detector';
import type { DiscoveryContext } from './discovery.js';
import type { EntryProblem } from './entryProblem.js';
import { maxPackageFileBytes } from './limits.js';
import { parsePackageFile } from './packageFile.js';
import { argumentPrefix, packageManagers, runCommand } from './packageManager.js';
import { packageFileIn } from './packageSearch.js';
import type { WorkspaceFiles } from './ports.js';
import type { WrittenServer } from './writtenServer.js';

/** What of the workspace must be known to run the scripts that a person names. */
export type ScriptFiles = Pick<WorkspaceFiles, 'read' | 'fileNames'>;

/** A server with the command that its script is run by, or why there is none. */
export type ScriptedServer =
  { readonly server: WrittenServer } | { readonly server: undefined; readonly problem: EntryProblem };

/** Gives servers that name a script its command, by the package manager of their folder. Each package is read once. */
export function scriptRunner(
  { folder, paths, l10n }: DiscoveryContext,
  files: ScriptFiles,
): (server: WrittenServer) => Promise<ScriptedServer> {
  const reading: ScriptFiles = {
    read: (path, maxBytes) => files.read(path, maxBytes),
    fileNames: (directory) => files.fileNames(directory),
  };
  const texts = new Map<string, Promise<string>>();
  const textOf = (directory: string): Promise<string> => {
    const known = texts.get(directory) ?? packageText(directory, files);
    texts.set(directory, known);
    return known;
  };
  return async (server) => {
    const { script, definition, pathOf } = server;
    if (!script) return { server };
    const directory = paths.relative(folder.path, definition.cwd).replaceAll(paths.sep, '/');
    const body = scriptBody(await textOf(directory), script.name);
    if (body === undefined) {
      const place = packageFileIn(directory);
      const reason = l10n.t('there is no script "{0}" in {1}', script.name, place);
      return { server: undefined, problem: { path: pathOf('script'), reason } };
    }
    const named = new Map<string, Agent>();
    for (const each of withParents(directory)) {
      const { agent } = parsePackageFile(await textOf(each), l10n);
      if (agent) named.set(each, agent);
    }
    const agent = await packageManagers({ named, files: { ...reading, packageFiles: noPackages } })(
      directory,
    );
    return { server: { ...server, definition: { ...definition, ...runs(agent, script, body) } } };
  };
}

/** What the person has added stands behind the script's own words, and so does a port that is added later. */
function runs(
  agent: Agent,
  { name, args }: NonNullable<WrittenServer['script']>,
  body: string,
): Pick<WrittenServer['definition'], 'command' | 'script'> {
  const command = runCommand(agent, name);
  const prefix = argumentPrefix(agent);
  if (args.length === 0 || command.kind === 'shell')
    return { command, script: { body, argumentPrefix: prefix } };
  return {
    command: { ...command, args: [...command.args, ...prefix, ...args] },
    script: { body: [body, ...args.map(quoted)].join(' '), argumentPrefix: [] },
  };
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Empty for one that is missing or cannot be read: then it has no script. */
async function packageText(directory: string, files: ScriptFiles): Promise<string> {
  const file = await files.read(packageFileIn(directory), maxPackageFileBytes).catch(() => undefined);
  return file?.kind === 'text' ? file.text : '{}';
}

/** Unlike a search for servers, this takes any name. */
function scriptBody(text: string, name: string): string | undefined {
  try {
    const file: unknown = JSON.parse(text.replace(/^\uFEFF/u, ''));
    const scripts = new Map(Object.entries(recordOf(recordOf(file)['scripts'])));
    const body = scripts.get(name);
    return typeof body === 'string' && body.trim() !== '' ? body : undefined;
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A folder and those that hold it, up to the workspace folder. */
function withParents(directory: string): string[] {
  if (directory === '') return [''];
  return [directory, ...withParents(directory.slice(0, Math.max(0, directory.lastIndexOf('/'))))];
}

function noPackages(): Promise<readonly string[]> {
  return Promise.resolve([]);
}
