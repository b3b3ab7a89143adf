import type { ServerDefinition } from '../../core/server/definition.js';
import type { Paths } from '../files/workspaceFiles.js';
import { unqualifiedId } from './serverIds.js';

/** An entry of the configuration file, with its properties in the order in which they are written. */
export type SavedEntry = Readonly<Record<string, unknown>>;

/** Returns the entry that runs a discovered server unchanged. Paths are relative to its workspace folder. */
export function savedEntry(definition: ServerDefinition, folderPath: string, paths: Paths): SavedEntry {
  const { folder, id, name, cwd, env, envFiles = [], port, portArgument } = definition;
  const relative = (path: string): string => paths.relative(folderPath, path).replaceAll(paths.sep, '/');
  const shortId = unqualifiedId(folder, id);
  const directory = relative(cwd);
  return {
    id: shortId,
    ...(name !== shortId && { name }),
    ...execution(definition),
    ...(directory !== '' && { cwd: directory }),
    ...(Object.keys(env).length > 0 && { env }),
    ...(envFiles.length > 0 && { envFile: envFiles.map(relative) }),
    ...(port !== undefined && { port }),
    ...(portArgument !== undefined && { portArgument }),
  };
}

function execution({ command, source, name }: ServerDefinition): SavedEntry {
  // The package manager is determined at each start, so that changing it requires no edit of the file.
  if (source === 'scripts') return { script: name };
  if (command.kind === 'argv') return { command: command.file, args: command.args };
  return { command: command.line, ...(command.shell !== undefined && { shell: command.shell }) };
}
