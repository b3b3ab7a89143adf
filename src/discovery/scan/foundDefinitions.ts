import { relativeInside } from '../../core/paths.js';
import type { DiscoverySource, ServerDefinition } from '../../core/server/definition.js';
import type { DiscoveryContext, DiscoveryProblem } from '../files/discoveryResult.js';
import type { Findings, FoundServer } from '../files/fileParser.js';
import { capped } from '../files/capped.js';
import { maxNameLength, maxProblemsPerFile, maxServersPerFile } from '../files/limits.js';

/** Source and location of found servers. */
export interface FindingLocation {
  readonly source: DiscoverySource;
  /** The file, relative to the workspace folder. */
  readonly file: string;
  /** Folder to which it belongs, e.g. the one above `.vscode`. */
  readonly folder: string;
}

/** Result of one parser for one file. */
export interface FoundDefinitions extends FindingLocation {
  readonly definitions: readonly ServerDefinition[];
  readonly problems: readonly DiscoveryProblem[];
}

/** Converts findings to definitions; invalid ones become problems. */
export function foundDefinitions(
  location: FindingLocation,
  { servers, problems }: Findings,
  context: DiscoveryContext,
): FoundDefinitions {
  const reasons = [...problems];
  if (servers.length > maxServersPerFile) {
    reasons.push(
      context.l10n.t('It has {0} servers; the first {1} are used.', servers.length, maxServersPerFile),
    );
  }
  const definitions = servers.slice(0, maxServersPerFile).flatMap((server) => {
    const result = foundDefinition(server, location, context);
    if (typeof result !== 'string') return result;
    reasons.push(result);
    return [];
  });
  const kept = capped([...new Set(reasons)], maxProblemsPerFile, (excess) =>
    context.l10n.t('There are {0} more problems.', excess),
  );
  const problemsOfFile = kept.map((reason) => ({ file: location.file, reason }));
  return { ...location, definitions, problems: problemsOfFile };
}

/** Returns the definition, or the reason why there is none. */
function foundDefinition(
  { name, command, directory, env, port, script }: FoundServer,
  { source, file, folder: subfolder }: FindingLocation,
  { folder, paths, l10n }: DiscoveryContext,
): ServerDefinition | string {
  if (name.trim() === '' || name.length > maxNameLength || /\p{Cc}/u.test(name)) {
    return l10n.t('A server with the name {0} is left out.', JSON.stringify(name.slice(0, 80)));
  }
  const cwd = paths.resolve(folder.path, directory ?? subfolder);
  if (relativeInside(folder.path, cwd, paths) === undefined)
    return l10n.t('{0} is left out: it runs outside the workspace folder.', name);
  // A package is identified by its folder, other sources by their file.
  const location = source === 'scripts' ? subfolder : file;
  return {
    id: `${location === '' ? folder.name : `${folder.name}/${location}`}:${name}`,
    name,
    folder: folder.name,
    subfolder,
    command,
    cwd,
    env: env ?? {},
    port,
    source,
    file,
    ...(script && { script }),
  };
}
