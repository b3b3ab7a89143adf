import { relativeInside } from '../../core/paths.js';
import type { ServerCommand, ServerDefinition } from '../../core/server/definition.js';
import type { DiscoveryContext } from '../files/discoveryResult.js';
import type { Findings, FoundServer } from '../files/fileParser.js';
import { DescribedDefinition } from '../listing/describedDefinition.js';
import type { FindingLocation, FoundDefinitions } from '../files/foundDefinition.js';
import type { SystemName } from '../files/systemName.js';
import { capped } from '../files/capped.js';
import { maxNameLength, maxProblemsPerFile, maxServersPerFile } from '../files/limits.js';

/** Converts findings to definitions; invalid ones become problems. */
export function foundDefinitions(
  location: FindingLocation,
  { servers, problems, portLabels }: Findings,
  context: DiscoveryContext,
  system: SystemName,
): FoundDefinitions {
  const reasons = [...problems];
  if (servers.length > maxServersPerFile) {
    reasons.push(
      context.l10n.t('It has {0} servers; only the first {1} are used.', servers.length, maxServersPerFile),
    );
  }
  const machine = { paths: context.paths, system };
  const usable = servers.slice(0, maxServersPerFile).flatMap((server) => {
    const result = foundDefinition(server, location, context);
    if (typeof result !== 'string') return new DescribedDefinition(result, server.traits ?? {}, machine);
    reasons.push(result);
    return [];
  });
  const kept = capped([...new Set(reasons)], maxProblemsPerFile, (excess) =>
    context.l10n.t('There are {0} more problems.', excess),
  );
  const problemsOfFile = kept.map((reason) => ({ file: location.file, reason }));
  return { ...location, servers: usable, problems: problemsOfFile, ...(portLabels && { portLabels }) };
}

/** Returns the definition, or the reason why it is missing. */
function foundDefinition(
  { name, command, directory, env = {}, port, script, textInFile, ...own }: FoundServer,
  location: FindingLocation,
  { folder, paths, l10n }: DiscoveryContext,
): ServerDefinition | string {
  if (!isUsableName(name)) {
    return l10n.t('A server named {0} was ignored.', JSON.stringify(name.slice(0, 80)));
  }
  if (wordsOf(command).some((word) => word.includes('\0')))
    return l10n.t('{0} was ignored because its command contains a NUL character.', name);
  const { source } = location;
  const { file, folder: subfolder } = { ...location, ...ownLocation(own) };
  const cwd = paths.resolve(folder.path, directory ?? location.folder);
  if (relativeInside(folder.path, cwd, paths) === undefined)
    return l10n.t('{0} was ignored because its folder is outside the workspace folder.', name);
  // A package is identified by its folder, other sources by their file.
  const path = source === 'scripts' ? subfolder : file;
  return {
    id: `${path === '' ? folder.name : `${folder.name}/${path}`}:${name}`,
    name,
    folder: folder.name,
    subfolder,
    command,
    cwd,
    env,
    port,
    source,
    file,
    ...(textInFile !== undefined && { textInFile }),
    ...(script && { script }),
  };
}

/** Returns the properties of a location that the server itself sets. */
function ownLocation({ file, folder }: Pick<FoundServer, 'file' | 'folder'>): Partial<FindingLocation> {
  return { ...(file !== undefined && { file }), ...(folder !== undefined && { folder }) };
}

function wordsOf(command: ServerCommand): readonly string[] {
  return command.kind === 'argv' ? [command.file, ...command.args] : [command.line];
}

function isUsableName(name: string): boolean {
  return name.trim() !== '' && name.length <= maxNameLength && !/\p{Cc}/u.test(name);
}
