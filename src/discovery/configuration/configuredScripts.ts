import { posixWord } from '../../core/commandLine/posixWord.js';
import type { Agent } from 'package-manager-detector';
import type { DiscoveryContext } from '../files/discoveryResult.js';
import type { EntryProblem } from './entryProblem.js';
import { maxFileBytes } from '../files/limits.js';
import { argumentPrefix, PackageManagers, runCommand } from '../scripts/packageManager.js';
import type { WorkspaceFiles } from '../files/workspaceFiles.js';
import { otherScripts } from '../scripts/otherScripts.js';
import { joinPath, ancestorFolders } from '../files/relativePath.js';
import type { ConfiguredServer } from './configuredServer.js';

/** Access to the files that are needed to run configured scripts. */
export type ScriptFiles = Pick<WorkspaceFiles, 'read' | 'names'>;

/** A server with the command of its script, or the reason why it is missing. */
export type ScriptedServer =
  | { readonly server: ConfiguredServer }
  | { readonly server: undefined; readonly problem: EntryProblem };

/**
 * Returns a function that sets the command of each server that names a script, by the package manager of its folder. It
 * reads each package once.
 */
export function scriptRunner(
  { folder, paths, l10n }: DiscoveryContext,
  files: ScriptFiles,
): (server: ConfiguredServer) => Promise<ScriptedServer> {
  const texts = new Map<string, Promise<string>>();
  const cachedText = (directory: string): Promise<string> => {
    const known = texts.get(directory) ?? packageText(directory, files);
    texts.set(directory, known);
    return known;
  };
  return async (server) => {
    const { script, definition, propertyPath } = server;
    if (!script) return { server };
    const directory = paths.relative(folder.path, definition.cwd).replaceAll(paths.sep, '/');
    const scripts = packageScripts(await cachedText(directory));
    const body = scripts.get(script.name);
    if (body === undefined) {
      const packageFile = joinPath(directory, 'package.json');
      const reason = l10n.t('there is no script "{0}" in {1}', script.name, packageFile);
      return { server: undefined, problem: { path: propertyPath('script'), reason } };
    }
    const managers = new PackageManagers();
    const locks: string[] = [];
    for (const ancestor of ancestorFolders(directory)) {
      managers.setPackage(ancestor, await cachedText(ancestor));
      const names = await files.names(ancestor).catch(() => new Set<string>());
      for (const name of names) locks.push(joinPath(ancestor, name));
    }
    managers.setLockFiles(locks);
    const agent = managers.managerOf(directory);
    return {
      server: {
        ...server,
        definition: {
          ...definition,
          ...scriptExecution(agent, script, body, otherScripts(script.name, scripts)),
        },
      },
    };
  };
}

/**
 * Returns the command of a script. Configured arguments, and a port that is added later, follow the script's own
 * arguments.
 */
function scriptExecution(
  agent: Agent,
  { name, args }: NonNullable<ConfiguredServer['script']>,
  body: string,
  found: ReturnType<typeof otherScripts>,
): Pick<ConfiguredServer['definition'], 'command' | 'script'> {
  const command = runCommand(agent, name);
  const prefix = argumentPrefix(agent);
  const others = found.length > 0 ? { others: found } : {};
  if (args.length === 0 || command.kind === 'shell')
    return { command, script: { body, argumentPrefix: prefix, ...others } };
  return {
    command: { ...command, args: [...command.args, ...prefix, ...args] },
    script: { body: [body, ...args.map(posixWord)].join(' '), argumentPrefix: [], ...others },
  };
}

/** Returns the text of a `package.json`; an empty object if the file is missing or unreadable. */
async function packageText(directory: string, files: ScriptFiles): Promise<string> {
  const file = await files.read(joinPath(directory, 'package.json'), maxFileBytes).catch(() => undefined);
  return file?.kind === 'text' ? file.text : '{}';
}

/** Returns the names and lines of the scripts of a package. Unlike discovery, it accepts any name. */
function packageScripts(text: string): ReadonlyMap<string, string> {
  try {
    const file: unknown = JSON.parse(text.replace(/^\uFEFF/u, ''));
    return new Map(
      Object.entries(asRecord(asRecord(file)['scripts'])).flatMap(([name, body]) =>
        typeof body === 'string' && body.trim() !== '' ? [[name, body] as const] : [],
      ),
    );
  } catch {
    return new Map();
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
